/** The mock authoritative DNS server: one port, UDP and TCP. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Conduct, ConductTable, type ConductTarget } from './conduct.js';
import { Delays } from './delays.js';
import { type DnsLimits, defaultDnsLimits } from './limits.js';
import { QueryLog, type QueryLogEntry } from './query-log.js';
import { type Response, respond, type Transport } from './respond.js';
import { serveTcp } from './tcp.js';
import { indexZones, type Zone } from './zone.js';

export type { Conduct, ConductTarget } from './conduct.js';
export type { DnsLimits } from './limits.js';
export type { QueryLogEntry } from './query-log.js';
export { startOfAuthority, type Zone, ZoneError, type ZoneRecord } from './zone.js';

export interface DnsServerOptions {
  readonly zones: readonly Zone[];
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. UDP and TCP have the same. */
  readonly port?: number;
  readonly limits?: Partial<DnsLimits>;
  /** Told what goes wrong with sockets; never what a client sent. */
  readonly log?: (message: string) => void;
  /** Milliseconds since 1970, for the log of queries. */
  readonly now?: () => number;
  /** Told of each entry of `queries` when it is made, before the answer is sent. */
  readonly onQuery?: (query: QueryLogEntry) => void;
}

export interface DnsServer {
  readonly address: { readonly host: string; readonly port: number };
  /** The last queries that were answered, oldest first. */
  readonly queries: readonly QueryLogEntry[];
  /**
   * Serves other zones from the next query on.
   *
   * @throws ZoneError, and goes on with the zones it has
   */
  setZones(zones: readonly Zone[]): void;
  /**
   * Answers otherwise than right, from the next query on, in place of what was said for the target before; no conducts
   * make it right again. They stay in force when zones change. What was served so stands in `queries`.
   *
   * @throws ZoneError for a target or a spoofed record that cannot be, and changes nothing then
   */
  setConduct(target: ConductTarget, ...conducts: readonly Conduct[]): void;
  /** Answers everything right again. */
  clearConducts(): void;
  /** Ends all connections; resolves when both sockets are closed. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @throws ZoneError for zones that cannot be served; the system's error for an address that cannot be had
 */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const { host = '127.0.0.1', port = 0, log = () => undefined, now = Date.now } = options;
  const limits = { ...defaultDnsLimits, ...options.limits };
  let zones = indexZones(options.zones);
  const queries = new QueryLog(limits.loggedQueries);
  const conducts = new ConductTable();
  const delays = new Delays(limits.delayedAnswers);

  const receive = (
    message: Buffer,
    transport: Transport,
    client: { address: string; port: number },
  ): Response | null => {
    const response = respond(zones, message, transport, limits.udpPayload, conducts);
    if (response !== null) {
      const entry = queries.add(response, transport, client, now());
      options.onQuery?.(entry);
    }
    return response;
  };

  const { tcp, udp } = await bindBoth(host, port);
  const endTcp = serveTcp(tcp, limits, receive, delays, log);
  udp.on('message', (message, client) => {
    const { octets, delayMs } = receive(message, 'udp', client) ?? silence;
    // Nothing can be sent to port 0, which a forged packet may name.
    if (octets === null || client.port === 0) return;
    const send = (): void =>
      udp.send(octets, client.port, client.address, (error) => {
        if (error !== null) log(`dns: cannot answer over UDP: ${error.message}`);
      });
    if (delayMs > 0) delays.later(delayMs, send);
    else send();
  });
  udp.on('error', (error) => log(`dns: UDP socket: ${error.message}`));

  let closing: Promise<void> | undefined;
  return {
    address: { host, port: udp.address().port },
    get queries() {
      return queries.entries();
    },
    setZones: (next) => {
      zones = indexZones(next);
    },
    setConduct: (target, ...list) => conducts.set(target, list),
    clearConducts: () => conducts.clear(),
    close: () => {
      delays.cancel();
      closing ??= Promise.all([endTcp(), closeUdp(udp)]).then(() => undefined);
      return closing;
    },
  };
}

/** What a message without answer gets. */
const silence = { octets: null, delayMs: 0 } as const;

/** A port that is free for TCP can be taken for UDP; with a free choice another is tried. */
const bindAttempts = 20;

async function bindBoth(host: string, port: number): Promise<{ tcp: Server; udp: Socket }> {
  for (let attempt = 1; ; attempt++) {
    const tcp = createServer({ allowHalfOpen: true });
    tcp.listen(port, host);
    await once(tcp, 'listening');
    const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      udp.bind((tcp.address() as AddressInfo).port, host);
      await once(udp, 'listening');
      return { tcp, udp };
    } catch (error) {
      await Promise.all([closeUdp(udp), new Promise((resolve) => tcp.close(resolve))]);
      if (port !== 0 || attempt === bindAttempts) throw error;
    }
  }
}

async function closeUdp(udp: Socket): Promise<void> {
  await new Promise<void>((resolve) => udp.close(() => resolve()));
}
