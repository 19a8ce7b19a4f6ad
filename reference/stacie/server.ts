/**
 * The HTTPS transport of STACIE (STACIE-I-79): POST application/json, one request and one answer an exchange, 200 for
 * every answer of the protocol. Other statuses are the transport's own and never say anything about an account.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type ServerTls, serverTlsOptions } from '../tls/options.js';
import { isJson } from './media-type.js';
import { type StacieServerLimits, stacieServerLimits } from './server-limits.js';
import type { StacieSession } from './session.js';

/** Lines tell events, peers and codes; never what a peer sent. */
export interface StacieServerLog {
  debug(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

export interface StacieServerOptions {
  /** By path, such as `/stacie/03`. */
  readonly sessions: ReadonlyMap<string, StacieSession>;
  readonly tls: ServerTls;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits?: Partial<StacieServerLimits>;
  readonly log?: StacieServerLog;
}

export interface StacieServer {
  readonly host: string;
  readonly port: number;
  readonly limits: StacieServerLimits;
  /** Connections open now, handshakes included. */
  readonly connections: number;
  /** Takes no more connections, answers what has begun, and after `graceMs` (2000) closes by force. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts the server; it is ready when the promise resolves.
 *
 * @throws Error when the TLS material or a limit is not usable, or the port cannot be had
 */
export async function startStacieServer(options: StacieServerOptions): Promise<StacieServer> {
  const limits = stacieServerLimits(options.limits);
  const { log, sessions } = options;
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      ...serverTlsOptions(options.tls),
      handshakeTimeout: limits.handshakeMs,
      maxHeaderSize: limits.headOctets,
      requestTimeout: limits.requestMs,
      headersTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1_000, Math.max(10, limits.requestMs / 4)),
      keepAliveTimeout: limits.idleMs,
    },
    (request, response) => {
      if (closing !== undefined) response.setHeader('Connection', 'close');
      answer(request, response, sessions, limits).catch((error: unknown) => {
        log?.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'a STACIE request could not be answered');
        response.destroy();
      });
    },
  );
  server.maxConnections = limits.connections;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.setTimeout(limits.idleMs, (socket) => socket.destroy());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    log?.debug({ code: error.code ?? error.name }, 'TLS handshake failed');
    socket.destroy();
  });
  // What is no HTTP at all gets no answer: there is nobody who would understand one.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    log?.debug({ code: error.code ?? error.name }, 'no HTTP request');
    socket.destroy();
  });
  server.listen({ host: options.host, port: options.port });
  await once(server, 'listening');
  server.on('error', (error: NodeJS.ErrnoException) =>
    log?.warn({ code: error.code }, 'a connection could not be accepted'),
  );

  let closing: Promise<void> | undefined;
  async function close(graceMs: number): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    const force = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(force);
  }

  return {
    host: options.host,
    port: (server.address() as AddressInfo).port,
    limits,
    get connections() {
      return sockets.size;
    },
    close: (graceMs = 2000) => {
      closing ??= close(graceMs);
      return closing;
    },
  };
}

/** A refusal of the transport: a status and a text. */
interface HttpRefusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: ReadonlyMap<string, StacieSession>,
  limits: StacieServerLimits,
): Promise<void> {
  const session = sessions.get((request.url ?? '').split('?', 1)[0] ?? '');
  if (session === undefined) return refuse(response, { status: 404, text: 'There is nothing here.' });
  const refusal = refusalOf(request, limits);
  if (refusal !== null) return refuse(response, refusal);
  const body = await readBody(request, limits.bodyOctets);
  if (body === 'too large') return refuse(response, tooLarge(limits));
  // The peer is gone, or its time is over.
  if (body === 'cut short') return;
  const reply = session.receive(body);
  send(response, reply.status, reply.text);
}

function refusalOf({ method, headers }: IncomingMessage, limits: StacieServerLimits): HttpRefusal | null {
  if (method !== 'POST') return { status: 405, text: 'Requests are sent with POST.', headers: { Allow: 'POST' } };
  if (!isJson(headers['content-type'])) return { status: 415, text: 'Requests are application/json.' };
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') return { status: 415, text: 'Requests are not compressed.' };
  if (Number(headers['content-length'] ?? 0) > limits.bodyOctets) return tooLarge(limits);
  return null;
}

const tooLarge = ({ bodyOctets }: StacieServerLimits): HttpRefusal => ({
  status: 413,
  text: `A request has at most ${bodyOctets} octets.`,
});

async function readBody(request: IncomingMessage, most: number): Promise<Buffer | 'too large' | 'cut short'> {
  const pieces: Buffer[] = [];
  let octets = 0;
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      octets += piece.length;
      if (octets > most) return 'too large';
      pieces.push(piece);
    }
  } catch {
    return 'cut short';
  }
  return Buffer.concat(pieces, octets);
}

/** The rest of the request is not read: the connection ends with the answer. */
function refuse(response: ServerResponse, { status, text, headers = {} }: HttpRefusal): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Connection', 'close');
  send(response, status, JSON.stringify({ error: text }));
}

function send(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
