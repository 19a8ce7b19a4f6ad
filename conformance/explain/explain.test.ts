import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeArmor } from '../../reference/formats/armor.js';
import {
  fromHex,
  libdimeCase,
  libdimeIdentities,
  libdimeKeys,
  fromBase64 as messageOctets,
  libdime as messages,
  primeCase,
  primeIdentity,
  primeKeys,
  prime as primeMessages,
} from '../../reference/formats/message/vectors.test-support.js';
import {
  keysOf,
  type PrivateKeys,
  type Profile,
  parseSignet,
  serializeKeys,
} from '../../reference/formats/signet/index.js';
import { fromBase64, libdimeVectors, named } from '../../reference/formats/signet/vectors.test-support.js';
import { explain } from './explain.js';
import { askedKinds, type Explanation, mostRows, type Wishes } from './explanation.js';
import { renderExplanation } from './render.js';

const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');
const wrongs = ({ findings }: Explanation): (string | null)[] =>
  findings.filter(({ severity }) => severity === 'wrong').map(({ requirement }) => requirement);
const row = ({ rows }: Explanation, name: string): string | undefined =>
  rows.find((each) => each.name.trim() === name)?.value;
const { cases, signets } = libdimeVectors;
const signet = (name: string) => parseSignet('dime-2015', fromBase64(named(signets, name)));
const vector = (tcId: number): Uint8Array => {
  const found = cases.find((each) => each.tcId === tcId);
  if (found === undefined) throw new RangeError(`no tcId ${tcId}`);
  return found.input.encoding === 'armored' ? text(found.input.data) : fromBase64(found.input.data);
};
const vectorKeys = (
  profile: Profile,
  type: PrivateKeys['type'],
  keys: { signingPrivate: string; encryptionPrivate: string },
) => keysOf(profile, type, fromHex(keys.signingPrivate), fromHex(keys.encryptionPrivate));

describe('signets', () => {
  /** Where the digest has another reading than libdime; the reasons stand in its vectors' own test. */
  const strict: Readonly<Record<number, string>> = {
    18: 'SIG-037',
    19: 'SIG-053',
    20: 'SIG-020',
    24: 'SIG-013',
    29: 'SIG-056',
    33: 'SIG-020',
  };
  const bad = ['unknown', 'invalid', 'malformed', 'incomplete', 'broken-coc'];

  it.each(cases)('tcId $tcId: $comment', ({ tcId, context: { organisation, previous, recordKeys }, expected }) => {
    const explanation = explain(vector(tcId), {
      ...(organisation === undefined ? {} : { organization: signet(organisation) }),
      ...(previous === undefined ? {} : { previous: signet(previous) }),
      ...(recordKeys === undefined ? {} : { primaryKeys: recordKeys.map(fromHex) }),
    });
    const other = strict[tcId];
    if (other !== undefined) return expect(wrongs(explanation)).toContain(other);
    // 23: field 4 is the custody signature (OQ-27). 7: without keys of a record nothing is known, which is not wrong.
    const valid = tcId === 23 || tcId === 7 || (expected.parse === 'ok' && !bad.includes(expected.state));
    expect(explanation.valid, JSON.stringify(explanation.findings)).toBe(valid);
    if (expected.parse === 'error' || explanation.kind === 'unknown') return;
    // Field by field: each follows the one before, up to the end.
    const fields = explanation.rows.filter(({ offset }) => offset !== null && offset >= 5);
    expect(fields.map(({ name }) => Number.parseInt(name, 10))).toEqual(expected.fields.map(({ id }) => id));
    const ends = fields.map(({ offset, octets }) => (offset ?? 0) + (octets ?? 0));
    expect(fields.map(({ offset }) => offset)).toEqual([5, ...ends].slice(0, fields.length));
    for (const [kind, own] of [
      ['cryptographic', 'crypto'],
      ['full', 'full'],
      ['identifiable', 'id'],
    ] as const) {
      const shown = row(explanation, `${kind} fingerprint`);
      if (shown !== undefined) expect(shown).toBe(expected.fingerprints[own]);
    }
  });

  it('tells what it is, by which key each signature holds, and what was not checked', () => {
    const explanation = explain(vector(26));
    expect(explanation).toMatchObject({ title: 'user signet, identifiable form', profile: 'dime-2015', valid: true });
    const signatures = explanation.rows.flatMap(({ name, signature }) => (signature ? [`${name}: ${signature}`] : []));
    expect(signatures).toEqual([
      '5 User-Signature: holds',
      '6 Organizational-Signature (cryptographic): unchecked',
      '253 Organizational-Signature (full): unchecked',
      '255 Organizational-Signature (identifiable): unchecked',
    ]);
    expect(explanation.findings.map(({ text: told }) => told).join()).toContain('--organization');
  });

  it('shows what stands before a fault, and where the fault is', () => {
    const whole = vector(2);
    for (let length = 2; length < whole.length; length++) {
      const { valid, findings, rows } = explain(whole.subarray(0, length));
      expect(valid).toBe(false);
      const wrong = findings.find(({ severity }) => severity === 'wrong');
      expect(wrong?.offset).toBeLessThanOrEqual(length);
      for (const { offset, octets } of rows) expect((offset ?? 0) + (octets ?? 0)).toBeLessThanOrEqual(length);
    }
  });

  it('judges all of eight hundred thousand fields, and shows the first ones', () => {
    // Undefined fields with a name of one octet, and no data.
    const field = Uint8Array.of(251, 1, 65, 0, 0);
    const fields = 800_000;
    const head = explain(vector(1)).rows.findLast(({ offset }) => offset !== null);
    const start = vector(1).subarray(5, (head?.offset ?? 0) + (head?.octets ?? 0));
    const octets = new Uint8Array(5 + start.length + fields * field.length);
    const length = octets.length - 5;
    octets.set([0x06, 0xf0, length >> 16, (length >> 8) & 0xff, length & 0xff, ...start]);
    for (let at = 5 + start.length; at < octets.length; at += field.length) octets.set(field, at);
    const { rows, rowsLeftOut, profile } = explain(octets);
    expect(profile).toBe('dime-2015');
    expect(rows).toHaveLength(mostRows);
    expect(rowsLeftOut).toBeGreaterThan(fields - mostRows);
  });
});

