/** An encrypted message, chunk by chunk; and what is inside, for a reader whose keys are given. */
import {
  type Chunk,
  type ChunkName,
  ChunkReader,
  chunkTables,
  flagsIn,
  kekFor,
  type Message,
  MessageError,
  type MessageProfile,
  missingChunk,
  openMessage,
  openNaked,
  parseMessage,
  readEphemeral,
  type Segment,
  type SignatureReport,
  signaturesToCheck,
  verifySignature,
} from '../../reference/formats/message/index.js';
import { type Explanation, Sheet, type Wishes } from './explanation.js';
import { count, hex, quoted, text } from './shown.js';

const tracingMagic = 1837;

/** What a person looks for in the parts; what is more is said to be left out. */
const mostOpenedOctets = 256 * 1024 * 1024;
const mostInflated = 16 * 1024 * 1024;

/** @param octets of the binary message, with or without a tracing block */
export function explainMessage(octets: Uint8Array, wishes: Wishes): Explanation {
  const sheet = new Sheet();
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const magic = octets.length < 2 ? 0 : view.readUInt16BE(0);
  const profile: MessageProfile = magic === chunkTables.prime.magic ? 'prime' : 'dime-2015';
  if (wishes.profile !== undefined && wishes.profile !== profile) {
    sheet.note(`read as ${profile}, which the magic number says, not as ${wishes.profile}`);
  }
  const start = headRows(view, profile, magic, sheet);
  const { message, chunks } = load(profile, octets, sheet);
  for (const chunk of chunks) chunkRow(profile, chunk, sheet);
  const read = chunks.at(-1);
  const end = read === undefined ? Math.min(start, octets.length) : read.offset + read.octets.length;
  if (end < octets.length) {
    const rest = octets.subarray(end);
    sheet.row('(not read)', hex(rest), { offset: end, octets: rest.length });
  }
  if (message !== null) {
    const missing = missingChunk(message);
    if (missing !== null) {
      sheet.wrong(
        `the message is not complete: there is no ${missing} chunk`,
        profile === 'prime' ? 'MSG-081' : 'MSG-016',
      );
    }
    for (const chunk of chunks) ephemeralRows(profile, chunk, sheet);
    if (wishes.reader === undefined) {
      sheet.note(
        'nothing was decrypted and no signature checked: --keys and --actor open it as one of the four actors',
      );
    } else if (missing === null) {
      openedRows(message, wishes, sheet);
    }
  }
  const title = profile === 'prime' ? 'naked encrypted message' : 'encrypted message';
  return sheet.done({ kind: 'message', title, profile, octets: octets.length });
}

/** Tracing, magic number and length. Gives the place where chunks begin. (Section 1 of the messages digest) */
function headRows(octets: Buffer, profile: MessageProfile, magic: number, sheet: Sheet): number {
  let at = 0;
  if (magic === tracingMagic && octets.length >= 4) {
    const length = octets.readUInt16BE(2);
    sheet.row('magic number', `${magic}, tracing`, { offset: 0, octets: 2 });
    sheet.row('length of the tracing', String(length), { offset: 2, octets: 2 });
    sheet.row('tracing', text(octets.subarray(4, 4 + length)), {
      offset: 4,
      octets: Math.min(length, octets.length - 4),
    });
    at = 4 + length;
  }
  if (octets.length >= at + 2) {
    const own = octets.readUInt16BE(at);
    const known = own === chunkTables[profile].magic;
    sheet.row('magic number', known ? `${own}, encrypted message` : `${own}, that of no message`, {
      offset: at,
      octets: 2,
    });
  }
  if (octets.length >= at + 6)
    sheet.row('length of the chunks', String(octets.readUInt32BE(at + 2)), { offset: at + 2, octets: 4 });
  return at + 6;
}

/** The message, or of a malformed one the chunks before the fault. */
function load(
  profile: MessageProfile,
  octets: Uint8Array,
  sheet: Sheet,
): { readonly message: Message | null; readonly chunks: readonly Chunk[] } {
  try {
    const message = parseMessage(profile, octets);
    return { message, chunks: message.chunks };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    sheet.refused(error);
    return { message: null, chunks: chunksBefore(profile, octets) };
  }
}

/** Without the whole size the reader sees a fault only where it comes to it: once more, up to there. */
function chunksBefore(profile: MessageProfile, octets: Uint8Array): Chunk[] {
  try {
    return new ChunkReader(profile).push(octets);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    const before = octets.subarray(0, error.offset);
    return before.length === octets.length ? [] : chunksBefore(profile, before);
  }
}

function chunkRow(profile: MessageProfile, { definition, offset, octets, payload, slots }: Chunk, sheet: Sheet): void {
  const { name, type, section, access } = definition;
  const empty = access.filter((_, at) => slots[at]?.every((octet) => octet === 0) === true);
  const keys = access.length === 0 ? 'not encrypted' : `for ${access.join(', ')}`;
  const unused = profile === 'prime' && empty.length > 0 ? ` (slots of zeros: ${empty.join(', ')})` : '';
  const value = `${section}, payload of ${count(payload.length, 'octet')}, ${keys}${unused}`;
  sheet.row(`${type} ${name}`, value, { offset, octets: octets.length });
}

