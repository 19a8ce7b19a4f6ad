/**
 * Queries and replies in octets. Names and data are kept exact to the octet, which signatures need: the codec libraries
 * at hand give labels as texts, in which a label with a dot is two, and octets that are no UTF-8 are lost.
 * (RFC 1035 section 4, RFC 6891, RFC 4035)
 */
import { nameOctets, readName } from './name.js';

/** Type numbers that are asked for or read here. */
export const types = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
} as const;

/** A type's name for a message to people. */
export function typeName(type: number): string {
  return Object.entries(types).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`;
}

const classIn = 1;
const headerOctets = 12;
/** Records of one reply that are read; a set for DIME has a handful, with its signatures some dozens. */
const mostRecords = 256;

export interface Question {
  readonly name: string;
  readonly type: number;
}

/** A record of class IN. */
export interface WireRecord {
  readonly name: string;
  readonly type: number;
  /** Seconds; 0 for one with the highest bit set (RFC 2181 section 8). */
  readonly ttl: number;
  /** Without compression; names of the types of RFC 1035 in lower case: the canonical form (RFC 4034 section 6.2). */
  readonly data: Buffer;
}

export interface Reply {
  /** With the upper bits that the OPT record carries. */
  readonly rcode: number;
  readonly truncated: boolean;
  /** Whether there is an OPT record with the DO bit. */
  readonly dnssecOk: boolean;
  readonly answers: readonly WireRecord[];
  readonly authority: readonly WireRecord[];
}

/** Header with RD, one question, an OPT record with the DO bit. */
export function encodeQuery(id: number, { name, type }: Question, udpPayload: number): Buffer {
  const owner = nameOctets(name);
  const message = Buffer.alloc(headerOctets + owner.length + 4 + 11);
  message.writeUInt16BE(id, 0);
  // CD is set too: a resolver between must not keep a failing answer from one who judges it himself.
  message.writeUInt16BE(0x0110, 2);
  message.writeUInt16BE(1, 4);
  message.writeUInt16BE(1, 10);
  owner.copy(message, headerOctets);
  const after = headerOctets + owner.length;
  message.writeUInt16BE(type, after);
  message.writeUInt16BE(classIn, after + 2);
  message.writeUInt16BE(types.OPT, after + 5);
  message.writeUInt16BE(udpPayload, after + 7);
  message.writeUInt16BE(0x8000, after + 11);
  return message;
}

/** What is wrong with a message that is no answer to the question. */
export type NoReply = 'another id' | 'no reply' | 'another question' | 'a broken message';

/**
 * Reads the reply to a question. Time is bounded by the message's length: records are counted, names end.
 *
 * @returns a text for what is not the reply, so that one who waits can go on waiting
 */
export function readReply(message: Buffer, id: number, question: Question): Reply | NoReply {
  if (message.length < headerOctets) return 'a broken message';
  if (message.readUInt16BE(0) !== id) return 'another id';
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0 || ((flags >> 11) & 0xf) !== 0) return 'no reply';
  const truncated = (flags & 0x0200) !== 0;
  const asked = message.readUInt16BE(4);
  let at = headerOctets;
  // A server that cannot read the question may leave it out; then the id alone has to do.
  if (asked === 0 && (flags & 0xf) !== 0) return bare(flags & 0xf);
  if (asked !== 1) return 'another question';
  const name = readName(message, at, false);
  if (name === null || name.end + 4 > message.length) return 'a broken message';
  const { type } = question;
  const same = name.name === question.name && message.readUInt16BE(name.end) === type;
  if (!same || message.readUInt16BE(name.end + 2) !== classIn) return 'another question';
  at = name.end + 4;
  if (truncated) return { ...bare(flags & 0xf), truncated };
  const counts = [message.readUInt16BE(6), message.readUInt16BE(8), message.readUInt16BE(10)] as const;
  if (counts[0] + counts[1] + counts[2] > mostRecords) return 'a broken message';
  const sections: WireRecord[][] = [];
  let edns: { readonly high: number; readonly dnssecOk: boolean } | null = null;
  for (const count of counts) {
    const section: WireRecord[] = [];
    for (let index = 0; index < count; index++) {
      const read = readRecord(message, at);
      if (read === null) return 'a broken message';
      at = read.end;
      if (read.type === types.OPT) edns = { high: read.ttl >>> 24, dnssecOk: ((read.ttl >>> 15) & 1) === 1 };
      else if (read.class === classIn) {
        section.push({ name: read.name, type: read.type, ttl: read.ttl > 0x7fffffff ? 0 : read.ttl, data: read.data });
      }
    }
    sections.push(section);
  }
  const [answers = [], authority = []] = sections;
  return {
    rcode: ((edns?.high ?? 0) << 4) | (flags & 0xf),
    truncated,
    dnssecOk: edns?.dnssecOk ?? false,
    answers,
    authority,
  };
}

function bare(rcode: number): Reply {
  return { rcode, truncated: false, dnssecOk: false, answers: [], authority: [] };
}

interface RawRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly data: Buffer;
  readonly end: number;
}

function readRecord(message: Buffer, start: number): RawRecord | null {
  const owner = readName(message, start, true);
  if (owner === null || owner.end + 10 > message.length) return null;
  const at = owner.end;
  const type = message.readUInt16BE(at);
  const dataStart = at + 10;
  const end = dataStart + message.readUInt16BE(at + 8);
  if (end > message.length) return null;
  const data = canonicalData(message, type, dataStart, end);
  if (data === null) return null;
  return { name: owner.name, type, class: message.readUInt16BE(at + 2), ttl: message.readUInt32BE(at + 4), data, end };
}

/** How many octets stand before the names in the data of a type, how many names, and how many octets after them. */
const layouts: ReadonlyMap<number, readonly [before: number, names: number, after: number]> = new Map([
  [types.NS, [0, 1, 0]],
  [types.CNAME, [0, 1, 0]],
  [types.PTR, [0, 1, 0]],
  [types.DNAME, [0, 1, 0]],
  [types.MX, [2, 1, 0]],
  [types.SOA, [0, 2, 20]],
]);

function canonicalData(message: Buffer, type: number, start: number, end: number): Buffer | null {
  const layout = layouts.get(type);
  // Copied, so that a kept record does not keep its whole message.
  if (layout === undefined) return Buffer.from(message.subarray(start, end));
  const [before, names, after] = layout;
  const parts = [message.subarray(start, Math.min(start + before, end))];
  let at = start + before;
  for (let count = 0; count < names; count++) {
    const read = at < end ? readName(message, at, true) : null;
    if (read === null) return null;
    parts.push(nameOctets(read.name));
    at = read.end;
  }
  if (at + after !== end) return null;
  parts.push(message.subarray(at, end));
  return Buffer.concat(parts);
}
