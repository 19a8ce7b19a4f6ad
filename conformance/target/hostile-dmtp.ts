/**
 * DMTP servers of the suite's own, on several loopback addresses, that say whatever a case wants them to. What a client
 * did there is evidence: when it came and by which name, what it said before TLS and inside, and how it left.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Unreachable } from '../runner/outcome.js';
import { type HostileScript, HostileSession, type SeenConnection } from './hostile-session.js';

export type {
  Answer,
  HostileScript,
  Say,
  SeenConnection,
  StartTls,
} from './hostile-session.js';

/** Standard ports. Where they are found on this machine is told to the client. */
const standardPorts = [26, 25, 587] as const;
export type StandardPort = (typeof standardPorts)[number];

/** One port of one host, open. */
export interface Door {
  readonly address: string;
  readonly port: StandardPort;
  /** Asked at each connection. */
  readonly script: () => HostileScript;
}

export interface HostileDmtpOptions {
  /** Told of everything that happens, for the transcript. */
  readonly onEvent?: (connection: number, event: HostileEvent, text: string) => void;
}

export type HostileEvent = 'connected' | 'secured' | 'received' | 'sent' | 'closed' | 'reset';

export interface HostileDmtp {
  /** For the member `ports` of an adapter operation. All addresses of a standard port have the same one. */
  readonly ports: Readonly<Record<StandardPort, number>>;
  /** In the order in which they came. */
  readonly connections: readonly SeenConnection[];
  close(): void;
}

const mostConnections = 100;
const tries = 5;

/**
 * Opens these doors; every other port of every address is closed.
 *
 * @throws Unreachable when this machine does not have an address, or no port that is free on all of them
 */
export async function startHostileDmtp(
  doors: readonly Door[],
  { onEvent = () => undefined }: HostileDmtpOptions = {},
): Promise<HostileDmtp> {
  const connections: SeenConnection[] = [];
  const sessions = new Set<HostileSession>();
  const servers: Server[] = [];
  const serve = ({ address, port, script }: Door, socket: Socket): void => {
    if (connections.length >= mostConnections) {
      socket.destroy();
      return;
    }
    const number = connections.length + 1;
    const session = new HostileSession(socket, script(), { number, address, port }, (event, text) =>
      onEvent(number, event, text),
    );
    connections.push(session.seen);
    sessions.add(session);
    socket.once('close', () => sessions.delete(session));
  };
  const close = (): void => {
    for (const server of servers) server.close();
    for (const session of sessions) session.destroy();
  };
  const ports = { 26: 0, 25: 0, 587: 0 };
  try {
    for (const port of standardPorts) {
      const own = doors.filter((door) => door.port === port);
      const opened = await listenTogether(own, serve);
      servers.push(...opened.servers);
      ports[port] = opened.port;
    }
  } catch (error) {
    close();
    throw error;
  }
  return { ports, connections, close };
}

/** Listens at all these doors under one number. A port without doors gets the number of one that nobody listens at. */
async function listenTogether(
  doors: readonly Door[],
  serve: (door: Door, socket: Socket) => void,
): Promise<{ readonly servers: Server[]; readonly port: number }> {
  const [first, ...others] = doors;
  if (first === undefined) {
    const server = await listen('127.0.0.1', 0);
    const port = portOf(server);
    server.close();
    return { servers: [], port };
  }
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = [];
    try {
      const firstServer = await listen(first.address, 0);
      servers.push(firstServer);
      const port = portOf(firstServer);
      for (const { address } of others) servers.push(await listen(address, port));
      for (const [index, server] of servers.entries()) {
        const door = doors[index];
        if (door !== undefined) server.on('connection', (socket) => serve(door, socket));
      }
      return { servers, port };
    } catch (error) {
      for (const server of servers) server.close();
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EADDRINUSE' && attempt < tries) continue;
      const addresses = doors.map(({ address }) => address).join(', ');
      throw new Unreachable(
        `this system lets nobody listen on one port of ${addresses}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
}

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer();
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
