import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Breach,
  type Command,
  type CommandArguments,
  type Dialect,
  diagnoseCommand,
  formatCommand,
  formatReply,
  LineTooLongError,
  longestCommandLine,
  parseCommand,
  parseReply,
  type ReplyReadings,
  readReply,
  type Verb,
  verbs,
} from './dmtp.js';
import { arbitraryOf } from './generate.js';
import { dmtpLeaves } from './leaves.js';
import { fitsRule, GrammarError } from './parse.js';
import { syntaxTree } from './tree.js';

const replyRules = [...syntaxTree('dmtp').rules.keys()].filter(
  (rule): rule is keyof ReplyReadings & string => rule.endsWith('Reply') && rule !== 'Reply',
);

function refusal(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was refused');
}

describe('laws of command lines', () => {
  const lines = fc.oneof(
    ...(['CommandLine', 'PositionalLine', 'NamedLine'] as const).flatMap((rule) =>
      [{}, { leaves: dmtpLeaves }].map((options) =>
        arbitraryOf('dmtp', rule, options).map((line) => ({
          line,
          dialect: ({ CommandLine: undefined, PositionalLine: 'positional', NamedLine: 'named' } as const)[rule],
        })),
      ),
    ),
  );

  it('a command written out parses to the same command', () => {
    fc.assert(
      fc.property(lines, ({ line, dialect }) => {
        const command = parseCommand(line, dialect);
        expect(verbs).toContain(command.verb);
        expect(parseCommand(formatCommand(command), command.dialect)).toEqual(command);
      }),
      { numRuns: 600 },
    );
  });

  it('a line with arguments is of one dialect only (section 12.1 rule 2)', () => {
    fc.assert(
      fc.property(arbitraryOf('dmtp', 'CommandLine'), (line) => {
        const { verb, dialect } = parseCommand(line);
        const other = dialect === 'named' ? 'PositionalLine' : 'NamedLine';
        const alike = /^(MODE|RSET|HELP|QUIT|DATA|NOOP)/.test(verb);
        expect(fitsRule('dmtp', other, line) && !alike).toBe(false);
      }),
    );
  });

  it('in the positional dialect letter case and blanks carry no meaning (section 12.1 rule 2)', () => {
    const canonical = 'MAIL FROM: <Example.com> [Ab] SIZE=12 RETURN=FULL DATA=8BIT\r\n';
    const expected = {
      verb: 'MAIL',
      dialect: 'positional',
      arguments: { from: 'Example.com', fingerprint: 'Ab', size: 12, return: 'FULL', data: '8BIT' },
    };
    expect(parseCommand(canonical)).toEqual(expected);
    expect(formatCommand(parseCommand(canonical))).toBe(canonical);
    for (const line of [
      'mail from<Example.com>[Ab]data=8bit return=full size=0012 \t\n',
      'Mail From: \t<Example.com>\t[Ab]  Return=Full  Size=12\tData=8Bit\r\n',
    ]) {
      expect(parseCommand(line)).toEqual(expected);
    }
  });

  // Section 12.2, one row each.
  it.each<[string, Verb, Dialect, CommandArguments]>([
    ['STARTTLS <dx.a.b> MODE=DMTPv1', 'STARTTLS', 'positional', { host: 'dx.a.b', mode: 'DMTPv1' }],
    ['STARTTLS HOST=<dx.a.b>', 'STARTTLS', 'named', { host: 'dx.a.b' }],
    ['EHLO <a.b>', 'EHLO', 'positional', { host: 'a.b' }],
    ['HELO HOST=<a.b>', 'HELO', 'named', { host: 'a.b' }],
    [
      'MAIL FROM: <a.b> [fingerprint] SIZE=1',
      'MAIL',
      'positional',
      { from: 'a.b', fingerprint: 'fingerprint', size: 1 },
    ],
    ['MAIL FROM=<a.b> FINGERPRINT=[x]', 'MAIL', 'named', { from: 'a.b', fingerprint: 'x' }],
    ['RCPT TO: <a.b> [x]', 'RCPT', 'positional', { to: 'a.b', fingerprint: 'x' }],
    ['RCPT TO=<a.b> FINGERPRINT=[x]', 'RCPT', 'named', { to: 'a.b', fingerprint: 'x' }],
    ['DATA [hash]', 'DATA', 'positional', { hash: 'hash' }],
    ['DATA', 'DATA', 'positional', {}],
    ['SGNT <a.b>', 'SGNT', 'positional', { domain: 'a.b' }],
    ['SGNT <u@a.b> [x]', 'SGNT', 'positional', { user: 'u@a.b', fingerprint: 'x' }],
    ['SGNT DOMAIN=<a.b>', 'SGNT', 'named', { domain: 'a.b' }],
    ['HIST <u@a.b> [x]', 'HIST', 'positional', { user: 'u@a.b', start: 'x' }],
    ['HIST <a.b> [x] [y]', 'HIST', 'positional', { domain: 'a.b', start: 'x', stop: 'y' }],
    ['HIST USER=<u@a.b> STOP=[y]', 'HIST', 'named', { user: 'u@a.b', stop: 'y' }],
    ['VRFY <u@a.b> [x]', 'VRFY', 'positional', { user: 'u@a.b', fingerprint: 'x' }],
    ['VRFY DOMAIN=<a.b> FINGERPRINT=[x]', 'VRFY', 'named', { domain: 'a.b', fingerprint: 'x' }],
    ['STATS [n]', 'STATS', 'positional', { nonce: 'n' }],
    ['HELP MAIL FROM', 'HELP', 'positional', { topic: 'MAIL FROM' }],
    ['NOOP  a b', 'NOOP', 'positional', { text: '  a b' }],
    ['VERB', 'VERB', 'positional', {}],
    ['MODE', 'MODE', 'positional', {}],
  ])('%s', (line, verb, dialect, args) => {
    const command = { verb, dialect, arguments: args };
    for (const end of ['\r\n', '\n', ' \t\r\n']) expect(parseCommand(line + end)).toEqual(command);
    expect(formatCommand(command)).toBe(`${line}\r\n`);
  });

  it('a size beyond exact numbers is cut to the largest', () => {
    const { arguments: args } = parseCommand('MAIL FROM: <a.b> [x] SIZE=99999999999999999999\r\n');
    expect(args.size).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('a line that is too long', () => {
  const line = (octets: number): string => `NOOP ${'x'.repeat(octets - 7)}\r\n`;
  it('is refused before anything else, with its length', () => {
    expect(parseCommand(line(longestCommandLine)).verb).toBe('NOOP');
    expect(refusal(() => parseCommand(line(513)))).toMatchObject({ name: 'LineTooLongError', octets: 513, limit: 512 });
    expect(refusal(() => parseCommand('?'.repeat(600)))).toBeInstanceOf(LineTooLongError);
  });
  it('is not written either', () => {
    const text = ` ${'x'.repeat(600)}`;
    expect(() => formatCommand({ verb: 'NOOP', dialect: 'positional', arguments: { text } })).toThrow(LineTooLongError);
  });
});

describe('a command that would not be read back the same is not written', () => {
  const mail = { from: 'a.b', fingerprint: 'x', size: 1 };
  it.each<[string, Verb, Dialect, object, RegExp]>([
    ['line end in a value', 'SGNT', 'named', { user: 'a>\r\nQUIT' }, /argument user "a>\\r\\nQUIT".*offset 1/],
    ['bracket in a fingerprint', 'DATA', 'positional', { hash: 'a]b' }, /argument hash "a\]b"/],
    ['empty positional fingerprint', 'RCPT', 'positional', { to: 'a.b', fingerprint: '' }, /argument fingerprint ""/],
    ['no domain', 'EHLO', 'positional', { host: 'a b' }, /argument host "a b"/],
    ['size of 0', 'MAIL', 'positional', { ...mail, size: 0 }, /argument size 0/],
    ['size that is no whole number', 'MAIL', 'positional', { ...mail, size: 1.5 }, /argument size 1.5/],
    ['unknown word', 'STARTTLS', 'positional', { host: 'a.b', mode: 'IMAP' }, /argument mode "IMAP"/],
    ['missing size', 'MAIL', 'positional', { from: 'a.b', fingerprint: 'x' }, /MAIL \(positional\).*"SIZE="/],
    ['size in the named dialect', 'MAIL', 'named', mail, /argument size would be lost/],
    [
      'user and domain',
      'VRFY',
      'positional',
      { user: 'u@a.b', domain: 'a.b', fingerprint: 'x' },
      /domain would be lost/,
    ],
    ['address as a domain', 'SGNT', 'positional', { domain: 'u@a.b' }, /argument domain "u@a.b"/],
    ['NOOP text without a blank', 'NOOP', 'positional', { text: 'x' }, /NOOP \(positional\)/],
    ['command of one dialect', 'STATS', 'named', {}, /STATS \(named\)/],
  ])('%s', (_, verb, dialect, args, message) => {
    const error = refusal(() => formatCommand({ verb, dialect, arguments: args as CommandArguments }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/[\r\n]/);
  });
});

describe('what is wrong with a line (section 12.4)', () => {
  it.each<[string, Breach['verb'], Breach['breach']]>([
    ['EHLO example.com', 'EHLO', 'smtp'],
    ['HELO', 'HELO', 'smtp'],
    ['STARTTLS', 'STARTTLS', 'smtp'],
    ['STARTTLS dx.example.com', 'STARTTLS', 'syntax'],
    ['STARTTLS <dx.example.com', 'STARTTLS', 'syntax'],
    ['STARTTLS <dx.example.com> MODE=IMAP', 'STARTTLS', 'syntax'],
    ['STARTTLS <dx.example.com> now', 'STARTTLS', 'syntax'],
    ['STARTTLS <dx_1>', 'STARTTLS', 'domain'],
    ['STARTTLS <dx_1> MODE=DMTPv1', 'STARTTLS', 'domain'],
    ['EHLO <example.com', 'EHLO', 'syntax'],
    ['EHLO <>', 'EHLO', 'syntax'],
    ['EHLO <example.com> x', 'EHLO', 'syntax'],
    ['EHLO <a b>', 'EHLO', 'domain'],
    ['EHLO <u@example.com>', 'EHLO', 'domain'],
    ['MAIL', 'MAIL', 'syntax'],
    ['MAIL FROM: example.com [x] SIZE=1', 'MAIL', 'syntax'],
    ['MAIL FROM: <> [x] SIZE=1', 'MAIL', 'syntax'],
    ['MAIL FROM: <a b> [x] SIZE=1', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> SIZE=1', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x]', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x] SIZE=0', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x] SIZE=many', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x] SIZE=1 RETURN=ALL', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x] SIZE=1 DATA=9BIT', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x] SIZE=1 SIZE=1', 'MAIL', 'parameter'],
    ['MAIL FROM: <example.com> [x] SIZE=1 COLOUR=red', 'MAIL', 'unsupported'],
    ['MAIL FROM: <example.com> [x] SIZES=1', 'MAIL', 'unsupported'],
    ['MAIL FROM=<example.com>', 'MAIL', 'parameter'],
    ['RCPT', 'RCPT', 'syntax'],
    ['RCPT TO: example.com [x]', 'RCPT', 'syntax'],
    ['RCPT TO: <a b> [x]', 'RCPT', 'parameter'],
    ['RCPT TO: <example.com>', 'RCPT', 'parameter'],
    ['RCPT TO: <example.com> [x] y', 'RCPT', 'parameter'],
    ['DATA hash', 'DATA', 'syntax'],
    ['DATA []', 'DATA', 'syntax'],
    ['DATA [hash] x', 'DATA', 'parameter'],
    ['SGNT', 'SGNT', 'syntax'],
    ['SGNT example.com', 'SGNT', 'syntax'],
    ['SGNT <a b>', 'SGNT', 'parameter'],
    ['SGNT <example.com> [x', 'SGNT', 'parameter'],
    ['SGNT <example.com> [x] y', 'SGNT', 'parameter'],
    ['SGNT USER=<u@a.b> DOMAIN=<a.b>', 'SGNT', 'parameter'],
    ['HIST <>', 'HIST', 'syntax'],
    ['HIST <u@example.com>', 'HIST', 'parameter'],
    ['HIST <u@example.com> [x] [y', 'HIST', 'parameter'],
    ['VRFY [x]', 'VRFY', 'syntax'],
    ['VRFY <u@example.com>', 'VRFY', 'parameter'],
    ['VRFY <u@@example.com> [x]', 'VRFY', 'parameter'],
    ['STATS now', 'STATS', 'syntax'],
    ['STATS []', 'STATS', 'syntax'],
    ['RSET x', 'RSET', 'surplus'],
    ['VERB x', 'VERB', 'surplus'],
    ['MODE x', 'MODE', 'surplus'],
    ['quit now', 'QUIT', 'surplus'],
    ['XYZW', null, 'unknown'],
    ['QUITX', null, 'unknown'],
    ['MAILFROM: <a.b> [x] SIZE=1', null, 'unknown'],
    ['', null, 'unknown'],
  ])('%s', (text, verb, breach) => {
    const line = `${text}\r\n`;
    expect(fitsRule('dmtp', 'CommandLine', line)).toBe(false);
    expect(diagnoseCommand(line)).toEqual({ verb, breach });
  });

  it('is told for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(diagnoseCommand(text)).toHaveProperty('breach');
      }),
    );
  });
});

