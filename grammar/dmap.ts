/**
 * DMAP commands and responses: the typed face of dmap.peggy, and the formatters that are its inverse. Whole texts come
 * from dmap-command-framing.ts and dmap-response-framing.ts, or as octets.
 */
import { readCommand } from './dmap-command-reader.js';
import { writeCommand } from './dmap-command-writer.js';
import type { Command, TaggedCommand } from './dmap-commands.js';
import { DmapValueError } from './dmap-error.js';
import { frameWhole } from './dmap-frame-whole.js';
import { type FramedText, LiteralOctets, PendingLiteral, wireOffset } from './dmap-framed.js';
import type { RawCommand, RawResponse } from './dmap-raw.js';
import { readResponse } from './dmap-response-reader.js';
import { type FetchAnswer, writeFetch, writeResponse } from './dmap-response-writer.js';
import type { Response } from './dmap-responses.js';
import { WireWriter } from './dmap-writer.js';
import { GrammarError, parseRule } from './parse.js';

export { extensionsUsed } from './dmap-command-reader.js';
export * from './dmap-commands.js';
export { DmapValueError } from './dmap-error.js';
export { FetchBatch } from './dmap-fetch-batch.js';
export type { FramedText } from './dmap-framed.js';
export type { FetchAnswer } from './dmap-response-writer.js';
export * from './dmap-responses.js';
export * from './dmap-values.js';
export type { StreamedOctets } from './dmap-writer.js';

/** How deep a text may nest: parentheses, and the words NOT and OR. More would exhaust the parser's stack. */
export const deepestNesting = 1_500;

/**
 * The last commands without literals, by their text behind the tag: clients say the same over and over, and parsing costs
 * more than all else that a short command needs. At most 256 KiB of text.
 */
const recent = new Map<string, Command>();
const mostRecent = 512;
const longestRecent = 512;

/**
 * Reads one whole command. Offsets in errors are in characters of the text, or in octets when octets were given.
 *
 * @throws GrammarError when it is wrong syntax; a server says BAD
 * @throws DmapValueError when a part has a value that cannot be; its `answer` says what a server says
 */
export function parseCommand(input: FramedText | Uint8Array): TaggedCommand {
  if (input instanceof Uint8Array) return fromOctets(input, 'Command', parseCommand);
  const tag = input.literals.length === 0 ? tagOf(input.text) : null;
  const rest = tag === null ? '' : input.text.slice(tag.length + 1);
  const known = recent.get(rest);
  if (tag !== null && known !== undefined) return { tag, command: known };
  const read = readWhole(input);
  // What AUTHENTICATE carries may be a secret, which is not kept.
  if (tag !== null && rest.length <= longestRecent && read.command.name !== 'AUTHENTICATE')
    remember(rest, read.command);
  return read;
}

/** What is known of a command whose last literal is still to come. */
export interface Opening {
  readonly tag: string;
  /** The whole command, when nothing has to follow the literal and its octets are not needed to read it (APPEND). */
  readonly command: Command | null;
}

/**
 * Reads a command up to the header of a literal, so that it can be refused before the octets are asked for (section 6.7,
 * step 2).
 *
 * @throws GrammarError when no octets could make it right
 * @throws DmapValueError
 */
export function parseOpening(opening: FramedText): Opening {
  try {
    return readWhole({ ...opening, text: `${opening.text}\r\n` });
  } catch (error) {
    if (error instanceof PendingLiteral) return { tag: tagOf(opening.text) ?? '', command: null };
    if (!(error instanceof GrammarError)) throw error;
  }
  try {
    parseRule('dmap', 'Command', opening.text);
  } catch (error) {
    // What failed for want of more may still become right.
    if (!(error instanceof GrammarError) || error.found !== null) throw error;
    return { tag: tagOf(opening.text) ?? '', command: null };
  }
  throw new Error('a text that ends in the header of a literal is no whole command');
}

