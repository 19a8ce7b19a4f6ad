/** Data encrypted under the keys of a realm: revision 03 only. (Section 1.8 of the STACIE digest) */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { checkLength, count } from './checks.js';
import { mostDataOctets, mostSerial } from './limits.js';
import { threeOctets, xor } from './octets.js';
import { StacieError } from './stacie-error.js';

export interface EnvelopeKeys {
  /** 16 octets. */
  readonly vectorKey: Uint8Array;
  /** 16 octets. */
  readonly tagKey: Uint8Array;
  /** 32 octets. */
  readonly cipherKey: Uint8Array;
}

export interface EncryptInputs extends EnvelopeKeys {
  /** The number of the realm's shard, 0 to 65,535. */
  readonly serial: number;
  /** 1 to 16,777,215 octets. */
  readonly data: Uint8Array;
  /** 16 octets, random and new for each encryption (STACIE-113). */
  readonly vectorShard: Uint8Array;
  /**
   * Padding beyond what alignment needs: a multiple of 16 up to 240, 0 when not given (STACIE-120). The authors' C code
   * cannot read what has 11 octets or fewer without 16 of it (STACIE-I-38).
   */
  readonly extraPadding?: number;
}

const block = 16;
/** Serial, vector shard and tag shard. */
const envelopeOctets = 34;
/** Size and pad, in front of the data. */
const prefixOctets = 4;
const mostPad = 255;
/** The envelope and one block: the samples and the C code ask for 54 and so cannot read short secrets (STACIE-I-38). */
const leastOctets = envelopeOctets + block;
/** The longest data with the longest padding that aligns it. */
const mostOctets = envelopeOctets + Math.floor((prefixOctets + mostDataOctets + mostPad) / block) * block;

/**
 * Encrypts data into an envelope. Pads with 1 to 16 octets as the samples do (STACIE-I-39), and with `extraPadding`.
 *
 * @throws StacieError, in this order: for the serial (STACIE-123), cipher key (STACIE-124), vector key (STACIE-125), tag
 * key (STACIE-126), vector shard, data (STACIE-127, STACIE-128), extra padding (STACIE-120, STACIE-122)
 */
export function encrypt({ serial, data, vectorShard, extraPadding = 0, ...keys }: EncryptInputs): Uint8Array {
  checkSerial(serial);
  checkKeys(keys);
  checkLength(vectorShard, block, { field: 'vectorShard', requirement: 'STACIE-114', section: '1.8' });
  checkData(data);
  const pad = block - ((data.length + prefixOctets) % block) + extraPadding;
  checkPadding(extraPadding, pad);

  const cipher = createCipheriv('aes-256-gcm', keys.cipherKey, xor(keys.vectorKey, vectorShard));
  const padding = new Uint8Array(pad).fill(pad);
  const payload = [threeOctets(data.length), Uint8Array.of(pad), data, padding].map((part) => cipher.update(part));
  cipher.final();
  const tagShard = xor(cipher.getAuthTag(), keys.tagKey);
  const clear = [Uint8Array.of(serial >> 8, serial & 0xff), vectorShard, tagShard];
  return new Uint8Array(Buffer.concat([...clear, ...payload]));
}

/**
 * Decrypts an envelope. The serial is not authenticated (STACIE-I-42): use `decryptBySerial` where there may be several.
 *
 * @throws StacieError for the keys as `encrypt` does, for a length that cannot be (STACIE-129, STACIE-130), and
 * `undecryptable` for all that is wrong from the tag on, always alike (STACIE-I-48)
 */
export function decrypt({ envelope, ...keys }: EnvelopeKeys & { readonly envelope: Uint8Array }): {
  readonly serial: number;
  readonly data: Uint8Array;
} {
  checkKeys(keys);
  checkEnvelope(envelope);
  const serial = serialOf(envelope);
  const payload = openPayload(envelope, keys);
  const data = payload === null ? null : dataOf(payload);
  payload?.fill(0);
  if (data === null) throw undecryptable();
  return { serial, data };
}

/**
 * Decrypts with the keys of the shard that the envelope names, so that a changed serial meets other keys and fails.
 *
 * @param keysOf the keys of a serial, undefined for one that the realm has not
 * @throws StacieError as `decrypt` does; an unknown serial is `undecryptable` too
 */
export function decryptBySerial(
  envelope: Uint8Array,
  keysOf: (serial: number) => EnvelopeKeys | undefined,
): { readonly serial: number; readonly data: Uint8Array } {
  checkEnvelope(envelope);
  const keys = keysOf(serialOf(envelope));
  if (keys === undefined) throw undecryptable();
  return decrypt({ ...keys, envelope });
}

