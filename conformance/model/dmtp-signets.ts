/**
 * What a server may say of the signets that it publishes: their forms, their fingerprints and the custody that binds one
 * to the next. From sections 2, 3, 5 and 8 of the signets digest, on the model's own signatures, apart from
 * reference/formats.
 */
import {
  type Field,
  type Form,
  fieldsOctets,
  fingerprint,
  lastId,
  lengthOctets,
  magics,
  type Octets,
  verifies,
} from './signet-builder.js';

const profile = 'dime-2015';
const signatureOctets = 64;

export interface ReadSignet {
  readonly kind: 'organization' | 'user';
  readonly fields: readonly Field[];
  /** The form that its last field ends; null when it ends in the middle of one. */
  readonly form: Form | null;
}

/** Cuts a signet into its fields. @throws RangeError saying what does not fit */
export function readSignet(octets: Octets): ReadSignet {
  const [high = 0, low = 0, most = 0, middle = 0, least = 0] = octets;
  const magic = (high << 8) | low;
  const kind = magic === magics.organization ? 'organization' : magic === magics.user ? 'user' : null;
  if (kind === null) throw new RangeError(`the magic number ${magic} is that of no signet`);
  const length = (most << 16) | (middle << 8) | least;
  if (length !== octets.length - 5)
    throw new RangeError(`the length is ${length}, but ${octets.length - 5} octets follow`);
  const fields: Field[] = [];
  for (let at = 5; at < octets.length; ) {
    const id = octets[at] ?? 0;
    let head = at + 1;
    // An undefined field (251) has a name before its data.
    const name = id === 251 ? octets.subarray(head + 1, head + 1 + (octets[head] ?? 0)) : undefined;
    if (name !== undefined) head += 1 + name.length;
    const size = lengthOctets(profile, kind, id);
    const data = head + size;
    const count = octets.subarray(head, data).reduce((sum, octet) => sum * 256 + octet, 0);
    const end = data + (size === 0 ? signatureOctets : count);
    if (end > octets.length) throw new RangeError(`field ${id} runs past the end`);
    fields.push({ id, data: octets.subarray(data, end), ...(name === undefined ? {} : { name }) });
    at = end;
  }
  const last = fields.at(-1)?.id;
  const form = (['cryptographic', 'full', 'identifiable'] as const).find((each) => lastId(kind, each) === last);
  return { kind, fields, form: form ?? null };
}

/** Those that are known, in the order in which a client would try them: 86 characters of unpadded base64 each. */
export function fingerprintsOf(
  full: Octets,
  identifiable: Octets | null,
): { readonly form: Form; readonly text: string }[] {
  const text = (octets: Octets, form: Form): { form: Form; text: string } => {
    const { kind, fields } = readSignet(octets);
    const digest = fingerprint(profile, kind, fields, lastId(kind, form));
    return { form, text: Buffer.from(digest).toString('base64').replace(/=+$/, '') };
  };
  return [
    text(full, 'full'),
    text(full, 'cryptographic'),
    ...(identifiable === null ? [] : [text(identifiable, 'identifiable')]),
  ];
}

/**
 * In which form `given` is the signet whose full form is `full`; null when it is not that signet.
 *
 * @param identifiable the same in its identifiable form; null when that is not known, and then its last two fields are
 * taken as they come
 */
export function formOf(given: Octets, full: Octets, identifiable: Octets | null): 'full' | 'identifiable' | null {
  if (equal(given, full)) return 'full';
  if (identifiable !== null) return equal(given, identifiable) ? 'identifiable' : null;
  try {
    const { kind, fields, form } = readSignet(given);
    const below = fieldsOctets(profile, kind, fields.slice(0, -2));
    const ids = fields.slice(-2).map(({ id }) => id);
    return form === 'identifiable' && ids.join() === '254,255' && equal(below, full.subarray(5))
      ? 'identifiable'
      : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Whether a history is a chain of custody: each user signet is signed with its own key, by the organization, and by the key
 * of the one before it. What is wrong, or null.
 *
 * @param history oldest first
 * @param organization any form of the signet of the domain
 */
export function custodyOf(history: readonly Octets[], organization: Octets): string | null {
  const owner = keyOf(readSignet(organization).fields);
  let before: Octets | null = null;
  for (const [index, octets] of history.entries()) {
    const { kind, fields } = readSignet(octets);
    if (kind !== 'user') return `signet ${index + 1} is not that of a user`;
    const own = keyOf(fields);
    if (!holds(fields, 5, own)) return `signet ${index + 1} is not signed with its own key`;
    if (before !== null && !holds(fields, 4, before)) return `signet ${index + 1} is not signed with the key before it`;
    for (const id of [6, 253]) {
      if (!holds(fields, id, owner)) return `signature ${id} of signet ${index + 1} is not that of the organization`;
    }
    before = own;
  }
  return null;
}

/** Field 1 without its format octet. */
const keyOf = (fields: readonly Field[]): Octets =>
  fields.find(({ id }) => id === 1)?.data.subarray(1) ?? new Uint8Array();

/** Every signature covers the fields before it. */
function holds(fields: readonly Field[], id: number, key: Octets): boolean {
  const at = fields.findIndex((field) => field.id === id);
  const signature = fields[at]?.data;
  return signature !== undefined && verifies(key, fieldsOctets(profile, 'user', fields.slice(0, at)), signature);
}

const equal = (left: Octets, right: Octets): boolean => Buffer.compare(left, right) === 0;
