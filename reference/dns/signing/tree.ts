/** Signed zones from the root down to the domains of a test, for one server, with the trust anchor that proves them. */
import { isIPv6 } from 'node:net';
import { compareNames, keyName, nameKey, parent } from '../name.js';
import { startOfAuthority, type Zone, ZoneError } from '../zone.js';
import type { ZoneRecord } from '../zone-record.js';
import type { SigningAlgorithm } from './algorithms.js';
import { anchorText, type DigestType, dsRecord, keyMaker, type ZoneKey } from './keys.js';
import type { Validity } from './sign-set.js';
import { signZone } from './sign-zone.js';
import type { Signing } from './signing.js';

/**
 * How the zone above vouches for a domain.
 *
 * - `secure`: a DS record of its key;
 * - `insecure`: proven to have none, and the domain is not signed;
 * - `island`: proven to have none, and the domain is signed all the same: its chain ends at no anchor;
 * - `wrong-ds`: a DS record whose digest is that of no key.
 *
 * (A DS record that is withheld from a domain that has one is a conduct of the server: see conduct.ts.)
 */
export type Delegation = 'secure' | 'insecure' | 'island' | 'wrong-ds';

export interface TreeDomain {
  readonly origin: string;
  /** Where the SOA or the NS record of the origin is missing, one is added. */
  readonly records: readonly ZoneRecord[];
  /** Default secure. */
  readonly delegation?: Delegation;
}

export interface SignedTreeOptions {
  readonly domains: readonly TreeDomain[];
  /** See validityAround. */
  readonly validity: Validity;
  /** See treeKeys. The same keys again make the same trust anchor. */
  readonly keys: TreeKeys;
  /** Address of the name servers that are added. Default 127.0.0.1. */
  readonly address?: string;
  /** Digest of the DS records. Default 2, SHA-256. */
  readonly digestType?: DigestType;
}

export interface SignedTree {
  /** The root, the top-level domains, and the domains; for startDnsServer or setZones. */
  readonly zones: readonly Zone[];
  /** The DS record of the root, as validators take it: `. IN DS 12345 13 2 0A1B...`. */
  readonly trustAnchor: string;
}

/** The keys of a tree: each zone's own, made when they are first asked for, and those of a stranger. */
export interface TreeKeys {
  /** The key that signs keys first. `origin` is a key as nameKey gives it: the root is the empty text. */
  of(origin: string): readonly ZoneKey[];
  readonly stranger: ZoneKey;
}

/**
 * Keys for the zones of a tree.
 *
 * @param options.random gives so many octets; RSA keys come from the system's randomness instead
 * @param options.algorithm default 13, ECDSA P-256
 * @param options.combined one key for everything in each zone, instead of one for keys and one for the rest
 */
export function treeKeys(options: {
  readonly random: (octets: number) => Uint8Array;
  readonly algorithm?: SigningAlgorithm;
  readonly combined?: boolean;
}): TreeKeys {
  const make = keyMaker(options.algorithm ?? 13, options.random);
  const made = new Map<string, readonly ZoneKey[]>();
  return {
    of: (origin) => {
      const keys = made.get(origin) ?? [make(257, 'zone'), ...(options.combined === true ? [] : [make(256, 'zone')])];
      made.set(origin, keys);
      return keys;
    },
    stranger: make(256, 'stranger'),
  };
}

/** From an hour before `now` (milliseconds since 1970) to `days` after it. */
export function validityAround(now: number, days = 30): Validity {
  const seconds = Math.floor(now / 1000);
  return { inception: seconds - 3600, expiration: seconds + days * 86_400 };
}

/**
 * Makes the zones. A domain hangs below the nearest domain above it that is given, else below its top-level domain.
 *
 * @throws ZoneError for an origin that is no name or is given twice, and what signZone refuses
 */
