/** What a client writes: tags, spaces, strings, the syntax of commands (sections 1.2, 3.1 and 6 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import type { Case } from '../case.js';
import { clientCase, fate, named, once } from './client-case.js';
import { names, namesBeyondAscii, namesInNeedOfQuotes, someSteps } from './commands.js';
import type { Heard } from './heard.js';
import { lex, type Token } from './lexer.js';
import { type Outcome, play, type Step } from './stage.js';

/** Of the 26 kinds; two runs see nearly all of them. */
const stepsOfARun = 16;

/** Characters of strings without quotes, but for the plus sign (DMAP-I-13). */
const tagForm = /^[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+$/;

/** Section 1.5. */
const commandNames = new Set(
  `CAPABILITY NOOP LOGOUT AUTHENTICATE SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST STATUS APPEND
  GETKEY ADDKEY DELETEKEY LISTKEYS GETSIGNET ADDSIGNET DELETESIGNET LISTSIGNETS CLOSE EXPUNGE SEARCH FETCH STORE COPY
  SUBMIT UID IDLE`.split(/\s+/),
);

/** Of every command; what breaks another row is for the case of that row. */
function mustHold(id: string, row: string, title: string): Case {
  return clientCase({
    id,
    title,
    decides: [row],
    given: someSteps(stepsOfARun),
    async check(steps, context) {
      const outcome = await play(context, { steps });
      mustHear(context, row, outcome, steps.length);
      for (const { framed, text } of outcome.commands) {
        const { flaw } = lex(framed);
        context.require(row, flaw?.row !== row, 'lines as the rule has them', () => `${flaw?.what} in ${shown(text)}`);
      }
    },
  });
}

/** A client that says nothing breaks nothing, but shows nothing either. */
function mustHear(context: CaseContext, row: string, outcome: Outcome, count: number): void {
  const enough = outcome.commands.length > count / 2;
  context.require(
    row,
    enough,
    `commands for most of ${count} steps`,
    () => `${outcome.rest.slice(0, 300)} ${fate(outcome)}`,
  );
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 200));

/** The first argument of a command behind its words. */
const argument = ({ framed }: Heard): Token | undefined => lex(framed).tokens[2];

/** One CREATE for each name, with what was sent as the name. */
async function created(
  context: CaseContext,
  row: string,
  wanted: readonly string[],
): Promise<readonly { readonly name: string; readonly sent: Token | undefined; readonly text: string }[]> {
  const outcome = await play(context, { steps: wanted.map((mailbox): Step => ({ do: 'create', mailbox })) });
  const heard = named(outcome, 'CREATE');
  context.require(row, heard.length === wanted.length, `${wanted.length} times CREATE`, () => fate(outcome));
  return wanted.map((name, index) => {
    const command = heard[index];
    return {
      name,
      sent: command === undefined ? undefined : argument(command),
      text: command === undefined ? '' : shown(command.text),
    };
  });
}

