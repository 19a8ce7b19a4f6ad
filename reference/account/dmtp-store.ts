/** What a DMTP session needs to know and to keep: signets, accounts, messages. Tests and faults put their own here. */

/** A published signet, opaque to the session. */
export interface StoredSignet {
  /** The binary signet, its header included, in its full form (through field 253). */
  readonly octets: Uint8Array;
  readonly fingerprints: SignetFingerprints;
}

/** Each 86 characters of unpadded standard base64 (section 8 of the signets digest). */
export interface SignetFingerprints {
  readonly cryptographic: string;
  readonly full: string;
  readonly identifiable: string;
}

/** What is known of a message when DATA is accepted; domains in lower case. */
export interface Envelope {
  readonly origin: string;
  readonly destination: string;
  /** The octets announced by SIZE, or null when the message itself tells them. */
  readonly octets: number | null;
}

export interface MessageSink {
  /** Takes the next octets. They are the caller's: what is kept must be copied. */
  write(octets: Uint8Array): void;
  /**
   * What was written so far, from the start, in pieces that do not change afterwards. Can be gone through again; not
   * while the next octets are written, nor after `commit` or `abort`.
   */
  pieces(): Iterable<Uint8Array>;
  /**
   * Keeps the message for good under `id` (letters, digits, `-` and `_`), for `recipient` (lower case), null when that
   * was not looked at. `fingerprint` is given in the reading `numbered-codes` only.
   *
   * @throws DeliveryRefused when the message is not for this store; any other error is an internal one
   */
  commit(id: string, fingerprint?: string, recipient?: string | null): void;
  /** Forgets the message. Never throws, and may be called after a failed write or commit. */
  abort(): void;
}

/** Every method may throw: the session answers 451 and goes on. */
export interface DmtpStore {
  /** The signets of a domain or an address in lower case, oldest first; null or empty when it has none. */
  signets(name: string): readonly StoredSignet[] | null;
  /** Whether there is an account of this address (lower case), locked or not. */
  hasAccount(address: string): boolean;
  /** Why the account of this address (lower case) takes no mail; null when it takes mail, or there is none. */
  lockOf(address: string): LockReason | null;
  /** Whether a message with this fingerprint was committed (reading `numbered-codes`). */
  holds(fingerprint: string): boolean;
  /** Opens the place for one message; exactly one of `commit` and `abort` ends it well. */
  receive(envelope: Envelope): MessageSink;
}

/** Why an account is locked (section 6 of the DMTP digest). */
export type LockReason = 'administrator' | 'inactivity' | 'abuse' | 'owner';

/** Why a message that arrived whole is not taken (section 12.4 of the DMTP digest, "After the message"). */
export type RefusalReason =
  | 'invalid message'
  | 'wrong signature'
  | 'origin unavailable'
  | 'origin unknown'
  | 'invalid origin signet'
  | 'outdated recipient signet'
  | 'domain not served'
  | 'recipient unknown'
  | 'locked by administrator'
  | 'locked for inactivity'
  | 'locked for abuse'
  | 'locked by owner';

/** Thrown by MessageSink.commit. */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused';
  constructor(readonly reason: RefusalReason) {
    super(`message refused: ${reason}`);
  }
}
