/** The plaintext of a standard chunk: signature, length, flags, padding octet, data, padding. (Sections 4.3 and 12.4) */
import { type KeyObject, sign } from 'node:crypto';
import type { Chunk } from './chunk.js';
import { type MessageProfile, signatureOctets } from './chunk-table.js';
import { checkFlags } from './flags.js';
import { largestStandardPayload, mostPrimeData, payloadHeadOctets } from './limits.js';
import { MessageError, type MessageErrorCode } from './message-error.js';
import { concat, count, integerOctets, integerOf } from './octets.js';
import { isPadding, paddingAlgorithm, paddingFor } from './padding.js';

export interface StandardPayload {
  /** By the author; by the ephemeral key in a naked message. Not checked here. */
  readonly signature: Uint8Array;
  /** What it covers: all that follows it (MSG-043). The chunk type is not covered (OQ-71). */
  readonly signed: Uint8Array;
  readonly flags: number;
  readonly data: Uint8Array;
  /** Octets of padding. */
  readonly padding: number;
}

export interface PayloadInput {
  readonly data: Uint8Array;
  /** 0 unless a feature is in use (MSG-032). */
  readonly flags: number;
  /** The random octet of the padding. */
  readonly random: number;
  /** Ed25519 private key of the signer: `privateKeyOf` makes it of a seed. */
  readonly key: KeyObject;
}

/** @throws MessageError `empty-data`, `too-large` */
export function writePayload(profile: MessageProfile, { data, flags, random, key }: PayloadInput): Uint8Array {
  const section = profile === 'prime' ? '12.4' : '4.3';
  if (data.length === 0) {
    throw new MessageError({
      code: 'empty-data',
      requirement: 'MSG-022',
      offset: 0,
      what: 'a chunk without data cannot be written',
      section,
    });
  }
  const padding = paddingFor(paddingAlgorithm(profile, flags), data.length, random);
  const total = payloadHeadOctets + data.length + padding.length;
  if (total > largestStandardPayload || (profile === 'prime' && data.length > mostPrimeData)) {
    const requirement = profile === 'prime' ? 'MSG-089' : 'MSG-023';
    throw new MessageError({
      code: 'too-large',
      requirement,
      offset: 0,
      what: `${count(data.length)} of data do not fit in one chunk`,
      section,
    });
  }
  const plaintext = new Uint8Array(total);
  plaintext.set(concat(integerOctets(data.length, 3), Uint8Array.of(flags, padding.octet)), signatureOctets);
  plaintext.set(data, payloadHeadOctets);
  plaintext.fill(padding.octet, payloadHeadOctets + data.length);
  plaintext.set(sign(null, plaintext.subarray(signatureOctets), key));
  return plaintext;
}

/**
 * Takes a decrypted payload apart and checks length, flags and padding.
 *
 * @param chunk where it was, for errors
 * @throws MessageError
 */
export function readPayload(
  profile: MessageProfile,
  chunk: Pick<Chunk, 'definition' | 'offset'>,
  plaintext: Uint8Array,
): StandardPayload {
  const { definition, offset } = chunk;
  const prime = profile === 'prime';
  const refuse = (code: MessageErrorCode, requirement: string, what: string): MessageError =>
    new MessageError({
      code,
      requirement: prime ? 'MSG-088' : requirement,
      offset,
      what: `${definition.name} chunk: ${what}`,
      section: prime ? '12.4' : '4.3',
    });

  // The least is one octet of data, and one of padding in dime-2015.
  const least = payloadHeadOctets + (prime ? 1 : 2);
  if (plaintext.length < least)
    throw refuse('bad-size', 'MSG-021', `${count(plaintext.length)} of plaintext are fewer than ${least}`);
  const length = integerOf(plaintext.subarray(signatureOctets, signatureOctets + 3));
  const flags = plaintext[67] ?? 0;
  const octet = plaintext[68] ?? 0;
  if (length === 0) throw refuse('empty-data', 'MSG-022', 'the data is empty');
  const end = payloadHeadOctets + length;
  if (end > plaintext.length - (prime ? 0 : 1)) {
    throw refuse(
      'bad-data-length',
      'MSG-030',
      `${count(length)} of data run past the payload of ${count(plaintext.length)} (OQ-68)`,
    );
  }
  checkFlags(profile, definition, flags, offset);
  const padding = plaintext.subarray(end);
  const algorithm = paddingAlgorithm(profile, flags);
  if (!isPadding(algorithm, length, { length: padding.length, octet })) {
    const requirement = algorithm === 'alternate' ? 'MSG-029' : 'MSG-027';
    throw refuse(
      'bad-padding',
      requirement,
      `${count(padding.length)} of ${algorithm} padding do not go with the padding octet ${octet}`,
    );
  }
  const wrong = padding.findIndex((each) => each !== octet);
  if (wrong !== -1)
    throw refuse('bad-padding', 'MSG-027', `padding octet ${wrong} is ${padding[wrong]} instead of ${octet}`);
  return {
    signature: plaintext.subarray(0, signatureOctets),
    signed: plaintext.subarray(signatureOctets),
    flags,
    data: plaintext.subarray(payloadHeadOctets, end),
    padding: padding.length,
  };
}
