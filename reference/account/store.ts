/** The store of the reference server: its contract, the one that is kept in memory, and samples to fill it with. */
export * from './dmtp-store.js';
export {
  createMemoryStacieStore,
  type MemoryStacieStore,
  type MemoryStacieStoreOptions,
} from './memory-stacie-store.js';
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions, type StoredMessage } from './memory-store.js';
export {
  rotate,
  type SampleKeys,
  type SampleOrigin,
  type SampleSignets,
  sampleAccounts,
  sampleKeys,
  sampleLocks,
  sampleOrigin,
  sampleOriginKeys,
  sampleSignets,
  storedSignet,
} from './sample-signets.js';
export { type RealmEntry, type StacieAccount, type StacieStore, StoreFull } from './stacie-store.js';
