/** CAPABILITY and what its listing says (sections 2.2 and 2.15 of the DMAP digest). */
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import { stacieLogin } from '../../target/dmap-login.js';
import type { Case } from '../case.js';
import { asks, requireStatus, shown } from '../dmap/answers.js';
import { dmapCase, greetedCase, mailboxCase } from '../dmap/dmap-case.js';
import { accountOf, endpointOf, greeted, loggedIn } from '../dmap/session.js';
import { registeredCapabilities } from './known-names.js';

/** The names that CAPABILITY tells now, as written. */
async function capabilities(connection: DmapConnection): Promise<{ result: DmapResult; names: readonly string[] }> {
  const result = await connection.command('CAPABILITY');
  return { result, names: untagged(result, 'capability').flatMap((listing) => listing.capabilities) };
}

/** The names in the code of a status response; null without one. */
function inCode({ code }: Pick<DmapResult, 'code'>): readonly string[] | null {
  return code?.name === 'CAPABILITY' ? code.capabilities : null;
}

const modeName = /^DMAP=(TRUSTFUL|CAUTIOUS|PARANOID)$/i;
const mechanismsIn = (names: readonly string[]): string[] =>
  names.flatMap((name) => (/^AUTH=(.*)$/i.exec(name) ?? []).slice(1)).map((name) => name.toUpperCase());
const plainOnes = ['PLAIN', 'LOGIN', 'ANONYMOUS'];

