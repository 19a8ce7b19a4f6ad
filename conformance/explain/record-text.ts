/** The text of a management record as files hold it: plain, or in character-strings as `dig` prints them. */

import type { ManagementRecord } from '../../reference/formats/record/index.js';
import { parseRecord, publishedRecord } from '../../reference/formats/record/index.js';

/** More TXT records than a name has. */
const mostAnswers = 100;

/** Room for the longest record with every octet escaped, and more; what is longer is not taken apart. */
const mostQuoted = 20_000;

export interface RecordText {
  /** One character an octet; of several TXT records the first. */
  readonly text: string;
  /** The character-strings of each TXT record; null for plain text. */
  readonly answers: readonly (readonly string[])[] | null;
}

/** A file ends with a line end that is no part of the record. */
export function recordText(input: Uint8Array): RecordText {
  const file = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  const text = file.replace(/\r?\n$/, '');
  if (text.length > mostQuoted || !text.trimStart().startsWith('"')) return { text, answers: null };
  const answers = text.split('\n', mostAnswers).flatMap((line) => {
    const strings = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, inside = '']) => unescaped(inside));
    return strings.length === 0 ? [] : [strings];
  });
  return { text: (answers[0] ?? []).join(''), answers };
}

/** @throws RecordError */
export function readRecordText({ text, answers }: RecordText): ManagementRecord {
  return answers === null ? parseRecord(text) : publishedRecord(answers);
}

/** A character-string in a zone file; the inverse of what is read here. (RFC 1035 section 5.1) */
export function quotedString(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[^ -~]/g, (octet) => {
    return `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}

/** A backslash before three digits, or before the character itself. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3}|.)/gs, (_, what: string) => {
    return what.length === 3 ? String.fromCharCode(Number(what) & 0xff) : what;
  });
}
