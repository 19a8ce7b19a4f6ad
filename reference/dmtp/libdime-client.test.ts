/**
 * libdime's client against the whole server, through sockets and TLS: every command that it has, octet for octet, on either
 * kind of port (section 12.7 of the DMTP digest).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { highestForm, parseSignet, validateSignet } from '../formats/signet/index.js';
import { letter } from '../letter.test-support.js';
import { type Reference, startReference } from '../server.js';
import { LibdimeClient, LibdimeFailure } from './libdime-client.test-support.js';

const domain = 'dime.example';
const dx = `dx.${domain}`;
const alice = `alice@${domain}`;

let keys: string;
let reference: Reference;
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'dime-libdime-'));
  // Nobody listens there, and nobody asks: the port speaks both protocols, and this client one.
  reference = await startReference({ domain, dir: keys, smtpService: { host: '127.0.0.1', port: 9 } });
});
afterAll(async () => {
  await reference.close(0);
  rmSync(keys, { recursive: true, force: true });
});

const clients: LibdimeClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const ports = {
  'the TLS port': () => LibdimeClient.onTlsPort({ port: reference.dmtp.port, dx }),
  'the dual port': () => LibdimeClient.onDualPort({ port: reference.plain?.port ?? 0, dx }),
} as const;

async function connect(port: keyof typeof ports): Promise<LibdimeClient> {
  const client = await ports[port]();
  clients.push(client);
  return client;
}

const stored = (name: string) => reference.store.signets(name) ?? [];
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

/** What goes over the wire before the first command of a session. */
const openings: Readonly<Record<keyof typeof ports, readonly (readonly [string, string])[]>> = {
  'the TLS port': [['', `220 <${dx}> DMTPv1 dime-conformance\r\n`]],
  'the dual port': [
    ['', `220 <${dx}> ESMTP DMTPv1 dime-conformance\r\n`],
    [`STARTTLS <${dx}> MODE=DMTPv1\r\n`, `220-SENDING CERTIFICATE FOR DOMAIN <${dx}>\r\n220 READY\r\n`],
    ['', '250 OK DMTPv1\r\n'],
  ],
};

