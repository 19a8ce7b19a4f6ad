/** The DMTP server of a reference server: its store, its sessions, and who judges the messages. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { MailStore } from './account/mail-store.js';
import {
  createMemoryStore,
  type MemoryStore,
  rotate,
  type SampleKeys,
  type SampleOrigin,
  type SampleSignets,
  type StoredSignet,
  sampleKeys,
  sampleOrigin,
  sampleOriginKeys,
  sampleSignets,
  storedSignet,
} from './account/store.js';
import type { HouseKeys } from './dmap/parties.js';
import { createDmtpClient, type DmtpClient } from './dmtp/client.js';
import type { Transport } from './dmtp/connection-host.js';
import { createJudge, type DestinationKey } from './dmtp/judge.js';
import { serverLimits } from './dmtp/limits.js';
import { lookedUpOrigins } from './dmtp/looked-up-origins.js';
import { knownOrigins } from './dmtp/origin-signets.js';
import { createDimeResolver } from './dmtp/resolver.js';
import { type DmtpServer, startDmtpServer } from './dmtp/server.js';
import { createDmtpSession, type DmtpSession } from './dmtp/session.js';
import { parseSignet, type Signet } from './formats/signet/index.js';
import { fileNames, type KeyFolder } from './key-folder.js';
import { intoMailboxes } from './mail-access.js';
import type { OriginLookup, ReferenceOptions } from './reference-options.js';
import { secretOf } from './secrets.js';
import { keepSignetKeys, type SignetFiles, seedOf, writeSignets } from './signet-folder.js';

const defaultMessageOctets = 16 * 1024 * 1024;
const defaultViolations = 100;
const software = 'dime-conformance';

/** Those who write to the domain: what is needed to write in their name. */
export interface Correspondents {
  readonly domain: string;
  /** A user of that domain. */
  readonly author: string;
  readonly files: readonly SignetFiles[];
  readonly keys: SampleKeys;
  /** By name, in the form in which a signet is published. */
  readonly published: ReadonlyMap<string, StoredSignet>;
  readonly signets: SampleOrigin['identifiable'];
}

export interface MailService {
  readonly server: DmtpServer;
  readonly store: MemoryStore;
  readonly sample: SampleSignets;
  readonly files: readonly SignetFiles[];
  readonly origin: Correspondents;
  /** Reaches other domains, when DNS for that was named. */
  readonly client: DmtpClient | null;
  /** Signets and keys of the domain and its accounts, as they are now. */
  readonly house: HouseKeys;
  /**
   * Gives the domain or an account new keys, and publishes the signet that follows. Not kept for later starts.
   *
   * @throws RangeError for a name that has no signets here
   */
  rotate(name: string): Signet;
}

/** Starts the DMTP server. @throws Error for a port that cannot be had, KeyFolderError for keys that cannot be used */
export async function startMailService(
  options: ReferenceOptions,
  folder: KeyFolder,
  domain: string,
  dxName: string,
  mail: MailStore,
): Promise<MailService> {
  const fresh = sampleKeys(domain, randomBytes, seedOf(folder.primaryKey));
  let keys = await keepSignetKeys(folder, fresh);
  const sample = sampleSignets(domain, randomBytes, keys);
  let signets = sample.identifiable;
  const files = await writeSignets(folder, sample);
  const origin = await openOrigin(folder, domain);
  const store = createMemoryStore({ ...sample, spoolFolder: join(folder.path, fileNames.messages) });
  const newestFirst = (): DestinationKey[] =>
    (keys.get(domain) ?? [])
      .map(({ encryptionPrivate }, index) => ({
        encryptionPrivate,
        fingerprint: store.signets(domain)?.[index]?.fingerprints.full ?? '',
      }))
      .reverse();
  const client = options.originLookup === undefined ? null : clientFor(options.originLookup);
  const server = await startServer(options, folder, domain, dxName, store, mail, origin, client, newestFirst);
  return {
    server,
    store,
    sample,
    files,
    origin,
    client,
    house: {
      domain,
      get signets() {
        return signets;
      },
      get keys() {
        return keys;
      },
    },
    rotate: (name) => {
      const next = rotate(domain, name.toLowerCase(), keys, randomBytes);
      keys = next.keys;
      const chain = signets.get(name.toLowerCase()) ?? [];
      signets = new Map([...signets, [name.toLowerCase(), [...chain, next.signet]]]);
      store.publish(name, storedSignet(next.signet));
      return next.signet;
    },
  };
}

async function openOrigin(folder: KeyFolder, domain: string): Promise<Correspondents> {
  const primary = secretOf(folder.primaryKey, 'primary key of the sample origin', 32);
  const keys = await keepSignetKeys(folder, sampleOriginKeys(domain, randomBytes, primary));
  const sample = sampleOrigin(domain, randomBytes, keys);
  const files = await writeSignets(folder, sample);
  const published = new Map(
    [...sample.identifiable].flatMap(([name, chain]) => chain.slice(-1).map((signet) => [name, storedSignet(signet)])),
  );
  return { domain: sample.domain, author: sample.author, files, keys, published, signets: sample.identifiable };
}

function clientFor({ server, anchors = [], trust, ports = {} }: OriginLookup): DmtpClient {
  const resolver = createDimeResolver({ server, anchors });
  // Whoever delivers waits for this, and no longer than a minute: judgeMs of the server's limits.
  const limits = { totalMs: 30_000 };
  return createDmtpClient({ resolver, ports, limits, ...(trust === undefined ? {} : { trust }) });
}

async function startServer(
  options: ReferenceOptions,
  folder: KeyFolder,
  domain: string,
  dxName: string,
  memory: MemoryStore,
  mail: MailStore,
  origin: Correspondents,
  client: DmtpClient | null,
  keysOf: () => DestinationKey[],
): Promise<DmtpServer> {
  const { hooks = {}, ports = {}, disabled = [], numberedCodes = false, smtpService } = options;
  const right = intoMailboxes(memory, mail, options.now ?? (() => new Date()));
  const store = hooks.store?.(right) ?? right;
  const domains = [domain];
  const createSession = (transport: Transport): DmtpSession => {
    const session = createDmtpSession({
      host: dxName,
      software,
      domains,
      store,
      transport,
      dualMode: transport === 'plain' && smtpService !== undefined,
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
  const own = (): Signet[] => (memory.signets(domain) ?? []).map(({ octets }) => parseSignet('dime-2015', octets));
  const judge = createJudge({
    domains: new Set(domains),
    store,
    keysOf,
    originSignets: knownOrigins(
      (name) => (name === domain ? own() : (origin.signets.get(name) ?? null)),
      options.originSignets ?? (client === null ? undefined : lookedUpOrigins(client)),
    ),
    numberedCodes,
  });
  const tls = { key: folder.certificate.privateKeyPem, cert: folder.certificate.pem };
  const limits = serverLimits(options.limits);
  return await startDmtpServer({
    createSession,
    judge: hooks.judge?.(judge) ?? judge,
    tls: hooks.tls?.(tls) ?? tls,
    limits: hooks.limits?.(limits) ?? limits,
    host: options.host ?? '127.0.0.1',
    port: ports.dmtp ?? 0,
    ...(options.plainPort === true || smtpService !== undefined ? { plainPort: ports.plain ?? 0 } : {}),
    ...(smtpService === undefined ? {} : { smtpService }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
}
