/** Which commands are legal in which state, and what leads from one to another (sections 1.4 and 1.5 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection } from '../../target/dmap-connection.js';
import { stacieLogin } from '../../target/dmap-login.js';
import type { Case } from '../case.js';
import { asks, refused, shown } from '../dmap/answers.js';
import { greetedCase, mailboxCase } from '../dmap/dmap-case.js';
import { accountOf, append, loggedIn, mustDo, type Room } from '../dmap/session.js';

/** Well formed, and legal after the login; `name` is a mailbox, or could become one. */
const ofUsers = (name: string): readonly string[] => [
  'SELECT INBOX',
  'EXAMINE INBOX',
  `CREATE ${name}`,
  `DELETE ${name}`,
  `RENAME ${name} ${name}-again`,
  `SUBSCRIBE ${name}`,
  `UNSUBSCRIBE ${name}`,
  'LIST *',
  'STATUS INBOX (MESSAGES)',
  'GETKEY suite-never PUBLIC',
  'DELETEKEY suite-never',
  'LISTKEYS',
  'GETSIGNET nobody@suite.example',
  'DELETESIGNET nobody@suite.example',
  'LISTSIGNETS',
];

/** One of them, as a function of the name. */
const aCommandOfUsers = (): fc.Arbitrary<number> => fc.nat(ofUsers('').length - 1);
const commandOfUsers = (at: number, name: string): string => ofUsers(name)[at] ?? 'LIST *';

/** Well formed, and legal only with a selected mailbox. */
const ofMailboxes = [
  'CLOSE',
  'EXPUNGE',
  'SEARCH ALL',
  'FETCH 1 FLAGS',
  'STORE 1 +FLAGS (\\Seen)',
  'COPY 1 INBOX',
  'SUBMIT 1',
  'UID FETCH 1 FLAGS',
  'UID SEARCH ALL',
] as const;

const experimental = 'XSUITE-NEVER';

/** The state, told by what it allows: SEARCH is for the selected one, STATUS for the two after the login. */
async function stateOf(connection: DmapConnection): Promise<'N' | 'A' | 'S'> {
  if ((await connection.command('SEARCH ALL')).status === 'OK') return 'S';
  return (await connection.command('STATUS INBOX (MESSAGES)')).status === 'OK' ? 'A' : 'N';
}

async function requireState(
  context: CaseContext,
  requirement: string,
  connection: DmapConnection,
  expected: 'N' | 'A' | 'S',
  after: string,
): Promise<void> {
  const state = await stateOf(connection);
  context.require(requirement, state === expected, `state ${expected} after ${after}`, `state ${state}`);
}

