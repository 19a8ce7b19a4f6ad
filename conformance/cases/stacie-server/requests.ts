/** How requests are read: JSON, UTF-8 and base64url, strictly, with the readings that leave room (STACIE-I-56 to STACIE-I-64). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { type Answer, passwordMethods, shown } from './messages.js';
import type { Proof, Server } from './server.js';
import { serverCase } from './server-case.js';
import { type StacieSpelling, toJson } from './spelling.js';

const login = '{"login":{"username":"suite"}}';
const cutShort = fc
  .oneof(fc.integer({ min: 1, max: login.length - 1 }), fc.integer({ min: login.length - 3, max: login.length - 1 }))
  .map((length) => login.slice(0, length));

/** Texts that no reading takes: no JSON, or no message. */
const broken = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '{',
    '[]',
    'null',
    '"login"',
    '{}',
    '{"login":{"username":"u"}',
    '{"login":{"username":"u"}}}',
    '{"login":{"username":"u"}}{}',
    '{"login":"u"}',
    '{"login":[]}',
    '{"log\u0000in":{}}',
    '{"nothing":{"username":"u"}}',
    '{"login":{"username":"u"},"register":{"username":"u"}}',
  ),
  // A right login, cut short: most of all near its end, where a lenient reader could complete it.
  { weight: 3, arbitrary: cutShort },
  fc.nat(3000).map((depth) => `{"login":${'['.repeat(depth)}`),
  fc.string({ maxLength: 200 }).filter((text) => !text.trimStart().startsWith('{')),
);

const isError = ({ kind, content }: Answer): boolean =>
  kind === 'error' && typeof content === 'string' && content !== '';

