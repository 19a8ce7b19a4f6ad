/** Responses in their canonical form (section 6.8 of the DMAP digest). */
import { modseqText, sectionText, some, writeValue } from './dmap-command-writer.js';
import { dateTimeOctets } from './dmap-dates.js';
import { largestNumber } from './dmap-numbers.js';
import type { ChunkEntry, FetchValue, ListResponse, Response, ResponseCode } from './dmap-responses.js';
import type { Section, StatusValue, UidSet } from './dmap-values.js';
import { digits, type StreamedOctets, utf8, type WireWriter } from './dmap-writer.js';
import { parseRule } from './parse.js';

const label = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const labels = {
  FETCH: label(' FETCH ('),
  FLAGS: label('FLAGS '),
  INTERNALDATE: label('INTERNALDATE '),
  META: label('META '),
  MODSEQ: label('MODSEQ ('),
  SIZE: label('SIZE '),
  UID: label('UID '),
};
const mostNumber = BigInt(Number.MAX_SAFE_INTEGER);

/** What a server answers to FETCH; a body may come from elsewhere piece by piece. */
export type FetchAnswer =
  | FetchValue
  | {
      readonly item: 'BODY';
      readonly section: Section | null;
      readonly start: number | null;
      readonly value: StreamedOctets;
    };

/** @throws RangeError when a part of the response cannot be written; the message names it */
export function writeResponse(writer: WireWriter, response: Response): void {
  switch (response.kind) {
    case 'continue':
      writer.raw(`+ ${lineText(response.text, 'text')}`);
      break;
    case 'tagged':
      writer.tag(response.tag).raw(` ${response.status}`);
      writeText(writer, response);
      break;
    case 'status':
      writer.raw(`* ${response.status}`);
      writeText(writer, response);
      break;
    case 'capability':
      writeCapabilities(writer.raw('* '), response.capabilities);
      break;
    case 'list':
      writeList(writer, response);
      break;
    case 'search':
      writer.raw('* SEARCH');
      for (const number of response.numbers) writer.raw(` ${positive(number, 'message number')}`);
      if (response.modseq !== null) writer.raw(` (MODSEQ ${modseqText(response.modseq, 1)})`);
      break;
    case 'mailbox-status':
      writer.raw('* STATUS ').astring(response.mailbox, 'mailbox name').raw(' ');
      writeStatusValues(writer, response.values);
      break;
    case 'flags':
      writer.raw('* FLAGS ').flags(response.flags);
      break;
    case 'key':
      writer.raw('* KEY ').astring(response.keyId, 'key id');
      if (response.parts !== null) {
        writer
          .raw(' ')
          .list(some(response.parts, 'parts of a key'), ({ part, value }) => writer.raw(`${part} `).nbstring(value));
      }
      break;
    case 'signet':
      writer.raw('* SIGNET ').astring(response.address, 'address');
      if (response.signet !== null) writer.raw(' ').bstring(response.signet);
      break;
    case 'exists':
      writer.raw(`* ${digits(response.count, 0, largestNumber, 'number of messages')} EXISTS`);
      break;
    case 'expunge':
      writer.raw(`* ${positive(response.number, 'message number')} EXPUNGE`);
      break;
    case 'fetch':
      writeFetch(writer, response.number, response.items);
      return;
    case 'unknown':
      writer.raw(`* ${Buffer.from(response.octets).toString('latin1')}`);
      break;
  }
  writer.raw('\r\n');
}

/** @throws RangeError when a part cannot be written; the message names it */
export function writeFetch(writer: WireWriter, number: number, items: readonly FetchAnswer[]): void {
  const { length } = some(items, 'FETCH items');
  writer.raw('* ').number(number, 1, largestNumber, 'message number').octets(labels.FETCH);
  // Thousands of these go out in a row: no functions and no texts are made for each.
  for (let at = 0; at < length; at += 1) {
    const item = items[at];
    if (at > 0) writer.raw(' ');
    if (item !== undefined) writeFetchValue(writer, item);
  }
  writer.raw(')\r\n');
}

function writeFetchValue(writer: WireWriter, item: FetchAnswer): void {
  switch (item.item) {
    case 'FLAGS':
      writer.octets(labels.FLAGS).flags(item.flags);
      return;
    case 'INTERNALDATE':
      writer.octets(labels.INTERNALDATE).octets(dateTimeOctets(item.date));
      return;
    case 'SIZE':
      writer.octets(labels.SIZE).number(item.size, 0, largestNumber, 'SIZE');
      return;
    case 'UID':
      writer.octets(labels.UID).number(item.uid, 1, largestNumber, 'UID');
      return;
    case 'MODSEQ':
      writer.octets(labels.MODSEQ);
      // Those that there will be in any life of a mailbox are written as other numbers are.
      if (item.modseq <= mostNumber) writer.number(Number(item.modseq), 1, Number.MAX_SAFE_INTEGER, 'MODSEQ');
      else writer.raw(modseqText(item.modseq, 1));
      writer.raw(')');
      return;
    case 'META':
      writer.octets(labels.META).nbstring(item.value);
      return;
    case 'BODYSTRUCTURE':
      writer.raw('BODYSTRUCTURE ');
      if (item.form === 'records') writer.bstring(recordOctets(item.chunks));
      else writer.list(item.chunks, (chunk) => writeChunk(writer, chunk));
      return;
    case 'BODY':
      writer.raw(`BODY${sectionText(item.section)}`);
      if (item.start !== null) writer.raw(`<${digits(item.start, 0, largestNumber, 'start of a partial')}>`);
      writer.raw(' ');
      if (item.value !== null && 'pieces' in item.value) writer.streamedLiteral(item.value);
      else writer.nbstring(item.value);
      return;
    case 'OTHER':
      writer.atom(item.name, 'FETCH item').raw(' ');
      writeValue(writer, item.value);
  }
}

