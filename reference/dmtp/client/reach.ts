/** Opens a connection to a delivery host of a domain and has its certificate judged. */
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Dialect } from '../../../grammar/dmtp.js';
import { type DimeResolver, type ResolvedRecord, ResolverError } from '../resolver.js';
import { type AskRevocation, requireTrusted } from './certificate.js';
import type { ClientClock } from './client-clock.js';
import { DmtpClientError } from './client-error.js';
import type { DmtpClientLimits } from './client-limits.js';
import { ClientConnection } from './connection.js';
import { type Attempt, type Exchange, type Reached, reachExchange } from './exchanges.js';

export interface ReachOptions {
  readonly resolver: DimeResolver;
  readonly context: SecureContext;
  readonly dialect: Dialect;
  readonly limits: DmtpClientLimits;
  readonly clock: ClientClock;
  readonly signal: AbortSignal;
  /** Where a standard port is to be found. */
  readonly portOf: (port: number) => number;
  readonly askRevocation: AskRevocation;
}

/**
 * Connects to the first exchange that speaks DMTP inside TLS. A certificate that is refused ends the search (section 6.1
 * of the record digest).
 *
 * @throws DmtpClientError
 */
export async function reachDomain(resolved: ResolvedRecord, options: ReachOptions): Promise<Reached<ClientConnection>> {
  const attempt = async (exchange: Exchange): Promise<Attempt<ClientConnection>> => {
    const { addresses, why } = await addressesOf(exchange.host, options);
    return addresses.length === 0
      ? { kind: 'no-connection', why }
      : await tryAddresses(exchange, addresses, resolved, options);
  };
  return await reachExchange(resolved, options.resolver, attempt, options.limits.hosts);
}

/** Every address is tried, each within its time (REC-061). */
async function tryAddresses(
  exchange: Exchange,
  addresses: readonly string[],
  resolved: ResolvedRecord,
  { signal, ...options }: ReachOptions,
): Promise<Attempt<ClientConnection>> {
  const { host, start } = exchange;
  const port = options.portOf(exchange.port);
  let anyConnection = false;
  let requirement: string | undefined;
  const failures: string[] = [];
  for (const address of addresses) {
    const opened = await ClientConnection.open({ ...options, address, port, host, start, signal });
    if ('connection' in opened) {
      const { connection } = opened;
      await requireGood(connection, host, resolved, options.askRevocation);
      return { kind: 'open', connection };
    }
    if (signal.aborted) throw opened.error;
    anyConnection ||= opened.connected;
    requirement = opened.error.requirement;
    failures.push(`${address}: ${opened.error.message}`);
  }
  return { kind: anyConnection ? 'no-dmtp' : 'no-connection', why: failures.join(', '), requirement };
}

async function requireGood(
  connection: ClientConnection,
  host: string,
  resolved: ResolvedRecord,
  askRevocation: AskRevocation,
): Promise<void> {
  try {
    await requireTrusted(connection.peer, host, resolved, askRevocation);
    connection.trust();
  } catch (error) {
    connection.destroy(
      error instanceof DmtpClientError ? error : new DmtpClientError('aborted', 'the certificate could not be judged'),
    );
    throw error;
  }
}

async function addressesOf(
  host: string,
  { resolver, limits }: ReachOptions,
): Promise<{ readonly addresses: readonly string[]; readonly why: string }> {
  if (isIP(host) !== 0) return { addresses: [host], why: '' };
  try {
    const { addresses, dnssec, reason } = await resolver.addresses(host);
    if (dnssec === 'bogus') {
      return { addresses: [], why: `the DNSSEC proof of its addresses failed: ${reason ?? 'no reason is known'}` };
    }
    const found = addresses.slice(0, limits.addresses).map(({ address }) => address);
    return { addresses: found, why: 'it has no address' };
  } catch (error) {
    if (error instanceof ResolverError) return { addresses: [], why: error.message };
    throw error;
  }
}
