import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseSignet, rawPublicKey, signingKeyOf, validateSignet } from '../formats/signet/index.js';
import { createMemoryStore, sampleAccounts, sampleKeys, sampleSignets } from './store.js';

const domain = 'dime.example';
const primary = randomBytes(32);
const keys = sampleKeys(domain, randomBytes, primary);
const sample = sampleSignets(domain, randomBytes, keys);
const parsed = (name: string) => (sample.signets.get(name) ?? []).map(({ octets }) => parseSignet('dime-2015', octets));
const organization = parsed(domain).at(-1);

describe('sample accounts', () => {
  const store = createMemoryStore({ ...sample, accounts: sample.accounts.map((name) => name.toUpperCase()) });

  test('are known by their names in lower case', () => {
    expect(sampleAccounts(domain)).toEqual(sample.accounts);
    expect(store.hasAccount('alice@dime.example')).toBe(true);
    expect(store.hasAccount('carol@dime.example')).toBe(false);
    expect(store.signets('carol@dime.example')).toBeNull();
  });

  test.each([domain, ...sampleAccounts(domain)])('%s has a chain of three signets, all different', (name) => {
    const chain = store.signets(name) ?? [];
    expect(chain).toHaveLength(3);
    const fingerprints = chain.flatMap((signet) => Object.values(signet.fingerprints));
    expect(new Set(fingerprints).size).toBe(9);
    // A reply of SGNT must fit the 4,095 octets of libdime's client.
    for (const { octets } of chain) expect(octets.length * (4 / 3)).toBeLessThan(4000);
    // Section 8 of the signets digest: SHA-512, unpadded standard base64.
    for (const fingerprint of fingerprints) expect(fingerprint).toMatch(/^[A-Za-z0-9+/]{86}$/);
  });
});

describe('sample signets', () => {
  test('of the organization are signed with the primary key of the record, which stays the same', () => {
    const pok = rawPublicKey(primary);
    expect(parsed(domain).map((signet) => validateSignet(signet, { primaryKeys: [pok] }))).toEqual(
      Array(3).fill({ state: 'full' }),
    );
    expect(validateSignet(organization ?? fail(), { primaryKeys: [rawPublicKey(randomBytes(32))] }).state).toBe(
      'unknown',
    );
  });

  test.each(sampleAccounts(domain))('of %s hold with the organization, each bound to the one before', (name) => {
    const [first, second, third] = parsed(name);
    if (first === undefined || second === undefined || third === undefined) throw new RangeError('a chain of three');
    const state = (signet: typeof first, previous?: typeof first) =>
      validateSignet(signet, {
        organization: organization ?? fail(),
        ...(previous === undefined ? {} : { previous }),
      }).state;
    expect([state(first), state(second, first), state(third, second)]).toEqual(['full', 'full', 'full']);
    expect([state(second), state(third, first), state(second, third)]).toEqual(Array(3).fill('broken-chain'));
  });

  test('have an identifiable form too, with the name in it', () => {
    for (const [name, chain] of sample.identifiable) {
      for (const { fields } of chain) expect(Buffer.from(fields.first(254)?.data ?? []).toString()).toBe(name);
    }
  });

  test('follow from the keys alone', () => {
    expect(sampleSignets(domain, randomBytes, keys).signets).toEqual(sample.signets);
    const newest = keys.get('alice@dime.example')?.at(-1);
    expect(signingKeyOf(parsed('alice@dime.example').at(-1) ?? fail())).toEqual(newest?.signingPublic);
  });
});

function fail(): never {
  throw new RangeError('no signet of the organization');
}
