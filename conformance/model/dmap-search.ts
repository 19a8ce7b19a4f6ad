/**
 * Search keys over known messages: what a right server finds (section 2.11 of the DMAP digest). Written from the digest.
 * Generated keys name messages by their place, and sizes by those of messages; the case gives both their values.
 */
import fc from 'fast-check';

/** A message as SEARCH sees it. */
interface Searched {
  readonly number: number;
  readonly uid: number;
  readonly seen: boolean;
  readonly deleted: boolean;
  /** In octets. */
  readonly size: number;
  /** Of the internal date, in its own zone; null when it is not known, and then no key asks for it. */
  readonly day: Day | null;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Places count from 1 and may lie behind the last message; 0 stands for `*`. */
type Places = readonly (readonly [number, number])[];

export type ModelKey =
  | { readonly key: 'ALL' | 'DELETED' | 'UNDELETED' | 'SEEN' | 'UNSEEN' }
  | { readonly key: 'NOT'; readonly of: ModelKey }
  | { readonly key: 'OR'; readonly one: ModelKey; readonly other: ModelKey }
  | { readonly key: 'AND'; readonly of: readonly ModelKey[] }
  | { readonly key: 'SEQUENCE' | 'UID'; readonly places: Places }
  /** The day of the message at `place`, `days` later. */
  | { readonly key: 'BEFORE' | 'ON' | 'SINCE'; readonly place: number; readonly days: number; readonly quoted: boolean }
  /** The size of the message at `place`, and `more`. */
  | { readonly key: 'LARGER' | 'SMALLER'; readonly place: number; readonly more: number };

type KeyWord = ModelKey['key'];

/** Keys without keys in them. `days`: whether those of dates may be among them. */
function simpleKeys(words: readonly KeyWord[]): fc.Arbitrary<ModelKey> {
  const place = fc.integer({ min: 1, max: 4 });
  const places = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 3 });
  const keys = words.flatMap((key): fc.Arbitrary<ModelKey>[] => {
    switch (key) {
      case 'SEQUENCE':
      case 'UID':
        return [fc.record({ key: fc.constant(key), places })];
      case 'BEFORE':
      case 'ON':
      case 'SINCE':
        return [
          fc.record({ key: fc.constant(key), place, days: fc.integer({ min: -1, max: 1 }), quoted: fc.boolean() }),
        ];
      case 'LARGER':
      case 'SMALLER':
        return [fc.record({ key: fc.constant(key), place, more: fc.integer({ min: -1, max: 1 }) })];
      case 'NOT':
      case 'OR':
      case 'AND':
        return [];
      default:
        return [fc.constant<ModelKey>({ key })];
    }
  });
  return fc.oneof(...keys);
}

/** Everything whose verdict rests on no interpretation. */
const plainWords: readonly KeyWord[] = [
  'ALL',
  'DELETED',
  'UNDELETED',
  'SEEN',
  'UNSEEN',
  'SEQUENCE',
  'LARGER',
  'SMALLER',
];

/** Keys of one of these words; NOT, OR and AND hold others, up to three levels of them. */
export function keysOf(...words: readonly KeyWord[]): fc.Arbitrary<ModelKey> {
  const composed = words.filter((word) => word === 'NOT' || word === 'OR' || word === 'AND');
  if (composed.length === 0) return simpleKeys(words);
  const nested = (depth: number): fc.Arbitrary<ModelKey> => {
    const inner = depth === 0 ? simpleKeys(plainWords) : fc.oneof(simpleKeys(plainWords), nested(depth - 1));
    return fc.oneof(
      ...composed.map((key): fc.Arbitrary<ModelKey> => {
        if (key === 'NOT') return inner.map((of) => ({ key, of }));
        if (key === 'OR') return fc.record({ key: fc.constant(key), one: inner, other: inner });
        return fc.array(inner, { minLength: 1, maxLength: 3 }).map((of) => ({ key: 'AND', of }));
      }),
    );
  };
  return nested(2);
}