export function signedTree(options: SignedTreeOptions): SignedTree {
  const { validity, keys, digestType = 2, address = '127.0.0.1' } = options;
  const domains = allDomains(options.domains, address);
  const signingOf = (origin: string): Signing => ({ ...validity, keys: keys.of(origin), stranger: keys.stranger });
  const delegationsBelow = (above: string): ZoneRecord[] =>
    [...domains.values()]
      .filter(({ origin }) => parentZone(origin, domains) === above)
      .flatMap((domain) => delegate(domain, entryKey(domain.origin, keys), digestType));
  const zones = [...domains.values()].map(({ origin, records, delegation }): Zone => {
    const zone = { origin: keyName(origin), records: [...records, ...delegationsBelow(origin)] };
    return delegation === 'insecure' ? zone : signZone(zone, signingOf(origin));
  });
  return { zones, trustAnchor: anchorText(dsRecord('', entryKey('', keys), 0, digestType)) };
}

interface Domain {
  /** A key: see nameKey. */
  readonly origin: string;
  readonly records: readonly ZoneRecord[];
  readonly delegation: Delegation;
}

/** The given domains, and the root and the top-level domains where they are missing, from the root down. */
function allDomains(given: readonly TreeDomain[], address: string): ReadonlyMap<string, Domain> {
  const domains = new Map<string, Domain>();
  for (const { origin, records, delegation = 'secure' } of given) {
    const key = nameKey(origin);
    if (key === null) throw new ZoneError(`zone ${JSON.stringify(origin)}: not a name`);
    if (domains.has(key)) throw new ZoneError(`zone ${keyName(key)}: given twice`);
    domains.set(key, { origin: key, records: withBasics(key, records, address), delegation });
  }
  for (const top of ['', ...[...domains.keys()].map((key) => key.slice(key.lastIndexOf('.') + 1))]) {
    if (!domains.has(top))
      domains.set(top, { origin: top, records: withBasics(top, [], address), delegation: 'secure' });
  }
  return new Map([...domains].sort(([left], [right]) => compareNames(left, right)));
}

/** Adds the SOA and a name server, if the origin has none. */
function withBasics(origin: string, records: readonly ZoneRecord[], address: string): ZoneRecord[] {
  const has = (type: ZoneRecord['type'], key: string) =>
    records.some((record) => record.type === type && nameKey(record.name) === key);
  const added: ZoneRecord[] = [];
  if (!has('SOA', origin)) added.push(startOfAuthority(keyName(origin)));
  if (!has('NS', origin)) {
    const host = origin === '' ? 'ns' : `ns.${origin}`;
    const type = isIPv6(address) ? 'AAAA' : 'A';
    added.push({ name: keyName(origin), ttl: 300, type: 'NS', host });
    if (!records.some(({ name }) => nameKey(name) === host)) added.push({ name: host, ttl: 300, type, address });
  }
  return [...records, ...added];
}

function parentZone(origin: string, domains: ReadonlyMap<string, Domain>): string | null {
  let above = parent(origin);
  while (above !== null && !domains.has(above)) above = parent(above);
  return above;
}

/** What the zone above holds of a domain: its name servers, and the digest of the key that signs its keys. */
function delegate(domain: Domain, key: ZoneKey, digestType: DigestType): ZoneRecord[] {
  const { origin, records, delegation } = domain;
  const servers = records.filter((record) => record.type === 'NS' && nameKey(record.name) === origin);
  if (delegation === 'insecure' || delegation === 'island') return servers;
  const ds = dsRecord(origin, key, 300, digestType);
  const digest = delegation === 'wrong-ds' ? ds.digest.map((octet, at) => (at === 0 ? octet ^ 1 : octet)) : ds.digest;
  return [...servers, { ...ds, digest }];
}

/** The key that signs the keys of a zone; it comes first. */
function entryKey(origin: string, keys: TreeKeys): ZoneKey {
  const [key] = keys.of(origin);
  if (key === undefined) throw new ZoneError(`zone ${keyName(origin)}: no key to sign it with`);
  return key;
}
