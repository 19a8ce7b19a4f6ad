/** Faults of sequence numbers and of the UID commands (class dmap-sync). */
import { answerCommand, bendDmap, dmapTag, replaceCommand, replaceResponse } from './dmap-bending.js';
import { descending } from './dmap-uid-faults.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = [
  {
    id: 'dmap-sync/tells-one-too-many',
    breaks: 'DMAP-063',
    title: 'a selection tells one message more than there are',
    hooks: replaceResponse(
      /^\* \d+ EXISTS/,
      (response) => response.replace(/\d+/, (count) => String(Number(count) + 1)),
      / SELECT /,
    ),
  },
  {
    id: 'dmap-sync/numbers-against-uids',
    breaks: 'DMAP-064',
    title: 'UIDs descend with the sequence numbers',
    hooks: descending,
  },
  {
    id: 'dmap-sync/number-of-the-one-before',
    breaks: 'DMAP-065',
    title: 'the highest numbers name the message before',
    hooks: replaceCommand(/ FETCH [2-9] BODY/, (line) =>
      line.replace(/FETCH (\d)/, (_, n: string) => `FETCH ${Number(n) - 1}`),
    ),
  },
  {
    id: 'dmap-sync/numbers-that-do-not-move',
    breaks: 'DMAP-066',
    title: 'EXPUNGE names the numbers from before the command',
    hooks: bendDmap(() => {
      let earlier = { command: '', removed: 0 };
      return {
        response: (response, command) => {
          if (!/^\* \d+ EXPUNGE/.test(response)) return response;
          earlier = { command, removed: earlier.command === command ? earlier.removed + 1 : 0 };
          return response.replace(/\d+/, (number) => String(Number(number) + earlier.removed));
        },
      };
    }),
  },
  {
    id: 'dmap-sync/uid-key-takes-numbers',
    breaks: 'DMAP-313',
    title: 'the key UID takes sequence numbers',
    hooks: replaceCommand(/ SEARCH UID /, (line) => line.replace('SEARCH UID ', 'SEARCH ')),
  },
  {
    id: 'dmap-sync/uid-store-takes-numbers',
    breaks: 'DMAP-373',
    title: 'UID STORE takes sequence numbers',
    hooks: replaceCommand(/ UID STORE /, (line) => line.replace('UID STORE', 'STORE')),
  },
  {
    id: 'dmap-sync/absent-uids-are-errors',
    breaks: 'DMAP-374',
    title: 'a UID command without a message is answered with NO',
    hooks: answerCommand(/ UID (?:FETCH|STORE) /, (line, ask) => {
      const answer = ask(line);
      return answer.includes(' FETCH (') ? answer : `${dmapTag(line)} NO There is no such message.\r\n`;
    }),
  },
  {
    id: 'dmap-sync/uid-search-brings-numbers',
    breaks: 'DMAP-375',
    title: 'UID SEARCH brings sequence numbers',
    hooks: replaceCommand(/ UID SEARCH /, (line) => line.replace('UID SEARCH', 'SEARCH')),
  },
  {
    id: 'dmap-sync/bare-sets-are-uids',
    breaks: 'DMAP-376',
    title: 'a bare set in UID SEARCH means UIDs',
    hooks: replaceCommand(/ UID SEARCH [\d*]/, (line) => line.replace('UID SEARCH ', 'UID SEARCH UID ')),
  },
  {
    id: 'dmap-sync/asterisk-without-the-last',
    breaks: 'DMAP-377',
    title: 'a range with an asterisk and a UID above the last holds nothing',
    hooks: replaceCommand(/ UID FETCH (?:\d+:\*|\*:\d+)/, (line) => line.replace(/\*/, '4294967295')),
  },
  {
    id: 'dmap-sync/asterisk-in-nothing-is-an-error',
    breaks: 'DMAP-377',
    title: 'an asterisk in an empty mailbox is answered with BAD',
    hooks: answerCommand(/ UID FETCH \S*\*/, (line, ask) => {
      const answer = ask(line);
      return answer.includes(' FETCH (') ? answer : `${dmapTag(line)} BAD There is no message.\r\n`;
    }),
  },
  {
    id: 'dmap-sync/ranges-ascend-only',
    breaks: 'DMAP-378',
    title: 'a range whose first end is the higher one holds that one alone',
    hooks: replaceCommand(/ UID FETCH \d+:\d+ /, (line) =>
      line.replace(/(\d+):(\d+)/, (range, one: string, other: string) => (Number(one) > Number(other) ? one : range)),
    ),
  },
  {
    id: 'dmap-sync/fetch-has-the-uid-in-front',
    breaks: 'DMAP-379',
    title: 'the number in front of FETCH is the UID, in answers to UID commands',
    hooks: replaceResponse(
      /^\* \d+ FETCH \(.*UID \d/,
      (response) => response.replace(/^\* \d+/, `* ${/UID (\d+)/.exec(response)?.[1]}`),
      / UID (?:FETCH|STORE) /,
    ),
  },
  {
    id: 'dmap-sync/uid-commands-without-uid',
    breaks: 'DMAP-380',
    title: 'UID commands tell the UID only when it was asked for',
    hooks: replaceResponse(
      /^\* \d+ FETCH \(UID \d+ /,
      (response) => response.replace(/\(UID \d+ /, '('),
      / UID (?:FETCH \S+ [^(]|STORE )/,
    ),
  },
];