/**
 * The number of the shard whose keys open an envelope, which stands in front in the clear.
 *
 * @throws StacieError for an envelope that is too short
 */
export function envelopeSerial(envelope: Uint8Array): number {
  checkEnvelope(envelope);
  return serialOf(envelope);
}

function serialOf(envelope: Uint8Array): number {
  return ((envelope[0] ?? 0) << 8) | (envelope[1] ?? 0);
}

function openPayload(envelope: Uint8Array, { vectorKey, tagKey, cipherKey }: EnvelopeKeys): Uint8Array | null {
  const vector = xor(vectorKey, envelope.subarray(2, 18));
  const decipher = createDecipheriv('aes-256-gcm', cipherKey, vector, { authTagLength: block });
  decipher.setAuthTag(xor(envelope.subarray(18, envelopeOctets), tagKey));
  const payload = decipher.update(envelope.subarray(envelopeOctets));
  try {
    decipher.final();
  } catch {
    payload.fill(0);
    return null;
  }
  return payload;
}

/** The data of an authenticated payload; null when size, pad and padding do not agree. */
function dataOf(payload: Uint8Array): Uint8Array | null {
  const [high = 0, middle = 0, low = 0, pad = 0] = payload;
  const size = (high << 16) | (middle << 8) | low;
  const end = prefixOctets + size;
  if (size === 0 || end + pad !== payload.length) return null;
  return payload.subarray(end).every((octet) => octet === pad)
    ? Uint8Array.from(payload.subarray(prefixOctets, end))
    : null;
}

/** @throws StacieError `not-a-whole-number`, `out-of-range` (STACIE-123) */
export function checkSerial(serial: number): void {
  if (Number.isInteger(serial) && serial >= 0 && serial <= mostSerial) return;
  throw new StacieError({
    code: Number.isInteger(serial) ? 'out-of-range' : 'not-a-whole-number',
    requirement: 'STACIE-123',
    field: 'serial',
    value: serial,
    what: `is ${serial}`,
    bound: '0 to 65,535',
    section: '1.8',
  });
}

function checkKeys({ vectorKey, tagKey, cipherKey }: EnvelopeKeys): void {
  checkLength(cipherKey, 32, { field: 'cipherKey', requirement: 'STACIE-124', section: '1.8' });
  checkLength(vectorKey, block, { field: 'vectorKey', requirement: 'STACIE-125', section: '1.8' });
  checkLength(tagKey, block, { field: 'tagKey', requirement: 'STACIE-126', section: '1.8' });
}

function checkData({ length }: Uint8Array): void {
  const place = { field: 'data', value: length, bound: '1 to 16,777,215 octets', section: '1.8' };
  if (length === 0) throw new StacieError({ ...place, code: 'empty', requirement: 'STACIE-127', what: 'is empty' });
  if (length > mostDataOctets) {
    throw new StacieError({ ...place, code: 'too-long', requirement: 'STACIE-128', what: `has ${count(length)}` });
  }
}

function checkPadding(extra: number, pad: number): void {
  const place = { field: 'extraPadding', value: extra, what: `is ${extra}`, section: '1.8' };
  if (!Number.isInteger(extra) || extra < 0 || extra % block !== 0) {
    throw new StacieError({
      ...place,
      code: 'out-of-range',
      requirement: 'STACIE-120',
      bound: 'a multiple of 16 from 0 to 240',
    });
  }
  if (pad > mostPad) {
    const what = `is ${extra}, which makes ${pad} with the ${pad - extra} of alignment`;
    throw new StacieError({
      ...place,
      what,
      code: 'out-of-range',
      requirement: 'STACIE-122',
      bound: '255 octets of padding in all',
    });
  }
}

function checkEnvelope({ length }: Uint8Array): void {
  const place = { field: 'envelope', value: length, what: `has ${count(length)}`, section: '1.8' };
  if (length < leastOctets) {
    throw new StacieError({
      ...place,
      code: 'too-short',
      requirement: 'STACIE-129',
      bound: `at least ${leastOctets} octets`,
    });
  }
  if ((length - envelopeOctets) % block !== 0) {
    const bound = `${envelopeOctets} octets and a multiple of ${block}`;
    throw new StacieError({ ...place, code: 'misaligned', requirement: 'STACIE-130', bound });
  }
  if (length > mostOctets) {
    throw new StacieError({
      ...place,
      code: 'too-long',
      requirement: 'STACIE-128',
      bound: `at most ${count(mostOctets)}`,
    });
  }
}

function undecryptable(): StacieError {
  return new StacieError({
    code: 'undecryptable',
    requirement: 'STACIE-I-48',
    field: 'envelope',
    what: 'does not open with these keys',
    bound: 'one that they sealed',
    section: '1.8',
  });
}
