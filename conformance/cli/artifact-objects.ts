/** Signets, keys and certificates from the files that a person names, and back into armor. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { armorLabelOf, encodeArmor } from '../../reference/formats/armor.js';
import {
  detectProfiles,
  type PrivateKeys,
  type Profile,
  parseKeys,
  parseSignet,
  type Signet,
} from '../../reference/formats/signet/index.js';
import { isFormatError } from '../explain/explanation.js';
import { recognise } from '../explain/recognise.js';
import { type OutputWishes, readInput, writeOutput } from './artifact-files.js';
import { Misuse } from './misuse.js';

/** What the formats refuse is a wrong argument here: one line, which names the option or file. */
export function asMisuse<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    // RangeError: a size that a format cannot have; TypeError: a key of another kind.
    if (isFormatError(error) || error instanceof RangeError || error instanceof TypeError) {
      throw new Misuse(`${what}: ${error.message}`);
    }
    throw error;
  }
}

/** The binary object in a file: armored, in base64 or as it is. @throws Misuse */
export async function readObject(file: string, option: string): Promise<Uint8Array> {
  const { octets, refusal } = recognise(await readInput(file, option), 'signet');
  if (refusal !== null) throw new Misuse(`${option} ${file}: ${refusal.message}`);
  return octets;
}

/** @throws Misuse for a file that holds no signet or signing request */
export async function readSignet(file: string, option: string, profile?: Profile): Promise<Signet> {
  const octets = await readObject(file, option);
  return asMisuse(`${option} ${file}`, () => parseSignet(profile ?? profileOf(octets), octets));
}

/** @throws Misuse for a file that holds no private keys, or keys of the other kind */
export async function readKeys(
  file: string,
  option: string,
  wishes: { readonly profile?: Profile; readonly type?: PrivateKeys['type'] } = {},
): Promise<PrivateKeys> {
  const octets = await readObject(file, option);
  const keys = asMisuse(`${option} ${file}`, () => parseKeys(wishes.profile ?? profileOf(octets), octets));
  if (wishes.type !== undefined && keys.type !== wishes.type) {
    throw new Misuse(`${option} ${file}: the keys are of type ${keys.type}, not ${wishes.type}`);
  }
  return keys;
}

function profileOf(octets: Uint8Array): Profile {
  return detectProfiles(octets)[0] ?? 'dime-2015';
}

/** The seed in a file of DIME keys, or in PEM as `serve` writes `primary.key`. @throws Misuse */
export async function readSigningSeed(file: string, option: string): Promise<Uint8Array> {
  const octets = await readInput(file, option);
  const text = Buffer.from(octets).toString('latin1');
  if (!/-----BEGIN (?:ENCRYPTED |EC |RSA )?PRIVATE KEY-----/.test(text)) {
    const { octets: object, refusal } = recognise(octets, 'keys');
    if (refusal !== null) throw new Misuse(`${option} ${file}: ${refusal.message}`);
    return asMisuse(`${option} ${file}`, () => parseKeys(profileOf(object), object)).signingPrivate;
  }
  let seed: string | undefined;
  try {
    const key = createPrivateKey(text);
    seed = key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'jwk' }).d : undefined;
  } catch (error) {
    throw new Misuse(`${option} ${file}: ${(error as Error).message}`);
  }
  if (seed === undefined) throw new Misuse(`${option} ${file}: it holds no Ed25519 private key`);
  return new Uint8Array(Buffer.from(seed, 'base64url'));
}

/** DER of a certificate in PEM or DER. @throws Misuse */
export async function readCertificate(file: string, option: string): Promise<Uint8Array> {
  const octets = await readInput(file, option);
  try {
    return new Uint8Array(new X509Certificate(octets).raw);
  } catch (error) {
    throw new Misuse(`${option} ${file}: no certificate: ${(error as Error).message}`);
  }
}

export interface ObjectFlags extends OutputWishes {
  readonly binary?: true;
}

/** Writes an object in its armor, or as octets. */
export function writeObject(octets: Uint8Array, flags: ObjectFlags, wishes: { readonly secret?: boolean } = {}): void {
  const label = armorLabelOf(octets);
  if (label === null) throw new RangeError('an object without a label of armor cannot be written');
  writeOutput(flags.binary === true ? octets : encodeArmor(label, octets), flags, wishes);
}
