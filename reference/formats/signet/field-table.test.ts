import { describe, expect, it } from 'vitest';
import { fieldTable, keyObjectTypes, type ObjectType, signetTypes } from './index.js';

describe('the field tables', () => {
  it('give prime the length octets of section 11.3, by id alone', () => {
    for (const type of [...signetTypes, ...keyObjectTypes]) {
      for (const { id, lengthOctets } of fieldTable('prime', type).definitions) {
        const by =
          id === 252 ? 3 : id === 253 || id === 255 || (id >= 4 && id <= 15) ? 0 : id >= 160 && id <= 251 ? 2 : 1;
        expect([type, id, lengthOctets]).toEqual([type, id, by]);
      }
    }
  });

  it('give dime-2015 two length octets for encryption keys, save for the alternate key of a request (OQ-20, OQ-21)', () => {
    const two = (type: ObjectType): number[] =>
      fieldTable('dime-2015', type)
        .definitions.filter(({ id, lengthOctets }) => id < 16 && lengthOctets === 2)
        .map(({ id }) => id);
    expect(two('organization')).toEqual([3]);
    expect(two('user')).toEqual([2, 3]);
    expect(two('signing-request')).toEqual([2]);
    expect(two('organization-keys')).toEqual([3]);
    expect(two('user-keys')).toEqual([2]);
  });

  // Sections 2.4, 3.1 to 3.3: SIG-014 to SIG-017.
  it('allow what the digest allows, and repeat what it repeats', () => {
    const allowed = (type: ObjectType) => fieldTable('dime-2015', type).definitions.map(({ id }) => id);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    expect(allowed('organization')).toEqual([...range(1, 4), ...range(16, 255)]);
    expect(allowed('user')).toEqual([...range(1, 6), ...range(16, 255)]);
    expect(allowed('signing-request')).toEqual(range(1, 5));
    const repeatable = (type: ObjectType) =>
      fieldTable('dime-2015', type)
        .definitions.filter(({ unique }) => !unique)
        .map(({ id }) => id);
    expect(repeatable('organization')).toEqual([2, 21, 251]);
    expect(repeatable('user')).toEqual([3, 21, 202, 251]);
    expect(repeatable('signing-request')).toEqual([3]);
  });
});
