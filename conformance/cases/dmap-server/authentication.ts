/** AUTHENTICATE (sections 2.3, 3.10 and 5.4 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import { type DmapCredentials, logIn, stacieLogin } from '../../target/dmap-login.js';
import type { Case } from '../case.js';
import { asks, refused, requireStatus, shown } from '../dmap/answers.js';
import { dmapCase, greetedCase } from '../dmap/dmap-case.js';
import { accountOf, freshName, greeted, loggedIn, mustDo } from '../dmap/session.js';

const encoded = (message: unknown): string => Buffer.from(JSON.stringify(message)).toString('base64');
const loginMessage = ({ username }: Pick<DmapCredentials, 'username'>): string => encoded({ login: { username } });

/** Sends the beginning of AUTHENTICATE and gives the first answer as it came. */
async function begin(connection: DmapConnection, rest: string): Promise<{ tag: string; first: string }> {
  const tag = connection.nextTag();
  await connection.send(`${tag} AUTHENTICATE ${rest}\r\n`);
  const { raw } = await connection.response();
  return { tag, first: raw };
}

/** A login that has got its challenge. */
async function challenged(connection: DmapConnection, account: DmapCredentials): Promise<string> {
  return (await begin(connection, `STACIE ${loginMessage(account)}`)).tag;
}

/** Sends one line inside AUTHENTICATE and gives how the command ends. */
async function answers(connection: DmapConnection, tag: string, line: string): Promise<DmapResult> {
  await connection.send(`${line}\r\n`);
  return await connection.result(tag);
}

const wrongPassword = (context: CaseContext): DmapCredentials => ({
  ...accountOf(context),
  password: () => 'not the password of this account',
});

