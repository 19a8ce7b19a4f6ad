/** A store in memory; message bodies too large for it are spooled to files. */

import type { DmtpStore, Envelope, StoredSignet } from './dmtp-store.js';
import { MessageBody } from './message-body.js';

export interface MemoryStoreOptions {
  /** Addresses, in any case. */
  readonly accounts: readonly string[];
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
  /** In octets. */
  readonly size: number;
  /** The message as it came. */
  octets(): Uint8Array;
}

export interface MemoryStore extends DmtpStore {
  readonly accounts: readonly string[];
  /** What was committed, in that order. */
  messages(): readonly StoredMessage[];
  /** Octets held now, unfinished messages included. */
  readonly heldOctets: number;
}

const defaultLargestInMemory = 256 * 1024;
const defaultTotalOctets = 1024 * 1024 * 1024;

/** Makes an empty store that publishes `signets` for `accounts` and their domains. */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const accounts = options.accounts.map((address) => address.toLowerCase());
  const accountSet = new Set(accounts);
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
    accounts,
    get heldOctets() {
      return heldOctets;
    },
    messages: () => [...messages.values()],
    signets: (name) => signets.get(name) ?? null,
    hasAccount: (address) => accountSet.has(address),
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
        commit(id, fingerprint) {
          if (!/^[A-Za-z0-9_-]+$/.test(id)) throw new Error(`message id ${JSON.stringify(id)} has other characters`);
          if (messages.has(id)) throw new Error(`message id ${id} is taken`);
          body.finish(id);
          messages.set(id, { id, origin, destination, size: body.size, octets: () => body.octets() });
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
