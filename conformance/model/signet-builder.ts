/**
 * Makes signets, signing requests and their parts from the tables of the signets digest, on node:crypto alone and apart
 * from reference/formats: what a case gives to a peer, and what it compares answers with.
 */
import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

export type Octets = Uint8Array;
export type Profile = 'dime-2015' | 'dime-2015-magma' | 'prime';
export type Kind = 'organization' | 'user' | 'signing-request';
export type Form = 'cryptographic' | 'full' | 'identifiable';

export const forms: readonly Form[] = ['cryptographic', 'full', 'identifiable'];

/** Section 1. */
export const magics = { organization: 1776, user: 1789, 'signing-request': 1215 } as const satisfies Record<
  Kind,
  number
>;

export interface Field {
  readonly id: number;
  /** Of an undefined field (251). */
  readonly name?: Octets;
  readonly data: Octets;
}

export interface SigningKey {
  readonly seed: Octets;
  /** 32 octets. */
  readonly publicKey: Octets;
}

export interface EncryptionKey {
  readonly scalar: Octets;
  /** Compressed, 33 octets. */
  readonly point: Octets;
}

export interface Identity {
  readonly signing: SigningKey;
  readonly encryption: EncryptionKey;
}

export const concat = (...parts: readonly Octets[]): Octets => new Uint8Array(Buffer.concat(parts));
export const utf8 = (text: string): Octets => new Uint8Array(Buffer.from(text, 'utf8'));
export const hex = (text: string): Octets => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
export const sha512 = (octets: Octets): Octets => new Uint8Array(createHash('sha512').update(octets).digest());

/** RFC 8410: what stands before the raw key in the DER of a public Ed25519 key. */
const publicPrefix = hex('302a300506032b6570032100');

export function signingKey(seed: Octets): SigningKey {
  const spki = createPublicKey(privateKeyOf(seed)).export({ type: 'spki', format: 'der' });
  return { seed, publicKey: new Uint8Array(spki.subarray(-32)) };
}

export function encryptionKey(scalar: Octets): EncryptionKey {
  const ecdh = createECDH('secp256k1');
  ecdh.setPrivateKey(scalar);
  return { scalar, point: new Uint8Array(ecdh.getPublicKey(null, 'compressed')) };
}

export function ed25519(key: SigningKey, octets: Octets): Octets {
  return new Uint8Array(sign(null, octets, privateKeyOf(key.seed)));
}

/** Whether a raw public key (32 octets) verifies a signature; a key that is none verifies nothing. */
export function verifies(publicKey: Octets, octets: Octets, signature: Octets): boolean {
  if (publicKey.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.from(concat(publicPrefix, publicKey)), type: 'spki', format: 'der' });
  return verify(null, octets, key, signature);
}

const privateKeys = new WeakMap<Octets, KeyObject>();

/** Kept for as long as its seed is: a signet has several signatures by one key. */
function privateKeyOf(seed: Octets): KeyObject {
  const known = privateKeys.get(seed);
  if (known !== undefined) return known;
  // As JWK, which is read several times as fast as DER; node computes x anew.
  const d = Buffer.from(seed).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x: d }, format: 'jwk' });
  privateKeys.set(seed, key);
  return key;
}

/** The same signature with the order of the group added to its scalar half: RFC 8032 refuses it, some do not. */
export function withGroupOrderAdded(signature: Octets): Octets {
  const order = (1n << 252n) + 27742317777372353535851937790883648493n;
  const scalar = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const half = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse();
  return concat(signature.subarray(0, 32), half);
}

/**
 * How many octets give the length of a field's data; 0 for signatures, which have 64. (Sections 3.1 to 3.3, 11.3)
 *
 * @throws RangeError for ids that may not be there
 */
export function lengthOctets(profile: Profile, kind: Kind, id: number): 0 | 1 | 2 | 3 {
  const encryption = profile === 'dime-2015' ? 2 : 1;
  if (id === 1) return 1;
  if (kind === 'organization') {
    if (id === 2) return 1;
    if (id === 3) return encryption;
    if (id === 4) return 0;
  } else {
    if (id === 2) return encryption;
    if (id === 3) return kind === 'user' ? encryption : 1;
    if (id === 4 || id === 5) return 0;
    if (id === 6 && kind === 'user') return 0;
  }
  if (id >= 16 && id <= 159) return 1;
  if (id >= 160 && id <= 251) return 2;
  if (id === 252) return 3;
  if (id === 253 || id === 255) return 0;
  if (id === 254) return 1;
  throw new RangeError(`a ${kind} has no field ${id}`);
}

/** One field as octets, with a number of length octets of its own choice. */
export function fieldWithLength(octets: 0 | 1 | 2 | 3, { id, name, data }: Field): Octets {
  const length = Array.from({ length: octets }, (_, place) => (data.length >> (8 * (octets - 1 - place))) & 0xff);
  const head = name === undefined ? [] : [name.length, ...name];
  return concat(Uint8Array.of(id, ...head, ...length), data);
}

