import { describe, expect, it } from 'vitest';
import { messageOf, serializeMessage } from '../formats/message/index.js';
import { sentMessage } from '../formats/message/parties.test-support.js';
import { alice, put, selected, testStore } from './session.test-support.js';

/** What is told of messages, without the completion. */
const data = (lines: string[]): string[] => lines.slice(0, -1);

const threeMessages = () => {
  const store = testStore();
  put(store, 'one', ['\\Seen']);
  put(store, 'two two', ['\\Flagged']);
  put(store, 'three', ['\\Deleted', '$Label']);
  return store;
};

describe('APPEND', () => {
  it('keeps the message with its flags and its date, and says where', () => {
    const talk = selected();
    expect(talk.octets('a APPEND INBOX (\\seen $Mine) " 1-Feb-2020 10:11:12 -0330" ~{4}\r\n')).toMatch(/^\+ .+\r\n$/);
    expect(talk.octets('\0\r\n\xff')).toBe('');
    expect(talk.octets('\r\n')).toMatch(/^\* FLAGS \(.* \$Mine\)\r\n\* 1 EXISTS\r\na OK \[APPENDUID 1700000000 1\] /);
    expect(data(talk.lines('b FETCH 1 (FLAGS INTERNALDATE SIZE BODY.PEEK[])'))).toEqual([
      '* 1 FETCH (FLAGS (\\Seen $Mine) INTERNALDATE " 1-Feb-2020 10:11:12 -0330" SIZE 4 BODY[] ~{4}',
      '\0',
      '\xff)',
    ]);
  });

  it('takes the time of the server without a date, and no flags without a list', () => {
    const talk = selected();
    talk.say('a APPEND INBOX {1+}\r\nx');
    expect(data(talk.lines('b FETCH 1 FAST'))).toEqual([
      '* 1 FETCH (FLAGS () INTERNALDATE " 2-Nov-2026 08:30:00 +0100" SIZE 1)',
    ]);
  });

  it.each([
    ['none {3}', 'NO [TRYCREATE]'],
    ['{7}', '+'],
    ['a//b {3}', 'NO [CANNOT]'],
    ['INBOX (\\Recent) {3}', 'BAD'],
    ['INBOX "1-Feb-2020" {3}', 'BAD'],
    ['INBOX "31-Feb-2020 10:11:12 +0000" {3}', 'BAD'],
    ['INBOX {999999999}', 'NO [TOOBIG]'],
    ['INBOX {99999999999}', 'BAD'],
    ['INBOX "text"', 'BAD'],
  ])('is asked for its octets only when they can be kept: %s', (argument, begins) => {
    const answer = selected().say(`a APPEND ${argument}`);
    expect(answer.replace(/^a /, '').startsWith(begins)).toBe(true);
  });

  it('leaves no trace when it fails after its octets', () => {
    const talk = selected();
    talk.octets('a APPEND INBOX {3}\r\nabc');
    expect(talk.say(' more')).toMatch(/^a BAD /);
    expect(talk.say('b APPEND INBOX {0+}\r\n')).toMatch(/^b NO /);
    talk.octets('c APPEND INBOX {3}\r\n');
    expect(talk.octets('ab')).toBe('');
    talk.session.end();
    expect(talk.store.status(talk.store.mailbox(alice, 'INBOX')?.id ?? 0)).toMatchObject({ messages: 0, uidNext: 1 });
  });

  it('is read over, when it was sent without being asked for and cannot be kept', () => {
    const talk = selected();
    expect(talk.say('a APPEND none {14+}\r\nb NOOP\r\nc NOOP')).toMatch(/^a NO \[TRYCREATE\] [^\r]+$/);
    expect(talk.say('d NOOP')).toMatch(/^d OK /);
  });

  it('is refused without LITERAL+ when it was not asked for', () => {
    const talk = selected({ extensions: [] });
    expect(talk.say('a APPEND INBOX {1+}\r\nx')).toMatch(/^a BAD .*\r\n\* BYE /);
    expect(talk.closed).toBe(true);
  });
});

