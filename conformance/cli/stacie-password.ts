/** Reads a password: from a terminal without showing it, else from standard input. */
import { Misuse } from './misuse.js';

/** Far more than any password: what is longer is a file by mistake. */
const mostOctets = 65_536;

/** Standard input, or something like it. */
export interface PasswordSource extends AsyncIterable<Buffer | string> {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/**
 * At a terminal asks on `screen` and shows nothing of what is typed. Elsewhere takes the first line without its line end
 * (LF or CRLF), or, with `whole`, all octets as they come.
 *
 * @returns octets that the caller zeroes; they are not decoded, so that a byte order mark or a wrong octet is kept
 * @throws Misuse when nothing comes, when too much comes, and when the person gives up with Control-C or Control-D
 */
export async function readPassword(
  source: PasswordSource,
  screen: { write(text: string): unknown },
  { whole }: { readonly whole: boolean },
): Promise<Uint8Array> {
  if (source.isTTY === true) return await ask(source, screen);
  const octets: number[] = [];
  for await (const chunk of source) {
    for (const octet of Buffer.from(chunk)) {
      if (octet === 0x0a && !whole) return line(octets);
      take(octets, octet);
    }
  }
  if (octets.length === 0) throw new Misuse('standard input has no password: give it as the first line');
  return whole ? wiped(octets) : line(octets);
}

/** Raw mode, since a terminal that is not told otherwise shows what is typed. */
async function ask(source: PasswordSource, screen: { write(text: string): unknown }): Promise<Uint8Array> {
  screen.write('Password: ');
  source.setRawMode?.(true);
  const octets: number[] = [];
  try {
    for await (const chunk of source) {
      for (const octet of Buffer.from(chunk)) {
        if (octet === 0x0d || octet === 0x0a) return wiped(octets);
        if (octet === 0x03 || octet === 0x04) throw new Misuse('no password was given');
        if (octet === 0x7f || octet === 0x08) dropCharacter(octets);
        else if (octet === 0x15) octets.length = 0;
        else take(octets, octet);
      }
    }
    throw new Misuse('the terminal closed before the password was complete');
  } finally {
    source.setRawMode?.(false);
    screen.write('\n');
  }
}

function take(octets: number[], octet: number): void {
  if (octets.length === mostOctets) throw new Misuse(`the password has more than ${mostOctets} octets`);
  octets.push(octet);
}

/** One character of UTF-8: its continuations and the octet that begins it. */
function dropCharacter(octets: number[]): void {
  while (octets.length > 0 && ((octets.pop() ?? 0) & 0xc0) === 0x80);
}

function line(octets: number[]): Uint8Array {
  if (octets.at(-1) === 0x0d) octets.pop();
  return wiped(octets);
}

/** The octets in an array that can be zeroed; the list is. */
function wiped(octets: number[]): Uint8Array {
  const copy = Uint8Array.from(octets);
  octets.fill(0);
  return copy;
}
