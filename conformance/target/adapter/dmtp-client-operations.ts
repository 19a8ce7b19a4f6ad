/** The reference DMTP client behind the operations dmtp.lookup, dmtp.verify, dmtp.history and dmtp.deliver. */
import {
  createDmtpClient,
  type DmtpClient,
  DmtpClientError,
  type DmtpClientLimits,
  type DmtpClientOptions,
} from '../../../reference/dmtp/client.js';
import { fromBase64url, toBase64url } from './binary.js';
import { type DnsInput, resolverFor } from './dns-operations.js';
import { type Operation, OperationRefusal } from './serve.js';

/**
 * The suite is on this machine, and what it does not answer it does not mean to answer. A connection is still waited for
 * as long as REC-061 says: whether a client waits is something that the suite looks at.
 */
const limits: Partial<DmtpClientLimits> = {
  handshakeMs: 2_000,
  replyMs: 2_000,
  storedMs: 3_000,
  stallMs: 3_000,
  goodbyeMs: 200,
  ocspMs: 1_000,
  totalMs: 60_000,
};

/** How to get at the domain, as the schemas of the operations have it. */
interface Surroundings {
  readonly dns: DnsInput;
  readonly trust?: string;
  readonly ports?: Readonly<Record<string, number>>;
}

interface LookupInput extends Surroundings {
  readonly name: string;
  readonly fingerprint?: string;
}

interface VerifyInput extends Surroundings {
  readonly name: string;
  readonly fingerprint: string;
}

interface HistoryInput extends Surroundings {
  readonly name: string;
  readonly fingerprint?: string;
  readonly start?: string;
  readonly stop?: string;
}

interface DeliverInput extends Surroundings {
  readonly message: string;
  readonly origin: string;
  readonly destination: string;
  readonly fingerprints: { readonly origin: string; readonly destination?: string };
  readonly return?: 'FULL' | 'DISPLAY' | 'HEADER';
}

/** One client for each surroundings, which remembers as long as the adapter runs; the oldest give way. */
const clients = new Map<string, DmtpClient>();
const mostClients = 64;

function clientFor({ dns, trust, ports }: Surroundings): DmtpClient {
  const resolver = resolverFor(dns);
  const key = JSON.stringify([dns.host, dns.port, dns.anchors, trust, ports]);
  const client = clients.get(key) ?? newClient(resolver, trust, ports);
  clients.delete(key);
  clients.set(key, client);
  const [oldest] = clients.keys();
  if (clients.size > mostClients && oldest !== undefined) clients.delete(oldest);
  return client;
}

function newClient(
  resolver: DmtpClientOptions['resolver'],
  trust: string | undefined,
  ports: Readonly<Record<string, number>> = {},
): DmtpClient {
  try {
    return createDmtpClient({ resolver, limits, ports, ...(trust === undefined ? {} : { trust: { pem: trust } }) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperationRefusal(`trust holds no certificates: ${why}`);
  }
}

export const dmtpClientOperations: Readonly<
  Record<'dmtp.lookup' | 'dmtp.verify' | 'dmtp.history' | 'dmtp.deliver', Operation>
> = {
  'dmtp.lookup': (input) =>
    asked(input, async (client, { name, fingerprint }: LookupInput) => {
      const request = { name, ...(fingerprint === undefined ? {} : { fingerprint: onWire(fingerprint) }) };
      const { signet, state, dx, port, dnssec } = await client.lookup(request);
      return { signet: toBase64url(signet), state, dx, port, dnssec };
    }),
  'dmtp.verify': (input) =>
    asked(input, async (client, { name, fingerprint }: VerifyInput) => {
      const { current, latest, dx, port, dnssec } = await client.verify({ name, fingerprint: onWire(fingerprint) });
      return { current, ...(latest === null ? {} : { latest: inProtocol(latest) }), dx, port, dnssec };
    }),
  'dmtp.history': (input) =>
    asked(input, async (client, { name, fingerprint, start = fingerprint, stop }: HistoryInput) => {
      if (start === undefined) throw new OperationRefusal('a history needs the fingerprint to start from');
      const request = { name, start: onWire(start), ...(stop === undefined ? {} : { stop: onWire(stop) }) };
      const { signets, dx, port, dnssec } = await client.history(request);
      return { signets: signets.map(toBase64url), dx, port, dnssec };
    }),
  'dmtp.deliver': (input) =>
    asked(input, async (client, { message, origin, destination, fingerprints, return: bounce }: DeliverInput) => {
      const { accepted, transaction, reply, dx, port, dnssec } = await client.deliver({
        message: fromBase64url(message),
        origin,
        destination,
        fingerprints: {
          origin: onWire(fingerprints.origin),
          ...(fingerprints.destination === undefined ? {} : { destination: onWire(fingerprints.destination) }),
        },
        ...(bounce === undefined ? {} : { bounce }),
      });
      const text = reply.lines.map((line) => `${reply.code} ${line}`).join('\n');
      return { accepted, ...(transaction === undefined ? {} : { transaction }), reply: text, dx, port, dnssec };
    }),
};

async function asked<Input extends Surroundings>(
  input: Readonly<Record<string, unknown>>,
  work: (client: DmtpClient, input: Input) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  // The schema of the operation has checked the shape.
  const typed = input as unknown as Input;
  try {
    return await work(clientFor(typed), typed);
  } catch (error) {
    if (error instanceof DmtpClientError) throw new OperationRefusal(error.message, rowOf(error.requirement));
    throw error;
  }
}

/** The requirement member names rows of the catalogue only, not open questions. */
function rowOf(requirement: string | undefined): { readonly requirement?: string } {
  return requirement !== undefined && /^[A-Z]+-\d+$/.test(requirement) && !requirement.startsWith('OQ-')
    ? { requirement }
    : {};
}

/** Fingerprints are octets in this protocol, base64url; on the wire they are standard base64 (SIG-065). */
const onWire = (fingerprint: string): string => fingerprint.replaceAll('-', '+').replaceAll('_', '/');
const inProtocol = (fingerprint: string): string => fingerprint.replaceAll('+', '-').replaceAll('/', '_');
