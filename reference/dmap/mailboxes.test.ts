import { describe, expect, it } from 'vitest';
import { alice, put, selected, Talk, testStore } from './session.test-support.js';

function ready(): Talk {
  const talk = new Talk();
  talk.start();
  return talk;
}

/** Names that LIST gives for an argument. */
const names = (talk: Talk, argument: string): string[] =>
  talk
    .lines(`l LIST ${argument}`)
    .filter((line) => line.startsWith('* LIST'))
    .map((line) => line.replace(/^\* LIST \(.*?\) "\/" /, '').replace(/ \(.*/, ''));

describe('SELECT and EXAMINE', () => {
  it('tell in this order what a client has to know', () => {
    const store = testStore();
    put(store, 'one');
    put(store, 'two', ['$Label']);
    const flags = '\\Seen \\Answered \\Forwarded \\Flagged \\Deleted \\Draft \\SubmitPending \\Submitted $Label';
    const talk = new Talk({ store });
    talk.start();
    expect(talk.lines('a SELECT inbox').map((line) => line.replace(/\] .*/, ']'))).toEqual([
      `* FLAGS (${flags})`,
      '* 2 EXISTS',
      '* OK [UIDVALIDITY 1700000000]',
      '* OK [UIDNEXT 3]',
      `* OK [PERMANENTFLAGS (${flags} \\*)]`,
      '* OK [HIGHESTMODSEQ 3]',
      'a OK [READ-WRITE]',
    ]);
    const examined = talk.lines('b EXAMINE INBOX').map((line) => line.replace(/\] .*/, ']'));
    expect(examined[0]).toBe('* OK [CLOSED]');
    expect(examined).toContain('* OK [PERMANENTFLAGS ()]');
    expect(examined.at(-1)).toBe('b OK [READ-ONLY]');
  });

  it('leave nothing selected when they fail', () => {
    const talk = selected();
    expect(talk.say('a SELECT none')).toMatch(/^\* OK \[CLOSED\] .*\r\na NO /);
    expect(talk.say('b SEARCH ALL')).toMatch(/^b BAD /);
    expect(talk.say('c LIST *')).toMatch(/c OK /);
  });

  it('cannot select a name that is only a level', () => {
    const talk = ready();
    talk.say('a CREATE a/b', 'b DELETE a');
    expect(talk.say('c SELECT a')).toMatch(/^c NO /);
    expect(talk.say('d STATUS a (MESSAGES)')).toMatch(/^d NO /);
  });
});

describe('CLOSE', () => {
  it('removes what is deleted, and says nothing of it', () => {
    const store = testStore();
    put(store, 'goes', ['\\Deleted']);
    put(store, 'stays');
    const talk = selected({ store });
    expect(talk.lines('a CLOSE')).toEqual([expect.stringMatching(/^a OK /)]);
    expect(talk.say('b STATUS INBOX (MESSAGES)')).toMatch(/MESSAGES 1\)/);
    expect(talk.say('c CLOSE')).toMatch(/^c BAD /);
  });

  it.each(['EXAMINE INBOX', 'SELECT INBOX'])('removes nothing after %s otherwise', (command) => {
    const store = testStore();
    put(store, 'stays', ['\\Deleted']);
    const talk = selected({ store }, command);
    if (command.startsWith('EXAMINE')) talk.say('a CLOSE');
    else talk.say('a EXAMINE INBOX', 'b LOGOUT');
    expect(store.status(store.mailbox(alice, 'INBOX')?.id ?? 0).messages).toBe(1);
  });
});

describe('CREATE, DELETE and RENAME', () => {
  it('keep to the rules of names', () => {
    const talk = ready();
    for (const name of ['INBOX', 'inbox', '""', '/a', 'a//b', '{3+}\r\na\x01b', '{1+}\r\n\xff']) {
      expect(talk.say(`a CREATE ${name}`), name).toMatch(/^a (NO|BAD) /);
    }
    expect(talk.say('b CREATE a/b/')).toMatch(/^b OK /);
    expect(talk.say('c CREATE a/b')).toMatch(/^c NO \[ALREADYEXISTS\] /);
    expect(names(talk, '*')).toEqual(['INBOX', 'a', 'a/b']);
    expect(talk.say('d CREATE {5+}\r\nGr\xc3\xbcn')).toMatch(/^d OK /);
    expect(talk.octets('e LIST Gr%\r\n')).toContain('{5}\r\nGr\xc3\xbcn');
  });

  it('keep inferiors and UIDs', () => {
    const store = testStore();
    const talk = new Talk({ store });
    talk.start();
    talk.say('a CREATE a/b');
    put(store, 'x', [], 'a');
    expect(talk.say('b DELETE a')).toMatch(/^b OK /);
    expect(talk.say('c DELETE a')).toMatch(/^c NO /);
    expect(talk.lines('d LIST %')).toContain('* LIST (\\Noselect) "/" a');
    expect(talk.say('e STATUS a/b (MESSAGES)')).toMatch(/e OK /);
    const validity = (): number => Number(/UIDVALIDITY (\d+)/.exec(talk.say('f STATUS a (UIDVALIDITY)'))?.[1]);
    talk.say('g CREATE a');
    const first = validity();
    talk.say('h DELETE a/b', 'i DELETE a', 'j CREATE a');
    expect(validity()).toBeGreaterThan(first);
  });

  it('rename with inferiors, and move out of INBOX what is in it', () => {
    const store = testStore();
    const talk = new Talk({ store });
    talk.start();
    put(store, 'x');
    talk.say('a CREATE a/b', 'b CREATE INBOX/c');
    expect(talk.say('c RENAME a z/y')).toMatch(/^c OK /);
    expect(talk.say('d RENAME INBOX old')).toMatch(/^d OK /);
    expect(names(talk, '*')).toEqual(['INBOX', 'INBOX/c', 'old', 'z', 'z/y', 'z/y/b']);
    expect(talk.say('e STATUS INBOX (MESSAGES)')).toContain('(MESSAGES 0)');
    expect(talk.say('f STATUS old (MESSAGES)')).toContain('(MESSAGES 1)');
    for (const line of ['RENAME none x', 'RENAME old z', 'RENAME old inbox', 'RENAME z z/y/q']) {
      expect(talk.say(`g ${line}`), line).toMatch(/^g NO /);
    }
  });

  it('end the selection of a mailbox that its own session deletes', () => {
    const talk = ready();
    talk.say('a CREATE a', 'b SELECT a');
    expect(talk.say('c DELETE a')).toMatch(/^\* OK \[CLOSED\] .*\r\nc OK /);
    expect(talk.say('d SEARCH ALL')).toMatch(/^d BAD /);
    talk.say('e CREATE a', 'f SELECT a', 'g RENAME a b');
    expect(talk.say('h SEARCH ALL')).toMatch(/h OK /);
  });
});

