/** The endpoint as a client meets it: TLS, a login with a password, mail, and its ends. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailStore } from '../account/mail-store.js';
import { createMemoryMailStore } from '../account/memory-mail-store.js';
import {
  createMemoryStacieStore,
  type SampleKeys,
  sampleAccounts,
  sampleKeys,
  sampleSignets,
} from '../account/store.js';
import { connectTlsPeer, type Peer } from '../dmtp/peer.test-support.js';
import { ephemeralLoginToken } from '../formats/stacie/index.js';
import { deriveVerificationToken } from '../stacie/derive-token.js';
import { type SampleStacieAccounts, sampleStacieAccounts } from '../stacie/sample-accounts.js';
import { createStacieSession } from '../stacie/session.js';
import { makeCertificate } from '../tls/certificate.js';
import { type DmapEndpoint, type DmapEndpointOptions, startDmap } from './endpoint.js';
import type { HouseKeys } from './parties.js';
import { morning } from './session.test-support.js';
import type { DmapSession } from './session-contract.js';

const domain = 'dime.example';
const [alice = '', bob = ''] = sampleAccounts(domain);
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

let tls: { key: string; cert: string };
let keys: SampleKeys;
let house: HouseKeys;
let stacie: SampleStacieAccounts;
beforeAll(async () => {
  const { pem, privateKeyPem } = await makeCertificate({ names: ['dmap.example'], now: new Date(), days: 1 });
  tls = { key: privateKeyPem, cert: pem };
  keys = sampleKeys(domain, randomBytes);
  house = { domain, signets: sampleSignets(domain, randomBytes, keys).identifiable, keys };
  stacie = await sampleStacieAccounts([alice, bob], 0, randomBytes);
});

let endpoint: DmapEndpoint | undefined;
const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.stream.destroy();
  await endpoint?.close(0);
  endpoint = undefined;
});

async function start(options: Partial<DmapEndpointOptions> = {}): Promise<DmapEndpoint> {
  const session = createStacieSession({
    revision: '03',
    store: createMemoryStacieStore({ accounts: stacie.accounts }),
    random: randomBytes,
    now: () => performance.now(),
    siteSecret: randomBytes(32),
    policy: { domain, bonus: 0 },
  });
  endpoint = await startDmap({
    accounts: [
      { name: alice, mode: 'TRUSTFUL' },
      { name: bob, mode: 'PARANOID' },
    ],
    stacie: session,
    house,
    samples: true,
    tls,
    host: '127.0.0.1',
    port: 0,
    random: randomBytes,
    date: () => new Date('2026-11-02T08:00:00Z'),
    ...options,
  });
  return endpoint;
}

async function visit({ port }: DmapEndpoint): Promise<Peer> {
  const peer = await connectTlsPeer({ port });
  peers.push(peer);
  await peer.until('\r\n');
  return peer;
}

/** Logs in as a client would that knows the password only. */
async function logIn(peer: Peer, name: string): Promise<void> {
  const password = stacie.credentials.find(({ username }) => username === name)?.password ?? '';
  const challenge = await peer.ask(`l AUTHENTICATE STACIE ${base64({ login: { username: name } })}`);
  const method = JSON.parse(Buffer.from(challenge.slice(2), 'base64').toString()).methods[0].password;
  const { username, bonus } = method;
  const [salt, nonce] = [Buffer.from(method.salt, 'base64url'), Buffer.from(method.nonce, 'base64url')];
  const verificationToken = await deriveVerificationToken({ username, password, salt, bonus: Number(bonus) });
  const token = Buffer.from(ephemeralLoginToken({ username, salt, nonce, verificationToken })).toString('base64url');
  await peer.ask(base64({ authenticate: { username, nonce: method.nonce, token } }));
  expect(await peer.ask('')).toMatch(/^l OK \[CAPABILITY DMAP=/);
}

/** An endpoint that needs no login, over a store of the test's. */
const open = (store: MailStore, options: Partial<DmapEndpointOptions> = {}): Promise<DmapEndpoint> =>
  start({
    store,
    samples: false,
    ...options,
    hooks: {
      sessionOptions: (right) => ({ ...right, greeting: { kind: 'preauth', username: alice } }),
      ...options.hooks,
    },
  });

/** A session that passes everything on, to put something else in the place of a member. */
const passing = (session: DmapSession): DmapSession => ({
  start: () => session.start(),
  receive: (octets) => session.receive(octets),
  more: () => session.more(),
  submitted: (outcome) => session.submitted(outcome),
  found: (signet) => session.found(signet),
  checked: (username) => session.checked(username),
  resume: () => session.resume(),
  refresh: () => session.refresh(),
  expire: () => session.expire(),
  shutdown: () => session.shutdown(),
  end: () => session.end(),
  get awaiting() {
    return session.awaiting;
  },
  get authenticated() {
    return session.authenticated;
  },
});

describe('the sample accounts', () => {
  it('have mail that their owners can read and submit to one another', async () => {
    const peer = await visit(await start());
    await logIn(peer, alice);
    expect(await peer.ask('a LIST (SPECIAL-USE) *', 'list.\r\n')).toContain('* LIST (\\Drafts) "/" Drafts\r\n');
    expect(await peer.ask('b SELECT INBOX', 'selected.\r\n')).toContain('* 3 EXISTS\r\n');
    expect(await peer.ask('c FETCH 2 (FLAGS BODYSTRUCTURE)', 'fetched.\r\n')).toMatch(
      /FLAGS \(\\Flagged\) BODYSTRUCTURE \(\(2 33\) \(4 \d+\) .*\(131 \d+\).*\(255 320\)\)/,
    );
    await peer.ask('d SELECT Drafts', 'selected.\r\n');
    await peer.ask('e STORE 1 +FLAGS.SILENT (\\SubmitPending)');
    expect(await peer.ask('f SUBMIT 1', 'submitted.\r\n')).toMatch(
      /^\* 1 FETCH \(UID 1 FLAGS \(\\Seen \\Draft \\Submitted\)\)\r\nf OK /,
    );
    const other = await visit(endpoint as DmapEndpoint);
    await logIn(other, bob);
    expect(await other.ask('a STATUS INBOX (MESSAGES UNSEEN)', 'status.\r\n')).toContain('(MESSAGES 4 UNSEEN 3)');
  });

  it('cannot submit what another wrote, or what was changed', async () => {
    const { port, store } = await start();
    const peer = await visit({ port } as DmapEndpoint);
    await logIn(peer, alice);
    const octets = (user: string, name: string): Uint8Array => {
      const id = store.mailbox(user, name)?.id ?? 0;
      const reader = store.open(id, 1);
      return reader?.read(0, reader.size) ?? new Uint8Array();
    };
    const others = octets(bob, 'Drafts');
    const changed = Uint8Array.from(octets(alice, 'Drafts'));
    // In the common headers, which the origin cannot read: the author's signature covers them.
    changed.set([(changed[900] ?? 0) ^ 1], 900);
    const drafts = store.mailbox(alice, 'Drafts')?.id ?? 0;
    for (const message of [others, changed, Buffer.from('no message')]) {
      const sink = store.append(drafts, { flags: ['\\SubmitPending'], internalDate: morning });
      sink.write(message);
      sink.commit();
    }
    await peer.ask('a SELECT Drafts', 'selected.\r\n');
    for (const number of [2, 3, 4]) {
      peer.forget();
      peer.write(`b SUBMIT ${number}\r\nc NOOP\r\n`);
      const answer = await peer.until('done.\r\n');
      expect(answer).toMatch(new RegExp(`^\\* ${number} FETCH \\(UID ${number} FLAGS \\(\\)\\)\\r\\nb NO `));
    }
  });
});

describe('the connection', () => {
  it('gives no octet to a client that does not speak TLS', async () => {
    const { port } = await start({ samples: false });
    const raw = connect({ port, host: '127.0.0.1' });
    let received = Buffer.alloc(0);
    raw.on('data', (octets) => {
      received = Buffer.concat([received, octets]);
    });
    raw.on('error', () => undefined);
    raw.write('a CAPABILITY\r\n');
    await once(raw, 'close');
    expect(received.toString('latin1')).not.toMatch(/DMAP|OK|BYE/);
  });

  it('tells two sessions on one mailbox of each other at once', async () => {
    const store = createMemoryMailStore();
    const { port } = await open(store);
    const [one, other] = [await visit({ port } as DmapEndpoint), await visit({ port } as DmapEndpoint)];
    for (const peer of [one, other]) await peer.ask('a SELECT INBOX', 'selected.\r\n');
    other.forget();
    await one.ask('b APPEND INBOX {1+}\r\nx', 'kept.\r\n');
    expect(await other.until('EXISTS\r\n')).toBe('* 1 EXISTS\r\n');
  });

  it('answers in order, while another one waits for a delivery', async () => {
    const store = createMemoryMailStore();
    let deliver: (result: { delivered: true }) => void = () => undefined;
    const delivery = new Promise<{ delivered: true }>((resolve) => {
      deliver = resolve;
    });
    const { port } = await start({ store, hooks: { deliver: () => () => delivery } });
    const [waiting, other] = [await visit({ port } as DmapEndpoint), await visit({ port } as DmapEndpoint)];
    await logIn(waiting, alice);
    await waiting.ask('a SELECT Drafts', 'selected.\r\n');
    await waiting.ask('b STORE 1 +FLAGS.SILENT (\\SubmitPending)');
    waiting.forget();
    waiting.write('c SUBMIT 1\r\nd NOOP\r\n');
    await logIn(other, alice);
    expect(await other.ask('a NOOP')).toMatch(/^a OK /);
    expect(waiting.received).toBe('');
    deliver({ delivered: true });
    expect(await waiting.until('done.\r\n')).toMatch(/^\* 1 FETCH .*\r\nc OK [^\r]+\r\nd OK /);
  });

  it('ends with BYE when nothing comes for too long, by the clock it is given', async () => {
    let time = 0;
    const store = createMemoryMailStore();
    const { port } = await open(store, { now: () => time, limits: { lingerMs: 100 } });
    const peer = await visit({ port } as DmapEndpoint);
    peer.forget();
    time = 29 * 60_000;
    expect(await peer.ask('a NOOP')).toMatch(/^a OK /);
    peer.forget();
    time += 31 * 60_000;
    expect(await peer.until('\r\n')).toMatch(/^\* BYE /);
    expect(await peer.closed).toBe(null);
  });

  it('ends with BYE when the server goes down', async () => {
    const { port, close } = await open(createMemoryMailStore());
    const peer = await visit({ port } as DmapEndpoint);
    peer.forget();
    const closed = close();
    expect(await peer.until('\r\n')).toMatch(/^\* BYE /);
    peer.stream.end();
    await closed;
  });

  it('ends with BYE when its session breaks, and the others go on', async () => {
    const breaking = (session: DmapSession): DmapSession =>
      Object.assign(passing(session), {
        receive: (octets: Uint8Array) => {
          if (Buffer.from(octets).includes('BREAK')) throw new Error('what the peer said: BREAK');
          return session.receive(octets);
        },
      });
    const { port } = await open(createMemoryMailStore(), { hooks: { session: breaking } });
    const [one, other] = [await visit({ port } as DmapEndpoint), await visit({ port } as DmapEndpoint)];
    expect(await one.ask('a BREAK')).toBe('* BYE The server goes down.\r\n');
    one.stream.end();
    expect(await one.closed).toBe(null);
    expect(await other.ask('a NOOP')).toMatch(/^a OK /);
  });

  it('takes and gives long messages whole, to a reader who is slow too', async () => {
    const store = createMemoryMailStore();
    const { port } = await open(store);
    const peer = await visit({ port } as DmapEndpoint);
    const octets = randomBytes(6_000_000);
    await peer.ask(`a APPEND INBOX ~{${octets.length}}`);
    peer.stream.write(octets);
    expect(await peer.ask('', 'kept.\r\n')).toMatch(/^a OK /);
    await peer.ask('b SELECT INBOX', 'selected.\r\n');
    peer.stream.removeAllListeners('data');
    peer.stream.pause();
    peer.stream.write('c FETCH 1 BODY.PEEK[]\r\n');
    const digest = createHash('sha256');
    const head = `* 1 FETCH (BODY[] ~{${octets.length}}\r\n`;
    const tail = ')\r\nc OK They are fetched.\r\n';
    let before = '';
    let left = head.length + octets.length + tail.length;
    for await (const piece of peer.stream) {
      digest.update(piece as Buffer);
      left -= (piece as Buffer).length;
      before = (before + (piece as Buffer).toString('latin1')).slice(0, head.length);
      if (left <= 0) break;
    }
    expect(before).toBe(head);
    const expected = createHash('sha256').update(head).update(octets).update(tail);
    expect(digest.digest('hex')).toBe(expected.digest('hex'));
  });
});

afterAll(() => {
  for (const peer of peers) peer.stream.destroy();
});
