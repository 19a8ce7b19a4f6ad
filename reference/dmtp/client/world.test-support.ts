/** A domain for tests of the client: its record, its signets, its host, and a resolver that knows them. */
import { randomBytes } from 'node:crypto';
import { sampleKeys, sampleSignets } from '../../account/sample-signets.js';
import { type DnssecState, parseRecord, signCertificate } from '../../formats/record/index.js';
import { makeRecordKey, rawPublicKey } from '../../tls/certificate.js';
import { createDmtpClient, type DmtpClient, DmtpClientError, type DmtpClientOptions } from '../client.js';
import { type DimeResolver, type MailExchanger, ResolverError } from '../resolver.js';
import type { TestCertificate } from './certificates.test-support.js';
import type { ScriptedServer } from './scripted-server.test-support.js';

export const domain = 'dime.example';
export const dx = 'dx.dime.example';
export const alice = `alice@${domain}`;

/** The primary key of the domain, and the signets that lead to it. */
export const primary = makeRecordKey();
export const seed = new Uint8Array(Buffer.from(primary.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
export const samples = sampleSignets(domain, randomBytes, sampleKeys(domain, randomBytes, seed));

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const unpadded = (octets: Uint8Array): string => base64(octets).replace(/=+$/, '');

/** A published signet by name and place in its chain: 0 the oldest, 2 the newest. */
export function sample(name: string, place: number) {
  const stored = samples.signets.get(name)?.[place];
  if (stored === undefined) throw new Error(`there is no signet ${place} of ${name}`);
  return stored;
}

export interface RecordWishes {
  /** Certificates that the record binds. */
  readonly binds?: readonly TestCertificate[];
  readonly deliver?: readonly string[];
  readonly dnssec?: DnssecState;
  readonly exchangers?: readonly MailExchanger[];
  /** By host; 127.0.0.1 for others. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly key?: Uint8Array;
}

/** A resolver of one domain. */
export function resolverOf(wishes: RecordWishes = {}): DimeResolver {
  const { binds = [], deliver = [dx], dnssec = 'secure', exchangers = [], addresses = {} } = wishes;
  const fields = [
    'ver=1',
    `pok=${unpadded(wishes.key ?? rawPublicKey(primary.publicKey))}`,
    ...binds.map(({ x509 }) => `tls=${unpadded(signCertificate(x509.raw, primary.privateKey))}`),
    ...deliver.map((host) => `dx=${host}`),
  ];
  const proven = { dnssec, reason: dnssec === 'secure' ? null : `a test says ${dnssec}` };
  return {
    record: async (asked) => {
      if (asked !== domain) throw new ResolverError('no-record', `there is no record of ${asked}`, 'REC-077');
      return { ...proven, record: parseRecord(fields.join(' ')), domain, ttl: 60 };
    },
    mailExchangers: async () => ({ dnssec: 'insecure', reason: null, exchangers }),
    addresses: async (host) => ({
      dnssec: 'insecure',
      reason: null,
      addresses: (addresses[host] ?? ['127.0.0.1']).map((address) => ({
        address,
        family: address.includes(':') ? (6 as const) : (4 as const),
      })),
    }),
  };
}

/** Limits that a busy machine keeps when all is well. */
export const patient = { connectMs: 5_000, handshakeMs: 5_000, replyMs: 5_000, storedMs: 5_000, goodbyeMs: 50 };
/** Limits for peers from whom nothing comes. */
export const impatient = { ...patient, replyMs: 150, storedMs: 150, stallMs: 100, ocspMs: 150 };

/** A client whose standard ports lead to scripted servers. */
export function clientOf(
  servers: Readonly<Record<number, ScriptedServer | number>>,
  options: Partial<DmtpClientOptions> & { readonly record?: RecordWishes } = {},
): DmtpClient {
  const ports = Object.fromEntries(
    Object.entries(servers).map(([port, server]) => [port, typeof server === 'number' ? server : server.port]),
  );
  const { record, ...rest } = options;
  return createDmtpClient({ resolver: resolverOf(record), ports, limits: patient, ...rest });
}

/** The error that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<DmtpClientError> {
  const got = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (got instanceof DmtpClientError) return got;
  throw got ?? new Error('the call came to a good end');
}