/** Every kind of key that rests on no interpretation, nested. */
export const someKeys: fc.Arbitrary<ModelKey> = fc.oneof(simpleKeys(plainWords), keysOf('NOT', 'OR', 'AND'));

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const msADay = 86_400_000;

/** A mailbox that keys are read in. */
export class SearchModel {
  constructor(private readonly messages: readonly Searched[]) {}

  /** The key as a command has it. */
  text(key: ModelKey): string {
    switch (key.key) {
      case 'NOT':
        return `NOT ${this.text(key.of)}`;
      case 'OR':
        return `OR ${this.text(key.one)} ${this.text(key.other)}`;
      case 'AND':
        return `(${key.of.map((each) => this.text(each)).join(' ')})`;
      case 'SEQUENCE':
        return this.#set(key.places, (place) => place);
      case 'UID':
        return `UID ${this.#set(key.places, (place) => this.#uid(place))}`;
      case 'BEFORE':
      case 'ON':
      case 'SINCE': {
        const date = new Date(this.#day(key) * msADay);
        const text = `${date.getUTCDate()}-${months[date.getUTCMonth()] ?? ''}-${date.getUTCFullYear()}`;
        return `${key.key} ${key.quoted ? `"${text}"` : text}`;
      }
      case 'LARGER':
      case 'SMALLER':
        return `${key.key} ${this.#size(key)}`;
      default:
        return key.key;
    }
  }

  /** Those that match all of the keys, in their order. */
  found(keys: readonly ModelKey[]): Searched[] {
    return this.messages.filter((message) => keys.every((key) => this.#matches(key, message)));
  }

  #matches(key: ModelKey, message: Searched): boolean {
    switch (key.key) {
      case 'ALL':
        return true;
      case 'DELETED':
        return message.deleted;
      case 'UNDELETED':
        return !message.deleted;
      case 'SEEN':
        return message.seen;
      case 'UNSEEN':
        return !message.seen;
      case 'NOT':
        return !this.#matches(key.of, message);
      case 'OR':
        return this.#matches(key.one, message) || this.#matches(key.other, message);
      case 'AND':
        return key.of.every((each) => this.#matches(each, message));
      case 'SEQUENCE':
        return this.#holds(key.places, message.number, (place) => place, this.messages.length);
      case 'UID':
        return this.#holds(key.places, message.uid, (place) => this.#uid(place), this.#uid(this.messages.length));
      case 'BEFORE':
        return dayNumber(message.day) < this.#day(key);
      case 'ON':
        return dayNumber(message.day) === this.#day(key);
      case 'SINCE':
        return dayNumber(message.day) >= this.#day(key);
      case 'LARGER':
        return message.size > this.#size(key);
      case 'SMALLER':
        return message.size < this.#size(key);
    }
  }

  #set(places: Places, value: (place: number) => number): string {
    const end = (place: number): string => (place === 0 ? '*' : String(value(place)));
    return places.map(([first, last]) => (first === last ? end(first) : `${end(first)}:${end(last)}`)).join(',');
  }

  #holds(places: Places, number: number, value: (place: number) => number, highest: number): boolean {
    const end = (place: number): number => (place === 0 ? highest : value(place));
    return places.some(([first, last]) => {
      const [one, other] = [end(first), end(last)];
      return Math.min(one, other) <= number && number <= Math.max(one, other);
    });
  }

  /** Behind the last message: UIDs that there are none of. */
  #uid(place: number): number {
    const { length } = this.messages;
    return this.messages[place - 1]?.uid ?? (this.messages[length - 1]?.uid ?? 0) + place - length;
  }

  #at(place: number): Searched | undefined {
    return this.messages[(place - 1) % this.messages.length];
  }

  #day({ place, days }: { readonly place: number; readonly days: number }): number {
    return dayNumber(this.#at(place)?.day ?? null) + days;
  }

  #size({ place, more }: { readonly place: number; readonly more: number }): number {
    return Math.max(0, (this.#at(place)?.size ?? 0) + more);
  }
}

function dayNumber(day: Day | null): number {
  return day === null ? 0 : Math.floor(Date.UTC(day.year, day.month - 1, day.day) / msADay);
}
