/** What a STACIE session keeps: accounts and their key rings. Tests and faults put their own store here. */
import type { RealmEntry } from '../formats/stacie/messages/index.js';

export type { RealmEntry } from '../formats/stacie/messages/index.js';

/** An account as it stands between two changes. Neither password nor password key is ever in it (STACIE-015). */
export interface StacieAccount {
  /** Normalised. */
  readonly username: string;
  /** Absent when the account has none (STACIE-I-20). */
  readonly salt?: Uint8Array;
  readonly bonus: number;
  /** 64 octets. Whoever has it can log in, but has no realm key (STACIE-I-88). */
  readonly verificationToken: Uint8Array;
  /** The key ring, in the order of adding. */
  readonly realms: readonly RealmEntry[];
  /** By label: the index that the next shard gets. It never goes back, so no index names two shards (STACIE-189). */
  readonly nextIndex: ReadonlyMap<string, number>;
}

/** Every method may throw: the session then answers that it is unavailable, and nothing has changed. */
export interface StacieStore {
  /** By normalised username. */
  stacieAccount(username: string): StacieAccount | null;
  /** False when the name is taken. */
  createStacieAccount(account: StacieAccount): boolean;
  /**
   * Puts `next` in the place of `previous`, wholly or not at all. False when the account is no longer `previous`: what
   * another request wrote in between is never lost.
   */
  replaceStacieAccount(previous: StacieAccount, next: StacieAccount): boolean;
}

/** Thrown by `createStacieAccount` when no more accounts are kept. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}