const legality: readonly Case[] = [
  greetedCase({
    id: 'dmap-server/states/commands-of-users-before-the-login',
    title: 'Before the login the commands on mailboxes, keys and signets are refused.',
    decides: ['DMAP-097'],
    mostRuns: 12,
    given: () => fc.constantFrom(...ofUsers('suite-never')),
    async check(connection, context, line) {
      await asks(context, connection, 'DMAP-097', line, refused);
    },
  }),
  greetedCase({
    id: 'dmap-server/states/only-four-before-the-login',
    title: 'Before the login only CAPABILITY, NOOP, LOGOUT and AUTHENTICATE are valid.',
    decides: ['DMAP-174'],
    mostRuns: 12,
    given: () =>
      fc.constantFrom(
        ...ofUsers('suite-never'),
        ...ofMailboxes,
        experimental,
        'LOGIN alice secret',
        'STARTTLS',
        'CHECK',
      ),
    async check(connection, context, line) {
      const { status } = await asks(context, connection, 'DMAP-174', line, refused);
      if (line === experimental) context.follows('dmap-unknown-x-command', `${status}`);
      await asks(context, connection, 'DMAP-174', 'NOOP', ['OK']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/in-the-wrong-state',
    title: 'A command that is not valid in the present state gets BAD or NO.',
    decides: ['DMAP-093'],
    given: () => fc.constantFrom('AUTHENTICATE STACIE', 'FETCH 1 FLAGS', 'CLOSE', 'UID SEARCH ALL'),
    async check({ connection }, context, line) {
      const { status } = await asks(context, connection, 'DMAP-093', line, refused);
      context.follows('dmap-wrong-state', `${status}`);
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/commands-of-the-selected-state',
    title: 'CLOSE, EXPUNGE, SEARCH, FETCH, STORE, COPY, SUBMIT and UID are valid with a selected mailbox only.',
    decides: ['DMAP-289'],
    given: () => fc.constantFrom(...ofMailboxes),
    async check({ connection, mailbox }, context, line) {
      await asks(context, connection, 'DMAP-289', line, refused);
      await mustDo(connection, `SELECT ${mailbox}`);
      for (const valid of ['SEARCH ALL', 'UID SEARCH ALL', 'EXPUNGE', 'CLOSE']) {
        await asks(context, connection, 'DMAP-289', valid, ['OK']);
      }
      await asks(context, connection, 'DMAP-289', line, refused);
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/commands-of-users-after-the-login',
    title: 'After the login the commands on mailboxes, keys and signets are understood.',
    decides: ['DMAP-204'],
    mostRuns: 12,
    given: aCommandOfUsers,
    async check({ connection, mailbox }, context, at) {
      await asks(context, connection, 'DMAP-204', commandOfUsers(at, `${mailbox}-x`), ['OK', 'NO']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/commands-of-users-when-selected',
    title: 'The commands of the authenticated state are valid in the selected state too.',
    decides: ['DMAP-153'],
    mostRuns: 12,
    given: aCommandOfUsers,
    async check({ connection, mailbox }, context, at) {
      await mustDo(connection, `SELECT ${mailbox}`);
      await asks(context, connection, 'DMAP-153', commandOfUsers(at, `${mailbox}-x`), ['OK', 'NO']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/three-in-every-state',
    title: 'CAPABILITY, NOOP and LOGOUT are valid in every state.',
    decides: ['DMAP-158'],
    given: () => fc.constantFrom('CAPABILITY', 'NOOP', 'LOGOUT'),
    mostRuns: 4,
    async check({ mailbox }, context, line) {
      const { connection: before } = await context.openDmap();
      const after = await loggedIn(context);
      const selected = await loggedIn(context);
      await mustDo(selected, `SELECT ${mailbox}`);
      for (const connection of [before, after, selected]) await asks(context, connection, 'DMAP-158', line, ['OK']);
    },
  }),
];

/** Commands, how they have to end, and the state that they lead to; null: the one before. */
const steps = (mailbox: string): readonly (readonly [line: string, ok: boolean, to: 'A' | 'S' | null])[] => [
  [`SELECT ${mailbox}`, true, 'S'],
  [`EXAMINE ${mailbox}`, true, 'S'],
  [`SELECT ${mailbox}-missing`, false, 'A'],
  ['CLOSE', true, 'A'],
  ['NOOP', true, null],
  ['CAPABILITY', true, null],
  ['SELECT', false, null],
  ['WRONG', false, null],
  ['FETCH 1 NONSENSE', false, null],
  [`DELETE ${mailbox}-missing`, false, null],
  [`STATUS ${mailbox}-missing (MESSAGES)`, false, null],
  [`SUBSCRIBE ${mailbox}`, true, null],
  ['LIST *', true, null],
  ['AUTHENTICATE STACIE', false, null],
];

const transitions: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/states/generated-walk',
    title: 'Only SELECT, EXAMINE, CLOSE and LOGOUT change the state of a user, and only when they are carried out.',
    decides: ['DMAP-155'],
    mostRuns: 12,
    given: () => fc.array(fc.nat(steps('').length - 1), { minLength: 3, maxLength: 12, size: 'max' }),
    async check({ connection, mailbox }, context, walk) {
      let state: 'A' | 'S' = 'A';
      for (const at of walk) {
        const [line, ok, to] = steps(mailbox)[at] ?? ['NOOP', true, null];
        const valid = ok && (line !== 'CLOSE' || state === 'S');
        await asks(context, connection, 'DMAP-155', line, valid ? ['OK'] : refused);
        if (to !== null && (valid || line.startsWith('SELECT'))) state = to;
        await requireState(context, 'DMAP-155', connection, state, line);
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/ways-to-authenticated',
    title: 'The authenticated state comes after a login, after a selection that failed, and after CLOSE.',
    decides: ['DMAP-100'],
    async check(room, context) {
      const { connection, mailbox } = room;
      const requires = async (after: string): Promise<void> =>
        await requireState(context, 'DMAP-100', connection, 'A', after);
      await requires('the login');
      await mustDo(connection, `SELECT ${mailbox}`);
      await connection.command(`EXAMINE ${mailbox}-missing`);
      await requires('EXAMINE that failed');
      await mustDo(connection, `SELECT ${mailbox}`);
      await mustDo(connection, 'CLOSE');
      await requires('CLOSE');
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/ways-to-selected',
    title: 'The selected state comes after SELECT and EXAMINE that succeeded.',
    decides: ['DMAP-101'],
    given: () => fc.constantFrom('SELECT', 'EXAMINE'),
    mostRuns: 3,
    async check({ connection, mailbox }, context, command) {
      await asks(context, connection, 'DMAP-101', `${command} ${mailbox}`, ['OK']);
      await requireState(context, 'DMAP-101', connection, 'S', command);
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/bad-changes-nothing',
    title: 'BAD changes neither the state nor the selected mailbox.',
    decides: ['DMAP-156'],
    given: () => fc.constantFrom('SELECT', 'SELECT (', 'EXAMINE  INBOX', 'CLOSE now', 'FETCH', 'NOSUCH', 'SELECT a b'),
    async check(room, context, line) {
      await unchangedBy(room, context, 'DMAP-156', line, 'BAD');
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/no-changes-nothing',
    title: 'NO changes neither the state nor the selected mailbox, but for SELECT and EXAMINE.',
    decides: ['DMAP-157'],
    given: () =>
      fc.constantFrom('DELETE suite-never', 'STATUS suite-never (MESSAGES)', 'CREATE INBOX', 'GETKEY none PUBLIC'),
    mostRuns: 4,
    async check(room, context, line) {
      await unchangedBy(room, context, 'DMAP-157', line, 'NO');
    },
  }),
  mailboxCase({
    id: 'dmap-server/states/never-back-before-the-login',
    title: 'A connection that was authenticated never goes back to the state before.',
    decides: ['DMAP-173'],
    given: () =>
      fc.constantFrom('AUTHENTICATE STACIE', 'AUTHENTICATE NONE', 'SELECT suite-never', 'WRONG', 'LOGIN a b'),
    async check({ connection, mailbox }, context, line) {
      for (const command of [line, `SELECT ${mailbox}`, 'CLOSE', line]) {
        await connection.command(command);
        const result = await connection.command('STATUS INBOX (MESSAGES)');
        context.require('DMAP-173', result.status === 'OK', `a user after ${command}`, () => shown(result));
      }
      const again = await stacieLogin(connection, accountOf(context));
      context.require('DMAP-173', again.status === 'NO' || again.status === 'BAD', 'no second login', () =>
        shown(again),
      );
    },
  }),
];

/** A mailbox that is selected stays it, and stays writable. */
async function unchangedBy(
  { connection, mailbox }: Room,
  context: CaseContext,
  requirement: string,
  line: string,
  status: 'BAD' | 'NO',
): Promise<void> {
  const refusedBefore = await connection.command(line);
  if (refusedBefore.status === status) await requireState(context, requirement, connection, 'A', line);
  await append(connection, mailbox, plainMessage.octets);
  await mustDo(connection, `SELECT ${mailbox}`);
  const result = await connection.command(line);
  // The answer itself is for other cases to judge.
  if (result.status !== status) {
    context.require(requirement, true, '', '');
    return;
  }
  await requireState(context, requirement, connection, 'S', line);
  await asks(context, connection, requirement, 'STORE 1 +FLAGS (\\Flagged)', ['OK']);
}

export const cases: readonly Case[] = [...legality, ...transitions];
