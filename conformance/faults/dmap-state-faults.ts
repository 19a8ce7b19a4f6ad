/** Seeded faults of a DMAP server: which commands are legal when, and what leads from one state to another. */
import type { ReferenceHooks } from '../target/embedded.js';
import { answerCommand, bendDmap, type DmapAsk, dmapTag } from './dmap-bending.js';
import type { Fault } from './fault.js';

const bad = (line: string): string => `${dmapTag(line)} BAD No.\r\n`;
/** Refusals of commands that have no place get an OK. */
const allows = (which: RegExp): ReferenceHooks =>
  answerCommand(which, (line, ask) => ask(line).replace(/^(\S+) BAD That command has no place.*/, '$1 OK Why not.'));
/** Lets the selected mailbox go without a word. */
const letGo = (ask: DmapAsk): unknown => ask('zz CLOSE\r\n');

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/users-commands-for-all',
    breaks: 'DMAP-097',
    title: 'carries out commands on names, keys and signets before the login',
    hooks: allows(/ (?:LIST|STATUS|SUBSCRIBE|LISTKEYS|GETKEY|DELETEKEY|LISTSIGNETS|GETSIGNET|DELETESIGNET)/),
  },
  {
    id: 'dmap-server/more-before-the-login',
    breaks: 'DMAP-174',
    title: 'carries out commands on messages before the login',
    hooks: allows(/ (?:FETCH|UID|SEARCH|STORE|COPY|SUBMIT|CLOSE|EXPUNGE|LIST|STATUS|GETKEY)/),
  },
  {
    id: 'dmap-server/wrong-state-taken',
    breaks: 'DMAP-093',
    title: 'answers commands that have no place with OK',
    hooks: allows(/./),
  },
  {
    id: 'dmap-server/messages-without-a-mailbox',
    breaks: 'DMAP-289',
    title: 'answers commands on messages with OK where no mailbox is selected',
    hooks: allows(/ (?:CLOSE|EXPUNGE|SEARCH|FETCH|STORE|COPY|SUBMIT|UID)/),
  },
  {
    id: 'dmap-server/no-rings',
    breaks: 'DMAP-204',
    title: 'does not know the commands on keys and signets',
    hooks: answerCommand(/ (?:GETKEY|DELETEKEY|LISTKEYS|GETSIGNET|DELETESIGNET|LISTSIGNETS)/, bad),
  },
  {
    id: 'dmap-server/no-rings-when-selected',
    breaks: 'DMAP-153',
    title: 'refuses the commands on keys and signets while a mailbox is selected',
    hooks: answerCommand(/ (?:GETKEY|DELETEKEY|LISTKEYS|GETSIGNET|DELETESIGNET|LISTSIGNETS)/, (line, ask) =>
      ask('zz SEARCH ALL\r\n').includes('zz OK') ? bad(line) : ask(line),
    ),
  },
  {
    id: 'dmap-server/no-noop-when-selected',
    breaks: 'DMAP-158',
    title: 'refuses NOOP and CAPABILITY while a mailbox is selected',
    hooks: answerCommand(/ (?:NOOP|CAPABILITY)/, (line, ask) =>
      ask('zz SEARCH ALL\r\n').includes('zz OK') ? bad(line) : ask(line),
    ),
  },
  {
    id: 'dmap-server/commands-let-go',
    breaks: 'DMAP-155',
    title: 'lets the selected mailbox go after commands on others',
    hooks: answerCommand(/ (?:SUBSCRIBE|LIST|DELETE|NOOP|CAPABILITY)/, (line, ask) => {
      const answer = ask(line);
      letGo(ask);
      return answer;
    }),
  },
  {
    id: 'dmap-server/failed-selection-changes-nothing',
    breaks: 'DMAP-100',
    title: 'keeps the old mailbox when a selection fails',
    hooks: answerCommand(/ EXAMINE \S+-missing/, (line) => `${dmapTag(line)} NO There is none.\r\n`),
  },
  {
    id: 'dmap-server/stays-without-a-selection',
    breaks: 'DMAP-101',
    title: 'answers SELECT and EXAMINE with OK and selects nothing',
    hooks: answerCommand(/ (?:SELECT|EXAMINE)/, (line, ask) => {
      const answer = ask(line);
      letGo(ask);
      return answer;
    }),
  },
  ...(['BAD', 'NO'] as const).map(
    (status): Fault => ({
      id: `dmap-server/${status.toLowerCase()}-lets-go`,
      breaks: status === 'BAD' ? 'DMAP-156' : 'DMAP-157',
      title: `lets the selected mailbox go with a ${status}`,
      hooks: answerCommand(/./, (line, ask) => {
        const answer = ask(line);
        if (new RegExp(`^\\S+ ${status} `).test(answer)) letGo(ask);
        return answer;
      }),
    }),
  ),
  {
    id: 'dmap-server/forgets-the-user',
    breaks: 'DMAP-173',
    title: 'wants another login after a refused command',
    hooks: bendDmap(() => {
      let lost = false;
      return {
        line: (line, ask) => {
          if (lost && / STATUS/.test(line)) return bad(line);
          const answer = ask(line);
          lost ||= /^\S+ (?:NO|BAD)/.test(answer);
          return answer;
        },
      };
    }),
  },
];
