/** Plaintext payloads with one rule broken, for `sealMessage`. (Sections 4.3 to 4.5 of the messages digest) */
import { type KeyObject, sign } from 'node:crypto';
import { signatureOctets } from './chunk-table.js';
import { flagBits } from './flags.js';
import { payloadHeadOctets } from './limits.js';
import type { MessageErrorCode } from './message-error.js';
import { integerOctets } from './octets.js';
import { writePayload } from './standard-payload.js';

export interface PayloadNearMiss {
  /** What was done, in words. */
  readonly breach: string;
  /** Of `dime-2015`, to be encrypted as it stands. */
  readonly plaintext: Uint8Array;
  readonly code: MessageErrorCode;
  readonly requirement: string;
}

/**
 * Near misses of the payload for some data. All but the last are signed by the author, so that nothing but the broken
 * rule speaks against them.
 *
 * @param key Ed25519 private key of the author
 */
export function payloadNearMisses(data: Uint8Array, key: KeyObject): PayloadNearMiss[] {
  const good = writePayload('dime-2015', { data, flags: 0, random: 1, key });
  const lengthAt = signatureOctets;
  const [flagsAt, octetAt] = [lengthAt + 3, lengthAt + 4];
  const paddingAt = payloadHeadOctets + data.length;
  const changed = (change: (plaintext: Uint8Array) => void): Uint8Array => {
    const plaintext = new Uint8Array(good);
    change(plaintext);
    plaintext.set(sign(null, plaintext.subarray(signatureOctets), key));
    return plaintext;
  };
  const length = (value: number): Uint8Array => changed((octets) => octets.set(integerOctets(value, 3), lengthAt));
  const flag = (value: number): Uint8Array => changed((octets) => octets.fill(value, flagsAt, octetAt));
  const wrongOctet = (good[octetAt] ?? 0) ^ 1;
  const unsigned = new Uint8Array(good);
  unsigned[0] = (unsigned[0] ?? 0) ^ 1;
  return [
    { breach: 'no data', plaintext: length(0), code: 'empty-data', requirement: 'MSG-022' },
    {
      breach: 'a data length that leaves no padding',
      plaintext: length(good.length - payloadHeadOctets),
      code: 'bad-data-length',
      requirement: 'MSG-030',
    },
    { breach: 'the largest data length', plaintext: length(0xffffff), code: 'bad-data-length', requirement: 'MSG-030' },
    {
      breach: 'a data length one too large',
      plaintext: length(data.length + 1),
      code: 'bad-padding',
      requirement: 'MSG-027',
    },
    {
      breach: 'another padding octet in the head',
      plaintext: changed((octets) => octets.fill(wrongOctet, octetAt, octetAt + 1)),
      code: 'bad-padding',
      requirement: 'MSG-027',
    },
    {
      breach: 'another octet in the middle of the padding',
      plaintext: changed((octets) => octets.fill(wrongOctet, paddingAt + 1, paddingAt + 2)),
      code: 'bad-padding',
      requirement: 'MSG-027',
    },
    {
      breach: 'primary padding under the flag of the alternate one',
      plaintext: flag(flagBits.alternatePadding),
      code: 'bad-padding',
      requirement: 'MSG-029',
    },
    {
      breach: 'the flag for the alternate user key',
      plaintext: flag(flagBits.alternateEncryption),
      code: 'unsupported-flag',
      requirement: 'MSG-031',
    },
    { breach: 'a changed plaintext signature', plaintext: unsigned, code: 'bad-signature', requirement: 'MSG-044' },
  ];
}
