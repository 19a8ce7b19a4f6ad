/** The texts in the origin and destination chunks. (Sections 7.1 and 7.2 of the messages digest) */
import { MessageError, type MessageErrorCode } from './message-error.js';

/** Who stands in an envelope chunk, and the cryptographic fingerprint of his signet. */
export interface EnvelopeEntry {
  /** A mail address, or a domain name. Its form is not checked. */
  readonly name: string;
  /** Text of a cryptographic fingerprint: 86 characters of unpadded base64 (MSG-067). Its form is not checked. */
  readonly fingerprint: string;
}

/** `origin`: author and destination (MSG-061). `destination`: recipient and origin (MSG-062). */
export type EnvelopeKind = 'origin' | 'destination';

/** The labels of an envelope chunk: first a user, then an organization. */
export const envelopeLabels = {
  origin: ['Author', 'Destination'],
  destination: ['Recipient', 'Origin'],
} as const;

/** What an envelope line can hold between its brackets. */
const printable = /^[\x20-\x7e]*$/;

/**
 * Writes the four lines (MSG-063).
 *
 * @throws MessageError `bad-text` for an empty name and for what the reader would not get back
 */
export function writeEnvelope(kind: EnvelopeKind, user: EnvelopeEntry, organization: EnvelopeEntry): Uint8Array {
  const [first, second] = envelopeLabels[kind];
  const lines = [...lineOf(kind, first, user), ...lineOf(kind, second, organization)];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
}

function lineOf(kind: EnvelopeKind, label: string, { name, fingerprint }: EnvelopeEntry): [string, string] {
  for (const [what, value, close] of [
    ['name', name, '>'],
    ['fingerprint', fingerprint, ']'],
  ] as const) {
    if (what === 'name' && value === '') throw refusal(kind, 'bad-text', 'MSG-063', 0, `the name of ${label} is empty`);
    if (!printable.test(value) || value.includes(close)) {
      throw refusal(
        kind,
        'bad-text',
        'MSG-065',
        0,
        `the ${what} of ${label} has characters that cannot stand in a line`,
      );
    }
  }
  return [`${label}: <${name}>`, `${label}-Signet: [${fingerprint}]`];
}

/**
 * Reads the four lines. Labels, case, spacing and order are exact (MSG-064), and nothing may follow (MSG-066).
 *
 * @param offset of the chunk, for errors
 * @throws MessageError `bad-text`
 */
export function readEnvelope(
  kind: EnvelopeKind,
  data: Uint8Array,
  offset: number,
): readonly [EnvelopeEntry, EnvelopeEntry] {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  const [first, second] = envelopeLabels[kind];
  let at = 0;
  const value = (label: string, open: string, close: string): string => {
    const start = `${label}: ${open}`;
    if (!text.startsWith(start, at)) {
      throw refusal(kind, 'bad-text', 'MSG-064', offset, `at octet ${at} of the text there is no "${start}"`);
    }
    const from = at + start.length;
    const to = text.indexOf(close, from);
    if (to === -1) throw refusal(kind, 'bad-text', 'MSG-064', offset, `the value of ${label} has no "${close}"`);
    const found = text.slice(from, to);
    if (!printable.test(found)) {
      throw refusal(kind, 'bad-text', 'MSG-065', offset, `the value of ${label} has an octet outside of 20 to 7E`);
    }
    if (!text.startsWith('\r\n', to + 1)) {
      throw refusal(kind, 'bad-text', 'MSG-064', offset, `the line of ${label} does not end in CRLF`);
    }
    at = to + 3;
    return found;
  };
  const entry = (label: string): EnvelopeEntry => ({
    name: value(label, '<', '>'),
    fingerprint: value(`${label}-Signet`, '[', ']'),
  });
  const entries = [entry(first), entry(second)] as const;
  if (at < text.length) {
    throw refusal(kind, 'bad-text', 'MSG-066', offset, `${text.length - at} octets follow after the fourth line`);
  }
  return entries;
}

function refusal(
  kind: EnvelopeKind,
  code: MessageErrorCode,
  requirement: string,
  offset: number,
  what: string,
): MessageError {
  return new MessageError({
    code,
    requirement,
    offset,
    what: `${kind} chunk: ${what}`,
    section: kind === 'origin' ? '7.1' : '7.2',
  });
}
