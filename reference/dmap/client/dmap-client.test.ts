/** The client over TLS: against the reference's server, and against servers that are no good. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../tls/certificate.js';
import { DmapClientError } from './client-error.js';
import { codeWord, dataOf } from './outcome.js';
import { alice, makeWorld, preauth, type World } from './world.test-support.js';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  await world.close();
});

async function failure(work: Promise<unknown>): Promise<DmapClientError> {
  const error: unknown = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  if (error instanceof DmapClientError) return error;
  throw error;
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

describe('the connection', () => {
  it('is TLS from the first octet, with the name of the server in it', async () => {
    const server = await world.script(() => '');
    const client = await world.connect(server);
    expect(client.state).toBe('authenticated');
    expect(server.serverNames).toEqual(['dmap.example']);
    expect((await client.logout()).status).toBe('OK');
    expect(server.lines).toEqual(['c1 LOGOUT']);
  });

  it('is refused when the certificate is for another name, or from nobody that is trusted (DMAP-I-02)', async () => {
    const server = await world.script(() => '');
    const other = await makeCertificate({ names: ['other.example'], now: new Date(), days: 1 });
    const wrong = [{ serverName: 'wrong.example' }, { trust: { pem: other.pem } }, { trust: 'system' as const }];
    const codes = await Promise.all(
      wrong.map(async (options) => (await failure(world.connect(server, options))).message),
    );
    expect(codes).toEqual([
      expect.stringMatching(/is not trusted: ERR_TLS_CERT_ALTNAME_INVALID$/),
      expect.stringMatching(/is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT$/),
      expect.stringMatching(/is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT$/),
    ]);
    expect(server.lines).toEqual([]);
  });

  it('to an address is checked for that address', async () => {
    const server = await world.script(() => '');
    const client = await world.connect(server, { serverName: '127.0.0.1' });
    expect(client.state).toBe('authenticated');
    expect(server.serverNames).toEqual([false]);
  });

  it('is not made with a server that speaks plain text (DMAP-003)', async () => {
    const heard: Buffer[] = [];
    const plain = createServer((socket) => {
      socket.on('error', () => undefined).on('data', (octets) => heard.push(octets));
      socket.write('* PREAUTH hello\r\n');
    }).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const error = await failure(world.connect(plain.address() as AddressInfo));
    plain.close();
    expect(error).toMatchObject({ code: 'no-tls', requirement: 'DMAP-010' });
    expect(Buffer.concat(heard).includes('NOOP')).toBe(false);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'DMAP: the greeting did not come within 80 ms'],
    ['a letter now and then', '* OK', 'DMAP: the greeting did not come within 80 ms'],
  ])('is given up when %s comes', async (_, greeting, message) => {
    const server = await world.script(() => '', greeting);
    const dripping = setInterval(() => server.say('.'), 20);
    const error = await failure(world.connect(server, { limits: { commandMs: 80, silenceMs: 5_000 } }));
    clearInterval(dripping);
    expect(error.message).toBe(message);
  });

  it('refuses trust without certificates, and a port where nobody is', async () => {
    expect(await failure(world.connect({ port: 1 }, { trust: { pem: 'none' } }))).toMatchObject({ code: 'bad-input' });
    expect(await failure(world.connect({ port: 1 }))).toMatchObject({ code: 'unreachable' });
  });

  it('is ended by its signal', async () => {
    const server = await world.script(() => '');
    const stop = new AbortController();
    const client = await world.connect(server, { signal: stop.signal });
    const running = failure(client.run({ name: 'NOOP' }));
    stop.abort();
    expect(await running).toMatchObject({ code: 'aborted' });
    expect(client.over).toMatchObject({ code: 'aborted' });
  });
});

describe('the login', () => {
  it('proves a password, and gives the key ring and the capabilities', async () => {
    const client = await world.connect(await world.start());
    expect(client.state).toBe('not-authenticated');
    const { outcome, realms } = await client.authenticate(alice, world.password(alice));
    expect([outcome.status, client.state]).toEqual(['OK', 'authenticated']);
    expect(realms).toEqual([{ label: 'mail', index: expect.any(Number), shard: expect.any(Uint8Array) }]);
    expect(client.capabilities).toContain('CONDSTORE');
  });

  it('with a wrong password is NO, and may be tried again', async () => {
    const client = await world.connect(await world.start());
    const wrong = await client.authenticate(alice, `${world.password(alice)}x`);
    expect([wrong.outcome.status, codeWord(wrong.outcome.code), wrong.realms]).toEqual([
      'NO',
      'AUTHENTICATIONFAILED',
      [],
    ]);
    expect((await client.authenticate(alice, world.password(alice))).outcome.status).toBe('OK');
  });

  it('is not begun with a server that is none of DMAP', async () => {
    const server = await world.script((_, tag) => `* CAPABILITY IMAP4rev1\r\n${tag} OK .\r\n`, '* OK hello\r\n');
    const client = await world.connect(server);
    expect(await failure(client.authenticate('ann', 'secret'))).toMatchObject({ code: 'not-dmap' });
    expect(server.lines).toEqual(['c1 CAPABILITY']);
  });

  const method = (changes: object = {}) => ({
    methods: [
      {
        password: {
          username: 'ann@dime.example',
          salt: randomBytes(128).toString('base64url'),
          nonce: randomBytes(64).toString('base64url'),
          bonus: 0,
          ...changes,
        },
      },
    ],
  });

  it.each<[string, string]>([
    ['no base64', '+ %%%'],
    ['no STACIE', `+ ${base64({ hello: 1 })}`],
    ['a short nonce', `+ ${base64(method({ nonce: 'AAAA' }))}`],
    ['work without end', `+ ${base64(method({ bonus: 16_777_216 }))}`],
    ['another user of another domain', `+ ${base64(method({ username: 'eve@evil.example' }))}`],
  ])('is cancelled with an asterisk when the challenge is %s (DMAP-182)', async (_, challenge) => {
    const answer = (line: string): string => (line === '*' ? 'c1 BAD cancelled\r\n' : `${challenge}\r\n`);
    const server = await world.script(answer, '* OK [CAPABILITY DMAP] hello\r\n');
    const client = await world.connect(server);
    const error = await failure(client.authenticate('ann@dime.example', 'a password of some length'));
    expect(error).toMatchObject({ code: 'bad-login' });
    expect(error.message).not.toContain('password of some');
    expect(server.lines.slice(1)).toEqual(['*']);
    expect(client.state).toBe('not-authenticated');
  });

  it('asks for the capabilities again when they did not come with it (DMAP-197), and ends with an empty line', async () => {
    let step = 0;
    const replies = [
      `+ ${base64(method())}`,
      `+ ${base64({ realms: [] })}`,
      'c1 OK in',
      '* CAPABILITY DMAP X1\r\nc2 OK .',
    ];
    const server = await world.script(() => `${replies[step++]}\r\n`, '* OK [CAPABILITY DMAP] hello\r\n');
    const client = await world.connect(server);
    expect((await client.authenticate('ann@dime.example', 'a password of some length')).outcome.status).toBe('OK');
    expect(server.lines.map((line) => line.split(' ').slice(0, 3).join(' ').slice(0, 23))).toEqual([
      'c1 AUTHENTICATE STACIE',
      expect.stringMatching(/^[A-Za-z0-9+/=]{23}$/),
      '',
      'c2 CAPABILITY',
    ]);
    expect(client.capabilities).toEqual(['DMAP', 'X1']);
  });

  it('believes no OK before the exchange is over', async () => {
    const server = await world.script((_, tag) => `${tag} OK come in\r\n`, '* OK [CAPABILITY DMAP] hello\r\n');
    const client = await world.connect(server);
    expect(await failure(client.authenticate('ann', 'secret'))).toMatchObject({ code: 'bad-login' });
    expect(client.over).not.toBeNull();
  });
});

describe('a session with the reference’s server', () => {
  it('lists, appends, fetches, copies and expunges', async () => {
    const { store, port } = await world.start(preauth);
    const client = await world.connect({ port });
    const listed = await client.run({ name: 'LIST', selection: [], pattern: '*', returns: [] });
    expect(dataOf(listed, 'list').map(({ mailbox }) => mailbox)).toContain('Archive/2026');

    await client.run({ name: 'SELECT', mailbox: 'INBOX' });
    expect(client.mailbox).toMatchObject({ exists: 3, readOnly: false });
    const fetched = await client.run({
      name: 'FETCH',
      uid: false,
      set: [{ first: 1, last: 1 }],
      what: [{ item: 'BODY', peek: true, section: null, partial: null }],
      changedSince: null,
    });
    const body = dataOf(fetched, 'fetch')[0]?.items.find((item) => item.item === 'BODY');
    const octets = body?.item === 'BODY' ? body.value : null;
    expect(octets?.length).toBeGreaterThan(500);
    if (octets === null || octets === undefined) return;

    const message = { size: octets.length, octets };
    const append = { name: 'APPEND', mailbox: 'New', flags: ['\\Seen'], date: null, message } as const;
    const refused = await client.append(append, { create: false, anyFormat: false });
    expect([refused.status, codeWord(refused.code)]).toEqual(['NO', 'TRYCREATE']);
    expect((await client.append(append, { create: true, anyFormat: false })).status).toBe('OK');
    expect(store.mailbox(alice, 'New')).not.toBeNull();

    const copied = await client.copy({ name: 'COPY', uid: false, set: [{ first: 1, last: 2 }], mailbox: 'New2' }, true);
    expect([copied.status, copied.code?.name]).toEqual(['OK', 'COPYUID']);
    const change = { item: 'FLAGS', mode: 'add', silent: false, flags: ['\\Deleted'] } as const;
    await client.run({ name: 'STORE', uid: false, set: [{ first: 1, last: 1 }], unchangedSince: null, change });
    expect(client.mailbox?.message(1).flags).toContain('\\Deleted');
    await client.run({ name: 'EXPUNGE', set: null });
    expect(client.mailbox?.exists).toBe(2);
  });

  it('appends nothing that is no D/MIME, unless it is told to (DMAP-262)', async () => {
    const client = await world.connect(await world.start(preauth));
    const message = { size: 5, octets: Buffer.from('hello') };
    const append = { name: 'APPEND', mailbox: 'INBOX', flags: [], date: null, message } as const;
    expect(await failure(client.append(append, { create: false, anyFormat: false }))).toMatchObject({
      code: 'declined',
      requirement: 'DMAP-262',
    });
    expect((await client.append(append, { create: false, anyFormat: true })).status).toBe('OK');
  });

  it('submits a draft once: the second time its flags say that it is gone (DMAP-072, DMAP-357)', async () => {
    const client = await world.connect(await world.start(preauth));
    await client.run({ name: 'SELECT', mailbox: 'Drafts' });
    const request = { uid: false, number: 1 };
    expect(await failure(client.submit({ ...request, decide: false }))).toMatchObject({ requirement: 'DMAP-357' });
    expect((await client.submit({ ...request, decide: true })).status).toBe('OK');
    expect(client.mailbox?.message(1).flags).toContain('\\Submitted');
    const again = await failure(client.submit({ ...request, decide: true }));
    expect(again.message).toBe('DMAP: message 1 has \\Submitted (DMAP-357)');
  });

  it('hears what other sessions do', async () => {
    const server = await world.start(preauth);
    const [one, other] = await Promise.all([world.connect(server), world.connect(server)]);
    await one.run({ name: 'SELECT', mailbox: 'INBOX' });
    await other.append(
      { name: 'APPEND', mailbox: 'INBOX', flags: [], date: null, message: { size: 2, octets: Buffer.from('hi') } },
      { create: false, anyFormat: true },
    );
    for (let tries = 0; tries < 100 && one.mailbox?.exists !== 4; tries++) await one.wait(10);
    expect(one.mailbox?.exists).toBe(4);
  });

  it('does not add a key id twice (DMAP-280)', async () => {
    const commands: string[] = [];
    const answer = (line: string, tag: string): string => {
      commands.push(line.split(' ')[1] ?? '');
      const keys = / LISTKEYS$/.test(line) ? '* KEY k1\r\n' : '';
      return /\{\d+\}$/.test(line) ? '+ go\r\n' : `${keys}${tag.startsWith('c') ? `${tag} OK .\r\n` : ''}`;
    };
    const server = await world.script(answer, '* PREAUTH [CAPABILITY DMAP LITERAL+] .\r\n');
    const client = await world.connect(server);
    const add = { name: 'ADDKEY', keyId: 'k1', public: Buffer.from('a'), private: null } as const;
    await client.run({ name: 'LISTKEYS' });
    expect(await failure(client.addKey(add, false))).toMatchObject({ code: 'declined', requirement: 'DMAP-280' });
    await client.addKey(add, true);
    expect(commands.filter((name) => /KEY/.test(name))).toEqual(['LISTKEYS', 'LISTKEYS', 'DELETEKEY', 'ADDKEY']);
  });
});

describe('IDLE', () => {
  it('is used to wait where it is announced, and ended with DONE', async () => {
    const answer = (line: string): string =>
      line === 'DONE' ? 'c2 OK .\r\n' : line.endsWith('IDLE') ? '+ .\r\n* 5 EXISTS\r\n' : '* 3 EXISTS\r\nc1 OK .\r\n';
    const server = await world.script(answer, '* PREAUTH [CAPABILITY DMAP IDLE] .\r\n');
    const client = await world.connect(server);
    await client.run({ name: 'SELECT', mailbox: 'INBOX' });
    await client.wait(20);
    expect(client.mailbox?.exists).toBe(5);
    expect(server.lines.slice(1)).toEqual(['c2 IDLE', 'DONE']);
  });
});
