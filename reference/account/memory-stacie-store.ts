/** STACIE accounts in memory. */
import { type StacieAccount, type StacieStore, StoreFull } from './stacie-store.js';

export interface MemoryStacieStoreOptions {
  readonly accounts?: readonly StacieAccount[];
  /** Accounts at most; 10,000. */
  readonly mostAccounts?: number;
}

export interface MemoryStacieStore extends StacieStore {
  readonly stacieUsernames: readonly string[];
}

const defaultMostAccounts = 10_000;

/** Makes a store that holds `accounts`. */
export function createMemoryStacieStore(options: MemoryStacieStoreOptions = {}): MemoryStacieStore {
  const { accounts = [], mostAccounts = defaultMostAccounts } = options;
  const kept = new Map(accounts.map((account) => [account.username, account]));
  return {
    get stacieUsernames() {
      return [...kept.keys()];
    },
    stacieAccount: (username) => kept.get(username) ?? null,
    createStacieAccount(account) {
      if (kept.has(account.username)) return false;
      if (kept.size >= mostAccounts) throw new StoreFull(`${mostAccounts} accounts are kept, and no more`);
      kept.set(account.username, account);
      return true;
    },
    replaceStacieAccount(previous, next) {
      if (previous.username !== next.username || kept.get(previous.username) !== previous) return false;
      kept.set(next.username, next);
      return true;
    },
  };
}
