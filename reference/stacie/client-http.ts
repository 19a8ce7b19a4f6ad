/** One exchange with a STACIE server: a request out, an answer in, bounded in size and time. */
import { Agent, request as httpsRequest } from 'node:https';
import { StacieClientError } from './client-error.js';
import type { StacieClientLimits } from './client-limits.js';
import { isJson } from './media-type.js';

/** Whom to believe: the authorities of the system, or these certificates (PEM). Names are always checked (STACIE-215). */
export type StacieTrust = 'system' | { readonly pem: string };

/** Sends one request and gives the octets of the answer. @throws StacieClientError */
export type Exchange = (text: string) => Promise<Uint8Array>;

/** Statuses that carry an answer of the protocol: 503 comes with an error object. */
const statuses = [200, 503];

/**
 * Opens exchanges with one endpoint, over one connection where the server lets it stand.
 *
 * @throws StacieClientError `bad-endpoint`
 */
export function openExchange(
  endpoint: string,
  trust: StacieTrust,
  limits: StacieClientLimits,
  signal: AbortSignal,
): { readonly exchange: Exchange; readonly close: () => void } {
  const url = httpsUrl(endpoint);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(trust === 'system' ? {} : { ca: trust.pem }),
  });
  return { exchange: (text) => post(url, text, agent, limits, signal), close: () => agent.destroy() };
}

function httpsUrl(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new StacieClientError(
      'bad-endpoint',
      `the endpoint ${JSON.stringify(endpoint.slice(0, 80))} is no https address`,
      'STACIE-210',
    );
  }
  return url;
}

function post(
  url: URL,
  text: string,
  agent: Agent,
  limits: StacieClientLimits,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(text);
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'Content-Length': body.length };
    const request = httpsRequest(url, { method: 'POST', agent, headers, signal, maxHeaderSize: 16_384 });
    const timer = setTimeout(() => {
      fail(new StacieClientError('timeout', `no whole answer within ${limits.answerMs} ms`));
    }, limits.answerMs);
    const fail = (error: StacieClientError): void => {
      clearTimeout(timer);
      reject(error);
      request.destroy();
    };
    request.on('error', (error: NodeJS.ErrnoException) => fail(connectionError(url, error, signal)));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (!statuses.includes(status)) {
        return fail(new StacieClientError('http-status', `HTTP status ${status}; right is 200`, 'STACIE-I-79'));
      }
      const coding = response.headers['content-encoding'] ?? 'identity';
      if (!isJson(response.headers['content-type']) || coding !== 'identity') {
        return fail(
          new StacieClientError('wrong-media-type', 'the answer is not plain application/json', 'STACIE-I-79'),
        );
      }
      const pieces: Buffer[] = [];
      let octets = 0;
      response.on('data', (piece: Buffer) => {
        octets += piece.length;
        pieces.push(piece);
        if (octets > limits.answerOctets) {
          fail(new StacieClientError('answer-too-large', `the answer has more than ${limits.answerOctets} octets`));
        }
      });
      response.on('error', (error) => fail(connectionError(url, error, signal)));
      response.on('aborted', () => fail(new StacieClientError('unreachable', 'the answer was cut short')));
      response.on('end', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(pieces, octets));
      });
    });
    request.end(body);
  });
}

function connectionError(url: URL, error: NodeJS.ErrnoException, signal: AbortSignal): StacieClientError {
  if (signal.aborted) return abortError(signal);
  const { code = error.name } = error;
  const cause = { cause: error };
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    return new StacieClientError(
      'untrusted',
      `the certificate of ${url.host} is not trusted: ${code}`,
      'STACIE-215',
      cause,
    );
  }
  return new StacieClientError('unreachable', `no exchange with ${url.host}: ${code}`, undefined, cause);
}

/** Why the whole login was ended from outside, or by its time. */
export function abortError(signal: AbortSignal): StacieClientError {
  const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  return late
    ? new StacieClientError('timeout', 'the login took longer than it may')
    : new StacieClientError('aborted', 'the login was ended by the caller');
}
