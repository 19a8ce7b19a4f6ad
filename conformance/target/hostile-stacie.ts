/** A STACIE server of the suite's own, over HTTPS, that says whatever a case wants it to: what a client does then is judged. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureVersion } from 'node:tls';
import { makeServerCertificate, type ServerCertificate } from './hostile-certificate.js';

/** A request as it came. */
export interface SeenRequest {
  /** Method, address and headers, a line each. */
  readonly head: string;
  /** UTF-8. */
  readonly body: string;
  readonly atMs: number;
}

export type HostileAnswer =
  | {
      readonly body: string | Uint8Array;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Nothing for as long as a client has patience, half a second at most; then the connection ends. */
  | 'silence'
  /** A body without an end, until the client has enough of it or half a second is over. */
  | 'endless';

export interface HostileStacieOptions {
  readonly answer: (request: SeenRequest) => HostileAnswer;
  readonly certificate?: ServerCertificate;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  readonly ciphers?: string;
  readonly onRequest?: (request: SeenRequest) => void;
  readonly onAnswer?: (text: string) => void;
}

export interface HostileStacie {
  readonly endpoint: string;
  readonly requests: readonly SeenRequest[];
  /** PEM: what a client has to believe in. */
  readonly certificate: string;
  close(): void;
}

const mostRequests = 50;
const mostOctets = 1024 * 1024;
const patienceMs = 500;

let usual: Promise<ServerCertificate> | null = null;

/** Right for 127.0.0.1; one serves all servers of this process. */
export function usualCertificate(): Promise<ServerCertificate> {
  usual ??= makeServerCertificate(['127.0.0.1', 'localhost']);
  return usual;
}

export async function startHostileStacie(options: HostileStacieOptions): Promise<HostileStacie> {
  const { minVersion = 'TLSv1.2', maxVersion, ciphers } = options;
  const certificate = options.certificate ?? (await usualCertificate());
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      cert: certificate.cert,
      key: certificate.key,
      minVersion,
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(ciphers === undefined ? {} : { ciphers }),
    },
    (request, response) => {
      readRequest(request)
        .then((seen) => {
          if (requests.length >= mostRequests) return response.destroy();
          requests.push(seen);
          options.onRequest?.(seen);
          const answer = options.answer(seen);
          options.onAnswer?.(typeof answer === 'string' ? answer : Buffer.from(answer.body).toString('latin1'));
          return respond(response, answer);
        })
        .catch(() => response.destroy());
    },
  );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (_, socket) => socket.destroy());
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}/stacie`,
    requests,
    certificate: certificate.cert,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  let octets = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    octets += piece.length;
    if (octets > mostOctets) throw new RangeError('a request of more octets than any has');
    pieces.push(piece);
  }
  const lines = [`${request.method} ${request.url}`];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
  }
  return { head: lines.join('\n'), body: Buffer.concat(pieces).toString('utf8'), atMs: performance.now() };
}

function respond(response: ServerResponse, answer: HostileAnswer): void {
  if (answer === 'silence' || answer === 'endless') {
    const timer = setTimeout(() => response.destroy(), patienceMs);
    response.once('close', () => clearTimeout(timer));
    if (answer === 'silence') return;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const piece = Buffer.alloc(64 * 1024, ' ');
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
    return;
  }
  const { body, status = 200, headers = {} } = answer;
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body);
}
