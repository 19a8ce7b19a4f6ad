import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Command,
  commandSegments,
  commandWordOf,
  DmapValueError,
  deepestNesting,
  extensionsUsed,
  fetchPieces,
  formatCommand,
  formatResponse,
  formatSaslLine,
  parseCommand,
  parseGreeting,
  parseOpening,
  parseResponse,
  parseSaslLine,
  type Response,
  tagOf,
} from './dmap.js';
import { wireOctets } from './dmap-framed.js';
import { commandNearMisses, dmapLeaves, dmapResponseLeaves, dmapTexts, filledText } from './dmap-leaves.js';
import { nearMissOf } from './mutate.js';
import { GrammarError } from './parse.js';

const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const text = (written: Uint8Array): string => Buffer.from(written).toString('latin1');
const command = (line: string): Command => parseCommand(octets(`a ${line}\r\n`)).command;
const written = (given: Command): string => text(formatCommand({ tag: 'a', command: given }));
const response = (line: string): Response => parseResponse(octets(`${line}\r\n`));

/** What a wrong text is refused with: BAD or NO and the interpretation, or the place of the syntax error. */
function refusal(work: () => unknown): string {
  try {
    return `taken: ${JSON.stringify(work(), (_, value) => (typeof value === 'bigint' ? String(value) : value))}`;
  } catch (error) {
    if (error instanceof DmapValueError) return `${error.answer} ${error.requirement} at ${error.offset}`;
    if (error instanceof GrammarError) return `syntax at ${error.offset}`;
    throw error;
  }
}