describe('FETCH', () => {
  it('gives what was asked for, each thing once, UID and FLAGS first', () => {
    const talk = selected({ store: threeMessages() });
    expect(data(talk.lines('a FETCH 2:1 (SIZE FLAGS SIZE UID)'))).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Seen) SIZE 3)',
      '* 2 FETCH (UID 2 FLAGS (\\Flagged) SIZE 7)',
    ]);
    expect(data(talk.lines('b UID FETCH 3,7:* MODSEQ'))).toEqual(['* 3 FETCH (UID 3 MODSEQ (4))']);
    expect(data(talk.lines('c UID FETCH 9 FLAGS'))).toEqual([]);
    for (const [line, ends] of [
      ['FETCH 4 FLAGS', 'BAD'],
      ['FETCH 0 FLAGS', 'BAD'],
      ['FETCH 1 ALL', 'BAD'],
      ['FETCH 1 (FAST FLAGS)', 'BAD'],
      ['FETCH 1 ENVELOPE', 'BAD'],
      ['FETCH 1 BODY', 'BAD'],
      ['FETCH 1 BODY[HEADER]', 'BAD'],
      ['FETCH 1 BODY[256.1]', 'BAD'],
      ['FETCH 1 BODY[]<0.0>', 'BAD'],
    ]) {
      expect(talk.say(`d ${line}`), line).toMatch(new RegExp(`^d ${ends} `));
    }
  });

  it('finds no message in an empty mailbox', () => {
    const talk = selected();
    expect(talk.say('a FETCH * FLAGS')).toMatch(/^a BAD /);
    expect(talk.lines('b UID FETCH 1:* FLAGS')).toEqual([expect.stringMatching(/^b OK /)]);
  });

  it('gives parts from their origin, also beyond the end', () => {
    const talk = selected({ store: threeMessages() });
    const parts: [string, string][] = [
      ['<0.3>', '<0> "two"'],
      ['<4.100>', '<4> "two"'],
      ['<7.1>', '<7> ""'],
      ['<4000000000.1>', '<4000000000> ""'],
      ['', ' "two two"'],
    ];
    for (const [asked, told] of parts) {
      expect(data(talk.lines(`a FETCH 2 BODY.PEEK[]${asked}`))).toEqual([`* 2 FETCH (BODY[]${told})`]);
    }
  });

  it('sets \\Seen and says so, but not for PEEK, and not where nothing may be changed', () => {
    const talk = selected({ store: threeMessages() });
    expect(data(talk.lines('a FETCH 1:2 BODY[]<0.1>'))).toEqual([
      '* 1 FETCH (BODY[]<0> "o")',
      '* 2 FETCH (FLAGS (\\Seen \\Flagged) BODY[]<0> "t")',
    ]);
    expect(data(talk.lines('b FETCH 3 BODY.PEEK[]<0.1>'))).toEqual(['* 3 FETCH (BODY[]<0> "t")']);
    const reader = selected({ store: threeMessages() }, 'EXAMINE INBOX');
    expect(data(reader.lines('a FETCH 2 (BODY[]<0.1> FLAGS)'))).toEqual([
      '* 2 FETCH (FLAGS (\\Flagged) BODY[]<0> "t")',
    ]);
  });

  it('gives the chunks of a D/MIME message as they are', () => {
    const store = testStore();
    const message = sentMessage({ attachments: [{ data: Buffer.from('first') }, { data: Buffer.from('second') }] });
    const traced = messageOf('dime-2015', message.chunks, Buffer.from('trace'));
    const octets = serializeMessage(traced);
    put(store, octets);
    const talk = selected({ store });
    // Payload and key slots: all of a chunk behind its type and length.
    const expected = [
      { type: 0, octets: Buffer.from('trace') },
      ...[...traced.chunks].map((chunk) => ({ type: chunk.definition.type, octets: chunk.octets.subarray(4) })),
    ];
    const structure = expected.map(({ type, octets: { length } }) => `(${type} ${length})`).join(' ');
    expect(data(talk.lines('a FETCH 1 (BODYSTRUCTURE SIZE)'))).toEqual([
      `* 1 FETCH (SIZE ${octets.length} BODYSTRUCTURE (${structure}))`,
    ]);
    const seen = new Map<number, number>();
    for (const { type, octets: chunk } of expected) {
      const index = (seen.get(type) ?? 0) + 1;
      seen.set(type, index);
      const answer = talk.octets(`b FETCH 1 BODY.PEEK[${type}.${index}]\r\n`);
      expect(answer.includes(Buffer.from(chunk).toString('latin1')), `${type}.${index}`).toBe(true);
      expect(answer).toMatch(new RegExp(`BODY\\[${type}\\.${index}\\] (~?\\{${chunk.length}\\}|"trace")`));
    }
    expect(seen.get(131)).toBe(2);
    expect(data(talk.lines('c FETCH 1 (BODY.PEEK[131.3] BODY.PEEK[200.1]<5.1>)'))).toEqual([
      '* 1 FETCH (BODY[131.3] NIL BODY[200.1]<5> NIL)',
    ]);
    expect(talk.octets('d FETCH 1 BODY.PEEK[]\r\n')).toContain(Buffer.from(octets).toString('latin1'));
  });

  it('streams what is long, a piece at a time', () => {
    const store = testStore();
    const octets = Buffer.alloc(3_000_000, 'abcdefg\0');
    put(store, octets);
    const talk = selected({ store, limits: { burstOctets: 100_000 } });
    talk.sizes.length = 0;
    const answer = talk.octets('a FETCH 1 (SIZE BODY.PEEK[] UID)\r\n');
    const [head, tail] = ['* 1 FETCH (UID 1 SIZE 3000000 BODY[] ~{3000000}\r\n', ')\r\na OK They are fetched.\r\n'];
    expect(answer).toHaveLength(head.length + octets.length + tail.length);
    expect(answer.startsWith(head) && answer.endsWith(tail)).toBe(true);
    expect(answer.slice(head.length, -tail.length) === octets.toString('latin1')).toBe(true);
    expect(talk.sizes.length).toBeGreaterThan(10);
  });

  it('closes the connection when the octets cannot be read any more, since it cannot say so', () => {
    const store = testStore();
    put(store, Buffer.alloc(200_000));
    let broken = false;
    const failing = {
      ...store,
      open: (mailbox: number, uid: number) => {
        const reader = store.open(mailbox, uid);
        if (reader === null) return null;
        return {
          ...reader,
          *pieces(start: number, count: number) {
            for (const piece of reader.pieces(start, count)) {
              if (broken) throw new Error('the disk is gone');
              yield piece;
              broken = true;
            }
          },
        };
      },
    };
    const talk = selected({ store: failing });
    expect(talk.octets('a FETCH 1 BODY[]\r\n')).not.toMatch(/BYE|NO/);
    expect(talk.closed).toBe(true);
  });
});

