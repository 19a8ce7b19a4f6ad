/** Two sessions on one mailbox: what the one does, the other hears at the right moments (section 5.5, DMAP-I-82). */
import { describe, expect, it } from 'vitest';
import { alice, put, selected, type Talk, testStore } from './session.test-support.js';

function pair(flags: string[][] = [[], [], []]): { one: Talk; other: Talk } {
  const store = testStore();
  for (const each of flags) put(store, 'a message', each);
  return { one: selected({ store }), other: selected({ store }) };
}

const told = (talk: Talk, line: string): string[] => talk.lines(line).slice(0, -1);

describe('the other session', () => {
  it('hears of new messages and new flags while no command is under way', () => {
    const { one, other } = pair();
    one.say('a APPEND INBOX {1+}\r\nx', 'b STORE 2 +FLAGS (\\Seen)');
    expect(other.changes).toBeGreaterThan(0);
    expect(other.take(other.session.refresh()).split('\r\n')).toEqual([
      '* 4 EXISTS',
      '* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (6))',
      '',
    ]);
    expect(other.take(other.session.refresh())).toBe('');
    // The own changes came with the answers.
    expect(one.take(one.session.refresh())).toBe('');
  });

  it('hears nothing while its command is half sent, and all with the completion', () => {
    const { one, other } = pair();
    other.octets('x NO');
    one.say('a APPEND INBOX {1+}\r\nx');
    expect(other.take(other.session.refresh())).toBe('');
    expect(other.octets('OP\r\n')).toMatch(/^\* 4 EXISTS\r\nx OK /);
  });

  it('hears of removals only where its numbers may change', () => {
    const { one, other } = pair([[], ['\\Deleted'], []]);
    one.say('a EXPUNGE');
    expect(other.take(other.session.refresh())).toBe('');
    // Its numbers stand still in these.
    expect(told(other, 'b FETCH 3 UID')).toEqual(['* 3 FETCH (UID 3)']);
    expect(told(other, 'c SEARCH ALL')).toEqual(['* SEARCH 1 3']);
    expect(told(other, 'd STORE 3 +FLAGS (\\Seen)')).toEqual(['* 3 FETCH (FLAGS (\\Seen))']);
    expect(other.say('e FETCH 2 FLAGS')).toMatch(/^e NO /);
    expect(other.say('f STORE 2 FLAGS ()')).toMatch(/^f NO /);
    expect(told(other, 'g NOOP')).toEqual(['* 2 EXPUNGE']);
    expect(told(other, 'h FETCH 2 UID')).toEqual(['* 2 FETCH (UID 3)']);
  });

  it.each(['UID FETCH 3 UID', 'UID SEARCH ALL', 'UID STORE 3 FLAGS.SILENT ()', 'NOOP', 'COPY 1 INBOX', 'LIST none'])(
    'hears of them with %s',
    (command) => {
      const { one, other } = pair([['\\Deleted'], [], ['\\Deleted']]);
      one.say('a EXPUNGE');
      const removals = told(other, `b ${command}`).filter((line) => line.endsWith('EXPUNGE'));
      expect(removals).toEqual(['* 1 EXPUNGE', '* 2 EXPUNGE']);
    },
  );

  it('never hears a lower count but by EXPUNGE', () => {
    const { one, other } = pair([['\\Deleted'], [], []]);
    one.say('a EXPUNGE', 'b APPEND INBOX {1+}\r\nx');
    expect(told(other, 'c FETCH 2 UID')).toEqual(['* 2 FETCH (UID 2)', '* 4 EXISTS']);
    expect(told(other, 'd NOOP')).toEqual(['* 1 EXPUNGE']);
    expect(told(other, 'e FETCH 1:* UID')).toHaveLength(3);
  });

  it('does not hear of a message that came and went', () => {
    const { one, other } = pair([]);
    one.say('a APPEND INBOX (\\Deleted) {1+}\r\nx', 'b EXPUNGE');
    expect(told(other, 'c NOOP')).toEqual([]);
    one.say('d APPEND INBOX {1+}\r\ny');
    expect(told(other, 'e NOOP')).toEqual(['* 1 EXISTS']);
  });

  it('hears of changes by others with its own silent STORE, but not of its own', () => {
    const { one, other } = pair();
    one.say('a STORE 1 +FLAGS (\\Answered)');
    expect(told(other, 'b STORE 1:2 +FLAGS.SILENT (\\Seen)')).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Seen \\Answered) MODSEQ (6))',
    ]);
  });

  it('keeps a dead view of a mailbox that was deleted, until it leaves', () => {
    const store = testStore();
    store.createMailbox(alice, 'a');
    put(store, 'x', [], 'a');
    const one = selected({ store });
    const other = selected({ store }, 'SELECT a');
    one.say('a DELETE a');
    expect(other.say('b NOOP')).toMatch(/^b OK /);
    expect(other.say('c FETCH 1 FLAGS')).toMatch(/^c NO /);
    expect(other.say('d CLOSE')).toMatch(/^d OK /);
    expect(other.say('e SELECT INBOX')).toMatch(/e OK /);
  });

  it('is not heard any more once it has ended', () => {
    const { one, other } = pair();
    other.say('a LOGOUT');
    const before = other.changes;
    one.say('b APPEND INBOX {1+}\r\nx');
    expect(other.changes).toBe(before);
  });
});
