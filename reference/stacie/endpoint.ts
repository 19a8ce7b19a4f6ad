/** The STACIE endpoint of a reference server: a session of each revision over the same accounts, behind HTTPS. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createMemoryStacieStore, type MemoryStacieStore, type StacieStore } from '../account/store.js';
import type { StacieRevision } from '../formats/stacie/messages/index.js';
import type { ServerTls } from '../tls/options.js';
import { deriveVerificationToken } from './derive-token.js';
import type { StacieSessionLimits } from './limits.js';
import { type Credentials, sampleStacieAccounts } from './sample-accounts.js';
import { type StacieServer, type StacieServerLog, startStacieServer } from './server.js';
import type { StacieServerLimits } from './server-limits.js';
import { createStacieSession, type StacieSession } from './session.js';

/** Where a seeded fault bends the endpoint. */
export interface StacieHooks {
  readonly session?: (session: StacieSession) => StacieSession;
  readonly store?: (store: StacieStore) => StacieStore;
  readonly tls?: (tls: ServerTls) => ServerTls;
}

export interface StacieEndpointOptions {
  readonly domain: string;
  /** Normalised names that get an account with a random password. */
  readonly usernames: readonly string[];
  /** 32 octets and up, the same at every start. */
  readonly siteSecret: Uint8Array;
  readonly tls: ServerTls;
  readonly host: string;
  readonly port: number;
  readonly bonus?: number;
  readonly registration?: boolean;
  /** Where accounts are kept; in memory when not given. Accounts that are there already stay as they are. */
  readonly store?: MemoryStacieStore;
  /** Gives as many octets as it is asked for, from which the passwords are made; random when not given. */
  readonly passwords?: (username: string, octets: number) => Uint8Array;
  readonly aliases?: ReadonlyMap<string, string>;
  readonly sessionLimits?: Partial<StacieSessionLimits>;
  readonly serverLimits?: Partial<StacieServerLimits>;
  readonly hooks?: StacieHooks;
  readonly log?: StacieServerLog;
}

export interface StacieEndpoint {
  readonly host: string;
  readonly port: number;
  /** The address of each revision. */
  readonly urls: Readonly<Record<StacieRevision, string>>;
  /** Of those named that have still the password made for them. */
  readonly credentials: readonly Credentials[];
  readonly bonus: number;
  readonly store: MemoryStacieStore;
  /** The sessions behind the addresses, for DMAP's AUTHENTICATE as well. */
  readonly sessions: Readonly<Record<StacieRevision, StacieSession>>;
  readonly server: StacieServer;
}

/** All clients have to accept it (STACIE-164), and few take a wrong one for none. */
const defaultBonus = 1_000;

/** Starts the endpoint. @throws Error when its port cannot be had or an option is out of its bounds */
export async function startStacieEndpoint(options: StacieEndpointOptions): Promise<StacieEndpoint> {
  const { domain, host, hooks = {}, bonus = defaultBonus, registration = true, aliases = new Map() } = options;
  const memory = options.store ?? createMemoryStacieStore();
  const passwords = options.passwords ?? ((_, octets) => randomBytes(octets));
  const { credentials, accounts } = await sampleStacieAccounts(options.usernames, bonus, randomBytes, passwords);
  const known: Credentials[] = [];
  for (const [index, account] of accounts.entries()) {
    const own = credentials[index];
    if (own !== undefined && (memory.createStacieAccount(account) || (await isPasswordOf(own, memory))))
      known.push(own);
  }
  const store = hooks.store?.(memory) ?? memory;
  const open = (revision: StacieRevision): StacieSession => {
    const session = createStacieSession({
      revision,
      store,
      random: randomBytes,
      now: () => performance.now(),
      siteSecret: options.siteSecret,
      policy: { domain, bonus, registration, aliases },
      ...(options.sessionLimits === undefined ? {} : { limits: options.sessionLimits }),
    });
    return hooks.session?.(session) ?? session;
  };
  const sessions = { '00': open('00'), '03': open('03') };
  const server = await startStacieServer({
    sessions: new Map([
      [pathOf('00'), sessions['00']],
      [pathOf('03'), sessions['03']],
    ]),
    tls: hooks.tls?.(options.tls) ?? options.tls,
    host,
    port: options.port,
    ...(options.serverLimits === undefined ? {} : { limits: options.serverLimits }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  const url = (revision: StacieRevision): string => `https://${hostInUrl(host)}:${server.port}${pathOf(revision)}`;
  const urls = { '00': url('00'), '03': url('03') };
  return { host, port: server.port, urls, credentials: known, bonus, store: memory, sessions, server };
}

/** An account that was kept may have another password by now. */
async function isPasswordOf({ username, password }: Credentials, store: StacieStore): Promise<boolean> {
  const account = store.stacieAccount(username);
  if (account === null) return false;
  const { salt, bonus, verificationToken } = account;
  const derived = await deriveVerificationToken({ username, password, bonus, ...(salt === undefined ? {} : { salt }) });
  return timingSafeEqual(derived, verificationToken);
}

const pathOf = (revision: StacieRevision): string => `/stacie/${revision}`;

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
