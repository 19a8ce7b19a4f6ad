/** The last queries that the server answered, so that a test can see what its subject asked. */
import { recordTypes } from './record-codec.js';
import type { Response, Transport } from './respond.js';

export interface QueryLogEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly transport: Transport;
  readonly client: { readonly host: string; readonly port: number };
  /** The name in the letter case of the query, other than visible octets as \DDD; null when there was no readable one. */
  readonly name: string | null;
  /** "TXT"..., "TYPE<n>" for types that are not served; null as for the name. */
  readonly type: string | null;
  readonly recursionDesired: boolean;
  /** The DO bit; false without EDNS. */
  readonly dnssecOk: boolean;
  readonly rcode: number;
  /** Octets of the answer. */
  readonly octets: number;
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
    { query, rcode, octets }: Response,
    transport: Transport,
    client: { readonly address: string; readonly port: number },
    at: number,
  ): void {
    const question = query.kind === 'query' ? query.question : null;
    this.#entries.push({
      at,
      transport,
      client: { host: client.address, port: client.port },
      name: question?.shown ?? null,
      type: question === null ? null : (typeNames.get(question.type) ?? `TYPE${question.type}`),
      recursionDesired: query.recursionDesired,
      dnssecOk: query.kind === 'query' && (query.edns?.dnssecOk ?? false),
      rcode,
      octets: octets.length,
    });
    // Dropped in bulk, so that a full log costs no copy for each query.
    if (this.#entries.length >= 2 * this.#limit) this.#entries = this.entries();
  }

  entries(): QueryLogEntry[] {
    return this.#limit === 0 ? [] : this.#entries.slice(-this.#limit);
  }
}
