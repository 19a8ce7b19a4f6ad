import { describe, expect, it } from 'vitest';
import { deepChange, hybridChange, nextSerial, type RealmShard, realmKeys, shallowChange } from './index.js';

const filled = (octet: number, length = 64) => new Uint8Array(length).fill(octet);
const before = { masterKey: filled(1), salt: filled(2, 128) };
const after = { masterKey: filled(3), salt: filled(4, 128) };
const realms: RealmShard[] = [
  { realm: 'mail', serial: 0, shard: filled(10) },
  { realm: 'mail', serial: 4, shard: filled(11) },
  { realm: 'contacts', serial: 0, shard: filled(12) },
];
const random = (octets: number) => filled(99, octets);
const names = (list: readonly RealmShard[]) => list.map(({ realm, serial }) => `${realm} ${serial}`);
const keyOf = (credentials: typeof before, realm: RealmShard | undefined) =>
  realm === undefined ? null : realmKeys('03', { ...credentials, ...realm }).realmKey;

describe('a password change', () => {
  it('shallow: every shard is new, no realm key and no serial is', () => {
    const rotated = shallowChange({ realms, before, after });
    expect(names(rotated)).toEqual(names(realms));
    for (const [at, realm] of realms.entries()) {
      expect(rotated[at]?.shard).not.toEqual(realm.shard);
      expect(keyOf(after, rotated[at])).toEqual(keyOf(before, realm));
    }
  });

  it('shallow: brings realms of the shard variant to the formula of 03', () => {
    const [rotated] = shallowChange({ realms, before: { ...before, revision: 'shard' }, after });
    const [old] = realms;
    expect(keyOf(after, rotated)).toEqual(old && realmKeys('shard', { ...before, ...old }).realmKey);
  });

  it('deep: one new shard a realm under its next serial, and the old ones go', () => {
    const { added, dropped } = deepChange({ realms }, random);
    expect(names(added)).toEqual(['mail 5', 'contacts 1']);
    expect(dropped).toEqual(realms);
  });

  it('hybrid: old data stays readable, new data gets new keys', () => {
    const { rotated, added } = hybridChange({ realms, before, after }, random);
    expect(rotated).toEqual(shallowChange({ realms, before, after }));
    expect(names(added)).toEqual(['mail 5', 'contacts 1']);
  });

  it('is refused when it would lose or mix up a realm', () => {
    const [first] = realms;
    const twice = first === undefined ? [] : [first, first];
    expect(() => shallowChange({ realms: twice, before, after })).toThrow(/serial 0 of one label twice/);
    expect(() => shallowChange({ realms, before, after: { masterKey: after.masterKey } })).toThrow(
      'STACIE newSalt is missing; right is a new salt, since the account has one (section 1.9, STACIE-137)',
    );
    const full = [{ realm: 'mail', serial: 65_535, shard: filled(1) }];
    expect(() => deepChange({ realms: full }, random)).toThrow(/serial would be 65,536; .*STACIE-I-44/);
    expect(() => deepChange({ realms }, () => filled(1, 32))).toThrow(/shard has 32 octets/);
  });

  it('counts serials from 0', () => {
    expect([[], [0], [3, 1], [65_534]].map((serials) => nextSerial(serials))).toEqual([0, 1, 4, 65_535]);
  });
});
