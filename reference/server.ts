/** The reference server of one domain: DMTP, STACIE and DNS on loopback, with keys, a record, accounts and signets. */
import { hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verb } from '../grammar/dmtp.js';
import {
  createMemoryStore,
  type DmtpStore,
  type MemoryStore,
  type StacieStore,
  sampleKeys,
  sampleSignets,
} from './account/store.js';
import type { Transport } from './dmtp/connection.js';
import { type DmtpServerLimits, serverLimits } from './dmtp/limits.js';
import { type DmtpServer, type DmtpServerTls, type ServerLog, startDmtpServer } from './dmtp/server.js';
import { createDmtpSession, type DmtpSession } from './dmtp/session.js';
import { type DnsServer, startDnsServer } from './dns/server.js';
import { startOfAuthority, type ZoneRecord } from './dns/zone.js';
import { formatRecord, recordName, signCertificate } from './formats/record/index.js';
import { fileNames, type KeyFolder, openKeyFolder, writeRecord } from './key-folder.js';
import { keepSignetKeys, type SignetFiles, seedOf, writeSignets } from './signet-folder.js';
import { type StacieEndpoint, startStacieEndpoint } from './stacie/endpoint.js';
import type { StacieSessionLimits } from './stacie/limits.js';
import type { StacieServerLimits } from './stacie/server-limits.js';
import type { StacieSession } from './stacie/session.js';

/** Where a seeded fault bends the server: each function gets the right thing and gives what is used in its place. */
export interface ReferenceHooks {
  readonly session?: (session: DmtpSession) => DmtpSession;
  readonly store?: (store: DmtpStore) => DmtpStore;
  readonly tls?: (tls: DmtpServerTls) => DmtpServerTls;
  readonly limits?: (limits: DmtpServerLimits) => DmtpServerLimits;
  /** The text of the management record. */
  readonly record?: (text: string) => string;
  /** The records of the domain's zone. */
  readonly zone?: (records: readonly ZoneRecord[]) => readonly ZoneRecord[];
  /** Called for the session of each revision. */
  readonly stacie?: (session: StacieSession) => StacieSession;
  readonly stacieStore?: (store: StacieStore) => StacieStore;
  readonly stacieTls?: (tls: DmtpServerTls) => DmtpServerTls;
}

export interface ReferenceOptions {
  /** The domain served, of letters, digits, hyphens and dots. */
  readonly domain: string;
  /** The address listened at; 127.0.0.1 when not given. */
  readonly host?: string;
  /** Keeps keys and certificate for later starts; a folder that is removed at the close when not given. */
  readonly dir?: string;
  /** 0, a free one, for each that is not given. */
  readonly ports?: { readonly dmtp?: number; readonly plain?: number; readonly dns?: number; readonly stacie?: number };
  readonly limits?: Partial<DmtpServerLimits>;
  readonly stacieLimits?: Partial<StacieSessionLimits>;
  readonly stacieServerLimits?: Partial<StacieServerLimits>;
  /** The bonus of STACIE accounts, 0 to 16,777,216; 1,000 when not given. */
  readonly stacieBonus?: number;
  /** The largest message in octets; 16 MiB when not given. */
  readonly messageOctets?: number;
  /** 500s answered in one session before the peer is sent away; 100 when not given. */
  readonly violations?: number;
  /** Commands answered with 502. */
  readonly disabled?: readonly Verb[];
  /** A second DMTP port, in plain text with STARTTLS, that also greets as an SMTP server (section 7 of the DMTP digest). */
  readonly dualModePort?: boolean;
  /** The reading of section 12.5 of the DMTP digest. */
  readonly numberedCodes?: boolean;
  readonly hooks?: ReferenceHooks;
  readonly log?: ServerLog;
  /** The clock that the certificate is made and checked by. */
  readonly now?: () => Date;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Reference {
  readonly domain: string;
  /** The name of the delivery host, as record, certificate and banner have it. */
  readonly dxName: string;
  readonly dmtp: Endpoint;
  /** The dual mode port, if it was asked for. */
  readonly plain: Endpoint | null;
  readonly dns: Endpoint;
  /** HTTPS: an address for each revision, and the passwords of the accounts. */
  readonly stacie: StacieEndpoint;
  /** The text of the management record. */
  readonly record: string;
  /** The primary organizational key: 32 octets in unpadded base64. */
  readonly primaryKey: string;
  readonly certificatePem: string;
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly path: string; readonly what: string }[];
  /** The signets of domain and accounts with their private keys, oldest first for each name. */
  readonly signets: readonly SignetFiles[];
  readonly accounts: readonly string[];
  readonly store: MemoryStore;
  readonly limits: DmtpServerLimits;
  /** DMTP connections open now. */
  readonly connections: number;
  /** The mock DNS server: what it was asked, and a way to serve other zones. */
  readonly dnsServer: DnsServer;
  /** Ends the servers; DMTP sessions have `graceMs` (2000) for their last word. */
  close(graceMs?: number): Promise<void>;
}