describe('a command', () => {
  // As read from the left, canonical at the right; where it is missing the left is canonical already.
  it.each([
    ['capability', 'CAPABILITY'],
    ['AUTHENTICATE stacie =', 'AUTHENTICATE STACIE ='],
    ['AUTHENTICATE STACIE eyJ9'],
    ['select inbox', 'SELECT INBOX'],
    ['SELECT "Sent"', 'SELECT Sent'],
    ['SELECT "nil"'],
    ['SELECT NIL', 'SELECT "NIL"'],
    ['SELECT ""'],
    ['CREATE "a \\"quoted\\" \\\\ name"'],
    ['CREATE {7}\r\ngr\xc3\xbc\xc3\x9fe'],
    ['RENAME {3}\r\nold {3}\r\nnew', 'RENAME old new'],
    ['LIST () % RETURN ()', 'LIST %'],
    [
      'LIST (subscribed) "(a)" RETURN (STATUS (messages) CHILDREN)',
      'LIST (SUBSCRIBED) "(a)" RETURN (STATUS (MESSAGES) CHILDREN)',
    ],
    ['STATUS a (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)'],
    ['APPEND a () {3}\r\nabc', 'APPEND a {3}\r\nabc'],
    [
      'APPEND a (\\seen \\submitpending $Work) "01-jan-2020 23:59:60 -0330" ~{3}\r\na\0c',
      'APPEND a (\\Seen \\SubmitPending $Work) " 1-Jan-2020 23:59:60 -0330" ~{3}\r\na\0c',
    ],
    ['GETKEY signing both', 'GETKEY signing BOTH'],
    ['ADDKEY k "request"', 'ADDKEY k (PUBLIC "request")'],
    ['ADDKEY k (PRIVATE ~{1}\r\n\0 PUBLIC {2}\r\n\r\n)', 'ADDKEY k (PUBLIC {2}\r\n\r\n PRIVATE ~{1}\r\n\0)'],
    ['DELETEKEY k]'],
    ['GETSIGNET ann@example.com'],
    ['ADDSIGNET example.com {4}\r\n\x06\xf0\x01\x02'],
    ['LISTSIGNETS *@example.com'],
    ['LISTSIGNETS'],
    [
      'SEARCH 1:*,7 NOT (SEEN OR DELETED on "1-Feb-2000") LARGER 007',
      'SEARCH 1:*,7 NOT (SEEN OR DELETED ON 1-Feb-2000) LARGER 7',
    ],
    ['UID SEARCH UID 5:1 MODSEQ 0'],
    ['FETCH 1 (FLAGS)', 'FETCH 1 FLAGS'],
    ['FETCH 2:2 FULL', 'FETCH 2 FULL'],
    [
      'uid fetch *:1 (body.peek[67.1]<0.1024> BODY[] META) (CHANGEDSINCE 9223372036854775807)',
      'UID FETCH *:1 (BODY.PEEK[67.1]<0.1024> BODY[] META) (CHANGEDSINCE 9223372036854775807)',
    ],
    ['STORE 1 +flags.silent \\DELETED x', 'STORE 1 +FLAGS.SILENT (\\Deleted x)'],
    ['STORE 1:3 (UNCHANGEDSINCE 7) -FLAGS ()'],
    ['UID STORE 1 META nil', 'UID STORE 1 META NIL'],
    ['COPY 1 inbox', 'COPY 1 INBOX'],
    ['SUBMIT 4'],
    // Delivery options have their atoms in lists: NOTIFY is a second option.
    ['UID SUBMIT 4 (dsn "x" NOTIFY ("a b" (c)))', 'UID SUBMIT 4 (DSN "x" NOTIFY ("a b" (c)))'],
    ['UID EXPUNGE 3:9'],
    ['xfoo \\*% (a "b" ())', 'XFOO \\*% (a "b" ())'],
  ])('%j is read, and written in its canonical form', (line, canonical = line) => {
    expect(written(command(line))).toBe(`a ${canonical}\r\n`);
    expect(command(canonical)).toEqual(command(line));
  });

  it('has typed parts', () => {
    expect(command('uid fetch *:1,9 (FLAGS BODY[0.1]<5.6>)')).toEqual({
      name: 'FETCH',
      uid: true,
      set: [
        { first: '*', last: 1 },
        { first: 9, last: 9 },
      ],
      what: [
        { item: 'FLAGS' },
        { item: 'BODY', peek: false, section: { type: 0, index: 1 }, partial: { start: 5, count: 6 } },
      ],
      changedSince: null,
    });
    expect(command('APPEND "\\\\" "10-Oct-2015 08:00:00 +0200" {0}\r\n')).toEqual({
      name: 'APPEND',
      mailbox: '\\',
      flags: [],
      date: { year: 2015, month: 10, day: 10, hour: 8, minute: 0, second: 0, zone: '+0200' },
      message: { size: 0, octets: new Uint8Array(0) },
    });
    expect(command('AUTHENTICATE STACIE')).toEqual({ name: 'AUTHENTICATE', mechanism: 'STACIE', initial: null });
    expect(command('SUBMIT 1 (DSN "a" ((b) c))')).toMatchObject({
      options: [{ name: 'DSN', values: [{ kind: 'string' }, { kind: 'list' }] }],
    });
    expect(parseCommand(octets('a]1 NOOP\r\n')).tag).toBe('a]1');
  });

  it.each([
    ['', 2],
    ['NOOP ', 6],
    ['NOOPX', 6],
    ['LOGIN a b', 2],
    ['SELECT', 8],
    ['SELECT  a', 9],
    // A quoted string is right or not as a whole.
    ['SELECT "a', 9],
    ['SELECT "\\a"', 9],
    ['SELECT "gr\xc3\xbcn"', 9],
    ['SELECT (a)', 9],
    ['LIST "" *', 9],
    ['STATUS a ()', 12],
    ['APPEND a "message"', 11],
    ['FETCH 0 FLAGS', 8],
    ['FETCH 01 FLAGS', 8],
    ['FETCH 1 (FAST)', 11],
    ['FETCH 1 BODY', 14],
    ['FETCH 1 BODY[TEXT]', 15],
    ['FETCH 1 BODY[1.0]', 17],
    ['FETCH 1 BODY[]<0.0>', 19],
    ['FETCH 1 ()', 11],
    ['STORE 1 +META NIL', 11],
    ['SEARCH CHARSET UTF-8 ALL', 9],
    ['SEARCH NOT', 12],
    ['SUBMIT 1:2', 10],
    ['SUBMIT *', 9],
    ['UID NOOP', 6],
    ['UID EXPUNGE', 13],
    ['AUTHENTICATE STACIE abc', 22],
    // Behind the octets of a literal.
    ['ADDKEY k (PUBLIC {5}\r\n(((((  )', 30],
  ])('%j is refused at offset %i', (line, offset) => {
    expect(refusal(() => command(line))).toBe(`syntax at ${offset}`);
  });

  // Section 6.6.
  it.each([
    ['FETCH 4294967296 FLAGS', 'BAD DMAP-I-14 at 8'],
    ['SEARCH LARGER 99999999999999999999', 'BAD DMAP-I-14 at 16'],
    ['FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)', 'BAD DMAP-I-40 at 30'],
    ['FETCH 1 BODY[256.1]', 'BAD DMAP-I-65 at 15'],
    ['SEARCH ON 30-Feb-2000', 'BAD DMAP-I-64 at 12'],
    ['SEARCH ON 29-Feb-1900', 'BAD DMAP-I-64 at 12'],
    ['SEARCH ON 0-Jan-2000', 'BAD DMAP-I-64 at 12'],
    ['APPEND a "01-Jan-2000 24:00:00 +0000" {1}\r\na', 'BAD DMAP-I-64 at 11'],
    ['APPEND a "01-Jan-2000 00:00:00 +1500" {1}\r\na', 'BAD DMAP-I-64 at 11'],
    ['SELECT {2}\r\n\xc3(', 'NO DMAP-I-16 at 9'],
    ['SELECT {2}\r\na\0', 'BAD DMAP-I-18 at 9'],
    ['STATUS a (MESSAGES RECENT)', 'BAD DMAP-I-58 at 21'],
    ['LIST (CHILDREN) *', 'BAD DMAP-I-54 at 8'],
    ['LIST * RETURN (MARKED)', 'BAD DMAP-I-54 at 17'],
    ['LIST * RETURN (STATUS)', 'BAD DMAP-I-55 at 17'],
    ['ADDKEY k (PRIVATE "x")', 'BAD DMAP-I-95 at 12'],
    ['ADDKEY k (PUBLIC "x" PUBLIC "y")', 'BAD DMAP-I-95 at 23'],
    ['DELETEKEY ""', 'BAD DMAP-I-93 at 12'],
    ['DELETEKEY "a b"', 'BAD DMAP-I-93 at 12'],
    [`DELETEKEY ${'k'.repeat(256)}`, 'BAD DMAP-I-93 at 12'],
    ['RENAME {4}\r\nabcd {2}\r\n\xff\xff', 'NO DMAP-I-16 at 19'],
  ])('%j: %s', (line, expected) => {
    expect(refusal(() => command(line))).toBe(expected);
  });

  it.each([
    ['FETCH 1 FLAGS (CHANGEDSINCE 1)', ['CONDSTORE']],
    ['STORE 1 (UNCHANGEDSINCE 1) FLAGS ()', ['CONDSTORE']],
    ['SEARCH NOT (OR SEEN MODSEQ 1)', ['CONDSTORE']],
    ['LIST (SPECIAL-USE) * RETURN (STATUS (HIGHESTMODSEQ))', ['SPECIAL-USE', 'CONDSTORE']],
    ['UID EXPUNGE 1', ['UIDPLUS']],
    ['FETCH 1 MODSEQ', []],
    ['EXPUNGE', []],
  ])('%s needs the extensions %j', (line, extensions) => {
    expect([...extensionsUsed(command(line))]).toEqual(extensions);
  });

  it.each([
    ['a NOOP', 'syntax at 6'],
    ['a NOOP\n', 'syntax at 6'],
    ['a NO\rOP\r\n', 'syntax at 4'],
    ['a SELECT "\0"\r\n', 'syntax at 10'],
    ['a SELECT {3}\r\nab\0\nc\r\n', 'syntax at 17'],
    ['a NOOP\r\nb', 'syntax at 8'],
    ['a SELECT {3}\r\nab', 'syntax at 16'],
    ['a SELECT {3}\r\nabc', 'syntax at 17'],
    [' NOOP\r\n', 'syntax at 0'],
    ['+ NOOP\r\n', 'syntax at 0'],
  ])('as octets %j: %s', (line, expected) => {
    expect(refusal(() => parseCommand(octets(line)))).toBe(expected);
  });

  it('nests deep, and deeper than that is refused and no fault', () => {
    const deep = 500;
    expect(command(`SEARCH ${'('.repeat(deep)}ALL${')'.repeat(deep)}`).name).toBe('SEARCH');
    expect(command(`XDEEP ${'('.repeat(deep)}${')'.repeat(deep)}`).name).toBe('X');
    const tooDeep = (head: string, each: string): string => refusal(() => command(`${head}${each.repeat(50_000)}ALL`));
    expect(tooDeep('XDEEP ', '(')).toBe(`syntax at ${'a XDEEP '.length + deepestNesting}`);
    expect(tooDeep('SEARCH ', 'NOT ')).toBe(`syntax at ${'a SEARCH '.length + 4 * deepestNesting}`);
    expect(tooDeep('SEARCH ', 'OR 1 ')).toBe(`syntax at ${'a SEARCH '.length + 5 * deepestNesting}`);
  });

  it('is read the same when it was seen before, behind another tag', () => {
    const framed = (line: string) => ({ text: line, literals: [] });
    fc.assert(
      fc.property(dmapTexts('Command'), ({ text: line, literals }) => {
        fc.pre(literals.length === 0);
        const rest = line.slice(line.indexOf(' '));
        const first = parseCommand(framed(`first${rest}`));
        expect(parseCommand(framed(`second${rest}`))).toEqual({ ...first, tag: 'second' });
        expect(parseCommand(octets(`third${rest}`))).toEqual({ ...first, tag: 'third' });
      }),
      { numRuns: 100 },
    );
  });
});

