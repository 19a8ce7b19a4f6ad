/** The operations on private keys, on the reference codec of keys. */
import { randomBytes } from 'node:crypto';
import { armorLabelOf, decodeArmor, encodeArmor } from '../../../reference/formats/armor.js';
import {
  decryptKeys,
  encryptKeys,
  type PrivateKeys,
  type Profile,
  parseKeys,
  SignetError,
} from '../../../reference/formats/signet/index.js';
import { refusingArmor } from './armor-operations.js';
import { fromBase64url, toBase64url } from './binary.js';
import { type ImmediateOperation, OperationRefusal, OperationUnsupported } from './serve.js';

export const keysOperations: Readonly<Record<'keys.parse' | 'keys.encrypt' | 'keys.decrypt', ImmediateOperation>> = {
  'keys.parse': (input) => {
    const octets = objectOctets(input);
    return keyMembers(refusingSignet(() => parseKeys(input.profile as Profile, octets), true));
  },
  'keys.encrypt': (input) => {
    const keys = refusingSignet(() => parseKeys(primeOnly(input), objectOctets(input)), true);
    const realmKey = fromBase64url(input.realmKey as string);
    const octets = refusingSignet(() => encryptKeys(keys, realmKey, randomBytes), false);
    return { armored: encodeArmor(armorLabelOf(octets) ?? '', octets) };
  },
  'keys.decrypt': (input) => {
    primeOnly(input);
    const octets = objectOctets(input);
    return keyMembers(refusingSignet(() => decryptKeys(octets, fromBase64url(input.realmKey as string)), true));
  },
};

type Input = Readonly<Record<string, unknown>>;

/** As common.schema.json has `keys`. */
export interface KeysMember {
  readonly signingPrivate?: string;
  readonly armored?: string;
}

export function keyMembers(keys: PrivateKeys): Record<string, unknown> {
  const { type, signingPrivate, signingPublic, encryptionPrivate, encryptionPublic } = keys;
  return {
    type,
    signingPrivate: toBase64url(signingPrivate),
    signingPublic: toBase64url(signingPublic),
    encryptionPrivate: toBase64url(encryptionPrivate),
    encryptionPublic: toBase64url(encryptionPublic),
  };
}

/**
 * The Ed25519 seed in a member with keys.
 *
 * @throws OperationRefusal
 */
export function signingPrivateIn(profile: Profile, { signingPrivate, armored }: KeysMember): Uint8Array {
  if (armored !== undefined) {
    const { data } = refusingArmor(() => decodeArmor(armored));
    return refusingSignet(() => parseKeys(profile, data), true).signingPrivate;
  }
  const seed = fromBase64url(signingPrivate ?? '');
  if (seed.length === 32) return seed;
  throw new OperationRefusal(`signingPrivate has ${seed.length} octets instead of 32`, { requirement: 'SIG-068' });
}

/**
 * The octets of an object that an operation is given as `data` or as `armored`.
 *
 * @throws OperationRefusal
 */
export function objectOctets({ data, armored }: Input): Uint8Array {
  if (armored === undefined) return fromBase64url(data as string);
  return refusingArmor(() => decodeArmor(armored as string)).data;
}

/**
 * `located`: the error's offset is one in the input, not in an object that was to be written.
 *
 * @throws OperationRefusal for what the codec refuses
 */
export function refusingSignet<Value>(work: () => Value, located: boolean): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SignetError)) throw error;
    const { message, requirement, offset } = error;
    throw new OperationRefusal(message, {
      // Some refusals name an open question, which is no row of the catalogue.
      requirement: requirement?.startsWith('SIG-') === true ? requirement : undefined,
      offset: located ? offset : undefined,
    });
  }
}

function primeOnly({ profile }: Input): 'prime' {
  if (profile === 'prime') return profile;
  throw new OperationUnsupported(`profile ${String(profile)} has no encrypted keys (SIG-093)`);
}
