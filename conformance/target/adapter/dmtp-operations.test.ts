import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dmtpOperations } from './dmtp-operations.js';
import { shapeError } from './schemas.js';
import { OperationRefusal } from './serve.js';

const { 'dmtp.command.parse': parse, 'dmtp.command.format': format, 'dmtp.reply.parse': parseReply } = dmtpOperations;

interface Vector {
  readonly tcId: number;
  readonly operation: 'parse' | 'format';
  readonly input: string | { readonly command: string; readonly arguments: readonly (string | null)[] };
  readonly expected: {
    readonly result: 'ok' | 'error';
    readonly command?: string;
    readonly arguments?: readonly { readonly name: string; readonly value: string }[];
    readonly formatted?: string;
  };
}

const vectors = (
  JSON.parse(readFileSync(new URL('../../../fixtures/dmtp-commands-libdime.json', import.meta.url), 'utf8')) as {
    cases: Vector[];
  }
).cases;

describe('dmtp.command.parse in the named dialect, against what libdime did', () => {
  const parsed = vectors.filter(({ operation }) => operation === 'parse');

  it.each(parsed.filter(({ expected }) => expected.result === 'ok'))('$tcId is read: $input', ({ input, expected }) => {
    const result = parse({ dialect: 'named', line: input });
    // Nameless arguments of NOOP are one text here; the others have their names in lower case.
    const named = (expected.arguments ?? []).map(({ name, value }) => [name.toLowerCase(), value]);
    const values = expected.command === 'NOOP' ? noopText(named) : Object.fromEntries(named);
    expect(result).toEqual({ verb: expected.command, arguments: values });
    expect(shapeError('dmtp.command.parse.result', result)).toBeNull();
  });

  it.each(parsed.filter(({ expected }) => expected.result === 'error'))('$tcId is refused: $input', ({ input }) => {
    expect(refusalOf(() => parse({ dialect: 'named', line: input }))).toBeInstanceOf(OperationRefusal);
  });
});

