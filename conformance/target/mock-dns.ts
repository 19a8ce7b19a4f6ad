/**
 * The DNS of the suite when it plays the peer: signed zones of a case's own, wrong wherever the case wants it, with every
 * query seen. What it can do wrong stands in reference/dns/README.md. Nothing here decides: cases state what is right.
 */
import { randomBytes } from 'node:crypto';
import type { Conduct, ConductTarget, QueryLogEntry, ZoneRecord } from '../../reference/dns/server.js';
import { type Delegation, type SigningAlgorithm, startSignedDns } from '../../reference/dns/signed-server.js';
import type { DigestType } from '../../reference/dns/signing/keys.js';
import { type TreeKeys, treeKeys } from '../../reference/dns/signing/tree.js';

export type {
  Conduct as DnsConduct,
  ConductTarget as DnsConductTarget,
  QueryLogEntry as SeenQuery,
  ZoneRecord as DnsRecord,
} from '../../reference/dns/server.js';
export type { Delegation, SigningAlgorithm } from '../../reference/dns/signed-server.js';
export type { DigestType } from '../../reference/dns/signing/keys.js';

export interface MockDnsOptions {
  /** Default 13, ECDSA P-256. */
  readonly algorithm?: SigningAlgorithm;
  /** Of DS records and the anchor. Default 2, SHA-256. */
  readonly digestType?: DigestType;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Told of each query when it is answered, for the evidence: see queryText. */
  readonly onQuery?: (query: QueryLogEntry) => void;
}

/** One TXT record as its character-strings; a text alone is cut into strings where it is longer than one. */
export type RecordText = string | readonly string[];

export interface PublishOptions {
  /** Seconds, of a record that is given as a text. Default 300. */
  readonly ttl?: number;
  /** Default secure. */
  readonly delegation?: Delegation;
}

export interface MockDns {
  /** For the member `dns` of an adapter operation; the anchors prove every zone. */
  readonly endpoint: { readonly host: string; readonly port: number; readonly anchors: readonly string[] };
  /**
   * Serves a domain, in place of what it held before, signed by the zone above unless `delegation` says otherwise.
   *
   * @param content its records, or the text of the one TXT record at `_dx.<domain>`; see also recordsOf
   * @throws ZoneError for records that cannot be served; nothing is changed then
   */
  publish(domain: string, content: string | readonly ZoneRecord[], options?: PublishOptions): void;
  /** The same for several domains, of which each is signed once. */
  publishAll(domains: ReadonlyMap<string, string | readonly ZoneRecord[]>, options?: PublishOptions): void;
  /** How a name is answered from now on, in place of what was said before; none: right. @throws ZoneError */
  state(target: string | ConductTarget, ...conducts: readonly Conduct[]): void;
  /** How the zone above vouches for a domain that is served. @throws ZoneError */
  delegate(domain: string, delegation: Delegation): void;
  /** What was asked, oldest first. */
  queries(): readonly QueryLogEntry[];
  /** Ends at once; resolves when both sockets are closed. */
  close(): Promise<void>;
}

const usualTtl = 300;

interface Served {
  readonly origin: string;
  readonly records: readonly ZoneRecord[];
  readonly delegation: Delegation;
}

/** Starts a server with no domain yet. Keys are made once for each algorithm and serve every server of this process. */
export async function startMockDns(options: MockDnsOptions = {}): Promise<MockDns> {
  const { algorithm = 13, digestType, host, onQuery } = options;
  const server = await startSignedDns({
    domains: [],
    random: randomBytes,
    keys: sharedKeys(algorithm),
    ...(digestType === undefined ? {} : { digestType }),
    ...(host === undefined ? {} : { host }),
    ...(onQuery === undefined ? {} : { onQuery }),
  });
  let domains: ReadonlyMap<string, Served> = new Map();
  const publishAll: MockDns['publishAll'] = (contents, { ttl = usualTtl, delegation = 'secure' } = {}) => {
    const next = new Map(domains);
    for (const [origin, content] of contents) {
      const records = typeof content === 'string' ? recordsOf(origin, [content], ttl) : content;
      next.set(origin, { origin, records, delegation });
    }
    server.setDomains([...next.values()]);
    domains = next;
  };
  return {
    endpoint: { ...server.address, anchors: [server.trustAnchor] },
    publish: (domain, content, options) => publishAll(new Map([[domain, content]]), options),
    publishAll,
    state: (target, ...conducts) =>
      server.setConduct(typeof target === 'string' ? { name: target } : target, ...conducts),
    delegate: (domain, delegation) => {
      server.delegate(domain, delegation);
      const content = domains.get(domain);
      if (content !== undefined) domains = new Map(domains).set(domain, { ...content, delegation });
    },
    queries: () => server.queries,
    close: server.close,
  };
}

/** TXT records at `_dx.<domain>`, one for each text; the domain's SOA and name server are added when it is published. */
export function recordsOf(domain: string, texts: readonly RecordText[], ttl = usualTtl): ZoneRecord[] {
  const name = `_dx.${domain}`;
  return texts.map((text) => ({ name, ttl, type: 'TXT', strings: typeof text === 'string' ? [text] : text }));
}

/** A query on one line, for the transcript. */
export function queryText({ type, name, transport, dnssecOk, rcode, octets, served }: QueryLogEntry): string {
  const wrong = served.length === 0 ? '' : `, ${served.join(' and ')}`;
  const asked = `${type ?? 'no readable question'} ${name ?? ''} over ${transport}${dnssecOk ? ' with DO' : ''}`;
  return `${asked}: code ${rcode}, ${octets} octets${wrong}`;
}

const made = new Map<SigningAlgorithm, TreeKeys>();

/** Zones that are as far below the root have the same keys: a case's names are new each time, and keys are dear. */
function sharedKeys(algorithm: SigningAlgorithm): TreeKeys {
  const known = made.get(algorithm);
  if (known !== undefined) return known;
  const keys = treeKeys({ random: randomBytes, algorithm });
  const shared: TreeKeys = {
    of: (origin) => keys.of(origin === '' ? '' : `level-${origin.split('.').length}`),
    stranger: keys.stranger,
  };
  made.set(algorithm, shared);
  return shared;
}
