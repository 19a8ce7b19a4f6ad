/** A command or response with the octets of its literals taken out, as framing gives it and the grammar reads it. */

export interface FramedText {
  /** One character an octet, with the line end. Of each literal the header stays, `{5}` or `~{5}` with its CRLF. */
  readonly text: string;
  /** One for each header, in order. Null when the octets are still to come, or went to a sink. */
  readonly literals: readonly (Uint8Array | null)[];
}

/** What the grammar gives of a literal. */
export interface RawLiteral {
  /** Of the header, in `text`. */
  readonly offset: number;
  readonly size: { readonly digits: string; readonly offset: number };
  readonly binary: boolean;
  readonly nonSync: boolean;
}

/** A value hangs on octets that are still to come. */
export class PendingLiteral extends Error {
  override readonly name = 'PendingLiteral';
}

const headers = /~?\{([0-9]+)\+?\}\r\n/g;

/** Finds the octets of a literal by the place of its header. */
export class LiteralOctets {
  readonly #byOffset = new Map<number, Uint8Array | null>();

  /** @throws RangeError when there are not as many headers as literals */
  constructor({ text, literals }: FramedText) {
    if (literals.length === 0) return;
    const found = [...text.matchAll(headers)];
    if (found.length < literals.length) {
      throw new RangeError(`framed text: ${found.length} literal headers, but the octets of ${literals.length}`);
    }
    for (const [index, octets] of literals.entries()) this.#byOffset.set(found[index]?.index ?? 0, octets);
  }

  /** @throws PendingLiteral */
  of(literal: RawLiteral): Uint8Array {
    const octets = this.#byOffset.get(literal.offset);
    if (octets === undefined || octets === null) throw new PendingLiteral(`the literal at offset ${literal.offset}`);
    return octets;
  }

  /** Null instead of PendingLiteral. */
  ifThere(literal: RawLiteral): Uint8Array | null {
    return this.#byOffset.get(literal.offset) ?? null;
  }
}

/** Turns a place in `text` into one among the octets that travelled, literals and all. */
export function wireOffset({ text, literals }: FramedText, offset: number): number {
  let moved = offset;
  let index = 0;
  for (const { 0: header, 1: size, index: at } of text.matchAll(headers)) {
    if (index >= literals.length || at + header.length > offset) break;
    moved += literals[index]?.length ?? Number(size);
    index += 1;
  }
  return moved;
}

/** Inverse of framing, for texts of moderate size. Literals that went elsewhere leave nothing. */
export function wireOctets({ text, literals }: FramedText): Uint8Array {
  const pieces: Uint8Array[] = [];
  let from = 0;
  let index = 0;
  for (const { 0: header, index: at } of text.matchAll(headers)) {
    if (index >= literals.length) break;
    const end = at + header.length;
    pieces.push(Buffer.from(text.slice(from, end), 'latin1'), literals[index] ?? new Uint8Array(0));
    from = end;
    index += 1;
  }
  pieces.push(Buffer.from(text.slice(from), 'latin1'));
  return new Uint8Array(Buffer.concat(pieces));
}
