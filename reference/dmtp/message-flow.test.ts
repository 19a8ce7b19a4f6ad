/** What happens between DATA and the reply after the message (sections 12.1 rule 10 and 12.4 of the DMTP digest). */
import { describe, expect, test } from 'vitest';
import type { DmtpStore } from '../account/store.js';
import { addressed, greeted, message, Talk, testStore } from './session.test-support.js';

const bad = '554 INVALID DMIME DATA RECEIVED.\r\n';
const stored = /^250 OK \[[A-Za-z0-9_-]+\]\r\n$/;
const everyOctet = String.fromCharCode(...Array.from({ length: 256 }, (_, octet) => octet));

/** A session after `354`, and its store. */
function awaitingMessage(mail: string, limit = 1000) {
  const store = testStore();
  const talk = new Talk({ store, limits: { messageOctets: limit, violations: 3 } });
  expect(talk.say(...greeted, mail, 'RCPT TO: <DIME.example> [fp]', 'DATA')).toBe('354 CONTINUE [NONE]\r\n');
  return { talk, store };
}
const sized = (octets: number) => `MAIL FROM: <Origin.example> [fp] SIZE=${octets}`;
const unsized = 'MAIL FROM=<Origin.example> FINGERPRINT=[fp]';

describe('a message', () => {
  test.each([
    ['with SIZE', sized(262)],
    ['without SIZE', unsized],
  ])('%s is stored octet for octet, without its line end', (_, mail) => {
    const { talk, store } = awaitingMessage(mail);
    expect(talk.octets(`${message(everyOctet)}\r\n`)).toMatch(stored);
    const [kept] = store.messages();
    expect(kept).toMatchObject({ origin: 'origin.example', destination: 'dime.example', size: 262 });
    expect(Buffer.from(kept?.octets() ?? []).toString('latin1')).toBe(message(everyOctet));
  });

  test('keeps its tracing block, which SIZE counts', () => {
    const traced = `\x07\x2d\0\x03abc${message('chunk')}`;
    for (const mail of [sized(traced.length), unsized]) {
      const { talk, store } = awaitingMessage(mail);
      expect(talk.octets(`${traced}\n`)).toMatch(stored);
      expect(Buffer.from(store.messages()[0]?.octets() ?? []).toString('latin1')).toBe(traced);
    }
  });

  test('is not ended by dots, and octets after its line end are the next command', () => {
    const { talk, store } = awaitingMessage(sized(16));
    expect(talk.octets(`${message('\r\n.\r\nQUIT\n')}\r\nNOOP\r\n`)).toMatch(/^250 OK \[[\w-]+\]\r\n250 OK\r\n$/);
    expect(store.messages()).toHaveLength(1);
    expect(talk.session.awaiting).toBe('command');
  });

  test('has an id of its own, named in the reply', () => {
    const store = testStore();
    const talk = new Talk({ store });
    const replies = [1, 2, 3].map(() => {
      talk.say(...addressed, 'DATA');
      return talk.say(message());
    });
    const ids = store.messages().map(({ id }) => id);
    expect(replies).toEqual(ids.map((id) => `250 OK [${id}]\r\n`));
    expect(new Set(ids).size).toBe(3);
  });

  test('ends the transaction but not EHLO, taken or not', () => {
    for (const body of [message(), 'nonsense']) {
      const { talk } = awaitingMessage(sized(6));
      talk.say(body);
      expect(talk.say('DATA')).toBe('503 DATA REJECTED - PLEASE PROVIDE A MAIL FROM AND TRY AGAIN\r\n');
    }
  });

  test('leaves no trace when the peer goes away, time is up or the server goes down', () => {
    for (const leave of [
      (talk: Talk) => talk.session.end(),
      (talk: Talk) => talk.expire(),
      (talk: Talk) => talk.shutdown(),
    ]) {
      const { talk, store } = awaitingMessage(sized(106));
      talk.octets(message('x'.repeat(100)).slice(0, -1));
      expect(store.heldOctets).toBe(105);
      leave(talk);
      expect(store.heldOctets).toBe(0);
      expect(store.messages()).toEqual([]);
      expect(talk.octets('x\r\n')).toBe('');
    }
  });
});

