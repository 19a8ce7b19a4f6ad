import { describe, expect, it } from 'vitest';
import { alice, put, selected, Talk, testStore } from './session.test-support.js';

/** A generator of numbers below `below`, the same in each run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe('the cuts between pieces', () => {
  const script = [
    'a CREATE x',
    'b APPEND x (\\SubmitPending) {5}\r\nab\0de',
    'c SELECT {1+}\r\nx',
    'd FETCH 1 (BODY[] UID)',
    'e STORE 1 META ~{3+}\r\n\0\r\n',
    'f SEARCH OR (SEEN) 1',
    'g FROB',
    'h LIST "" *',
    '',
    'i LOGOUT',
  ]
    .map((line) => `${line}\r\n`)
    .join('');
  const answersTo = (pieces: string[]): string => {
    const talk = new Talk({ store: testStore() });
    return talk.start() + pieces.map((piece) => talk.octets(piece)).join('');
  };

  it('make no difference, wherever they are', () => {
    const whole = answersTo([script]);
    expect(whole).toMatch(/\r\ni OK [^\r]+\r\n$/);
    expect(answersTo([...script])).toBe(whole);
    for (let cut = 1; cut < script.length; cut++) {
      expect(answersTo([script.slice(0, cut), script.slice(cut)]), `cut at ${cut}`).toBe(whole);
    }
  });
});

describe('octets that nobody would send', () => {
  it.each([
    ['a bare line feed', 'a NOOP\nb NOOP\r\n'],
    ['a bare carriage return', 'a NO\rOP\r\n'],
    ['a NUL', 'a NO\0OP\r\n'],
    ['a tag with a plus', 'a+b NOOP\r\n'],
    ['two spaces', 'a  NOOP\r\n'],
    ['a tab', 'a\tNOOP\r\n'],
    ['a space at the end', 'a NOOP \r\n'],
    ['nothing', '\r\n'],
    ['high octets', 'a \xff\xfe\r\n'],
    ['8-bit text in a quoted string that is no UTF-8', 'a SELECT "\xff"\r\n'],
    ['a quotation mark that does not end', 'a SELECT "x\r\n'],
    ['a wrong escape', 'a SELECT "\\x"\r\n'],
    ['a line of the largest length and one more', `a SEARCH ${'1,'.repeat(40_000)}1\r\n`],
    ['a literal that is too large', 'a SELECT {1048577}\r\n'],
    ['a size with too many digits', 'a SELECT {99999999999999999999}\r\n'],
    ['deep parentheses', `a SEARCH ${'('.repeat(30_000)}1${')'.repeat(30_000)}\r\n`],
    ['deep negations', `a SEARCH ${'NOT '.repeat(10_000)}1\r\n`],
    ['a deep list', `a XFOO ${'('.repeat(30_000)}\r\n`],
  ])('%s: one refusal, and the session goes on', (_, octets) => {
    const talk = selected();
    const answer = talk.octets(octets);
    expect(answer).toMatch(/^(a|\*) (BAD|NO) [^\r\n]+\r\n$|^a OK|^\* SEARCH/);
    expect(talk.octets('z NOOP\r\n')).toMatch(/^z OK [^\r]+\r\n$/);
  });

  it('is cut off when a line, or a literal that was not asked for, has no end', () => {
    for (const opening of ['', 'a SELECT {4000000000+}\r\n']) {
      const talk = selected({ limits: { skippedOctets: 200_000 } });
      let answer = talk.octets(opening);
      for (let piece = 0; piece < 20 && !talk.closed; piece++) answer += talk.octets('x'.repeat(65_536));
      expect(answer).toContain('* BYE ');
      expect(talk.closed).toBe(true);
    }
  });

  it('is cut off after many commands in a row that are none', () => {
    const talk = selected({ limits: { garbageLines: 3 } });
    talk.say('GET / HTTP/1.1', 'Host: x', 'a NOOP', 'x', 'x');
    expect(talk.closed).toBe(false);
    expect(talk.say('x', 'x')).toMatch(/\* BYE /);
    expect(talk.closed).toBe(true);
  });

  it('is cut off when more is sent ahead of an answer than is kept', () => {
    const store = testStore();
    put(store, 'x', ['\\SubmitPending']);
    const talk = selected({ store, limits: { heldOctets: 1000 } });
    talk.say('a SUBMIT 1');
    expect(talk.octets('b NOOP\r\n'.repeat(200))).toMatch(/^\* BYE /);
    talk.session.submitted({ accepted: true });
    expect(store.summary(store.mailbox(alice, 'INBOX')?.id ?? 0, 1)?.flags).toEqual(['\\Submitted']);
  });

  it('does not break an answer by what it says of itself', () => {
    const talk = selected();
    for (const name of ['{6+}\r\na\r\nb c', '"[ALERT] x"', '{3+}\r\na\x07b']) {
      for (const line of talk.lines(`a CREATE ${name}`)) expect(line).toMatch(/^a (OK|NO|BAD) /);
    }
  });
});

describe('a store that fails', () => {
  it('is no reason to leave the peer without an answer', () => {
    const store = testStore();
    const failing = {
      ...store,
      mailboxes: () => {
        throw new Error('secret: the disk is gone');
      },
    };
    const talk = new Talk({ store: failing });
    talk.start();
    const answer = talk.say('a LIST *');
    expect(answer).toMatch(/^a NO \[SERVERBUG\] /);
    expect(answer).not.toContain('secret');
    expect(talk.say('b NOOP')).toMatch(/^b OK /);
  });
});

it('stands a hundred thousand random pieces', () => {
  const words =
    'NOOP FETCH STORE SEARCH UID APPEND INBOX x/y LIST STATUS 1 2:* * ( ) () "" "x" \\Seen \\Deleted FLAGS +FLAGS BODY[] BODY[67.1]<0.9> META NIL {3} {3+} ~{2+} SELECT EXAMINE COPY EXPUNGE CLOSE CREATE DELETE RENAME (MESSAGES) ALL NOT OR SUBMIT GETKEY ADDKEY k LISTKEYS ADDSIGNET LISTSIGNETS % \0 \xff \r \n'.split(
      ' ',
    );
  const pick = numbers(20261102);
  const fresh = (): Talk => selected({ limits: { garbageLines: 1_000_000 } });
  let talk = fresh();
  let completions = 0;
  for (let piece = 0; piece < 100_000; piece++) {
    const text = pick(5) === 0 ? '\r\nt ' : `${words[pick(words.length)]}${pick(8) === 0 ? '' : ' '}`;
    completions += talk.octets(text).match(/^t (?:OK|NO|BAD) /gm)?.length ?? 0;
    if (talk.session.awaiting === 'outcome') talk.take(talk.session.submitted({ accepted: true }));
    // Mailboxes and messages would pile up.
    if (talk.session.awaiting === 'nothing' || piece % 10_000 === 0) talk = fresh();
  }
  expect(talk.session.awaiting).toBe('input');
  expect(completions).toBeGreaterThan(1_000);
});
