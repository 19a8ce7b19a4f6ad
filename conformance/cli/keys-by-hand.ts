/** What `dime-conformance keys generate`, `parse`, `encrypt` and `decrypt` do. Each gives the exit status. */
import { randomBytes } from 'node:crypto';
import {
  decryptKeys,
  encryptKeys,
  generateKeys,
  keysOf,
  parseKeys,
  realmKeyOctets,
  serializeKeys,
} from '../../reference/formats/signet/index.js';
import { decodeBase64url, StacieError } from '../../reference/formats/stacie/index.js';
import { readInput } from './artifact-files.js';
import { asMisuse, readKeys, readObject, readSigningSeed, writeObject } from './artifact-objects.js';
import type { KeysCipherFlags, KeysGenerateFlags, KeysParseFlags } from './by-hand-flags.js';
import { exitStatus, Misuse } from './misuse.js';
import { printFacts } from './print-facts.js';

const secret = { secret: true };

export async function generate(flags: KeysGenerateFlags): Promise<number> {
  const { type, profile, signing } = flags;
  const fresh = generateKeys(profile, type, randomBytes);
  const keys =
    signing === undefined
      ? fresh
      : keysOf(profile, type, await readSigningSeed(signing, '--signing'), fresh.encryptionPrivate);
  writeObject(serializeKeys(keys), flags, secret);
  return exitStatus.passed;
}

export async function parse(file: string, { profile, secrets, json }: KeysParseFlags): Promise<number> {
  const keys = await readKeys(file, 'file', profile === undefined ? {} : { profile });
  const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
  printFacts(
    {
      type: keys.type,
      profile: keys.profile,
      signingPublic: hex(keys.signingPublic),
      // As records and fingerprints write octets: standard base64 without padding.
      signingPublicBase64: Buffer.from(keys.signingPublic).toString('base64').replace(/=+$/, ''),
      encryptionPublic: hex(keys.encryptionPublic),
      ...(secrets === true
        ? { signingPrivate: hex(keys.signingPrivate), encryptionPrivate: hex(keys.encryptionPrivate) }
        : {}),
    },
    { json },
  );
  return exitStatus.passed;
}

export async function encrypt(file: string, flags: KeysCipherFlags): Promise<number> {
  const realmKey = await readRealmKey(file, flags);
  const octets = await readObject(file, 'file');
  // Key files of prime and dime-2015-magma are alike; only prime has encrypted ones.
  const encrypted = asMisuse(`file ${file}`, () => encryptKeys(parseKeys('prime', octets), realmKey, randomBytes));
  writeObject(encrypted, flags, secret);
  return exitStatus.passed;
}

export async function decrypt(file: string, flags: KeysCipherFlags): Promise<number> {
  const realmKey = await readRealmKey(file, flags);
  const octets = await readObject(file, 'file');
  const keys = asMisuse(`file ${file}`, () => decryptKeys(octets, realmKey));
  writeObject(serializeKeys(keys), flags, secret);
  return exitStatus.passed;
}

async function readRealmKey(file: string, { realmKey }: KeysCipherFlags): Promise<Uint8Array> {
  if (file === '-' && realmKey === '-') throw new Misuse('only one file can be standard input');
  const octets = await readInput(realmKey, '--realm-key');
  if (octets.length === realmKeyOctets) return octets;
  let key: Uint8Array;
  try {
    key = decodeBase64url(Buffer.from(octets).toString('latin1').trim(), `--realm-key ${realmKey}`);
  } catch (error) {
    if (error instanceof StacieError) throw new Misuse(error.message);
    throw error;
  }
  if (key.length === realmKeyOctets) return key;
  throw new Misuse(`--realm-key ${realmKey}: ${key.length} octets, not ${realmKeyOctets}`);
}
