/** SEARCH and its keys against the model (sections 2.11 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { keysOf, type ModelKey, SearchModel, someKeys } from '../../model/dmap-search.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, bare, dates, inFilled, type Letter, letters, type Placed, shown } from '../dmap/messages.js';

/** Days near one another, so that keys of dates part them. */
const nearDates = fc
  .record({ date: dates, days: fc.integer({ min: 0, max: 2 }) })
  .map(({ date, days }) => ({ ...date, year: 2020, month: 6, day: 10 + days }));

const dated: fc.Arbitrary<readonly Letter[]> = fc
  .tuple(letters(2, 4), fc.array(nearDates, { minLength: 4, maxLength: 4 }))
  .map(([all, days]) => all.map((letter, at) => ({ ...letter, date: days[at] ?? null })));

function modelOf(known: readonly Placed[]): SearchModel {
  return new SearchModel(
    known.map(({ number, uid, flags, sealed, date }) => ({
      number,
      uid,
      seen: flags.includes('\\Seen'),
      deleted: flags.includes('\\Deleted'),
      size: sealed.octets.length,
      day: date,
    })),
  );
}

const finds = (
  id: string,
  requirement: string,
  title: string,
  keys: fc.Arbitrary<ModelKey>,
  { several = false, messages = letters(2, 4) }: { several?: boolean; messages?: fc.Arbitrary<readonly Letter[]> } = {},
): Case =>
  dmapCase({
    id: `dmap-server/search/${id}`,
    title,
    decides: [requirement],
    given: () =>
      fc.record({
        messages,
        searches: fc.array(fc.array(keys, { minLength: several ? 2 : 1, maxLength: several ? 4 : 1 }), {
          minLength: 3,
          maxLength: 6,
        }),
      }),
    async check(context, { messages: appended, searches }) {
      await inFilled(context, appended, async ({ connection, messages: known }) => {
        const model = modelOf(known);
        for (const search of searches) {
          const command = `SEARCH ${search.map((key) => model.text(key)).join(' ')}`;
          const result = await connection.command(command);
          answered(context, requirement, result, 'OK', command);
          const found = untagged(result, 'search');
          const expected = model.found(search).map(({ number }) => number);
          const numbers = found.flatMap((each) => each.numbers);
          const right = found.length === 1 && [...numbers].sort((a, b) => a - b).join() === expected.join();
          const wanted = `one SEARCH with (${expected.join(' ')}) to ${command}`;
          context.require(requirement, right, wanted, () => shown(result));
          if (numbers.length > 1) {
            const ascend = numbers.every((number, at) => number > (numbers[at - 1] ?? 0));
            context.follows('dmap-search-order', ascend ? 'they ascend' : 'another order');
          }
        }
      });
    },
  });

export const cases: readonly Case[] = [
  finds('sequence-numbers', 'DMAP-299', 'SEARCH brings one SEARCH with the numbers of those that match.', someKeys),
  finds('several-keys', 'DMAP-300', 'Several keys must all match.', someKeys, { several: true }),
  finds('keys-in-parentheses', 'DMAP-301', 'Keys in parentheses are one key, which all of them make.', keysOf('AND')),
  finds('sequence-set', 'DMAP-303', 'A sequence set matches those with its numbers.', keysOf('SEQUENCE')),
  finds('all', 'DMAP-304', 'ALL matches every message.', keysOf('ALL')),
  finds('before', 'DMAP-305', 'BEFORE matches those of an earlier day.', keysOf('BEFORE'), { messages: dated }),
  finds('on', 'DMAP-306', 'ON matches those of the day.', keysOf('ON'), { messages: dated }),
  finds('since', 'DMAP-307', 'SINCE matches those of the day or a later one.', keysOf('SINCE'), { messages: dated }),
  finds('deleted', 'DMAP-308', 'DELETED and UNDELETED go by \\Deleted.', keysOf('DELETED', 'UNDELETED')),
  finds('seen', 'DMAP-309', 'SEEN and UNSEEN go by \\Seen.', keysOf('SEEN', 'UNSEEN')),
  finds(
    'sizes',
    'DMAP-310',
    'LARGER and SMALLER go by the size, which itself is neither.',
    keysOf('LARGER', 'SMALLER'),
  ),
  finds('not', 'DMAP-311', 'NOT matches those that its key does not match.', keysOf('NOT')),
  finds('or', 'DMAP-312', 'OR matches those that one of its keys matches.', keysOf('OR')),
  dmapCase({
    id: 'dmap-server/search/refuses-other-keys',
    title: 'Keys that there are none of are refused, and so are keys without what belongs to them.',
    decides: ['DMAP-314'],
    mostRuns: 10,
    given: () =>
      fc.constantFrom('FROM "alice"', 'TEXT "a"', 'SUBJECT x', 'CHARSET UTF-8 ALL', 'HEADER a b', 'NEARLY', 'BODY x'),
    async check(context, key) {
      await inFilled(context, [bare(plainMessage)], async ({ connection }) => {
        const result = await connection.command(`SEARCH ${key}`);
        answered(context, 'DMAP-314', result, 'refusal', `SEARCH ${key}`);
        context.require('DMAP-314', untagged(result, 'search').length === 0, 'no SEARCH', () => shown(result));
        context.follows('dmap-unknown-search-key', String(result.status));
      });
    },
  }),
];
