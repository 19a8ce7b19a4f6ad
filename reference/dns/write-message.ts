/** Writes the messages of the server: header, question, records, OPT. */
import type { Answer } from './answer.js';
import { wireLength } from './name.js';
import { headerOctets, type Query, type QueryHead } from './query.js';
import { encodeName } from './record-codec.js';
import type { IndexedRecord, RecordSet } from './zone.js';

export type ReadableQuery = Extract<Query, { kind: 'query' }>;

/** How a message is written. */
export interface Writing {
  /** Octets that it has at most; a longer one comes empty, with the TC bit. */
  readonly limit: number;
  /** Our payload size in the OPT record. */
  readonly udpPayload: number;
  /** Otherwise than right; see conduct.ts. */
  readonly wrong: WrongWriting;
}

/** All absent: a right message. */
export interface WrongWriting {
  readonly truncated?: boolean;
  readonly upperCase?: boolean;
  /** Owner names are written out, not as pointers to the question. */
  readonly wholeOwners?: boolean;
  readonly wrongOwner?: boolean;
  readonly noAdditional?: boolean;
  readonly claimsAuthentic?: boolean;
  /** Octets that a record of filling brings it to. */
  readonly filledTo?: number;
}

const flagBits = { response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100, ad: 0x0020 };
const optOctets = 11;

interface Placed {
  readonly owner: Uint8Array;
  readonly tail: Uint8Array;
}

/**
 * Header, question as it was asked (so also in its letter case, RFC 4343), records, OPT if there was one.
 *
 * Signatures go along when the query has the DO bit.
 */
export function writeMessage(message: Buffer, query: ReadableQuery, given: Answer, writing: Writing): Buffer {
  const { limit, udpPayload, wrong } = writing;
  const signed = query.edns?.dnssecOk ?? false;
  const hasOpt = query.edns !== null && wrong.noAdditional !== true;
  const records: Placed[] = [];
  /** Adds a section, and gives the number of its records. */
  const place = (sets: readonly RecordSet[]): number => {
    const before = records.length;
    for (const set of sets) {
      for (const record of set.records) records.push(placed(record, query, wrong));
      if (signed) for (const record of set.signatures) records.push(placed(record, query, wrong));
    }
    return records.length - before;
  };
  const counts = {
    questions: 1,
    answers: place(given.answers),
    authority: place(given.authority),
    additional: place(given.additional) + (hasOpt ? 1 : 0),
  };
  const bare = query.questionEnd + (hasOpt ? optOctets : 0);
  let length = lengthOf(records, bare);
  const truncated = wrong.truncated === true || length > limit;
  if (truncated) {
    records.length = 0;
    length = bare;
  } else if (wrong.filledTo !== undefined && wrong.filledTo - length >= leastFilling) {
    records.push(filling(wrong.filledTo - length));
    counts.additional++;
    length = wrong.filledTo;
  }
  const octets = Buffer.allocUnsafe(length);
  const flags =
    (given.authoritative ? flagBits.authoritative : 0) |
    (truncated ? flagBits.truncated : 0) |
    (wrong.claimsAuthentic === true ? flagBits.ad : 0);
  writeHeader(
    octets,
    query,
    given.rcode,
    flags,
    truncated ? { questions: 1, answers: 0, authority: 0, additional: hasOpt ? 1 : 0 } : counts,
  );
  message.copy(octets, headerOctets, headerOctets, query.questionEnd);
  let at = query.questionEnd;
  for (const { owner, tail } of records) {
    octets.set(owner, at);
    octets.set(tail, at + owner.length);
    at += owner.length + tail.length;
  }
  if (hasOpt) writeOpt(octets, at, given.rcode, udpPayload, signed);
  return octets;
}

/** A message that is nothing but a header. */
export function bareHeader(head: QueryHead, rcode: number): Buffer {
  const octets = Buffer.allocUnsafe(headerOctets);
  writeHeader(octets, head, rcode, 0, { questions: 0, answers: 0, authority: 0, additional: 0 });
  return octets;
}

function lengthOf(records: readonly Placed[], bare: number): number {
  let length = bare;
  for (const { owner, tail } of records) length += owner.length + tail.length;
  return length;
}

/** A record whose owner is the question's name or an end of it points there (RFC 1035 section 4.1.4). */
function placed(record: IndexedRecord, { question, nameEnd }: ReadableQuery, wrong: WrongWriting): Placed {
  const { key, tail } = record;
  if (wrong.wrongOwner === true) return { owner: otherOwner, tail };
  if (wrong.upperCase === true) return { owner: encodeName(key.toUpperCase()), tail };
  if (wrong.wholeOwners === true) return record;
  const asked = question.key;
  const isEnd = key === asked || (key !== '' && asked.endsWith(`.${key}`));
  if (!isEnd) return record;
  const offset = nameEnd - wireLength(key);
  return { owner: Uint8Array.of(0xc0 | (offset >> 8), offset & 0xff), tail };
}

const otherOwner = encodeName('answer.invalid');

/** Octets of a record without data at the root. */
const leastFilling = 11;

/** A NULL record at the root (RFC 1035 section 3.3.10), so many octets long. */
function filling(octets: number): Placed {
  const tail = Buffer.alloc(octets - 1);
  tail.writeUInt16BE(10, 0);
  tail.writeUInt16BE(1, 2);
  tail.writeUInt16BE(octets - leastFilling, 8);
  return { owner: Uint8Array.of(0), tail };
}

interface Counts {
  readonly questions: number;
  readonly answers: number;
  readonly authority: number;
  readonly additional: number;
}

/** QR is set, RD copied; RA, AD and CD are clear: this server neither recurses nor validates (RFC 4035 section 3.1.6). */
function writeHeader(octets: Buffer, head: QueryHead, rcode: number, flags: number, counts: Counts): void {
  const copied = head.recursionDesired ? flagBits.recursionDesired : 0;
  octets.writeUInt16BE(head.id, 0);
  octets.writeUInt16BE(flagBits.response | (head.opcode << 11) | copied | flags | (rcode & 0xf), 2);
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
