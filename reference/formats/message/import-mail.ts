/** Ordinary mail cut up for a naked message: common headers, header block, body. (Section 12.6) */
import { MessageError } from './message-error.js';

/** In the order in which they are written (MSG-093). */
export const importedHeaderNames = [
  'Date',
  'Subject',
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'In-Reply-To',
  'Message-Id',
] as const;

export interface ImportedMail {
  /** One line `Name: value` LF for each common header that is there. */
  readonly common: Uint8Array;
  /** The whole header block with the blank line. */
  readonly headers: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * Cuts a mail at its first blank line; lines end in CRLF or LF. Of several headers with one name the first counts.
 *
 * @throws MessageError `empty-data` for a mail without any common header or with an empty body, for which the format has
 * no form (OQ-77)
 */
export function importMail(mail: Uint8Array): ImportedMail {
  const end = headerEnd(mail);
  const headers = mail.subarray(0, end);
  const body = mail.subarray(end);
  const common = commonHeadersOf(headers);
  if (body.length === 0) throw refusal('the mail has no body');
  if (common.length === 0) throw refusal('the mail has no common header');
  return { common, headers, body };
}

/** The lines of the common chunk for a header block. */
export function commonHeadersOf(headers: Uint8Array): Uint8Array {
  const text = Buffer.from(headers.buffer, headers.byteOffset, headers.byteLength).toString('latin1');
  const unfolded = text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const lines = importedHeaderNames.flatMap((name) => {
    const start = `${name.toLowerCase()}:`;
    const line = unfolded.find((each) => each.toLowerCase().startsWith(start));
    return line === undefined ? [] : [`${name}: ${line.slice(start.length).trim()}\n`];
  });
  return Buffer.from(lines.join(''), 'latin1');
}

/** The offset after the first blank line; the end when there is none. */
function headerEnd(mail: Uint8Array): number {
  let start = 0;
  while (start < mail.length) {
    const feed = mail.indexOf(0x0a, start);
    if (feed === -1) break;
    const blank = feed === start || (feed === start + 1 && mail[start] === 0x0d);
    start = feed + 1;
    if (blank) return start;
  }
  return mail.length;
}

function refusal(what: string): MessageError {
  return new MessageError({
    code: 'empty-data',
    requirement: 'MSG-022',
    offset: 0,
    what: `${what}, and no chunk can be empty (OQ-77)`,
    section: '12.6',
  });
}
