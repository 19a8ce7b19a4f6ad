/** Mail on its way between users: what DMTP takes in and SUBMIT sends, as DMAP shows it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCommand } from '../grammar/dmap.js';
import { DmapClient, dataOf, type Outcome } from './dmap/client.js';
import { connectTlsPeer } from './dmtp/peer.test-support.js';
import { startSignedDns } from './dns/signed-server.js';
import { letter } from './letter.test-support.js';
import { type Reference, type ReferenceOptions, startReference } from './server.js';
import { StacieClientMemory } from './stacie/client.js';
import { zoneRecords } from './zone-records.js';

/** Keys are made once for each domain: RSA ones take time. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mail-access-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const closing: { close(graceMs?: number): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close(0);
});

async function start(options: Partial<ReferenceOptions> = {}): Promise<Reference> {
  const { domain = 'example.com' } = options;
  const reference = await startReference({ dir: join(folder, domain), sampleMail: false, ...options, domain });
  closing.push({ close: () => reference.close(0) });
  return reference;
}

async function user({ dmap, dxName, certificatePem, stacie }: Reference, at = 0): Promise<DmapClient> {
  const client = await DmapClient.open({
    host: dmap.host,
    port: dmap.port,
    serverName: dxName,
    trust: { pem: certificatePem },
    memory: new StacieClientMemory(),
    // Nobody times these logins.
    loginLimits: { paceMs: 20 },
  });
  closing.push({ close: async () => client.destroy() });
  const { username = '', password = '' } = stacie.credentials[at] ?? {};
  expect((await client.authenticate(username, password)).outcome.status).toBe('OK');
  return client;
}

async function run(client: DmapClient, line: string): Promise<Outcome> {
  const { command } = parseCommand(Buffer.from(`x ${line}\r\n`, 'latin1'));
  if (command.name === 'AUTHENTICATE') throw new Error('not a request and its answer');
  return await client.run(command);
}

/** Messages and flags of a user's INBOX. */
async function inbox(reference: Reference, at = 0): Promise<{ octets: string; flags: readonly string[] }[]> {
  const client = await user(reference, at);
  await run(client, 'SELECT INBOX');
  const outcome = await run(client, 'UID FETCH 1:* (FLAGS BODY.PEEK[])');
  await client.logout();
  return dataOf(outcome, 'fetch').map(({ items }) => {
    const body = items.find((item) => item.item === 'BODY');
    const flags = items.find((item) => item.item === 'FLAGS');
    return {
      octets: Buffer.from((body?.item === 'BODY' ? body.value : null) ?? []).toString('latin1'),
      flags: flags?.item === 'FLAGS' ? flags.flags : [],
    };
  });
}

/** Sends a message in the name of the sample origin; gives the reply to it. */
async function deliver({ dmtp, dxName, certificatePem, origin, domain }: Reference, message: string): Promise<string> {
  const peer = await connectTlsPeer({ port: dmtp.port, ca: certificatePem, servername: dxName });
  await peer.ask(`EHLO <${origin.domain}>`, '250 OK\r\n');
  await peer.ask(`MAIL FROM: <${origin.domain}> [fingerprint] SIZE=${message.length}`);
  await peer.ask(`RCPT TO: <${domain}> [fingerprint]`);
  await peer.ask('DATA [hash]');
  const reply = await peer.ask(message);
  peer.stream.destroy();
  return reply;
}

/** Puts a message among a user's drafts, and submits it. */
async function submit(client: DmapClient, message: string): Promise<Outcome> {
  await run(client, 'CREATE Outgoing');
  await run(client, `APPEND Outgoing ~{${message.length}}\r\n${message}`);
  await run(client, 'SELECT Outgoing');
  return await client.submit({ uid: false, number: 1, decide: true });
}

/** What the author wrote, behind the header of six octets: the origin changes what stands at the end. */
const authorsPart = (message: string): string => message.slice(6, 606);

describe('a message that DMTP takes in', () => {
  it('is in the INBOX of its recipient once, octet for octet, before it is acknowledged', async () => {
    const reference = await start();
    const [first, second] = [letter(reference), letter(reference, { to: reference.accounts[1] ?? '' })];
    expect(await deliver(reference, first)).toMatch(/^250 /);
    expect(await inbox(reference, 0)).toEqual([{ octets: first, flags: [] }]);
    expect(await inbox(reference, 1)).toEqual([]);
    expect(await deliver(reference, second)).toMatch(/^250 /);
    expect(await inbox(reference, 1)).toEqual([{ octets: second, flags: [] }]);
    expect(await inbox(reference, 0)).toHaveLength(1);
  });

  it('is nowhere when it was refused', async () => {
    const reference = await start();
    const right = letter(reference);
    const at = right.length >> 1;
    const damaged = `${right.slice(0, at)}${right[at] === 'x' ? 'y' : 'x'}${right.slice(at + 1)}`;
    expect(await deliver(reference, damaged)).toMatch(/^5/);
    expect(await deliver(reference, letter(reference, { to: 'nobody@example.com' }))).toMatch(/^5/);
    const [locked = ''] = [...reference.locked.keys()];
    expect(await deliver(reference, letter(reference, { to: locked }))).toMatch(/^5/);
    expect([await inbox(reference, 0), await inbox(reference, 1)]).toEqual([[], []]);
  });

  it('is told to a session that has INBOX selected', async () => {
    const reference = await start();
    const client = await user(reference);
    await run(client, 'SELECT INBOX');
    expect(client.mailbox?.exists).toBe(0);
    await deliver(reference, letter(reference));
    await run(client, 'NOOP');
    expect(client.mailbox?.exists).toBe(1);
  });
});