const listing: readonly Case[] = [
  greetedCase({
    id: 'dmap-server/capability/one-listing',
    title: 'CAPABILITY brings one untagged listing with one `DMAP=` in it, and then OK.',
    decides: ['DMAP-159'],
    async check(connection, context) {
      const { result, names } = await capabilities(connection);
      requireStatus(context, 'DMAP-159', result, ['OK'], 'CAPABILITY');
      context.require('DMAP-159', untagged(result, 'capability').length === 1, 'one listing', () => shown(result));
      const marks = names.filter((name) => /^DMAP(?:=|$)/i.test(name));
      context.require('DMAP-159', marks.length === 1 && marks[0]?.includes('=') === true, 'one DMAP=', () =>
        shown(result),
      );
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/mode',
    title: 'Behind `DMAP=` stands TRUSTFUL, CAUTIOUS or PARANOID.',
    decides: ['DMAP-160'],
    async check(connection, context) {
      const { result, names } = await capabilities(connection);
      const wrong = names.find((name) => /^DMAP=/i.test(name) && !modeName.test(name));
      context.require('DMAP-160', wrong === undefined, 'one of the three modes', () => shown(result));
      context.follows('dmap-mode', names.find((name) => modeName.test(name)) ?? 'none');
    },
  }),
  dmapCase({
    id: 'dmap-server/capability/mode-in-every-listing',
    title: 'Every listing of capabilities holds a `DMAP=` atom, those in response codes as well.',
    decides: ['DMAP-421'],
    async check(context) {
      for (const [names, where] of await allListings(context)) {
        const marks = names.filter((name) => /^DMAP=./i.test(name));
        context.require('DMAP-421', marks.length > 0, `a DMAP= ${where}`, names.join(' '));
      }
    },
  }),
  dmapCase({
    id: 'dmap-server/capability/known-mode-in-every-listing',
    title: 'The mode in a listing is one of the three, before the login and after it.',
    decides: ['DMAP-422'],
    async check(context) {
      for (const [names, where] of await allListings(context)) {
        const wrong = names.filter((name) => /^DMAP=/i.test(name) && !modeName.test(name));
        context.require('DMAP-422', wrong.length === 0, `one of the three modes ${where}`, wrong.join(' '));
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/capability/registered-names-hold',
    title: 'A name that is registered says that its extension is there, unchanged.',
    decides: ['DMAP-424'],
    async check({ connection, mailbox }, context) {
      const { names, result } = await capabilities(connection);
      const has = (name: string): boolean => names.some((each) => each.toUpperCase() === name);
      const strange = names.filter((name) => !/^[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c-\x7e]+$/.test(name));
      context.require('DMAP-424', strange.length === 0, 'names that are atoms', () => shown(result));
      if (has('LITERAL+')) {
        const selected = await connection.command('SELECT ', { literal: mailbox, nonSync: true });
        requireStatus(context, 'DMAP-424', selected, ['OK'], 'SELECT {n+} where LITERAL+ is offered');
      }
      reportUnregistered(context, names);
    },
  }),
  mailboxCase({
    id: 'dmap-server/capability/only-what-is-there',
    title: 'No name is offered whose extension is not there.',
    decides: ['DMAP-425'],
    async check({ connection, mailbox }, context) {
      const { names } = await capabilities(connection);
      const has = (name: string): boolean => names.some((each) => each.toUpperCase() === name);
      await asks(context, connection, 'DMAP-425', `SELECT ${mailbox}`, ['OK']);
      if (has('UIDPLUS')) await asks(context, connection, 'DMAP-425', 'UID EXPUNGE 1', ['OK']);
      if (has('CONDSTORE')) await asks(context, connection, 'DMAP-425', 'SEARCH MODSEQ 1', ['OK']);
      reportUnregistered(context, names);
    },
  }),
];

async function allListings(
  context: CaseContext,
): Promise<readonly (readonly [names: readonly string[], where: string])[]> {
  const connection = await greeted(context);
  const before = await capabilities(connection);
  const login = await stacieLogin(connection, accountOf(context));
  const after = await capabilities(connection);
  const code = inCode(login);
  return [
    [before.names, 'before the login'],
    ...(code === null ? [] : [[code, 'in the OK of AUTHENTICATE'] as const]),
    [after.names, 'after the login'],
  ];
}

function reportUnregistered(context: CaseContext, names: readonly string[]): void {
  const own = names.filter(
    (name) => !registeredCapabilities.has(name.toUpperCase()) && !/^(?:X|AUTH=|SUBMIT=|DMAP=)/i.test(name),
  );
  context.follows(
    'dmap-unregistered-capabilities',
    own.length === 0 ? 'all names are registered or begin with X' : `without registration: ${own.join(' ')}`,
  );
}

const mechanisms: readonly Case[] = [
  greetedCase({
    id: 'dmap-server/capability/mechanisms-as-auth',
    title: 'A mechanism that works is announced as `AUTH=NAME`.',
    decides: ['DMAP-161'],
    async check(connection, context) {
      const { names, result } = await capabilities(connection);
      const login = await stacieLogin(connection, accountOf(context));
      const announced = mechanismsIn(names).includes('STACIE');
      context.require('DMAP-161', login.status !== 'OK' || announced, 'AUTH=STACIE, which works', () => shown(result));
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/experimental-mechanisms',
    title: 'An experimental mechanism is announced with the X behind `AUTH=`, not before it.',
    decides: ['DMAP-162'],
    async check(connection, context) {
      const { names, result } = await capabilities(connection);
      const wrong = names.some((name) => /^X-?AUTH=/i.test(name));
      context.require('DMAP-162', !wrong, 'no XAUTH=', () => shown(result));
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/no-plain-passwords',
    title: 'As it is set up, the server offers no mechanism with plain passwords.',
    decides: ['DMAP-189'],
    async check(connection, context) {
      const { names, result } = await capabilities(connection);
      const plain = mechanismsIn(names).filter((name) => name === 'PLAIN' || name === 'LOGIN');
      context.require('DMAP-189', plain.length === 0, 'neither AUTH=PLAIN nor AUTH=LOGIN', () => shown(result));
      for (const mechanism of ['PLAIN', 'LOGIN']) {
        const result = await connection.command(`AUTHENTICATE ${mechanism} AHN1aXRlAHN1aXRl`);
        requireStatus(context, 'DMAP-189', result, ['NO', 'BAD'], `AUTHENTICATE ${mechanism}`);
      }
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/some-mechanism-without-plain-passwords',
    title: 'The server has a mechanism without plain passwords.',
    decides: ['DMAP-191'],
    async check(connection, context) {
      const { names, result } = await capabilities(connection);
      const found = mechanismsIn(names).some((name) => !plainOnes.includes(name));
      context.require('DMAP-191', found, 'AUTH= with such a mechanism', () => shown(result));
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/lists-mechanisms',
    title: 'The listing before the login names the mechanisms.',
    decides: ['DMAP-193'],
    async check(connection, context) {
      const { names, result } = await capabilities(connection);
      context.require('DMAP-193', mechanismsIn(names).length > 0, 'at least one AUTH=', () => shown(result));
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/several-mechanisms',
    title: 'Of several mechanisms that are announced each can be begun.',
    decides: ['DMAP-192'],
    async check(connection, context) {
      const { names } = await capabilities(connection);
      const announced = mechanismsIn(names).filter((name) => name !== 'ANONYMOUS');
      for (const mechanism of announced) await begins(context, connection, 'DMAP-192', mechanism);
      context.took('DMAP-192', announced.length > 1, announced.join(', '));
    },
  }),
  greetedCase({
    id: 'dmap-server/capability/anonymous',
    title: 'Access for everyone by SASL ANONYMOUS works where it is announced.',
    decides: ['DMAP-171'],
    async check(connection, context) {
      const { names } = await capabilities(connection);
      const announced = mechanismsIn(names).includes('ANONYMOUS');
      context.took('DMAP-171', announced, announced ? 'AUTH=ANONYMOUS' : 'not announced');
      context.follows('dmap-anonymous', announced ? 'announced' : 'not announced');
      if (announced) await begins(context, connection, 'DMAP-171', 'ANONYMOUS');
    },
  }),
];

/** @throws Breach when the mechanism is refused before it began */
async function begins(context: CaseContext, connection: DmapConnection, row: string, mechanism: string): Promise<void> {
  const tag = connection.nextTag();
  await connection.send(`${tag} AUTHENTICATE ${mechanism}\r\n`);
  const first = await connection.response();
  context.require(
    row,
    first.raw.startsWith('+'),
    `a challenge of ${mechanism}, which is announced`,
    JSON.stringify(first.raw),
  );
  await connection.send('*\r\n');
  await connection.result(tag);
}

const renewed: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/capability/after-the-login',
    title: 'The capabilities after the login may differ; those in the OK of AUTHENTICATE are those of CAPABILITY.',
    decides: ['DMAP-198'],
    async check(context) {
      const sorted = (names: readonly string[]): string => [...names].sort().join(' ');
      let differ = false;
      for (const account of endpointOf(context).accounts.slice(0, 3)) {
        const connection = await greeted(context);
        const before = await capabilities(connection);
        const login = await stacieLogin(connection, account);
        const after = await capabilities(connection);
        const code = inCode(login);
        const same = code === null || sorted(code) === sorted(after.names);
        context.require('DMAP-198', same, `${code?.join(' ')}, as the login told`, () => shown(after.result));
        differ ||= sorted(before.names) !== sorted(after.names);
      }
      context.took('DMAP-198', differ, differ ? 'they differ' : 'they are the same');
    },
  }),
  dmapCase({
    id: 'dmap-server/capability/code-after-the-login',
    title: 'The tagged OK of AUTHENTICATE may hold a CAPABILITY code.',
    decides: ['DMAP-194'],
    async check(context) {
      const connection = await greeted(context);
      const code = inCode(await stacieLogin(connection, accountOf(context)));
      context.took('DMAP-194', code !== null, code?.join(' ') ?? 'no code');
    },
  }),
  dmapCase({
    id: 'dmap-server/capability/told-and-renewed',
    title: 'The capabilities may be told in the greeting and, renewed, in the OK of AUTHENTICATE.',
    decides: ['DMAP-428'],
    async check(context) {
      const { connection, greeting } = await context.openDmap();
      const code = inCode(await stacieLogin(connection, accountOf(context)));
      const told = /^\* OK \[CAPABILITY /i.test(greeting.text);
      context.took('DMAP-428', told && code !== null, `greeting: ${told}, login: ${code !== null}`);
    },
  }),
  ...(
    [
      ['DMAP-176', 'no-security-layer', 'No security layer stands behind a login in which none was negotiated.'],
      [
        'DMAP-196',
        'no-code-with-a-layer',
        'A CAPABILITY code in the OK of AUTHENTICATE says that lines go on as they are.',
      ],
    ] as const
  ).map(([row, name, title]) =>
    dmapCase({
      id: `dmap-server/capability/${name}`,
      title,
      decides: [row],
      async check(context) {
        const connection = await loggedIn(context);
        for (const command of ['NOOP', 'LIST *']) await asks(context, connection, row, command, ['OK']);
        if (row === 'DMAP-176') context.took(row, false, 'STACIE has no security layer');
        context.follows('dmap-security-layer', 'none');
      },
    }),
  ),
];

export const cases: readonly Case[] = [...listing, ...mechanisms, ...renewed];