describe('private keys', () => {
  const { org, user } = libdimeVectors.keys;
  const samples = [
    ['organization', org],
    ['user', user],
  ] as const;

  it.each(samples)('of type %s: the public halves, the private ones only when asked for', (type, known) => {
    if (known === undefined) throw new RangeError('the fixture lacks the key');
    const secretParts = [known.signingPrivate, known.encryptionPrivate];
    const explanation = explain(text(known.armoredKey));
    expect(explanation).toMatchObject({ kind: 'keys', valid: true, profile: 'dime-2015' });
    expect(row(explanation, 'public signing key')).toBe(known.signingPublic);
    expect(row(explanation, 'public encryption key')).toBe(known.encryptionPublic);
    const bare = serializeKeys(vectorKeys('dime-2015', type, known));
    for (const input of [
      text(known.armoredKey),
      bare,
      bare.subarray(0, 50),
      text(Buffer.from(bare).toString('base64')),
    ]) {
      for (const as of [undefined, ...askedKinds]) {
        const shown = JSON.stringify(explain(input, as === undefined ? {} : { as }));
        for (const part of secretParts) expect(shown).not.toContain(part.slice(0, 16));
        expect(shown).not.toContain(Buffer.from(bare).toString('base64').slice(8, 24));
      }
    }
    const asked = JSON.stringify(explain(text(known.armoredKey), { secrets: true }));
    for (const part of secretParts) expect(asked).toContain(part);
  });

  it('said to be a signet are not taken for one', () => {
    expect(wrongs(explain(text(org?.armoredKey ?? ''), { as: 'signet' }))).toEqual(['SIG-001']);
  });
});

