/** The calls of a mail store that change flags and META of messages, submission included. */
import { pendingBit, submittedBit } from './mail-flags.js';
import { type MailboxState, type MailState, mailboxOf, metaOctets, takeOctets } from './mail-state.js';
import { type FlagChange, type MailStore, MailStoreError, type StoreOutcome } from './mail-store.js';

type ChangeCalls = Pick<
  MailStore,
  'storeFlags' | 'storeMeta' | 'startSubmission' | 'endSubmission' | 'openSubmissions'
>;

export function changeCalls(state: MailState): ChangeCalls {
  return {
    storeFlags(id, uids, { how, flags, unchangedSince }) {
      const mailbox = mailboxOf(state, id);
      // A keyword that nobody has yet is not learned by taking it away.
      const { bits, fresh } = how === 'remove' ? known(mailbox, flags) : mailbox.flags.read(flags);
      const { targets, modified } = sortOut(mailbox, uids, unchangedSince);
      return writeFlags(state, mailbox, { targets, modified, fresh, next: (before) => changed(before, how, bits) });
    },
    storeMeta: (id, uids, meta, unchangedSince) =>
      writeMeta(state, mailboxOf(state, id), sortOut(mailboxOf(state, id), uids, unchangedSince), meta),

    startSubmission(id, uid) {
      const mailbox = mailboxOf(state, id);
      const place = mailbox.messages.indexOf(uid);
      if (place === -1) return 'missing';
      const flags = mailbox.messages.flags[place] ?? 0;
      if ((flags & pendingBit) === 0 || (flags & submittedBit) !== 0) return 'race';
      setBits(state, mailbox, place, flags | submittedBit);
      return 'taken';
    },
    endSubmission(id, uid, success) {
      // It may have been deleted meanwhile.
      const mailbox = state.mailboxes.get(id);
      const place = mailbox?.messages.indexOf(uid) ?? -1;
      if (mailbox === undefined || place === -1) return false;
      const others = (mailbox.messages.flags[place] ?? 0) & ~(pendingBit | submittedBit);
      setBits(state, mailbox, place, success ? others | submittedBit : others);
      return true;
    },
    openSubmissions(name) {
      const both = pendingBit | submittedBit;
      const found: { mailbox: number; uid: number }[] = [];
      for (const { id, messages } of state.accounts.get(name)?.mailboxes.values() ?? []) {
        for (let at = 0; at < messages.count; at += 1) {
          if (((messages.flags[at] ?? 0) & both) === both) found.push({ mailbox: id, uid: messages.uid[at] ?? 0 });
        }
      }
      return found;
    },
  };
}

interface Targets {
  readonly targets: readonly number[];
  readonly modified: readonly number[];
}

/** Which places may be changed, and which UIDs must not be. */
function sortOut(mailbox: MailboxState, uids: Iterable<number>, unchangedSince: bigint | undefined): Targets {
  const places = mailbox.placesOf(uids);
  if (unchangedSince === undefined) return { targets: places, modified: [] };
  const { modseq, uid } = mailbox.messages;
  const late = (place: number): boolean => (modseq[place] ?? 0n) > unchangedSince;
  return {
    targets: places.filter((place) => !late(place)),
    modified: places.filter(late).map((place) => uid[place] ?? 0),
  };
}

interface FlagWork extends Targets {
  readonly fresh: readonly string[];
  readonly next: (before: number) => number;
}

function writeFlags(state: MailState, mailbox: MailboxState, work: FlagWork): StoreOutcome {
  const { backing } = state;
  const { messages } = mailbox;
  const changes: { readonly place: number; readonly uid: number; readonly flags: number; readonly modseq: bigint }[] =
    [];
  const same: number[] = [];
  let modseq = mailbox.highestModseq;
  for (const place of work.targets) {
    const uid = messages.uid[place] ?? 0;
    const before = messages.flags[place] ?? 0;
    const flags = work.next(before);
    if (flags === before) {
      same.push(uid);
    } else {
      modseq += 1n;
      changes.push({ place, uid, flags, modseq });
    }
  }
  if (changes.length === 0) return { changed: [], same, modified: work.modified };
  backing.transaction(() => {
    for (const change of changes) backing.saveFlags(mailbox.id, change.uid, change.flags, change.modseq);
    const keywords = [...mailbox.flags.keywords, ...work.fresh];
    backing.saveMailbox(mailbox.record({ highestModseq: modseq, keywords }));
  });
  mailbox.flags.learn(work.fresh);
  mailbox.highestModseq = modseq;
  for (const change of changes) mailbox.setFlags(change.place, change.flags, change.modseq);
  const uids = changes.map(({ uid }) => uid);
  state.tell(mailbox.id, { kind: 'changed', uids });
  return { changed: uids, same, modified: work.modified };
}

function setBits(state: MailState, mailbox: MailboxState, place: number, bits: number): void {
  writeFlags(state, mailbox, { targets: [place], modified: [], fresh: [], next: () => bits >>> 0 });
}

function changed(before: number, how: FlagChange['how'], bits: number): number {
  if (how === 'set') return bits;
  return (how === 'add' ? before | bits : before & ~bits) >>> 0;
}

/** The bits of those flags that the mailbox knows. */
function known(mailbox: MailboxState, flags: readonly string[]): { bits: number; fresh: readonly string[] } {
  const there = new Set(mailbox.flags.keywords.map((keyword) => keyword.toLowerCase()));
  const some = flags.filter((flag) => flag.startsWith('\\') || there.has(flag.toLowerCase()));
  return mailbox.flags.read(some);
}

function writeMeta(
  state: MailState,
  mailbox: MailboxState,
  { targets, modified }: Targets,
  meta: Uint8Array | null,
): StoreOutcome {
  const { backing, limits } = state;
  const { messages, account } = mailbox;
  if (meta !== null && meta.length > limits.mostMetaOctets) {
    throw new MailStoreError('too-big', `META has at most ${limits.mostMetaOctets} octets, not ${meta.length}`);
  }
  const mark = meta === null ? 0 : meta.length + 1;
  const changing: number[] = [];
  const same: number[] = [];
  for (const place of targets) {
    const uid = messages.uid[place] ?? 0;
    if (holds(mailbox, place, uid)) same.push(uid);
    else changing.push(place);
  }
  if (changing.length === 0) return { changed: [], same, modified };
  const before = changing.reduce((sum, place) => sum + metaOctets(messages.metaMark[place] ?? 0), 0);
  const more = metaOctets(mark) * changing.length - before;
  takeOctets(state, account, more);
  const first = mailbox.highestModseq + 1n;
  const highestModseq = mailbox.highestModseq + BigInt(changing.length);
  try {
    backing.transaction(() => {
      for (const [at, place] of changing.entries()) {
        backing.saveMeta(mailbox.id, messages.uid[place] ?? 0, meta, first + BigInt(at));
      }
      backing.saveMailbox(mailbox.record({ highestModseq }));
    });
  } catch (error) {
    account.octets -= more;
    throw error;
  }
  for (const [at, place] of changing.entries()) {
    messages.metaMark[place] = mark;
    messages.modseq[place] = first + BigInt(at);
  }
  mailbox.highestModseq = highestModseq;
  const uids = changing.map((place) => messages.uid[place] ?? 0);
  state.tell(mailbox.id, { kind: 'changed', uids });
  return { changed: uids, same, modified };

  function holds({ id }: MailboxState, place: number, uid: number): boolean {
    if (messages.metaMark[place] !== mark) return false;
    const there = mark === 0 ? null : backing.meta(id, uid);
    return there === null || meta === null ? mark === 0 : Buffer.compare(there, meta) === 0;
  }
}