describe('the opening of a command with a literal', () => {
  const opening = (line: string) => parseOpening(filledText(`${line}\r\n`, -1));
  it('is the whole command when only the message of APPEND is to come', () => {
    expect(opening('a APPEND Drafts (\\Draft) ~{20971520}')).toEqual({
      tag: 'a',
      command: {
        name: 'APPEND',
        mailbox: 'Drafts',
        flags: ['\\Draft'],
        date: null,
        message: { size: 20_971_520, octets: null },
      },
    });
  });
  it('leaves open what may still become right', () => {
    for (const line of ['SELECT {5}', 'RENAME {5}', 'ADDKEY k (PUBLIC {5}', 'STATUS {5}', 'LIST {5}', 'xfoo ({1}']) {
      expect(opening(`a ${line}`)).toEqual({ tag: 'a', command: null });
    }
  });
  it.each([
    ['a NOOP {5}', 'syntax at 6'],
    ['a SELECT a{5}', 'syntax at 10'],
    ['a FETCH 1 {5}', 'syntax at 10'],
    ['a SELECT ~{5}', 'syntax at 10'],
    ['a APPEND a "31-Apr-2000 00:00:00 +0000" {5}', 'BAD DMAP-I-64 at 11'],
  ])('%s is refused before its octets come', (line, expected) => {
    expect(refusal(() => opening(line))).toBe(expected);
  });
  it('tells the tag and the word of what is no command', () => {
    expect([tagOf('a1 FOO\r\n'), tagOf('a1'), tagOf('+a FOO'), tagOf('\xff x')]).toEqual(['a1', null, null, null]);
    expect(['a uid fetch 1', 'a noop\r\n', 'a UID', 'a  NOOP', 'a'].map(commandWordOf)).toEqual([
      'FETCH',
      'NOOP',
      'UID',
      null,
      null,
    ]);
  });
});