describe('dmtp.command.parse', () => {
  it('names the requirement of section 11 of the DMTP digest that a named line breaks', () => {
    const broken: readonly (readonly [string, string | undefined])[] = [
      ['MAIL FROM=a FINGERPRINT=[f]\n', 'DMTP-035'],
      ['MAIL FROM=<a FINGERPRINT=[f]\n', 'DMTP-035'],
      ['MAIL FROM=<a>FINGERPRINT=[f]\n', 'DMTP-035'],
      ['NOOP one\n', 'DMTP-035'],
      ['mail FROM=<a> FINGERPRINT=[f]\n', 'DMTP-036'],
      ['MAIL from=<a> FINGERPRINT=[f]\n', 'DMTP-036'],
      ['MAIL FINGERPRINT=[f] FROM=<a>\n', 'DMTP-037'],
      ['HIST USER=<a> STOP=[f] START=[f]\n', 'DMTP-037'],
      ['MAIL FROM=<a> FINGERPRINT=[f] EXTRA\n', 'DMTP-039'],
      ['MAIL FROM=<a> FINGERPRINT=[f] SIZE=12\n', 'DMTP-039'],
      ['RCPT TO=<a> TO=<a> FINGERPRINT=[f]\n', 'DMTP-039'],
      ['QUIT now\n', 'DMTP-039'],
      ['NOOP =1 =2 =3 =4\n', 'DMTP-039'],
      ['SGNT USER=<a> DOMAIN=<b>\n', 'DMTP-040'],
      ['SGNT\n', 'DMTP-040'],
      ['VRFY FINGERPRINT=[f]\n', 'DMTP-040'],
      ['MAIL FROM=<a>\n', 'DMTP-041'],
      ['RCPT TO=<a>\n', 'DMTP-041'],
      ['VRFY DOMAIN=<a>\n', 'DMTP-041'],
      ['HIST START=[f]\n', 'DMTP-042'],
      ['STARTTLS MODE=DMTPv1\n', 'DMTP-043'],
      ['EHLO\n', 'DMTP-043'],
      ['QUIT\n\n', 'DMTP-044'],
      ['QUIT\r\nRSET\r\n', 'DMTP-044'],
      [`EHLO HOST=<${'a'.repeat(500)}>\n`, 'DMTP-013'],
      ['XYZW\n', undefined],
      ['QUIT', undefined],
    ];
    const refusals = broken.map(([line]) => [line, refusalOf(() => parse({ dialect: 'named', line })).requirement]);
    expect(refusals).toEqual(broken);
  });

  it('reads the positional dialect', () => {
    const line = 'MAIL FROM: <a.example> [fingerprint] SIZE=1024 RETURN=DISPLAY\r\n';
    expect(parse({ dialect: 'positional', line })).toEqual({
      verb: 'MAIL',
      arguments: { from: 'a.example', fingerprint: 'fingerprint', size: 1024, return: 'DISPLAY' },
    });
  });

  it('reads one dialect only, and says where the other did not fit', () => {
    const refusal = refusalOf(() => parse({ dialect: 'positional', line: 'EHLO HOST=<a.example>\r\n' }));
    expect(refusal).toMatchObject({ offset: 5, message: expect.stringContaining('expected "<"') });
    expect(refusal.requirement).toBeUndefined();
  });

  it('passes octets above 127 unchanged: as text where they are UTF-8, else as octets', () => {
    expect(parse({ dialect: 'named', line: 'SGNT USER=<jürgen@a.example>\n' })).toMatchObject({
      arguments: { user: 'jürgen@a.example' },
    });
    const octets = Buffer.from('SGNT USER=<j\u00fcrgen@a.example>\n', 'latin1');
    expect(parse({ dialect: 'named', lineOctets: octets.toString('base64url') })).toMatchObject({
      arguments: { userOctets: Buffer.from('j\u00fcrgen@a.example', 'latin1').toString('base64url') },
    });
  });

  it('answers every line with a command or a refusal', () => {
    const lines = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc
        .array(
          fc.constantFrom(
            ' ',
            'SGNT',
            'NOOP',
            'HIST',
            'USER',
            'START',
            'DOMAIN=',
            '<a@b>',
            '[f]',
            '=',
            '<',
            '\r',
            '\n',
          ),
        )
        .map((words) => Buffer.from(words.join(''))),
    );
    fc.assert(
      fc.property(lines, fc.constantFrom('named', 'positional'), (line, dialect) => {
        try {
          const result = parse({ dialect, lineOctets: Buffer.from(line).toString('base64url') });
          expect(shapeError('dmtp.command.parse.result', result)).toBeNull();
          // What was read can be written, and reads the same again.
          expect(parse({ dialect, ...format({ dialect, ...result }) })).toEqual(result);
        } catch (error) {
          expect(error).toBeInstanceOf(OperationRefusal);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('dmtp.command.format in the named dialect, against what libdime did', () => {
  /** Names of the positions that the vectors use. */
  const positions: Readonly<Record<string, readonly string[]>> = {
    STARTTLS: ['host', 'mode'],
    MAIL: ['from', 'fingerprint'],
    SGNT: ['user', 'domain', 'fingerprint'],
    QUIT: ['text'],
  };

  it.each(vectors.filter(({ operation }) => operation === 'format'))('$tcId: $input', ({ input, expected }) => {
    if (typeof input === 'string') return expect.fail('a format vector has an object as input');
    const names = positions[input.command] ?? [];
    const given = names.flatMap((name, index) => {
      const value = input.arguments[index];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    const work = (): unknown => format({ dialect: 'named', verb: input.command, arguments: Object.fromEntries(given) });
    // libdime ends lines with LF; DMTP-009 wants CRLF of a client.
    if (expected.result === 'ok') expect(work()).toEqual({ line: expected.formatted?.replace(/\n$/, '\r\n') });
    else expect(refusalOf(work)).toBeInstanceOf(OperationRefusal);
  });
});

describe('dmtp.command.format', () => {
  it.each([
    ['named', 'SGNT', { user: 'a@b', domain: 'b' }, 'DMTP-040'],
    ['named', 'MAIL', { from: 'a' }, 'DMTP-041'],
    ['named', 'HIST', {}, 'DMTP-042'],
    ['named', 'EHLO', {}, 'DMTP-043'],
    ['named', 'QUIT', { text: 'x' }, 'DMTP-039'],
    ['named', 'quit', {}, 'DMTP-036'],
    ['named', 'EHLO', { host: 'a>\r\nQUIT' }, 'DMTP-035'],
    ['named', 'NOOP', { text: 'no equals sign' }, 'DMTP-035'],
    ['named', 'MAIL', { fingerprint: 'f' }, undefined],
    ['named', 'STATS', {}, undefined],
    ['named', 'EHLO', { host: 'a'.repeat(600) }, 'DMTP-014'],
    ['positional', 'MAIL', { from: 'a', fingerprint: 'f' }, undefined],
    ['positional', 'SGNT', { user: 'a@b', domain: 'b' }, undefined],
    ['positional', 'NOOP', { text: ' x\r\nQUIT' }, undefined],
    ['positional', 'SING', {}, undefined],
  ])('refuses in the %s dialect %s %j', (dialect, verb, args, requirement) => {
    const refusal = refusalOf(() => format({ dialect, verb, arguments: args }));
    expect(refusal.requirement).toBe(requirement);
  });

  it('gives octets where the line is no UTF-8', () => {
    const userOctets = Buffer.from([0x61, 0xff]).toString('base64url');
    const { lineOctets } = format({ dialect: 'named', verb: 'SGNT', arguments: { userOctets } });
    expect(Buffer.from(String(lineOctets), 'base64url').toString('latin1')).toBe('SGNT USER=<a\u00ff>\r\n');
  });
});

describe('dmtp.reply.parse', () => {
  it('gives the code and the texts of the lines', () => {
    const result = parseReply({ text: '250-SIZE 1024\r\n250-grüße\r\n250 OK\r\n' });
    expect(result).toEqual({ code: 250, lines: ['SIZE 1024', 'grüße', 'OK'] });
    expect(shapeError('dmtp.reply.parse.result', result)).toBeNull();
  });

  it.each([['250-more\r\n'], ['250-a\r\n251 b\r\n'], ['250 a\r\n250 b\r\n'], ['25 a\r\n'], ['250 a'], ['']])(
    'refuses %j',
    (text) => {
      expect(refusalOf(() => parseReply({ text }))).toBeInstanceOf(OperationRefusal);
    },
  );

  it('counts the place of an error in octets', () => {
    // The letter has two, and the line is refused where it begins.
    expect(refusalOf(() => parseReply({ text: '250-ü\r\n2x0 OK\r\n' })).offset).toBe('250-ü\r\n'.length + 1);
  });
});

function noopText(words: readonly (readonly string[])[]): Record<string, string> {
  return words.length === 0 ? {} : { text: words.map(([, value]) => `=${value}`).join(' ') };
}

function refusalOf(work: () => unknown): OperationRefusal {
  try {
    return expect.fail(`not refused: ${JSON.stringify(work())}`);
  } catch (error) {
    if (error instanceof OperationRefusal) return error;
    throw error;
  }
}
