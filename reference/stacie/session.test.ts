import { describe, expect, it } from 'vitest';
import { createMemoryStacieStore } from '../account/store.js';
import { parseStacieAnswer, parseStacieMessage } from '../formats/stacie/messages/index.js';
import { createStacieMechanism } from './mechanism.js';
import type { StacieReply } from './session.js';
import { countingRandom, desk, published, publishedAccount } from './session.test-support.js';

const failed = {
  status: 200,
  kind: 'error',
  authenticated: null,
  text: '{"error":"The authentication attempt failed."}',
};
const error = ({ text }: StacieReply): string => parseStacieMessage('error', '03', text);
const shard = (fill: number): Uint8Array => new Uint8Array(64).fill(fill);
const realms = ({ text }: StacieReply) => parseStacieMessage('realms', '03', text);

describe('logging in', () => {
  it('takes the token that the appendix of -03 publishes for its account, salt and nonce', () => {
    const { send, login } = desk({ random: () => published.nonce });
    expect(login('user@example.tld')).toEqual({
      username: 'user@example.tld',
      salt: published.salt,
      nonce: published.nonce,
      bonus: 131_072,
      hash: 'sha2',
      cipher: 'aes',
      disposition: 'required',
    });
    const { username, nonce, loginToken: token } = published;
    const reply = send('authenticate', { username, nonce, token });
    expect(reply).toMatchObject({ status: 200, kind: 'realms', authenticated: 'user@example.tld' });
    expect(realms(reply)).toEqual([{ label: 'mail', index: 0, shard: published.shard }]);
  });
  it('gives the key ring of -00 in its own words', () => {
    const { send, prove } = desk({}, '00');
    const { text, kind } = send('authenticate', prove());
    expect(kind).toBe('keys');
    expect(JSON.parse(text)).toEqual({
      keys: [{ realm: 'mail', key: Buffer.from(published.shard).toString('base64url'), index: '0' }],
    });
  });
  it('never takes the verification token itself (STACIE-I-60)', () => {
    const { send, login } = desk();
    const { username, nonce } = login('user@example.tld');
    const reply = send('authenticate', { username, nonce, token: published.verificationToken });
    expect(reply).toMatchObject({ kind: 'methods', authenticated: null });
  });
  it('gives one attempt a nonce, right or wrong (STACIE-161, STACIE-191)', () => {
    const { send, prove } = desk();
    const proof = prove();
    expect(send('authenticate', proof).kind).toBe('realms');
    expect(send('authenticate', proof).authenticated).toBeNull();
    const second = prove();
    expect(send('authenticate', { ...second, token: shard(0) }).authenticated).toBeNull();
    expect(send('authenticate', second).authenticated).toBeNull();
  });
  it('answers a wrong token with a new nonce that works (STACIE-190)', () => {
    const { send, prove } = desk();
    const old = prove();
    const again = parseStacieMessage('methods', '03', send('authenticate', { ...old, token: shard(0) }).text).password;
    expect(again.nonce).not.toEqual(old.nonce);
    expect(again.salt).toEqual(published.salt);
  });
  it('forgets a nonce after five minutes (STACIE-I-80)', () => {
    const { send, prove, wait } = desk();
    const [early, late] = [prove(), prove()];
    wait(5 * 60_000 - 1);
    expect(send('authenticate', early).kind).toBe('realms');
    wait(1);
    expect(send('authenticate', late).authenticated).toBeNull();
  });
  it('binds a nonce to its username', () => {
    const { send, login, prove } = desk();
    const foreign = login('somebody@example.tld').nonce;
    expect(send('authenticate', { ...prove(), nonce: foreign }).authenticated).toBeNull();
  });
  it('keeps so many nonces of one username, and drops the oldest', () => {
    const { send, prove } = desk({ limits: { noncesPerUsername: 2 } });
    const [first, second, third] = [prove(), prove(), prove()];
    expect(send('authenticate', third).kind).toBe('realms');
    expect(send('authenticate', second).kind).toBe('realms');
    expect(send('authenticate', first).authenticated).toBeNull();
  });
  it('spends a nonce that a malformed request names (STACIE-I-70)', () => {
    const { session, send, prove } = desk();
    const proof = prove();
    const nonce = Buffer.from(proof.nonce).toString('base64url');
    const broken = session.receive(`{"authenticate":{"username":"user@example.tld","nonce":"${nonce}","token":"x"}}`);
    expect(error(broken)).toContain('"/authenticate/token"');
    expect(send('authenticate', proof).authenticated).toBeNull();
  });
  it('allows so many failures of a name, known or not, and a success begins anew (STACIE-192)', () => {
    const { send, login, prove, wait } = desk({ limits: { failures: 2, failuresMs: 1000 } });
    const wrong = (username: string) => send('authenticate', { ...login(username), username, token: shard(0) });
    for (const username of ['user@example.tld', 'nobody@example.tld']) {
      expect(wrong(username).kind).toBe('methods');
      expect(error(wrong(username))).toContain('too many failed attempts');
      expect(error(send('login', { username }))).toContain('too many failed attempts');
    }
    wait(1000);
    expect(wrong('user@example.tld').kind).toBe('methods');
    expect(send('authenticate', prove()).kind).toBe('realms');
    expect(wrong('user@example.tld').kind).toBe('methods');
  });
  it('does not take the right token either when the failures are used up', () => {
    const { send, prove } = desk({ limits: { failures: 1 } });
    const [wrong, right] = [prove(), prove()];
    send('authenticate', { ...wrong, token: shard(0) });
    expect(send('authenticate', right)).toMatchObject({ kind: 'error', authenticated: null });
  });
});