function ephemeralRows(profile: MessageProfile, chunk: Chunk, sheet: Sheet): void {
  if (chunk.definition.name !== 'ephemeral') return;
  try {
    const { encryption, signing } = readEphemeral(profile, chunk);
    sheet.row('ephemeral encryption key', hex(encryption));
    if (signing !== null) sheet.row('ephemeral signing key', hex(signing));
  } catch (error) {
    sheet.refused(error);
  }
}

function openedRows(message: Message, wishes: Wishes, sheet: Sheet): void {
  try {
    if (message.profile === 'prime') openNakedRows(message, wishes, sheet);
    else openStandardRows(message, wishes, sheet);
  } catch (error) {
    sheet.refused(error);
    sheet.note(
      'keys that are not those of the actor show as a signature that does not hold, or a tag that does not fit',
    );
  }
}

function openStandardRows(message: Message, { reader, identities = {} }: Wishes, sheet: Sheet): void {
  if (reader === undefined) return;
  const { actor, keys } = reader;
  const { encryptionPrivate } = keys;
  const opener = { profile: message.profile, actor, kek: kekFor(message, encryptionPrivate) };
  const authorKeys = identities.author?.signingKeys ?? [];
  // Opened in libdime's form too, so that what libdime made can be looked into.
  const tolerant = { unverified: true, acceptLibdimeTree: true, mostInflated };
  const opened = openMessage(message, { actor, encryptionPrivate, identities, ...tolerant });
  let { verified } = opened;
  if (verified['author-tree'] === true && verifySignature(message, 'author-tree', opener, authorKeys) !== true) {
    verified = { ...verified, 'author-tree': false };
    sheet.wrong("the tree signature leaves out the destination chunk, as libdime's does (OQ-45)", 'MSG-045');
  }
  signatureRows(message, verified, signaturesToCheck({ profile: message.profile, actor }), sheet);
  for (const who of ['author', 'origin', 'destination', 'recipient'] as const) {
    const entry = opened[who];
    if (entry !== undefined) sheet.row(`envelope: ${who}`, `${quoted(entry.name)}, signet ${entry.fingerprint}`);
  }
  for (const [name, value] of Object.entries(opened.headers ?? {})) sheet.row(`header: ${name}`, quoted(String(value)));
  if (opened.other !== undefined) sheet.row('other headers', text(opened.other));
  segmentRows(opened.segments(), sheet);
}

function openNakedRows(message: Message, { reader, identities = {} }: Wishes, sheet: Sheet): void {
  if (reader === undefined) return;
  const { actor, keys } = reader;
  const organization = identities.destination;
  if (actor !== 'destination' && actor !== 'recipient') {
    sheet.note(`the ${actor} has no key slot in a naked message; destination and recipient have`, 'MSG-086');
    return;
  }
  if (organization === undefined) {
    sheet.note('not opened: the signet of the organization is needed (--party destination=FILE)', 'MSG-092');
    return;
  }
  const opened = openNaked(message, { actor, encryptionPrivate: keys.encryptionPrivate, organization });
  signatureRows(message, opened.verified, signaturesToCheck({ profile: message.profile, actor }), sheet);
  if (opened.common !== undefined) sheet.row('common headers', text(opened.common));
  if (opened.headers !== undefined) sheet.row('headers', text(opened.headers));
  segmentRows(opened.body(), sheet);
}

function signatureRows(
  message: Message,
  verified: SignatureReport,
  toCheck: readonly { readonly name: keyof SignatureReport; readonly signer: string }[],
  sheet: Sheet,
): void {
  const there = new Set<ChunkName>();
  for (const { definition } of message.chunks) there.add(definition.name);
  for (const { name, signer } of toCheck) {
    if (!there.has(name)) continue;
    const holds = verified[name];
    sheet.row(
      `signature: ${name}`,
      `by the ${signer}`,
      {},
      holds === undefined ? 'unchecked' : holds ? 'holds' : 'fails',
    );
    if (holds === undefined) {
      sheet.note(
        `the ${name} signature was not checked: the signet of the ${signer} is needed (--party ${signer}=FILE)`,
      );
    }
  }
}

function segmentRows(segments: Iterable<Segment>, sheet: Sheet): void {
  let octets = 0;
  for (const { kind, flags, data, last } of segments) {
    octets += data.length;
    if (octets > mostOpenedOctets) {
      sheet.note(`parts beyond ${mostOpenedOctets} octets were not opened`);
      return;
    }
    const names = flagsIn(flags);
    const said = `${count(data.length, 'octet')}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
    sheet.row(`part: ${kind}${last ? '' : ', to be continued'}`, `${said}: ${text(data)}`);
  }
}