describe('replies', () => {
  const oneCode = fc
    .constantFrom('220', '250', '354', '450', '599', '100')
    .chain((code) => arbitraryOf('dmtp', 'Reply', { leaves: { Code: fc.constant(code) } }));

  it('written out parse to the same code and texts', () => {
    fc.assert(
      fc.property(oneCode, (text) => {
        const { code, lines } = parseReply(text);
        expect(parseReply(formatReply(code, lines))).toEqual({ code, lines, end: 'crlf' });
      }),
      { numRuns: 200 },
    );
  });

  it('tell how their lines ended', () => {
    expect(parseReply('250-A\r\n250 OK\r\n')).toEqual({ code: 250, lines: ['A', 'OK'], end: 'crlf' });
    expect(parseReply('250 OK\n').end).toBe('lf');
    expect(parseReply('250-A\n250 OK\r\n').end).toBe('mixed');
  });

  it('with different codes are refused at the first line that differs (DMTP-016)', () => {
    const error = refusal(() => parseReply('250-A\r\n251-B\r\n250 OK\r\n'));
    expect(error).toBeInstanceOf(GrammarError);
    expect(error).toMatchObject({ offset: 7, expected: ['"250" as on the first line'], found: '251' });
  });

  it.each(['250\r\n', '250-A\r\n', '600 X\r\n', '25 OK\r\n', '250 OK', '250 A\r\n250 B\r\n', '250 a\rb\r\n', ''])(
    'refuses %j',
    (text) => {
      expect(() => parseReply(text)).toThrow(GrammarError);
    },
  );

  it.each<[number, string[]]>([
    [99, ['x']],
    [600, ['x']],
    [250.5, ['x']],
    [250, []],
    [250, ['OK\r\n221 BYE']],
  ])('code %d with %j is not written', (code, texts) => {
    expect(() => formatReply(code, texts)).toThrow(RangeError);
  });

  it.each(replyRules)('%s is a reply, and reads the same after it is written anew', (rule) => {
    const leaves = { Success: fc.constant('250'), Refusal: fc.constant('450') };
    fc.assert(
      fc.property(arbitraryOf('dmtp', rule, { leaves }), (text) => {
        const { code, lines } = parseReply(text);
        const reading = readReply(rule, text);
        expect(reading.code).toBe(code);
        expect(readReply(rule, formatReply(code, lines))).toEqual(reading);
      }),
      { numRuns: 60 },
    );
  });

  // Texts of sections 5.5 and 12.4.
  it.each<[keyof ReplyReadings, string, object]>([
    ['BannerReply', '220 <dx.a.b> ESMTP DMTPv1 x/1\r\n', { host: 'dx.a.b', words: ['ESMTP', 'DMTPv1', 'x/1'] }],
    [
      'StartTlsReply',
      '220-SENDING CERTIFICATE FOR DOMAIN <dx.a.b>\r\n220 READY\r\n',
      { texts: [expect.any(String), 'READY'] },
    ],
    ['SecuredReply', '250 OK DMTPv1\r\n', { mode: 'DMTPv1' }],
    [
      'EhloReply',
      '250-PIPELINING\r\n250-SIZE 1000\r\n250 OK\r\n',
      { capabilities: [{ name: 'PIPELINING' }, { name: 'SIZE', limit: 1000 }] },
    ],
    ['ModeReply', '200 OK ESMTP DMTPv1\r\n', { mode: 'ESMTP', second: 'DMTPv1' }],
    ['ContinueReply', '354 CONTINUE [NONE]\r\n', { hash: 'NONE' }],
    ['StoredReply', '250 OK [a-b_1]\r\n', { transaction: 'a-b_1' }],
    ['NumberedStoredReply', '255 DUPLICATE=x\r\n', { kind: 'duplicate', fingerprint: 'x' }],
    ['SignetReply', '250 OK [AAAA]\r\n', { signet: 'AAAA' }],
    ['VerifyReply', '250 UPDATE [x]\r\n', { kind: 'update', fingerprint: 'x' }],
    ['VerifyReply', '250 CURRENT\r\n', { kind: 'current' }],
    ['HistoryReply', '250-[AAAA]\r\n250-[BBBB]\r\n250 OK\r\n', { signets: ['AAAA', 'BBBB'] }],
    ['StatsReply', '200 ONCE [n-_]\r\n', { nonce: 'n-_' }],
    ['HelpReply', '214-AVAILABLE COMMANDS\r\n214-QUIT\r\n214 OK\r\n', { texts: ['AVAILABLE COMMANDS', 'QUIT', 'OK'] }],
    ['RefusalReply', '450 SIGNET NOT FOUND.\r\n', { code: 450, text: 'SIGNET NOT FOUND.' }],
  ])('%s reads %j', (rule, text, expected) => {
    expect(readReply(rule, text)).toMatchObject(expected);
  });
});

