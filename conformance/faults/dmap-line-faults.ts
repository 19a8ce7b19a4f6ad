/** Seeded faults of a DMAP server: command lines, literals and the forms of data. */
import type { ReferenceHooks } from '../target/embedded.js';
import { answerCommand, bendDmap, dmapTag, replaceCommand, replaceResponse } from './dmap-bending.js';
import type { Fault } from './fault.js';

const bad = (line: string): string => `${dmapTag(line)} BAD No.\r\n`;
const refuses = (which: RegExp): ReferenceHooks => answerCommand(which, bad);
const goOn = '+ Go on.\r\n';

/** The octets of a literal at the end of a response, and what stands before its header. */
const literalAtEnd = /^([\s\S]*) ~?\{\d+\}\r\n([\s\S]*)\r\n$/;

const lines: readonly Fault[] = [
  {
    id: 'dmap-server/cuts-tags',
    breaks: 'DMAP-030',
    title: 'gives back six octets of a tag',
    hooks: replaceResponse(/^[^*+ ]{7}/, (response) => response.replace(/^(\S{6})\S+/, '$1')),
  },
  {
    id: 'dmap-server/surplus-arguments',
    breaks: 'DMAP-019',
    title: 'passes over arguments that are too many',
    hooks: replaceCommand(/ (?:NOOP|CAPABILITY|LISTKEYS) \S| (?:SELECT|SUBSCRIBE) \S+ \S/, (line) =>
      line.replace(/ (NOOP|CAPABILITY|LISTKEYS|SELECT \S+|SUBSCRIBE \S+) .*\r\n/, ' $1\r\n'),
    ),
  },
  {
    id: 'dmap-server/any-white-space',
    breaks: 'DMAP-453',
    title: 'takes any white space between items and behind the last one',
    hooks: replaceCommand(/\t| {2}| \r\n$/, (line) => `${line.replace(/[ \t]+/g, ' ').trimEnd()}\r\n`),
  },
  {
    id: 'dmap-server/guesses',
    breaks: 'DMAP-032',
    title: 'takes STATUS INBOX with whatever stands behind it',
    hooks: replaceCommand(/ STATUS INBOX/, (line) => `${dmapTag(line)} STATUS INBOX (MESSAGES)\r\n`),
  },
  {
    id: 'dmap-server/no-for-syntax-errors',
    breaks: 'DMAP-033',
    title: 'answers syntax errors and unknown commands with NO',
    hooks: replaceResponse(/^\S+ BAD (?:Syntax|There is no such command)/, (response) => response.replace('BAD', 'NO')),
  },
  {
    id: 'dmap-server/ok-without-a-tag',
    breaks: 'DMAP-413',
    title: 'answers lines without a tag with an untagged OK',
    hooks: replaceResponse(/^\* BAD/, '* OK As you like.\r\n'),
  },
  {
    id: 'dmap-server/bad-for-the-next-one-too',
    breaks: 'DMAP-412',
    title: 'answers the command after a wrong one with BAD as well',
    hooks: bendDmap(() => {
      let wrong = false;
      return {
        line: (line, ask) => {
          const answer = wrong ? bad(line) : ask(line);
          wrong = !wrong && /^\S+ BAD/.test(answer);
          return answer;
        },
      };
    }),
  },
  {
    id: 'dmap-server/upper-case-only',
    breaks: 'DMAP-452',
    title: 'knows commands in upper case only',
    hooks: refuses(/^\S+ [A-Z]*[a-z]/),
  },
  {
    id: 'dmap-server/loses-what-was-sent-ahead',
    breaks: 'DMAP-148',
    title: 'loses commands that came together with another',
    hooks: bendDmap(() => {
      let busy = false;
      return {
        line: (line, ask) => {
          if (busy) return '';
          busy = true;
          setImmediate(() => {
            busy = false;
          });
          return ask(line);
        },
      };
    }),
    limits: { replyMs: 500 },
  },
  {
    id: 'dmap-server/out-of-order',
    breaks: 'DMAP-152',
    title: 'carries out CREATE behind the command after it',
    hooks: bendDmap(() => {
      let held = '';
      return {
        line: (line, ask) => {
          if (/ CREATE \S+\/first/.test(line)) {
            held = line;
            return '';
          }
          const answer = ask(line);
          const late = held === '' ? '' : ask(held);
          held = '';
          return late + answer;
        },
      };
    }),
  },
  {
    id: 'dmap-server/noop-with-arguments',
    breaks: 'DMAP-165',
    title: 'takes NOOP with arguments',
    hooks: replaceCommand(/ NOOP /, (line) => `${dmapTag(line)} NOOP\r\n`),
  },
  {
    id: 'dmap-server/capability-with-arguments',
    breaks: 'DMAP-164',
    title: 'takes CAPABILITY with arguments',
    hooks: replaceCommand(/ CAPABILITY /, (line) => `${dmapTag(line)} CAPABILITY\r\n`),
  },
];

