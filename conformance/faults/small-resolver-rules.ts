/** Every decision of the small resolver, each with a name, so that a fault replaces one of them and nothing else. */
import { domainToASCII } from 'node:url';
import type { ManagementRecord } from '../../reference/formats/record/index.js';
import { OperationRefusal } from '../target/adapter/serve.js';

export type State = 'secure' | 'insecure' | 'bogus';

/** From weak to strong. */
const strength: Readonly<Record<State, number>> = { bogus: 0, insecure: 1, secure: 2 };

export const weaker = (one: State, other: State): State => (strength[other] < strength[one] ? other : one);

/** A record that was found. */
export interface Found {
  readonly record: ManagementRecord;
  readonly dnssec: State;
  /** Seconds. */
  readonly ttl: number;
}

/** A copy; times in seconds since 1970. */
export interface Copy extends Found {
  readonly at: number;
  /** Null without an expiry. */
  readonly expires: number | null;
}

export interface ResolverRules {
  /** The domain as it is looked up. */
  readonly normalise: (domain: string) => string;
  /** The names that are asked for, one after the other, until there is a record. */
  readonly places: (domain: string) => readonly string[];
  /** Whether a datagram is the reply to a query, by both ids and both names. */
  readonly answers: (ids: readonly [number, number], names: readonly [string, string]) => boolean;
  /** What cannot be read ends the lookup, in place of being waited past. */
  readonly unreadable: (() => never) | null;
  /** A reply that does not come ends the lookup, in place of being asked for again. */
  readonly lost: (() => never) | null;
  /** Asks again over TCP when a reply is cut. */
  readonly overTcp: boolean;
  readonly rightCode: (rcode: number) => boolean;
  readonly needsAdditional: boolean;
  /** Aliases that are followed, and what is done about more. */
  readonly aliases: number;
  readonly tooManyAliases: () => never;
  /** The character-strings of one TXT record, one character an octet. */
  readonly join: (strings: readonly string[]) => string;
  /** Of the records that can be read. */
  readonly choose: (records: readonly ManagementRecord[]) => ManagementRecord;
  /** Given in place of a record, when there is no answer. */
  readonly without: (last: Found | null) => Found;
  /** DNSSEC algorithms that are known. */
  readonly algorithms: readonly number[];
  readonly checks: {
    /** The octets of a signature. */
    readonly signature: boolean;
    readonly inception: boolean;
    readonly expiration: boolean;
    /** That the signer is the zone. */
    readonly signer: boolean;
    /** That the key which signs the keys is the one that the zone above, or the anchor, names. */
    readonly digest: boolean;
    /** That what has no signature is proven to need none. */
    readonly missing: boolean;
    /** That a record belongs to the name that was asked for, or an alias led to it. */
    readonly owner: boolean;
  };
  /** A signed record above which no anchor stands, and one of a zone for which the zone above does not vouch. */
  readonly signedWithoutAnchor: State;
  readonly signedIsland: State;
  /** The state of a record behind aliases, from the states of all of them, the record's at the end. */
  readonly together: (states: readonly State[]) => State;
  /** The state that is given for the one that was found. */
  readonly told: (state: State, reply: { readonly authentic: boolean; readonly additional: boolean }) => State;
  /** Gives what failed its proof, or refuses. */
  readonly failed: (found: Found) => Found;
  /** Seconds for which a copy is kept without asking; and those that are told. */
  readonly lifetime: (ttl: number) => number;
  readonly toldTtl: (left: number) => number;
  /** What is read from the cache. */
  readonly cached: (copy: Copy) => Copy;
  /** A copy that cannot be refreshed: whether it is used on. */
  readonly usedOn: (copy: Copy, now: number) => boolean;
  /** Whether a lookup's result takes the place of a copy. */
  readonly replaces: (found: Found, copy: Copy) => boolean;
  /** Whether a copy whose lifetime is over is asked for anew. */
  readonly refreshes: (copy: Copy, now: number) => boolean;
}

export const refuse = (what: string): never => {
  throw new OperationRefusal(what);
};

const single = (records: readonly ManagementRecord[]): ManagementRecord => {
  const [record, ...others] = records;
  return record !== undefined && others.length === 0 ? record : refuse(`${records.length} records`);
};

/** A right resolver. */
export const rightRules: ResolverRules = {
  normalise: (domain) => domainToASCII(domain.replace(/\.$/, '')),
  places: (domain) => [`_dx.${domain}`],
  answers: ([id, given], [name, asked]) => id === given && name.toLowerCase() === asked.toLowerCase(),
  unreadable: null,
  lost: null,
  overTcp: true,
  rightCode: (rcode) => rcode === 0,
  needsAdditional: false,
  aliases: 8,
  tooManyAliases: () => refuse('aliases without an end'),
  join: (strings) => strings.join(''),
  choose: single,
  without: () => refuse('there is no TXT record'),
  algorithms: [5, 8, 10, 13, 14, 15],
  checks: {
    signature: true,
    inception: true,
    expiration: true,
    signer: true,
    digest: true,
    missing: true,
    owner: true,
  },
  signedWithoutAnchor: 'bogus',
  signedIsland: 'bogus',
  together: (states) => states.reduce(weaker, 'secure'),
  told: (state, { additional }) => (state === 'secure' && !additional ? 'insecure' : state),
  failed: (found) => found,
  lifetime: (ttl) => ttl,
  toldTtl: (left) => left,
  cached: (copy) => copy,
  usedOn: ({ expires }, now) => expires !== null && now < expires,
  replaces: (found, copy) => strength[found.dnssec] >= strength[copy.dnssec],
  refreshes: () => true,
};