describe('names', () => {
  it.each(['user@example.tld', ' USER@Example.TLD ', 'User'])('%j is one name', (typed) => {
    expect(desk().login(typed).username).toBe('user@example.tld');
  });
  it('follows aliases', () => {
    const aliases = new Map([['user-alias@example.tld', 'user@example.tld']]);
    const { login } = desk({ policy: { domain: 'example.tld', bonus: 8, aliases } });
    expect(login('User-Alias@example.tld')).toMatchObject({ username: 'user@example.tld', salt: published.salt });
  });
  it('composed and decomposed letters are one name', () => {
    const { login } = desk();
    expect(login('p\u00e9@example.tld').username).toBe(login('pe\u0301@example.tld').username);
  });
  it.each(['a b@example.tld', 'a\u0000@example.tld', 'a\u202eb@example.tld', '@example.tld', 'a@', 'a@b@c', ' '])(
    '%j is none',
    (typed) => {
      expect(error(desk().send('login', { username: typed }))).toMatch(/^the username /);
    },
  );
  it('only the normal form authenticates', () => {
    const { send, prove } = desk();
    expect(send('authenticate', { ...prove(), username: 'USER@example.tld' })).toEqual(failed);
  });
});

describe('unknown users (STACIE-201 to STACIE-203)', () => {
  it('get the same members, lengths and bonus as known ones', () => {
    const { send } = desk();
    const shapeOf = (username: string) => {
      const [{ password }] = JSON.parse(send('login', { username }).text).methods;
      return Object.entries(password).map(([name, value]) => [name, name === 'bonus' ? value : String(value).length]);
    };
    expect(shapeOf('none@example.tld')).toEqual(shapeOf('user@example.tld'));
  });
  it('get the same salt each time, over restarts too, and none that another secret gives', () => {
    const salt = (secret: number, username = 'nobody@example.tld') =>
      desk({ siteSecret: new Uint8Array(32).fill(secret) }).login(username).salt;
    expect(salt(7)).toEqual(salt(7));
    expect(salt(7)).toHaveLength(128);
    expect(salt(7)).not.toEqual(salt(8));
    expect(salt(7)).not.toEqual(salt(7, 'nobody2@example.tld'));
  });
  it('fail like a wrong token does', () => {
    const { send, login } = desk();
    const attempt = (username: string) => send('authenticate', { ...login(username), username, token: shard(1) });
    const [known, unknown] = [attempt('user@example.tld'), attempt('none@example.tld')];
    expect(unknown).toMatchObject({ kind: known.kind, status: known.status, authenticated: null });
    expect(unknown.text).toHaveLength(known.text.length);
  });
});

