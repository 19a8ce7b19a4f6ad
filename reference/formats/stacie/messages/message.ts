/** What STACIE messages say, once read: section 3 of the STACIE digest. */

/** draft-ladar-stacie-00 and draft-ladar-stacie-03. */
export type StacieRevision = '00' | '03';

/** One shard of a key ring; `index` is the serial that envelopes name (STACIE-I-44). */
export interface RealmEntry {
  /** `realm` in messages of -00 (STACIE-I-33). */
  readonly label: string;
  /** 0 to 65,535. */
  readonly index: number;
  /** 64 octets; `key` in messages of -00. */
  readonly shard: Uint8Array;
}

/** Names a shard of a key ring. */
export type RealmName = Pick<RealmEntry, 'label' | 'index'>;

/** How to log in with a password. */
export interface PasswordMethod {
  /** Normalised: the text that the client hashes. */
  readonly username: string;
  /** 64 octets and up; absent when account and site have none (STACIE-I-20). */
  readonly salt?: Uint8Array;
  /** 64 octets and up. */
  readonly nonce: Uint8Array;
  /** 0 to 16,777,216. */
  readonly bonus: number;
  readonly hash: 'sha2';
  readonly cipher: 'aes';
  readonly disposition: 'required' | 'optional';
}

/** What a privileged request proves itself with: a pair that serves once (STACIE-I-78). */
export interface Proof {
  /** Normalised. */
  readonly username: string;
  readonly nonce: Uint8Array;
  /** The ephemeral login token: 64 octets. */
  readonly token: Uint8Array;
}

/** The value of each kind of message, by the name of its one member. */
export interface StacieMessages {
  readonly login: { readonly username: string };
  /** `skipped`: optional methods that this codec does not know (STACIE-I-67). */
  readonly methods: { readonly password: PasswordMethod; readonly skipped: readonly string[] };
  readonly authenticate: Proof;
  readonly keys: readonly RealmEntry[];
  readonly realms: readonly RealmEntry[];
  /** A text for people (STACIE-I-69). */
  readonly error: string;
  readonly register: { readonly username: string };
  readonly recruit: {
    readonly username: string;
    readonly salt: Uint8Array;
    readonly bonus: number;
    readonly hash: 'sha2';
  };
  readonly enroll: { readonly username: string; readonly salt: Uint8Array; readonly verificationToken: Uint8Array };
  readonly change: Proof & {
    readonly passwordKey: Uint8Array;
    /** Absent when the account has none. */
    readonly salt?: Uint8Array;
    /** Absent: as before. */
    readonly bonus?: number;
    readonly verificationToken: Uint8Array;
    /** Every shard after the change. */
    readonly realms: readonly RealmEntry[];
    /** The shards that are given up: what is named neither here nor in `realms` refuses the change (STACIE-I-54). */
    readonly removed: readonly RealmName[];
  };
  readonly fetch: Proof & { readonly label?: string; readonly index?: number };
  readonly add: Proof & { readonly label: string; readonly shard: Uint8Array };
}

export type StacieKind = keyof StacieMessages;

export type StacieMessage = {
  [Kind in StacieKind]: { readonly kind: Kind; readonly value: StacieMessages[Kind] };
}[StacieKind];

export const requestKinds = ['login', 'authenticate', 'register', 'enroll', 'change', 'fetch', 'add'] as const;
export type RequestKind = (typeof requestKinds)[number];

export const answerKinds = ['methods', 'keys', 'realms', 'error', 'recruit'] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** The kind that hands out shards: `keys` in -00, `realms` in -03. */
export function keyRingKind(revision: StacieRevision): 'keys' | 'realms' {
  return revision === '00' ? 'keys' : 'realms';
}

/** Which kinds a revision has: all but the other revision's key ring. */
export function hasKind(revision: StacieRevision, kind: StacieKind): boolean {
  return kind !== 'keys' && kind !== 'realms' ? true : kind === keyRingKind(revision);
}

/** The names that the vectors and the adapter protocol give to messages, and the kinds they are. */
export function kindNamed(name: string, revision: StacieRevision): StacieKind | undefined {
  return name === 'authenticate-response' ? keyRingKind(revision) : named.get(name);
}

const named: ReadonlyMap<string, StacieKind> = new Map<string, StacieKind>([
  ['login-request', 'login'],
  ['login-response', 'methods'],
  ['authenticate-request', 'authenticate'],
  ['error', 'error'],
  ['register-request', 'register'],
  ['recruit-response', 'recruit'],
  ['enroll-request', 'enroll'],
  ['change-request', 'change'],
  ['fetch-request', 'fetch'],
  ['add-request', 'add'],
]);

/** Limits of section 1.2, and of our own where no draft has one. */
export const bounds = {
  /** Octets of a username in UTF-8: room for the longest mail address, and more. */
  username: 1_024,
  /** Octets of a salt or nonce, at least (STACIE-022, STACIE-027). */
  saltMin: 64,
  /** Octets of a salt or nonce, at most (STACIE-I-18). */
  saltMax: 4_096,
  bonus: 16_777_216,
  index: 65_535,
  /** Characters of an error's text. */
  errorText: 4_096,
  /** Octets of keys, tokens and shards. */
  digest: 64,
} as const;
