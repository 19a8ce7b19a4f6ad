/** Which commands a client sends when, and how it leaves (sections 1.4 and 1.5 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, mustEnd, named, once } from './client-case.js';
import type { Heard } from './heard.js';
import { askingForLogin, login, type Outcome, play, type Step } from './stage.js';

type State = 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

const always = ['CAPABILITY', 'NOOP', 'LOGOUT'];
const onMessages = ['CLOSE', 'EXPUNGE', 'SEARCH', 'FETCH', 'STORE', 'COPY', 'SUBMIT'];

/** The table of section 1.5; of X commands nothing is said there. */
function isValid({ name }: Heard, state: State): boolean {
  if (state === 'logout') return false;
  if (always.includes(name) || name.startsWith('X')) return true;
  if (name === 'AUTHENTICATE') return state === 'not-authenticated';
  if (onMessages.includes(name)) return state === 'selected';
  return state !== 'not-authenticated';
}

const select: Step = { do: 'select', mailbox: 'INBOX' };
const lost: Step = { do: 'examine', mailbox: 'Nowhere' };
const noop: Step = { do: 'noop' };
const authenticate: Step = { do: 'authenticate', ...login };

const ofMailboxes: readonly Step[] = [
  select,
  { do: 'create', mailbox: 'New' },
  { do: 'list', pattern: '*' },
  { do: 'status', mailbox: 'Other', items: ['MESSAGES'] },
  { do: 'listkeys' },
  { do: 'listsignets' },
  { do: 'append', mailbox: 'INBOX', message: 'AAAA', anyFormat: true },
];
const ofMessages: readonly Step[] = [
  { do: 'fetch', set: '1', items: ['FLAGS'] },
  { do: 'store', set: '1', flags: ['\\Seen'] },
  { do: 'search', keys: 'ALL' },
  { do: 'copy', set: '1', mailbox: 'INBOX' },
  { do: 'expunge' },
  { do: 'submit', number: 1 },
];

/** The first command that is not valid in the state that the server's answers have led to. */
function wrong({ commands }: Outcome, first: State, answers: ReadonlyMap<Heard, string>): Heard | null {
  let state = first;
  for (const heard of commands) {
    if (!isValid(heard, state)) return heard;
    const ok = answers.get(heard) === 'OK';
    if (heard.name === 'LOGOUT') state = 'logout';
    if (heard.name === 'AUTHENTICATE' && ok) state = 'authenticated';
    if (heard.name === 'CLOSE' && ok) state = 'authenticated';
    if (heard.name === 'SELECT' || heard.name === 'EXAMINE') {
      if (ok) state = 'selected';
      else if (answers.get(heard) === 'NO') state = 'authenticated';
    }
  }
  return null;
}

/** A play that notes how each command was answered. */
async function playAnswered(
  context: Parameters<typeof play>[0],
  script: Parameters<typeof play>[1],
): Promise<{ readonly outcome: Outcome; readonly answers: ReadonlyMap<Heard, string> }> {
  const answers = new Map<Heard, string>();
  const outcome = await play(context, {
    ...script,
    answer: (heard, right) => {
      answers.set(heard, right.at(-1)?.split(' ')[1] ?? '');
      return right;
    },
  });
  return { outcome, answers };
}

/** For a client to close, if it does. */
const listenMs = 80;

