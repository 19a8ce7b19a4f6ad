/** Faults of STORE, SEARCH and COPY, and of FETCH (dmap-fetch-faults.ts). */
import { answerCommand, bendStore, dmapTag, replaceCommand, replaceResponse } from './dmap-bending.js';
import { faults as fetchFaults } from './dmap-fetch-faults.js';
import type { Fault } from './fault.js';

/** A key of SEARCH is read as another one. */
const key = (id: string, breaks: string, title: string, which: RegExp, by: string): Fault => ({
  id: `dmap-server/search-${id}`,
  breaks,
  title,
  hooks: replaceCommand(/ SEARCH .*/, (line) => line.replace(which, by)),
});

const storeFaults: readonly Fault[] = [
  {
    id: 'dmap-server/store-tells-nothing',
    breaks: 'DMAP-336',
    title: 'STORE brings no FETCH',
    hooks: replaceResponse(/^\* \d+ FETCH/, '', / STORE /),
  },
  {
    id: 'dmap-server/silent-is-not-heard',
    breaks: 'DMAP-337',
    title: 'STORE with .SILENT tells the new flags',
    hooks: replaceCommand(/\.SILENT/i, (line) => line.replace(/\.SILENT/i, '')),
  },
  {
    id: 'dmap-server/store-adds-in-place-of-replacing',
    breaks: 'DMAP-340',
    title: 'FLAGS adds to the flags that are there',
    hooks: replaceCommand(/ STORE \S+ FLAGS/i, (line) => line.replace(/ FLAGS/i, ' +FLAGS')),
  },
  {
    id: 'dmap-server/store-replaces-in-place-of-adding',
    breaks: 'DMAP-341',
    title: '+FLAGS takes away the flags that are there',
    hooks: replaceCommand(/ STORE \S+ \+FLAGS/i, (line) => line.replace(/\+FLAGS/i, 'FLAGS')),
  },
  {
    id: 'dmap-server/store-removes-nothing',
    breaks: 'DMAP-342',
    title: '-FLAGS takes nothing off',
    hooks: replaceCommand(/ STORE \S+ -FLAGS/i, (line) => line.replace(/-FLAGS(\S*) \(.*\)/i, '-FLAGS$1 ()')),
  },
  {
    id: 'dmap-server/silent-changes-nothing',
    breaks: 'DMAP-343',
    title: 'STORE with .SILENT is answered with OK and changes nothing',
    hooks: answerCommand(/ STORE .*\.SILENT/i, (line) => `${dmapTag(line)} OK Done.\r\n`),
  },
  {
    id: 'dmap-server/stores-where-it-only-reads',
    breaks: 'DMAP-344',
    title: 'a mailbox that was examined can be changed',
    hooks: replaceCommand(/ EXAMINE /, (line) => line.replace('EXAMINE', 'SELECT')),
  },
  {
    id: 'dmap-server/passes-over-numbers-above-the-count',
    breaks: 'DMAP-344',
    title: 'STORE with a number above the count changes the messages that there are',
    hooks: replaceCommand(/ STORE 1:\d+ /, (line) => line.replace(/1:\d+/, '1:*')),
  },
];

const searchFaults: readonly Fault[] = [
  {
    id: 'dmap-server/search-loses-the-last',
    breaks: 'DMAP-299',
    title: 'the last number of a search is left out',
    hooks: replaceResponse(/^\* SEARCH \d/, (response) => response.replace(/ \d+\r\n$/, '\r\n')),
  },
  key(
    'passes-over-a-key',
    'DMAP-300',
    'the last of several keys counts for nothing',
    /(SEARCH .+) (?:SEEN|UNSEEN|DELETED|UNDELETED)\r/,
    '$1\r',
  ),
  key(
    'passes-over-a-key-in-parentheses',
    'DMAP-301',
    'the last key in parentheses counts for nothing',
    / (?:SEEN|UNSEEN|DELETED|UNDELETED)\)/,
    ')',
  ),
  key('reads-one-range', 'DMAP-303', 'a set ends with its first comma', /SEARCH ([^,\s]+),\S+/, 'SEARCH $1'),
  key('all-is-not-all', 'DMAP-304', 'ALL leaves out messages with \\Deleted', /SEARCH ALL/, 'SEARCH UNDELETED'),
  key('before-with-the-day', 'DMAP-305', 'BEFORE matches the day too', /BEFORE (\S+)/, 'OR BEFORE $1 ON $1'),
  key('on-and-later', 'DMAP-306', 'ON matches later days too', / ON /, ' SINCE '),
  key('since-without-the-day', 'DMAP-307', 'SINCE leaves out the day', /SINCE (\S+)/, 'NOT OR BEFORE $1 ON $1'),
  key('undeleted-is-all', 'DMAP-308', 'UNDELETED matches every message', /\bUNDELETED/, 'ALL'),
  key('unseen-is-all', 'DMAP-309', 'UNSEEN matches every message', /\bUNSEEN/, 'ALL'),
  key('larger-or-equal', 'DMAP-310', 'LARGER matches messages of that size too', /LARGER/, 'NOT SMALLER'),
  key('not-is-nothing', 'DMAP-311', 'NOT counts for nothing', /NOT /, ''),
  key('or-is-and', 'DMAP-312', 'OR wants both of its keys', /SEARCH OR /, 'SEARCH '),
  key(
    'takes-unknown-keys',
    'DMAP-314',
    'keys that there are none of match every message',
    /SEARCH (?:FROM|TEXT|SUBJECT|CHARSET|HEADER|NEARLY|BODY).*\r/,
    'SEARCH ALL\r',
  ),
];

