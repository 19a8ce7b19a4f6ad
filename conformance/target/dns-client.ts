/**
 * The suite's own DNS client: one question, one answer, over UDP or TCP. It stands on another codec (dns-packet) than the
 * reference server's, so that one defect does not hide another.
 */
import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import net from 'node:net';
import { type Answer, decode, encode, type Packet, RECURSION_DESIRED } from 'dns-packet';
import { Unreachable } from '../runner/outcome.js';
import type { DnsEndpoint } from './profile.js';

export type DnsQuestionType = 'TXT' | 'MX' | 'A' | 'AAAA' | 'CNAME' | 'SOA' | 'NS';

export interface DnsQuestion {
  readonly name: string;
  readonly type: DnsQuestionType;
  readonly transport: 'udp' | 'tcp';
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** Of a TXT record: its character-strings, each octet one character. */
  readonly strings?: readonly string[];
  /** Of every other type, as text. */
  readonly data?: string;
}

export interface DnsAnswer {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly records: readonly DnsRecord[];
  /** For the transcript. */
  readonly summary: string;
}

/** The largest payload that is asked for over UDP; what is longer comes over TCP. */
const udpPayload = 1232;
const longestAnswer = 65_535;

/**
 * Asks one question, without a retry.
 *
 * @throws Unreachable when nothing that can be read comes within the limit
 */
export async function askDns(endpoint: DnsEndpoint, question: DnsQuestion, timeoutMs: number): Promise<DnsAnswer> {
  const id = randomInt(65_536);
  const query = encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name: question.name, type: question.type }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: udpPayload,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  const where = `${question.type} ${question.name} at ${endpoint.host}:${endpoint.port} over ${question.transport}`;
  const ask = question.transport === 'udp' ? askUdp : askTcp;
  return read(await ask(endpoint, query, id, timeoutMs, where), where);
}

/** As askDns over UDP, and once more over TCP when the answer is truncated: what a resolver does. */
export async function resolveDns(
  endpoint: DnsEndpoint,
  question: Omit<DnsQuestion, 'transport'>,
  timeoutMs: number,
): Promise<DnsAnswer> {
  const answer = await askDns(endpoint, { ...question, transport: 'udp' }, timeoutMs);
  return answer.truncated ? await askDns(endpoint, { ...question, transport: 'tcp' }, timeoutMs) : answer;
}

type Ask = (endpoint: DnsEndpoint, query: Buffer, id: number, timeoutMs: number, where: string) => Promise<Buffer>;

const askUdp: Ask = async ({ host, port }, query, id, timeoutMs, where) =>
  await new Promise((resolve, reject) => {
    const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
    const finish = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.close();
      outcome();
    };
    const timer = setTimeout(
      () => finish(() => reject(new Unreachable(`no DNS answer to ${where} within ${timeoutMs} ms`))),
      timeoutMs,
    );
    socket.on('error', (error) => finish(() => reject(new Unreachable(`${where}: ${error.message}`))));
    socket.on('message', (message) => {
      // Another id belongs to another question: a late or forged datagram.
      if (message.length >= 2 && message.readUInt16BE(0) === id) finish(() => resolve(message));
    });
    socket.connect(port, host, () => socket.send(query));
  });

const askTcp: Ask = async ({ host, port }, query, _id, timeoutMs, where) =>
  await new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    let received = Buffer.alloc(0);
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Unreachable(`${where}: ${why}`));
    };
    const timer = setTimeout(() => fail(`no DNS answer within ${timeoutMs} ms`), timeoutMs);
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (received.length < 2 + length) return;
      clearTimeout(timer);
      socket.destroy();
      resolve(received.subarray(2, 2 + length));
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('the connection was closed before the answer'));
  });

function read(message: Buffer, where: string): DnsAnswer {
  if (message.length > longestAnswer) throw new Unreachable(`${where}: an answer of ${message.length} octets`);
  let packet: Packet & { rcode?: string; flag_aa?: boolean; flag_tc?: boolean };
  try {
    packet = decode(message);
  } catch (error) {
    throw new Unreachable(
      `${where}: the answer cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const rcode = message.readUInt16BE(2) & 0xf;
  const records = (packet.answers ?? []).map(readRecord);
  const shown = records.map(
    (record) => `${record.name} ${record.ttl} ${record.type} ${record.data ?? JSON.stringify(record.strings)}`,
  );
  const flags = `${packet.flag_aa === true ? ' aa' : ''}${packet.flag_tc === true ? ' tc' : ''}`;
  return {
    rcode,
    authoritative: packet.flag_aa === true,
    truncated: packet.flag_tc === true,
    records,
    summary: `${packet.rcode ?? rcode}${flags}; ${shown.length === 0 ? 'no records' : shown.join('; ')}`,
  };
}

function readRecord(answer: Answer): DnsRecord {
  const facts = { name: answer.name, type: answer.type, ttl: 'ttl' in answer ? (answer.ttl ?? 0) : 0 };
  if (answer.type === 'TXT') {
    const strings = (Array.isArray(answer.data) ? answer.data : [answer.data]).map((part) =>
      Buffer.from(part).toString('latin1'),
    );
    return { ...facts, strings };
  }
  if (answer.type === 'MX') return { ...facts, data: `${answer.data.preference ?? 0} ${answer.data.exchange}` };
  const data = 'data' in answer ? answer.data : '';
  return { ...facts, data: typeof data === 'string' ? data : JSON.stringify(data) };
}
