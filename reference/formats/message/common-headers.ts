/** The common headers of `dime-2015`. (Section 7.3 of the messages digest) */
import { MessageError } from './message-error.js';

/** In the order on the wire (MSG-069). */
export const commonHeaderNames = ['date', 'to', 'cc', 'from', 'organization', 'subject'] as const;
export type CommonHeaderName = (typeof commonHeaderNames)[number];

/** Values are opaque; one character is one octet, so that whatever was read can be written again. */
export type CommonHeaders = { readonly [name in CommonHeaderName]?: string };

const labels: Readonly<Record<CommonHeaderName, string>> = {
  date: 'Date: ',
  to: 'To: ',
  cc: 'CC: ',
  from: 'From: ',
  organization: 'Organization: ',
  subject: 'Subject: ',
};
const requiredNames: readonly CommonHeaderName[] = ['date', 'to', 'from', 'subject'];

/** @throws MessageError `bad-text` for a missing required header (MSG-070), or a value that is no line of octets */
export function writeCommonHeaders(headers: CommonHeaders): Uint8Array {
  const missing = requiredNames.find((name) => headers[name] === undefined);
  if (missing !== undefined) throw refusal('MSG-070', 0, `the header ${missing} is missing`);
  const lines = commonHeaderNames.flatMap((name) => {
    const value = headers[name];
    if (value === undefined) return [];
    if (!/^[^\r\n\u0100-\uffff]*$/.test(value)) {
      throw refusal('MSG-073', 0, `the value of ${name} has a line end or a character that is no octet`);
    }
    return [`${labels[name]}${value}\r\n`];
  });
  return Buffer.from(lines.join(''), 'latin1');
}

/**
 * Reads common headers: in any order (MSG-071), each at most once (MSG-072), labels in exact case (MSG-074), every line
 * ended by CRLF (MSG-073, OQ-56). Those that a writer must give may be missing (section 7.3).
 *
 * @param offset of the chunk, for errors
 * @throws MessageError `bad-text`
 */
export function readCommonHeaders(data: Uint8Array, offset: number): CommonHeaders {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  const found: { [name in CommonHeaderName]?: string } = {};
  for (let at = 0; at < text.length; ) {
    const name = commonHeaderNames.find((each) => text.startsWith(labels[each], at));
    if (name === undefined) throw refusal('MSG-072', offset, `at octet ${at} of the text there is no known label`);
    if (found[name] !== undefined) throw refusal('MSG-072', offset, `the header ${name} is there twice`);
    const from = at + labels[name].length;
    const to = text.slice(from).search(/[\r\n]/);
    if (to === -1 || !text.startsWith('\r\n', from + to)) {
      throw refusal('MSG-073', offset, `the header ${name} does not end in CRLF`);
    }
    found[name] = text.slice(from, from + to);
    at = from + to + 2;
  }
  return found;
}

function refusal(requirement: string, offset: number, what: string): MessageError {
  return new MessageError({ code: 'bad-text', requirement, offset, what: `common headers: ${what}`, section: '7.3' });
}