export const cases: readonly Case[] = [
  clientCase({
    id: 'states/valid-commands-alone',
    title: 'A client sends no command in a state in which it is not valid.',
    decides: ['DMAP-092'],
    mostRuns: 5,
    given: fc.array(fc.constantFrom(select, lost, { do: 'close' }, authenticate, noop, ...ofMessages, ...ofMailboxes), {
      minLength: 6,
      maxLength: 12,
    }),
    async check(steps, context) {
      const { outcome, answers } = await playAnswered(context, {
        steps: [...steps, authenticate, { do: 'logout' }, noop],
      });
      context.require('DMAP-092', outcome.commands.length > 0, 'commands', () => fate(outcome));
      const found = wrong(outcome, 'authenticated', answers);
      const late = outcome.rest !== '';
      context.require('DMAP-092', found === null && !late, 'commands that are valid in their state', () =>
        found === null ? fate(outcome) : `${found.text.trim()}; ${fate(outcome)}`,
      );
    },
  }),
  clientCase({
    id: 'states/login-first',
    title: 'A client sends nothing that needs a login before it has logged in.',
    decides: ['DMAP-096'],
    given: fc.tuple(fc.shuffledSubarray([...ofMailboxes, ...ofMessages], { minLength: 4 }), fc.boolean()),
    async check([steps, fails], context) {
      const password = fails ? 'another long password of many letters' : login.password;
      const { outcome, answers } = await playAnswered(context, {
        ...askingForLogin(),
        steps: [...steps, { ...authenticate, password }, ...steps],
      });
      const found = wrong(outcome, 'not-authenticated', answers);
      context.require('DMAP-096', found === null, 'a login first', () => `${found?.text.trim()}; ${fate(outcome)}`);
      const asked = named(outcome, 'AUTHENTICATE').length === 1;
      context.require('DMAP-096', asked, 'AUTHENTICATE when it is asked for', () => fate(outcome));
      const after = outcome.commands.some(({ name }) => !always.includes(name) && name !== 'AUTHENTICATE');
      context.require(
        'DMAP-096',
        after !== fails,
        fails ? 'nothing after a login that failed' : 'commands after the login',
        () => fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'states/mailbox-first',
    title: 'A client sends nothing about messages before a mailbox is selected.',
    decides: ['DMAP-099'],
    given: fc.tuple(
      fc.shuffledSubarray([...ofMessages], { minLength: 3 }),
      fc.constantFrom<Step[]>([], [lost], [select, lost], [select, { do: 'close' }]),
    ),
    async check([steps, before], context) {
      const { outcome, answers } = await playAnswered(context, { steps: [...before, ...steps, select, ...steps] });
      const found = wrong(outcome, 'authenticated', answers);
      context.require('DMAP-099', found === null, 'a selection first', () => `${found?.text.trim()}; ${fate(outcome)}`);
      const after = named(outcome, ...onMessages).length > 0;
      context.require('DMAP-099', after, 'commands about messages after the selection', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'logout/read-to-its-end',
    title: 'A client reads the tagged OK of LOGOUT before it closes.',
    decides: ['DMAP-104'],
    mostRuns: 2,
    given: fc.constantFrom<Step[]>([noop, { do: 'logout' }], [select, noop]),
    async check(steps, context) {
      let early: string | null = 'no LOGOUT came';
      const outcome = await play(context, {
        steps,
        answer: async ({ name }, right, { peer }) => {
          if (name !== 'LOGOUT') return right;
          peer.say(`${right[0] ?? ''}\r\n`);
          await peer.quiet(listenMs);
          early = peer.left;
          return right.slice(1);
        },
      });
      context.require(
        'DMAP-104',
        early === null,
        'the connection to stand until the tagged OK',
        () => `${early}; ${fate(outcome)}`,
      );
      mustEnd(context, 'DMAP-104', outcome, 'ok ok', 'a session with LOGOUT');
    },
  }),
  clientCase({
    id: 'logout/not-without-a-cause',
    title: 'A client does not close the connection by itself, whatever it is refused.',
    decides: ['DMAP-106'],
    given: fc.shuffledSubarray(['NO No.', 'BAD What?', 'NO [XNO] .', 'BAD [SERVERBUG] Sorry.'], { minLength: 2 }),
    async check(refusals, context) {
      const refused = refusals.map((_, at): Step => ({ do: 'create', mailbox: `new${at}` }));
      let left: string | null = 'the last command did not come';
      const outcome = await play(context, {
        steps: [...refused, { do: 'wait', milliseconds: 30 }, noop],
        answer: async ({ tag, name }, right, { peer, index }) => {
          if (name === 'CREATE') return [`${tag} ${refusals[index] ?? 'NO .'}`];
          if (name !== 'NOOP') return right;
          await peer.quiet(30);
          left = peer.left;
          return right;
        },
      });
      context.require('DMAP-106', left === null, 'the connection to stand', () => `${left}; ${fate(outcome)}`);
    },
  }),
  clientCase({
    id: 'logout/at-the-end',
    title: 'A client ends a connection with LOGOUT.',
    decides: ['DMAP-107'],
    mostRuns: 2,
    given: fc.constantFrom<Step[]>([noop], [select, { do: 'fetch', set: '1', items: ['FLAGS'] }]),
    async check(steps, context) {
      const outcome = await play(context, { steps });
      const last = outcome.commands.at(-1)?.name;
      context.require('DMAP-107', last === 'LOGOUT' && outcome.rest === '', 'LOGOUT to be the last command', () =>
        fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'bye/read-on',
    title: 'After BYE a client reads on until the server closes, and sends nothing more.',
    decides: ['DMAP-418'],
    mostRuns: 2,
    given: fc.constantFrom('* BYE Going down.', '* BYE [ALERT] Going down.'),
    async check(bye, context) {
      let left: string | null = 'no NOOP came';
      let said = '';
      const outcome = await play(context, {
        steps: [select, noop, noop],
        answer: async ({ name }, right, { peer }) => {
          if (name !== 'NOOP') return right;
          peer.say(`${bye}\r\n* 4 EXISTS\r\n`);
          said = await peer.quiet(listenMs);
          left = peer.left;
          peer.say(right.map((line) => `${line}\r\n`).join(''));
          peer.end();
          return null;
        },
      });
      context.require(
        'DMAP-418',
        left === null,
        'the connection to stand until the server closes it',
        () => `${left}; ${fate(outcome)}`,
      );
      context.require('DMAP-418', said === '', 'nothing to be sent after BYE', JSON.stringify(said));
    },
  }),
  clientCase({
    id: 'logout/nothing-after-it',
    title: 'After LOGOUT nothing is sent.',
    decides: ['DMAP-092'],
    ...once,
    async check(_, context) {
      const outcome = await play(context, { steps: [noop, { do: 'logout' }, noop, select] });
      const names = outcome.commands.map(({ name }) => name).filter((name) => name !== 'CAPABILITY');
      context.require(
        'DMAP-092',
        names.join(' ') === 'NOOP LOGOUT' && outcome.rest === '',
        'NOOP and LOGOUT alone',
        () => fate(outcome),
      );
    },
  }),
];
