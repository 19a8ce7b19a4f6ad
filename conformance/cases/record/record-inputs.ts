/**
 * Input of the record cases. Everything is built from values that the case holds in its hands, so that what a right
 * parser gives is known without asking one. Keys and signatures are real ones: a parser may look at more than lengths.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { hostNames } from '../../../grammar/leaves.js';

export { hostNames } from '../../../grammar/leaves.js';

/** One `key=value` of a record, as it is written. */
export interface WrittenField {
  readonly key: string;
  readonly value: string;
}

export const policyWords = ['experimental', 'mixed', 'strict'] as const;
export const subdomainWords = ['strict', 'relaxed', 'explicit'] as const;

/** Both names of every field; `tls` has one (section 3.1 of the management record digest). */
export const fieldNames = {
  version: ['ver', 'version'],
  primary: ['pok', 'primary'],
  tls: ['tls'],
  policy: ['pol', 'policy'],
  syndicates: ['syn', 'syndicates'],
  deliver: ['dx', 'deliver'],
  expiry: ['exp', 'expiry'],
  subdomain: ['sub', 'subdomain'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const knownNames: readonly string[] = Object.values(fieldNames).flat();

/** Of the PKCS #8 form of an Ed25519 private key (RFC 8410): what stands before the 32 octets of the seed. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

function privateKey(number: number): KeyObject {
  const seed = createHash('sha256').update(`record case key ${number}`).digest();
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
}

/** Unpadded standard base64, as keys and signatures are written in a record. */
export function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64').replace(/=+$/, '');
}

/** The same octets in the base64url of the adapter protocol. */
export function base64url(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

/** A few hundred are as good as many, and are made once. */
const keyNumbers = fc.nat(299);

function once(make: (number: number) => string): (number: number) => string {
  const made = new Map<number, string>();
  return (number) => {
    const text = made.get(number) ?? make(number);
    made.set(number, text);
    return text;
  };
}

const keyText = once((number) =>
  base64(Buffer.from(createPublicKey(privateKey(number)).export({ format: 'jwk' }).x ?? '', 'base64url')),
);

const signatureText = once((number) =>
  base64(sign(null, createHash('sha512').update(`certificate ${number}`).digest(), privateKey(number))),
);

/** An Ed25519 public key as a record holds it: 43 characters. */
export const keyTexts: fc.Arbitrary<string> = keyNumbers.map(keyText);

/** An Ed25519 signature as a record holds it: 86 characters. */
export const signatureTexts: fc.Arbitrary<string> = keyNumbers.map(signatureText);

/** Different keys in an order that is not sorted by anything. */
export function keyLists(least: number, most: number): fc.Arbitrary<string[]> {
  return fc.uniqueArray(keyNumbers, { minLength: least, maxLength: most }).map((numbers) => numbers.map(keyText));
}

export function signatureLists(least: number, most: number): fc.Arbitrary<string[]> {
  return fc.uniqueArray(keyNumbers, { minLength: least, maxLength: most }).map((numbers) => numbers.map(signatureText));
}

export const hostLists = (least: number, most: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(hostNames, { minLength: least, maxLength: most });

/** The word with letters in any case; shrinks to the word as it is. */
export function inAnyCase(word: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => [...word].map((letter, index) => (upper[index] === true ? letter.toUpperCase() : letter)).join(''));
}

/** The word in a case that is not the usual lower one. */
export function inOtherCase(word: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constant(word.toUpperCase()),
    inAnyCase(word).filter((written) => written !== word),
  );
}

/** Printable characters that can stand in a value: no space, no semicolon. */
export const valueCharacters = fc.constantFrom(
  ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((character) => character !== ';'),
);

/** The fields with one space between them: the plainest spelling, which only a case about separators leaves. */
export function recordText(fields: readonly WrittenField[]): string {
  return fields.map(({ key, value }) => `${key}=${value}`).join(' ');
}

/** A record that is right and has nothing remarkable: a version and one key. */
export function plainFields(key: string): readonly WrittenField[] {
  return [
    { key: 'ver', value: '1' },
    { key: 'pok', value: key },
  ];
}

/** As plainFields, written out, with more text behind it. */
export function plainText(key: string, ...more: readonly string[]): string {
  return [recordText(plainFields(key)), ...more].join(' ');
}
