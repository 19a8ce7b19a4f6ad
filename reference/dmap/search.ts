/** SEARCH (sections 2.11 and 5.8 of the DMAP digest). */
import type { SearchCommand, SearchKey } from '../../grammar/dmap.js';
import { dayNumber } from '../account/mail-date.js';
import type { SearchRow } from '../account/mail-store.js';
import { no, ok, refusedBy, type Steps } from './answer.js';
import { type Conversation, viewOf } from './conversation.js';
import { isIn, rangesOf } from './sequences.js';
import type { UidList } from './uid-list.js';
import type { MailboxView } from './view.js';

type Test = (row: SearchRow, number: number) => boolean;

export function* search(conversation: Conversation, { uid, keys }: SearchCommand): Steps {
  const view = viewOf(conversation);
  const { searchKeys } = conversation.limits;
  if (countKeys(keys) > searchKeys) return no(`A search has at most ${searchKeys} keys.`, 'LIMIT');
  const asksModseq = mentionsModseq(keys);
  if (asksModseq) conversation.wantsModseq = true;
  let found: { readonly uid: number; readonly number: number }[];
  let modseq = 0n;
  try {
    found = matching(conversation, view, testOf({ key: 'AND', of: keys }, view.uids), (each) => {
      if (each > modseq) modseq = each;
    });
  } catch (error) {
    return refusedBy(error);
  }
  yield {
    kind: 'search',
    numbers: found.map((each) => (uid ? each.uid : each.number)),
    modseq: asksModseq && found.length > 0 ? modseq : null,
  };
  return ok('Those match.');
}

/** Messages that are there and that this session sees, ascending. */
function matching(
  { store }: Conversation,
  view: MailboxView,
  test: Test,
  sawModseq: (modseq: bigint) => void,
): { readonly uid: number; readonly number: number }[] {
  const { uids } = view;
  const found: { readonly uid: number; readonly number: number }[] = [];
  let place = 0;
  store.search(view.id, (row) => {
    // Both ascend; the session may see messages that are gone, and not see those that are new.
    while (place < uids.length && uids.at(place) < row.uid) place++;
    if (place >= uids.length || uids.at(place) !== row.uid) return false;
    if (!test(row, place + 1)) return false;
    found.push({ uid: row.uid, number: place + 1 });
    sawModseq(row.modseq);
    return false;
  });
  return found;
}

/** Numbers outside of the mailbox match nothing (DMAP-I-76). */
function testOf(key: SearchKey, uids: UidList): Test {
  switch (key.key) {
    case 'ALL':
      return () => true;
    case 'DELETED':
      return (row) => row.deleted;
    case 'UNDELETED':
      return (row) => !row.deleted;
    case 'SEEN':
      return (row) => row.seen;
    case 'UNSEEN':
      return (row) => !row.seen;
    case 'NOT': {
      const test = testOf(key.of, uids);
      return (row, number) => !test(row, number);
    }
    case 'OR': {
      const [one, other] = [testOf(key.of[0], uids), testOf(key.of[1], uids)];
      return (row, number) => one(row, number) || other(row, number);
    }
    case 'AND': {
      const tests = key.of.map((each) => testOf(each, uids));
      return (row, number) => tests.every((test) => test(row, number));
    }
    case 'SEQUENCE': {
      const ranges = rangesOf(key.set, uids.length);
      return (_, number) => isIn(ranges, number);
    }
    case 'UID': {
      const ranges = rangesOf(key.set, uids.highest);
      return (row) => isIn(ranges, row.uid);
    }
    case 'BEFORE':
    case 'ON':
    case 'SINCE': {
      const day = dayNumber(key.date);
      if (key.key === 'ON') return (row) => row.day === day;
      return key.key === 'BEFORE' ? (row) => row.day < day : (row) => row.day >= day;
    }
    case 'LARGER':
      return (row) => row.size > key.size;
    case 'SMALLER':
      return (row) => row.size < key.size;
    case 'MODSEQ':
      return (row) => row.modseq >= key.modseq;
  }
}

function countKeys(keys: readonly SearchKey[]): number {
  return keys.reduce((sum, key) => {
    if (key.key === 'NOT') return sum + 1 + countKeys([key.of]);
    return sum + 1 + (key.key === 'OR' || key.key === 'AND' ? countKeys(key.of) : 0);
  }, 0);
}

function mentionsModseq(keys: readonly SearchKey[]): boolean {
  return keys.some((key) => {
    if (key.key === 'MODSEQ') return true;
    if (key.key === 'NOT') return mentionsModseq([key.of]);
    return (key.key === 'OR' || key.key === 'AND') && mentionsModseq(key.of);
  });
}
