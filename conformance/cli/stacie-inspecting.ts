/** What `dime-conformance stacie derive`, `realm` and `decrypt` do. */
import { readFileSync } from 'node:fs';
import {
  type Derivation,
  decodeBase64url,
  decrypt,
  derive,
  type EnvelopeKeys,
  encodeBase64url,
  realmKeys,
  StacieError,
  splitRealmKey,
} from '../../reference/formats/stacie/index.js';
import { exitStatus, Misuse, oneLine } from './misuse.js';
import type { DecryptFlags, DeriveFlags, RealmFlags } from './stacie-flags.js';
import { readPassword } from './stacie-password.js';

/** Gives the exit status, as the others do. */
export async function deriveByHand(flags: DeriveFlags): Promise<number> {
  if ((flags.realm === undefined) !== (flags.shard === undefined)) throw new Misuse('--realm and --shard go together');
  const inputs = asMisuse(() => ({ username: flags.username, bonus: flags.bonus, ...saltAndNonce(flags) }));
  const shard = asMisuse(() => optional(flags.shard, '--shard'));
  const password = await readPassword(process.stdin, process.stderr, { whole: flags.wholeInput === true });
  const progress = showPart(process.stderr);
  let values: Derivation;
  try {
    values = await derive(
      { ...inputs, password },
      {
        ...(flags.ceiling === undefined ? {} : { ceiling: flags.ceiling }),
        onProgress: ({ stage, part }) => progress.show(`${stage} ${Math.floor(part * 100)} %`),
      },
    );
  } catch (error) {
    throw toMisuse(error);
  } finally {
    password.fill(0);
    progress.end();
  }
  for (const { message } of values.warnings) process.stderr.write(`dime-conformance: ${oneLine(message)}\n`);
  const { rounds, seed, masterKey, passwordKey, verificationToken, ephemeralLoginToken } = values;
  const { realm } = flags;
  const keys =
    realm === undefined || shard === undefined
      ? {}
      : asMisuse(() => realmKeys(flags.revision, { ...inputs, masterKey, realm, shard }));
  const made = { seed, masterKey, passwordKey, verificationToken, ephemeralLoginToken };
  print({ rounds, ...encoded({ ...made, ...keys }) }, flags);
  return exitStatus.passed;
}

export function realmByHand(flags: RealmFlags): number {
  const keys = asMisuse(() =>
    realmKeys(flags.revision, {
      masterKey: decodeBase64url(flags.masterKey, '--master-key'),
      realm: flags.realm,
      shard: decodeBase64url(flags.shard, '--shard'),
      salt: optional(flags.salt, '--salt'),
    }),
  );
  print(encoded({ ...keys }), flags);
  return exitStatus.passed;
}

export function decryptByHand(flags: DecryptFlags): number {
  const envelope = envelopeOf(flags);
  const { serial, data } = asMisuse(() => decrypt({ ...keysOf(flags), envelope }));
  const text = readableText(data);
  print({ serial, data: encodeBase64url(data), ...(text === null ? {} : { text }) }, flags);
  return exitStatus.passed;
}

function keysOf({ realmKey, vectorKey, tagKey, cipherKey }: DecryptFlags): EnvelopeKeys {
  const parts = [vectorKey, tagKey, cipherKey];
  if (realmKey !== undefined) {
    if (parts.some((part) => part !== undefined))
      throw new Misuse('--realm-key goes without the three keys cut from it');
    return splitRealmKey(decodeBase64url(realmKey, '--realm-key'));
  }
  if (vectorKey === undefined || tagKey === undefined || cipherKey === undefined) {
    throw new Misuse('give --realm-key, or all of --vector-key, --tag-key and --cipher-key');
  }
  return {
    vectorKey: decodeBase64url(vectorKey, '--vector-key'),
    tagKey: decodeBase64url(tagKey, '--tag-key'),
    cipherKey: decodeBase64url(cipherKey, '--cipher-key'),
  };
}

function envelopeOf({ envelope, file }: DecryptFlags): Uint8Array {
  if ((envelope === undefined) === (file === undefined)) throw new Misuse('give one of --envelope and --file');
  if (file !== undefined) {
    try {
      return readFileSync(file);
    } catch (error) {
      throw new Misuse(`--file ${file}: ${(error as Error).message}`);
    }
  }
  return asMisuse(() => decodeBase64url(envelope ?? '', '--envelope'));
}

function saltAndNonce({ salt, nonce }: Pick<DeriveFlags, 'salt' | 'nonce'>) {
  return { salt: optional(salt, '--salt'), nonce: optional(nonce, '--nonce') };
}

function optional(text: string | undefined, option: string): Uint8Array | undefined {
  return text === undefined ? undefined : decodeBase64url(text, option);
}

/** What STACIE refuses is a wrong argument here. */
function asMisuse<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toMisuse(error);
  }
}

function toMisuse(error: unknown): unknown {
  return error instanceof StacieError ? new Misuse(error.message) : error;
}

function encoded(values: Readonly<Record<string, Uint8Array | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, octets]) => (octets === undefined ? [] : [[name, encodeBase64url(octets)]])),
  );
}

/** One name and value a line, aligned; or one line of JSON, with the names of the adapter protocol in both. */
function print(values: Readonly<Record<string, string | number>>, { json }: { readonly json?: true }): void {
  if (json === true) {
    process.stdout.write(`${JSON.stringify(values)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  for (const [name, value] of Object.entries(values)) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
}

/** The data as text when it is UTF-8 without control characters, so that it is safe to show. */
function readableText(data: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** A line that renews itself, on a terminal only. */
function showPart(stream: { readonly isTTY?: boolean; write(text: string): unknown }) {
  const clear = '\r\u001b[K';
  let shown = '';
  return {
    show(text: string): void {
      if (stream.isTTY !== true || text === shown) return;
      shown = text;
      stream.write(`${clear}${text}`);
    },
    end(): void {
      if (shown !== '') stream.write(clear);
    },
  };
}
