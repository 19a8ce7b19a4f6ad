/** Accounts and signets to try a server with, when no real ones are at hand. */
import { createHash } from 'node:crypto';
import type { StoredSignet } from './dmtp-store.js';

export interface SampleSignets {
  readonly accounts: readonly string[];
  /** Chains of three, oldest first, for the domain and each account. */
  readonly signets: ReadonlyMap<string, readonly StoredSignet[]>;
}

const chainLength = 3;
/** Fields of an opaque signet, in octets: about as many as the smallest real one has. */
const fieldOctets = 240;
/** Magic numbers of the signets digest, section 1. */
const magic = { organization: 0x06f0, user: 0x06fd };

/**
 * Makes the accounts `alice@` and `bob@` of `domain`. The signets have a true header and a true full fingerprint;
 * their fields are noise, so no validator will take them.
 *
 * @param random gives as many random octets as it is asked for
 */
export function sampleSignets(domain: string, random: (octets: number) => Uint8Array): SampleSignets {
  const accounts = ['alice', 'bob'].map((local) => `${local}@${domain}`);
  const names = [domain, ...accounts];
  return { accounts, signets: new Map(names.map((name) => [name, sampleChain(name, random)])) };
}

function sampleChain(name: string, random: (octets: number) => Uint8Array): StoredSignet[] {
  return Array.from({ length: chainLength }, () =>
    opaqueSignet(name.includes('@') ? magic.user : magic.organization, random(fieldOctets)),
  );
}

/** Header of section 2.1: magic (2), length of the fields (3). */
function opaqueSignet(magicNumber: number, fields: Uint8Array): StoredSignet {
  const octets = Buffer.alloc(5 + fields.length);
  octets.writeUIntBE(magicNumber, 0, 2);
  octets.writeUIntBE(fields.length, 2, 3);
  octets.set(fields, 5);
  return {
    octets: new Uint8Array(octets),
    fingerprints: {
      cryptographic: fingerprint(fields.subarray(0, fields.length / 2)),
      full: fingerprint(fields),
      // Field 255 is not in the full form; noise stands for it as well.
      identifiable: fingerprint(Buffer.concat([fields, fields])),
    },
  };
}

/** Section 8 of the signets digest. */
function fingerprint(fields: Uint8Array): string {
  return createHash('sha512').update(fields).digest('base64').replace(/=+$/, '');
}
