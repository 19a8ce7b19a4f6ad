/** Which delivery hosts of a domain are tried, in which order. (Section 6 of the management record digest) */
import { isIP } from 'node:net';
import { type DimeResolver, type ResolvedRecord, ResolverError } from '../resolver.js';
import { DmtpClientError, shown } from './client-error.js';
import type { ClientStart } from './client-session.js';

/** A host and one of its standard ports. */
export interface Exchange {
  readonly host: string;
  readonly port: 26 | 25 | 587;
  readonly start: ClientStart;
}

/** What trying one exchange gave. */
export type Attempt<Connection> =
  | { readonly kind: 'open'; readonly connection: Connection }
  /** No address of it could be connected to. */
  | { readonly kind: 'no-connection'; readonly why: string; readonly requirement?: string | undefined }
  /** There was a connection, but no DMTP inside TLS on it. */
  | { readonly kind: 'no-dmtp'; readonly why: string; readonly requirement?: string | undefined };

/**
 * Tries one exchange.
 *
 * @throws DmtpClientError when no other may be tried after it: its certificate was refused
 */
type TryExchange<Connection> = (exchange: Exchange) => Promise<Attempt<Connection>>;

/** Hosts of the MX records that are tried (REC-058). */
const mostExchangers = 3;

export interface Reached<Connection> {
  readonly exchange: Exchange;
  readonly connection: Connection;
}

/**
 * Finds the first exchange that speaks DMTP inside TLS: the record's `dx` hosts in their order and nothing else (REC-055,
 * REC-056); without any, the MX hosts in ascending preference (REC-057 to REC-059), and then the domain itself (REC-060).
 *
 * @param hosts `dx` hosts that are tried at most
 * @throws DmtpClientError `bogus` when a proof failed, `unreachable` when there is none
 */
export async function reachExchange<Connection>(
  { record, domain, dnssec, reason }: ResolvedRecord,
  resolver: Pick<DimeResolver, 'mailExchangers'>,
  attempt: TryExchange<Connection>,
  hosts: number,
): Promise<Reached<Connection>> {
  if (dnssec === 'bogus') throw bogus(`record of ${domain}`, reason);
  const failures: string[] = [];
  const broken = new Set<string | undefined>();
  const open = async (name: string, port: Exchange['port']): Promise<Reached<Connection> | FailedAttempt> => {
    const host = name.replace(/\.$/, '');
    const exchange: Exchange = { host, port, start: port === 26 ? 'tls' : 'dual' };
    const result = isHost(host) ? await attempt(exchange) : noHost;
    if (result.kind === 'open') return { exchange, connection: result.connection };
    failures.push(`${shown(host)} port ${port}: ${result.why}`);
    broken.add(result.requirement);
    return result;
  };
  const found =
    record.deliver.length > 0
      ? await firstOf(record.deliver.slice(0, hosts), open)
      : ((await firstMail(await exchangersOf(domain, resolver), open)) ?? (await firstOf([domain], open)));
  if (found !== null) return found;
  // Where all attempts broke the same row, that is what is wrong.
  const [requirement] = broken.size === 1 ? broken : [];
  const what = `no delivery host of ${domain} can be used: ${failures.join('; ')}`;
  throw new DmtpClientError('unreachable', what, { requirement });
}

type FailedAttempt = Exclude<Attempt<never>, { kind: 'open' }>;
type Open<Connection> = (host: string, port: Exchange['port']) => Promise<Reached<Connection> | FailedAttempt>;

const noHost: FailedAttempt = { kind: 'no-connection', why: 'this is no host name' };

async function firstOf<Connection>(
  hosts: readonly string[],
  open: Open<Connection>,
): Promise<Reached<Connection> | null> {
  for (const host of hosts) {
    const tls = await open(host, 26);
    if (!('kind' in tls)) return tls;
  }
  return null;
}

/** Port 587 takes mail from users; it is of use only where port 25 is closed to this client (REC-059). */
async function firstMail<Connection>(
  hosts: readonly string[],
  open: Open<Connection>,
): Promise<Reached<Connection> | null> {
  for (const host of hosts) {
    for (const port of [26, 25, 587] as const) {
      const tried = await open(host, port);
      if (!('kind' in tried)) return tried;
      if (port === 25 && tried.kind !== 'no-connection') break;
    }
  }
  return null;
}

async function exchangersOf(domain: string, resolver: Pick<DimeResolver, 'mailExchangers'>): Promise<string[]> {
  try {
    const { exchangers, dnssec, reason } = await resolver.mailExchangers(domain);
    if (dnssec === 'bogus') throw bogus(`mail exchangers of ${domain}`, reason);
    return exchangers.slice(0, mostExchangers).map(({ host }) => host);
  } catch (error) {
    // The domain is tried then, as when it has no MX.
    if (error instanceof ResolverError) return [];
    throw error;
  }
}

function bogus(whose: string, reason: string | null): DmtpClientError {
  const what = `the DNSSEC proof of the ${whose} failed: ${reason ?? 'no reason is known'}`;
  return new DmtpClientError('bogus', what, { requirement: 'REC-046' });
}

/** A `dx` value is free text; only what can be a host goes into SNI, STARTTLS and DNS questions. */
function isHost(text: string): boolean {
  return text.length <= 253 && (isIP(text) !== 0 || /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(text));
}