describe.each(['the TLS port', 'the dual port'] as const)('on %s', (port) => {
  it('gets through all of its commands, and each octet is that of the tables', async () => {
    const chain = stored(alice);
    const [first, newest] = [chain[0], chain.at(-1)];
    if (first === undefined || newest === undefined || first === newest) throw new Error('a history is needed');
    const message = letter(reference);
    const before = reference.store.messages().length;

    const client = await connect(port);
    await client.ehlo('origin.example');
    expect(await client.mode()).toBe('DMTPv1');
    const help = await client.help();
    const stats = await client.stats().catch((error: unknown) => error);
    expect(stats).toBeInstanceOf(LibdimeFailure);
    expect(await client.signet(domain)).toEqual(Buffer.from(stored(domain).at(-1)?.octets ?? []));
    expect(await client.signet(alice)).toEqual(Buffer.from(newest.octets));
    expect(await client.signet(alice, first.fingerprints.full)).toEqual(Buffer.from(first.octets));
    expect(await client.verify(alice, newest.fingerprints.full)).toBeNull();
    expect(await client.verify(alice, first.fingerprints.full)).toBe(`[${newest.fingerprints.full}]`);
    expect(await client.history(alice, first.fingerprints.full)).toHaveLength(chain.length);
    expect(await client.history(alice, first.fingerprints.full, first.fingerprints.full)).toHaveLength(1);
    await client.noop();
    await client.mailFrom(reference.origin.domain, message.length, ' RETURN=FULL DATA=8BIT');
    await client.rset();
    await client.mailFrom(reference.origin.domain, message.length, '');
    await client.rcptTo(domain);
    const id = await client.data(message);
    await client.quit();

    const nonce = /\[(.+)\]/.exec(client.exchanges.find(({ sent }) => sent === 'STATS\r\n')?.received ?? '')?.[1] ?? '';
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(id).toMatch(/^\[[A-Za-z0-9_-]+\]$/);
    expect(client.exchanges.map(({ sent, received }) => [sent, received])).toEqual([
      ...openings[port],
      [
        'EHLO <origin.example>\r\n',
        `250-PIPELINING\r\n250-8BITMIME\r\n250-8BITDIME\r\n250-RETURN\r\n250-SIZE ${16 * 1024 * 1024}\r\n250 OK\r\n`,
      ],
      ['MODE\r\n', '200 OK DMTPv1\r\n'],
      [
        'HELP\r\n',
        `${help
          .split('\n')
          .slice(0, -1)
          .map((line) => `214-${line}\r\n`)
          .join('')}214 OK\r\n`,
      ],
      ['STATS\r\n', `200 ONCE [${nonce}]\r\n`],
      [`STATS [${nonce}]\r\n`, '502 Command not implemented\r\n'],
      [`SGNT <${domain}>\r\n`, `250 OK [${base64(stored(domain).at(-1)?.octets ?? new Uint8Array())}]\r\n`],
      [`SGNT <${alice}>\r\n`, `250 OK [${base64(newest.octets)}]\r\n`],
      [`SGNT <${alice}> [${first.fingerprints.full}]\r\n`, `250 OK [${base64(first.octets)}]\r\n`],
      [`VRFY <${alice}> [${newest.fingerprints.full}]\r\n`, '250 CURRENT\r\n'],
      [`VRFY <${alice}> [${first.fingerprints.full}]\r\n`, `250 UPDATE [${newest.fingerprints.full}]\r\n`],
      [
        `HIST <${alice}> [${first.fingerprints.full}]\r\n`,
        `${chain.map(({ octets }) => `250-[${base64(octets)}]\r\n`).join('')}250 OK\r\n`,
      ],
      [
        `HIST <${alice}> [${first.fingerprints.full}] [${first.fingerprints.full}]\r\n`,
        `250-[${base64(first.octets)}]\r\n250 OK\r\n`,
      ],
      ['NOOP\r\n', '250 OK\r\n'],
      [
        `MAIL FROM: <${reference.origin.domain}> [fingerprint] SIZE=${message.length} RETURN=FULL DATA=8BIT\r\n`,
        '250 OK\r\n',
      ],
      ['RSET\r\n', '250 OK\r\n'],
      [`MAIL FROM: <${reference.origin.domain}> [fingerprint] SIZE=${message.length}\r\n`, '250 OK\r\n'],
      [`RCPT TO: <${domain}> [fingerprint]\r\n`, '250 OK\r\n'],
      ['DATA [fingerprint]\r\n', '354 CONTINUE [fingerprint]\r\n'],
      [`${message}\r\n`, `250 OK ${id}\r\n`],
      ['QUIT\r\n', '221 BYE\r\n'],
    ]);
    expect(client.unread).toBe('');

    const messages = reference.store.messages();
    expect(messages).toHaveLength(before + 1);
    expect(base64(messages.at(-1)?.octets() ?? new Uint8Array())).toBe(base64(Buffer.from(message, 'latin1')));
  });

  it('looks up a signet as in section 5.3: without EHLO, the organization first, each in the state that it wants', async () => {
    const client = await connect(port);
    const organization = parseSignet('dime-2015', await client.signet(domain));
    const user = parseSignet('dime-2015', await client.signet(alice, stored(alice).at(-1)?.fingerprints.identifiable));
    await client.quit();
    expect([organization, user].map(highestForm)).toEqual(['full', 'full']);
    expect(validateSignet(user, { organization }).state).toMatch(/^(?:full|broken-chain)$/);
    // Its line buffer ends there (OQ-61); the tool cannot read a longer one.
    for (const { received } of client.exchanges) expect(received.length).toBeLessThan(4096);
  });

  it('is refused what it asks for in vain with one line, which it understands', async () => {
    const client = await connect(port);
    const failures = [
      () => client.signet('nobody@dime.example'),
      () => client.verify(alice, 'fingerprint'),
      () => client.history('foreign.example', 'fingerprint'),
      () => client.rcptTo(domain),
    ];
    const said: unknown[] = [];
    for (const ask of failures) said.push(await ask().catch((error: unknown) => error));
    expect(said).toEqual([
      new LibdimeFailure('450 SIGNET NOT FOUND.'),
      new LibdimeFailure('450 SIGNET NOT FOUND.'),
      new LibdimeFailure('450 SIGNET NOT FOUND.'),
      new LibdimeFailure('503 RCPT TO REJECTED - PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN'),
    ]);
    expect(client.unread).toBe('');
  });

  it('shakes hands with the one suite that it offers', async () => {
    const client = await connect(port);
    expect([client.tls.getProtocol(), client.tls.getCipher().name]).toEqual(['TLSv1.2', 'ECDHE-RSA-AES256-GCM-SHA384']);
  });
});