describe('a message that a user submits', () => {
  it('reaches a user of another domain through signed DNS and DMTP', async () => {
    const dns = await startSignedDns({ domains: [], random: randomBytes });
    closing.push(dns);
    // Either finds the other by the same DNS, at the port that the other has.
    const ports: [Record<number, number>, Record<number, number>] = [{}, {}];
    const lookup = (at: 0 | 1) => ({ server: dns.address, anchors: [dns.trustAnchor], ports: ports[at] });
    const here = await start({ domain: 'here.example', originLookup: lookup(0) });
    const there = await start({ domain: 'there.example', originLookup: lookup(1) });
    ports[0][26] = there.dmtp.port;
    ports[1][26] = here.dmtp.port;
    dns.setDomains(
      [here, there].map(({ domain, dxName, record }) => ({
        origin: domain,
        records: zoneRecords(domain, dxName, record, '127.0.0.1'),
      })),
    );
    const message = letter(there, { from: here, unsigned: true });
    const client = await user(here);
    const outcome = await submit(client, message);
    expect(outcome).toMatchObject({ status: 'OK', text: expect.stringContaining('submitted') });
    const arrived = await inbox(there);
    expect(arrived).toHaveLength(1);
    expect(arrived[0]?.octets.includes(authorsPart(message))).toBe(true);
    expect(await inbox(here)).toEqual([]);
    const { data } = await run(client, 'FETCH 1 FLAGS');
    expect(data).toMatchObject([{ kind: 'fetch', items: [{ item: 'FLAGS', flags: ['\\Submitted'] }] }]);
    // GETSIGNET finds users of other domains in the same way (DMAP-I-102).
    const found = dataOf(await run(client, `GETSIGNET ${there.accounts[0]}`), 'signet');
    expect(found).toHaveLength(1);
    expect(Buffer.from(found[0]?.signet ?? [])).toEqual(
      Buffer.from(there.store.signets(there.accounts[0] ?? '')?.at(-1)?.octets ?? []),
    );
  });

  it('goes nowhere and is not pending any more when its domain cannot be found', async () => {
    const dns = await startSignedDns({ domains: [], random: randomBytes });
    closing.push(dns);
    const lookup = { server: dns.address, anchors: [dns.trustAnchor] };
    const here = await start({ domain: 'here.example', originLookup: lookup });
    const there = await start({ domain: 'there.example' });
    const client = await user(here);
    const outcome = await submit(client, letter(there, { from: here, unsigned: true }));
    expect(outcome.status).toBe('NO');
    const { data } = await run(client, 'FETCH 1 FLAGS');
    expect(data).toMatchObject([{ kind: 'fetch', items: [{ item: 'FLAGS', flags: [] }] }]);
    expect(await inbox(there)).toEqual([]);
  });
});

describe('a store file', () => {
  const path = (name: string): string => join(folder, name);

  it('keeps mail, flags and passwords for the next start', async () => {
    const before = await startReference({
      domain: 'example.com',
      dir: join(folder, 'example.com'),
      sampleMail: false,
      store: path('kept.db'),
    });
    const message = letter(before);
    try {
      expect(await deliver(before, message)).toMatch(/^250 /);
      const client = await user(before);
      await run(client, 'SELECT INBOX');
      await run(client, 'STORE 1 FLAGS (\\Flagged suite)');
      await client.logout();
    } finally {
      await before.close(0);
    }
    const after = await start({ store: path('kept.db') });
    expect(after.stacie.credentials).toEqual(before.stacie.credentials);
    const [kept, ...more] = await inbox(after);
    expect(more).toEqual([]);
    expect(kept?.octets).toBe(message);
    expect([...(kept?.flags ?? [])].sort()).toEqual(['\\Flagged', 'suite']);
  });

  it('ends what was being submitted when the server went as failed, so that the author decides (DMAP-I-88)', async () => {
    const before = await start({ store: path('submitting.db') });
    expect(await deliver(before, letter(before))).toMatch(/^250 /);
    const client = await user(before);
    await run(client, 'SELECT INBOX');
    expect((await run(client, 'STORE 1 FLAGS (\\Flagged \\SubmitPending \\Submitted)')).status).toBe('OK');
    expect((await inbox(before))[0]?.flags).toContain('\\Submitted');
    client.destroy();
    await closing.splice(0, 1)[0]?.close(0);
    const after = await start({ store: path('submitting.db') });
    expect((await inbox(after))[0]?.flags).toEqual(['\\Flagged']);
  });

  it('tells no password of an account that was made with other keys', async () => {
    const before = await start({ store: path('others.db') });
    expect(before.stacie.credentials.map(({ username }) => username)).toEqual(before.accounts);
    await closing.splice(0, 1)[0]?.close(0);
    const after = await start({ store: path('others.db'), dir: join(folder, 'other-keys') });
    expect(after.stacie.credentials).toEqual([]);
  });

  it('that another server has open is refused, and so is a file of something else, which stays as it is', async () => {
    await start({ store: path('open.db') });
    await expect(start({ store: path('open.db') })).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining(path('open.db')),
    });
    writeFileSync(path('letter.txt'), 'Dear all,\n');
    await expect(start({ store: path('letter.txt') })).rejects.toMatchObject({ code: 'foreign' });
    expect(readFileSync(path('letter.txt'), 'utf8')).toBe('Dear all,\n');
  });

  it('needs a folder that keeps the keys', async () => {
    await expect(startReference({ domain: 'example.com', store: path('none.db') })).rejects.toThrow('folder');
  });
});