function writeChunk(writer: WireWriter, { type, size, extensions }: ChunkEntry): void {
  writer.raw(`(${digits(type, 0, 255, 'chunk type')} ${digits(size, 0, largestNumber, 'size of a chunk')}`);
  for (const extension of extensions) writeValue(writer.raw(' '), extension);
  writer.raw(')');
}

function recordOctets(chunks: readonly ChunkEntry[]): Uint8Array {
  const octets = new Uint8Array(4 * chunks.length);
  const view = new DataView(octets.buffer);
  for (const [index, { type, size, extensions }] of chunks.entries()) {
    if (extensions.length > 0) throw new RangeError('BODYSTRUCTURE: a record has no extensions');
    digits(type, 0, 255, 'chunk type');
    digits(size, 0, 0xffffff, 'size of a chunk');
    view.setUint32(4 * index, type * 2 ** 24 + size);
  }
  return octets;
}

function writeList(writer: WireWriter, { attributes, delimiter, mailbox, status, extended }: ListResponse): void {
  writer.raw('* LIST ').list(attributes, (attribute) => {
    if (!attribute.startsWith('\\')) throw new RangeError(`attribute: ${JSON.stringify(attribute)} has no backslash`);
    return writer.raw('\\').atom(attribute.slice(1), 'attribute');
  });
  if (delimiter !== null && delimiter.length !== 1) throw new RangeError('LIST: a delimiter is one character');
  if (delimiter === null) writer.raw(' NIL ');
  else writer.raw(' ').quoted(delimiter).raw(' ');
  writer.astring(mailbox, 'mailbox name');
  if (status === null && extended.length === 0) return;
  writer.raw(' (');
  if (status !== null) writeStatusValues(writer.raw('"STATUS" '), status);
  if (status !== null && extended.length > 0) writer.raw(' ');
  writer.separated(extended, ({ name, value }) =>
    writeValue(writer.astring(name, 'name of an extended item').raw(' '), value),
  );
  writer.raw(')');
}

function writeStatusValues(writer: WireWriter, values: readonly StatusValue[]): void {
  writer.list(values, ({ name, value }) => writer.atom(name, 'STATUS item').raw(` ${modseqText(value, 0)}`));
}

function writeCapabilities(writer: WireWriter, capabilities: readonly string[]): void {
  writer.raw('CAPABILITY');
  for (const capability of some(capabilities, 'capabilities')) writer.raw(' ').atom(capability, 'capability');
}

/** @throws RangeError for an empty text (DMAP-I-21), or one that reads as a code */
function writeText(writer: WireWriter, { code, text }: { code: ResponseCode | null; text: string }): void {
  if (text === '') throw new RangeError('status response: no text, but a producer sends at least one character');
  const line = lineText(text, 'status text');
  if (code !== null) {
    writeCode(writer.raw(' ['), code);
    writer.raw(']');
  } else if (text.startsWith('[')) {
    const { code: read } = parseRule('dmap', 'CodeAndText', line) as { readonly code: unknown };
    if (read !== null) throw new RangeError(`status text: ${JSON.stringify(text)} reads as a code`);
  }
  writer.raw(` ${line}`);
}

function writeCode(writer: WireWriter, code: ResponseCode): void {
  switch (code.name) {
    case 'CAPABILITY':
      writeCapabilities(writer, code.capabilities);
      return;
    case 'PERMANENTFLAGS': {
      writer.raw('PERMANENTFLAGS ').list(code.flags, (flag) => {
        if (flag === '\\*') return writer.raw(flag);
        return flag.startsWith('\\') ? writer.raw('\\').atom(flag.slice(1), 'flag') : writer.atom(flag, 'flag');
      });
      return;
    }
    case 'UIDNEXT':
    case 'UIDVALIDITY':
      writer.raw(`${code.name} ${positive(code.number, code.name)}`);
      return;
    case 'HIGHESTMODSEQ':
      writer.raw(`HIGHESTMODSEQ ${modseqText(code.modseq, 1)}`);
      return;
    case 'MODIFIED':
      writer.raw(`MODIFIED ${uidSetText(code.set)}`);
      return;
    case 'APPENDUID':
      writer.raw(`APPENDUID ${positive(code.validity, 'UIDVALIDITY')} ${uidSetText(code.uids)}`);
      return;
    case 'COPYUID': {
      const validity = positive(code.validity, 'UIDVALIDITY');
      writer.raw(`COPYUID ${validity} ${uidSetText(code.from)} ${uidSetText(code.to)}`);
      return;
    }
    case 'OTHER': {
      writer.atom(code.word, 'response code');
      if (code.text === null) return;
      const text = lineText(code.text, 'text of a response code');
      if (text === '' || text.includes(']')) {
        throw new RangeError(`text of a response code: ${JSON.stringify(code.text)} cannot be written`);
      }
      writer.raw(` ${text}`);
    }
  }
}

function uidSetText(set: UidSet): string {
  return some(set, 'UID set')
    .map(({ first, last }) =>
      first === last ? positive(first, 'UID') : `${positive(first, 'UID')}:${positive(last, 'UID')}`,
    )
    .join(',');
}

function positive(number: number, what: string): string {
  return digits(number, 1, largestNumber, what);
}

/** As octets, one character each. @throws RangeError with a NUL, CR or LF */
function lineText(text: string, what: string): string {
  const octets = Buffer.from(utf8(text, what)).toString('latin1');
  if (/[\0\r\n]/.test(octets)) throw new RangeError(`${what}: ${JSON.stringify(text)} is not one line`);
  return octets;
}