describe('what a client sends', () => {
  const append: Command = {
    name: 'APPEND',
    mailbox: 'gr\u00fcn',
    flags: [],
    date: null,
    message: { size: 2, octets: octets('\0\n') },
  };
  it('stops behind each header until it is asked to go on, unless LITERAL+ was seen', () => {
    expect(commandSegments({ tag: 'a', command: append }).map(text)).toEqual([
      'a APPEND {5}\r\n',
      'gr\xc3\xbcn ~{2}\r\n',
      '\0\n\r\n',
    ]);
    expect(commandSegments({ tag: 'a', command: append }, { nonSync: true }).map(text)).toEqual([
      'a APPEND {5+}\r\ngr\xc3\xbcn ~{2+}\r\n\0\n\r\n',
    ]);
  });
  it.each<[Command]>([
    [{ name: 'SELECT', mailbox: 'a\0' }],
    [{ name: 'SELECT', mailbox: '\ud800' }],
    [{ name: 'FETCH', uid: false, set: [], what: 'FAST', changedSince: null }],
    [{ name: 'FETCH', uid: false, set: [{ first: 0, last: 1 }], what: 'FAST', changedSince: null }],
    [
      {
        name: 'STORE',
        uid: false,
        set: [{ first: 1, last: 1 }],
        unchangedSince: null,
        change: { item: 'FLAGS', mode: 'add', silent: false, flags: ['a b'] },
      },
    ],
    [{ name: 'SEARCH', uid: false, keys: [{ key: 'ON', date: { year: 2001, month: 2, day: 29 } }] }],
    [{ name: 'X', word: 'FOO', values: [] }],
    [{ name: 'APPEND', mailbox: 'a', flags: [], date: null, message: { size: 1, octets: null } }],
    [{ name: 'AUTHENTICATE', mechanism: 'A B', initial: null }],
  ])('%j cannot be written', (given) => {
    expect(() => formatCommand({ tag: 'a', command: given })).toThrow(RangeError);
    expect(() => formatCommand({ tag: '+', command: { name: 'NOOP' } })).toThrow(RangeError);
  });
  it('SASL lines', () => {
    expect(parseSaslLine('\r\n')).toEqual(new Uint8Array(0));
    expect(parseSaslLine('*\r\n')).toBeNull();
    expect(parseSaslLine(formatSaslLine(octets('secret')))).toEqual(octets('secret'));
    for (const line of ['YQ\r\n', 'Y===\r\n', 'YQ==YQ==\r\n', '_-8=\r\n', ' \r\n', '**\r\n']) {
      expect(refusal(() => parseSaslLine(line))).toMatch(/^syntax/);
    }
  });
});

