/** A store in memory; message bodies too large for it are spooled to files. */

import type { DmtpStore, Envelope, LockReason, StoredSignet } from './dmtp-store.js';
import { MessageBody } from './message-body.js';

export interface MemoryStoreOptions {
  /** Addresses, in any case. */
  readonly accounts: readonly string[];
  /** Further accounts, which take no mail; addresses in any case. */
  readonly locked?: ReadonlyMap<string, LockReason>;
  /** By domain or address, in any case; oldest first. */
  readonly signets: ReadonlyMap<string, readonly StoredSignet[]>;
  /** An existing folder for large bodies; without it everything stays in memory. */
  readonly spoolFolder?: string;
  /** Octets of a body from which on it goes to the spool; 256 KiB. */
  readonly largestInMemory?: number;
  /** Octets of all bodies together, unfinished ones included; 1 GiB. Beyond it a write throws. */
  readonly totalOctets?: number;
}

export interface StoredMessage {
  readonly id: string;
  readonly origin: string;
  readonly destination: string;
  /** Null when nobody looked into the message. */
  readonly recipient: string | null;
  /** In octets. */
  readonly size: number;
  /** The message as it came. */
  octets(): Uint8Array;
}

export interface MemoryStore extends DmtpStore {
  /** Those that take mail. */
  readonly accounts: readonly string[];
  /** Publishes a signet as the newest one of a domain or an address, in any case. It is found from now on. */
  publish(name: string, signet: StoredSignet): void;
  /** Locks an account (address in any case), or unlocks it with null. @throws Error when there is no such account */
  lock(address: string, reason: LockReason | null): void;
  /** What was committed, in that order. */
  messages(): readonly StoredMessage[];
  /** Octets held now, unfinished messages included. */
  readonly heldOctets: number;
}

const defaultLargestInMemory = 256 * 1024;
const defaultTotalOctets = 1024 * 1024 * 1024;

/** Makes an empty store that publishes `signets` for `accounts` and their domains. */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const accountSet = new Set(options.accounts.map((address) => address.toLowerCase()));
  const locks = new Map<string, LockReason>();
  for (const [address, reason] of options.locked ?? []) {
    accountSet.add(address.toLowerCase());
    locks.set(address.toLowerCase(), reason);
  }
  const signets = new Map([...options.signets].map(([name, chain]) => [name.toLowerCase(), chain]));
  const totalOctets = options.totalOctets ?? defaultTotalOctets;
  const messages = new Map<string, StoredMessage>();
  const fingerprints = new Set<string>();
  let heldOctets = 0;

  const reserve = (octets: number): void => {
    if (heldOctets + octets > totalOctets) {
      throw new Error(`message store full: ${heldOctets} of ${totalOctets} octets held, ${octets} more refused`);
    }
    heldOctets += octets;
  };

  return {
    get accounts() {
      return [...accountSet].filter((address) => !locks.has(address));
    },
    get heldOctets() {
      return heldOctets;
    },
    messages: () => [...messages.values()],
    signets: (name) => signets.get(name) ?? null,
    publish(name, signet) {
      const key = name.toLowerCase();
      signets.set(key, [...(signets.get(key) ?? []), signet]);
    },
    hasAccount: (address) => accountSet.has(address),
    lockOf: (address) => locks.get(address) ?? null,
    lock(address, reason) {
      const key = address.toLowerCase();
      if (!accountSet.has(key)) throw new Error(`there is no account ${JSON.stringify(address)} to lock`);
      if (reason === null) locks.delete(key);
      else locks.set(key, reason);
    },
    holds: (fingerprint) => fingerprints.has(fingerprint),
    receive({ origin, destination }: Envelope) {
      const body = new MessageBody(options.spoolFolder, options.largestInMemory ?? defaultLargestInMemory);
      return {
        write(octets) {
          reserve(octets.length);
          try {
            body.write(octets);
          } catch (error) {
            heldOctets -= octets.length;
            throw error;
          }
        },
        pieces: () => body.pieces(),
        commit(id, fingerprint, recipient = null) {
          if (!/^[A-Za-z0-9_-]+$/.test(id)) throw new Error(`message id ${JSON.stringify(id)} has other characters`);
          if (messages.has(id)) throw new Error(`message id ${id} is taken`);
          body.finish(id);
          messages.set(id, { id, origin, destination, recipient, size: body.size, octets: () => body.octets() });
          if (fingerprint !== undefined) fingerprints.add(fingerprint);
        },
        abort() {
          heldOctets -= body.size;
          body.discard();
        },
      };
    },
  };
}
