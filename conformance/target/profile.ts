/** What the suite knows of a target before it asks anything: taken from the target file, or from the embedded server. */
import type fc from 'fast-check';
import type { Verb } from '../../grammar/dmtp.js';

export interface TargetLimits {
  /** How long a reply may take, in milliseconds. */
  readonly replyMs: number;
  /** How long a connection with its handshake and greeting may take, in milliseconds. */
  readonly connectMs: number;
  /** After how long a silent connection is ended; null when not known. */
  readonly idleMs: number | null;
  /** The largest message that is taken, in octets; null when not known. */
  readonly messageOctets: number | null;
}

export interface DmtpEndpoint {
  /** Address or name to connect to. */
  readonly host: string;
  readonly port: number;
  /** The DX host name: server name indication, and what the banner should say. */
  readonly name: string;
}

export interface DnsEndpoint {
  readonly host: string;
  readonly port: number;
  /** DS records in text from which its zones are proven; not given where none are known. */
  readonly anchors?: readonly string[];
}

/** A STACIE server: one address, one revision. */
export interface StacieEndpoint {
  readonly host: string;
  readonly port: number;
  /** Path of the address, query included. */
  readonly path: string;
  readonly revision: '00' | '03';
  /** Whose certificates are right there; `none`: that is not judged. */
  readonly trust: 'none' | 'system' | { readonly authorities: string };
  readonly account: {
    readonly username: string;
    /** Behind a function, so that nothing that prints a profile prints it. */
    readonly password: () => string;
  };
  /** Whether the suite may make accounts there. They stay. */
  readonly canRegister: boolean;
}

/** A port that starts in plain text and knows STARTTLS (section 7 of the DMTP digest). */
export interface PlainEndpoint extends DmtpEndpoint {
  /** Whether an SMTP service stands behind it, which takes connections over: dual mode. */
  readonly smtp: boolean;
}

/** Everything that SGNT and HIST give for one name. */
export interface SignetChain {
  /** Domain or mail address, in lower case. */
  readonly name: string;
  /** Binary signets in their full form (through field 253), oldest first. At least one. */
  readonly signets: readonly Uint8Array[];
  /** The same signets in their identifiable form (through field 255); null for one that is not known. */
  readonly identifiable?: readonly (Uint8Array | null)[];
}

/** One who writes or gets mail. */
export interface MailParty {
  /** Domain or mail address, in lower case. */
  readonly name: string;
  /** The current signet: binary, in its full form (through field 253). */
  readonly signet: Uint8Array;
  /** Its full fingerprint, as MAIL and RCPT name it: 86 characters of unpadded base64. */
  readonly fingerprint: string;
}

/** One in whose name the suite writes mail. */
export interface SigningParty extends MailParty {
  /** The Ed25519 seed (32 octets) of the signet's first key. Behind a function, so that nothing that prints a profile prints it. */
  readonly signingSeed: () => Uint8Array;
}

/** Why an account is locked: the four reasons of section 6 of the DMTP digest. */
export type LockReason = 'administrator' | 'inactivity' | 'abuse' | 'owner';

/** Who may write to whom, so that the suite can make mail that the target stores, or refuses for one reason. */
export interface MailProfile {
  /** Another domain than the target's; the target knows its signet, or finds it by its record. */
  readonly origin: SigningParty;
  /** A user of the origin. */
  readonly author: SigningParty;
  /** The target's domain. */
  readonly destination: MailParty;
  /** Accounts that take mail; at least one. */
  readonly recipients: readonly MailParty[];
  /** Accounts that are locked. */
  readonly locked: readonly (MailParty & { readonly reason: LockReason })[];
}

/** An account that the suite may log in to by DMAP, change the mailboxes of, and fill. */
export interface DmapAccount {
  /** The mail address, which is the user name of STACIE too. */
  readonly username: string;
  /** Behind a function, so that nothing that prints a profile prints it. */
  readonly password: () => string;
  readonly mode: 'trustful' | 'cautious' | 'paranoid';
}

/** A DMAP server: TLS from the first octet. */
/** Who may submit to whom, so that the suite can make messages that the target delivers, or refuses for one reason. */
export interface DmapSubmission {
  /** One of the accounts, and the key that it signs with now. */
  readonly author: SigningParty;
  /** Seeds of signing keys that the author had before; empty when none is known. */
  readonly earlierSeeds: readonly (() => Uint8Array)[];
  /** The author's domain. */
  readonly origin: MailParty;
  /** Another of the accounts, in the same domain: what was submitted is looked for in its INBOX. */
  readonly recipient: MailParty;
  readonly options: DmapSubmissionOptions;
}

/** Delivery options as SUBMIT takes them, `DSN (NEVER)` for example; each is right or wrong alone. */
export interface DmapSubmissionOptions {
  /** Announced, and followed for the author. */
  readonly honoured: readonly string[];
  /** Announced, rightly written, and denied to the author. */
  readonly denied: readonly string[];
  /** Announced, and wrongly written. */
  readonly misused: readonly string[];
}

export interface DmapEndpoint extends DmtpEndpoint {
  /** At least one. */
  readonly accounts: readonly DmapAccount[];
  readonly submission?: DmapSubmission;
  /** After how long a silent connection of somebody who has not logged in is ended, in milliseconds; null when not known. */
  readonly idleMs: number | null;
}

export interface TargetProfile {
  readonly name: string;
  readonly kind: 'embedded' | 'network' | 'adapter' | 'network+adapter';
  /** The domain whose mail the target takes; null for a target that is no server. */
  readonly domain: string | null;
  /** A domain that it does not serve. */
  readonly foreignDomain: string;
  readonly dmtp: DmtpEndpoint | null;
  /** The plain port of the same server; none when not given. */
  readonly plain?: PlainEndpoint;
  readonly dns: DnsEndpoint | null;
  /** The DMAP server; none when not given. */
  readonly dmap?: DmapEndpoint;
  /** STACIE servers, one for each revision at most; none when not given. */
  readonly stacie?: readonly StacieEndpoint[];
  readonly hasAdapter: boolean;
  readonly claims: readonly string[];
  readonly readings: readonly string[];
  readonly limits: TargetLimits;
  /** Commands that are switched off there. */
  readonly disabled: readonly Verb[];
  /** Messages that the target would store, or null when none are known. */
  readonly messages: fc.Arbitrary<Uint8Array> | null;
  /** Who takes part in mail; not known when not given. */
  readonly mail?: MailProfile;
  /** Signets that the target publishes: of its domain and of at least one account. Not known when not given. */
  readonly signets?: readonly SignetChain[];
}