describe('STORE', () => {
  it('replaces, adds and removes, and tells the new flags unless it is silent', () => {
    const talk = selected({ store: threeMessages() });
    expect(data(talk.lines('a STORE 1:2 +FLAGS (\\Answered \\forwarded)'))).toEqual([
      '* 1 FETCH (FLAGS (\\Seen \\Answered \\Forwarded))',
      '* 2 FETCH (FLAGS (\\Answered \\Forwarded \\Flagged))',
    ]);
    expect(data(talk.lines('b UID STORE 1 -FLAGS \\Answered \\Seen'))).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Forwarded))',
    ]);
    expect(data(talk.lines('c STORE 1 FLAGS.SILENT ()'))).toEqual([]);
    expect(data(talk.lines('d FETCH 1 FLAGS'))).toEqual(['* 1 FETCH (FLAGS ())']);
    expect(talk.say('e STORE 1 +FLAGS (\\Recent)')).toMatch(/^e BAD /);
    expect(talk.say('f STORE 9 FLAGS ()')).toMatch(/^f BAD /);
    expect(talk.lines('g UID STORE 9 FLAGS ()')).toEqual([expect.stringMatching(/^g OK /)]);
  });

  it('changes nothing that was selected by EXAMINE', () => {
    const talk = selected({ store: threeMessages() }, 'EXAMINE INBOX');
    for (const line of ['STORE 1 FLAGS ()', 'STORE 1 META "x"', 'EXPUNGE', 'SUBMIT 1']) {
      expect(talk.say(`a ${line}`), line).toMatch(/^a NO /);
    }
    expect(data(talk.lines('b FETCH 1 FLAGS'))).toEqual(['* 1 FETCH (FLAGS (\\Seen))']);
  });

  it('writes, tells and removes META, and MODSEQ goes up each time', () => {
    const talk = selected({ store: threeMessages() });
    expect(data(talk.lines('a FETCH 1 META'))).toEqual(['* 1 FETCH (META NIL)']);
    expect(data(talk.lines('b STORE 1 META ~{3+}\r\na\0b'))).toEqual(['* 1 FETCH (META ~{3}', 'a\0b)']);
    expect(data(talk.lines('c STORE 1 META.SILENT "text"'))).toEqual([]);
    expect(data(talk.lines('d FETCH 1 (META MODSEQ)'))).toEqual(['* 1 FETCH (MODSEQ (6) META "text")']);
    talk.say('e STORE 1 META NIL');
    expect(data(talk.lines('f FETCH 1 (META MODSEQ)'))).toEqual(['* 1 FETCH (MODSEQ (7) META NIL)']);
    expect(talk.say('g STORE 1 +META "x"')).toMatch(/^g BAD /);
    expect(talk.say('h STORE 1 META {1048577}')).toMatch(/^h NO \[TOOBIG\] /);
  });

  it('with UNCHANGEDSINCE leaves alone what others changed', () => {
    const talk = selected({ store: threeMessages() });
    expect(talk.say('a STORE 1,3 (UNCHANGEDSINCE 3) +FLAGS.SILENT (\\Answered)').split('\r\n')).toEqual([
      '* 1 FETCH (MODSEQ (5))',
      expect.stringMatching(/^a OK \[MODIFIED 3\] /),
    ]);
    expect(data(talk.lines('b FETCH 1:3 FLAGS (CHANGEDSINCE 3)'))).toEqual([
      '* 1 FETCH (FLAGS (\\Seen \\Answered))',
      '* 3 FETCH (FLAGS (\\Deleted $Label))',
    ]);
    const base = selected({ store: threeMessages(), extensions: [] });
    for (const line of ['STORE 1 (UNCHANGEDSINCE 3) FLAGS ()', 'SEARCH MODSEQ 1', 'UID EXPUNGE 1']) {
      expect(base.say(`c ${line}`), line).toMatch(/^c BAD /);
    }
  });

  it('tells FLAGS again when a keyword is new', () => {
    const talk = selected({ store: threeMessages() });
    expect(talk.lines('a STORE 1 +FLAGS (New)')[0]).toMatch(/^\* FLAGS \(.* \$Label New\)$/);
    expect(data(talk.lines('b STORE 2 +FLAGS (NEW)'))).toEqual(['* 2 FETCH (FLAGS (\\Flagged New))']);
  });
});

