/** Reads a query: header, one question, and the OPT record if there is one. (RFC 1035 section 4, RFC 6891) */

export const headerOctets = 12;

export interface QueryHead {
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
}

export interface Question {
  /** The name as it was asked, for people: other than visible octets as \DDD. */
  readonly shown: string;
  /** The name as a key: see nameKey. A name with octets that no zone can hold is escaped, and so found nowhere. */
  readonly key: string;
  readonly type: number;
  readonly class: number;
}

export interface Edns {
  readonly version: number;
  /** Octets that the client takes over UDP; never less than 512 (RFC 6891 section 6.2.3). */
  readonly payload: number;
  /** The DO bit. */
  readonly dnssecOk: boolean;
}

export type Query =
  /** Too short to answer, or an answer itself: answering could make two servers talk for ever. */
  | { readonly kind: 'ignored' }
  | ({ readonly kind: 'malformed' | 'other-opcode' } & QueryHead)
  | ({
      readonly kind: 'query';
      readonly question: Question;
      /** Where the question's name and the question end, in octets from the start of the message. */
      readonly nameEnd: number;
      readonly questionEnd: number;
      readonly edns: Edns | null;
    } & QueryHead);

const types = { opt: 41 } as const;
const leastPayload = 512;
const longestName = 255;

/**
 * Reads one message. Everything is walked once and nothing is followed, so time is bounded by its length. Malformed is:
 * other than one question (RFC 9619), compression in it, records in the answer or authority section, a second OPT, one
 * that is not at the root or has broken options, and octets behind the last record.
 */
export function readQuery(message: Buffer): Query {
  if (message.length < headerOctets) return { kind: 'ignored' };
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return { kind: 'ignored' };
  const head: QueryHead = {
    id: message.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    recursionDesired: (flags & 0x0100) !== 0,
  };
  if (head.opcode !== 0) return { kind: 'other-opcode', ...head };
  const malformed: Query = { kind: 'malformed', ...head };
  // One question, no answer, no authority.
  if (message.readUInt16BE(4) !== 1 || message.readUInt32BE(6) !== 0) return malformed;
  const name = readName(message, headerOctets);
  if (name === null || name.end + 4 > message.length) return malformed;
  const questionEnd = name.end + 4;
  const edns = readAdditional(message, questionEnd, message.readUInt16BE(10));
  if (edns === 'malformed') return malformed;
  const question: Question = {
    shown: name.shown,
    key: name.shown.toLowerCase(),
    type: message.readUInt16BE(name.end),
    class: message.readUInt16BE(name.end + 2),
  };
  return { kind: 'query', ...head, question, nameEnd: name.end, questionEnd, edns };
}

/** A name without compression: the first name of a message has nothing before it to point to. */
function readName(message: Buffer, start: number): { shown: string; end: number } | null {
  let at = start;
  let shown = '';
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return null;
    at++;
    if (length === 0) break;
    if (at + length > message.length || at + length + 1 - start > longestName) return null;
    const label = message.toString('latin1', at, at + length);
    shown += shown === '' ? escapeLabel(label) : `.${escapeLabel(label)}`;
    at += length;
  }
  return { shown, end: at };
}

function escapeLabel(label: string): string {
  return /^[!-\-/-[\]-~]+$/.test(label)
    ? label
    : label.replace(/[^!-\-/-[\]-~]/g, (octet) => `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`);
}

/** Walks `count` records and gives what the OPT among them says. Others (TSIG...) are passed over. */
function readAdditional(message: Buffer, start: number, count: number): Edns | null | 'malformed' {
  let at = start;
  let edns: Edns | null = null;
  for (let left = count; left > 0; left--) {
    const nameEnd = skipName(message, at);
    if (nameEnd === null || nameEnd + 10 > message.length) return 'malformed';
    const dataStart = nameEnd + 10;
    const dataEnd = dataStart + message.readUInt16BE(nameEnd + 8);
    if (dataEnd > message.length) return 'malformed';
    if (message.readUInt16BE(nameEnd) === types.opt) {
      const atRoot = nameEnd === at + 1;
      if (edns !== null || !atRoot || !areOptions(message, dataStart, dataEnd)) return 'malformed';
      edns = {
        payload: Math.max(leastPayload, message.readUInt16BE(nameEnd + 2)),
        version: message.readUInt8(nameEnd + 5),
        dnssecOk: (message.readUInt16BE(nameEnd + 6) & 0x8000) !== 0,
      };
    }
    at = dataEnd;
  }
  return at === message.length ? edns : 'malformed';
}

function skipName(message: Buffer, start: number): number | null {
  let at = start;
  for (;;) {
    const length = message[at];
    if (length === undefined) return null;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
    if (length > 63 || at - start > longestName) return null;
  }
}

function areOptions(message: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at + 4 <= end) at += 4 + message.readUInt16BE(at + 2);
  return at === end;
}
