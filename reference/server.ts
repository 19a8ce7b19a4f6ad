/** The reference server of one domain: DMTP, DMAP, STACIE and DNS on loopback, with keys, a record, accounts and signets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockReason, MemoryStore } from './account/store.js';
import type { DmapEndpoint } from './dmap/endpoint.js';
import type { DmtpServerLimits } from './dmtp/limits.js';
import { type DnsServer, startDnsServer } from './dns/server.js';
import type { Signet } from './formats/signet/index.js';
import { fileNames, type KeyFolder, openKeyFolder, passingTlsKey, writeRecord } from './key-folder.js';
import { type AccountStores, openAccountStores, startMailAccess } from './mail-access.js';
import { type Correspondents, startMailService } from './mail-service.js';
import type { ReferenceOptions } from './reference-options.js';
import { secretOf } from './secrets.js';
import type { SignetFiles } from './signet-folder.js';
import { type StacieEndpoint, startStacieEndpoint } from './stacie/endpoint.js';
import { recordText, signZones, zoneRecords } from './zone-records.js';

export type { Correspondents } from './mail-service.js';
export type { ReferenceHooks, ReferenceOptions } from './reference-options.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Reference {
  readonly domain: string;
  /** The name of the delivery host, as record, certificate and banner have it. */
  readonly dxName: string;
  readonly dmtp: Endpoint;
  /** The plain port, if it was asked for. */
  readonly plain: Endpoint | null;
  readonly dns: Endpoint;
  /** HTTPS: an address for each revision, and the passwords of the accounts. */
  readonly stacie: StacieEndpoint;
  /** Mail access for the accounts that STACIE knows, by their addresses. */
  readonly dmap: DmapEndpoint;
  /** The text of the management record. */
  readonly record: string;
  /** The primary organizational key: 32 octets in unpadded base64. */
  readonly primaryKey: string;
  readonly certificatePem: string;
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly path: string; readonly what: string }[];
  /** The signets of domain and accounts with their private keys, oldest first for each name. */
  readonly signets: readonly SignetFiles[];
  /** Those that take mail. */
  readonly accounts: readonly string[];
  /** Accounts that take no mail, with the reason: one for each. */
  readonly locked: ReadonlyMap<string, LockReason>;
  /** Another domain and a user there, whose signets are known here: mail can be written from them. */
  readonly origin: Correspondents;
  readonly store: MemoryStore;
  readonly limits: DmtpServerLimits;
  /** DMTP connections open now. */
  readonly connections: number;
  /** The DS record of the root: proves every name of the zones that are served. */
  readonly trustAnchor: string;
  /** The mock DNS server: what it was asked, and a way to serve other zones. */
  readonly dnsServer: DnsServer;
  /**
   * Gives the domain or an account new keys, and publishes the signet that follows; for as long as the server runs.
   *
   * @throws RangeError for a name that has no signets here
   */
  rotate(name: string): Signet;
  /** Ends the servers; DMTP sessions have `graceMs` (2000) for their last word. */
  close(graceMs?: number): Promise<void>;
}

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
    const now = (options.now ?? (() => new Date()))();
    const folder = await openKeyFolder(path, dxName, now, options.dir === undefined ? passingTlsKey : undefined);
    const right = recordText(folder, dxName);
    const record = hooks.record?.(right) ?? right;
    await writeRecord(folder, record);
    if (options.store !== undefined && options.dir === undefined) {
      throw new Error('a store file needs a folder that keeps the keys as well');
    }
    const stores = await openAccountStores(options.store);
    started.unshift(async () => stores.close());
    const mail = await startMailService(options, folder, domain, dxName, stores.mail);
    const dmtp = mail.server;
    started.unshift((graceMs) => dmtp.close(graceMs));
    const { accounts, locked } = mail.sample;
    const stacie = await startStacie(options, folder, domain, accounts, stores);
    started.unshift((graceMs) => stacie.server.close(graceMs));
    const { house, client } = mail;
    const dmap = await startMailAccess(options, { folder, stores, house, accounts, stacie, client });
    started.unshift((graceMs) => dmap.close(graceMs));
    const records = zoneRecords(domain, dxName, record, host);
    const { zones, trustAnchor } = signZones(domain, hooks.zone?.(records) ?? records, folder.primaryKey, now);
    const dns = await startDnsServer({
      zones,
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
      dmap,
      record,
      primaryKey: folder.primaryPublic,
      certificatePem: folder.certificate.pem,
      folder: path,
      files: filesOf(path),
      signets: mail.files,
      accounts,
      locked,
      origin: mail.origin,
      store: mail.store,
      limits: dmtp.limits,
      get connections() {
        return dmtp.connections;
      },
      trustAnchor,
      dnsServer: dns,
      rotate: (name) => mail.rotate(name),
      close,
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

function startStacie(
  options: ReferenceOptions,
  folder: KeyFolder,
  domain: string,
  accounts: readonly string[],
  { stacie: store }: AccountStores,
): Promise<StacieEndpoint> {
  const { hooks = {}, host = '127.0.0.1', ports = {}, log } = options;
  return startStacieEndpoint({
    domain,
    usernames: accounts,
    // One other name, so that aliases can be tried.
    aliases: new Map(accounts.slice(0, 1).map((account) => [account.replace('@', '-alias@'), account])),
    // As long-lived as the folder's own secret, and of no use for finding that (STACIE-I-84).
    siteSecret: secretOf(folder.primaryKey, 'STACIE site secret', 64),
    // Accounts that are kept have the same passwords at the next start.
    ...(store === null
      ? {}
      : { store, passwords: (name, octets) => secretOf(folder.primaryKey, `STACIE password of ${name}`, octets) }),
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

function filesOf(folder: string): Reference['files'] {
  const about: readonly [string, string][] = [
    [fileNames.primaryKey, 'private half of the primary organizational key: Ed25519, PEM (PKCS#8)'],
    [fileNames.primaryPublic, 'its public half: 32 octets in unpadded base64, the pok of the record'],
    [fileNames.tlsKey, 'private key of the delivery host: RSA, PEM (PKCS#8)'],
    [fileNames.certificate, 'certificate of the delivery host: self-signed, PEM'],
    [fileNames.record, 'text of the management record'],
    [
      fileNames.signets,
      'folder of signets and private keys, armored: of domain and accounts, and of those who write to them',
    ],
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
