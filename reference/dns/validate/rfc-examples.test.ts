/** The examples that the RFCs print: what they say holds has to hold, and nothing near it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { denialIn } from './chain.js';
import { delegationSigner, isDigestOf, nsec3Of, zoneKey } from './data.js';
import { denialByNsec3, hashedName } from './hashed-denial.js';
import { defaultValidationLimits } from './limits.js';
import { types } from './message.js';
import { compareNames, nameFromText } from './name.js';
import { type Costs, judgeSet, setOf, type Zone } from './record-set.js';
import { recordsOf, replyOf, secondsOf } from './zone-lines.test-support.js';

interface Examples {
  readonly digests: readonly { readonly source: string; readonly key: string; readonly ds: string }[];
  readonly order: { readonly names: readonly string[] };
  readonly signatures: readonly {
    readonly source: string;
    readonly time: string;
    readonly zone: string;
    readonly key: string;
    readonly tag: number;
    readonly lines: readonly string[];
  }[];
  readonly denials: {
    readonly zone: string;
    readonly key: string;
    readonly time: string;
    readonly cases: readonly {
      readonly source: string;
      readonly name: string;
      readonly type: keyof typeof types;
      readonly authority: readonly string[];
      readonly proves: string;
    }[];
  };
  readonly hashes: {
    readonly salt: string;
    readonly iterations: number;
    readonly names: Readonly<Record<string, string>>;
  };
  readonly hashedDenials: {
    readonly zone: string;
    readonly cases: readonly {
      readonly source: string;
      readonly name: string;
      readonly type: keyof typeof types;
      readonly records: readonly string[];
      readonly proves: string;
    }[];
  };
}

const examples = JSON.parse(
  readFileSync(new URL('../../../fixtures/dnssec-rfc.json', import.meta.url), 'utf8'),
) as Examples;

const keyOf = (line: string) => {
  const [key] = recordsOf([line]).flatMap((record) => zoneKey(record) ?? []);
  if (key === undefined) throw new Error(`no key: ${line}`);
  return key;
};
const zoneOf = (name: string, key: string): Zone => ({ name: nameFromText(name) ?? '', keys: [keyOf(key)] });
const costsAt = (now: number): Costs => ({ limits: defaultValidationLimits, now, signatureChecks: 0 });
const octets = (line: string): Buffer => recordsOf([line])[0]?.data ?? Buffer.alloc(0);

describe('digests of keys', () => {
  it.each(examples.digests)('$source', ({ key, ds }) => {
    const signer = delegationSigner(octets(ds));
    const name = nameFromText(key.split(' ')[0] ?? '') ?? '';
    if (signer === null) throw new Error('no DS');
    expect(keyOf(key).tag).toBe(signer.tag);
    expect(isDigestOf(signer, name, keyOf(key))).toBe(true);
    expect(isDigestOf(signer, `x.${name}`, keyOf(key))).toBe(false);
    expect(isDigestOf({ ...signer, digest: signer.digest.subarray(1) }, name, keyOf(key))).toBe(false);
  });
});

it('puts names into the order of RFC 4034 section 6.1', () => {
  // Escaped octets are read by name.ts only from messages, so they are given in its own form.
  const names = examples.order.names.map((name) => name.toLowerCase().replace(/\.$/, ''));
  expect([...names].reverse().sort(compareNames)).toEqual(names);
});

describe('signatures', () => {
  it.each(examples.signatures)('$source', ({ time, zone, key, tag, lines }) => {
    const records = recordsOf(lines);
    const [first] = records;
    const set = setOf(records, first?.name ?? '', first?.type ?? 0);
    if (set === null) throw new Error('no set');
    const trusted = zoneOf(zone, key);
    expect(trusted.keys[0]?.tag).toBe(tag);
    expect(judgeSet(set, trusted, costsAt(secondsOf(time)))).toMatchObject({ holds: true, wildcardLabels: null });
    const [signature] = set.signatures;
    if (signature === undefined) throw new Error('no signature');
    const { inception, expiration } = signature;
    expect(judgeSet(set, trusted, costsAt(inception - 1))).toMatchObject({ why: expect.stringContaining('only from') });
    expect(judgeSet(set, trusted, costsAt(inception))).toMatchObject({ holds: true });
    expect(judgeSet(set, trusted, costsAt(expiration))).toMatchObject({ holds: true });
    expect(judgeSet(set, trusted, costsAt(expiration + 1))).toMatchObject({ why: expect.stringContaining('expired') });
    const bent = set.records.map((record, at) => (at === 0 ? { ...record, data: flipped(record.data) } : record));
    const verdict = judgeSet({ ...set, records: bent }, trusted, costsAt(inception));
    expect(verdict).toMatchObject({ why: expect.stringContaining('does not hold') });
  });
});

function flipped(data: Buffer): Buffer {
  const bent = Buffer.from(data);
  bent.writeUInt8((bent.at(-1) ?? 0) ^ 1, bent.length - 1);
  return bent;
}

describe('denials by NSEC', () => {
  const { zone, key, time, cases } = examples.denials;
  const trusted = zoneOf(zone, key);

  it.each(cases)('$source: $name $type is $proves', ({ name, type, authority, proves }) => {
    const reply = replyOf(name, type, types[type], { authority });
    const found = denialIn(reply, trusted, nameFromText(name) ?? '', types[type], costsAt(secondsOf(time)));
    expect(found.kind).toBe(proves);
  });

  it('prove nothing when their signatures do not hold', () => {
    for (const { name, type, authority } of cases) {
      const reply = replyOf(name, type, types[type], { authority });
      const late = costsAt(secondsOf('20240101000000'));
      expect(denialIn(reply, trusted, nameFromText(name) ?? '', types[type], late).kind).toBe('unproven');
    }
  });
});

describe('NSEC3', () => {
  const { salt, iterations, names } = examples.hashes;
  it('hashes names as RFC 5155 appendix A does', () => {
    for (const [name, hash] of Object.entries(names)) {
      const found = hashedName(nameFromText(name) ?? '', Buffer.from(salt, 'hex'), iterations);
      const bits = [...found].map((octet) => octet.toString(2).padStart(8, '0')).join('');
      const text = (bits.match(/.{5}/g) ?? []).map((digit) => Number.parseInt(digit, 2).toString(32)).join('');
      expect(text).toBe(hash);
    }
  });

  it.each(examples.hashedDenials.cases)('$source: $name $type is $proves', ({ name, type, records, proves }) => {
    const read = recordsOf(records).flatMap((record) => nsec3Of(record) ?? []);
    expect(read).toHaveLength(records.length);
    expect(denialByNsec3(read, 'example', nameFromText(name) ?? '', types[type], 12).kind).toBe(proves);
    expect(denialByNsec3(read, 'example', nameFromText(name) ?? '', types[type], 11).kind).toBe('too-many-iterations');
  });
});
