/** What the STACIE cases read in messages: as little as each needs, so that a wrong answer meets the case that is about it. */
import type { Octets } from '../../model/stacie-derivation.js';
import type { HttpAnswer } from '../../target/stacie-exchange.js';

export type Members = Readonly<Record<string, unknown>>;

export interface Answer {
  /** The name of the one member; null when the text is no such object. */
  readonly kind: string | null;
  readonly content: unknown;
  /** As it came, for the reader of a report. */
  readonly text: string;
  readonly status: number;
  readonly ms: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function readAnswer({ octets, status, ms }: HttpAnswer): Answer {
  const text = octets.toString('latin1');
  try {
    const value: unknown = JSON.parse(utf8.decode(octets));
    const names = isObject(value) ? Object.keys(value) : [];
    const [name] = names;
    if (isObject(value) && name !== undefined && names.length === 1) {
      return { kind: name, content: value[name], text, status, ms };
    }
  } catch {
    // No JSON: the kind says so.
  }
  return { kind: null, content: undefined, text, status, ms };
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a reader of a report sees of an answer. */
export const shown = ({ status, text }: Answer): string =>
  `${status === 200 ? '' : `status ${status}, `}${JSON.stringify(text.slice(0, 500))}`;

export const base64url = (octets: Octets): string => Buffer.from(octets).toString('base64url');

/** The octets of a text in canonical base64url; null when it is none. */
export function octetsOf(text: unknown): Octets | null {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const octets = Buffer.from(text, 'base64url');
  return octets.toString('base64url') === text ? new Uint8Array(octets) : null;
}

/** A whole number, written as a string of digits or as a JSON integer (STACIE-I-12); null when it is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : null;
  return typeof value === 'string' && /^(0|[1-9][0-9]{0,9})$/.test(value) ? Number(value) : null;
}

/** The objects that stand under `password` in the methods of an answer. */
export function passwordMethods({ kind, content }: Answer): Members[] {
  if (kind !== 'methods' || !Array.isArray(content)) return [];
  return content.flatMap((method) => (isObject(method) && isObject(method.password) ? [method.password] : []));
}

export interface Entry {
  readonly label: string;
  readonly index: number;
  /** As written. */
  readonly shard: string;
}

/** The shards of an answer: `realms` with label and shard, or in revision 00 `keys` with realm and key; null: no such. */
export function entriesOf({ kind, content }: Answer): Entry[] | null {
  if ((kind !== 'realms' && kind !== 'keys') || !Array.isArray(content)) return null;
  const [labelName, shardName] = kind === 'keys' ? ['realm', 'key'] : ['label', 'shard'];
  const entries: Entry[] = [];
  for (const each of content) {
    const index = isObject(each) ? numberOf(each.index) : null;
    if (!isObject(each) || index === null) return null;
    entries.push({ label: String(each[labelName ?? '']), index, shard: String(each[shardName ?? '']) });
  }
  return entries;
}
