/** From what the grammar gives of a response to what it says. */
import { dateTimeOf } from './dmap-dates.js';
import { DmapValueError } from './dmap-error.js';
import { type FramedText, LiteralOctets, wireOctets } from './dmap-framed.js';
import { chunkTypeOf, largestModseq, modseqOf, numberOf, uidSetOf } from './dmap-numbers.js';
import type { RawCode, RawFetchValue, RawResponse } from './dmap-raw.js';
import type { ChunkEntry, FetchValue, ListResponse, Response, ResponseCode } from './dmap-responses.js';
import { octetsOf, type RawString, readableText, readValue, textOf } from './dmap-strings.js';
import type { StatusValue, Value } from './dmap-values.js';

/** @throws DmapValueError */
export function readResponse(raw: RawResponse, framed: FramedText): Response {
  const literals = new LiteralOctets(framed);
  switch (raw.kind) {
    case 'continue':
      return { kind: 'continue', text: readableText(raw.text) };
    case 'tagged':
    case 'status':
      return { ...raw, code: raw.code === null ? null : readCode(raw.code), text: readableText(raw.text) };
    case 'capability':
    case 'flags':
      return raw;
    case 'list':
      return listResponse(raw, literals);
    case 'search':
      return {
        kind: 'search',
        numbers: raw.numbers.map((number) => numberOf(number, 'message number')),
        modseq: raw.modseq === null ? null : modseqOf(raw.modseq, 'MODSEQ'),
      };
    case 'mailbox-status':
      return {
        kind: 'mailbox-status',
        mailbox: textOf(raw.mailbox, literals, 'mailbox name'),
        values: raw.values.map(({ name, value }) => ({ name, value: modseqOf(value, name) })),
      };
    case 'key':
      return {
        kind: 'key',
        keyId: textOf(raw.keyId.text, literals, 'key id'),
        parts:
          raw.parts === null
            ? null
            : raw.parts.map(({ part, value }) => ({ part, value: optionalOctets(value, literals) })),
      };
    case 'signet':
      return {
        kind: 'signet',
        address: textOf(raw.address, literals, 'address'),
        signet: optionalOctets(raw.signet, literals),
      };
    case 'exists':
      return { kind: 'exists', count: numberOf(raw.count, 'number of messages') };
    case 'expunge':
      return { kind: 'expunge', number: numberOf(raw.number, 'message number') };
    case 'fetch':
      return {
        kind: 'fetch',
        number: numberOf(raw.number, 'message number'),
        items: raw.items.map((item) => fetchValue(item, literals)),
      };
    case 'unknown': {
      const { text } = raw;
      return { kind: 'unknown', octets: wireOctets({ text, literals: framed.literals }), malformed: knownName(text) };
    }
  }
}

