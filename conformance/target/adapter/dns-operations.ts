/** dns.resolve-record, on the reference resolver. */

import {
  AnchorError,
  createDimeResolver,
  type DimeResolver,
  ResolverError,
  type ResolverLimits,
} from '../../../reference/dmtp/resolver.js';
import { recordMembers } from './record-operations.js';
import { type Operation, OperationRefusal } from './serve.js';

/** As common.schema.json has it. */
export interface DnsInput {
  readonly host: string;
  readonly port: number;
  readonly anchors?: readonly string[];
}

/** Shorter than across a network, since a server that stays silent is part of what is tested. */
const limits: Partial<ResolverLimits> = { udpMs: 200, tcpMs: 1_500, totalMs: 6_000 };

/** Resolvers that are kept with the records they found; the ones that were used longest ago go first. */
const mostResolvers = 64;
const resolvers = new Map<string, DimeResolver>();

/**
 * The resolver for a server and its anchors: one for as long as the adapter runs, so that it keeps what it found.
 *
 * @throws OperationRefusal for anchors that are none
 */
export function resolverFor({ host, port, anchors = [] }: DnsInput): DimeResolver {
  const key = JSON.stringify([host, port, anchors]);
  let resolver = resolvers.get(key);
  resolvers.delete(key);
  try {
    resolver ??= createDimeResolver({ server: { host, port }, anchors, limits });
  } catch (error) {
    if (error instanceof AnchorError) throw new OperationRefusal(error.message);
    throw error;
  }
  resolvers.set(key, resolver);
  for (const [oldest] of resolvers) {
    if (resolvers.size <= mostResolvers) break;
    resolvers.delete(oldest);
  }
  return resolver;
}

export const dnsOperations: Readonly<Record<'dns.resolve-record', Operation>> = {
  'dns.resolve-record': async (input) => {
    const { domain, dns } = input as unknown as { readonly domain: string; readonly dns: DnsInput };
    try {
      const { record, dnssec, reason, ttl } = await resolverFor(dns).record(domain);
      return { ...recordMembers(record), dnssec, ttl, reason };
    } catch (error) {
      if (!(error instanceof ResolverError)) throw error;
      throw new OperationRefusal(error.message, { requirement: error.requirement });
    }
  },
};
