import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandEvent, CommandFramer, type CommandFramingLimits } from './dmap-command-framing.js';
import { type FramedText, wireOctets } from './dmap-framed.js';
import { dmapTexts } from './dmap-leaves.js';
import { ResponseFramer, type ResponseFramingLimits } from './dmap-response-framing.js';

const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const limits: CommandFramingLimits = { text: 100, literals: 3, kept: 50, saslLine: 20, skipped: 1_000 };
const framerOf = (text: string, changed: Partial<CommandFramingLimits> = {}): CommandFramer => {
  const framer = new CommandFramer({ ...limits, ...changed });
  framer.push(octets(text));
  return framer;
};
/** A name for an event, and what it carries as text. */
const told = (event: CommandEvent | null): string => {
  if (event === null) return 'more';
  if (event.kind === 'command') return `command ${Buffer.from(wireOctets(event.framed)).toString('latin1')}`;
  if (event.kind === 'bad') return `${event.reason} ${event.text}`;
  return event.kind === 'literal' ? `literal ${event.size} ${event.fault}` : event.kind;
};

describe('commands', () => {
  it('come one after the other, whatever comes at once', () => {
    const framer = framerOf('a NOOP\r\nb CLOSE\r\nc LO');
    expect([1, 2, 3].map(() => told(framer.nextCommand()))).toEqual([
      'command a NOOP\r\n',
      'command b CLOSE\r\n',
      'more',
    ]);
    expect(framer.begun).toBe(true);
    framer.push(octets('GOUT\r\n'));
    expect(told(framer.nextCommand())).toBe('command c LOGOUT\r\n');
    expect(framer.begun).toBe(false);
  });

  it('stop at each literal until the session has decided', () => {
    const framer = framerOf('a RENAME {3}\r\n');
    expect(framer.nextCommand()).toEqual({
      kind: 'literal',
      opening: { text: 'a RENAME {3}\r\n', literals: [null] },
      size: 3,
      binary: false,
      nonSync: false,
      fault: null,
    });
    expect(() => framer.nextCommand()).toThrow(/neither accepted nor refused/);
    framer.acceptLiteral();
    framer.push(octets('old ~{0}\r\n'));
    expect(framer.nextCommand()).toMatchObject({
      opening: { text: 'a RENAME {3}\r\n ~{0}\r\n', literals: [octets('old'), null] },
      size: 0,
      binary: true,
    });
    framer.acceptLiteral();
    framer.push(octets('\r\n'));
    expect(told(framer.nextCommand())).toBe('command a RENAME {3}\r\nold ~{0}\r\n\r\n');
  });

  it('have literal headers outside quoted strings only', () => {
    for (const line of ['a "x {3}"\r\n', 'a "x {3}\r\n', 'a "\\"{3}\r\n', 'a {3} \r\n', 'a {}\r\n', 'a {3\r\n']) {
      expect(told(framerOf(line).nextCommand())).toBe(`command ${line}`);
    }
    for (const line of ['a {3}\r\n', 'a "x" {3}\r\n', 'a "\\"" {3}\r\n', 'a{3}\r\n']) {
      expect(told(framerOf(line).nextCommand())).toBe('literal 3 null');
    }
  });

  it('hand large literals on as they come, without keeping or copying them', () => {
    const framer = framerOf('a APPEND x ~{1000}\r\n');
    expect(told(framer.nextCommand())).toBe('literal 1000 too-large');
    const pieces: Uint8Array[] = [];
    framer.acceptLiteral((piece) => pieces.push(piece));
    const [first, second] = [new Uint8Array(600).fill(1), new Uint8Array(400).fill(2)];
    framer.push(first);
    expect(framer.nextCommand()).toBeNull();
    framer.push(second);
    framer.push(octets('\r\nb NOOP\r\n'));
    expect(framer.nextCommand()).toEqual({
      kind: 'command',
      framed: { text: 'a APPEND x ~{1000}\r\n\r\n', literals: [null] },
    });
    expect(pieces.map(({ buffer, length }) => [buffer, length])).toEqual([
      [first.buffer, 600],
      [second.buffer, 400],
    ]);
    expect(told(framer.nextCommand())).toBe('command b NOOP\r\n');
  });

  it.each([
    ['a {51}\r\n', 'too-large'],
    ['a {4294967296}\r\n', 'range'],
    [`a {${'9'.repeat(80)}}\r\n`, 'range'],
  ])('%j cannot be kept: %s', (line, fault) => {
    const framer = framerOf(line);
    expect(framer.nextCommand()).toMatchObject({ fault });
    expect(() => framer.acceptLiteral()).toThrow(RangeError);
  });

  it('may not have too many literals, nor too much in all of them', () => {
    const framer = framerOf('');
    const offer = (line: string): string => {
      framer.push(octets(line));
      return told(framer.nextCommand());
    };
    expect(offer('a {40}\r\n')).toBe('literal 40 null');
    framer.acceptLiteral();
    expect(offer(`${'x'.repeat(40)} {11}\r\n`)).toBe('literal 11 too-large');
    framer.refuseLiteral();
    expect(offer('b {1}\r\n')).toBe('literal 1 null');
    for (const fault of [null, null, 'too-many']) {
      framer.acceptLiteral();
      expect(offer('x {1}\r\n')).toBe(`literal 1 ${fault}`);
    }
    expect(() => framer.acceptLiteral(() => undefined)).toThrow(RangeError);
  });

  it('are dropped at a literal that is refused; what was not asked for is read over', () => {
    const framer = framerOf('a APPEND x {5}\r\nb NOOP\r\n');
    expect(told(framer.nextCommand())).toBe('literal 5 null');
    framer.refuseLiteral();
    expect(told(framer.nextCommand())).toBe('command b NOOP\r\n');

    const eager = framerOf('a APPEND x {5+}\r\nab\r\nc y {2+}\r\n\r\n z {9}\r\nb NOOP\r\n');
    expect(eager.nextCommand()).toMatchObject({ nonSync: true, size: 5 });
    eager.refuseLiteral();
    expect(told(eager.nextCommand())).toBe('command b NOOP\r\n');
  });

  it.each([
    ['a NO\nOP\r\n', 'bare-lf a NO\n'],
    ['a NO\rOP\r\n', 'bare-cr a NO\rOP\r\n'],
    ['a NOOP\r\r\n', 'bare-cr a NOOP\r\r\n'],
    ['a \0\r\n', 'nul a \0\r\n'],
    [`a ${'x'.repeat(97)}\r\n`, `too-long a ${'x'.repeat(97)}\r\n`],
    [`a ${'x'.repeat(98)}\r\n`, `too-long a ${'x'.repeat(98)}\r`],
    [`a ${'x'.repeat(500)}{3+}\r\n\r\n\0 \n\r\n`, `too-long a ${'x'.repeat(99)}`],
  ])('%j are bad once, and the next one is read', (line, bad) => {
    const framer = framerOf(`${line}b NOOP\r\n`);
    expect(told(framer.nextCommand())).toBe(bad);
    expect(told(framer.nextCommand())).toBe('command b NOOP\r\n');
  });

  it('with just as many octets as allowed are taken, counted over all their lines', () => {
    expect(told(framerOf(`a ${'x'.repeat(96)}\r\n`).nextCommand())).toMatch(/^command/);
    const framer = framerOf(`a {1}\r\n`);
    framer.nextCommand();
    framer.acceptLiteral();
    framer.push(octets(`x${'y'.repeat(100 - 'a {1}\r\n\r\n'.length)}\r\n`));
    expect(told(framer.nextCommand())).toMatch(/^command/);
  });

  it('that never end are given up, at little cost', () => {
    for (const line of ['x'.repeat(2_000), 'a\nb {900+}\r\n', `a\n{${'9'.repeat(20)}+}\r\n`]) {
      const framer = framerOf(line, { skipped: 500 });
      expect(framer.nextCommand()).toMatchObject({ kind: 'bad' });
      expect(framer.nextCommand()).toEqual({ kind: 'endless' });
      framer.push(octets('b NOOP\r\n'));
      expect([framer.nextCommand(), framer.waiting]).toEqual([null, expect.any(Number)]);
    }
  });

  it('give way to SASL lines when the session asks for one', () => {
    const framer = framerOf('a AUTHENTICATE STACIE\r\ne30=\r\n*\r\nb\nc\r\nd NOOP\r\n');
    expect(told(framer.nextCommand())).toBe('command a AUTHENTICATE STACIE\r\n');
    expect(framer.nextSaslLine()).toEqual({ kind: 'line', line: 'e30=\r\n' });
    expect(framer.nextSaslLine()).toEqual({ kind: 'line', line: '*\r\n' });
    expect(framer.nextSaslLine()).toMatchObject({ kind: 'bad', reason: 'bare-lf' });
    expect(told(framer.nextCommand())).toBe('command d NOOP\r\n');
    framer.push(octets(`${'A'.repeat(40)}\r\n`));
    expect(framer.nextSaslLine()).toMatchObject({ kind: 'bad', reason: 'too-long' });
  });
});

