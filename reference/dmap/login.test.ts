import { describe, expect, it } from 'vitest';
import { createMemoryMailStore } from '../account/memory-mail-store.js';
import { ephemeralLoginToken } from '../formats/stacie/index.js';
import { createStacieMechanism } from '../stacie/mechanism.js';
import { desk, published } from '../stacie/session.test-support.js';
import { alice, Talk, testStore } from './session.test-support.js';
import type { DmapSessionOptions } from './session-options.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const login = base64(JSON.stringify({ login: { username: published.username } }));

/** A server with the published account of STACIE, in mode PARANOID. */
function newcomer(options: Partial<DmapSessionOptions> = {}): Talk {
  const store = createMemoryMailStore();
  store.createAccount({ name: published.username, mode: 'PARANOID' });
  const { session } = desk();
  return new Talk({ store, beginStacie: () => createStacieMechanism(session), greeting: { kind: 'ok' }, ...options });
}

interface Method {
  readonly username: string;
  readonly salt: string;
  readonly nonce: string;
}

function methodIn(challenge: string): Method {
  expect(challenge).toMatch(/^\+ [A-Za-z0-9+/]+=*$/);
  return JSON.parse(Buffer.from(challenge.slice(2), 'base64').toString()).methods[0].password;
}

/** What a holder of the verification token answers. */
function proof({ username, salt, nonce }: Method, verificationToken = published.verificationToken): string {
  const octets = (text: string): Uint8Array => Buffer.from(text, 'base64url');
  const token = ephemeralLoginToken({ username, salt: octets(salt), nonce: octets(nonce), verificationToken });
  return base64(JSON.stringify({ authenticate: { username, nonce, token: Buffer.from(token).toString('base64url') } }));
}

describe('the greeting', () => {
  it('says that a login is needed, and what the server can do', () => {
    expect(newcomer().start()).toMatch(/^\* OK \[CAPABILITY DMAP=TRUSTFUL AUTH=STACIE [^\]]+\] .+\r\n$/);
  });

  it('says that none is needed', () => {
    const talk = new Talk();
    expect(talk.start()).toMatch(/^\* PREAUTH \[CAPABILITY DMAP=CAUTIOUS /);
    expect(talk.say('a AUTHENTICATE STACIE')).toMatch(/^a BAD /);
    expect(talk.say('b SELECT INBOX')).toMatch(/b OK \[READ-WRITE\] /);
  });

  it('sends away', () => {
    const talk = new Talk({ greeting: { kind: 'bye', text: 'Not today.' } });
    expect(talk.start()).toBe('* BYE Not today.\r\n');
    expect(talk.closed).toBe(true);
    expect(new Talk({ greeting: { kind: 'preauth', username: 'nobody' } }).start()).toMatch(/^\* BYE /);
  });
});