const copyFaults: readonly Fault[] = [
  {
    id: 'dmap-server/copies-get-a-new-date',
    breaks: 'DMAP-083',
    title: 'the internal date of a copy is another one than that of its source',
    hooks: bendStore((store) => ({
      copy: (source, uids, target) => {
        const outcome = store.copy(source, uids, target);
        // A copy of the copy, appended with the date of the fault's own.
        for (const uid of outcome.targetUids) {
          const reader = store.open(target, uid);
          const summary = store.summary(target, uid);
          if (reader === null || summary === null) continue;
          const sink = store.append(target, {
            flags: summary.flags,
            internalDate: { ...summary.internalDate, year: 1984 },
          });
          sink.write(reader.read(0, reader.size));
          sink.commit();
          reader.close();
          store.storeFlags(target, [uid], { how: 'add', flags: ['\\Deleted'] });
          store.expunge(target, [uid]);
        }
        return outcome;
      },
    })),
  },
  {
    id: 'dmap-server/copies-lose-their-flags',
    breaks: 'DMAP-346',
    title: 'copies have no flags',
    hooks: bendStore((store) => ({
      copy: (source, uids, target) => {
        const outcome = store.copy(source, uids, target);
        store.storeFlags(target, outcome.targetUids, { how: 'set', flags: [] });
        return outcome;
      },
    })),
  },
  {
    id: 'dmap-server/copies-in-reverse',
    breaks: 'DMAP-345',
    title: 'the last message is copied first',
    hooks: bendStore((store) => ({
      copy: (source, uids, target) => {
        const parts = [...uids].reverse().map((uid) => store.copy(source, [uid], target));
        return {
          uidValidity: parts[0]?.uidValidity ?? store.status(target).uidValidity,
          sourceUids: parts.flatMap(({ sourceUids }) => sourceUids).reverse(),
          targetUids: parts.flatMap(({ targetUids }) => targetUids),
        };
      },
    })),
  },
  {
    id: 'dmap-server/copies-to-nowhere',
    breaks: 'DMAP-348',
    title: 'COPY to a mailbox that there is none of succeeds',
    hooks: answerCommand(/ COPY /, (line, ask) => {
      const answer = ask(line);
      return answer.includes('TRYCREATE') ? `${dmapTag(line)} OK Done.\r\n` : answer;
    }),
  },
  {
    id: 'dmap-server/copy-creates',
    breaks: 'DMAP-349',
    title: 'COPY makes the mailbox that it names',
    hooks: answerCommand(/ COPY /, (line, ask) => {
      const answer = ask(line);
      if (!answer.includes('TRYCREATE')) return answer;
      ask(`x CREATE ${line.trimEnd().split(' ').at(-1)}\r\n`);
      return ask(line);
    }),
  },
  {
    id: 'dmap-server/copy-lacks-trycreate',
    breaks: 'DMAP-350',
    title: 'NO to a missing destination of COPY has no TRYCREATE',
    hooks: replaceResponse(/ NO \[TRYCREATE\]/, (response) => response.replace('[TRYCREATE] ', ''), / COPY /),
  },
  {
    id: 'dmap-server/copies-a-part',
    breaks: 'DMAP-352',
    title: 'messages that could be copied before COPY failed stay',
    hooks: answerCommand(/ COPY 1:\d+ /, (line, ask) => {
      const answer = ask(line);
      if (!/^\S+ OK /m.test(answer)) ask(line.replace(/^\S+ COPY 1:\d+/, 'x COPY 1'));
      return answer;
    }),
  },
];

export const faults: readonly Fault[] = [...fetchFaults, ...storeFaults, ...searchFaults, ...copyFaults];