/** A right attempt, all but the spelling of its values. */
async function spelled(server: Server, spelling: (proof: Proof) => Proof): Promise<Answer> {
  const account = await server.account();
  const answer = await server.ask('authenticate', spelling(await server.prove(account)));
  // A success, so that failures do not add up to a lock.
  if (!server.succeeded(answer)) await server.authenticate(account);
  return answer;
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/requests/malformed',
    title: 'A request that is no JSON or no message is answered with an error, in JSON.',
    decides: ['STACIE-008'],
    mostRuns: 20,
    given: broken,
    async check(server, text, context) {
      const answer = await server.send(text);
      context.require(
        'STACIE-008',
        isError(answer),
        `{"error":TEXT} to ${JSON.stringify(text.slice(0, 100))}`,
        shown(answer),
      );
    },
  }),
  serverCase({
    id: 'stacie-server/requests/as-the-examples-print-them',
    title:
      'A request as the drafts print theirs, with names that are not quoted, is refused or taken; it is answered in JSON.',
    decides: ['STACIE-008'],
    mostRuns: 1,
    async check(server, _, context) {
      const answer = await server.send(`{ login: { username: "${server.freshName()}" } }`);
      const taken = answer.kind === 'methods';
      context.follows('stacie-malformed-examples', taken ? 'taken' : 'only strict JSON is taken');
      context.require('STACIE-008', taken || isError(answer), 'methods, or {"error":TEXT}', shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/requests/username-once',
    title:
      'A login without a username, or with an empty one, is answered with an error; members that are not known are ignored.',
    decides: ['STACIE-147'],
    mostRuns: 12,
    given: fc.constantFrom<Record<string, unknown>>(
      {},
      { username: '' },
      { username: 7 },
      { username: null },
      { username: ['u'] },
      { user: 'u' },
    ),
    async check(server, content, context) {
      const answer = await server.ask('login', content);
      context.require(
        'STACIE-147',
        isError(answer),
        `{"error":TEXT} to a login with ${JSON.stringify(content)}`,
        shown(answer),
      );
      const name = server.freshName();
      const known = await server.ask('login', { username: name, 'x-suite': [1] });
      context.require('STACIE-147', known.kind === 'methods', 'an unknown member to be ignored', shown(known));
      const twice = await server.send(`{"login":{"username":"${server.freshName()}","username":"${name}"}}`);
      context.follows('stacie-repeated-members', twice.kind === 'methods' ? 'taken' : 'refused');
    },
  }),
  serverCase({
    id: 'stacie-server/requests/text-in-utf-8',
    title: 'A name in UTF-8 is the name that its escapes are, and octets that are no UTF-8 are answered with an error.',
    decides: ['STACIE-009'],
    given: fc.constantFrom('é', 'ß', '中', '😀', 'ü中'),
    async check(server, letters, context) {
      const name = server.freshName().replace('suite-', `suite-${letters}`);
      const raw = await server.send(JSON.stringify({ login: { username: name } }));
      const escaped = await server.send(toJson({ login: { username: name } }));
      const [one, other] = [raw, escaped].map((answer) => passwordMethods(answer)[0]?.username ?? answer.kind);
      context.require(
        'STACIE-009',
        one === other,
        `one name for ${JSON.stringify(name)} and its escapes`,
        `${JSON.stringify(one)} and ${JSON.stringify(other)}`,
      );
      const octets = Buffer.concat([
        Buffer.from('{"login":{"username":"suite-'),
        Buffer.from([0xc3, 0x28, 0xff]),
        Buffer.from('"}}'),
      ]);
      const answer = await server.send(octets);
      context.require('STACIE-009', isError(answer), '{"error":TEXT} to octets that are no UTF-8', shown(answer));
    },
  }),
  serverCase<StacieSpelling>({
    id: 'stacie-server/requests/characters-outside-base64url',
    title: 'A nonce or token with a character that no base64 has is refused.',
    decides: ['STACIE-010'],
    mostRuns: 10,
    given: fc.record({
      member: fc.constantFrom('nonce' as const, 'token' as const),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.constantFrom('*', '!', '.', '%', '~', '"', 'é'),
    }),
    async check(server, spelling, context) {
      const answer = await spelled(server, insert(spelling));
      context.require(
        'STACIE-010',
        !server.succeeded(answer),
        `a ${spelling.member} with ${JSON.stringify(spelling.text)} in it to be refused`,
        shown(answer),
      );
      await tellReadings(server);
    },
  }),
  serverCase<StacieSpelling>({
    id: 'stacie-server/requests/white-space-in-base64url',
    title: 'A nonce or token with a line end, white space or a control character in it is refused.',
    decides: ['STACIE-012'],
    mostRuns: 10,
    given: fc.record({
      member: fc.constantFrom('nonce' as const, 'token' as const),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.constantFrom('\n', '\r\n', ' ', '\t', '\u0000', '\u007f'),
    }),
    async check(server, spelling, context) {
      const answer = await spelled(server, insert(spelling));
      context.require(
        'STACIE-012',
        !server.succeeded(answer),
        `a ${spelling.member} with ${JSON.stringify(spelling.text)} in it to be refused`,
        shown(answer),
      );
    },
  }),
  ...(
    [
      ['STACIE-010', 'alphabet', /^[A-Za-z0-9_=\s-]*$/, 'the alphabet with - and _'],
      ['STACIE-011', 'no-padding', /^[^=]*$/, 'no equals sign'],
      ['STACIE-012', 'no-white-space', /^[^\s\p{Cc}]*$/u, 'no white space and no control character'],
    ] as const
  ).map(([row, name, right, expected]) =>
    serverCase({
      id: `stacie-server/requests/written-${name}`,
      title: `Values in base64url that the server writes have ${expected}.`,
      decides: [row],
      async check(server, _, context) {
        for (const username of [(await server.account()).username, server.freshName()]) {
          const answer = await server.ask('login', { username });
          const [method] = passwordMethods(answer);
          for (const member of ['salt', 'nonce']) {
            const value = method?.[member];
            if (typeof value === 'string')
              context.require(row, right.test(value), `${member} with ${expected}`, shown(answer));
          }
        }
        context.require(row, true, '', '');
      },
    }),
  ),
];

function insert({ member, place, text }: StacieSpelling): (proof: Proof) => Proof {
  return (proof) => {
    const value = proof[member];
    const at = Math.floor(place * value.length);
    return { ...proof, [member]: value.slice(0, at) + text + value.slice(at) };
  };
}

/** Padding, the other alphabet and spare bits: refusing them is better, and taking them is right as well. */
async function tellReadings(server: Server): Promise<void> {
  const { context } = server;
  const told = async (reading: string, spelling: (token: string) => string): Promise<void> => {
    const answer = await spelled(server, ({ token, ...proof }) => ({ ...proof, token: spelling(token) }));
    context.follows(reading, server.succeeded(answer) ? 'taken' : 'refused');
  };
  await told('stacie-padding', (token) => `${token}==`);
  await told('stacie-spare-bits', (token) => token.slice(0, -1) + other(token.slice(-1)));
  // A token without the two characters says nothing: the nonce is long enough to have one, nearly always.
  const answer = await spelled(server, ({ nonce, token, ...rest }) => ({
    ...rest,
    nonce: swapped(nonce),
    token: swapped(token),
  }));
  context.follows('stacie-alphabet', server.succeeded(answer) ? 'taken' : 'refused');
}

const swapped = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

/** Of the 16 characters that leave the last 4 bits of 64 octets zero, to the next one. */
function other(last: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(last) + 1] ?? last;
}