describe('SEARCH', () => {
  it.each([
    ['ALL', '1 2 3'],
    ['SEEN', '1'],
    ['UNSEEN', '2 3'],
    ['DELETED', '3'],
    ['UNDELETED', '1 2'],
    ['1,3', '1 3'],
    ['*', '3'],
    ['9:7', ''],
    ['UID 2:9', '2 3'],
    ['UID 9:*', '3'],
    ['NOT 2', '1 3'],
    ['OR 1 3', '1 3'],
    ['OR SEEN DELETED 1', '1'],
    ['(SEEN NOT DELETED) ALL', '1'],
    ['LARGER 3', '2 3'],
    ['SMALLER 5', '1'],
    ['ON 2-Nov-2026', '1 2 3'],
    ['ON "02-nov-2026"', '1 2 3'],
    ['BEFORE 2-Nov-2026', ''],
    ['SINCE 3-Nov-2026', ''],
    ['SINCE 2-Nov-2026 UNSEEN', '2 3'],
  ])('%s', (keys, numbers) => {
    expect(data(selected({ store: threeMessages() }).lines(`a SEARCH ${keys}`))).toEqual([
      `* SEARCH${numbers === '' ? '' : ` ${numbers}`}`,
    ]);
  });

  it('refuses keys that it does not know', () => {
    const talk = selected({ store: threeMessages() });
    for (const keys of ['', ' FLAGGED', ' TEXT x', ' CHARSET UTF-8 ALL', ' NOT', ' OR 1', ' ()', ' ON 31-Feb-2026']) {
      expect(talk.say(`a SEARCH${keys}`), keys).toMatch(/^a BAD /);
    }
  });

  it('takes only so many keys, since each may be asked of every message', () => {
    const talk = selected({ store: threeMessages() });
    expect(talk.say(`a SEARCH${' ALL'.repeat(500)}`)).toMatch(/^\* SEARCH 1 2 3\r\na OK /);
    expect(talk.say(`b SEARCH (NOT${' (ALL'.repeat(499)}${')'.repeat(499)})`)).toMatch(/^b NO \[LIMIT\] /);
  });

  it('knows UIDs from sequence numbers, and tells the highest MODSEQ when asked by it', () => {
    const store = threeMessages();
    const talk = selected({ store });
    talk.say('a STORE 1 +FLAGS (\\Deleted)', 'b UID EXPUNGE 1');
    expect(data(talk.lines('c UID SEARCH 1'))).toEqual(['* SEARCH 2']);
    expect(data(talk.lines('d UID SEARCH UID 1,3'))).toEqual(['* SEARCH 3']);
    expect(data(talk.lines('e SEARCH MODSEQ 4'))).toEqual(['* SEARCH 2 (MODSEQ 4)']);
  });
});