describe('LIST', () => {
  it('matches patterns, and gives levels above with a final %', () => {
    const talk = ready();
    talk.say('a CREATE a/b/c', 'b CREATE d', 'c DELETE a', 'd DELETE a/b');
    expect(names(talk, '*')).toEqual(['INBOX', 'a', 'a/b', 'a/b/c', 'd']);
    expect(names(talk, '%')).toEqual(['INBOX', 'a', 'd']);
    expect(names(talk, 'a/%')).toEqual(['a/b']);
    expect(names(talk, 'inbox')).toEqual(['INBOX']);
    expect(names(talk, 'inb*')).toEqual([]);
    expect(names(talk, 'none')).toEqual([]);
    expect(talk.lines('e LIST ""')[0]).toBe('* LIST (\\Noselect) "/" ""');
    expect(talk.say('f LIST "" *')).toMatch(/^f BAD /);
  });

  it('takes options', () => {
    const store = testStore();
    const talk = new Talk({ store });
    talk.start();
    put(store, 'x');
    talk.say('a CREATE a/b', 'b SUBSCRIBE a/b', 'c SUBSCRIBE INBOX', 'd SUBSCRIBE gone/deep');
    store.setSpecialUse(alice, 'a', '\\Sent');
    expect(talk.lines('e LIST (SUBSCRIBED) *').slice(0, -1)).toEqual([
      '* LIST (\\Subscribed) "/" INBOX',
      '* LIST (\\Subscribed) "/" a/b',
      '* LIST (\\NonExistent \\Subscribed) "/" gone/deep',
    ]);
    expect(names(talk, '(SUBSCRIBED) %')).toEqual(['INBOX']);
    expect(talk.lines('f LIST (SUBSCRIBED RECURSIVEMATCH) %').slice(1, -1)).toEqual([
      '* LIST (\\Sent) "/" a (CHILDINFO ("SUBSCRIBED"))',
      '* LIST (\\NonExistent) "/" gone (CHILDINFO ("SUBSCRIBED"))',
    ]);
    expect(talk.lines('g LIST (SPECIAL-USE) * RETURN (CHILDREN SUBSCRIBED)').slice(0, -1)).toEqual([
      '* LIST (\\HasChildren \\Sent) "/" a',
    ]);
    expect(talk.lines('h LIST INBOX RETURN (STATUS (MESSAGES UNSEEN))')[0]).toBe(
      '* LIST () "/" INBOX ("STATUS" (MESSAGES 1 UNSEEN 1))',
    );
    for (const line of ['LIST (FROB) *', 'LIST * RETURN (FROB)', 'LIST * RETURN (STATUS)', 'LIST (RECURSIVEMATCH) *']) {
      expect(talk.say(`i ${line}`), line).toMatch(/^i (BAD|NO) /);
    }
    expect(talk.say('j UNSUBSCRIBE a/b', 'k UNSUBSCRIBE a/b')).toMatch(/^k OK /);
    talk.say('l DELETE a/b');
    expect(names(talk, '(SUBSCRIBED) *')).toEqual(['INBOX', 'gone/deep']);
  });
});

describe('STATUS', () => {
  it('counts, and gives each item once', () => {
    const store = testStore();
    put(store, 'x', ['\\Seen']);
    put(store, 'y');
    const talk = selected({ store });
    expect(talk.lines('a STATUS inbox (UNSEEN MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)')[0]).toBe(
      '* STATUS INBOX (UNSEEN 1 MESSAGES 2 UIDNEXT 3 UIDVALIDITY 1700000000 HIGHESTMODSEQ 3)',
    );
    for (const [line, ends] of [
      ['STATUS INBOX (RECENT)', 'BAD'],
      ['STATUS INBOX ()', 'BAD'],
      ['STATUS "*" (MESSAGES)', 'NO'],
    ]) {
      expect(talk.say(`b ${line}`), line).toMatch(new RegExp(`^b ${ends} `));
    }
  });
});
