/** The mock DNS server with signed zones that can be changed while it runs. */
import { isIP } from 'node:net';
import { isWithin, nameKey } from './name.js';
import { type DnsServer, type DnsServerOptions, startDnsServer } from './server.js';
import type { SigningAlgorithm } from './signing/algorithms.js';
import type { DigestType } from './signing/keys.js';
import type { Validity } from './signing/sign-set.js';
import {
  type Delegation,
  type SignedTree,
  signedTree,
  type TreeDomain,
  type TreeKeys,
  treeKeys,
  validityAround,
} from './signing/tree.js';
import { ZoneError } from './zone.js';
import type { ZoneRecord, ZoneRecordType } from './zone-record.js';

export type { SigningAlgorithm } from './signing/algorithms.js';
export type { Delegation, TreeDomain } from './signing/tree.js';

export interface SignedDnsOptions extends Omit<DnsServerOptions, 'zones'> {
  readonly domains: readonly TreeDomain[];
  /** Gives so many octets, for the keys; RSA keys come from the system's randomness instead. */
  readonly random: (octets: number) => Uint8Array;
  /** Default 13, ECDSA P-256. */
  readonly algorithm?: SigningAlgorithm;
  /** One key a zone, instead of one for keys and one for the rest. */
  readonly combinedKeys?: boolean;
  /** Keys that are there already, in place of new ones: then `algorithm` and `combinedKeys` say nothing. */
  readonly keys?: TreeKeys;
  /** Default 2, SHA-256. */
  readonly digestType?: DigestType;
  /** When signatures hold; default from an hour before the start (by `now`) to a year after it. */
  readonly validity?: Validity;
}

/**
 * A server of a signed tree: the root, the top-level domains and the given domains, all on one address. What it does
 * wrong is set by `setConduct` (signatures, records, transport) and `delegate` (how the zone above vouches for a domain).
 */
export interface SignedDns extends Omit<DnsServer, 'setZones'> {
  /** The DS record of the root, `. IN DS 12345 13 2 0A1B...`: with it a validator can prove all answers. */
  readonly trustAnchor: string;
  /**
   * Puts records in place of those of a name and type, signed, from the next query on; none: there are no such records any
   * more. A new TTL is set in this way too.
   *
   * @throws ZoneError for a name outside the domains, or records that cannot be served; nothing is changed then
   */
  publish(name: string, type: ZoneRecordType, records: readonly ZoneRecord[]): void;
  /** Changes how the zone above vouches for a domain. @throws ZoneError for one that is not among the domains */
  delegate(origin: string, delegation: Delegation): void;
  /** Serves other domains, with the keys they had and the same trust anchor. @throws ZoneError as signedTree does */
  setDomains(domains: readonly TreeDomain[]): void;
}

/**
 * Starts a server of signed zones.
 *
 * @throws ZoneError for domains that cannot be served; the system's error for an address that cannot be had
 */
export async function startSignedDns(options: SignedDnsOptions): Promise<SignedDns> {
  const { random, algorithm, combinedKeys, digestType, host = '127.0.0.1', now = Date.now } = options;
  const keys =
    options.keys ??
    treeKeys({
      random,
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(combinedKeys === undefined ? {} : { combined: combinedKeys }),
    });
  // A host that is a name has no address before it is looked up; nobody asks for the one of a name server here.
  const address = isIP(host) === 0 ? '127.0.0.1' : host;
  const validity = options.validity ?? validityAround(now(), 365);
  const sign = (domains: readonly TreeDomain[]): SignedTree =>
    signedTree({ domains, validity, keys, address, ...(digestType === undefined ? {} : { digestType }) });
  let domains = options.domains;
  const { zones, trustAnchor } = sign(domains);
  const server = await startDnsServer({ ...options, zones });
  const setDomains = (next: readonly TreeDomain[]): void => {
    server.setZones(sign(next).zones);
    domains = next;
  };
  const changeDomain = (index: number, change: (domain: TreeDomain) => TreeDomain): void =>
    setDomains(domains.map((domain, at) => (at === index ? change(domain) : domain)));
  return {
    address: server.address,
    trustAnchor,
    get queries() {
      return server.queries;
    },
    publish: (name, type, records) => {
      const key = nameKey(name);
      const stray = records.find((record) => record.type !== type || nameKey(record.name) !== key);
      if (stray !== undefined) throw new ZoneError(`publish ${type} ${name}: holds ${stray.type} ${stray.name}`);
      changeDomain(nearestDomain(domains, name), (domain) => {
        const others = domain.records.filter((record) => record.type !== type || nameKey(record.name) !== key);
        return { ...domain, records: [...others, ...records] };
      });
    },
    delegate: (origin, delegation) => {
      const index = domains.findIndex((domain) => nameKey(domain.origin) === nameKey(origin));
      if (index === -1) throw new ZoneError(`delegate ${origin}: not among the domains`);
      changeDomain(index, (domain) => ({ ...domain, delegation }));
    },
    setDomains,
    setConduct: server.setConduct,
    clearConducts: server.clearConducts,
    close: server.close,
  };
}

/** Index of the domain that a name belongs to. */
function nearestDomain(domains: readonly TreeDomain[], name: string): number {
  const key = nameKey(name) ?? '';
  let nearest = -1;
  let length = -1;
  for (const [index, { origin }] of domains.entries()) {
    const above = nameKey(origin) ?? '';
    if (isWithin(key, above) && above.length > length) [nearest, length] = [index, above.length];
  }
  if (nearest === -1) throw new ZoneError(`publish ${name}: in none of the domains`);
  return nearest;
}