describe('responses', () => {
  const most: ResponseFramingLimits = { text: 100, literals: 2, kept: 50 };
  const next = (text: string) => {
    const framer = new ResponseFramer(most);
    framer.push(octets(text));
    return framer.next();
  };

  it('have their literals at once, and never in status lines, tagged lines and continuation requests', () => {
    expect(next('* 1 FETCH (BODY[] {4}\r\n(\r\n) UID 3)\r\n')).toEqual({
      kind: 'response',
      framed: { text: '* 1 FETCH (BODY[] {4}\r\n UID 3)\r\n', literals: [octets('(\r\n)')] },
    });
    for (const text of ['* OK {4}\r\n', '* bye {4}\r\n', 'a NO {4}\r\n', '+ {4}\r\n', '* KEY {4+}\r\n']) {
      expect(next(text)).toEqual({ kind: 'response', framed: { text, literals: [] } });
    }
  });

  it.each([
    ['* A {51}\r\n', 'literal-too-large'],
    ['* A {1}\r\nx{1}\r\nx{1}\r\nx\r\n', 'too-many-literals'],
    [`* A ${'x'.repeat(100)}`, 'too-long'],
    ['* A\n', 'bare-lf'],
    ['* A\0', 'nul'],
  ])('%j end the reading: %s', (text, reason) => {
    expect(next(text)).toMatchObject({ kind: 'bad', reason });
    expect(next('* OK x')).toBeNull();
  });
});

