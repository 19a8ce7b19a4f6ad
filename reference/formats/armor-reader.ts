/**
 * Finds the armored block in a text. What it takes is what the rule Armor of grammar/armor.peggy takes, which a test
 * holds together; a compiled grammar would need some hundred octets for each empty line of a hostile text.
 */
import { type ArmorBlock, type ArmorLabel, armorLabels } from '../../grammar/armor.js';
import { ArmorError } from './armor-error.js';

/** @throws ArmorError */
export function readArmorBlock(text: string): ArmorBlock {
  const { label, end } = findBegin(text);
  const base64 = Buffer.allocUnsafe(text.length - end);
  let length = 0;
  let padded = false;
  let checksum: { text: string; offset: number } | null = null;
  let at = restOfLine(text, end);
  for (;;) {
    const line = nextLine(text, at);
    if (text.startsWith('-----END ', line.start)) {
      if (length === 0) throw syntax(line.start, 'base64');
      if (checksum === null) {
        throw new ArmorError('no-checksum', 'SIG-076', line.start, 'the checksum line is missing');
      }
      checkEnd(text, line.start, label);
      return { label, base64: base64.toString('latin1', 0, length), checksum: checksum.text, offset: checksum.offset };
    }
    if (checksum !== null) throw syntax(line.start, `"-----END ${label}-----"`);
    if (line.start === text.length) throw syntax(line.start, `more lines, up to "-----END ${label}-----"`);
    if (text[line.start] === '=') {
      if (length === 0) throw syntax(line.start, 'base64');
      checksum = { text: checksumOf(text, line), offset: line.start };
    } else {
      if (padded) throw syntax(line.start, 'the checksum, behind padding');
      let padding = 0;
      for (let place = line.start; place < line.stop; place++) {
        const code = text.charCodeAt(place);
        if (code === equalsSign && place > line.start && padding < 2) padding++;
        else if (padding > 0 || !isBase64[code]) throw syntax(place, 'base64 or the end of the line');
        base64[length++] = code;
      }
      padded = padding > 0;
    }
    at = line.next;
  }
}

const equalsSign = 0x3d;
const isBase64 = Array.from({ length: 256 }, (_, code) => /[A-Za-z0-9+/]/.test(String.fromCharCode(code)));

interface Line {
  /** Of the first octet that is no white space; `stop` behind the last one. */
  readonly start: number;
  readonly stop: number;
  readonly next: number;
}

/** The BEGIN line of the first block with a known label. */
function findBegin(text: string): { label: ArmorLabel; end: number } {
  const begin = '-----BEGIN ';
  for (let at = text.indexOf(begin); at !== -1; at = text.indexOf(begin, at + 1)) {
    const labelAt = at + begin.length;
    const label = armorLabels.find((known) => text.startsWith(`${known}-----`, labelAt));
    if (label !== undefined && startsLine(text, at)) return { label, end: labelAt + label.length + 5 };
  }
  throw new ArmorError('no-block', 'SIG-073', text.length, 'no block of DIME begins in the text');
}

/** Only white space stands before it on its line. */
function startsLine(text: string, at: number): boolean {
  let before = at;
  while (before > 0 && isBlank(text.charCodeAt(before - 1))) before--;
  return before === 0 || text[before - 1] === '\n';
}

/** Where the next line begins; nothing but white space may stand before. */
function restOfLine(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  if (text[at] !== '\n') throw syntax(at, 'the end of the line');
  return at + 1;
}

/** The next line that is not empty; at the end of the text one that begins there. */
function nextLine(text: string, from: number): Line {
  let start = from;
  while (text[start] === '\n' || isBlank(text.charCodeAt(start))) start++;
  const lineEnd = text.indexOf('\n', start);
  const end = lineEnd === -1 ? text.length : lineEnd;
  let stop = end;
  while (stop > start && isBlank(text.charCodeAt(stop - 1))) stop--;
  return { start, stop, next: lineEnd === -1 ? end : end + 1 };
}

function checksumOf(text: string, { start, stop }: Line): string {
  const checksum = text.slice(start + 1, Math.min(stop, start + 6));
  if (/^[A-Za-z0-9+/]{4}$/.test(checksum)) return checksum;
  throw new ArmorError('bad-checksum', 'SIG-076', start, 'a checksum is "=" and four base64 characters');
}

function checkEnd(text: string, start: number, label: ArmorLabel): void {
  const wanted = `-----END ${label}-----`;
  if (!text.startsWith(wanted, start)) {
    throw new ArmorError('wrong-label', 'SIG-073', start, `the block begins with ${label}, but ends otherwise`);
  }
  let at = start + wanted.length;
  while (isBlank(text.charCodeAt(at))) at++;
  if (at < text.length && text[at] !== '\n') throw syntax(at, 'the end of the line');
}

/** White space of a line; NaN, behind the end of the text, is none. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 9 || (code >= 0x0b && code <= 0x0d);
}

function syntax(offset: number, expected: string): ArmorError {
  return new ArmorError('syntax', 'SIG-073', offset, `expected ${expected}`);
}
