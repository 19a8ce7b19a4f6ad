/** Questions to one DNS server: over UDP, again when it is lost, over TCP when it is cut or lost altogether. (RFC 7766) */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import {
  type Ask,
  encodeQuery,
  type Question,
  type Reply,
  readReply,
  shownName,
  typeName,
  Unanswered,
} from '../../dns/validate/index.js';
import type { ResolverLimits } from './limits.js';

export interface DnsServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Octets that are taken over UDP: what passes everywhere without fragments (DNS Flag Day 2020). */
const udpPayload = 1232;
const longestTcp = 65_535;
/** Datagrams of one attempt that are looked at: a flood of guesses is not searched for long. */
const datagrams = 32;
const lengthOctets = 2;

/** Not a reply, with the reason. */
class Lost extends Error {}

/**
 * Asks a server until `signal` ends it. The id and the source port are drawn anew each time, and what does not answer the
 * question is not taken (RFC 5452).
 */
export function askServer(server: DnsServerAddress, limits: ResolverLimits, signal: AbortSignal): Ask {
  return async (name, type) => {
    const question = { name, type };
    const reasons: string[] = [];
    for (let attempt = 0; attempt < limits.udpAttempts; attempt++) {
      const waitMs = limits.udpMs * 2 ** attempt * (0.75 + randomInt(501) / 1000);
      const reply = await attempted(askUdp(server, question, waitMs, signal), reasons);
      if (reply?.truncated === true) break;
      if (reply !== null) return reply;
      // Nobody listens there: asking again changes nothing.
      if (reasons.at(-1)?.includes('ECONNREFUSED') === true) break;
      if (signal.aborted) break;
    }
    const reply = signal.aborted ? null : await attempted(askTcp(server, question, limits.tcpMs, signal), reasons);
    if (reply !== null) return reply;
    const why = [...new Set(signal.aborted ? ['the lookup takes too long', ...reasons] : reasons)].join('; ');
    const where = `${isIPv6(server.host) ? `[${server.host}]` : server.host}:${server.port}`;
    throw new Unanswered('silent', `${typeName(type)} ${shownName(name)} at ${where}: ${why}`);
  };
}

async function attempted(asking: Promise<Reply>, reasons: string[]): Promise<Reply | null> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    reasons.push(error.message);
    return null;
  }
}

/** What an exchange ends with: called once, and everything is let go. */
interface Outcome {
  readonly answered: (reply: Reply) => void;
  readonly lost: (why: string) => void;
}

/** Runs an exchange until an outcome, a time limit or a signal; `open` gives what closes it. */
function exchange(ms: number, signal: AbortSignal, silent: () => string, open: (outcome: Outcome) => () => void) {
  return new Promise<Reply>((resolve, reject) => {
    let done = false;
    const finish = (settle: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      settle();
      // The socket may fail before it is given out.
      setImmediate(() => close());
    };
    const lost = (why: string): void => finish(() => reject(new Lost(why)));
    const timer = setTimeout(() => lost(silent()), ms);
    const aborted = (): void => lost(silent());
    signal.addEventListener('abort', aborted);
    const close = open({ answered: (reply) => finish(() => resolve(reply)), lost });
  });
}

function askUdp({ host, port }: DnsServerAddress, question: Question, ms: number, signal: AbortSignal) {
  const id = randomInt(0x10000);
  let heard = 'no answer over UDP';
  return exchange(
    ms,
    signal,
    () => heard,
    ({ answered, lost }) => {
      const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
      let seen = 0;
      socket.on('error', (error) => lost(`UDP: ${shownError(error)}`));
      socket.on('message', (message) => {
        const reply = readReply(message, id, question);
        if (typeof reply !== 'string') answered(reply);
        else {
          // It may be a forgery, so the true answer is waited for.
          heard = `no answer over UDP but ${reply}`;
          seen += 1;
          if (seen === datagrams) lost(heard);
        }
      });
      // A connected socket takes datagrams of its peer alone, and is told when nobody listens there.
      socket.once('connect', () => socket.send(encodeQuery(id, question, udpPayload)));
      socket.connect(port, host);
      return () => socket.close();
    },
  );
}

function askTcp({ host, port }: DnsServerAddress, question: Question, ms: number, signal: AbortSignal) {
  const id = randomInt(0x10000);
  return exchange(
    ms,
    signal,
    () => 'no answer over TCP',
    ({ answered, lost }) => {
      const socket = connect({ host, port, noDelay: true });
      const chunks: Buffer[] = [];
      let octets = 0;
      socket.on('connect', () => {
        const query = encodeQuery(id, question, udpPayload);
        socket.write(Buffer.concat([Buffer.of(query.length >> 8, query.length & 0xff), query]));
      });
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        octets += chunk.length;
        if (octets < lengthOctets) return;
        const received = Buffer.concat(chunks);
        const end = lengthOctets + received.readUInt16BE(0);
        if (octets >= end) {
          const reply = readReply(received.subarray(lengthOctets, end), id, question);
          if (typeof reply === 'string') lost(`over TCP ${reply}`);
          else if (reply.truncated) lost('the answer is cut over TCP too');
          else answered(reply);
        } else if (octets > longestTcp) lost('an answer over TCP that does not end');
        else chunks.splice(0, chunks.length, received);
      });
      socket.on('error', (error) => lost(`TCP: ${shownError(error)}`));
      socket.on('close', () => lost('the TCP connection was closed before the answer'));
      return () => socket.destroy();
    },
  );
}

function shownError(error: Error): string {
  return 'code' in error ? String(error.code) : error.message;
}
