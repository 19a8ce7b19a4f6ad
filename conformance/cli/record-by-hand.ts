/** What `dime-conformance record make`, `verify` and `sign-certificate` do. Each gives the exit status. */
import {
  formatRecord,
  RecordError,
  recordName,
  signCertificate,
  splitStrings,
  verifyCertificate,
} from '../../reference/formats/record/index.js';
import { privateKeyOf, rawPublicKey } from '../../reference/formats/signet/ed25519.js';
import { quotedString, readRecordText, recordText } from '../explain/record-text.js';
import { readInput, writeOutput } from './artifact-files.js';
import { asMisuse, readCertificate, readSigningSeed } from './artifact-objects.js';
import type { MakeFlags, RecordVerifyFlags, SignCertificateFlags } from './by-hand-flags.js';
import { exitStatus, Misuse } from './misuse.js';
import { printFacts } from './print-facts.js';

/** Seconds; what `serve` gives its records too. */
const timeToLive = 300;

export async function make(flags: MakeFlags): Promise<number> {
  const seed = flags.keys === undefined ? null : await readSigningSeed(flags.keys, '--keys');
  if (seed === null && flags.certificate.length > 0) throw new Misuse('--certificate needs --keys, which sign it');
  if (seed === null && flags.primary.length === 0)
    throw new Misuse('give --keys or --primary: a record has a primary key');
  const own = seed === null ? [] : [rawPublicKey(seed)];
  const signed: Uint8Array[] = [];
  for (const file of flags.certificate) {
    const der = await readCertificate(file, '--certificate');
    if (seed !== null) signed.push(signCertificate(der, privateKeyOf(seed)));
  }
  const text = asMisuse('record make', () =>
    formatRecord({
      version: 1,
      primary: [...own, ...flags.primary.map((value) => octetsOf(value, '--primary'))],
      tls: [...signed, ...flags.tls.map((value) => octetsOf(value, '--tls'))],
      policy: flags.policy,
      syndicates: flags.syndicates ?? null,
      deliver: flags.deliver,
      expiry: flags.expiry,
      subdomain: flags.subdomain,
    }),
  );
  writeOutput(`${flags.zone === undefined ? text : zoneLine(flags.zone, text)}\n`, flags);
  return exitStatus.passed;
}

function zoneLine(domain: string, text: string): string {
  const name = asMisuse('--zone', () => recordName(domain));
  return `${name}. ${timeToLive} IN TXT ${splitStrings(text).map(quotedString).join(' ')}`;
}

function octetsOf(base64: string, option: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Misuse(`${option} ${base64}: not standard base64`);
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

export async function verify(file: string, { certificate, json }: RecordVerifyFlags): Promise<number> {
  const text = recordText(await readInput(file, 'file'));
  const der = certificate === undefined ? null : await readCertificate(certificate, '--certificate');
  try {
    const record = readRecordText(text);
    const match = der === null ? null : verifyCertificate(der, record);
    const valid = match?.matched !== false;
    const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64').replace(/=+$/, '');
    const { policy, subdomain, expiry, syndicates, deliver } = record;
    printFacts(
      {
        valid,
        primary: record.primary.map(base64),
        tls: record.tls.map(base64),
        policy,
        subdomain,
        expiry,
        syndicates,
        deliver,
        certificate: match === null ? null : told(match),
      },
      { json },
    );
    return valid ? exitStatus.passed : exitStatus.failed;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    printFacts({ valid: false, reason: error.message, requirement: error.requirement ?? null }, { json });
    return exitStatus.failed;
  }
}

function told(match: ReturnType<typeof verifyCertificate>): string {
  return match.matched
    ? `signed: tls value ${match.signature + 1}, by primary key ${match.key + 1}`
    : 'no tls value is a signature over it by a primary key (REC-062, REC-064)';
}

export async function signOne(file: string, { keys }: SignCertificateFlags): Promise<number> {
  if (file === '-' && keys === '-') throw new Misuse('only one file can be standard input');
  const der = await readCertificate(file, 'certificate');
  const signature = signCertificate(der, privateKeyOf(await readSigningSeed(keys, '--keys')));
  process.stdout.write(`${Buffer.from(signature).toString('base64').replace(/=+$/, '')}\n`);
  return exitStatus.passed;
}