export function fieldOctets(profile: Profile, kind: Kind, field: Field): Octets {
  return fieldWithLength(lengthOctets(profile, kind, field.id), field);
}

export function fieldsOctets(profile: Profile, kind: Kind, fields: readonly Field[]): Octets {
  return concat(...fields.map((field) => fieldOctets(profile, kind, field)));
}

/** A magic number, a length of three octets, and what follows (section 2.1). */
export function objectOf(magic: number, content: Octets): Octets {
  const { length } = content;
  return concat(Uint8Array.of(magic >> 8, magic & 0xff, length >> 16, (length >> 8) & 0xff, length & 0xff), content);
}

export function signetOctets(profile: Profile, kind: Kind, fields: readonly Field[]): Octets {
  return objectOf(magics[kind], fieldsOctets(profile, kind, fields));
}

/** A field with a signature over the fields before it, which is what every signature covers (section 5.1). */
export function signatureField(
  profile: Profile,
  kind: Kind,
  covered: readonly Field[],
  id: number,
  key: SigningKey,
): Field {
  return { id, data: ed25519(key, fieldsOctets(profile, kind, covered)) };
}

/** Field 1: the format octet 40 before the key, in the two profiles of 2015 (section 4.1). */
export function signingKeyField(profile: Profile, { publicKey }: SigningKey): Field {
  return { id: 1, data: profile === 'prime' ? publicKey : concat(Uint8Array.of(0x40), publicKey) };
}

export function secondaryKeyField(permissions: number, { publicKey }: SigningKey): Field {
  return { id: 2, data: concat(Uint8Array.of(permissions, 0x40), publicKey) };
}

/** What goes beyond keys and signatures in the higher forms. */
export interface Details {
  /** `cryptographic` unless said otherwise. */
  readonly form?: Form;
  /** Ids 16 to 252, in order. */
  readonly details?: readonly Field[];
  readonly identifier?: string;
}

export interface OrganizationParts extends Details {
  /** Fields 2, in order. */
  readonly secondary?: readonly Field[];
}

/** The fields of an organizational signet, signed by its own key (section 5.2). */
export function organizationFields(profile: Profile, identity: Identity, parts: OrganizationParts = {}): Field[] {
  const { signing, encryption } = identity;
  const fields = [signingKeyField(profile, signing), ...(parts.secondary ?? []), { id: 3, data: encryption.point }];
  return raised(profile, 'organization', fields, 4, () => signing, parts);
}

export interface RequestParts {
  /** On key rotation. */
  readonly previous?: SigningKey;
  /** Fields 3. */
  readonly alternate?: readonly Field[];
}

/** The fields of a signing request (section 5.3). */
export function requestFields(profile: Profile, identity: Identity, parts: RequestParts = {}): Field[] {
  const { signing, encryption } = identity;
  const kind = 'signing-request';
  const fields = [signingKeyField(profile, signing), { id: 2, data: encryption.point }, ...(parts.alternate ?? [])];
  if (parts.previous !== undefined) fields.push(signatureField(profile, kind, fields, 4, parts.previous));
  return [...fields, signatureField(profile, kind, fields, 5, signing)];
}

export interface UserParts extends RequestParts, Details {
  /** Who signs: the organization, with one key or with one for each form. */
  readonly signer: SigningKey | ((form: Form) => SigningKey);
}

/** The fields of a user signet, made from a request by the organization (section 5.3). */
export function userFields(profile: Profile, identity: Identity, parts: UserParts): Field[] {
  const { signer } = parts;
  return raised(
    profile,
    'user',
    requestFields(profile, identity, parts),
    6,
    typeof signer === 'function' ? signer : () => signer,
    parts,
  );
}

/** Adds the organization's signatures, and what stands between them. */
export function raised(
  profile: Profile,
  kind: 'organization' | 'user',
  below: readonly Field[],
  first: 4 | 6,
  signer: (form: Form) => SigningKey,
  { form = 'cryptographic', details = [], identifier = 'reference.example' }: Details,
): Field[] {
  const fields = [...below];
  const add = (id: number, by: Form): void => {
    fields.push(signatureField(profile, kind, fields, id, signer(by)));
  };
  add(first, 'cryptographic');
  if (form === 'cryptographic') return fields;
  fields.push(...details);
  add(253, 'full');
  if (form === 'full') return fields;
  fields.push({ id: 254, data: utf8(identifier) });
  add(255, 'identifiable');
  return fields;
}

/** The id of the signature that ends a form (section 6). */
export function lastId(kind: 'organization' | 'user', form: Form): number {
  if (form === 'cryptographic') return kind === 'organization' ? 4 : 6;
  return form === 'full' ? 253 : 255;
}

/** SHA-512 over all fields with ids up to `last`, header excluded (section 8). */
export function fingerprint(profile: Profile, kind: Kind, fields: readonly Field[], last: number): Octets {
  const covered = fields.filter(({ id }) => id <= last);
  return sha512(fieldsOctets(profile, kind, covered));
}