describe('messages', () => {
  const reader = (actor: 'author' | 'origin' | 'destination' | 'recipient') => ({
    actor,
    keys: vectorKeys('dime-2015', 'user', libdimeKeys(actor)),
  });

  it('without keys: every chunk, and a note that nothing was opened', () => {
    const expected = messages.cases[0]?.expected.deserialize.chunks ?? [];
    const explanation = explain(libdimeCase(1));
    const chunks = explanation.rows.filter(({ offset }) => offset !== null).slice(-expected.length);
    expect(chunks.map(({ name }) => Number.parseInt(name, 10))).toEqual(expected.map(({ type }) => type));
    expect(explanation.valid).toBe(true);
    expect(explanation.findings.at(-1)?.text).toContain('--keys');
  });

  it.each(['author', 'recipient'] as const)('with the keys of the %s: headers and parts', (actor) => {
    const explanation = explain(libdimeCase(1), { reader: reader(actor), identities: libdimeIdentities() });
    // What libdime made is opened, and its slip told.
    expect(wrongs(explanation)).toEqual(['MSG-045']);
    const result = messages.cases[0]?.expected.actors[actor];
    expect(Object.keys(result?.commonHeaders ?? {}).length).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(result?.commonHeaders ?? {})) {
      expect(row(explanation, `header: ${name.toLowerCase()}`)).toBe(JSON.stringify(value));
    }
    expect(row(explanation, 'part: display')).toBeDefined();
  });

  it.each(['origin', 'destination'] as const)('with the keys of the %s: no headers, no parts', (actor) => {
    const explanation = explain(libdimeCase(1), { reader: reader(actor), identities: libdimeIdentities() });
    expect(wrongs(explanation)).toEqual(actor === 'origin' ? ['MSG-045'] : []);
    expect(explanation.rows.filter(({ name }) => /^(?:header|part)/.test(name))).toEqual([]);
    expect(row(explanation, actor === 'origin' ? 'envelope: author' : 'envelope: recipient')).toBeDefined();
  });

  it('a changed octet in a signed chunk shows as a signature that does not hold', () => {
    const changed = Uint8Array.from(libdimeCase(1));
    const display = explain(changed).rows.find(({ name }) => name === '67 display');
    const at = (display?.offset ?? 0) + 100;
    changed[at] = (changed[at] ?? 0) ^ 1;
    const explanation = explain(changed, { reader: reader('recipient'), identities: libdimeIdentities() });
    expect(wrongs(explanation)).toEqual(['MSG-060']);
  });

  it('keeps the chunks before a fault', () => {
    const whole = libdimeCase(1);
    const { rows, valid } = explain(whole.subarray(0, whole.length - 1));
    expect(valid).toBe(false);
    expect(rows.filter(({ name }) => /^\d+ /.test(name)).length).toBeGreaterThan(5);
    expect(rows.at(-1)?.name).toBe('(not read)');
  });

  it('of prime, for the recipient', () => {
    const [first] = primeMessages.cases;
    if (first === undefined) throw new RangeError('the fixture has no cases');
    const { organisation, userKey } = first.context;
    const keys = vectorKeys('prime', 'user', primeKeys(userKey));
    const identities = { destination: primeIdentity('destination', organisation) };
    const explanation = explain(primeCase(first.tcId), { reader: { actor: 'recipient', keys }, identities });
    expect(explanation).toMatchObject({ title: 'naked encrypted message', profile: 'prime', valid: true });
    const plaintext = Buffer.from(messageOctets(first.expected.plaintext ?? '')).toString('latin1');
    const headers = JSON.parse(row(explanation, 'headers') ?? '""') as string;
    expect(headers).not.toBe('');
    expect(plaintext.startsWith(headers)).toBe(true);
  });
});

describe('management records', () => {
  const pok = 'RoGlvqI6TBBj4AHMJPXYOoqXBnw8YpAR3Ga3DdhhBrM';

  it('token by token, with what each means', () => {
    const explanation = explain(text(`ver=1 pok=${pok} pol=mixed dx=dx.example.com x=y\n`));
    expect(explanation).toMatchObject({ kind: 'record', valid: true });
    expect(explanation.rows.map(({ offset, name }) => [offset, name])).toEqual([
      [0, 'ver'],
      [6, 'pok'],
      [54, 'pol'],
      [64, 'dx'],
      [82, '(unknown)'],
    ]);
  });

  it('as dig prints it', () => {
    const printed = `"ver=1 pok=${pok.slice(0, 20)}" "${pok.slice(20)} syn=a\\"b\\092\\099"\n`;
    const explanation = explain(text(printed));
    expect(explanation.valid).toBe(true);
    expect(row(explanation, 'syn')).toBe(`${JSON.stringify('a"b\\c')}, free text`);
    expect(wrongs(explain(text(printed + printed)))).toEqual(['REC-004']);
  });

  it('tells every token that is wrong', () => {
    const explanation = explain(text(`pok=${pok};pok=abc pol=maybe exp=x`));
    expect(explanation.findings.map(({ requirement, offset }) => [requirement, offset])).toEqual([
      ['REC-026', 52],
      ['REC-035', 60],
      ['REC-040', 70],
    ]);
  });
});

