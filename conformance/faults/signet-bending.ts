/** How the faults of signets and keys look into what an operation is given, and bend what it gives. */
import {
  type Field,
  fieldsOctets,
  type Kind,
  lengthOctets,
  magics,
  type Octets,
  objectOf,
  type Profile,
} from '../model/signet-builder.js';
import { type Bend, bendResult } from './record-and-codec-bending.js';
import { changeInput, octetsOf, octetsOrNull, write } from './stacie-bending.js';

export type Input = Readonly<Record<string, unknown>>;

/** What a reader that checks little makes of an object. */
export interface Loose {
  readonly profile: Profile;
  readonly kind: Kind;
  /** Those that can be told apart, in the order of the object. */
  readonly fields: readonly Field[];
  /** Why the reading ended before the object did: an id that has no place there, or a field that is too long. */
  readonly stopped: { readonly why: 'id' | 'size'; readonly id: number; readonly previous: number } | null;
}

export const profileOf = ({ profile }: Input): Profile =>
  profile === 'prime' || profile === 'dime-2015' ? profile : 'dime-2015-magma';

/** The octets of an input, from `data` or out of the armor. */
export function inputOctets({ data, armored }: Input): Octets {
  if (data !== undefined) return octetsOf(data);
  const lines = String(armored)
    .split('\n')
    .filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line));
  return Buffer.from(lines.join(''), 'base64');
}

export const magicOf = (octets: Octets): number => ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);

export function kindOf(octets: Octets): Kind | null {
  const magic = magicOf(octets);
  if (magic === magics.organization) return 'organization';
  if (magic === magics.user) return 'user';
  return magic === magics['signing-request'] ? 'signing-request' : null;
}

/** Null when the magic number is none of a signet. */
export function looselyRead(profile: Profile, octets: Octets): Loose | null {
  const kind = kindOf(octets);
  if (kind === null) return null;
  const fields: Field[] = [];
  let at = 5;
  let previous = 0;
  while (at < octets.length) {
    const id = octets[at] ?? 0;
    const sizes = placeOf(profile, kind, id);
    if (sizes === null || (previous === 255 && id !== 255)) {
      return { profile, kind, fields, stopped: { why: 'id', id, previous } };
    }
    const nameEnd = id === 251 ? at + 2 + (octets[at + 1] ?? 0) : at + 1;
    let size = sizes === 0 ? 64 : 0;
    for (let place = 0; place < sizes; place++) size = (size << 8) | (octets[nameEnd + place] ?? 0);
    const start = nameEnd + sizes;
    if (start + size > octets.length) return { profile, kind, fields, stopped: { why: 'size', id, previous } };
    const data = octets.subarray(start, start + size);
    fields.push({ id, data, ...(id === 251 ? { name: octets.subarray(at + 2, nameEnd) } : {}) });
    previous = id;
    at = start + size;
  }
  return { profile, kind, fields, stopped: null };
}

function placeOf(profile: Profile, kind: Kind, id: number): 0 | 1 | 2 | 3 | null {
  if (kind === 'signing-request' && id > 5) return null;
  try {
    return lengthOctets(profile, kind, id);
  } catch {
    return null;
  }
}

/** Of the object that an operation is given. */
export const readInput = (input: Input): Loose | null => looselyRead(profileOf(input), inputOctets(input));

export const hasField = (input: Input, id: number): boolean =>
  readInput(input)?.fields.some((field) => field.id === id) === true;

export const firstData = ({ fields }: Pick<Loose, 'fields'>, id: number): Octets =>
  fields.find((field) => field.id === id)?.data ?? new Uint8Array(0);

/** Hands the operation an object with other fields, in a binary member that holds one. */
export function changeFields(name: string, member: string, change: (loose: Loose) => readonly Field[]): Bend {
  return changeInput(name, (input) => {
    const octets = octetsOrNull(input[member]);
    const loose = octets === null ? null : looselyRead(profileOf(input), octets);
    if (loose === null || loose.stopped !== null) return input;
    const fields = fieldsOctets(loose.profile, loose.kind, change(loose));
    return { ...input, [member]: write(objectOf(magics[loose.kind], fields)) };
  });
}

/** Writes the object in a member of the result anew, from its fields. */
export function rewrite(
  name: string,
  member: string,
  written: (loose: Loose, input: Input, result: Input) => Octets,
): Bend {
  return bendResult(name, (result, input) => {
    const octets = octetsOrNull(result[member]);
    const loose = octets === null ? null : looselyRead(profileOf(input), octets);
    if (loose === null) return result;
    return { ...result, [member]: write(objectOf(magics[loose.kind], written(loose, input, result))) };
  });
}

/** Answers another state where `when` holds. */
export function otherState(
  when: (state: string, input: Input) => boolean,
  state: string | ((input: Input) => string),
): Bend {
  return bendResult('signet.validate', (result, input) =>
    when(String(result.state), input) ? { state: typeof state === 'string' ? state : state(input) } : result,
  );
}

/** The best state that an object can have by the signatures that are there. */
export function claimedState(input: Input): string {
  const loose = readInput(input);
  if (loose === null) return 'unknown';
  if (loose.kind === 'signing-request') return 'signing-request';
  const has = (id: number): boolean => loose.fields.some((field) => field.id === id);
  return has(255) ? 'identifiable' : has(253) ? 'full' : 'cryptographic';
}