const success: readonly Case[] = [
  greetedCase({
    id: 'dmap-server/authenticate/leads-to-the-user',
    title: 'AUTHENTICATE that succeeds leads to the authenticated state.',
    decides: ['DMAP-170'],
    async check(connection, context) {
      await asks(context, connection, 'DMAP-170', 'LIST *', refused);
      await logIn(connection, accountOf(context));
      await asks(context, connection, 'DMAP-170', 'LIST *', ['OK']);
      await asks(context, connection, 'DMAP-170', 'SELECT INBOX', ['OK']);
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/is-there',
    title: 'The command AUTHENTICATE is known.',
    decides: ['DMAP-186'],
    async check(connection, context) {
      // Whatever the mechanism: NO says that the command was understood.
      const result = await connection.command('AUTHENTICATE SUITE-UNKNOWN');
      requireStatus(context, 'DMAP-186', result, ['NO'], 'AUTHENTICATE with a mechanism that nobody has');
      const { first } = await begin(connection, 'STACIE');
      context.require('DMAP-186', /^(?:\+|[^ ]+ NO )/.test(first), 'an exchange, or NO', JSON.stringify(first));
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/stacie',
    title: 'STACIE logs in who knows the password, and nobody else.',
    decides: ['DMAP-187'],
    async check(connection, context) {
      const wrong = await stacieLogin(connection, wrongPassword(context));
      requireStatus(context, 'DMAP-187', wrong, ['NO'], 'a proof of another password');
      const unknown = await stacieLogin(connection, {
        ...accountOf(context),
        username: `${freshName()}@suite.example`,
      });
      requireStatus(context, 'DMAP-187', unknown, ['NO'], 'a login of nobody');
      const fresh = await greeted(context);
      const noJson = await begin(fresh, `STACIE ${Buffer.from('no object').toString('base64')}`);
      const how = /^[^ ]+ (NO|BAD) /.exec(noJson.first)?.[1];
      context.require('DMAP-187', how !== undefined, 'BAD or NO for what is no JSON', JSON.stringify(noJson.first));
      context.follows('dmap-stacie-bad-json', `${how}`);
      context.follows('dmap-mechanism', 'STACIE');
      const right = await stacieLogin(fresh, accountOf(context));
      requireStatus(context, 'DMAP-187', right, ['OK'], 'a proof of the password');
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/runs-the-exchange',
    title: 'The exchange of a mechanism that is announced is run to its end.',
    decides: ['DMAP-175'],
    async check(connection, context) {
      const result = await stacieLogin(connection, accountOf(context));
      requireStatus(context, 'DMAP-175', result, ['OK'], 'the whole exchange of STACIE with the right password');
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/initial-response',
    title: 'AUTHENTICATE can carry an initial response, and without one the server asks by an empty challenge.',
    decides: ['DMAP-178'],
    async check(connection, context) {
      const account = accountOf(context);
      const carried = await begin(connection, `STACIE ${loginMessage(account)}`);
      context.require(
        'DMAP-178',
        /^\+ [A-Za-z0-9+/]/.test(carried.first),
        'the first challenge',
        JSON.stringify(carried.first),
      );
      await answers(connection, carried.tag, '*');
      const asked = await begin(connection, 'STACIE');
      context.require('DMAP-178', asked.first === '+ \r\n', 'an empty challenge', JSON.stringify(asked.first));
      await connection.send(`${loginMessage(account)}\r\n`);
      const { raw } = await connection.response();
      context.require('DMAP-178', /^\+ [A-Za-z0-9+/]/.test(raw), 'the first challenge', JSON.stringify(raw));
      await answers(connection, asked.tag, '*');
      // An equals sign is an empty initial response, which is no message of STACIE.
      const empty = await begin(connection, 'STACIE =');
      context.require('DMAP-178', /^[^ +]+ (?:NO|BAD) /.test(empty.first), 'a refusal', JSON.stringify(empty.first));
    },
  }),
  dmapCase({
    id: 'dmap-server/authenticate/privileges-of-the-user',
    title: 'Who logged in has the mailboxes of the user who was named.',
    decides: ['DMAP-201'],
    needs: ['dmap-accounts'],
    async check(context) {
      const [mine, other] = [
        await loggedIn(context, accountOf(context, 0)),
        await loggedIn(context, accountOf(context, 1)),
      ];
      const name = freshName();
      await mustDo(mine, `CREATE ${name}`);
      const listed = untagged(await mustDo(other, `LIST ${name}`), 'list');
      await mustDo(mine, `DELETE ${name}`);
      context.require('DMAP-201', listed.length === 0, 'a mailbox of one user not to be another’s', `${name} in both`);
    },
  }),
];

const exchange: readonly Case[] = [
  greetedCase({
    id: 'dmap-server/authenticate/challenges-in-base64',
    title: 'A challenge is a continuation request with base64 text.',
    decides: ['DMAP-180'],
    async check(connection, context) {
      const { tag, first } = await begin(connection, `STACIE ${loginMessage(accountOf(context))}`);
      const right = /^\+ (?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\r\n$/.test(first);
      context.require('DMAP-180', right, '+, one space, base64', JSON.stringify(first));
      await answers(connection, tag, '*');
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/cancelled',
    title: 'An exchange that was cancelled gets a tagged BAD.',
    decides: ['DMAP-183'],
    given: () => fc.constantFrom('STACIE', 'with a challenge'),
    mostRuns: 3,
    async check(connection, context, how) {
      const account = accountOf(context);
      const tag = how === 'STACIE' ? (await begin(connection, how)).tag : await challenged(connection, account);
      requireStatus(context, 'DMAP-183', await answers(connection, tag, '*'), ['BAD'], 'an asterisk');
      await asks(context, connection, 'DMAP-183', 'LIST *', refused);
      await asks(context, connection, 'DMAP-183', 'NOOP', ['OK']);
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/wrong-base64',
    title: 'Base64 text with foreign characters, or an equals sign before the end, gets a tagged BAD.',
    decides: ['DMAP-184'],
    given: () => fc.constantFrom('e30 ', 'e3-_', 'e=30', '=e30', '====', 'ümlaut', 'e30=e30=', '**', 'e30\t', '{}'),
    async check(connection, context, line) {
      const tag = await challenged(connection, accountOf(context));
      requireStatus(context, 'DMAP-184', await answers(connection, tag, line), ['BAD'], line);
      const unpadded = await challenged(connection, accountOf(context));
      const { status } = await answers(connection, unpadded, 'e30');
      context.follows('dmap-base64-padding', status === 'BAD' ? 'BAD' : 'taken');
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/unsupported-mechanism',
    title: 'A mechanism that the server does not support gets a tagged NO.',
    decides: ['DMAP-177'],
    given: () => fc.stringMatching(/^[A-Z0-9_-]{3,20}$/).filter((name) => !known.includes(name)),
    async check(connection, context, mechanism) {
      await asks(context, connection, 'DMAP-177', `AUTHENTICATE ${mechanism}`, ['NO']);
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/no-and-bad',
    title:
      'AUTHENTICATE gets NO for wrong credentials and unknown mechanisms, BAD for wrong arguments and a cancelled exchange.',
    decides: ['DMAP-202'],
    async check(connection, context) {
      const wrong = await stacieLogin(connection, wrongPassword(context));
      requireStatus(context, 'DMAP-202', wrong, ['NO'], 'a proof of another password');
      // Each on a connection of its own, since a server may be out of patience soon.
      await asks(context, await greeted(context), 'DMAP-202', 'AUTHENTICATE SUITE-UNKNOWN', ['NO']);
      for (const rest of ['', ' STACIE e30= e30=', ' STACIE e3!=', ' (STACIE)']) {
        await asks(context, await greeted(context), 'DMAP-202', `AUTHENTICATE${rest}`, ['BAD']);
      }
      const fresh = await greeted(context);
      const tag = await challenged(fresh, accountOf(context));
      requireStatus(context, 'DMAP-202', await answers(fresh, tag, '*'), ['BAD'], 'a cancelled exchange');
    },
  }),
  greetedCase({
    id: 'dmap-server/authenticate/again-after-no',
    title: 'After a NO another AUTHENTICATE can log in.',
    decides: ['DMAP-199'],
    given: () => fc.constantFrom('AUTHENTICATE SUITE-UNKNOWN', 'a wrong password'),
    mostRuns: 3,
    async check(connection, context, first) {
      const refusal = first.startsWith('AUTH')
        ? await connection.command(first)
        : await stacieLogin(connection, wrongPassword(context));
      context.require('DMAP-199', refusal.status === 'NO', 'NO at first', () => shown(refusal));
      const login = await stacieLogin(connection, accountOf(context));
      requireStatus(context, 'DMAP-199', login, ['OK'], `the right login after ${first}`);
      context.took('DMAP-199', true, 'by the suite');
    },
  }),
];

const known = ['STACIE', 'PLAIN', 'LOGIN', 'ANONYMOUS', 'EXTERNAL', 'GSSAPI', 'OTP', 'DIGEST-MD5', 'CRAM-MD5', 'NTLM'];

export const cases: readonly Case[] = [...success, ...exchange];
