/**
 * The client's side of DMTP: finds the delivery host of a domain by its management record, believes it only when its
 * certificate is the domain's, fetches signets that lead to the record's keys, and delivers messages. Nothing that DNS or
 * a host says is believed before it was looked at. (Sections 5 and 6 of the DMTP digest, 6 to 8 of the record digest)
 */
import { randomBytes, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Dialect } from '../../grammar/dmtp.js';
import type { DnssecState } from '../formats/record/index.js';
import { type ClientClock, systemClock } from './client/client-clock.js';
import { abortError, DmtpClientError } from './client/client-error.js';
import { clientLimits, type DmtpClientLimits } from './client/client-limits.js';
import type { ClientConnection } from './client/connection.js';
import { type Delivery, deliverOnce } from './client/delivery.js';
import type { Exchange } from './client/exchanges.js';
import { domainName, requireFingerprint, type SignetName, signetName } from './client/names.js';
import { reachDomain } from './client/reach.js';
import { revocationAsker } from './client/revocation.js';
import { fullFingerprint } from './client/signet-checks.js';
import { SignetMemory } from './client/signet-memory.js';
import { fetchHistory, fetchSignet, type RetrievalContext, verifyFingerprint } from './client/signet-retrieval.js';
import { type DimeResolver, type ResolvedRecord, ResolverError } from './resolver.js';

export type { ClientClock } from './client/client-clock.js';
export { type ClientReply, DmtpClientError, type DmtpClientErrorCode } from './client/client-error.js';
export type { DmtpClientLimits } from './client/client-limits.js';
export type { Delivery } from './client/delivery.js';

export interface DmtpClientOptions {
  readonly resolver: DimeResolver;
  /** Whom to believe where the record alone does not do: the authorities of the system, or these (PEM). */
  readonly trust?: 'system' | { readonly pem: string };
  /** How commands are spelt; `positional` when not given, which the authors' own server reads. */
  readonly dialect?: Dialect;
  /** Where standard ports are found, for tests: 26, 25, 587, and 80 of OCSP responders. */
  readonly ports?: Readonly<Record<number, number>>;
  readonly limits?: Partial<DmtpClientLimits>;
  readonly clock?: ClientClock;
  readonly random?: (octets: number) => Uint8Array;
}

/** How the answer was got. */
export interface Route {
  /** The delivery host. */
  readonly dx: string;
  /** Its standard port, whatever `ports` made of it. */
  readonly port: Exchange['port'];
  /** What DNSSEC says of the record. */
  readonly dnssec: DnssecState;
}

export interface LookupRequest {
  /** An address or a domain. */
  readonly name: string;
  /** Of any kind, 86 characters of base64; the current signet when not given. */
  readonly fingerprint?: string;
  readonly signal?: AbortSignal;
}

export interface Lookup extends Route {
  /** The binary signet. */
  readonly signet: Uint8Array;
  readonly state: 'full' | 'identifiable';
}

export interface VerifyRequest {
  readonly name: string;
  readonly fingerprint: string;
  readonly signal?: AbortSignal;
}

export interface Verification extends Route {
  readonly current: boolean;
  /** The fingerprint of the newest signet; null when it is the one that was asked about. */
  readonly latest: string | null;
}

export interface HistoryRequest {
  readonly name: string;
  readonly start: string;
  /** The last signet of the list; the newest when not given. */
  readonly stop?: string;
  readonly signal?: AbortSignal;
}

export interface History extends Route {
  /** Binary signets, oldest first. */
  readonly signets: readonly Uint8Array[];
}

export interface DeliveryRequest {
  /** A D/MIME message, as it is to be sent. */
  readonly message: Uint8Array;
  /** Domains. */
  readonly origin: string;
  readonly destination: string;
  readonly fingerprints: {
    /** Full fingerprint of the origin's organizational signet. */
    readonly origin: string;
    /** That of the destination's; when not given, its signet is fetched and validated first. */
    readonly destination?: string;
  };
  readonly bounce?: 'FULL' | 'DISPLAY' | 'HEADER';
  readonly signal?: AbortSignal;
}

/** All of these fail with a DmtpClientError, whose code says what was wrong with whom. */
export interface DmtpClient {
  /** Fetches a signet, validated up to the record's keys. */
  lookup(request: LookupRequest): Promise<Lookup>;
  /** Asks whether a fingerprint is that of the newest signet of a name. */
  verify(request: VerifyRequest): Promise<Verification>;
  /** Fetches the signets of a name from one to another; each is validated. */
  history(request: HistoryRequest): Promise<History>;
  /**
   * Delivers a message in one transaction. A refusal by the server is a result. When it fails, `outcome` of the error
   * tells whether the message may have been stored; only one that is `not-delivered` may be sent again.
   */
  deliver(request: DeliveryRequest): Promise<Delivery & Route>;
}

