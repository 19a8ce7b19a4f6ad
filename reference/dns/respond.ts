/** One message in, one message out: the DNS server without sockets. */
import { type Answer, answer, rcodes } from './answer.js';
import { wireLength } from './name.js';
import { headerOctets, type Query, type QueryHead, readQuery } from './query.js';
import type { IndexedRecord, ZoneIndex } from './zone.js';

export type Transport = 'udp' | 'tcp';

export interface Response {
  readonly octets: Buffer;
  /** With the bits that only EDNS carries. */
  readonly rcode: number;
  /** The query that was answered. */
  readonly query: Exclude<Query, { kind: 'ignored' }>;
}

/** Octets that a UDP answer has at most without EDNS. (RFC 1035 section 2.3.4) */
const plainPayload = 512;
const longestTcp = 65_535;
const optOctets = 11;

/**
 * Answers one message; null when it deserves no answer. An answer that is too long for UDP comes empty, with the TC bit,
 * so that the client asks again over TCP.
 *
 * @param udpPayload octets that this server sends at most over UDP, and takes
 */
export function respond(zones: ZoneIndex, message: Buffer, transport: Transport, udpPayload: number): Response | null {
  const query = readQuery(message);
  if (query.kind === 'ignored') return null;
  if (query.kind !== 'query') {
    const rcode = query.kind === 'malformed' ? rcodes.formErr : rcodes.notImp;
    return { octets: bareHeader(query, rcode), rcode, query };
  }
  const { edns } = query;
  if (edns !== null && edns.version !== 0) {
    const octets = encode(message, query, failure(rcodes.badVers), longestTcp, udpPayload);
    return { octets, rcode: rcodes.badVers, query };
  }
  const found = answer(zones, query.question);
  const limit = transport === 'tcp' ? longestTcp : Math.min(edns?.payload ?? plainPayload, udpPayload);
  return { octets: encode(message, query, found, limit, udpPayload), rcode: found.rcode, query };
}

type ReadableQuery = Extract<Query, { kind: 'query' }>;

/** Header, question as it was asked (so also in its letter case, RFC 4343), records, OPT if there was one. */
function encode(message: Buffer, query: ReadableQuery, given: Answer, limit: number, udpPayload: number): Buffer {
  const optLength = query.edns === null ? 0 : optOctets;
  const place = (record: IndexedRecord) => placed(record, query);
  const answers = given.answers.map(place);
  const authority = given.authority.map(place);
  const records = [...answers, ...authority];
  const length =
    records.reduce((sum, { owner, tail }) => sum + owner.length + tail.length, query.questionEnd) + optLength;
  const truncated = length > limit;
  const octets = Buffer.allocUnsafe(truncated ? query.questionEnd + optLength : length);
  writeHeader(octets, query, given.rcode, (given.authoritative ? 0x0400 : 0) | (truncated ? 0x0200 : 0), {
    questions: 1,
    answers: truncated ? 0 : answers.length,
    authority: truncated ? 0 : authority.length,
    additional: query.edns === null ? 0 : 1,
  });
  message.copy(octets, headerOctets, headerOctets, query.questionEnd);
  let at = query.questionEnd;
  if (!truncated) {
    for (const { owner, tail } of records) {
      octets.set(owner, at);
      octets.set(tail, at + owner.length);
      at += owner.length + tail.length;
    }
  }
  if (query.edns !== null) writeOpt(octets, at, given.rcode, udpPayload, query.edns.dnssecOk);
  return octets;
}

interface Placed {
  readonly owner: Uint8Array;
  readonly tail: Uint8Array;
}

/** A record whose owner is the question's name or an end of it points there (RFC 1035 section 4.1.4). */
function placed({ key, owner, tail }: IndexedRecord, { question, nameEnd }: ReadableQuery): Placed {
  const asked = question.key;
  const isEnd = key === asked || (key !== '' && asked.endsWith(`.${key}`));
  if (!isEnd) return { owner, tail };
  const offset = nameEnd - wireLength(key);
  return { owner: Uint8Array.of(0xc0 | (offset >> 8), offset & 0xff), tail };
}

interface Counts {
  readonly questions: number;
  readonly answers: number;
  readonly authority: number;
  readonly additional: number;
}

function bareHeader(head: QueryHead, rcode: number): Buffer {
  const octets = Buffer.allocUnsafe(headerOctets);
  writeHeader(octets, head, rcode, 0, { questions: 0, answers: 0, authority: 0, additional: 0 });
  return octets;
}

/** QR is set, RD copied; RA, AD and CD are clear: this server neither recurses nor validates (RFC 4035 section 3.1.6). */
function writeHeader(octets: Buffer, head: QueryHead, rcode: number, flags: number, counts: Counts): void {
  octets.writeUInt16BE(head.id, 0);
  octets.writeUInt16BE(0x8000 | (head.opcode << 11) | (head.recursionDesired ? 0x0100 : 0) | flags | (rcode & 0xf), 2);
  octets.writeUInt16BE(counts.questions, 4);
  octets.writeUInt16BE(counts.answers, 6);
  octets.writeUInt16BE(counts.authority, 8);
  octets.writeUInt16BE(counts.additional, 10);
}

/** The root, type 41, our payload size, upper bits of the code, version 0, the DO bit as it came (RFC 3225), no options. */
function writeOpt(octets: Buffer, at: number, rcode: number, udpPayload: number, dnssecOk: boolean): void {
  octets.writeUInt8(0, at);
  octets.writeUInt16BE(41, at + 1);
  octets.writeUInt16BE(udpPayload, at + 3);
  octets.writeUInt8(rcode >> 4, at + 5);
  octets.writeUInt8(0, at + 6);
  octets.writeUInt16BE(dnssecOk ? 0x8000 : 0, at + 7);
  octets.writeUInt16BE(0, at + 9);
}

function failure(rcode: number): Answer {
  return { rcode, authoritative: false, answers: [], authority: [] };
}
