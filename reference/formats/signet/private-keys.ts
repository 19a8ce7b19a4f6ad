/** Private key objects: generated, read and written. (Section 3.4) */
import { readFields, readMagic, writeObject } from './binary-object.js';
import { rawPublicKey, seedOctets } from './ed25519.js';
import type { FieldContent, KeyObjectType } from './field-rows.js';
import { type FieldTable, fieldTable, headerOctets, typeOfMagic } from './field-table.js';
import type { Profile } from './profile.js';
import { compressedPoint, isScalar, scalarOctets } from './secp256k1.js';
import { SignetError } from './signet-error.js';

/** The keys of an organization or a user. */
export interface PrivateKeys {
  readonly profile: Profile;
  readonly type: 'organization' | 'user';
  /** Ed25519 seed, 32 octets (SIG-068). */
  readonly signingPrivate: Uint8Array;
  /** Raw Ed25519 public key, 32 octets. */
  readonly signingPublic: Uint8Array;
  /** secp256k1 scalar, 32 octets (SIG-069). */
  readonly encryptionPrivate: Uint8Array;
  /** Compressed secp256k1 point, 33 octets. */
  readonly encryptionPublic: Uint8Array;
}

/** Gives this many random octets. */
export type Random = (octets: number) => Uint8Array;

/** A right source misses the range of scalars once in 2^128 times; one that does so again and again is broken. */
const mostDraws = 16;

/** @throws RangeError when the random source gives no usable scalar */
export function generateKeys(profile: Profile, type: PrivateKeys['type'], random: Random): PrivateKeys {
  const signingPrivate = random(seedOctets);
  for (let draw = 0; draw < mostDraws; draw++) {
    const encryptionPrivate = random(scalarOctets);
    if (isScalar(encryptionPrivate)) return keysOf(profile, type, signingPrivate, encryptionPrivate);
  }
  throw new RangeError(`the random source gave no secp256k1 scalar in ${mostDraws} draws`);
}

/**
 * Completes private keys with their public halves.
 *
 * @throws SignetError for a seed or scalar of a wrong size or range (SIG-068, SIG-069, SIG-072)
 */
export function keysOf(
  profile: Profile,
  type: PrivateKeys['type'],
  signingPrivate: Uint8Array,
  encryptionPrivate: Uint8Array,
): PrivateKeys {
  checkKeyData('signing-private', signingPrivate, 0);
  checkKeyData('encryption-private', encryptionPrivate, 0);
  return {
    profile,
    type,
    signingPrivate: new Uint8Array(signingPrivate),
    signingPublic: rawPublicKey(signingPrivate),
    encryptionPrivate: new Uint8Array(encryptionPrivate),
    encryptionPublic: compressedPoint(encryptionPrivate),
  };
}

/**
 * Reads a binary key object. In the two 2015 profiles both forms of the file are read, and `profile` of the result says
 * which one it was (SIG-071).
 *
 * @throws SignetError
 */
export function parseKeys(profile: Profile, octets: Uint8Array): PrivateKeys {
  const type = typeOfMagic(readMagic(octets));
  if (octets.length >= headerOctets && type !== 'organization-keys' && type !== 'user-keys') {
    throw new SignetError({
      code: 'wrong-magic',
      requirement: 'SIG-002',
      offset: 0,
      what: `${readMagic(octets)} is not the magic number of a key object`,
      section: '1',
    });
  }
  const objectType = type === 'user-keys' ? type : 'organization-keys';
  return readKeys(fieldTable(profile === 'prime' ? profile : formOf(profile, objectType, octets), objectType), octets);
}

/** Writes a key object in the form of its profile (SIG-070). Inverse of parseKeys. */
export function serializeKeys({ profile, type, signingPrivate, encryptionPrivate }: PrivateKeys): Uint8Array {
  const objectType: KeyObjectType = `${type}-keys`;
  return writeObject(fieldTable(profile, objectType), [
    { id: 1, data: signingPrivate },
    { id: encryptionId(objectType), data: encryptionPrivate },
  ]);
}

/** The profile whose form the octets have, told by the octet after the id of the second field; `asked` when neither. */
function formOf(asked: Profile, type: KeyObjectType, octets: Uint8Array): Profile {
  const second = headerOctets + 2 + (octets[headerOctets + 1] ?? 0);
  if (octets[second] !== encryptionId(type)) return asked;
  const next = octets[second + 1];
  return next === 0 ? 'dime-2015' : next === scalarOctets ? 'dime-2015-magma' : asked;
}

function encryptionId(type: KeyObjectType): 2 | 3 {
  return type === 'organization-keys' ? 3 : 2;
}

function readKeys(table: FieldTable, octets: Uint8Array): PrivateKeys {
  const fields = readFields(table, octets, 'refuse');
  const [signing, encryption] = table.definitions.map(({ id, content }) => {
    const field = fields.first(id);
    if (field === undefined) {
      throw new SignetError({
        code: 'missing-field',
        requirement: content === 'signing-private' ? 'SIG-068' : 'SIG-069',
        offset: octets.length,
        what: `field ${id} is missing in a key object`,
        section: '3.4',
      });
    }
    checkKeyData(content, field.data, field.offset);
    return field.data;
  });
  const type = table.type === 'organization-keys' ? 'organization' : 'user';
  return keysOf(table.profile, type, signing ?? new Uint8Array(), encryption ?? new Uint8Array());
}

/** Another size is mostly the DER form of before October 2016 (OQ-23), which is not read. */
function checkKeyData(content: FieldContent, data: Uint8Array, offset: number): void {
  const signing = content === 'signing-private';
  const size = signing ? seedOctets : scalarOctets;
  const fault = (requirement: string, what: string): SignetError =>
    new SignetError({ code: 'bad-key', requirement, offset, what, section: '3.4' });
  if (data.length !== size) {
    const what = `the private ${signing ? 'signing' : 'encryption'} key has ${data.length} octets instead of ${size}`;
    throw fault(signing ? 'SIG-068' : 'SIG-069', what);
  }
  if (!signing && !isScalar(data)) {
    throw fault('SIG-072', 'the private encryption key is zero or not below the group order');
  }
}