/**
 * Makes a client. What it learnt it keeps as long as it lives: signets that a later one has to follow, and what OCSP
 * responders said.
 *
 * @throws RangeError for a limit that is none, Error for trust that holds no certificates
 */
export function createDmtpClient(options: DmtpClientOptions): DmtpClient {
  const { resolver, trust = 'system', dialect = 'positional', ports = {}, clock = systemClock } = options;
  const limits = clientLimits(options.limits);
  const context = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(trust === 'system' ? {} : { ca: certificatesIn(trust.pem) }),
  });
  const portOf = (port: number): number => ports[port] ?? port;
  const random = options.random ?? randomBytes;
  const revocation = revocationAsker({ resolver, clock, random, portOf, timeoutMs: limits.ocspMs });
  const memory = new SignetMemory();

  async function session<Result>(
    domain: string,
    outer: AbortSignal | undefined,
    work: (context: RetrievalContext) => Promise<Result>,
  ): Promise<Result & Route> {
    const late = new AbortController();
    const cancel = clock.after(limits.totalMs, () => late.abort(overdue(limits.totalMs)));
    const signal = outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]);
    try {
      const resolved = await beforeAbort(recordOf(domain, resolver), signal);
      const reaching = { resolver, context, dialect, limits, clock, signal, portOf, askRevocation: revocation(signal) };
      const { connection, exchange } = await beforeAbort(reachDomain(resolved, reaching), signal);
      const result = await finished(connection, work({ connection, primaryKeys: resolved.record.primary, memory }));
      return { ...result, dx: exchange.host, port: exchange.port, dnssec: resolved.dnssec };
    } finally {
      cancel();
    }
  }

  return {
    lookup: async ({ name: text, fingerprint, signal }) => {
      const name = signetName(text);
      if (fingerprint !== undefined) requireFingerprint(fingerprint, 'fingerprint');
      return await session(name.domain, signal, async (retrieval) => {
        const { signet, state } = await fetchSignet(retrieval, name, fingerprint);
        return { signet: signet.octets, state };
      });
    },
    verify: async ({ name: text, fingerprint, signal }) => {
      const name = signetName(text);
      requireFingerprint(fingerprint, 'fingerprint');
      return await session(name.domain, signal, async (retrieval) => {
        const latest = await verifyFingerprint(retrieval, name, fingerprint);
        return { current: latest === null, latest };
      });
    },
    history: async ({ name: text, start, stop, signal }) => {
      const name = signetName(text);
      requireFingerprint(start, 'fingerprint to start from');
      if (stop !== undefined) requireFingerprint(stop, 'fingerprint to stop at');
      return await session(name.domain, signal, async (retrieval) => {
        const signets = await fetchHistory(retrieval, name, start, stop);
        return { signets: signets.map(({ signet }) => signet.octets) };
      });
    },
    deliver: async ({ message, signal, fingerprints, bounce, ...domains }) => {
      if (message.length === 0) throw new DmtpClientError('bad-input', 'the message has no octets');
      const [origin, destination] = [domainName(domains.origin), domainName(domains.destination)];
      for (const fingerprint of [fingerprints.origin, fingerprints.destination]) {
        if (fingerprint !== undefined) requireFingerprint(fingerprint, "full fingerprint of an organization's signet");
      }
      const name: SignetName = { text: destination, domain: destination, kind: 'organization' };
      return await session(destination, signal, async (retrieval) => {
        const known = fingerprints.destination ?? fullFingerprint((await fetchSignet(retrieval, name)).signet);
        const both = { origin: fingerprints.origin, destination: known };
        const transaction = { message, origin, destination, fingerprints: both };
        return await deliverOnce(retrieval.connection, { ...transaction, ...(bounce === undefined ? {} : { bounce }) });
      });
    },
  };
}

/** TLS would take a text without certificates for one that trusts nobody. */
function certificatesIn(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new RangeError('DMTP client: the trusted text holds no certificate');
  return found.map((text) => new X509Certificate(text).toString());
}

const overdue = (ms: number): DmtpClientError =>
  new DmtpClientError('timeout', `the work was not done within ${ms} ms`);

async function recordOf(domain: string, resolver: DimeResolver): Promise<ResolvedRecord> {
  try {
    return await resolver.record(domain);
  } catch (error) {
    if (!(error instanceof ResolverError)) throw error;
    const what = `there is no usable management record of ${domain}: ${error.message}`;
    throw new DmtpClientError('no-record', what, { requirement: error.requirement, cause: error });
  }
}

/** Ends the connection with QUIT when all went well, and at once when not. */
async function finished<Result>(connection: ClientConnection, work: Promise<Result>): Promise<Result> {
  try {
    const result = await work;
    await connection.quit();
    return result;
  } catch (error) {
    connection.destroy(error instanceof DmtpClientError ? error : new DmtpClientError('aborted', 'the client failed'));
    throw error;
  }
}

/** A resolver cannot be interrupted; its answer is not waited for then. */
async function beforeAbort<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortError(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
