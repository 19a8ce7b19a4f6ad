/**
 * The resolver of DIME domains: management records, mail exchangers and addresses, proven by DNSSEC as far as trust
 * anchors are given. It asks one server for everything, which may be one that resolves for others and keeps what it
 * found; only management records are kept here, since DIME has rules of its own for them.
 */
import { isIP } from 'node:net';
import {
  AliasError,
  nameFromText,
  parseAnchors,
  type Resolution,
  readName,
  resolve,
  type TrustAnchors,
  types,
  Unanswered,
  type ValidationLimits,
  type WireRecord,
} from '../dns/validate/index.js';
import { RecordError, recordLabel, recordName } from '../formats/record/index.js';
import { provenBy, recordState } from './resolver/dnssec-state.js';
import { type ResolverLimits, resolverLimits } from './resolver/limits.js';
import { RecordCache } from './resolver/record-cache.js';
import { recordAmong } from './resolver/record-text.js';
import type {
  DimeResolver,
  ResolvedAddress,
  ResolvedAddresses,
  ResolvedExchangers,
  ResolvedRecord,
} from './resolver/resolved.js';
import { ResolverError } from './resolver/resolver-error.js';
import { askServer, type DnsServerAddress } from './resolver/server-questions.js';

export { AnchorError } from '../dns/validate/index.js';
export type { ResolverLimits } from './resolver/limits.js';
export type {
  DimeResolver,
  MailExchanger,
  Proven,
  ResolvedAddress,
  ResolvedAddresses,
  ResolvedExchangers,
  ResolvedRecord,
} from './resolver/resolved.js';
export { ResolverError, type ResolverErrorCode } from './resolver/resolver-error.js';

export interface DimeResolverOptions {
  /** The DNS server that is asked for everything. */
  readonly server: DnsServerAddress;
  /**
   * Trust anchors as DS records in text: `. IN DS 20326 8 2 E06D...`. With none nothing is secure, and a record that is
   * signed is bogus, since its chain ends at no anchor (REC-047).
   */
  readonly anchors?: readonly string[];
  readonly limits?: Partial<ResolverLimits & Pick<ValidationLimits, 'questions' | 'signatureChecks'>>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Makes a resolver with an empty cache.
 *
 * @throws AnchorError, RangeError
 */
export function createDimeResolver(options: DimeResolverOptions): DimeResolver {
  return new Resolver(options);
}

class Resolver implements DimeResolver {
  readonly #server: DnsServerAddress;
  readonly #anchors: TrustAnchors;
  readonly #limits: ResolverLimits;
  readonly #validation: Partial<ValidationLimits>;
  readonly #now: () => number;
  readonly #kept: RecordCache;
  /** Lookups under way by domain: who asks for the same at the same time gets the same. */
  readonly #underWay = new Map<string, Promise<ResolvedRecord>>();

  constructor({ server, anchors = [], limits = {}, now = Date.now }: DimeResolverOptions) {
    const { questions, signatureChecks, ...own } = limits;
    if (!Number.isInteger(server.port) || server.port < 1 || server.port > 65_535) {
      throw new RangeError(`the port of the DNS server is ${server.port}, not one from 1 to 65535`);
    }
    this.#server = server;
    this.#anchors = parseAnchors(anchors);
    this.#limits = resolverLimits(own);
    this.#validation = {
      ...(questions === undefined ? {} : { questions }),
      ...(signatureChecks === undefined ? {} : { signatureChecks }),
    };
    this.#now = now;
    this.#kept = new RecordCache(this.#limits.keptRecords);
  }

  async record(domain: string): Promise<ResolvedRecord> {
    const owner = ownerOf(domain);
    let lookup = this.#underWay.get(owner);
    if (lookup === undefined) {
      lookup = this.#recordAt(owner).finally(() => this.#underWay.delete(owner));
      this.#underWay.set(owner, lookup);
    }
    return await lookup;
  }

