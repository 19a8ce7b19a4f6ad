/** What a reference server is started with. */
import type { Verb } from '../grammar/dmtp.js';
import type { AccountMode } from './account/mail-store.js';
import type { DmtpStore, StacieStore } from './account/store.js';
import type { DeliveryPolicy } from './dmap/delivery-options.js';
import type { DmapHooks } from './dmap/endpoint.js';
import type { DmapSessionLimits } from './dmap/limits.js';
import type { DmapServerLimits } from './dmap/server-limits.js';
import type { Judge } from './dmtp/judgement.js';
import type { DmtpServerLimits } from './dmtp/limits.js';
import type { OriginSignets } from './dmtp/origin-signets.js';
import type { DmtpServerTls, ServerLog } from './dmtp/server.js';
import type { DmtpSession } from './dmtp/session.js';
import type { SmtpService } from './dmtp/smtp-relay.js';
import type { ZoneRecord } from './dns/zone.js';
import type { StacieSessionLimits } from './stacie/limits.js';
import type { StacieServerLimits } from './stacie/server-limits.js';
import type { StacieSession } from './stacie/session.js';

/** Where a seeded fault bends the server: each function gets the right thing and gives what is used in its place. */
export interface ReferenceHooks {
  readonly session?: (session: DmtpSession) => DmtpSession;
  readonly store?: (store: DmtpStore) => DmtpStore;
  /** Says what becomes of a message that has come whole. */
  readonly judge?: (judge: Judge) => Judge;
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
  readonly dmap?: DmapHooks;
}

/** How the signets of other domains are found. */
export interface OriginLookup {
  /** The DNS server that is asked for everything. */
  readonly server: { readonly host: string; readonly port: number };
  /** DS records in text. None: no record is believed to be secure. */
  readonly anchors?: readonly string[];
  /** Whom to believe where a record alone does not do; the authorities of the system when not given. */
  readonly trust?: { readonly pem: string };
  /** Where standard ports are found, for tests. */
  readonly ports?: Readonly<Record<number, number>>;
}

export interface ReferenceOptions {
  /** The domain served, of letters, digits, hyphens and dots. */
  readonly domain: string;
  /** The address listened at; 127.0.0.1 when not given. */
  readonly host?: string;
  /** Keeps keys and certificate for later starts; a folder that is removed at the close when not given. */
  readonly dir?: string;
  /** 0, a free one, for each that is not given. */
  readonly ports?: {
    readonly dmtp?: number;
    readonly plain?: number;
    readonly dns?: number;
    readonly stacie?: number;
    readonly dmap?: number;
  };
  /** A file that keeps mail and STACIE accounts for later starts; in memory when not given. Needs `dir`. */
  readonly store?: string;
  /** How far the DMAP server is trusted with keys; TRUSTFUL when not given. */
  readonly mode?: AccountMode;
  /** Whether accounts begin with some mail; they do when not given. */
  readonly sampleMail?: boolean;
  /** Delivery options of SUBMIT, by name in upper case; none when not given. */
  readonly deliveryOptions?: ReadonlyMap<string, DeliveryPolicy>;
  readonly dmapLimits?: Partial<DmapServerLimits>;
  readonly dmapSessionLimits?: Partial<DmapSessionLimits>;
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
  /** A second DMTP port, in plain text with STARTTLS (section 7 of the DMTP digest). */
  readonly plainPort?: boolean;
  /** Takes the connections of the plain port that turn out to be SMTP: dual mode. There is a plain port then in any case. */
  readonly smtpService?: SmtpService;
  /**
   * Finds the signets of domains that mail comes from, besides the domain itself and the sample origin. Without it, and
   * without `originLookup`, mail of others is refused for now.
   */
  readonly originSignets?: OriginSignets;
  /** Finds them by DNS and the DMTP client, where `originSignets` is not given. */
  readonly originLookup?: OriginLookup;
  /** The reading of section 12.5 of the DMTP digest. */
  readonly numberedCodes?: boolean;
  readonly hooks?: ReferenceHooks;
  readonly log?: ServerLog;
  /** The clock that the certificate is made and checked by, and that the zones are signed by. */
  readonly now?: () => Date;
}