describe('COPY and EXPUNGE', () => {
  it('copies with flags, date and META, to the end', () => {
    const store = threeMessages();
    const talk = selected({ store });
    talk.say('a CREATE b', 'c STORE 1 META "m"');
    expect(talk.say('d COPY 3,1 b')).toMatch(/^d OK \[COPYUID 1700000001 1,3 1:2\] /);
    expect(talk.say('e UID COPY 2 INBOX')).toMatch(/^\* 4 EXISTS\r\ne OK \[COPYUID 1700000000 2 4\] /);
    expect(talk.say('f UID COPY 77 b')).toMatch(/^f OK [^[]/);
    talk.say('g SELECT b');
    expect(data(talk.lines('h FETCH 1:* (UID FLAGS META)'))).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Seen) META "m")',
      '* 2 FETCH (UID 2 FLAGS (\\Deleted $Label) META NIL)',
    ]);
    for (const [line, ends] of [
      ['COPY 1 none', 'NO \\[TRYCREATE\\]'],
      ['COPY 1 a//b', 'NO \\[CANNOT\\]'],
      ['COPY 9 b', 'BAD'],
    ]) {
      expect(talk.say(`i ${line}`), line).toMatch(new RegExp(`^i ${ends} `));
    }
  });

  it('removes one after the other', () => {
    const store = threeMessages();
    const talk = selected({ store });
    talk.say('a STORE 1 +FLAGS.SILENT (\\Deleted)');
    expect(data(talk.lines('b EXPUNGE'))).toEqual(['* 1 EXPUNGE', '* 2 EXPUNGE']);
    expect(data(talk.lines('c FETCH 1:* UID'))).toEqual(['* 1 FETCH (UID 2)']);
    expect(data(talk.lines('d EXPUNGE'))).toEqual([]);
  });
});