  async #recordAt(owner: string): Promise<ResolvedRecord> {
    const domain = owner.slice(recordLabel.length + 1);
    const kept = this.#kept.find(domain, this.#seconds());
    if (kept?.state === 'fresh') return kept.resolved;
    try {
      const found = await this.#lookUp(owner, domain);
      const counts = this.#kept.keep(found, this.#seconds());
      return counts ? found : this.#old(domain, found);
    } catch (error) {
      if (error instanceof ResolverError) return this.#old(domain, error);
      throw error;
    }
  }

  /** The copy that may be used on when refreshing fails or gives less (REC-053); else what the lookup gave. */
  #old(domain: string, instead: ResolvedRecord | ResolverError): ResolvedRecord {
    const kept = this.#kept.find(domain, this.#seconds());
    if (kept !== null) return kept.resolved;
    if (instead instanceof ResolverError) throw instead;
    return instead;
  }

  async #lookUp(owner: string, domain: string): Promise<ResolvedRecord> {
    const found = await this.#resolve(owner, types.TXT);
    const proven = recordState(found);
    if (found.rcode !== 0) {
      throw new ResolverError('response-code', `TXT ${owner}: ${failure(found.rcode)}`, 'REC-077');
    }
    const record = recordAmong(
      found.records.map(({ data }) => data),
      owner,
    );
    return { domain, record, ttl: found.ttl, ...proven };
  }

  async mailExchangers(domain: string): Promise<ResolvedExchangers> {
    const found = await this.#hosts(hostName(domain), types.MX, 'MX');
    const exchangers = found.records
      .flatMap(({ data }) => {
        const host = data.length > 2 ? readName(data, 2, false)?.name : undefined;
        // The root as a host says that there is none (RFC 7505).
        return host === undefined || host === '' ? [] : [{ preference: data.readUInt16BE(0), host }];
      })
      .sort((one, other) => one.preference - other.preference);
    return { exchangers, ...provenBy(found) };
  }

  async addresses(host: string): Promise<ResolvedAddresses> {
    const family = isIP(host);
    if (family !== 0) {
      const addresses = [{ address: host, family: family === 4 ? 4 : 6 } as const];
      return { addresses, dnssec: 'insecure', reason: 'the host is an address, which DNS was not asked for' };
    }
    const name = hostName(host);
    const [six, four] = await Promise.allSettled([
      this.#hosts(name, types.AAAA, 'AAAA'),
      this.#hosts(name, types.A, 'A'),
    ]);
    const came = [six, four].flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    if (came.length === 0 && six.status === 'rejected') throw six.reason;
    return together(came.map((found) => ({ addresses: addressesOf(found.records), ...provenBy(found) })));
  }

  /** That a name is not there is an answer; a failure is none. */
  async #hosts(name: string, type: number, shownType: string): Promise<Resolution> {
    const found = await this.#resolve(name, type);
    if (found.rcode === 0 || found.rcode === nxDomain) return found;
    throw new ResolverError('response-code', `${shownType} ${name}: ${failure(found.rcode)}`);
  }

  async #resolve(name: string, type: number): Promise<Resolution> {
    const signal = AbortSignal.timeout(this.#limits.totalMs);
    const ask = askServer(this.#server, this.#limits, signal);
    try {
      const options = { anchors: this.#anchors, ask, now: Math.floor(this.#seconds()), limits: this.#validation };
      return await resolve({ name, type }, options);
    } catch (error) {
      if (error instanceof AliasError) throw new ResolverError('aliases', error.message, undefined, { cause: error });
      if (!(error instanceof Unanswered)) throw error;
      const code = error.kind === 'costly' ? 'too-costly' : 'no-answer';
      throw new ResolverError(code, error.message, undefined, { cause: error });
    }
  }

  #seconds(): number {
    return this.#now() / 1000;
  }
}

const nxDomain = 3;

/** The owner name of a domain's record. */
function ownerOf(domain: string): string {
  try {
    const owner = recordName(domain);
    if (nameFromText(owner) === owner) return owner;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new ResolverError('bad-name', error.message, error.requirement, { cause: error });
  }
  throw badName(domain);
}

/** A host's or a domain's name, normalised as the domain of a record is. */
function hostName(host: string): string {
  return ownerOf(host).slice(recordLabel.length + 1);
}

function badName(name: string): ResolverError {
  const shown = JSON.stringify(name.slice(0, 80)).replace(/[^ -~]/g, '?');
  return new ResolverError('bad-name', `${shown} is no name that DNS can hold`);
}

function failure(rcode: number): string {
  const names = ['', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
  return `the server answers with ${names[rcode] ?? `code ${rcode}`}`;
}

function addressesOf(records: readonly WireRecord[]): ResolvedAddress[] {
  return records.flatMap(({ data }): ResolvedAddress[] => {
    if (data.length === 4) return [{ address: data.join('.'), family: 4 }];
    if (data.length !== 16) return [];
    const groups = Array.from({ length: 8 }, (_, index) => data.readUInt16BE(index * 2).toString(16));
    return [{ address: new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1), family: 6 }];
  });
}

const ranks = { secure: 0, insecure: 1, bogus: 2 } as const;

/** Both families; one whose proof failed is left out where the other can be used. The state is that of the weaker. */
function together(families: readonly ResolvedAddresses[]): ResolvedAddresses {
  const good = families.filter(({ dnssec }) => dnssec !== 'bogus');
  const used = good.some(({ addresses }) => addresses.length > 0) ? good : families;
  const [weakest] = used.toSorted((one, other) => ranks[other.dnssec] - ranks[one.dnssec]);
  return {
    addresses: used.flatMap(({ addresses }) => addresses),
    dnssec: weakest?.dnssec ?? 'insecure',
    reason: weakest?.reason ?? null,
  };
}
