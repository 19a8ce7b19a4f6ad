/** The data of DNSSEC records in octets (RFC 4034); dns2 writes none of them. */
import type { DelegationSigner, NextSecure, PublicKey, Signature } from './zone-record.js';

/** Type numbers. */
export const dnssecTypes = { DS: 43, RRSIG: 46, NSEC: 47, DNSKEY: 48 } as const;

/** The only value of the protocol field of a DNSKEY. (RFC 4034 section 2.1.2) */
const dnssecProtocol = 3;

/**
 * RDATA of a DNSSEC record that has been checked.
 *
 * @param encodeName writes a name without compression
 */
export function encodeDnssecData(
  record: DelegationSigner | PublicKey | Signature | NextSecure,
  encodeName: (name: string) => Uint8Array,
): Uint8Array {
  switch (record.type) {
    case 'DS':
      return octets(whole(2, record.keyTag), [record.algorithm, record.digestType], record.digest);
    case 'DNSKEY':
      return octets(whole(2, record.flags), [dnssecProtocol, record.algorithm], record.publicKey);
    case 'RRSIG':
      return octets(
        whole(2, record.covered),
        [record.algorithm, record.labels],
        whole(4, record.originalTtl),
        whole(4, record.expiration),
        whole(4, record.inception),
        whole(2, record.keyTag),
        encodeName(record.signer),
        record.signature,
      );
    case 'NSEC':
      return octets(encodeName(record.next), typeBitmap(record.types));
  }
}

function octets(...parts: (Uint8Array | number[])[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

function whole(length: 2 | 4, value: number): Uint8Array {
  const written = Buffer.alloc(length);
  written.writeUIntBE(value, 0, length);
  return written;
}

/** Windows of 256 types, each as long as its last type needs. (RFC 4034 section 4.1.2) */
function typeBitmap(types: readonly number[]): Uint8Array {
  const windows = new Map<number, Uint8Array>();
  for (const type of types) {
    const bits = windows.get(type >> 8) ?? new Uint8Array(32);
    windows.set(type >> 8, bits);
    const at = (type & 0xff) >> 3;
    bits[at] = (bits[at] ?? 0) | (0x80 >> (type & 7));
  }
  const written = [...windows]
    .sort(([left], [right]) => left - right)
    .map(([window, bits]) => {
      const length = bits.findLastIndex((octet) => octet !== 0) + 1;
      return octets([window, length], bits.subarray(0, length));
    });
  return octets(...written);
}