describe('libdime vectors, named dialect', () => {
  interface Vector {
    readonly tcId: number;
    readonly comment: string;
    readonly operation: 'parse' | 'format';
    readonly input: string | { readonly command: Verb; readonly arguments: readonly (string | null)[] };
    readonly expected: {
      readonly result: 'ok' | 'error';
      readonly command?: Verb;
      readonly arguments?: readonly { readonly position: number; readonly name: string; readonly value: string }[];
      readonly formatted?: string;
    };
  }
  const file = new URL('../fixtures/dmtp-commands-libdime.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Vector[] };
  /** The arguments of the table by position (section 5); a command without any has none to give a value. */
  const positions: Partial<Record<Verb, readonly (keyof CommandArguments)[]>> = {
    STARTTLS: ['host', 'mode'],
    MAIL: ['from', 'fingerprint'],
    SGNT: ['user', 'domain', 'fingerprint'],
    QUIT: ['text'],
  };
  const commandOf = (verb: Verb, args: CommandArguments): Command => ({ verb, dialect: 'named', arguments: args });
  const parses = cases.filter(({ operation }) => operation === 'parse');
  const formats = cases.filter(({ operation }) => operation === 'format');

  it.each(parses)('tcId $tcId: $comment', ({ input, expected }) => {
    const line = String(input);
    if (expected.result === 'error') {
      expect(() => parseCommand(line, 'named')).toThrow(
        line.length > longestCommandLine ? LineTooLongError : GrammarError,
      );
      return;
    }
    const command = parseCommand(line, 'named');
    const args = expected.arguments ?? [];
    // The arguments of NOOP have no names; they are kept as one text.
    const nameless = args.map(({ value }) => `=${value}`).join(' ');
    const byName = Object.fromEntries(args.map(({ name, value }) => [name.toLowerCase(), value]));
    expect(command).toEqual(
      commandOf(expected.command ?? 'NOOP', byName[''] === undefined ? byName : { text: nameless }),
    );
    // libdime ends its lines with LF, this grammar's writer with CRLF (DMTP-010).
    expect(formatCommand(command)).toBe(expected.formatted?.replace(/\n$/, '\r\n'));
  });

  it.each(formats)('tcId $tcId: $comment', ({ input, expected }) => {
    if (typeof input === 'string') throw new Error('a format vector has a command and arguments');
    const given = input.arguments.flatMap((value, position) => {
      const name = positions[input.command]?.[position];
      return value === null || name === undefined ? [] : [[name, value] as const];
    });
    const command = commandOf(input.command, Object.fromEntries(given));
    if (expected.result === 'error') expect(() => formatCommand(command)).toThrow(RangeError);
    else expect(formatCommand(command)).toBe(expected.formatted?.replace(/\n$/, '\r\n'));
  });

  it('are all there: none had to be left out for a different answer', () => {
    expect([parses.length, formats.length]).toEqual([34, 6]);
  });
});