describe('any cut of the stream', () => {
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 40 });
  function* cut(all: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
    let from = 0;
    for (const size of sizes) {
      yield all.subarray(from, from + size);
      from += size;
    }
    yield all.subarray(from);
  }
  const most = { text: 100_000, literals: 1_000, kept: 100_000 };

  it('gives the same commands', () => {
    fc.assert(
      fc.property(fc.array(dmapTexts('Command'), { minLength: 1, maxLength: 3 }), cuts, (texts, sizes) => {
        const framer = new CommandFramer({ ...most, saslLine: 0, skipped: 0 });
        const found: FramedText[] = [];
        for (const piece of cut(Buffer.concat(texts.map(wireOctets)), sizes)) {
          framer.push(piece);
          for (let event = framer.nextCommand(); event !== null; event = framer.nextCommand()) {
            if (event.kind === 'literal') framer.acceptLiteral();
            else if (event.kind === 'command') found.push(event.framed);
            else expect.fail(told(event));
          }
        }
        expect(found).toEqual(texts);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same responses', () => {
    fc.assert(
      fc.property(fc.array(dmapTexts('Response'), { minLength: 1, maxLength: 3 }), cuts, (texts, sizes) => {
        const framer = new ResponseFramer(most);
        const found: FramedText[] = [];
        for (const piece of cut(Buffer.concat(texts.map(wireOctets)), sizes)) {
          framer.push(piece);
          for (let event = framer.next(); event !== null; event = framer.next()) {
            if (event.kind === 'response') found.push(event.framed);
            else expect.fail(event.reason);
          }
        }
        expect(found).toEqual(texts);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same answers to any octets, one at a time or all at once', () => {
    const words = fc.constantFrom('a NOOP', '\r', '\n', '\r\n', '\0', '{3}\r\n', '{2+}\r\n', '"', '\\', 'x'.repeat(30));
    const events = (pieces: Iterable<Uint8Array>): string[] => {
      const framer = new CommandFramer({ ...limits, text: 60, skipped: 80 });
      const found: string[] = [];
      for (const piece of pieces) {
        framer.push(piece);
        for (let event = framer.nextCommand(); event !== null; event = framer.nextCommand()) {
          // What was read of a bad line hangs on how much of it had come.
          found.push(event.kind === 'bad' ? 'bad' : told(event));
          if (event.kind === 'literal' && event.nonSync) framer.refuseLiteral();
          else if (event.kind === 'literal') framer.acceptLiteral(() => undefined);
        }
      }
      return found;
    };
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const all = octets(parts.join(''));
        expect(events([...all].map((octet) => Uint8Array.of(octet)))).toEqual(events([all]));
      }),
      { numRuns: 200 },
    );
  });
});
