/** The DMAP endpoint of a reference server: accounts with mail over one store, behind TLS. */

import type { DateTime } from '../../grammar/dmap.js';
import type { AccountMode, MailAccount, MailStore } from '../account/mail-store.js';
import { createMemoryMailStore } from '../account/memory-mail-store.js';
import type { StacieStore } from '../account/store.js';
import { createStacieMechanism } from '../stacie/mechanism.js';
import type { StacieSession } from '../stacie/session.js';
import type { ServerTls } from '../tls/options.js';
import type { DeliveryPolicy } from './delivery-options.js';
import { KeyUse } from './key-use.js';
import type { DmapSessionLimits } from './limits.js';
import { createLocalDelivery } from './local-delivery.js';
import { type HouseKeys, newestSignet, organizationOf } from './parties.js';
import { createPasswordCheck } from './password-check.js';
import { fillSampleMail } from './sample-mail.js';
import { type DmapServer, type DmapServerLog, startDmapServer } from './server.js';
import { type DmapServerLimits, serverLimits } from './server-limits.js';
import { createDmapSession } from './session.js';
import type { DmapSession } from './session-contract.js';
import type { DmapSessionOptions } from './session-options.js';
import { createSubmission } from './submission.js';
import type { Deliver } from './submission-contract.js';

/** Where a seeded fault bends the endpoint: each function gets the right thing and gives what is used in its place. */
export interface DmapHooks {
  readonly session?: (session: DmapSession) => DmapSession;
  /** Greeting, mode, extensions, delivery options and the like of a new session. */
  readonly sessionOptions?: (options: DmapSessionOptions) => DmapSessionOptions;
  readonly store?: (store: MailStore) => MailStore;
  readonly tls?: (tls: ServerTls) => ServerTls;
  readonly limits?: (limits: DmapServerLimits) => DmapServerLimits;
  readonly deliver?: (deliver: Deliver) => Deliver;
}

export interface DmapEndpointOptions {
  /** Made when the store does not have them. */
  readonly accounts: readonly MailAccount[];
  /** Told before the login; TRUSTFUL when not given. */
  readonly mode?: AccountMode;
  /** The STACIE session that serves over HTTPS too, of revision 03: its messages are those of DMAP-I-30. */
  readonly stacie: StacieSession;
  /** In memory when not given. It is the caller's to close. */
  readonly store?: MailStore;
  /** Who signs and who may write; SUBMIT refuses everything without it. */
  readonly house?: HouseKeys;
  /** Whether accounts of the house that have no mail yet get samples. */
  readonly samples?: boolean;
  /** Those of SUBMIT, by name in upper case; none when not given. */
  readonly deliveryOptions?: ReadonlyMap<string, DeliveryPolicy>;
  /** Takes messages for other domains. */
  readonly deliver?: Deliver;
  /** The current signet of an author; the newest of the house when not given. */
  readonly authorSignet?: Parameters<typeof createSubmission>[0]['authorSignet'];
  /** Finds signets that are in no ring (DMAP-I-102). */
  readonly lookUpSignet?: (address: string) => Promise<Uint8Array | null>;
  /** Lets clients log in by PLAIN, for tests (DMAP-I-31); `stacieStore` has their tokens. */
  readonly plain?: { readonly stacieStore: StacieStore };
  readonly tls: ServerTls;
  readonly host: string;
  readonly port: number;
  readonly limits?: Partial<DmapServerLimits>;
  readonly sessionLimits?: Partial<DmapSessionLimits>;
  readonly hooks?: DmapHooks;
  readonly log?: DmapServerLog;
  /** Milliseconds of a clock that never goes back; may be set forward to see the inactivity timer work. */
  readonly now?: () => number;
  /** The time of day that messages get. */
  readonly date?: () => Date;
  readonly random: (octets: number) => Uint8Array;
}

export interface DmapEndpoint {
  readonly host: string;
  readonly port: number;
  readonly accounts: readonly MailAccount[];
  /** What sessions use is this one as `hooks.store` bends it. */
  readonly store: MailStore;
  readonly server: DmapServer;
  /** Ends the server; sessions have `graceMs` (2000) for their last word. The store stays open. */
  close(graceMs?: number): Promise<void>;
}

/** Starts the endpoint. @throws Error when its port cannot be had or an option is out of its bounds */
export async function startDmap(options: DmapEndpointOptions): Promise<DmapEndpoint> {
  const { accounts, stacie, house, hooks = {}, date = () => new Date(), mode = 'TRUSTFUL' } = options;
  const store = options.store ?? createMemoryMailStore();
  const clock = (): DateTime => dateTimeOf(date());
  for (const account of accounts) store.createAccount(account);
  endOpenSubmissions(store);
  if (house !== undefined && options.samples === true) {
    const users = accounts.map(({ name }) => name).filter((name) => house.keys.has(name));
    fillSampleMail(store, users, { house, date: clock(), random: options.random });
  }

  const used = hooks.store?.(store) ?? store;
  const keyUse = new KeyUse();
  const createSession = (changed: () => void): DmapSession => {
    const right: DmapSessionOptions = {
      store: used,
      beginStacie: () => createStacieMechanism(stacie),
      mode,
      clock,
      changed,
      keyUse,
      plain: options.plain !== undefined,
      looksUpSignets: options.lookUpSignet !== undefined,
      ...(options.deliveryOptions === undefined ? {} : { deliveryOptions: options.deliveryOptions }),
      ...(options.sessionLimits === undefined ? {} : { limits: options.sessionLimits }),
    };
    const session = createDmapSession(hooks.sessionOptions?.(right) ?? right);
    return hooks.session?.(session) ?? session;
  };
  const limits = serverLimits(options.limits);
  const server = await startDmapServer({
    createSession,
    submit: submissionOf(options, used, clock),
    lookUpSignet: options.lookUpSignet ?? (async () => null),
    checkPassword: options.plain === undefined ? async () => null : createPasswordCheck(options.plain.stacieStore),
    tls: hooks.tls?.(options.tls) ?? options.tls,
    limits: hooks.limits?.(limits) ?? limits,
    host: options.host,
    port: options.port,
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  return { host: options.host, port: server.port, accounts, store, server, close: (graceMs) => server.close(graceMs) };
}

function submissionOf(
  { house, hooks = {}, deliver, authorSignet }: DmapEndpointOptions,
  store: MailStore,
  clock: () => DateTime,
): ReturnType<typeof createSubmission> {
  // Without a verifier nothing is submitted (DMAP-I-91).
  if (house === undefined) return async () => ({ accepted: false, text: 'Submission is not possible here.' });
  const organization = organizationOf(house);
  const elsewhere = deliver === undefined ? {} : { elsewhere: deliver };
  const local = createLocalDelivery({ organization, store, clock, ...elsewhere });
  return createSubmission({
    organization,
    authorSignet: authorSignet ?? (async (address) => newestSignet(house, address)),
    deliver: hooks.deliver?.(local) ?? local,
  });
}

/**
 * Submissions that were under way when the server stopped: nobody knows how they ended. They count as failed, so that
 * their authors look at them and decide.
 */
function endOpenSubmissions(store: MailStore): void {
  for (const { name } of store.accounts()) {
    for (const { mailbox, uid } of store.openSubmissions(name)) store.endSubmission(mailbox, uid, false);
  }
}

function dateTimeOf(date: Date): DateTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    zone: '+0000',
  };
}