describe('making an account', () => {
  const enrolled = () => {
    const made = desk();
    const recruit = parseStacieMessage('recruit', '03', made.send('register', { username: 'New' }).text);
    return { ...made, recruit };
  };
  it('goes register, recruit, enroll, methods, and the account can log in', () => {
    const { send, recruit, store } = enrolled();
    expect(recruit).toMatchObject({ username: 'new@example.tld', bonus: 131_072, hash: 'sha2' });
    expect(recruit.salt).toHaveLength(128);
    const { username, salt } = recruit;
    const reply = send('enroll', { username, salt, verificationToken: published.verificationToken });
    expect(parseStacieMessage('methods', '03', reply.text).password).toMatchObject({ username, salt });
    expect(store.stacieAccount(username)).toMatchObject({ realms: [], verificationToken: published.verificationToken });
  });
  it('needs the salt of the recruit, within its time', () => {
    const { send, recruit, wait } = enrolled();
    const enroll = { ...recruit, verificationToken: shard(1) };
    expect(error(send('enroll', { ...enroll, salt: shard(9) }))).toContain('Register again');
    wait(10 * 60_000);
    expect(error(send('enroll', enroll))).toContain('Register again');
  });
  it('happens once', () => {
    const { send, recruit } = enrolled();
    const enroll = { ...recruit, verificationToken: shard(1) };
    expect(send('enroll', enroll).kind).toBe('methods');
    expect(error(send('enroll', enroll))).toBe('That name is taken.');
    expect(error(send('register', { username: 'new' }))).toBe('That name is taken.');
  });
  it('is not held up by others who ask for the same name', () => {
    const { send, recruit } = enrolled();
    send('register', { username: 'new' });
    expect(send('enroll', { ...recruit, verificationToken: shard(1) }).kind).toBe('methods');
  });
  it('is in this domain only, bounded, and can be switched off', () => {
    expect(error(desk().send('register', { username: 'a@elsewhere.tld' }))).toContain('example.tld only');
    const few = desk({ limits: { recruits: 1, registersPerMinute: 3 } });
    const register = (username: string) => few.send('register', { username });
    expect([register('a'), register('b'), register('a'), register('a')].map(({ kind }) => kind)).toEqual([
      'recruit',
      'error',
      'recruit',
      'error',
    ]);
    few.wait(60_000);
    expect(register('a').kind).toBe('recruit');
    const off = desk({ policy: { domain: 'example.tld', bonus: 0, registration: false } });
    expect(error(off.send('register', { username: 'a' }))).toBe('New accounts are not made here.');
  });
});

describe('a password change', () => {
  const change = (made = desk()) => ({
    ...made.prove(),
    passwordKey: published.passwordKey,
    salt: new Uint8Array(128).fill(3),
    verificationToken: shard(4),
    realms: [{ label: 'mail', index: 0, shard: shard(5) }],
    removed: [],
  });
  it('replaces token, salt and shards at once, with the password key that the appendix publishes', () => {
    const made = desk();
    const { send, account, prove } = made;
    expect(realms(send('change', change(made)))).toEqual([{ label: 'mail', index: 0, shard: shard(5) }]);
    expect(account()).toEqual({
      username: 'user@example.tld',
      salt: new Uint8Array(128).fill(3),
      bonus: 131_072,
      verificationToken: shard(4),
      realms: [{ label: 'mail', index: 0, shard: shard(5) }],
      nextIndex: new Map([['mail', 1]]),
    });
    expect(send('authenticate', prove(shard(4))).kind).toBe('realms');
    expect(send('authenticate', prove()).authenticated).toBeNull();
  });
  it('ends the open nonces of the account', () => {
    const made = desk();
    const { nonce } = made.prove();
    made.send('change', change(made));
    expect(made.send('authenticate', { ...made.prove(shard(4)), nonce }).authenticated).toBeNull();
  });
  it.each<[string, object, RegExp]>([
    ['leaves out a shard', { realms: [] }, /leaves out shard mail\/0/],
    ['keeps a shard as it was', { realms: [{ label: 'mail', index: 0, shard: published.shard }] }, /the old one/],
    [
      'skips an index',
      {
        realms: [
          { label: 'mail', index: 0, shard: shard(5) },
          { label: 'mail', index: 2, shard: shard(6) },
        ],
      },
      /the next one is 1/,
    ],
    [
      'begins a realm at 1',
      {
        realms: [
          { label: 'mail', index: 0, shard: shard(5) },
          { label: 'new', index: 1, shard: shard(6) },
        ],
      },
      /the next one is 0/,
    ],
    ['removes what is not there', { removed: [{ label: 'mail', index: 7 }] }, /no shard mail\/7/],
    ['removes and rewrites', { removed: [{ label: 'mail', index: 0 }] }, /both/],
    ['keeps the token', { verificationToken: published.verificationToken }, /STACIE-193/],
    ['keeps the salt', { salt: published.salt }, /STACIE-206/],
    ['has a salt that tells it from a decoy', { salt: new Uint8Array(64) }, /STACIE-024/],
    ['has no salt', { salt: undefined }, /STACIE-194/],
    ['has another bonus', { bonus: 1 }, /STACIE-I-83/],
    ['has a wrong password key', { passwordKey: shard(1) }, /attempt failed/],
    ['has a wrong token', { token: shard(1) }, /attempt failed/],
  ])('that %s changes nothing', (_, bend, text) => {
    const made = desk();
    const { salt, ...rest } = { ...change(made), ...bend };
    const reply = made.send('change', salt === undefined ? rest : { ...rest, salt });
    expect(error(reply)).toMatch(text);
    expect(made.account()).toBe(publishedAccount);
  });
  it('may give up a shard when it says so, and its index never comes back', () => {
    const made = desk();
    const fresh = [{ label: 'mail', index: 1, shard: shard(6) }];
    const deep = { ...change(made), realms: fresh, removed: [{ label: 'mail', index: 0 }] };
    expect(realms(made.send('change', deep))).toEqual(fresh);
    const added = made.send('add', { ...made.prove(shard(4)), label: 'mail', shard: shard(7) });
    expect(realms(added)).toEqual([{ label: 'mail', index: 2, shard: shard(7) }]);
  });
});