describe('AUTHENTICATE STACIE', () => {
  it('takes the five steps of DMAP-I-30, with an initial response or after an empty challenge', () => {
    for (const opening of ['initial', 'asked']) {
      const talk = newcomer();
      talk.start();
      let challenge: string;
      if (opening === 'initial') {
        challenge = talk.say(`a authenticate stacie ${login}`);
      } else {
        expect(talk.octets('a AUTHENTICATE STACIE\r\n')).toBe('+ \r\n');
        challenge = talk.say(login);
      }
      const realms = talk.say(proof(methodIn(challenge)));
      expect(JSON.parse(Buffer.from(realms.slice(2), 'base64').toString()).realms[0].label).toBe('mail');
      expect(talk.session.authenticated).toBe(false);
      // The mode is that of the account now, and the code spares a CAPABILITY command.
      expect(talk.say('')).toMatch(/^a OK \[CAPABILITY DMAP=PARANOID /);
      expect(talk.session.authenticated).toBe(true);
      expect(talk.say('b AUTHENTICATE STACIE')).toMatch(/^b BAD /);
    }
  });

  it('refuses a wrong token after a pause, and sends away after three', () => {
    const talk = newcomer();
    talk.start();
    const wrong = new Uint8Array(64).fill(1);
    for (const attempt of [1, 2, 3]) {
      const challenge = talk.say(`a AUTHENTICATE STACIE ${login}`);
      expect(talk.say(proof(methodIn(challenge), wrong))).toBe('');
      expect(talk.effects.at(-1)).toEqual({ kind: 'pause', milliseconds: 300 });
      expect(talk.session.awaiting).toBe('outcome');
      const answer = talk.take(talk.session.resume());
      expect(answer).toMatch(/^a NO \[AUTHENTICATIONFAILED\] /);
      expect(answer.includes('* BYE ')).toBe(attempt === 3);
    }
    expect(talk.closed).toBe(true);
  });

  it('shows unknown users the same', () => {
    const talk = newcomer();
    talk.start();
    const unknown = base64(JSON.stringify({ login: { username: 'nobody@example.tld' } }));
    const methods = [1, 2].map((attempt) => {
      const method = methodIn(talk.say(`a${attempt} AUTHENTICATE STACIE ${unknown}`));
      talk.say(proof(method));
      talk.take(talk.session.resume());
      return method;
    });
    expect(methods[0]?.salt).toBe(methods[1]?.salt);
    expect(methods[0]?.nonce).not.toBe(methods[1]?.nonce);
  });

  it.each([
    ['cancelled', '*', 'BAD'],
    ['foreign characters', 'a$b=', 'BAD'],
    ['a line that ends too early', 'YQ=', 'BAD'],
    ['a padding in the middle', 'YQ==YQ==', 'BAD'],
    ['base64 of no JSON', base64('{'), 'NO'],
    ['another message', base64('{"register":{"username":"x@example.tld"}}'), 'NO'],
  ])('ends when the client says something else: %s', (_, line, ends) => {
    const talk = newcomer();
    talk.start();
    talk.octets('a AUTHENTICATE STACIE\r\n');
    let answer = talk.say(line);
    if (talk.session.awaiting === 'outcome') answer = talk.take(talk.session.resume());
    expect(answer).toMatch(new RegExp(`^a ${ends} `));
    expect(talk.say('b NOOP')).toMatch(/^b OK /);
    expect(talk.say('c LIST *')).toMatch(/^c BAD /);
  });

  it('does not end well when the last line is not empty', () => {
    const talk = newcomer();
    talk.start();
    talk.say(proof(methodIn(talk.say(`a AUTHENTICATE STACIE ${login}`))));
    expect(talk.say('YQ==')).toMatch(/^a BAD /);
    expect(talk.session.authenticated).toBe(false);
  });
});

describe('other mechanisms', () => {
  it('are refused, PLAIN too unless it is allowed', () => {
    const talk = newcomer();
    expect(talk.start()).not.toContain('AUTH=PLAIN');
    expect(talk.say('a AUTHENTICATE PLAIN')).toMatch(/^a NO /);
    expect(talk.say('b AUTHENTICATE constructor')).toMatch(/^b NO /);
    expect(talk.say('c AUTHENTICATE')).toMatch(/^c BAD /);
  });

  it('take a password where they may', () => {
    const talk = new Talk({ greeting: { kind: 'ok' }, plain: true });
    expect(talk.start()).toContain('AUTH=PLAIN');
    expect(talk.say(`a AUTHENTICATE PLAIN ${base64(`\0${alice}\0secret`)}`)).toBe('');
    expect(talk.effects).toEqual([{ kind: 'check-password', username: alice, password: 'secret' }]);
    expect(talk.take(talk.session.checked(alice))).toMatch(/^a OK \[CAPABILITY DMAP=CAUTIOUS /);
  });

  it('do not let one user act as another', () => {
    const talk = new Talk({ store: testStore(), greeting: { kind: 'ok' }, plain: true });
    talk.start();
    talk.say(`a AUTHENTICATE PLAIN ${base64(`bob\0${alice}\0secret`)}`);
    expect(talk.effects.map(({ kind }) => kind)).toEqual(['pause']);
    expect(talk.take(talk.session.resume())).toMatch(/^a NO /);
  });
});

describe('the end', () => {
  it('comes with BYE before the completion of LOGOUT', () => {
    const talk = new Talk();
    talk.start();
    expect(talk.lines('a LOGOUT').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['* BYE', 'a OK']);
    expect(talk.closed).toBe(true);
    expect(talk.say('b NOOP')).toBe('');
  });

  it('comes with BYE when the peer is silent, and when the server goes down', () => {
    for (const end of ['expire', 'shutdown'] as const) {
      const talk = new Talk();
      talk.start();
      expect(talk.take(talk.session[end]())).toMatch(/^\* BYE [^\r]+\r\n$/);
      expect(talk.closed).toBe(true);
      expect(talk.session.awaiting).toBe('nothing');
    }
  });
});
