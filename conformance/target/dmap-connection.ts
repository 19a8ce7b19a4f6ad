/**
 * The suite's own DMAP client: reads leniently, so that one defect of a peer shows in the case about it and no other. What
 * a response says is read with the grammar; how it was written stays with it.
 */

import type { FramedText } from '../../grammar/dmap.js';
import { parseResponse, type Response, type ResponseCode, type UntaggedResponse } from '../../grammar/dmap.js';
import { PeerFlood } from '../runner/outcome.js';
import { PeerConnection, type Wait, type Wire } from './peer-connection.js';

/** Larger than any response of a right server to what the suite asks for. */
const longestResponse = 64 * 1024 * 1024;
/** Responses to one command. */
const mostResponses = 100_000;

/** One response as it came. */
export interface DmapAnswer {
  /** Everything with its line end, one character an octet. */
  readonly raw: string;
  /** `raw` without the octets of its literals: their headers stay. */
  readonly text: string;
  readonly literals: readonly Uint8Array[];
  /** What it says; null when the grammar cannot read it, and `malformed` says why. */
  readonly response: Response | null;
  readonly malformed: string | null;
}

/** What one command brought. */
export interface DmapResult {
  readonly tag: string;
  /** Untagged and continuation responses before the completion, in their order. */
  readonly data: readonly DmapAnswer[];
  readonly completion: DmapAnswer;
  /** Null when it is none of these. */
  readonly status: 'OK' | 'NO' | 'BAD' | null;
  readonly code: ResponseCode | null;
  /** The completion came in the place of a continuation request: a literal was not sent. */
  readonly refusedEarly: boolean;
  /** Everything as it came. */
  readonly raw: string;
}

/** A piece of a command: text, one character an octet, or a literal with its header. */
export type CommandPiece =
  | string
  | {
      readonly literal: Uint8Array | string;
      /** A literal8, `~{n}`. */
      readonly binary?: boolean;
      /** `{n+}`: not waited for. */
      readonly nonSync?: boolean;
    };

export class DmapConnection extends PeerConnection {
  #tags = 0;

  constructor(wire: Wire) {
    super(wire, longestResponse);
  }

  /** A tag that was not used on this connection. */
  nextTag(): string {
    this.#tags += 1;
    return `s${this.#tags}`;
  }

  /**
   * Reads the next response, whatever it is.
   *
   * @throws PeerSilent, PeerGone, PeerFlood
   */
  async response(withinMs?: number): Promise<DmapAnswer> {
    return await this.#response(this.waiting(withinMs));
  }

  /** Reads up to the tagged response that completes `tag`; completions of other commands stand among the data. */
  async result(tag: string, withinMs?: number): Promise<DmapResult> {
    return await this.#result(tag, this.waiting(withinMs), []);
  }

  /** As result, when one of the responses was read already. */
  async completedBy(tag: string, first: DmapAnswer): Promise<DmapResult> {
    if (completes(first, tag)) return resultOf(tag, [], first, false);
    return await this.#result(tag, this.waiting(), [first]);
  }

  /**
   * Sends one command under a tag of its own and reads its result; literals that are not `nonSync` wait for their
   * continuation request.
   *
   * @throws PeerSilent, PeerGone, PeerFlood
   */
  async command(...pieces: readonly CommandPiece[]): Promise<DmapResult> {
    return await this.commandWith(this.nextTag(), ...pieces);
  }

  /** As command, under a given tag. */
  async commandWith(tag: string, ...pieces: readonly CommandPiece[]): Promise<DmapResult> {
    const before: DmapAnswer[] = [];
    let text = `${tag} `;
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      const octets = typeof piece.literal === 'string' ? Buffer.from(piece.literal, 'utf8') : piece.literal;
      text += `${piece.binary === true ? '~' : ''}{${octets.length}${piece.nonSync === true ? '+' : ''}}\r\n`;
      if (piece.nonSync !== true) {
        await this.send(text);
        text = '';
        const refusal = await this.#continuation(tag, before);
        if (refusal !== null) return resultOf(tag, before, refusal, true);
        await this.send(octets);
      } else {
        text += Buffer.from(octets).toString('latin1');
      }
    }
    await this.send(`${text}\r\n`);
    return await this.#result(tag, this.waiting(), before);
  }

  /** Waits for "+"; gives the completion instead when the server refuses the command. */
  async #continuation(tag: string, before: DmapAnswer[]): Promise<DmapAnswer | null> {
    const wait = this.waiting();
    for (;;) {
      const answer = await this.#response(wait);
      if (completes(answer, tag)) return answer;
      if (answer.raw.startsWith('+')) return null;
      before.push(answer);
    }
  }

  async #result(tag: string, wait: Wait, data: DmapAnswer[]): Promise<DmapResult> {
    for (;;) {
      const answer = await this.#response(wait);
      if (completes(answer, tag)) return resultOf(tag, data, answer, false);
      data.push(answer);
      if (data.length > mostResponses) throw new PeerFlood(mostResponses);
    }
  }

  async #response(wait: Wait): Promise<DmapAnswer> {
    let raw = '';
    let text = '';
    const literals: Uint8Array[] = [];
    for (;;) {
      const line = await this.takeLine(wait, raw);
      raw += line;
      text += line;
      const size = mayHoldLiterals(text) ? literalAtEnd(line) : null;
      if (size === null) break;
      const octets = await this.takeOctets(size, wait, raw);
      raw += octets;
      literals.push(Buffer.from(octets, 'latin1'));
      if (raw.length > longestResponse) throw new PeerFlood(longestResponse);
    }
    return { raw, text, literals, ...read({ text, literals }) };
  }
}

/** The untagged responses of one kind, in their order. */
export function untagged<Kind extends UntaggedResponse['kind']>(
  result: Pick<DmapResult, 'data'>,
  kind: Kind,
): Extract<UntaggedResponse, { kind: Kind }>[] {
  const isOfKind = (response: Response | null): response is Extract<UntaggedResponse, { kind: Kind }> =>
    response?.kind === kind;
  return result.data.map(({ response }) => response).filter(isOfKind);
}

function read(framed: FramedText): Pick<DmapAnswer, 'response' | 'malformed'> {
  try {
    const response = parseResponse(framed);
    const malformed = response.kind === 'unknown' ? response.malformed : null;
    return { response, malformed: malformed === null ? null : `a wrong ${malformed}` };
  } catch (error) {
    return { response: null, malformed: error instanceof Error ? error.message : String(error) };
  }
}

/** Leniently: a completion that is written wrongly ends the command all the same, and the case says what is wrong. */
function completes(answer: DmapAnswer, tag: string): boolean {
  return answer.text.startsWith(`${tag} `) || /^[^ ]*/.exec(answer.text.trimEnd())?.[0] === tag;
}

function resultOf(tag: string, data: readonly DmapAnswer[], completion: DmapAnswer, refusedEarly: boolean): DmapResult {
  const { response } = completion;
  const raw = [...data, completion].map((answer) => answer.raw).join('');
  const status = response?.kind === 'tagged' ? response.status : null;
  return { tag, data, completion, status, code: response?.kind === 'tagged' ? response.code : null, refusedEarly, raw };
}

/** Braces in status responses, tagged responses and continuation requests are text (section 6.7 of the DMAP digest). */
function mayHoldLiterals(text: string): boolean {
  return text.startsWith('* ') && !/^\* (?:OK|NO|BAD|PREAUTH|BYE)[ \r\n]/i.test(text);
}

function literalAtEnd(line: string): number | null {
  const match = /~?\{(\d{1,10})\}\r?\n$/.exec(line);
  return match === null ? null : Number(match[1]);
}