describe('the key ring', () => {
  it('grows by the next free index of each label (STACIE-199)', () => {
    const { send, prove } = desk();
    const add = (label: string) => realms(send('add', { ...prove(), label, shard: shard(label.length) }))[0]?.index;
    expect([add('mail'), add('contacts'), add('mail')]).toEqual([1, 0, 2]);
    expect(realms(send('authenticate', prove()))).toHaveLength(4);
  });
  it('is fetched whole, by label, and by label and index (STACIE-197, STACIE-198)', () => {
    const { send, prove } = desk();
    send('add', { ...prove(), label: 'mail', shard: shard(1) });
    send('add', { ...prove(), label: 'notes', shard: shard(2) });
    const fetch = (wish: object) =>
      realms(send('fetch', { ...prove(), ...wish })).map(({ label, index }) => `${label}/${index}`);
    expect(fetch({})).toEqual(['mail/0', 'mail/1', 'notes/0']);
    expect(fetch({ label: 'mail' })).toEqual(['mail/0', 'mail/1']);
    expect(fetch({ label: 'mail', index: 1 })).toEqual(['mail/1']);
    expect(fetch({ label: 'none' })).toEqual([]);
  });
  it('is bounded', () => {
    const { send, prove, account } = desk({ limits: { shards: 1 } });
    expect(error(send('add', { ...prove(), label: 'mail', shard: shard(1) }))).toContain('at most 1');
    expect(account()).toBe(publishedAccount);
  });
  it.each(['fetch', 'add'] as const)('%s needs a proof of its own', (kind) => {
    const { send, prove } = desk();
    const proof = prove();
    send('authenticate', proof);
    expect(send(kind, { ...proof, label: 'mail', shard: shard(1) })).toEqual(failed);
  });
});

describe('a store', () => {
  it('that fails is answered 503, with a text that tells nothing of it', () => {
    const store = createMemoryStacieStore();
    const broken = {
      ...store,
      stacieAccount: () => {
        throw new Error('disk /secret/path');
      },
    };
    expect(desk({ store: broken }).send('login', { username: 'user' })).toMatchObject({
      status: 503,
      text: '{"error":"The service is temporarily unavailable. Try again later."}',
    });
  });
  it('that was written in between refuses a change instead of losing what was written', () => {
    const store = createMemoryStacieStore({ accounts: [publishedAccount] });
    const raced = { ...store, replaceStacieAccount: () => false };
    const { send, prove } = desk({ store: raced });
    expect(error(send('add', { ...prove(), label: 'mail', shard: shard(1) }))).toContain('unavailable');
  });
});

describe('as a mechanism of another protocol', () => {
  it('takes login and authenticate, one message a step', () => {
    const { session, prove } = desk({ random: countingRandom() });
    const step = createStacieMechanism(session);
    const challenge = step('{"login":{"username":"user@example.tld"}}');
    expect(challenge.kind).toBe('challenge');
    const { username, nonce, token } = prove();
    const text = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
    const last = step(JSON.stringify({ authenticate: { username, nonce: text(nonce), token: text(token) } }));
    expect(last).toMatchObject({ kind: 'authenticated', username: 'user@example.tld' });
    expect(parseStacieAnswer('03', last.text).kind).toBe('realms');
    expect(() => step('{}')).toThrow('over');
  });
  it.each(['{"register":{"username":"x"}}', 'no JSON'])('refuses %s', (message) => {
    expect(createStacieMechanism(desk().session)(message).kind).toBe('refused');
  });
  it('is over after a wrong token', () => {
    const { session, login } = desk();
    const step = createStacieMechanism(session);
    step('{"login":{"username":"user@example.tld"}}');
    const nonce = Buffer.from(login('user').nonce).toString('base64url');
    const token = 'A'.repeat(86);
    expect(step(JSON.stringify({ authenticate: { username: 'user@example.tld', nonce, token } })).kind).toBe('refused');
    expect(() => step('{}')).toThrow('over');
  });
});

describe('options', () => {
  it.each<[string, Parameters<typeof desk>[0]]>([
    ['a short site secret', { siteSecret: new Uint8Array(31) }],
    ['a bonus out of its bounds', { policy: { domain: 'a', bonus: -1 } }],
    ['a limit of nothing', { limits: { nonces: 0 } }],
  ])('refuse %s', (_, options) => {
    expect(() => desk(options)).toThrow(RangeError);
  });
});