describe('a response', () => {
  it.each([
    ['+', '+ '],
    ['+ eyJ9'],
    ['a OK done'],
    ['a1] no [TRYCREATE]no such mailbox', 'a1] NO [TRYCREATE] no such mailbox'],
    ['* OK [CAPABILITY DMAP=TRUSTFUL AUTH=STACIE] hello'],
    ['* PREAUTH [X a b] gr\xc3\xbc\xc3\x9fe {5}'],
    ['* BYE [foo bye'],
    ['* OK [PERMANENTFLAGS (\\Seen \\*)] limited'],
    ['* OK [UIDNEXT 99999999999] odd'],
    ['a OK [COPYUID 7 3:5,9 1:4] done'],
    ['a OK [APPENDUID 7 3] done'],
    ['a OK [MODIFIED 3:5] done'],
    ['* CAPABILITY DMAP=PARANOID AUTH=STACIE SUBMIT=DSN LITERAL+'],
    ['* LIST (\\HasNoChildren) "/" inbox'],
    [
      '* LIST () nil "a b" ("CHILDINFO" ("SUBSCRIBED") status (MESSAGES 3))',
      '* LIST () NIL "a b" ("STATUS" (MESSAGES 3) CHILDINFO ("SUBSCRIBED"))',
    ],
    ['* SEARCH'],
    ['* SEARCH 4 2 9 (MODSEQ 7)'],
    [
      '* STATUS {3}\r\na b (MESSAGES 0 HIGHESTMODSEQ 9223372036854775807)',
      '* STATUS "a b" (MESSAGES 0 HIGHESTMODSEQ 9223372036854775807)',
    ],
    ['* FLAGS (\\Seen $Work)'],
    ['* KEY signing'],
    ['* KEY signing (PUBLIC "x" PRIVATE NIL)'],
    ['* SIGNET ann@example.com ~{2}\r\n\0\xff'],
    ['* 007 exists', '* 7 EXISTS'],
    ['* 3 EXPUNGE'],
    [
      '* 1 FETCH (UID 7 FLAGS (\\Seen) SIZE 10 MODSEQ 5 INTERNALDATE " 1-Jan-2020 10:00:00 +0000")',
      '* 1 FETCH (UID 7 FLAGS (\\Seen) SIZE 10 MODSEQ (5) INTERNALDATE " 1-Jan-2020 10:00:00 +0000")',
    ],
    [
      '* 1 FETCH (BODYSTRUCTURE ((0 12) (67 3 x)) BODY[] {3}\r\na\r\n BODY[67.1]<5> nil META NIL)',
      '* 1 FETCH (BODYSTRUCTURE ((0 12) (67 3 x)) BODY[] {3}\r\na\r\n BODY[67.1]<5> NIL META NIL)',
    ],
    ['* 1 FETCH (BODYSTRUCTURE "Cabc")'],
    ['* XFOO "a {3}" {3}\r\nabc )'],
  ])('%j is read, and written in its canonical form', (line, canonical = line) => {
    expect(text(formatResponse(response(line)))).toBe(`${canonical}\r\n`);
    expect(response(canonical)).toEqual(response(line));
  });

  it('has typed parts', () => {
    expect(response('* 2 FETCH (UID 7 BODY[67.1]<5> ~{2}\r\n\0) MODSEQ (18446744073709551))')).toEqual({
      kind: 'fetch',
      number: 2,
      items: [
        { item: 'UID', uid: 7 },
        { item: 'BODY', section: { type: 67, index: 1 }, start: 5, value: octets('\0)') },
        { item: 'MODSEQ', modseq: 18_446_744_073_709_551n },
      ],
    });
    expect(response('* 1 FETCH (BODYSTRUCTURE {8}\r\nC\0\x01\0\x02\0\0\x05)')).toMatchObject({
      items: [
        {
          form: 'records',
          chunks: [
            { type: 67, size: 256 },
            { type: 2, size: 5 },
          ],
        },
      ],
    });
    expect(response('a NO [tooBig 5 octets] no')).toEqual({
      kind: 'tagged',
      tag: 'a',
      status: 'NO',
      code: { name: 'OTHER', word: 'TOOBIG', text: '5 octets' },
      text: 'no',
    });
    // Text that is no UTF-8 is for a person to read; a code out of range does not take the completion away.
    expect(response('a OK [UIDNEXT 0] \xff')).toMatchObject({
      code: { name: 'OTHER', word: 'UIDNEXT', text: '0' },
      text: '\ufffd',
    });
  });

  it.each([
    ['* 0 EXPUNGE', 'EXPUNGE'],
    ['* 3 FETCH ()', 'FETCH'],
    ['* LIST () "/"', 'LIST'],
    ['* search x', 'SEARCH'],
    ['* OK{3}\r\nabc', 'OK'],
    ['* 3 RECENT', null],
    ['* SEARCHED 1', null],
    ['* ', null],
  ])('%j fits nothing, as a wrong %s', (line, malformed) => {
    expect(response(line)).toEqual({ kind: 'unknown', octets: octets(line.slice(2)), malformed });
  });

  it.each([
    ['*', 'syntax at 0'],
    ['a DONE', 'syntax at 2'],
    ['* 4294967296 EXISTS', 'BAD DMAP-I-14 at 2'],
    ['* LIST () "/" {1}\r\n\xff', 'NO DMAP-I-16 at 14'],
    ['* 1 FETCH (BODYSTRUCTURE "abc")', 'BAD DMAP-I-69 at 11'],
    ['* 1 FETCH (INTERNALDATE "31-Apr-2020 10:00:00 +0000")', 'BAD DMAP-I-64 at 24'],
  ])('%j is refused: %s', (line, expected) => {
    expect(refusal(() => response(line))).toBe(expected);
  });

  it('the first one is a greeting', () => {
    expect(parseGreeting(octets('* ok hello\r\n'))).toEqual({
      kind: 'status',
      status: 'OK',
      code: null,
      text: 'hello',
    });
    for (const line of ['* NO busy\r\n', '* CAPABILITY DMAP=TRUSTFUL\r\n', 'a OK x\r\n']) {
      expect(refusal(() => parseGreeting(octets(line)))).toMatch(/^syntax/);
    }
  });

  it('with a body that streams is sent piece by piece, and taken when its turn comes', () => {
    const taken: number[] = [];
    function* pieces(): Generator<Uint8Array> {
      for (const size of [3, 4]) {
        taken.push(size);
        yield new Uint8Array(size);
      }
    }
    const sent = fetchPieces(5, [
      { item: 'UID', uid: 9 },
      { item: 'BODY', section: { type: 67, index: 1 }, start: null, value: { size: 7, pieces: pieces() } },
    ]);
    expect(taken).toEqual([]);
    const all = Buffer.concat([...sent]);
    expect(parseResponse(new Uint8Array(all))).toMatchObject({
      number: 5,
      items: [{ uid: 9 }, { value: new Uint8Array(7) }],
    });
  });

  it('is not written without a text, with two lines, or with a text that reads as a code', () => {
    for (const said of ['', 'two\r\nlines', '[ALERT] x']) {
      expect(() => formatResponse({ kind: 'status', status: 'OK', code: null, text: said })).toThrow(RangeError);
    }
  });
});

