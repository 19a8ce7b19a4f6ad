/** The last queries that the server answered, so that a test can see what its subject asked. */
import type { Conduct } from './conduct.js';
import { recordTypes } from './record-codec.js';
import type { Response, Transport } from './respond.js';

export interface QueryLogEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly transport: Transport;
  readonly client: { readonly host: string; readonly port: number };
  /** The name in the letter case of the query, other than visible octets as \DDD, "." for the root; null when there was no readable one. */
  readonly name: string | null;
  /** "TXT"..., "TYPE<n>" for types that are not served; null as for the name. */
  readonly type: string | null;
  readonly recursionDesired: boolean;
  /** The DO bit; false without EDNS. */
  readonly dnssecOk: boolean;
  readonly rcode: number;
  /** Octets of the answer; 0 when it was lost. */
  readonly octets: number;
  /** The conducts that made the answer otherwise than right; empty for a right one. */
  readonly served: readonly Conduct['kind'][];
}

const typeNames = new Map<number, string>(Object.entries(recordTypes).map(([name, number]) => [number, name]));

/** Keeps the last `limit` entries. */
export class QueryLog {
  readonly #limit: number;
  #entries: QueryLogEntry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(
    { query, rcode, octets, served }: Response,
    transport: Transport,
    client: { readonly address: string; readonly port: number },
    at: number,
  ): QueryLogEntry {
    const question = query.kind === 'query' ? query.question : null;
    const entry: QueryLogEntry = {
      at,
      transport,
      client: { host: client.address, port: client.port },
      name: question?.shown === '' ? '.' : (question?.shown ?? null),
      type: question === null ? null : (typeNames.get(question.type) ?? `TYPE${question.type}`),
      recursionDesired: query.recursionDesired,
      dnssecOk: query.kind === 'query' && (query.edns?.dnssecOk ?? false),
      rcode,
      octets: octets?.length ?? 0,
      served,
    };
    this.#entries.push(entry);
    // Dropped in bulk, so that a full log costs no copy for each query.
    if (this.#entries.length >= 2 * this.#limit) this.#entries = this.entries();
    return entry;
  }

  entries(): QueryLogEntry[] {
    return this.#limit === 0 ? [] : this.#entries.slice(-this.#limit);
  }
}
