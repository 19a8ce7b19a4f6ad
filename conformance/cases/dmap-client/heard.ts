/** A command as it came from the client, and how the suite's server takes it from the wire. */
import { type Command, DmapValueError, type FramedText, parseCommand } from '../../../grammar/dmap.js';
import { GrammarError } from '../../../grammar/parse.js';
import type { DmapPeer } from '../../target/hostile-dmap-peer.js';

/** A literal whose header has come. */
export interface Offer {
  readonly tag: string;
  /** The command, in upper case; `UID FETCH` is `FETCH`. */
  readonly name: string;
  /** All of the command so far, its header too. */
  readonly text: string;
  readonly size: number;
  /** The client will not wait. */
  readonly nonSync: boolean;
  /** From 0. */
  readonly index: number;
}

/** Says what goes out at the header of a literal. False: the octets are not wanted, and the completion was said. */
export type OfferRule = (offer: Offer, peer: DmapPeer) => boolean | Promise<boolean>;

export interface Heard {
  /** What stands before the first space. */
  readonly tag: string;
  readonly name: string;
  /** As it came, literals and the last line end too; one character an octet. */
  readonly text: string;
  readonly framed: FramedText;
  /** Null when the grammar does not have it. */
  readonly command: Command | null;
  /** Why not. */
  readonly fault: string | null;
  /** The server would not have the literal that was to follow. */
  readonly refused: boolean;
}

const header = /(~?)\{([0-9]{1,10})(\+?)\}\r\n$/;
const mostLiterals = 200;

/** The next command; null when the connection is over. What comes of a command that is not whole is in `peer.unread`. */
export async function nextCommand(peer: DmapPeer, offer: OfferRule): Promise<Heard | null> {
  let text = '';
  let framed = '';
  const literals: Uint8Array[] = [];
  while (literals.length < mostLiterals) {
    const line = await peer.line();
    if (line === null) return null;
    text += line;
    framed += line;
    const found = header.exec(line);
    if (found === null) return heard(text, { text: framed, literals }, false);
    const size = Number(found[2]);
    const nonSync = found[3] === '+';
    const asked = { ...wordsOf(framed), text, size, nonSync, index: literals.length };
    if (!(await offer(asked, peer))) return heard(text, { text: framed, literals }, true);
    const octets = await peer.octets(size);
    if (octets === null) return null;
    literals.push(octets);
    text += Buffer.from(octets).toString('latin1');
  }
  return heard(text, { text: framed, literals }, false);
}

function heard(text: string, framed: FramedText, refused: boolean): Heard {
  const { command, fault } = refused ? { command: null, fault: null } : understood(framed);
  return { ...wordsOf(framed.text), text, framed, command, fault, refused };
}

function understood(framed: FramedText): Pick<Heard, 'command' | 'fault'> {
  try {
    return { command: parseCommand(framed).command, fault: null };
  } catch (error) {
    if (error instanceof GrammarError || error instanceof DmapValueError) {
      return { command: null, fault: error.message };
    }
    return { command: null, fault: String(error) };
  }
}

function wordsOf(text: string): Pick<Heard, 'tag' | 'name'> {
  const [tag = '', first = '', second = ''] = text.trimEnd().split(/ +/, 3);
  const name = first.toUpperCase();
  return { tag, name: name === 'UID' ? second.toUpperCase() : name };
}
