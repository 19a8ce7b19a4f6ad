import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf } from '../../../../grammar/generate.js';
import { stacieLeaves } from '../../../../grammar/leaves.js';
import { nearMissOf } from '../../../../grammar/mutate.js';
import {
  answerKinds,
  formatStacieMessage,
  laxReadings,
  parseStacieAnswer,
  parseStacieMessage,
  parseStacieRequest,
  requestKinds,
  type StacieKind,
  StacieMessageError,
  type StacieMessages,
  type StacieRevision,
  stacieSchemas,
  strictReadings,
} from './index.js';

function refusal(read: () => unknown): StacieMessageError {
  try {
    read();
  } catch (error) {
    if (error instanceof StacieMessageError) return error;
    throw error;
  }
  throw new Error('taken');
}

const octets = (min: number, max = min) => fc.uint8Array({ minLength: min, maxLength: max });
const text64 = 'A'.repeat(86);
const username = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 40 })
  .filter((text) => !/\p{Surrogate}/u.test(text));
const label = fc.constantFrom('mail', 'a', '0.b-c_d');
const realms = fc.uniqueArray(fc.record({ label, index: fc.nat(65_535), shard: octets(64) }), {
  selector: (entry) => `${entry.label} ${entry.index}`,
  maxLength: 4,
});
const proof = { username, nonce: octets(64, 140), token: octets(64) };
const salt = octets(64, 140);
const bonus = fc.nat(16_777_216);

const values: { [Kind in StacieKind]: fc.Arbitrary<StacieMessages[Kind]> } = {
  login: fc.record({ username }),
  register: fc.record({ username }),
  error: fc.string({ unit: 'grapheme' }),
  methods: fc
    .record(
      {
        username,
        salt,
        nonce: octets(64, 140),
        bonus,
        hash: fc.constant('sha2' as const),
        cipher: fc.constant('aes' as const),
        disposition: fc.constantFrom('required' as const, 'optional' as const),
      },
      { requiredKeys: ['username', 'nonce', 'bonus', 'hash', 'cipher', 'disposition'] },
    )
    .map((password) => ({ password, skipped: [] })),
  authenticate: fc.record(proof),
  keys: realms,
  realms,
  recruit: fc.record({ username, salt, bonus, hash: fc.constant('sha2' as const) }),
  enroll: fc.record({ username, salt, verificationToken: octets(64) }),
  change: fc.record(
    {
      ...proof,
      passwordKey: octets(64),
      salt,
      bonus,
      verificationToken: octets(64),
      realms,
      removed: realms.map((entries) => entries.map(({ label, index }) => ({ label, index }))),
    },
    { requiredKeys: ['username', 'nonce', 'token', 'passwordKey', 'verificationToken', 'realms', 'removed'] },
  ),
  fetch: fc.oneof(
    fc.record(proof),
    fc.record({ ...proof, label }),
    fc.record({ ...proof, label, index: fc.nat(65_535) }),
  ),
  add: fc.record({ ...proof, label, shard: octets(64) }),
};
const kinds = [...requestKinds, ...answerKinds];
const revisionOf = (kind: StacieKind): StacieRevision => (kind === 'keys' ? '00' : '03');

describe.each(kinds)('%s', (kind) => {
  const revision = revisionOf(kind);
  it('is read as it was written, also when it is spaced, and by the reader of its direction', () => {
    fc.assert(
      fc.property(values[kind] as fc.Arbitrary<StacieMessages[typeof kind]>, (value) => {
        const text = formatStacieMessage(kind, revision, value);
        expect(parseStacieMessage(kind, revision, text)).toEqual(value);
        const spaced = Buffer.from(JSON.stringify(JSON.parse(text), null, '\t'));
        const any = requestKinds.some((each) => each === kind) ? parseStacieRequest : parseStacieAnswer;
        expect(any(revision, spaced)).toEqual({ kind, value });
      }),
      { numRuns: 40 },
    );
  });
  it('has a schema that a validator without our annotations takes and that takes the right texts', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const schema of Object.values(stacieSchemas)) ajv.addSchema(schema);
    const validate = ajv.getSchema(`${kind}.schema.json`);
    for (const value of fc.sample(values[kind] as fc.Arbitrary<StacieMessages[typeof kind]>, 20)) {
      expect(validate?.(JSON.parse(formatStacieMessage(kind, revision, value)))).toBe(true);
    }
    expect(validate?.({})).toBe(false);
  });
});