describe('a message that is refused', () => {
  test.each([
    ['text instead of a line end', sized(6), `${message()}NOOP\r\n`],
    ['a CR without LF', sized(6), `${message()}\rNOOP\n`],
    ['two CRs', sized(6), `${message()}\r\r\n`],
    ['no message, the LF among its octets', sized(6), 'ab\ncd\n\r\n'],
    ['SIZE smaller than a header', sized(3), '\x07\x37\0\r\n'],
    ['SIZE smaller than the message', sized(7), `${message('ab')}\r\n`],
    ['SIZE larger than the message', sized(9), `${message('ab')}x\r\n`],
    ['no message, without SIZE', unsized, 'hello\r\n'],
    ['an LF at once, without SIZE', unsized, '\n'],
    ['an LF for the second magic octet, without SIZE', unsized, '\x07\n'],
    ['tracing of no octets, without SIZE', unsized, '\x07\x2d\0\0\x07\x37\0\0\0\0\r\n'],
    ['octets after it, without SIZE', unsized, `${message('ab')}cd\r\n`],
  ])('%s: one reply, and the next line is a command again', (_, mail, octets) => {
    const { talk, store } = awaitingMessage(mail);
    expect(talk.octets(`${octets}MODE\r\n`)).toBe(`${bad}200 OK DMTPv1\r\n`);
    expect(store.messages()).toEqual([]);
    expect(store.heldOctets).toBe(0);
  });

  test('without SIZE and over the limit, its octets are still read, but kept nowhere', () => {
    const { talk, store } = awaitingMessage(unsized, 100);
    expect(talk.octets(message('NOOP\r\n'.repeat(20)))).toBe('');
    expect(store.heldOctets).toBe(0);
    expect(talk.octets('\r\nMODE\r\n')).toMatch(/^552 .* 100 BYTES IN LENGTH\r\n200 OK DMTPv1\r\n$/);
  });

  test('exactly at the limit is not over it', () => {
    const { talk } = awaitingMessage(unsized, 100);
    expect(talk.say(message('x'.repeat(94)))).toMatch(stored);
  });
});

describe('a store that fails', () => {
  const later = '451 INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER\r\n';
  const fail = (): never => {
    throw new Error('no space left');
  };
  const sink = { write: () => undefined, pieces: () => [], commit: () => undefined, abort: () => undefined };
  test.each<[string, Partial<DmtpStore>]>([
    ['to open a place', { receive: fail }],
    ['to write', { receive: () => ({ ...sink, write: fail }) }],
    ['to commit', { receive: () => ({ ...sink, commit: fail }) }],
    ['to write and then to abort', { receive: () => ({ ...sink, write: fail, abort: fail }) }],
  ])('%s costs the message, not the session', (_, broken) => {
    const talk = new Talk({ store: { ...testStore(), ...broken } });
    talk.say(...addressed, 'DATA');
    expect(talk.octets(`${message()}\r\nMODE\r\n`)).toBe(`${later}200 OK DMTPv1\r\n`);
  });

  test('and refuses a message is told to forget it', () => {
    const calls: string[] = [];
    const receive = () => ({
      ...sink,
      write: () => calls.push('write'),
      commit: fail,
      abort: () => calls.push('abort'),
    });
    const talk = new Talk({ store: { ...testStore(), receive } });
    talk.say(...addressed, 'DATA', message());
    expect(calls).toEqual(['write', 'abort']);
  });

  test('is asked for no more than it was sent: one write for each piece, in order', () => {
    const pieces: string[] = [];
    const store: DmtpStore = {
      ...testStore(),
      receive: () => ({ ...sink, write: (octets) => pieces.push(Buffer.from(octets).toString('latin1')) }),
    };
    const talk = new Talk({ store });
    talk.say(...greeted, sized(12), 'RCPT TO: <dime.example> [fp]', 'DATA');
    for (const piece of ['\x07\x37\0', '\0\0\x06ab', 'cdef\r', '\n']) talk.octets(piece);
    expect(pieces).toEqual(['\x07\x37\0', '\0\0\x06', 'ab', 'cdef']);
  });
});