const literals: readonly Fault[] = [
  {
    id: 'dmap-server/asks-for-no-literal',
    breaks: 'DMAP-020',
    title: 'sends no continuation request for a literal',
    hooks: replaceResponse(/^\+ Go on/, ''),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmap-server/plus-without-space',
    breaks: 'DMAP-021',
    title: 'has no space behind the plus sign',
    hooks: replaceResponse(/^\+ Go on/, '+Go on.\r\n'),
  },
  {
    id: 'dmap-server/plus-without-text',
    breaks: 'DMAP-446',
    title: 'has no text behind the plus sign',
    hooks: replaceResponse(/^\+ Go on/, '+ \r\n'),
  },
  {
    id: 'dmap-server/literals-of-some-commands',
    breaks: 'DMAP-447',
    title: 'takes literals in APPEND, SELECT and CREATE only',
    hooks: refuses(/^\S+ (?:STATUS|LIST|SUBSCRIBE|RENAME|GETKEY|GETSIGNET) .*\{\d+\}\r\n$/),
  },
  {
    id: 'dmap-server/literals-of-wrong-commands',
    breaks: 'DMAP-022',
    title: 'asks for the literal of a command that is wrong already',
    hooks: answerCommand(/\{\d\}\r\n$/, (line, ask) => ask(line).replace(/^\S+ BAD .*\r\n/, goOn)),
  },
  {
    id: 'dmap-server/literals-in-the-wrong-state',
    breaks: 'DMAP-394',
    title: 'asks for the literal of a command that has no place',
    hooks: answerCommand(/\{\d\}\r\n$/, (line, ask) =>
      ask(line).replace(/^\S+ BAD That command has no place.*/, '+ Go on.'),
    ),
  },
  {
    id: 'dmap-server/literals-as-commands',
    breaks: 'DMAP-015',
    title: 'reads the octets of a message as commands',
    hooks: answerCommand(/ APPEND .*\{\d+\}\r\n$/, () => goOn),
    limits: { replyMs: 500 },
  },
  {
    id: 'dmap-server/line-ends-in-literals',
    breaks: 'DMAP-114',
    title: 'makes LF of CR in literals',
    hooks: bendDmap(() => ({ literal: (octets) => octets.replaceAll('\r', '\n') })),
  },
  {
    id: 'dmap-server/seven-bits-in-literals',
    breaks: 'DMAP-120',
    title: 'makes question marks of octets above 127',
    hooks: bendDmap(() => ({ literal: (octets) => octets.replace(/[\x80-\xff]/g, '?') })),
  },
  {
    id: 'dmap-server/waits-behind-the-count',
    breaks: 'DMAP-115',
    title: 'sends the octets of a literal with the next response only',
    hooks: bendDmap(() => {
      let held = '';
      return {
        response: (response) => {
          const header = /^\* \d+ FETCH [\s\S]*?\{\d+\}\r\n/.exec(response)?.[0];
          if (held === '' && header === undefined) return response;
          const now = held === '' ? (header ?? '') : '';
          held += response.slice(now.length);
          return now;
        },
        line: (line, ask) => {
          const late = held;
          held = '';
          return late + ask(line);
        },
      };
    }),
    limits: { replyMs: 500 },
  },
  {
    id: 'dmap-server/literals-in-upper-case',
    breaks: 'DMAP-113',
    title: 'makes upper case of what stands in a literal',
    hooks: bendDmap(() => ({ literal: (octets) => octets.toUpperCase() })),
  },
  {
    id: 'dmap-server/no-empty-literal',
    breaks: 'DMAP-118',
    title: 'refuses the literal of no octets',
    hooks: refuses(/ \{0\}\r\n$/),
  },
];

const forms: readonly Fault[] = [
  {
    id: 'dmap-server/any-octet-in-atoms',
    breaks: 'DMAP-111',
    title: 'takes special characters in the name that STATUS asks about',
    hooks: replaceCommand(/ STATUS \S*[{%*"\\(]/, (line) => line.replace(/ STATUS \S+/, ' STATUS suite-nothing')),
  },
  {
    id: 'dmap-server/names-as-atoms',
    breaks: 'DMAP-110',
    title: 'takes names as atoms only',
    hooks: refuses(/ SELECT ["{]/),
  },
  {
    id: 'dmap-server/eight-bits-in-quotes',
    breaks: 'DMAP-117',
    title: 'writes names in quotes, whatever octets they have',
    hooks: replaceResponse(/^\* LIST .*\}\r\n/, (response) => response.replace(literalAtEnd, '$1 "$2"\r\n')),
  },
  {
    id: 'dmap-server/names-in-seven-bits',
    breaks: 'DMAP-126',
    title: 'writes a question mark for each octet above 127 of a name',
    hooks: replaceResponse(/^\* LIST/, (response) => response.replace(/[\x80-\xff]/g, '?')),
  },
  {
    id: 'dmap-server/large-numbers',
    breaks: 'DMAP-112',
    title: 'takes numbers above 32 bits',
    hooks: replaceCommand(/ LARGER 4294967296/, (line) => line.replace('4294967296', '4294967295')),
  },
  {
    id: 'dmap-server/items-without-parentheses',
    breaks: 'DMAP-315',
    title: 'takes several items of FETCH without parentheses',
    hooks: replaceCommand(/ FETCH 1 FLAGS UID/, (line) => line.replace('FLAGS UID', '(FLAGS UID)')),
  },
  {
    id: 'dmap-server/flat-lists',
    breaks: 'DMAP-121',
    title: 'takes no lists in lists',
    hooks: refuses(/ LIST .*\(.*\(/),
  },
  {
    id: 'dmap-server/nil-for-the-empty-list',
    breaks: 'DMAP-122',
    title: 'writes NIL for the empty list of flags',
    hooks: replaceResponse(/ FETCH /, (response) => response.replace('FLAGS ()', 'FLAGS NIL')),
  },
  {
    id: 'dmap-server/empty-string-for-nil',
    breaks: 'DMAP-123',
    title: 'writes the empty string for what was never written',
    hooks: replaceResponse(/ FETCH /, (response) => response.replace('META NIL', 'META ""')),
  },
  {
    id: 'dmap-server/no-mailbox-nil',
    breaks: 'DMAP-124',
    title: 'takes NIL for no name',
    hooks: refuses(/ (?:CREATE|STATUS) NIL/),
  },
];

export const faults: readonly Fault[] = [...lines, ...literals, ...forms];