const defaultMessageOctets = 16 * 1024 * 1024;
const defaultViolations = 100;
const software = 'dime-conformance';
/** Seconds. */
const timeToLive = 300;

/**
 * Starts a reference server that is ready for connections when the promise resolves.
 *
 * @throws Error for a domain that is none, a folder that cannot be used, or a port that cannot be had; nothing is left
 * running then
 */
export async function startReference(options: ReferenceOptions): Promise<Reference> {
  const { hooks = {}, host = '127.0.0.1' } = options;
  const domain = checkDomain(options.domain);
  const dxName = `dx.${domain}`;
  const path = options.dir ?? (await mkdtemp(join(tmpdir(), 'dime-reference-')));
  /** What has to be undone, the last first. */
  const started: ((graceMs?: number) => Promise<void>)[] = [];
  if (options.dir === undefined) started.unshift(() => rm(path, { recursive: true, force: true }));
  const close = async (graceMs?: number): Promise<void> => {
    for (const end of started.splice(0)) await end(graceMs);
  };
  try {
    const folder = await openKeyFolder(path, dxName, (options.now ?? (() => new Date()))());
    const record = recordText(folder, dxName, hooks);
    await writeRecord(folder, record);
    const fresh = sampleKeys(domain, randomBytes, seedOf(folder.primaryKey));
    const sample = sampleSignets(domain, randomBytes, await keepSignetKeys(folder, fresh));
    const { accounts, signets } = sample;
    const signetFiles = await writeSignets(folder, sample);
    const store = createMemoryStore({ accounts, signets, spoolFolder: join(path, fileNames.messages) });
    const dmtp = await startDmtp(options, folder, domain, dxName, store);
    started.unshift((graceMs) => dmtp.close(graceMs));
    const stacie = await startStacie(options, folder, domain, accounts);
    started.unshift((graceMs) => stacie.server.close(graceMs));
    const right = zoneOf(domain, dxName, record, host);
    const records = hooks.zone?.(right) ?? right;
    const dns = await startDnsServer({
      zones: [{ origin: domain, records }],
      host,
      port: options.ports?.dns ?? 0,
      log: (message) => options.log?.warn({}, message),
    });
    started.unshift(() => dns.close());
    return {
      domain,
      dxName,
      dmtp: { host, port: dmtp.port },
      plain: dmtp.plainPort === null ? null : { host, port: dmtp.plainPort },
      dns: dns.address,
      stacie,
      record,
      primaryKey: folder.primaryPublic,
      certificatePem: folder.certificate.pem,
      folder: path,
      files: filesOf(path),
      signets: signetFiles,
      accounts,
      store,
      limits: dmtp.limits,
      get connections() {
        return dmtp.connections;
      },
      dnsServer: dns,
      close,
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

async function startDmtp(
  options: ReferenceOptions,
  folder: KeyFolder,
  domain: string,
  dxName: string,
  memory: MemoryStore,
): Promise<DmtpServer> {
  const { hooks = {}, ports = {}, disabled = [], numberedCodes = false } = options;
  const store = hooks.store?.(memory) ?? memory;
  const createSession = (transport: Transport): DmtpSession => {
    const session = createDmtpSession({
      host: dxName,
      software,
      domains: [domain],
      store,
      transport,
      dualMode: transport === 'plain',
      limits: {
        messageOctets: options.messageOctets ?? defaultMessageOctets,
        violations: options.violations ?? defaultViolations,
      },
      disabled: new Set(disabled),
      random: randomBytes,
      numberedCodes,
    });
    return hooks.session?.(session) ?? session;
  };
  const tls = { key: folder.certificate.privateKeyPem, cert: folder.certificate.pem };
  const limits = serverLimits(options.limits);
  return startDmtpServer({
    createSession,
    tls: hooks.tls?.(tls) ?? tls,
    limits: hooks.limits?.(limits) ?? limits,
    host: options.host ?? '127.0.0.1',
    port: ports.dmtp ?? 0,
    ...(options.dualModePort === true ? { plainPort: ports.plain ?? 0 } : {}),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
}

function startStacie(
  options: ReferenceOptions,
  folder: KeyFolder,
  domain: string,
  accounts: readonly string[],
): Promise<StacieEndpoint> {
  const { hooks = {}, host = '127.0.0.1', ports = {}, log } = options;
  return startStacieEndpoint({
    domain,
    usernames: accounts,
    // One other name, so that aliases can be tried.
    aliases: new Map(accounts.slice(0, 1).map((account) => [account.replace('@', '-alias@'), account])),
    siteSecret: siteSecretOf(folder.primaryKey),
    tls: { key: folder.certificate.privateKeyPem, cert: folder.certificate.pem },
    host,
    port: ports.stacie ?? 0,
    ...(options.stacieBonus === undefined ? {} : { bonus: options.stacieBonus }),
    ...(options.stacieLimits === undefined ? {} : { sessionLimits: options.stacieLimits }),
    ...(options.stacieServerLimits === undefined ? {} : { serverLimits: options.stacieServerLimits }),
    hooks: {
      ...(hooks.stacie === undefined ? {} : { session: hooks.stacie }),
      ...(hooks.stacieStore === undefined ? {} : { store: hooks.stacieStore }),
      ...(hooks.stacieTls === undefined ? {} : { tls: hooks.stacieTls }),
    },
    ...(log === undefined ? {} : { log }),
  });
}

/** As long-lived as the folder's own secret, and of no use for finding that (STACIE-I-84). */
function siteSecretOf(primaryKey: KeyObject): Uint8Array {
  const secret = primaryKey.export({ type: 'pkcs8', format: 'der' });
  return new Uint8Array(hkdfSync('sha512', secret, '', 'dime-conformance STACIE site secret', 64));
}

/** Sections 3 and 7.2 of the management record digest. */
function recordText(folder: KeyFolder, dxName: string, hooks: ReferenceHooks): string {
  const text = formatRecord({
    version: 1,
    primary: [new Uint8Array(Buffer.from(folder.primaryPublic, 'base64'))],
    tls: [signCertificate(folder.certificate.der, folder.primaryKey)],
    policy: 'mixed',
    syndicates: null,
    deliver: [dxName],
    expiry: 0,
    subdomain: 'strict',
  });
  return hooks.record?.(text) ?? text;
}

function zoneOf(domain: string, dxName: string, record: string, host: string): ZoneRecord[] {
  const address = isIPv4(host) && host !== '0.0.0.0' ? host : '127.0.0.1';
  const ttl = timeToLive;
  return [
    startOfAuthority(domain, ttl),
    { name: domain, ttl, type: 'NS', host: dxName },
    { name: domain, ttl, type: 'MX', preference: 10, exchange: dxName },
    { name: domain, ttl, type: 'A', address },
    { name: dxName, ttl, type: 'A', address },
    { name: dxName, ttl, type: 'AAAA', address: '::1' },
    { name: recordName(domain), ttl, type: 'TXT', strings: [record] },
  ];
}

function filesOf(folder: string): Reference['files'] {
  const about: readonly [string, string][] = [
    [fileNames.primaryKey, 'private half of the primary organizational key: Ed25519, PEM (PKCS#8)'],
    [fileNames.primaryPublic, 'its public half: 32 octets in unpadded base64, the pok of the record'],
    [fileNames.tlsKey, 'private key of the delivery host: RSA, PEM (PKCS#8)'],
    [fileNames.certificate, 'certificate of the delivery host: self-signed, PEM'],
    [fileNames.record, 'text of the management record'],
    [fileNames.signets, 'folder of signets and private keys of domain and accounts, armored, three of each'],
    [fileNames.messages, 'folder of received messages that are too large for memory'],
  ];
  return about.map(([name, what]) => ({ name, path: join(folder, name), what }));
}

/** Lower case, since the record's location is formed from it. */
function checkDomain(text: string): string {
  const domain = text.toLowerCase();
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
  if (domain.length > 240 || !new RegExp(`^${label}(?:\\.${label})*$`).test(domain)) {
    throw new Error(`the domain of a reference server cannot be ${JSON.stringify(text.slice(0, 80))}`);
  }
  return domain;
}