/** The tag of a line, whatever follows it; null when it has none. */
export function tagOf(text: string): string | null {
  return /^([!#$&',-[\]-z|}~]+) /.exec(text)?.[1] ?? null;
}

/** The word behind the tag in upper case, `FETCH` of `a UID FETCH 1 UID` too; null when there is none. */
export function commandWordOf(text: string): string | null {
  return /^[^ \r\n]+ (?:UID )?([!#$&'+-[^-z|}~]+)/i.exec(text)?.[1]?.toUpperCase() ?? null;
}

/**
 * Reads one whole response. What is well framed and fits nothing is `unknown`.
 *
 * @throws GrammarError when it is none of continuation, untagged and tagged
 * @throws DmapValueError when a number is out of range, a date is none, a name is no UTF-8
 */
export function parseResponse(input: FramedText | Uint8Array): Response {
  return readAs('Response', input);
}

/**
 * Reads the first response of a server.
 *
 * @throws GrammarError when it is no untagged OK, PREAUTH or BYE
 */
export function parseGreeting(input: FramedText | Uint8Array): Response & { kind: 'status' } {
  return readAs('Greeting', input) as Response & { kind: 'status' };
}

/**
 * Reads an answer to a challenge, with its line end; null when it gives the exchange up.
 *
 * @throws GrammarError when it is no base64
 */
export function parseSaslLine(line: string): Uint8Array | null {
  const text = parseRule('dmap', 'SaslLine', line) as string | null;
  return text === null ? null : new Uint8Array(Buffer.from(text, 'base64'));
}

/** Inverse of parseSaslLine. */
export function formatSaslLine(response: Uint8Array | null): string {
  return `${response === null ? '*' : Buffer.from(response).toString('base64')}\r\n`;
}

/**
 * Writes a command in its canonical form, literals and all. Inverse of parseCommand for every command that it gives.
 *
 * @throws RangeError when a part of it cannot be written; the message names it
 */
export function formatCommand(command: TaggedCommand): Uint8Array {
  const writer = new WireWriter('server');
  writeCommand(writer, command);
  return joined(writer);
}

/**
 * The same in the parts that a client sends: it waits for a continuation request between two. `nonSync`: once LITERAL+ was
 * seen it does not wait.
 *
 * @throws RangeError
 */
export function commandSegments(command: TaggedCommand, options: { readonly nonSync?: boolean } = {}): Uint8Array[] {
  const writer = new WireWriter(options.nonSync === true ? 'client-nonsync' : 'client');
  writeCommand(writer, command);
  return writer.segments().map((pieces) => concatenated(inMemory(pieces)));
}

/**
 * Writes a response in its canonical form. Inverse of parseResponse for every response that it gives, but those without
 * text: no producer sends them (DMAP-I-21).
 *
 * @throws RangeError when a part of it cannot be written; the message names it
 */
export function formatResponse(response: Response): Uint8Array {
  const writer = new WireWriter('server');
  writeResponse(writer, response);
  return joined(writer);
}

/**
 * Writes a FETCH response as pieces to be sent one after the other. Literals are not copied, and what a body streams is
 * taken when its turn comes.
 *
 * @throws RangeError at once, when a part of it cannot be written
 */
export function fetchPieces(number: number, items: readonly FetchAnswer[]): Iterable<Uint8Array> {
  const writer = new WireWriter('server');
  writeFetch(writer, number, items);
  return inMemory(writer.segments().flat());
}

function readWhole(framed: FramedText): TaggedCommand {
  checkNesting(framed.text, 'Command');
  const { tag, command } = parseRule('dmap', 'Command', framed.text) as { tag: string; command: RawCommand };
  return { tag, command: readCommand(command, new LiteralOctets(framed)) };
}

function readAs(rule: 'Response' | 'Greeting', input: FramedText | Uint8Array): Response {
  if (input instanceof Uint8Array) return fromOctets(input, rule, (framed) => readAs(rule, framed));
  checkNesting(input.text, rule);
  return readResponse(parseRule('dmap', rule, input.text) as RawResponse, input);
}

function fromOctets<Read>(octets: Uint8Array, rule: string, read: (framed: FramedText) => Read): Read {
  const framed = frameWhole(octets, rule);
  try {
    return read(framed);
  } catch (error) {
    if (error instanceof GrammarError) {
      throw new GrammarError('dmap', rule, wireOffset(framed, error.offset), error.expected, error.found);
    }
    if (error instanceof DmapValueError && error.offset !== null) throw error.movedTo(wireOffset(framed, error.offset));
    throw error;
  }
}

/**
 * Before the parser, which would run out of stack. In commands NOT and OR count wherever they stand, so that one of many
 * thousand octets may be refused for words that are none.
 */
function checkNesting(text: string, rule: string): void {
  if (text.length <= deepestNesting) return;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    // A line end closes what was not closed before it: behind a literal the text begins anew.
    if (character === '"' || (quoted && character === '\n')) quoted = !quoted;
    else if (quoted && character === '\\') at += 1;
    else if (quoted) continue;
    else if (character === ')') depth -= 1;
    else if (character === '(' || (rule === 'Command' && isPrefix(text, at))) depth += 1;
    if (depth <= deepestNesting) continue;
    const expected = [`at most ${deepestNesting} parentheses, NOT and OR inside each other`];
    throw new GrammarError('dmap', rule, at, expected, character);
  }
}

/** Whether NOT or OR begins at `at`. */
function isPrefix(text: string, at: number): boolean {
  return text.charAt(at - 1) === ' ' && /^(?:NOT|OR) /i.test(text.slice(at, at + 4));
}

function remember(rest: string, command: Command): void {
  if (recent.size >= mostRecent) {
    // A map keeps its keys in the order in which they came.
    for (const oldest of recent.keys()) {
      recent.delete(oldest);
      break;
    }
  }
  recent.set(rest, command);
}

function* inMemory(pieces: readonly (Uint8Array | Iterable<Uint8Array>)[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece;
    else yield* piece;
  }
}

function joined(writer: WireWriter): Uint8Array {
  return concatenated(inMemory(writer.segments().flat()));
}

function concatenated(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = [...pieces];
  const [only] = all;
  // A piece of a literal belongs to whoever gave it, but never stands alone.
  if (only !== undefined && all.length === 1) return new Uint8Array(only.buffer, only.byteOffset, only.length);
  return new Uint8Array(Buffer.concat(all));
}
