/**
 * The suite's own client of STACIE over HTTPS (reading `stacie-transport`): octets out, octets in, bounded in size and
 * time, and in the transcript without the secrets of the account.
 */
import { Agent, request as httpsRequest } from 'node:https';
import net from 'node:net';
import { PeerFlood, PeerGone, PeerSilent, Unreachable } from '../runner/outcome.js';
import type { Transcript } from '../runner/transcript.js';
import type { StacieEndpoint, TargetLimits } from './profile.js';

export interface HttpAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly octets: Buffer;
  /** From the last octet of the request to the last of the answer. */
  readonly ms: number;
}

/** No answer of the protocol comes near it. */
const mostOctets = 4 * 1024 * 1024;

export interface StacieExchangeOptions {
  readonly endpoint: StacieEndpoint;
  readonly limits: Pick<TargetLimits, 'replyMs' | 'connectMs'>;
  readonly transcript: Pick<Transcript, 'add'>;
}

/** One connection at a time, kept open from exchange to exchange where the server lets it stand. */
export class StacieExchange {
  readonly #agent: Agent;
  readonly #secrets = new Map<string, string>();
  #sent = 0;

  constructor(readonly options: StacieExchangeOptions) {
    const { host } = options.endpoint;
    // Whether the certificate is right is judged when the target is opened, and by a case of its own.
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 1,
      rejectUnauthorized: false,
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
    });
  }

  /** From here on the transcript shows `name` in the place of this text. */
  mask(text: string, name: string): void {
    if (text.length >= 8) this.#secrets.set(text, name);
  }

  /**
   * Sends a body and gives the answer, whatever its status.
   *
   * @throws Unreachable without a connection; PeerSilent, PeerGone, PeerFlood without a whole answer
   */
  async post(body: string | Uint8Array, type = 'application/json'): Promise<HttpAnswer> {
    const { host, port, path } = this.options.endpoint;
    const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
    this.#note('request', `POST ${url}\n${textOf(body)}`);
    try {
      return await this.#attempt(body, type);
    } catch (error) {
      // The server may have ended an idle connection while the request was on its way: that is no answer to it.
      if (!(error instanceof StaleConnection)) throw error;
      return await this.#attempt(body, type);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #attempt(body: string | Uint8Array, type: string): Promise<HttpAnswer> {
    const { endpoint, limits } = this.options;
    const { host, port, path } = endpoint;
    const octets = typeof body === 'string' ? Buffer.from(body) : body;
    return new Promise((resolve, reject) => {
      const headers = { 'Content-Type': type, Accept: 'application/json', 'Content-Length': octets.length };
      const request = httpsRequest({ host, port, path, method: 'POST', agent: this.#agent, headers });
      let began = performance.now();
      let answering = false;
      let connected = false;
      const end = (error: Error): void => {
        clearTimeout(timer);
        request.destroy();
        if (error instanceof PeerSilent) this.#note('timeout', error.message);
        reject(error);
      };
      const timer = setTimeout(
        () => end(connected ? new PeerSilent(limits.replyMs, '') : new Unreachable(`no connection to ${host}:${port}`)),
        Math.max(limits.connectMs, limits.replyMs),
      );
      request.once('finish', () => {
        began = performance.now();
      });
      request.once('socket', (socket) => {
        connected = request.reusedSocket;
        if (connected) return;
        socket.once('secureConnect', () => {
          connected = true;
        });
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && !answering) return end(new StaleConnection(error.message));
        if (!connected) return end(new Unreachable(`no exchange with ${host}:${port}: ${error.code ?? error.message}`));
        const how = error.code === 'ECONNRESET' && error.message !== 'socket hang up' ? 'reset' : 'closed';
        this.#note(how, error.message);
        end(new PeerGone(how, ''));
      });
      request.on('response', (response) => {
        answering = true;
        const pieces: Buffer[] = [];
        let length = 0;
        response.on('data', (piece: Buffer) => {
          length += piece.length;
          pieces.push(piece);
          if (length > mostOctets) end(new PeerFlood(mostOctets));
        });
        response.on('aborted', () => end(new PeerGone('closed', Buffer.concat(pieces).toString('latin1'))));
        response.on('end', () => {
          clearTimeout(timer);
          const ms = performance.now() - began;
          const answer = Buffer.concat(pieces);
          this.#note('response', answer);
          const status = response.statusCode ?? 0;
          resolve({ status, type: response.headers['content-type'] ?? null, octets: answer, ms });
        });
      });
      request.end(octets);
    });
  }

  #note(event: 'request' | 'response' | 'timeout' | 'closed' | 'reset', content: string | Uint8Array): void {
    if (event === 'request') this.#sent += 1;
    let text = textOf(content);
    for (const [secret, name] of this.#secrets) text = text.replaceAll(secret, `(${name})`);
    this.options.transcript.add(event, this.#sent, text);
  }
}

class StaleConnection extends Error {}

const textOf = (content: string | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