describe('the laws', () => {
  it('what is generated parses, framed and as octets, is written, and reads the same again', () => {
    fc.assert(
      fc.property(dmapTexts('Command'), (framed) => {
        const read = parseCommand(framed);
        expect(parseCommand(wireOctets(framed))).toEqual(read);
        const canonical = formatCommand(read);
        expect(parseCommand(canonical)).toEqual(read);
        expect(formatCommand(parseCommand(canonical))).toEqual(canonical);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(dmapTexts('Response'), (framed) => {
        const read = parseResponse(framed);
        expect(parseResponse(wireOctets(framed))).toEqual(read);
        if ((read.kind === 'status' || read.kind === 'tagged') && read.text === '') return;
        const canonical = formatResponse(read);
        expect(parseResponse(canonical)).toEqual(read);
        expect(formatResponse(parseResponse(canonical))).toEqual(canonical);
      }),
      { numRuns: 200 },
    );
  });

  it('near misses are refused', () => {
    fc.assert(
      fc.property(nearMissOf('dmap', 'Command', { leaves: dmapLeaves }), (miss) => {
        expect(() => parseCommand(filledText(miss.text))).toThrow(GrammarError);
        expect(() => parseCommand(wireOctets(filledText(miss.text)))).toThrow(GrammarError);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(nearMissOf('dmap', 'Response', { leaves: dmapResponseLeaves }), (miss) => {
        expect(() => parseResponse(wireOctets(filledText(miss.text)))).toThrow(GrammarError);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(commandNearMisses, (miss) => {
        expect(() => parseCommand(octets(`tag ${miss.text}`))).toThrow(GrammarError);
        expect(miss.text).toMatch(/^[^\n]*\r\n$/);
      }),
      { numRuns: 100 },
    );
  });

  it('any octets are read or refused', () => {
    const words = fc.constantFrom(
      ' ',
      'a',
      '* ',
      'FETCH',
      'SEARCH',
      'OK',
      '1',
      '(',
      ')',
      '"',
      '{3}\r\n',
      '[',
      ']',
      '\r',
      '\n',
      '\0',
      '\\',
      '\xff',
      'BODY',
      '\r\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.array(words).map((parts) => octets(parts.join(''))),
        ),
        (any) => {
          expect(refusal(() => parseCommand(any))).toBeDefined();
          expect(refusal(() => parseResponse(any))).toBeDefined();
        },
      ),
      { numRuns: 600 },
    );
  });
});