const plainNames =
  /^(OK|NO|BAD|PREAUTH|BYE|CAPABILITY|LIST|SEARCH|STATUS|FLAGS|KEY|SIGNET|EXISTS|EXPUNGE|FETCH)(?![!#$&'+-[\]-z|}~])/i;

/** The name of a response that the grammar knows, which a text has that does not fit it. */
function knownName(text: string): string | null {
  return plainNames.exec(text.replace(/^[0-9]+ /, ''))?.[1]?.toUpperCase() ?? null;
}

/** A code whose numbers are out of range is one that is not read further: the response that carries it still counts. */
function readCode(raw: RawCode): ResponseCode {
  switch (raw.name) {
    case 'CAPABILITY':
    case 'PERMANENTFLAGS':
      return raw;
    case 'OTHER':
      return { ...raw, text: raw.text === null ? null : readableText(raw.text) };
    default:
      try {
        return numberedCode(raw);
      } catch (error) {
        if (!(error instanceof DmapValueError)) throw error;
        return { name: 'OTHER', word: raw.name, text: raw.written.slice(raw.name.length + 1) };
      }
  }
}

function numberedCode(raw: Exclude<RawCode, { name: 'CAPABILITY' | 'PERMANENTFLAGS' | 'OTHER' }>): ResponseCode {
  switch (raw.name) {
    case 'UIDNEXT':
    case 'UIDVALIDITY':
      return { name: raw.name, number: numberOf(raw.number, raw.name) };
    case 'HIGHESTMODSEQ':
      return { name: 'HIGHESTMODSEQ', modseq: modseqOf(raw.modseq, 'HIGHESTMODSEQ') };
    case 'MODIFIED':
      return { name: 'MODIFIED', set: uidSetOf(raw.set) };
    case 'APPENDUID':
      return { name: 'APPENDUID', validity: numberOf(raw.validity, 'UIDVALIDITY'), uids: uidSetOf(raw.uids) };
    case 'COPYUID':
      return {
        name: 'COPYUID',
        validity: numberOf(raw.validity, 'UIDVALIDITY'),
        from: uidSetOf(raw.from),
        to: uidSetOf(raw.to),
      };
  }
}

function listResponse(raw: Extract<RawResponse, { kind: 'list' }>, literals: LiteralOctets): ListResponse {
  const items = raw.extended.map(({ name, value }) => ({
    name: textOf(name, literals, 'name of an extended item'),
    value: readValue(value, literals),
  }));
  const statuses = items.map(({ name, value }) => (name.toUpperCase() === 'STATUS' ? statusOf(value) : null));
  const first = statuses.findIndex((status) => status !== null);
  return {
    kind: 'list',
    attributes: raw.attributes,
    delimiter: raw.delimiter,
    mailbox: textOf(raw.mailbox, literals, 'mailbox name'),
    status: statuses[first] ?? null,
    extended: items.filter((_, index) => index !== first),
  };
}

/** The item STATUS of LIST (DMAP-I-56); null when it is no list of names and numbers. */
function statusOf(value: Value): readonly StatusValue[] | null {
  if (value.kind !== 'list' || value.items.length % 2 !== 0) return null;
  const values: StatusValue[] = [];
  for (let at = 0; at < value.items.length; at += 2) {
    const [name, number] = [value.items[at], value.items[at + 1]];
    if (name?.kind !== 'atom' || number?.kind !== 'atom') return null;
    if (/[%*\\\]]/.test(name.text) || !/^[0-9]{1,19}$/.test(number.text)) return null;
    const counted = BigInt(number.text);
    if (counted > largestModseq) return null;
    values.push({ name: name.text.toUpperCase(), value: counted });
  }
  return values;
}

function fetchValue(raw: RawFetchValue, literals: LiteralOctets): FetchValue {
  switch (raw.item) {
    case 'FLAGS':
      return raw;
    case 'INTERNALDATE':
      return { item: 'INTERNALDATE', date: dateTimeOf(raw.date) };
    case 'SIZE':
      return { item: 'SIZE', size: numberOf(raw.size, 'SIZE') };
    case 'UID':
      return { item: 'UID', uid: numberOf(raw.uid, 'UID') };
    case 'MODSEQ':
      return { item: 'MODSEQ', modseq: modseqOf(raw.modseq, 'MODSEQ') };
    case 'META':
      return { item: 'META', value: optionalOctets(raw.value, literals) };
    case 'BODYSTRUCTURE':
      if ('records' in raw) {
        return {
          item: 'BODYSTRUCTURE',
          form: 'records',
          chunks: recordsOf(octetsOf(raw.records, literals), raw.offset),
        };
      }
      return {
        item: 'BODYSTRUCTURE',
        form: 'list',
        chunks: raw.chunks.map(({ type, size, extensions }) => ({
          type: chunkTypeOf(type),
          size: numberOf(size, 'size of a chunk'),
          extensions: extensions.map((extension) => readValue(extension, literals)),
        })),
      };
    case 'BODY':
      return {
        item: 'BODY',
        section:
          raw.section === null
            ? null
            : { type: chunkTypeOf(raw.section.type), index: numberOf(raw.section.index, 'chunk number') },
        start: raw.start === null ? null : numberOf(raw.start, 'start of a partial'),
        value: optionalOctets(raw.value, literals),
      };
    case 'OTHER':
      return { item: 'OTHER', name: raw.name, value: readValue(raw.value, literals) };
  }
}

/** Four octets a chunk: type and size (DMAP-I-69). */
function recordsOf(octets: Uint8Array, offset: number): ChunkEntry[] {
  if (octets.length % 4 !== 0) {
    const message = `BODYSTRUCTURE has ${octets.length} octets; right are four for each chunk`;
    throw new DmapValueError(message, 'DMAP-I-69', offset);
  }
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return Array.from({ length: octets.length / 4 }, (_, index) => {
    const record = view.getUint32(4 * index);
    return { type: record >>> 24, size: record & 0xffffff, extensions: [] };
  });
}

function optionalOctets(raw: RawString | null, literals: LiteralOctets): Uint8Array | null {
  return raw === null ? null : octetsOf(raw, literals);
}