describe('a refusal', () => {
  it.each<[StacieKind, string, Partial<StacieMessageError>]>([
    [
      'login',
      '{"login":{"username":5}}',
      { member: '/login/username', offset: 21, what: 'the number 5', bound: 'string' },
    ],
    ['login', '{"login":{}}', { member: '/login/username', offset: 9, what: 'nothing', requirement: 'STACIE-147' }],
    [
      'login',
      '{"login":{"username":"a","username":"a"}}',
      { member: '/login/username', offset: 25, interpretation: 'STACIE-I-64' },
    ],
    ['login', '{"login":{"username":"a","x":[{"y":1,"y":2}]}}', { member: '/login/x/0/y', offset: 37 }],
    ['login', '{"register":{"username":"a"}}', { member: '/register', bound: 'login', requirement: 'STACIE-147' }],
    ['login', '{}', { member: '', what: 'an object with 0 members', interpretation: 'STACIE-I-64' }],
    ['login', '{"login" {}}', { member: '', offset: 9, what: '"{"', requirement: 'STACIE-008' }],
    ['error', '{"error":7}', { member: '/error', requirement: 'STACIE-192' }],
    [
      'realms',
      '{"realms":[{"label":"Mail","index":"0","shard":""}]}',
      { member: '/realms/0/label', interpretation: 'STACIE-I-35' },
    ],
    [
      'realms',
      `{"realms":[{"label":"mail","index":1e3,"shard":"${text64}"}]}`,
      { member: '/realms/0/index', offset: 35, what: '1e3' },
    ],
    [
      'realms',
      `{"realms":[{"label":"mail","index":-0,"shard":"${text64}"}]}`,
      { member: '/realms/0/index', what: '-0' },
    ],
    [
      'realms',
      `{"realms":[{"label":"mail","index":"0","shard":"${text64.slice(1)}B"}]}`,
      { member: '/realms/0/shard', what: 'spare bits that are not zero' },
    ],
    [
      'realms',
      '{"realms":[{"label":"mail","index":"0","shard":"AA A"}]}',
      { what: 'white space at character 2', requirement: 'STACIE-012' },
    ],
    [
      'fetch',
      `{"fetch":{"username":"a","nonce":"${text64}","token":"${text64}","index":"1"}}`,
      { member: '/fetch/label', what: 'nothing' },
    ],
  ])('%s %s', (kind, text, expected) => {
    expect(refusal(() => parseStacieMessage(kind, '03', text))).toMatchObject(expected);
  });
  it('says where, what, what would be right, and by which row, visibly', () => {
    const text = '{"login":{"username":""},"\u202e\u0007":1}'.replace('\u0007', '\\u0007');
    expect(refusal(() => parseStacieMessage('login', '03', '{"login":{"username":""}}')).message).toBe(
      '"/login/username", offset 21: a text of 0 characters; expected at least one character (STACIE-147, STACIE-I-22)',
    );
    expect(refusal(() => parseStacieMessage('login', '03', text)).message).toMatch(/^[ -~]+$/);
  });
  it('meets what belongs to the other revision', () => {
    expect(refusal(() => parseStacieMessage('keys', '03', '{"keys":[]}')).bound).toBe('a message of revision 03');
    expect(refusal(() => parseStacieAnswer('00', '{"realms":[]}')).bound).toBe('methods, keys, error, recruit');
    expect(refusal(() => formatStacieMessage('realms', '00', [])).bound).toBe('a message of revision 00');
  });
  it('meets requests where answers belong', () => {
    expect(refusal(() => parseStacieAnswer('03', '{"login":{"username":"a"}}')).what).toBe('another message');
    expect(refusal(() => parseStacieRequest('03', '{"error":"a"}')).what).toBe('another message');
  });
  it('is not what a member named __proto__ can get round', () => {
    expect(refusal(() => parseStacieMessage('login', '03', '{"login":{"__proto__":{"username":"a"}}}')).member).toBe(
      '/login/username',
    );
    expect(refusal(() => parseStacieRequest('03', '{"__proto__":{"username":"a"}}')).member).toBe('/__proto__');
  });
  it.each<[string, object]>([
    ['a short nonce', { nonce: new Uint8Array(63) }],
    ['no username', { username: '' }],
    ['a lone surrogate', { username: '\ud800' }],
    ['a token of 65 octets', { token: new Uint8Array(65) }],
  ])('keeps %s from being written', (_, bend) => {
    const right = { username: 'a\\ud800', nonce: new Uint8Array(64), token: new Uint8Array(64) };
    expect(parseStacieMessage('authenticate', '03', formatStacieMessage('authenticate', '03', right))).toEqual(right);
    expect(refusal(() => formatStacieMessage('authenticate', '03', { ...right, ...bend }))).toBeInstanceOf(Error);
  });
});