describe('DMTP', () => {
  it('commands, with the places of their arguments', () => {
    const explanation = explain(text('MAIL FROM:<a.example> [AbC] SIZE=12\r\n'));
    expect(explanation).toMatchObject({ title: 'DMTP command MAIL', valid: true });
    expect(explanation.rows.slice(1).map(({ offset, octets, name }) => [offset, octets, name.trim()])).toEqual([
      [11, 9, 'from'],
      [23, 3, 'fingerprint'],
      [33, 2, 'size'],
    ]);
  });

  it.each([
    ['SGNT USER=<a@b.example> DOMAIN=<b.example>\r\n', 'DMTP-040'],
    ['MAIL FROM=<b.example>\r\n', 'DMTP-041'],
    [`NOOP ${'x'.repeat(600)}\r\n`, 'DMTP-013'],
    ['250-OK\r\n251 OK\r\n', 'DMTP-016'],
    ['250_OK\r\n', 'DMTP-015'],
    ['EHLO example.com\r\n', null],
  ])('%j is wrong: %s', (line, requirement) => {
    expect(wrongs(explain(text(line)))).toEqual([requirement]);
  });

  it('replies, with the signet that is in them', () => {
    const base64 = named(signets, 'org');
    const explanation = explain(text(`250 OK [${base64}]\r\n`));
    expect(explanation.rows.map(({ name }) => name)).toContain('  signet: 1 Primary-Organizational-Key');
    expect(explanation.valid).toBe(true);
  });

  it('what a session said, line by line', () => {
    const explanation = explain(text('EHLO <a.example>\n250-DMTPv1\n250 OK\n\nQUIT\n'));
    expect(
      explanation.rows.filter(({ name }) => !name.startsWith(' ')).map(({ offset, name }) => [offset, name]),
    ).toEqual([
      [0, 'EHLO'],
      [17, '250'],
      [35, '(unknown)'],
      [36, 'QUIT'],
    ]);
  });
});

describe('STACIE messages', () => {
  it('member by member, with its revisions', () => {
    const explanation = explain(text('{"login":{"username":"alice"}}'));
    expect(explanation).toMatchObject({ title: 'STACIE message, login', valid: true });
    expect(explanation.rows).toContainEqual({ offset: 21, octets: null, name: '/login/username', value: '"alice"' });
    expect(row(explanation, 'revisions')).toBe('03, 00');
  });

  it('hides shards and tokens', () => {
    const shard = Buffer.alloc(64, 7).toString('base64url');
    const message = JSON.stringify({ realms: [{ label: 'mail', index: 0, shard }] });
    expect(row(explain(text(message)), 'revisions')).toBe('03');
    expect(JSON.stringify(explain(text(message)))).not.toContain(shard);
    expect(JSON.stringify(explain(text(message), { secrets: true }))).toContain(shard);
  });

  it.each([
    ['{"login":{"username":""}}', 'STACIE-147', 21],
    ['{"login":{"username":"a"},}', 'STACIE-008', 26],
  ])('%s is wrong: %s', (message, requirement, offset) => {
    const { findings } = explain(text(message));
    expect([findings[0]?.requirement, findings[0]?.offset]).toEqual([requirement, offset]);
  });
});

describe('whatever comes', () => {
  const magics = [0x04bf, 0x06f0, 0x06fd, 0x072d, 0x0737, 0x0774, 0x079b, 0x07a0, 0x07b8, 0x07dd];
  const known = [1, 2, 22, 26].map(vector).concat([libdimeCase(1), primeCase(1)]);
  const inputs: fc.Arbitrary<Uint8Array> = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.tuple(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 80 })).map(([magic, rest]) => {
      return Uint8Array.of(magic >> 8, magic & 0xff, ...rest);
    }),
    fc.tuple(fc.constantFrom(...known), fc.nat(), fc.nat(255)).map(([octets, at, octet]) => {
      const changed = Uint8Array.from(octets);
      changed[at % changed.length] = octet;
      return changed;
    }),
    fc
      .tuple(fc.constantFrom('250 ', 'SGNT ', 'ver=1 ', '"', '{"login":', '-----BEGIN USER SIGNET-----\n'), fc.string())
      .map(([start, rest]) => text(start + rest)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((data) => text(encodeArmor('USER SIGNET', data))),
  );
  const wishes: fc.Arbitrary<Wishes> = fc.oneof(
    fc.constant({}),
    fc.constantFrom(...askedKinds).map((as) => ({ as })),
  );

  it('never throws, and shows nothing that a terminal would act on', () => {
    fc.assert(
      fc.property(inputs, wishes, (input, wish) => {
        const explanation = explain(input, wish);
        expect(explanation.valid).toBe(wrongs(explanation).length === 0);
        const shown = renderExplanation(explanation, { colour: false, width: 100 });
        expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 1500 },
    );
  });

  it('says so when it is nothing of DIME', () => {
    expect(explain(text('hello'))).toMatchObject({ kind: 'unknown', valid: false });
  });
});
