/** Asks OCSP responders whether a certificate was revoked, and remembers the good answers. (Section 7.5 of the record digest) */
import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { OcspOutcome } from '../../formats/record/index.js';
import type { DimeResolver } from '../resolver.js';
import { ResolverError } from '../resolver.js';
import type { AskRevocation } from './certificate.js';
import type { ClientClock } from './client-clock.js';
import { ocspAnswer, ocspQuestion, responders } from './ocsp-codec.js';
import { askResponder } from './ocsp-http.js';

export interface RevocationOptions {
  readonly resolver: Pick<DimeResolver, 'addresses'>;
  readonly clock: ClientClock;
  readonly random: (octets: number) => Uint8Array;
  /** Where a standard port is to be found. */
  readonly portOf: (port: number) => number;
  readonly timeoutMs: number;
}

const nonceOctets = 32;
const mostRemembered = 1_000;
const mostResponders = 3;

/** Makes the function that asks; what it was told good holds until the answer's next update. */
export function revocationAsker(options: RevocationOptions): (signal: AbortSignal) => AskRevocation {
  const good = new Map<string, number>();
  return (signal) => async (leaf, issuer) => {
    const key = createHash('sha256').update(leaf.raw).digest('base64url');
    if ((good.get(key) ?? 0) > options.clock.now()) return 'good';
    const { outcome, until } = await ask(leaf, issuer, options, signal);
    if (outcome === 'good' && until !== null) {
      good.delete(key);
      good.set(key, until);
      const [oldest] = good.keys();
      if (good.size > mostRemembered && oldest !== undefined) good.delete(oldest);
    }
    return outcome;
  };
}

async function ask(
  leaf: X509Certificate,
  issuer: X509Certificate | null,
  options: RevocationOptions,
  signal: AbortSignal,
): Promise<{ readonly outcome: OcspOutcome; readonly until: number | null }> {
  const only = (outcome: OcspOutcome) => ({ outcome, until: null });
  const urls = respondersOf(leaf);
  if (urls === null) return only('no-responder');
  if (issuer === null) return only('no-issuer');
  const question = ocspQuestion(leaf, issuer, options.random(nonceOctets));
  for (const url of urls.slice(0, mostResponders)) {
    const octets = await exchange(url, question.request, options, signal);
    if (octets !== null) return ocspAnswer(question, octets, options.clock.now());
  }
  return only('unreachable');
}

/** An extension that does not parse names a responder that cannot be found. */
function respondersOf(leaf: X509Certificate): URL[] | null {
  try {
    return responders(leaf);
  } catch {
    return [];
  }
}

async function exchange(
  url: URL,
  request: Uint8Array,
  { resolver, portOf, clock, timeoutMs }: RevocationOptions,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const limit = new AbortController();
  const cancel = clock.after(timeoutMs, () => limit.abort());
  try {
    const address = await addressOf(url.hostname.replace(/^\[(.*)\]$/, '$1'), resolver);
    if (address === null) return null;
    const port = portOf(url.port === '' ? 80 : Number(url.port));
    return await askResponder(request, { url, address, port, signal: AbortSignal.any([signal, limit.signal]) });
  } finally {
    cancel();
  }
}

async function addressOf(host: string, resolver: Pick<DimeResolver, 'addresses'>): Promise<string | null> {
  if (isIP(host) !== 0) return host;
  try {
    const { addresses, dnssec } = await resolver.addresses(host);
    return dnssec === 'bogus' ? null : (addresses[0]?.address ?? null);
  } catch (error) {
    if (error instanceof ResolverError) return null;
    throw error;
  }
}
