/** Faults in what a session is told of changes by others (capability sync-updates). */
import { answerCommand, bendDmap, dmapTag, dropNews, replaceResponse } from './dmap-bending.js';
import type { Fault } from './fault.js';

const selecting = /SELECT|EXAMINE/;
const exists = /^\* \d+ EXISTS/;
/** As the server tells flags that others changed. */
const flagNews = /^\* \d+ FETCH \(UID \d+ FLAGS \([^)]*\) MODSEQ/;

export const faults: readonly Fault[] = [
  {
    id: 'dmap-sync/flags-seen-by-nobody',
    breaks: 'DMAP-079',
    title: 'STORE is answered with OK, and nobody sees the flags',
    hooks: answerCommand(/ STORE 1 FLAGS /, (line) => `${dmapTag(line)} OK Done.\r\n`),
  },
  {
    id: 'dmap-sync/session-flags-go-out',
    breaks: 'DMAP-080',
    title: 'flags that are stored under EXAMINE are seen by others',
    hooks: bendDmap(() => ({
      line: (line, ask) => ask(line.replace(' EXAMINE ', ' SELECT ')),
      response: (response) => response.replace('[READ-WRITE]', '[READ-ONLY]'),
    })),
  },
  {
    id: 'dmap-sync/sizes-in-noop-only',
    breaks: 'DMAP-137',
    title: 'a new size is told in NOOP alone',
    hooks: dropNews(exists, /SELECT|EXAMINE|NOOP/),
  },
  {
    id: 'dmap-sync/flags-untold',
    breaks: 'DMAP-138',
    title: 'flags that others changed are not told',
    hooks: dropNews(flagNews, / FETCH /),
  },
  {
    id: 'dmap-sync/exists-after-expunge',
    breaks: 'DMAP-139',
    title: 'removed messages are told by a lower EXISTS',
    hooks: bendDmap(() => {
      let count = 0;
      return {
        response: (response) => {
          if (exists.test(response)) count = Number(response.split(' ')[1]);
          if (!/^\* \d+ EXPUNGE/.test(response)) return response;
          count -= 1;
          return `* ${count} EXISTS\r\n`;
        },
      };
    }),
  },
  {
    id: 'dmap-sync/expunge-at-any-moment',
    breaks: 'DMAP-143',
    title: 'EXPUNGE comes in FETCH, STORE and SEARCH by sequence number',
    hooks: answerCommand(/^\S+ (?:FETCH|STORE|SEARCH) /, (line, ask) => {
      const news = ask('x NOOP\r\n').replace(/^x .*\r\n/m, '');
      return news + ask(line);
    }),
  },
  {
    id: 'dmap-sync/noop-brings-nothing',
    breaks: 'DMAP-166',
    title: 'NOOP brings no news',
    hooks: bendDmap(() => ({
      line: (line, ask) => (/ NOOP\r\n$/.test(line) ? `${dmapTag(line)} OK Done.\r\n` : ask(line)),
      refreshed: () => '',
    })),
  },
  {
    id: 'dmap-sync/noop-seldom',
    breaks: 'DMAP-167',
    title: 'each second NOOP is refused',
    hooks: bendDmap(() => {
      let asked = 0;
      return {
        line: (line, ask) => {
          if (!/ NOOP\r\n$/.test(line)) return ask(line);
          asked += 1;
          return asked % 2 === 0 ? `${dmapTag(line)} NO Not so often.\r\n` : ask(line);
        },
      };
    }),
  },
  {
    id: 'dmap-sync/own-messages-untold',
    breaks: 'DMAP-273',
    title: 'messages that a session appends itself are not told to it',
    hooks: dropNews(exists, selecting),
  },
  {
    id: 'dmap-sync/own-messages-told-later',
    breaks: 'DMAP-274',
    title: 'the EXISTS for an own APPEND comes with the next command',
    hooks: bendDmap(() => {
      let held = '';
      return {
        response: (response, command) => {
          if (exists.test(response) && / APPEND /.test(command)) {
            held = response;
            return '';
          }
          const told = / APPEND /.test(command) ? response : held + response;
          if (told !== response) held = '';
          return told;
        },
      };
    }),
  },
  {
    id: 'dmap-sync/flags-untold-beside-store',
    breaks: 'DMAP-339',
    title: 'a session that stores flags hears no others',
    hooks: dropNews(flagNews, / FETCH /),
  },
  {
    id: 'dmap-sync/new-messages-looked-for-in-noop',
    breaks: 'DMAP-391',
    title: 'only NOOP looks for new messages',
    hooks: dropNews(exists, /SELECT|EXAMINE|NOOP/),
  },
  {
    id: 'dmap-sync/new-messages-untold',
    breaks: 'DMAP-392',
    title: 'new messages are told at a selection only',
    hooks: dropNews(exists, selecting),
  },
  {
    id: 'dmap-sync/removals-untold',
    breaks: 'DMAP-393',
    title: 'messages that others removed are not told',
    hooks: dropNews(/^\* \d+ EXPUNGE/, / EXPUNGE\r/),
  },
  {
    id: 'dmap-sync/wrong-access-told',
    breaks: 'DMAP-403',
    title: 'EXAMINE tells READ-WRITE',
    hooks: replaceResponse(/\[READ-ONLY\]/, (response) => response.replace('READ-ONLY', 'READ-WRITE')),
  },
  {
    id: 'dmap-sync/size-behind-the-word',
    breaks: 'DMAP-432',
    title: 'the number stands behind EXISTS',
    hooks: replaceResponse(exists, (response) => `* EXISTS ${response.split(' ')[1]}\r\n`),
  },
  {
    id: 'dmap-sync/no-size-at-selection',
    breaks: 'DMAP-433',
    title: 'a selection tells no EXISTS',
    hooks: replaceResponse(exists, '', selecting),
  },
];
