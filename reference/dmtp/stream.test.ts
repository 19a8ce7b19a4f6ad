/** The stream may be cut anywhere and may hold anything (sections 12.1 and 12.7 of the DMTP digest). */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressed, host, message, Talk } from './session.test-support.js';

const lines = fc.constantFrom(
  ...addressed,
  'MAIL FROM=<a.example> FINGERPRINT=[fp]',
  'DATA [hash]',
  'SGNT <alice@dime.example>',
  'HIST <alice@dime.example> [full-a1]',
  'VRFY <dime.example> [id-d1]',
  'HELP',
  'NOOP',
  'RSET',
  'STATS',
  'STARTTLS <dx.dime.example>',
  'nonsense',
  'x'.repeat(600),
  message(),
  message('a\nb\r\n'),
);
const ends = fc.constantFrom('\r\n', '\n', ' \t\r\n');
/** What a peer may send, right or wrong; each entry one line or one message with its line end. */
const sayings = fc.array(
  fc.tuple(lines, ends).map((parts) => parts.join('')),
  { maxLength: 12 },
);
const transports = fc.constantFrom('tls' as const, 'plain' as const);

describe('a session', () => {
  test('answers the same however the octets are cut', () => {
    fc.assert(
      fc.property(sayings, transports, fc.array(fc.nat(), { maxLength: 6 }), (said, transport, places) => {
        const text = said.join('');
        const cuts = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
        const whole = new Talk({ transport });
        const expected = whole.octets(text);
        const pieces = new Talk({ transport });
        const got = [0, ...cuts].map((start, index) => pieces.octets(text.slice(start, cuts[index] ?? text.length)));
        expect(got.join('')).toBe(expected);
        expect(pieces.session.awaiting).toBe(whole.session.awaiting);
        expect(pieces.closed).toBe(whole.closed);
      }),
    );
  });

  test('answers the same octet by octet', () => {
    const text = [...addressed, 'DATA', message('a\r\nb'), 'x'.repeat(513), 'x'.repeat(510), 'QUIT', 'NOOP'].join(
      '\r\n',
    );
    const single = new Talk();
    expect([...text].map((octet) => single.octets(octet)).join('')).toBe(new Talk().octets(text));
  });

  test('answers pipelined lines in order, as one by one', () => {
    fc.assert(
      fc.property(sayings, (said) => {
        const one = new Talk();
        expect(new Talk().octets(said.join(''))).toBe(said.map((text) => one.octets(text)).join(''));
      }),
    );
  });

  test('sends the replies to one piece of the stream in one piece', () => {
    const talk = new Talk();
    expect(talk.octets('NOOP\r\n'.repeat(50))).toBe('250 OK\r\n'.repeat(50));
    expect(talk.effects).toHaveLength(1);
  });

  test('does not keep what it was given', () => {
    const talk = new Talk();
    const octets = Buffer.from('MO');
    talk.session.receive(octets);
    octets.fill(0);
    expect(talk.octets('DE\r\n')).toBe('200 OK DMTPv1\r\n');
  });
});

describe('hostile input', () => {
  test('a line of 512 octets with its line end is read, one of 513 is not', () => {
    expect(new Talk().octets(`NOOP ${'x'.repeat(505)}\r\n`)).toBe('250 OK\r\n');
    expect(new Talk().octets(`NOOP ${'x'.repeat(506)}\r\n`)).toBe('500 LINE TOO LONG\r\n');
    expect(new Talk().octets(`NOOP ${'x'.repeat(506)}\n`)).toBe('250 OK\r\n');
    expect(new Talk().octets(`NOOP${' '.repeat(508)}\n`)).toBe('500 LINE TOO LONG\r\n');
  });

  test('a line that can only become too long is refused before its end comes', () => {
    const talk = new Talk();
    expect(talk.octets('x'.repeat(511))).toBe('');
    expect(talk.octets('x')).toBe('500 LINE TOO LONG\r\n');
    expect(talk.octets('\nNOOP\r\n')).toBe('250 OK\r\n');
  });

  test('an endless line is one violation, and costs no memory', () => {
    const talk = new Talk();
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 200; count++) talk.effects.push(...talk.session.receive(piece));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20 * 1024 * 1024);
    expect(talk.effects).toHaveLength(1);
    expect(talk.octets('\r\nNOOP\r\n')).toBe('250 OK\r\n');
  });

  test('too many long lines end the session as other violations do', () => {
    const talk = new Talk();
    expect(talk.octets(`${'x'.repeat(600)}\n`.repeat(5))).toBe(`${'500 LINE TOO LONG\r\n'.repeat(3)}221 BYE\r\n`);
    expect(talk.closed).toBe(true);
  });

  test('no octets make it throw, or answer with anything but whole reply lines of printable characters', () => {
    const words = fc.constantFrom(
      'EHLO ',
      'MAIL FROM:',
      'RCPT TO:',
      'SGNT ',
      'HELP ',
      'DATA ',
      'STATS ',
      '<a.b>',
      '[fp]',
      '\r\n',
      '\n',
      'SIZE=',
      '=',
    );
    const noise = fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets).toString('latin1'));
    fc.assert(
      fc.property(fc.array(fc.oneof(words, noise), { maxLength: 60 }), transports, (parts, transport) => {
        const talk = new Talk({ transport, limits: { messageOctets: 1000, violations: 1000 } });
        expect(talk.octets(parts.join(''))).toMatch(/^([1-5]\d\d[- ][ -~]*\r\n)*$/);
      }),
      { numRuns: 300 },
    );
  });

  test('a hundred thousand random octets leave it alive', () => {
    const talk = new Talk({ limits: { messageOctets: 1000, violations: 100_000 } });
    // The same octets in each run.
    const noise = createHash('shake256', { outputLength: 100_000 }).digest();
    for (let at = 0; at < noise.length; at += 777) talk.octets(noise.toString('latin1', at, at + 777));
    talk.octets('\n');
    expect(talk.say('MODE')).toBe('200 OK DMTPv1\r\n');
  });

  test('a text that would break the banner is refused before anything is sent', () => {
    expect(() => new Talk({ software: 'x\r\n220 y' })).toThrow(TypeError);
    expect(() => new Talk({ host: 'dx\n' })).toThrow('"dx\\n"');
  });

  test('secured() has to be asked for', () => {
    const talk = new Talk({ transport: 'plain' });
    expect(() => talk.secured()).toThrow('without a handshake');
    talk.say(`STARTTLS <${host}>`);
    talk.session.end();
    expect(talk.secured()).toBe('');
  });
});
