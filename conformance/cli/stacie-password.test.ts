import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readPassword } from './stacie-password.js';

/** A terminal on which `typed` is typed; remembers its mode and what it showed. */
function terminal(...typed: string[]) {
  const modes: boolean[] = [];
  const shown: string[] = [];
  const stream = PassThrough.from(typed.map((text) => Buffer.from(text)));
  const source = Object.assign(stream, { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  return { source, modes, shown, screen: { write: (text: string) => shown.push(text) } };
}

const asked = async (...typed: string[]): Promise<string> => {
  const { source, screen } = terminal(...typed);
  return Buffer.from(await readPassword(source, screen, { whole: false })).toString();
};

const piped = async (text: string | Buffer, whole = false): Promise<Buffer> =>
  Buffer.from(await readPassword(PassThrough.from([Buffer.from(text)]), { write: () => undefined }, { whole }));

describe('a password at a terminal', () => {
  it('shows the question and nothing that is typed, and leaves the terminal as it was', async () => {
    const { source, screen, modes, shown } = terminal('secr', 'et\r');
    expect(Buffer.from(await readPassword(source, screen, { whole: false })).toString()).toBe('secret');
    expect(shown.join('')).toBe('Password: \n');
    expect(modes).toEqual([true, false]);
  });

  it('takes backspace for a whole character, and Control-U for all', async () => {
    expect(await asked('pá\u007f\u007fab\r')).toBe('ab');
    expect(await asked('\u007fx\r')).toBe('x');
    expect(await asked('wrong\u0015right\n')).toBe('right');
  });

  it('gives up with Control-C and leaves the terminal as it was', async () => {
    const { source, screen, modes } = terminal('abc\u0003');
    await expect(readPassword(source, screen, { whole: false })).rejects.toThrow('no password was given');
    expect(modes).toEqual([true, false]);
  });
});

describe('a password from standard input', () => {
  it('is the first line without its end', async () => {
    expect((await piped('one\ntwo\n')).toString()).toBe('one');
    expect((await piped('one\r\ntwo')).toString()).toBe('one');
    expect((await piped(' one ')).toString()).toBe(' one ');
  });

  it('is all of it when asked, octet by octet', async () => {
    expect((await piped('one\r\ntwo\n', true)).toString()).toBe('one\r\ntwo\n');
    const octets = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00]);
    expect(await piped(octets, true)).toEqual(octets);
  });

  it('is refused when there is none, or far too much', async () => {
    await expect(piped('')).rejects.toThrow('standard input has no password');
    await expect(piped('x'.repeat(70_000))).rejects.toThrow('more than 65536 octets');
  });
});
