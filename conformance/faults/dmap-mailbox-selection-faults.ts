/** Seeded faults of a DMAP server: SELECT, EXAMINE, the flags of a mailbox, CLOSE and EXPUNGE. */
import { answerCommand, bendDmap, bendStore, dmapTag, replaceCommand, replaceResponse } from './dmap-bending.js';
import { complete, doBefore, doMore, selecting, unselect } from './dmap-mailbox-bending.js';
import type { Fault } from './fault.js';

const select = /^\S+ SELECT /i;
const examine = /^\S+ EXAMINE /i;
const close = /^\S+ CLOSE\r\n$/i;
const withoutPermanent =
  (flag: RegExp): ((response: string) => string) =>
  (response) =>
    response.replace(flag, '');

/** Selecting goes on as before, and each session knows the command that did it last. */
const remembering = (use: (line: string, last: string, ask: (octets: string) => string) => string) =>
  bendDmap(() => {
    let last = '';
    return {
      line: (line, ask) => {
        if (!selecting.test(line) || line.endsWith('}\r\n')) return ask(line);
        const before = last;
        const answer = use(line, before, ask);
        if (/^\S+ OK/m.test(answer)) last = line;
        return answer;
      },
    };
  });

const nameIn = (line: string): string => line.trimEnd().split(' ').slice(2).join(' ');

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/selects-nothing',
    breaks: 'DMAP-203',
    title: 'tells of the mailbox at SELECT and EXAMINE, and selects nothing',
    hooks: doMore(selecting, () => unselect),
  },
  {
    id: 'dmap-server/keeps-uidnext-back',
    breaks: 'DMAP-205',
    title: 'leaves UIDNEXT out at SELECT',
    hooks: replaceResponse(/^\* OK \[UIDNEXT/, '', select),
  },
  {
    id: 'dmap-server/examines-without-permanentflags',
    breaks: 'DMAP-215',
    title: 'leaves PERMANENTFLAGS out at EXAMINE',
    hooks: replaceResponse(/^\* OK \[PERMANENTFLAGS/, '', examine),
  },
  {
    id: 'dmap-server/stays-in-the-first-mailbox',
    breaks: 'DMAP-208',
    title: 'answers a second SELECT with the first mailbox',
    hooks: remembering((line, last, ask) => ask(last === '' ? line : line.replace(nameIn(line), () => nameIn(last)))),
  },
  {
    id: 'dmap-server/selects-once',
    breaks: 'DMAP-209',
    title: 'stays in the read-only selection when the same mailbox is selected again',
    hooks: remembering((line, last, ask) =>
      ask(examine.test(last) && nameIn(last) === nameIn(line) ? line.replace('SELECT', 'EXAMINE') : line),
    ),
  },
  {
    id: 'dmap-server/keeps-the-selection-after-a-failure',
    breaks: 'DMAP-210',
    title: 'keeps the old mailbox selected when a SELECT fails',
    hooks: bendDmap(() => {
      let last = '';
      return {
        line: (line, ask) => {
          if (selecting.test(line) && !line.endsWith('}\r\n')) last = line;
          const answer = ask(line);
          if (/^\S+ NO /m.test(answer) && last !== '') ask(last.replace(/^\S+/, 'zz'));
          return answer;
        },
      };
    }),
  },
  {
    id: 'dmap-server/never-says-read-write',
    breaks: 'DMAP-211',
    title: 'leaves [READ-WRITE] out',
    hooks: complete(select, /^OK \[READ-WRITE\]/, 'OK'),
  },
  {
    id: 'dmap-server/hides-that-it-is-read-only',
    breaks: 'DMAP-212',
    title: 'refuses each change of flags and says READ-WRITE',
    hooks: answerCommand(/^\S+ STORE /i, (line) => `${dmapTag(line)} NO Nothing is changed here.\r\n`),
  },
  {
    id: 'dmap-server/select-of-nothing-is-bad',
    breaks: 'DMAP-214',
    title: 'answers SELECT of a missing mailbox with BAD',
    hooks: complete(selecting, /^NO/, 'BAD'),
  },
  {
    id: 'dmap-server/examines-one-message',
    breaks: 'DMAP-216',
    title: 'shows the first message alone after EXAMINE',
    hooks: bendDmap(() => {
      let examined = false;
      return {
        response: (response, command) => {
          if (selecting.test(command)) examined = examine.test(command);
          return examined && /^\* (?!1 )\d+ FETCH /.test(response) ? '' : response;
        },
      };
    }),
  },
  {
    id: 'dmap-server/examines-for-writing',
    breaks: 'DMAP-217',
    title: 'lets everything change after EXAMINE',
    hooks: bendDmap(() => ({
      line: (line, ask) => {
        if (!examine.test(line)) return ask(line);
        return ask(line.replace(/EXAMINE/i, 'SELECT')).replace('[READ-WRITE]', '[READ-ONLY]');
      },
    })),
  },
  {
    id: 'dmap-server/never-says-read-only',
    breaks: 'DMAP-218',
    title: 'leaves [READ-ONLY] out at EXAMINE',
    hooks: complete(examine, /^OK \[READ-ONLY\]/, 'OK'),
  },
  {
    id: 'dmap-server/tries-create-everywhere',
    breaks: 'DMAP-404',
    title: 'says TRYCREATE at SELECT of a missing mailbox',
    hooks: complete(selecting, /^NO \[NONEXISTENT\]/, 'NO [TRYCREATE]'),
  },
  {
    id: 'dmap-server/wants-close-first',
    breaks: 'DMAP-293',
    title: 'refuses SELECT while a mailbox is selected',
    hooks: remembering((line, last, ask) =>
      last === '' ? ask(line) : `${dmapTag(line)} BAD Close the mailbox first.\r\n`,
    ),
  },
  {
    id: 'dmap-server/select-expunges',
    breaks: 'DMAP-294',
    title: 'removes messages with \\Deleted when another mailbox is selected',
    hooks: doBefore(selecting, (_, ask) => ask('zz CLOSE\r\n')),
  },
  {
    id: 'dmap-server/logout-expunges',
    breaks: 'DMAP-294',
    title: 'removes messages with \\Deleted at LOGOUT',
    hooks: doBefore(/^\S+ LOGOUT\r\n$/i, (_, ask) => ask('zz CLOSE\r\n')),
  },
  {
    id: 'dmap-server/flags-without-keywords',
    breaks: 'DMAP-430',
    title: 'lists the system flags alone in FLAGS',
    hooks: replaceResponse(/^\* FLAGS /, (response) => {
      const flags = response.match(/\\[A-Za-z]+/g) ?? [];
      return `* FLAGS (${flags.join(' ')})\r\n`;
    }),
  },
  {
    id: 'dmap-server/forwards-nothing',
    breaks: 'DMAP-071',
    title: 'has no \\Forwarded in FLAGS',
    hooks: replaceResponse(/^\* FLAGS /, (response) => response.replace(' \\Forwarded', '')),
  },
  {
    id: 'dmap-server/bare-draft',
    breaks: 'DMAP-070',
    title: 'writes \\Draft without its backslash in FLAGS',
    hooks: replaceResponse(/^\* FLAGS /, (response) => response.replace('\\Draft', 'Draft')),
  },
  {
    id: 'dmap-server/flags-replace-flags',
    breaks: 'DMAP-069',
    title: 'takes +FLAGS for FLAGS',
    hooks: replaceCommand(/ \+FLAGS /i, (line) => line.replace('+FLAGS', 'FLAGS')),
  },
  {
    id: 'dmap-server/keywords-with-backslash',
    breaks: 'DMAP-075',
    title: 'makes a keyword of any flag with a backslash',
    hooks: bendDmap(() => ({
      line: (line, ask) => ask(line.replace('(\\suite', '(x-suite')),
      response: (response) => response.replaceAll('x-suite', '\\suite'),
    })),
  },
  {
    id: 'dmap-server/keywords-unannounced',
    breaks: 'DMAP-076',
    title: 'keeps new keywords without \\* in PERMANENTFLAGS',
    hooks: replaceResponse(/^\* OK \[PERMANENTFLAGS/, withoutPermanent(/ \\\*/)),
  },
  {
    id: 'dmap-server/keywords-forgotten',
    breaks: 'DMAP-402',
    title: 'has \\* in PERMANENTFLAGS and drops new keywords',
    hooks: replaceCommand(/ STORE .*\(suite/, (line) => line.replace(/\(suite\w+\)/, '()')),
  },
  {
    id: 'dmap-server/keeps-what-is-not-permanent',
    breaks: 'DMAP-400',
    title: 'stores \\Answered for good without it in PERMANENTFLAGS',
    hooks: replaceResponse(/^\* OK \[PERMANENTFLAGS/, withoutPermanent(/ \\Answered/)),
  },
  {
    id: 'dmap-server/refuses-what-is-not-permanent',
    breaks: 'DMAP-401',
    title: 'refuses a STORE with a flag that is not in PERMANENTFLAGS',
    hooks: bendDmap(() => ({
      line: (line, ask) =>
        / STORE .*\\Answered/.test(line) ? `${dmapTag(line)} NO That flag is not permanent.\r\n` : ask(line),
      response: (response) =>
        response.startsWith('* OK [PERMANENTFLAGS') ? response.replace(' \\Answered', '') : response,
    })),
  },
  {
    id: 'dmap-server/close-keeps',
    breaks: 'DMAP-290',
    title: 'removes nothing at CLOSE',
    hooks: answerCommand(close, (line, ask) => {
      ask(unselect);
      return `${dmapTag(line)} OK It is closed.\r\n`;
    }),
  },
  {
    id: 'dmap-server/close-tells',
    breaks: 'DMAP-291',
    title: 'sends an untagged EXPUNGE for each message at CLOSE',
    hooks: answerCommand(close, (line, ask) => ask('zz EXPUNGE\r\n').replace(/^zz .*\r\n/m, '') + ask(line)),
  },
  {
    id: 'dmap-server/close-refuses-read-only',
    breaks: 'DMAP-292',
    title: 'refuses CLOSE after EXAMINE',
    hooks: bendDmap(() => {
      let examined = false;
      return {
        line: (line, ask) => {
          if (selecting.test(line)) examined = examine.test(line);
          return close.test(line) && examined ? `${dmapTag(line)} NO It is read-only.\r\n` : ask(line);
        },
      };
    }),
  },
  {
    id: 'dmap-server/close-removes-read-only',
    breaks: 'DMAP-292',
    title: 'removes messages at CLOSE after EXAMINE',
    hooks: doBefore(close, (selected, ask) => ask(`zz ${selected.replace(/^EXAMINE/i, 'SELECT')}`)),
  },
  {
    id: 'dmap-server/expunges-one',
    breaks: 'DMAP-295',
    title: 'removes the first message with \\Deleted alone at EXPUNGE',
    hooks: bendStore((store) => ({
      expunge: (mailbox) => store.expunge(mailbox, store.search(mailbox, ({ deleted }) => deleted).slice(0, 1)),
    })),
  },
  {
    id: 'dmap-server/expunges-by-old-numbers',
    breaks: 'DMAP-296',
    title: 'tells of removed messages by the numbers that they had before the EXPUNGE',
    hooks: bendDmap(() => {
      let told = 0;
      return {
        line: (line, ask) => {
          told = 0;
          return ask(line);
        },
        response: (response) =>
          response.replace(/^\* (\d+) EXPUNGE/, (_, number) => `* ${Number(number) + told++} EXPUNGE`),
      };
    }),
  },
  {
    id: 'dmap-server/expunges-in-silence',
    breaks: 'DMAP-296',
    title: 'sends no untagged EXPUNGE',
    hooks: replaceResponse(/^\* \d+ EXPUNGE/, ''),
  },
  {
    id: 'dmap-server/expunge-read-only-is-ok',
    breaks: 'DMAP-297',
    title: 'answers EXPUNGE after EXAMINE with OK',
    hooks: complete(/^\S+ EXPUNGE\r\n$/i, /^NO/, 'OK'),
  },
];
