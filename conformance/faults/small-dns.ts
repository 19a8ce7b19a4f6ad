/** The small resolver's questions: one DNS message over UDP or TCP, read by dns-packet. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { type Answer, type DecodedPacket, decode, encode, type RecordType } from 'dns-packet';
import { type ResolverRules, refuse } from './small-resolver-rules.js';

export interface DnsServer {
  readonly host: string;
  readonly port: number;
}

export interface Reply {
  readonly rcode: number;
  readonly answers: readonly Answer[];
  readonly authority: readonly Answer[];
  /** With an OPT record. */
  readonly additional: boolean;
  /** The AD bit. */
  readonly authentic: boolean;
  readonly truncated: boolean;
}

/** Milliseconds for each datagram, and for TCP. */
const patienceMs = [150, 300] as const;
const tcpMs = 500;
const payload = 1232;

interface Question {
  readonly name: string;
  readonly type: RecordType;
}

type Heard = Reply | 'nothing' | 'refused';

/** Asks one question. @throws OperationRefusal when no reply can be had */
export async function ask(server: DnsServer, question: Question, rules: ResolverRules): Promise<Reply> {
  for (const ms of patienceMs) {
    const heard = await overUdp(server, question, ms, rules);
    if (heard === 'refused') break;
    if (heard === 'nothing') {
      rules.lost?.();
      continue;
    }
    if (!heard.truncated || !rules.overTcp) return heard;
    break;
  }
  const heard = rules.overTcp ? await overTcp(server, question, rules) : 'nothing';
  return typeof heard === 'string' ? refuse(`no answer to ${question.type} ${question.name}`) : heard;
}

function overUdp({ host, port }: DnsServer, question: Question, ms: number, rules: ResolverRules): Promise<Heard> {
  const { id, query } = queryFor(question);
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const finish = (heard: Heard): void => {
      clearTimeout(timer);
      socket.removeAllListeners('message').close();
      resolve(heard);
    };
    const timer = setTimeout(() => finish('nothing'), ms);
    socket.on('error', () => finish('refused'));
    socket.on('message', (message) => {
      try {
        const reply = read(message, id, question, rules);
        if (reply !== null) finish(reply);
      } catch (error) {
        reject(error);
        finish('nothing');
      }
    });
    socket.connect(port, host, () => socket.send(query));
  });
}

function overTcp({ host, port }: DnsServer, question: Question, rules: ResolverRules): Promise<Heard> {
  const { id, query } = queryFor(question);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const finish = (heard: Heard): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(heard);
    };
    const timer = setTimeout(() => finish('nothing'), tcpMs);
    socket.on('connect', () => socket.write(Buffer.concat([Buffer.of(query.length >> 8, query.length & 255), query])));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.length < 2 ? Number.POSITIVE_INFINITY : 2 + received.readUInt16BE(0);
      if (received.length < end) return;
      try {
        finish(read(received.subarray(2, end), id, question, rules) ?? 'nothing');
      } catch (error) {
        reject(error);
        finish('nothing');
      }
    });
    socket.on('error', () => finish('refused'));
    socket.on('close', () => finish('nothing'));
  });
}

function queryFor(question: Question): { readonly id: number; readonly query: Buffer } {
  const id = randomInt(0x10000);
  const opt = { type: 'OPT', name: '.', udpPayloadSize: payload, extendedRcode: 0, ednsVersion: 0 } as const;
  const additionals = [{ ...opt, flags: 0x8000, flag_do: true, options: [] }];
  return { id, query: encode({ type: 'query', id, questions: [question], additionals }) };
}

/** Null for what is no reply to the question. */
function read(message: Buffer, id: number, { name }: Question, rules: ResolverRules): Reply | null {
  let packet: DecodedPacket;
  try {
    packet = decode(message);
  } catch {
    return rules.unreadable?.() ?? null;
  }
  // The root is read as a dot, and written as nothing.
  const given = (packet.questions?.[0]?.name ?? '').replace(/^\.$/, '');
  if (packet.type !== 'response' || !rules.answers([id, packet.id ?? -1], [name, given])) return null;
  const { answers = [], authorities: authority = [], additionals = [] } = packet;
  return {
    rcode: message.readUInt16BE(2) & 0xf,
    answers,
    authority,
    additional: additionals.some(({ type }) => type === 'OPT'),
    authentic: packet.flag_ad,
    truncated: packet.flag_tc,
  };
}