export const cases: readonly Case[] = [
  mustHold('lines/end-in-crlf', 'DMAP-014', 'Each line of a client ends in CR LF, and holds neither alone.'),
  clientCase({
    id: 'lines/a-tag-for-each-command',
    title: 'Each command begins with a tag.',
    decides: ['DMAP-016'],
    given: someSteps(stepsOfARun),
    async check(steps, context) {
      const outcome = await play(context, { steps });
      context.require('DMAP-016', outcome.commands.length > 0, 'commands', () => fate(outcome));
      for (const { tag, text } of outcome.commands) {
        const name = text.slice(tag.length).trim().split(/ +/, 1)[0]?.toUpperCase() ?? '';
        const tagged = tagForm.test(tag) && (commandNames.has(name) || name.startsWith('X'));
        context.require('DMAP-016', tagged, 'a tag, and then the name of a command', shown(text));
      }
    },
  }),
  clientCase({
    id: 'lines/another-tag-each-time',
    title: 'No tag comes twice on a connection.',
    decides: ['DMAP-017'],
    given: someSteps(stepsOfARun),
    async check(steps, context) {
      const outcome = await play(context, { steps });
      const tags = outcome.commands.map(({ tag }) => tag);
      context.require('DMAP-017', tags.length > 1, 'several commands', () => fate(outcome));
      context.require('DMAP-017', new Set(tags).size === tags.length, 'a new tag for each command', tags.join(' '));
    },
  }),
  clientCase({
    id: 'lines/syntax-of-commands',
    title: 'Each command has the syntax that the grammar gives it.',
    decides: ['DMAP-018'],
    mostRuns: 6,
    given: someSteps(stepsOfARun),
    async check(steps, context) {
      const outcome = await play(context, { steps });
      mustHear(context, 'DMAP-018', outcome, steps.length);
      for (const { command, fault, text, framed } of outcome.commands) {
        const { flaw } = lex(framed);
        const right = command !== null && flaw === null;
        context.require(
          'DMAP-018',
          right,
          'a command of the grammar',
          () => `${fault ?? flaw?.what} in ${shown(text)}`,
        );
      }
    },
  }),
  mustHold('lines/one-space', 'DMAP-453', 'Exactly one space stands between two items, and none anywhere else.'),
  mustHold('lines/no-nul', 'DMAP-454', 'NUL comes in literals for binary data alone.'),
  clientCase({
    id: 'strings/quoted-in-seven-bits',
    title: 'A quoted string holds nothing above 7 bits, and neither CR nor LF.',
    decides: ['DMAP-117'],
    given: fc.tuple(fc.array(namesBeyondAscii, { minLength: 3, maxLength: 6 }), names),
    async check([beyond, any], context) {
      for (const { sent, text } of await created(context, 'DMAP-117', [...beyond, any])) {
        const right = sent !== undefined && (sent.kind !== 'quoted' || /^[\x20-\x7e]*$/.test(sent.text));
        context.require('DMAP-117', right, 'a literal for what has octets above 127', text);
      }
    },
  }),
  clientCase({
    id: 'strings/names-in-utf-8',
    title: 'The name of a mailbox travels in UTF-8.',
    decides: ['DMAP-126'],
    given: fc.array(namesBeyondAscii, { minLength: 2, maxLength: 6 }),
    async check(wanted, context) {
      for (const { name, sent, text } of await created(context, 'DMAP-126', wanted)) {
        const same = sent !== undefined && sent.text === Buffer.from(name, 'utf8').toString('latin1');
        context.require('DMAP-126', same, `the octets of ${JSON.stringify(name)} in UTF-8`, text);
      }
    },
  }),
  clientCase({
    id: 'strings/special-characters',
    title: 'A name with special characters is a quoted string or a literal.',
    decides: ['DMAP-130'],
    given: fc.array(namesInNeedOfQuotes, { minLength: 4, maxLength: 10 }),
    async check(wanted, context) {
      for (const { name, sent, text } of await created(context, 'DMAP-130', wanted)) {
        const right = sent !== undefined && (sent.kind === 'quoted' || sent.kind === 'literal') && sent.text === name;
        context.require('DMAP-130', right, `${JSON.stringify(name)} as a quoted string or a literal`, text);
      }
    },
  }),
  clientCase({
    id: 'lines/commands-of-ones-own',
    title: 'What is no command of the specification is sent only when its name begins with X.',
    decides: ['DMAP-381'],
    ...once,
    async check(_, context) {
      const lines = ['XHELLO there', 'FROB 1', 'CHECK', 'x', 'LSUB "" "*"'];
      const outcome = await play(context, { steps: lines.map((line) => ({ do: 'raw', line })) });
      const strange = outcome.commands.filter(({ command, name }) => command === null && !name.startsWith('X'));
      context.require('DMAP-381', strange.length === 0, 'no unknown command without X', () => fate(outcome));
      context.require('DMAP-381', named(outcome, 'XHELLO').length === 1, 'XHELLO to be sent', () => fate(outcome));
    },
  }),
];
