/** The signets of a reference server as files: private keys are kept, signets follow from them and are written anew. */
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { SampleKeys, SampleSignets } from './account/store.js';
import { ArmorError, armorLabelOf, decodeArmor, encodeArmor } from './formats/armor.js';
import {
  fingerprintOf,
  fingerprintText,
  type PrivateKeys,
  parseKeys,
  SignetError,
  serializeKeys,
} from './formats/signet/index.js';
import { fileNames, type KeyFolder, KeyFolderError, readText, writeSecret, writeText } from './key-folder.js';

/** One signet of a domain or an account, and where it lies. */
export interface SignetFiles {
  readonly name: string;
  /** From 1, the oldest, on; the last one is the current one. */
  readonly serial: number;
  /** Its identifiable form, armored. The full form that SGNT gives is cut from it. */
  readonly signet: string;
  /** Its private keys, armored. */
  readonly keys: string;
  /** Full fingerprint: 86 characters of base64. */
  readonly fingerprint: string;
}

/** The 32 octets that an Ed25519 private key is made of. */
export function seedOf(key: KeyObject): Uint8Array {
  const { d } = key.export({ format: 'jwk' });
  if (d === undefined) throw new TypeError(`a ${key.asymmetricKeyType ?? key.type} key has no seed`);
  return new Uint8Array(Buffer.from(d, 'base64url'));
}

/**
 * Takes the private keys that lie in the folder, and writes the others into it.
 *
 * @param fresh used where no file is; readable by their owner only
 * @throws KeyFolderError for a file that cannot be read, holds no keys, or keys of another kind or organization
 */
export async function keepSignetKeys(folder: KeyFolder, fresh: SampleKeys): Promise<SampleKeys> {
  const kept = new Map<string, readonly PrivateKeys[]>();
  for (const [name, chain] of fresh) {
    kept.set(name, await Promise.all(chain.map((keys, index) => keepKeys(keysPath(folder, name, index), keys))));
  }
  return kept;
}

async function keepKeys(path: string, fresh: PrivateKeys): Promise<PrivateKeys> {
  const text = await readText(path);
  if (text === null) {
    const octets = serializeKeys(fresh);
    await writeSecret(path, encodeArmor(armorLabelOf(octets) ?? '', octets));
    return fresh;
  }
  let keys: PrivateKeys;
  try {
    keys = parseKeys(fresh.profile, decodeArmor(text).data);
  } catch (error) {
    if (!(error instanceof ArmorError || error instanceof SignetError)) throw error;
    throw new KeyFolderError(`${path} holds no private keys: ${error.message}`, { cause: error });
  }
  if (keys.type !== fresh.type) throw new KeyFolderError(`${path} holds keys of type ${keys.type}, not ${fresh.type}`);
  if (keys.type === 'organization' && Buffer.compare(keys.signingPrivate, fresh.signingPrivate) !== 0) {
    throw new KeyFolderError(
      `${path} has another signing key than ${fileNames.primaryKey}; without it new ones are made`,
    );
  }
  return keys;
}

/** Writes the signets, those of a start before over again: from the same keys come the same octets. */
export async function writeSignets(
  folder: KeyFolder,
  { identifiable }: Pick<SampleSignets, 'identifiable'>,
): Promise<SignetFiles[]> {
  const files: SignetFiles[] = [];
  for (const [name, chain] of identifiable) {
    for (const [index, signet] of chain.entries()) {
      const path = signetPath(folder, name, index);
      await writeText(path, encodeArmor(armorLabelOf(signet.octets) ?? '', signet.octets));
      const fingerprint = fingerprintText(fingerprintOf(signet, 'full'));
      files.push({ name, serial: index + 1, signet: path, keys: keysPath(folder, name, index), fingerprint });
    }
  }
  return files;
}

const signetPath = ({ path }: KeyFolder, name: string, index: number): string =>
  join(path, fileNames.signets, `${name}.${index + 1}.signet`);
const keysPath = ({ path }: KeyFolder, name: string, index: number): string =>
  join(path, fileNames.signets, `${name}.${index + 1}.keys`);
