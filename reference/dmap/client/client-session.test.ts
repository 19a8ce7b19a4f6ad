/** The client's side of a connection, octet by octet: what it sends when, and what it makes of what comes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../grammar/dmap.js';
import { DmapClientError } from './client-error.js';
import { authenticated, capabilities, Serving, selected } from './session.test-support.js';

const set = [{ first: 1, last: 1 }];
const fetchFlags: Command = { name: 'FETCH', uid: false, set, what: [{ item: 'FLAGS' }], changedSince: null };
const append = (octets: string): Command => ({
  name: 'APPEND',
  mailbox: 'INBOX',
  flags: [],
  date: null,
  message: { size: octets.length, octets: Buffer.from(octets) },
});

function refusal(work: () => unknown): { code: string; requirement: string | undefined } {
  try {
    work();
  } catch (error) {
    if (error instanceof DmapClientError) return { code: error.code, requirement: error.requirement };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the greeting', () => {
  it.each([
    ['* OK hello', 'not-authenticated'],
    ['* ok hello', 'not-authenticated'],
    ['* PREAUTH hello', 'authenticated'],
  ])('%s leads to the state %s (DMAP-094)', (line, state) => {
    const serving = new Serving();
    expect(serving.say(line)).toBe('');
    expect(serving.session.state).toBe(state);
    expect(serving.effects).toEqual([{ kind: 'greeted' }]);
  });

  it('BYE is the end: nothing is sent, and what comes is read until the server closes', () => {
    const serving = new Serving();
    expect(serving.say('* BYE too many', '* OK more')).toBe('');
    expect(serving.over).toBeUndefined();
    serving.perform(serving.session.end('the server closed it'));
    expect(serving.over).toBe('DMAP: the server said BYE: "too many"');
  });

  it.each(['hello', '+ go', 'a1 OK hello', '* 3 EXISTS', '* NO no', '220 dx.example DMTPv1'])('is not %s', (line) => {
    const serving = new Serving();
    serving.say(line);
    expect(serving.over).toMatch(/^DMAP: the greeting is ".*"; right is untagged OK, PREAUTH or BYE \(DMAP-012\)$/);
  });

  it('may tell the capabilities, known and unknown ones (DMAP-427)', () => {
    const serving = new Serving();
    serving.say('* OK [CAPABILITY DMAP=PARANOID XYZZY] hello');
    expect(serving.session.capabilities).toEqual(['DMAP=PARANOID', 'XYZZY']);
    serving.say('* OK [CAPABILITY DMAP=TRUSTFUL] others now');
    expect(serving.session.capabilities).toEqual(['DMAP=TRUSTFUL']);
    serving.say('* CAPABILITY DMAP=CAUTIOUS');
    expect(serving.session.capabilities).toEqual(['DMAP=CAUTIOUS']);
  });
});

describe('a command', () => {
  it('has a tag of its own, never used before (DMAP-016, DMAP-017)', () => {
    const serving = authenticated();
    expect(serving.ask({ name: 'NOOP' })).toBe('c1 NOOP\r\n');
    serving.say('c1 OK .');
    expect(serving.ask({ name: 'NOOP' })).toBe('c2 NOOP\r\n');
  });

  it('begins only after the end of the one before (DMAP-025, DMAP-151)', () => {
    const serving = authenticated();
    serving.ask({ name: 'NOOP' });
    expect(() => serving.ask({ name: 'NOOP' })).toThrow('NOOP while another command is under way');
  });

  it.each<[string, Serving, Command, object]>([
    [
      'before the login',
      greeted(),
      { name: 'SELECT', mailbox: 'INBOX' },
      { code: 'wrong-state', requirement: 'DMAP-096' },
    ],
    ['before the selection', authenticated(), fetchFlags, { code: 'wrong-state', requirement: 'DMAP-099' }],
    [
      'twice',
      authenticated(),
      { name: 'AUTHENTICATE', mechanism: 'STACIE', initial: null },
      { code: 'wrong-state', requirement: 'DMAP-092' },
    ],
    [
      'about the selected mailbox',
      selected(3),
      { name: 'STATUS', mailbox: 'inbox', items: ['MESSAGES'] },
      { code: 'declined', requirement: 'DMAP-257' },
    ],
    [
      'with an extension that was not announced',
      selected(3),
      { ...fetchFlags, changedSince: 4n },
      { code: 'declined', requirement: 'DMAP-018' },
    ],
    [
      'that no line can hold',
      selected(3),
      { name: 'CREATE', mailbox: 'a\0b' },
      { code: 'bad-input', requirement: undefined },
    ],
  ])('is not sent %s', (_, serving, command, expected) => {
    expect(refusal(() => serving.ask(command))).toEqual(expected);
    expect(serving.sent()).toBe('');
    expect(serving.ask({ name: 'NOOP' })).toMatch(/^c\d NOOP\r\n$/);
  });

  it('by UID is not sent to a server without UIDs (DMAP-207)', () => {
    const serving = authenticated();
    serving.ask({ name: 'SELECT', mailbox: 'INBOX' });
    serving.say('* 1 EXISTS', 'c1 OK .');
    expect(refusal(() => serving.ask({ ...fetchFlags, uid: true }))).toEqual({
      code: 'declined',
      requirement: 'DMAP-207',
    });
  });

  it('ends with the completion of its tag, whatever else comes (DMAP-034, DMAP-035)', () => {
    const serving = selected(2);
    serving.ask({ name: 'NOOP' });
    serving.say('+ go', 'c1 OK again', 'zz BAD no', '* SEARCH 1', '* XWHAT (a "b")', '* 9 EXPUNGE', 'garbage', '* OK');
    expect(serving.effects.filter(({ kind }) => kind === 'completed')).toHaveLength(1);
    serving.say('c2 oK done');
    expect(serving.outcome).toMatchObject({ status: 'OK', text: 'done', ignored: 6 });
    expect(serving.outcome.data.map(({ kind }) => kind)).toEqual(['search', 'status']);
  });

  it('is told what came before it apart from what came with it (DMAP-390)', () => {
    const serving = selected(9);
    serving.say('* SEARCH 1 2');
    serving.ask({ name: 'SEARCH', uid: false, keys: [{ key: 'ALL' }] });
    serving.say('* SEARCH 3', 'c2 OK .');
    expect(serving.outcome.before).toEqual([{ kind: 'search', numbers: [1, 2], modseq: null }]);
    expect(serving.outcome.data).toEqual([{ kind: 'search', numbers: [3], modseq: null }]);
  });

  it('can succeed after an untagged NO, which is a warning (DMAP-411), and an ALERT is the user’s (DMAP-398)', () => {
    const serving = selected(1);
    serving.ask({ name: 'NOOP' });
    serving.say('* NO disk nearly full', '* OK [ALERT] down at noon', 'c2 OK [ALERT] soon .');
    expect(serving.outcome).toMatchObject({
      status: 'OK',
      warnings: ['disk nearly full'],
      alerts: ['down at noon', 'soon .'],
    });
  });

  it('whose completion cannot be read ends the connection', () => {
    const serving = selected(1);
    serving.ask({ name: 'NOOP' });
    serving.say('c2 YES');
    expect(serving.over).toBe('DMAP: the completion cannot be read: "c2 YES\\r\\n" (DMAP-031)');
  });
});

describe('a literal', () => {
  it('waits for its continuation request, and the rest of the command comes behind it (DMAP-116, DMAP-449)', () => {
    const serving = authenticated();
    expect(serving.ask(append('abc'))).toBe('c1 APPEND INBOX {3}\r\n');
    expect(serving.say('* 3 RECENT', '* OK wait')).toBe('');
    expect(serving.say('+')).toBe('abc\r\n');
    serving.say('c1 OK .');
    expect(serving.outcome.status).toBe('OK');
  });

  it('of no octets waits as well (DMAP-119)', () => {
    const serving = authenticated();
    expect(serving.ask(append(''))).toBe('c1 APPEND INBOX {0}\r\n');
    expect(serving.say('+ go')).toBe('\r\n');
  });

  it('each waits for its own', () => {
    const serving = authenticated();
    expect(serving.ask({ name: 'RENAME', from: 'é', to: 'ü' })).toBe('c1 RENAME {2}\r\n');
    expect(serving.say('+ go')).toBe('\xc3\xa9 {2}\r\n');
    expect(serving.say('+ go')).toBe('\xc3\xbc\r\n');
  });

  it.each(['BAD', 'NO'])('that is refused with %s is never sent (DMAP-023)', (status) => {
    const serving = authenticated();
    serving.ask(append('abc'));
    expect(serving.say(`c1 ${status} [TOOBIG] no`)).toBe('');
    expect(serving.outcome).toMatchObject({ status, code: { name: 'OTHER', word: 'TOOBIG' } });
    expect(serving.say('+ go')).toBe('');
    expect(serving.ask({ name: 'NOOP' })).toBe('c2 NOOP\r\n');
  });

  it('that nobody has seen was not taken: OK for it ends the connection', () => {
    const serving = authenticated();
    serving.ask(append('abc'));
    serving.say('c1 OK thanks');
    expect(serving.over).toMatch(/APPEND is answered with OK before its literals were sent \(DMAP-020\)$/);
  });

  it('waits no more once LITERAL+ was seen', () => {
    const serving = new Serving();
    serving.say('* PREAUTH [CAPABILITY DMAP=TRUSTFUL literal+] hello');
    expect(serving.ask(append('a\0b'))).toBe('c1 APPEND INBOX ~{3+}\r\na\0b\r\n');
  });
});

describe('the selected mailbox', () => {
  it('is what the server said of it', () => {
    const { mailbox, state } = selected(3).session;
    expect(state).toBe('selected');
    expect(mailbox).toMatchObject({
      name: 'INBOX',
      exists: 3,
      flags: ['\\Seen', '\\Deleted'],
      permanentFlags: ['\\Seen', '\\*'],
      uidValidity: 7,
      uidNext: 100,
      readOnly: false,
    });
    expect([mailbox?.keeps('\\seen'), mailbox?.keeps('\\Deleted'), mailbox?.keeps('$Work')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('without PERMANENTFLAGS keeps every flag (DMAP-206)', () => {
    const serving = authenticated();
    serving.ask({ name: 'SELECT', mailbox: 'INBOX' });
    serving.say('* 1 EXISTS', 'c1 OK .');
    expect(serving.session.mailbox?.keeps('\\Deleted')).toBe(true);
  });

  it('changes with whatever comes, between commands too (DMAP-036, DMAP-140, DMAP-431)', () => {
    const serving = selected(3);
    serving.say('* 4 EXISTS', '* FLAGS ($New)', '* OK [READ-ONLY] .', '* 2 FETCH (UID 12 FLAGS (\\Seen) MODSEQ (5))');
    expect(serving.session.mailbox).toMatchObject({ exists: 4, flags: ['$New'], readOnly: true });
    expect(serving.session.mailbox?.message(2)).toEqual({ uid: 12, flags: ['\\Seen'], modseq: 5n });
  });

  it('moves its numbers down with each EXPUNGE (DMAP-067)', () => {
    const serving = selected(4);
    serving.say('* 1 FETCH (UID 10)', '* 2 FETCH (UID 20)', '* 4 FETCH (UID 40)', '* 1 EXPUNGE', '* 1 EXPUNGE');
    expect(serving.session.mailbox?.exists).toBe(2);
    expect([...(serving.session.mailbox?.messages() ?? [])].map(([number, { uid }]) => [number, uid])).toEqual([
      [2, 40],
    ]);
  });

  it('of fewer messages than before without EXPUNGE is one of which nothing is known', () => {
    const serving = selected(2);
    serving.say('* 1 FETCH (UID 10)', '* 1 EXISTS');
    expect(serving.session.mailbox?.exists).toBe(1);
    expect(serving.session.mailbox?.message(1).uid).toBeNull();
  });

  it('is gone after a selection that failed, and stays after BAD (DMAP-155, DMAP-156)', () => {
    const failing = selected(2);
    failing.ask({ name: 'SELECT', mailbox: 'Gone' });
    failing.say('c2 NO .');
    expect([failing.session.state, failing.session.mailbox]).toEqual(['authenticated', null]);
    const bad = selected(2);
    bad.ask({ name: 'SELECT', mailbox: 'Gone' });
    bad.say('* 3 EXISTS', 'c2 BAD .');
    expect([bad.session.state, bad.session.mailbox?.name, bad.session.mailbox?.exists]).toEqual([
      'selected',
      'INBOX',
      3,
    ]);
  });

  it('is the new one from CLOSED on (DMAP-I-39), and none when CLOSED comes by itself (DMAP-I-52)', () => {
    const serving = selected(9);
    serving.ask({ name: 'EXAMINE', mailbox: 'Other' });
    serving.say('* 8 EXPUNGE', '* OK [CLOSED] .', '* 2 EXISTS', '* OK [UIDVALIDITY 8] .', 'c2 OK [READ-ONLY] .');
    expect(serving.session.mailbox).toMatchObject({ name: 'Other', exists: 2, readOnly: true, uidValidity: 8 });
    serving.say('* OK [CLOSED] deleted');
    expect([serving.session.state, serving.session.mailbox]).toEqual(['authenticated', null]);
  });
});

describe('the end', () => {
  it('after LOGOUT comes with the tagged OK (DMAP-104)', () => {
    const serving = authenticated();
    expect(serving.ask({ name: 'LOGOUT' })).toBe('c1 LOGOUT\r\n');
    serving.say('* BYE bye');
    expect(serving.over).toBeUndefined();
    serving.say('c1 OK .');
    expect(serving.over).toBeNull();
  });

  it('after LOGOUT without the tagged OK is one by the server', () => {
    const serving = authenticated();
    serving.ask({ name: 'LOGOUT' });
    serving.say('* BYE bye');
    serving.perform(serving.session.end('the server closed it'));
    expect(serving.over).toBe('DMAP: the server said BYE: "bye"');
  });

  it('by BYE lets the command that is under way complete, and sends no other (DMAP-418)', () => {
    const serving = authenticated();
    serving.ask({ name: 'NOOP' });
    serving.say('* BYE down', 'c1 OK .');
    expect(serving.outcome.status).toBe('OK');
    expect(refusal(() => serving.ask({ name: 'NOOP' }))).toEqual({ code: 'wrong-state', requirement: 'DMAP-092' });
    serving.perform(serving.session.expire(10));
    expect(serving.over).toBe('DMAP: the server said BYE: "down"');
  });

  it('is told with what was awaited', () => {
    const serving = authenticated();
    serving.ask(append('abc'));
    serving.perform(serving.session.expire(10));
    expect(serving.over).toBe('DMAP: the continuation request of APPEND did not come within 10 ms');
  });
});

describe('a hostile server', () => {
  it.each<[string, string]>([
    ['a bare line feed', '* OK a\nb'],
    ['a NUL', '* OK a\0b'],
    ['an endless line', `* OK ${'a'.repeat(5_000)}`],
    ['a literal that is too large', '* 1 FETCH (BODY[] {99999999}'],
    ['literals without end', `* LIST () "/" {0}\r\n ({0}\r\n ${'{0}\r\n '.repeat(20)}`],
  ])('that sends %s is left', (_, line) => {
    const serving = selected(3, { responseOctets: 4_096, literalOctets: 1_000, responseLiterals: 10 });
    serving.say(line);
    expect(serving.over).toMatch(/^DMAP: what came is no response: /);
  });

  it('is left after too many responses, or octets, for one command', () => {
    const serving = selected(3, { commandResponses: 10 });
    serving.ask({ name: 'NOOP' });
    serving.say(...Array.from({ length: 11 }, () => '* OK .'));
    expect(serving.over).toBe('DMAP: more than 10 responses came for one command');
    const large = selected(3, { commandOctets: 1_000 });
    large.say(`* OK ${'a'.repeat(1_000)}`);
    expect(large.over).toBe('DMAP: more than 1000 octets came for one command');
  });

  it('cannot slow the client down by removing messages one by one', () => {
    const serving = selected(4_000_000_000);
    serving.say('* 200000 FETCH (UID 5)', '* 4000000000 FETCH (UID 6)');
    const started = performance.now();
    for (let round = 0; round < 4; round++) serving.say(...Array.from({ length: 500 }, () => '* 1 EXPUNGE'));
    expect(serving.session.mailbox?.exists).toBe(3_999_998_000);
    expect(serving.session.mailbox?.message(198_000).uid).toBe(5);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('never makes it throw, whatever it sends', () => {
    const octets = fc.uint8Array({ maxLength: 5 }).map((some) => Buffer.from(some).toString('latin1'));
    const words = [
      '* ',
      '+ ',
      'c1 ',
      'c2 ',
      'OK ',
      'NO ',
      'BYE ',
      '1 EXISTS',
      '2 EXPUNGE',
      '1 FETCH (UID 3)',
      '[CLOSED] ',
      '{3}\r\n',
    ];
    const line = fc.array(fc.oneof(fc.constantFrom(...words), octets), {
      maxLength: 6,
    });
    const lines = fc.array(
      line.map((parts) => parts.join('')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), (texts, cut) => {
        const serving = new Serving({}, cut);
        serving.say('* PREAUTH hello');
        serving.ask({ name: 'SELECT', mailbox: 'INBOX' });
        serving.say(...texts);
        expect(['selected', 'authenticated', 'logout']).toContain(serving.session.state);
      }),
      { numRuns: 100 },
    );
  });
});

it('understands the same whatever the cuts between the pieces', () => {
  const told = (cut: number): unknown => {
    const serving = selected(3, {}, cut);
    serving.ask({ ...fetchFlags, what: [{ item: 'BODY', peek: true, section: null, partial: null }] });
    serving.say('* 1 FETCH (UID 5 BODY[] ~{6}', 'a\0\r\nb {9}) FLAGS (\\Seen))', '* 4 EXISTS', 'c2 OK .');
    return [serving.outcome, serving.session.mailbox?.exists, serving.session.mailbox?.message(1)];
  };
  const whole = told(Number.POSITIVE_INFINITY);
  for (let cut = 1; cut < 40; cut++) expect(told(cut)).toEqual(whole);
});

function greeted(): Serving {
  const serving = new Serving();
  serving.say(`* OK ${capabilities} hello`);
  return serving;
}