describe('near misses of the texts in strings, made from the grammar', () => {
  const ring = (entry: object): string =>
    JSON.stringify({ realms: [{ label: 'mail', index: '0', shard: text64, ...entry }] });
  it.each([
    ['Octets64', 'shard'],
    ['Decimal', 'index'],
    ['Label', 'label'],
  ] as const)('of %s are refused in the member %s', (rule, member) => {
    const misses = nearMissOf('stacie', rule, { leaves: stacieLeaves }).filter(({ text }) => /^[ -~]*$/.test(text));
    for (const { text } of fc.sample(misses, { numRuns: 100, seed: 1 })) {
      expect(refusal(() => parseStacieMessage('realms', '03', ring({ [member]: text }))).member).toBe(
        `/realms/0/${member}`,
      );
    }
  });
  it('and what fits is taken', () => {
    const leaves = { ...stacieLeaves, Decimal: fc.nat(65_535).map(String) };
    for (const [rule, member] of [
      ['Octets64', 'shard'],
      ['Decimal', 'index'],
      ['Label', 'label'],
    ] as const) {
      for (const text of fc.sample(arbitraryOf('stacie', rule, { leaves }), 30)) {
        expect(parseStacieMessage('realms', '03', ring({ [member]: text }))).toHaveLength(1);
      }
    }
  });
});

describe('readings', () => {
  const enroll = (salt: string): string =>
    JSON.stringify({ enroll: { username: 'a', salt, 'verification-token': text64 } });
  const shortTail = Buffer.alloc(64, 0xff).toString('base64url');
  // Each strictness has one text that only the other reading takes.
  it.each<[keyof typeof strictReadings, string]>([
    ['padding', enroll(`${text64}==`)],
    ['alphabet', enroll(shortTail.replaceAll('_', '/'))],
    ['spareBits', enroll(`${text64.slice(1)}B`)],
    ['repeatedNames', `{"enroll":{"username":"b",${enroll(text64).slice('{"enroll":{'.length)}`],
    ['spelling', `{ enroll: { username: a salt: ${text64} verification-token: "${text64}", } }`],
  ])('%s decides this text alone', (name, text) => {
    const lax = { ...strictReadings, [name]: laxReadings[name] };
    expect(parseStacieMessage('enroll', '03', text, { readings: lax })).toMatchObject({ username: 'a' });
    expect(refusal(() => parseStacieMessage('enroll', '03', text))).toBeInstanceOf(StacieMessageError);
    const others = { ...laxReadings, [name]: strictReadings[name] };
    expect(refusal(() => parseStacieMessage('enroll', '03', text, { readings: others }))).toBeInstanceOf(
      StacieMessageError,
    );
  });
});

it('is bounded: a text of the longest kind and hostile shape is answered in a moment', () => {
  const long = `{"login":{"username":"${'a'.repeat(65_000)}"}}`;
  expect(refusal(() => parseStacieMessage('login', '03', long)).member).toBe('/login/username');
  expect(refusal(() => parseStacieMessage('login', '03', `${long}${' '.repeat(1_000)}`)).bound).toContain(
    '65536 octets',
  );
  expect(parseStacieAnswer('03', `{"error":"${'a'.repeat(4_096)}"}`).kind).toBe('error');
});
