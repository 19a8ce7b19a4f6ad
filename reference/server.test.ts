/** The whole reference server, seen from outside: real sockets, TLS and DNS. */
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectPlainPeer, connectTlsPeer, type Peer } from './dmtp/peer.test-support.js';
import { parseSignet, splitSignet, validateSignet } from './formats/signet/index.js';
import { letter } from './letter.test-support.js';
import { type Reference, type ReferenceOptions, startReference } from './server.js';
import { StacieClientError, type StacieLogin, stacieLogin } from './stacie/client.js';

/** Keys are made once: RSA ones take time. */
let keys: string;
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'dime-test-'));
  await (await startReference({ domain: 'example.com', dir: keys })).close(0);
});
afterAll(() => rmSync(keys, { recursive: true, force: true }));

/** Longer than a loaded machine needs. */
const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000, interval: 10 });

const running: Reference[] = [];
afterEach(async () => {
  for (const reference of running.splice(0)) await reference.close(0);
});

async function start(options: Partial<ReferenceOptions> = {}): Promise<Reference> {
  const reference = await startReference({ domain: 'example.com', dir: keys, sampleMail: false, ...options });
  running.push(reference);
  return reference;
}

/** Connects as section 7.3 of the record digest has it for an unsigned zone: chain and host name are checked. */
const connect = ({ dmtp, dxName, certificatePem }: Reference) =>
  connectTlsPeer({ port: dmtp.port, ca: certificatePem, servername: dxName, rejectUnauthorized: true });

async function deliver(
  peer: Peer,
  text: string,
  fingerprint = 'fingerprint',
  origin = 'origin.example',
): Promise<string> {
  await peer.ask('EHLO <origin.example>', '250 OK\r\n');
  expect(await peer.ask(`MAIL FROM: <${origin}> [${fingerprint}] SIZE=${text.length}`)).toBe('250 OK\r\n');
  expect(await peer.ask('RCPT TO: <example.com> [fingerprint]')).toBe('250 OK\r\n');
  expect(await peer.ask('DATA [hash]')).toMatch(/^354 CONTINUE \[(?:hash|NONE)\]\r\n$/);
  return peer.ask(text);
}

describe('a STACIE login over HTTPS', () => {
  const login = (reference: Reference, revision: '00' | '03', wish: object = {}): Promise<StacieLogin> => {
    const [credentials = { username: '', password: '' }] = reference.stacie.credentials;
    const trust = { pem: reference.certificatePem };
    return stacieLogin({
      endpoint: reference.stacie.urls[revision],
      revision,
      trust,
      limits: { paceMs: 1 },
      ...credentials,
      ...wish,
    });
  };
  it.each(['00', '03'] as const)('of -%s gives an account its shards, by any of its names', async (revision) => {
    const reference = await start();
    const { keys, ...rest } = await login(reference, revision);
    expect(rest).toEqual({ authenticated: true, username: 'alice@example.com', skipped: [] });
    expect(keys).toMatchObject([{ label: 'mail', index: 0 }]);
    expect(keys[0]?.shard).toHaveLength(64);
    expect(await login(reference, revision, { username: 'ALICE-ALIAS@example.com' })).toEqual({ keys, ...rest });
  });
  it('fails for a wrong password and an unknown user alike', async () => {
    const reference = await start();
    const password = 'x'.repeat(24);
    for (const username of ['alice@example.com', 'nobody@example.com']) {
      expect(await login(reference, '03', { username, password })).toMatchObject({
        authenticated: false,
        username,
        keys: [],
      });
    }
  });
  it('shows an unknown user the same salt after a restart from the same folder (STACIE-203)', async () => {
    const saltOf = async (reference: Reference): Promise<string> => {
      const { text } = reference.stacie.sessions['03'].receive('{"login":{"username":"nobody"}}');
      return JSON.parse(text).methods[0].password.salt;
    };
    expect(await saltOf(await start())).toBe(await saltOf(await start()));
  });
  it('is bent by the hooks', async () => {
    const bent = await start({
      hooks: {
        stacie: (session) => ({
          ...session,
          revision: session.revision,
          receive: () => ({ status: 200, text: '{"error":"bent"}', kind: 'error', authenticated: null }),
        }),
      },
    });
    await expect(login(bent, '03')).rejects.toThrow(StacieClientError);
    const empty = await start({ hooks: { stacieStore: (store) => ({ ...store, stacieAccount: () => null }) } });
    expect(await login(empty, '03')).toMatchObject({ authenticated: false });
  });
});

describe('a DMTP session over TLS', () => {
  it('greets, takes a message octet for octet, and says goodbye', async () => {
    const reference = await start();
    const peer = await connect(reference);
    expect(await peer.until('\r\n')).toMatch(/^220 <dx\.example\.com> DMTPv1 \S+\r\n$/);
    const text = letter(reference, { text: 'dot lines\r\n.\r\nand octets \x00\xff\n' });
    expect(await deliver(peer, text)).toMatch(/^250 OK \[[\w-]+\]\r\n$/);
    const [stored, ...others] = reference.store.messages();
    expect(others).toHaveLength(0);
    expect(Buffer.from(stored?.octets() ?? []).toString('latin1')).toBe(text);
    expect(stored?.recipient).toBe('alice@example.com');
    expect(await peer.ask('QUIT')).toBe('221 BYE\r\n');
    expect(await peer.closed).toBeNull();
  });

  it('takes a message of megabytes through the spool', async () => {
    const reference = await start();
    const peer = await connect(reference);
    await peer.until('\r\n');
    const text = letter(reference, { text: '0123456789abcdef'.repeat(400_000) });
    expect(await deliver(peer, text)).toMatch(/^250 OK/);
    const [stored] = reference.store.messages();
    expect(
      createHash('sha256')
        .update(stored?.octets() ?? '')
        .digest('hex'),
    ).toBe(createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex'));
  });

  it('gives the signets of its accounts', async () => {
    const reference = await start();
    const peer = await connect(reference);
    await peer.until('\r\n');
    expect(reference.accounts.length).toBeGreaterThan(0);
    for (const name of [reference.domain, ...reference.accounts]) {
      expect(await peer.ask(`SGNT <${name}>`)).toMatch(/^250 OK \[[A-Za-z0-9+/]+=*\]\r\n$/);
    }
  });

  it('keeps a message of one peer from the replies to another', async () => {
    const reference = await start();
    const [one, two] = await Promise.all([connect(reference), connect(reference)]);
    await Promise.all([one.until('\r\n'), two.until('\r\n')]);
    const [first, second] = await Promise.all([deliver(one, letter(reference)), deliver(two, letter(reference))]);
    expect(first).not.toBe(second);
    expect(reference.store.messages()).toHaveLength(2);
  });

  it('obeys the options: size of messages, commands switched off, number of violations', async () => {
    const reference = await start({ messageOctets: 1000, disabled: ['VERB'], violations: 2 });
    const peer = await connect(reference);
    await peer.until('\r\n');
    expect(await peer.ask('EHLO <origin.example>', '250 OK\r\n')).toContain('250-SIZE 1000\r\n');
    expect(await peer.ask('MAIL FROM: <origin.example> [fp] SIZE=1001')).toMatch(/^552 /);
    expect(await peer.ask('VERB')).toMatch(/^502 /);
    expect(await peer.ask('WHAT')).toMatch(/^500 /);
    expect(await peer.ask('WHAT')).toMatch(/^500 /);
    expect(await peer.ask('WHAT')).toBe('221 BYE\r\n');
    expect(await peer.closed).toBeNull();
  });

  it('ends with 421 when nothing comes, and when the server goes down', async () => {
    const reference = await start({ limits: { idleMs: 80 } });
    const idle = await connect(reference);
    await idle.closed;
    expect(idle.received).toMatch(/\r\n421 dx\.example\.com CLOSING CONNECTION\r\n$/);

    const other = await start();
    const open = await connect(other);
    await open.until('\r\n');
    await other.close();
    await open.closed;
    expect(open.received).toMatch(/\r\n421 dx\.example\.com CLOSING CONNECTION\r\n$/);
  });

  it('leaves no trace of a message whose sender goes away', async () => {
    const reference = await start();
    const peer = await connect(reference);
    await peer.until('\r\n');
    await peer.ask('EHLO <origin.example>', '250 OK\r\n');
    await peer.ask('MAIL FROM: <origin.example> [fp] SIZE=1000');
    await peer.ask('RCPT TO: <example.com> [fp]');
    await peer.ask('DATA');
    peer.write(`\x07\x37\0\0\x03\xe2${'x'.repeat(494)}`);
    await eventually(() => reference.store.heldOctets).toBeGreaterThan(0);
    peer.stream.destroy();
    await eventually(() => reference.store.heldOctets).toBe(0);
    expect(reference.store.messages()).toHaveLength(0);
  });
});

describe('mail', () => {
  it('is refused for those who do not get any here, each with a reply of its own, and leaves nothing', async () => {
    const reference = await start();
    const peer = await connect(reference);
    await peer.until('\r\n');
    const locked = '550 ACCOUNT LOCKED - THE ACCOUNT HAS BEEN';
    for (const [to, reply] of [
      ['locked@example.com', `${locked} ADMINISTRATIVELY LOCKED`],
      ['idle@example.com', `${locked} LOCKED FOR INACTIVITY`],
      ['abuser@example.com', `${locked} LOCKED FOR ABUSE POLICY VIOLATIONS`],
      ['paused@example.com', `${locked} LOCKED AT THE REQUEST OF THE OWNER`],
      ['nobody@example.com', '554 INVALID RECIPIENT - THE EMAIL ADDRESS DOES NOT MATCH AN ACCOUNT ON THIS SYSTEM'],
      [
        'alice@example.org',
        '551 RELAY ACCESS DENIED - THE DOMAIN IS NOT HOSTED LOCALLY AND RELAY ACCESS REQUIRES AUTHENTICATION',
      ],
    ] as const) {
      expect(await deliver(peer, letter(reference, { to }))).toBe(`${reply}\r\n`);
      expect([reference.store.messages(), reference.store.heldOctets]).toEqual([[], 0]);
    }
    expect(await deliver(peer, letter(reference))).toMatch(/^250 OK/);
  });

  it('of an origin that nobody here knows is refused for now, unless somebody finds its signet', async () => {
    const stranger = 'stranger.example';
    const offer = async (reference: Reference): Promise<string> => {
      const peer = await connect(reference);
      await peer.until('\r\n');
      await peer.ask('EHLO <x>', '250 OK\r\n');
      const text = letter(reference);
      await peer.ask(`MAIL FROM: <${stranger}> [fp] SIZE=${text.length}`);
      await peer.ask('RCPT TO: <example.com> [fp]');
      await peer.ask('DATA');
      return await peer.ask(text);
    };
    expect(await offer(await start())).toBe('451 INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER\r\n');
    const asked: string[][] = [];
    const originSignets = async (...question: string[]) => {
      asked.push(question);
      return { kind: 'none' } as const;
    };
    expect(await offer(await start({ originSignets }))).toBe('554 INVALID DMIME DATA RECEIVED.\r\n');
    expect(asked).toEqual([[stranger, 'fp']]);
  });

  it('of another server is taken when its signet is found by its record, over either family', async () => {
    const other = await startReference({ domain: 'sender.example', host: '::' });
    running.push(other);
    const { dns, dmtp, trustAnchor } = other;
    const server = { host: '127.0.0.1', port: dns.port };
    const originLookup = { server, anchors: [trustAnchor], ports: { 26: dmtp.port } };
    const reference = await start({ originLookup });
    const peer = await connect(reference);
    await peer.until('\r\n');
    const text = letter(reference, { from: other });
    const own = other.store.signets('sender.example')?.at(-1)?.fingerprints.full ?? '';
    expect(await deliver(peer, text, own, 'sender.example')).toMatch(/^250 OK/);
    expect(reference.store.messages()).toMatchObject([{ origin: 'sender.example', recipient: 'alice@example.com' }]);
  });

  it('that comes again is stored again, and in the reading numbered-codes told to be there', async () => {
    for (const numberedCodes of [false, true]) {
      const reference = await start({ numberedCodes });
      const peer = await connect(reference);
      await peer.until('\r\n');
      const text = letter(reference);
      const fingerprint = createHash('sha512').update(text, 'latin1').digest('base64').replace(/=+$/, '');
      const own = reference.origin.published.get(reference.origin.domain)?.fingerprints.full ?? '';
      const [first, second] = [await deliver(peer, text, own), await deliver(peer, text, own)];
      if (numberedCodes) {
        expect([first, second]).toEqual([`254 ACCEPTED=${fingerprint}\r\n`, `255 DUPLICATE=${fingerprint}\r\n`]);
      } else {
        expect(first).toMatch(/^250 OK/);
        expect(second).not.toBe(first);
      }
      expect(reference.store.messages()).toHaveLength(numberedCodes ? 1 : 2);
    }
  });
});

describe('a key rotation', () => {
  it('makes chains longer, in the running server; messages made before it are taken still', async () => {
    const reference = await start();
    const peer = await connect(reference);
    await peer.until('\r\n');
    const early = letter(reference);
    for (const name of ['example.com', 'alice@example.com']) {
      const before = reference.store.signets(name)?.at(-1)?.fingerprints.full ?? '';
      expect(await peer.ask(`VRFY <${name}> [${before}]`)).toBe('250 CURRENT\r\n');
      const octets = Buffer.from(splitSignet(reference.rotate(name), 'full').octets).toString('base64');
      const after = reference.store.signets(name)?.at(-1)?.fingerprints.full ?? '';
      expect(await peer.ask(`VRFY <${name}> [${before}]`)).toBe(`250 UPDATE [${after}]\r\n`);
      expect(await peer.ask(`SGNT <${name}>`)).toBe(`250 OK [${octets}]\r\n`);
      expect((await peer.ask(`HIST <${name}> [${before}]`, '250 OK\r\n')).split('\r\n')).toHaveLength(4);
    }
    expect(await deliver(peer, early)).toMatch(/^250 OK/);
    expect(await deliver(peer, letter(reference))).toMatch(/^250 OK/);
    expect(() => reference.rotate('nobody@example.com')).toThrow('there are no keys of nobody@example.com');
  });

  it('binds the new signet of a user to the one before', async () => {
    const reference = await start();
    const previous = parseSignet('dime-2015', reference.store.signets('bob@example.com')?.at(-1)?.octets ?? fail());
    const organization = parseSignet('dime-2015', reference.store.signets('example.com')?.at(-1)?.octets ?? fail());
    const next = reference.rotate('bob@example.com');
    expect(validateSignet(next, { organization, previous })).toEqual({ state: 'identifiable' });
  });
});

describe('the plain port', () => {
  it('greets for DMTP alone, and refuses commands before TLS and lines for SMTP', async () => {
    const { plain } = await start({ plainPort: true });
    const peer = await connectPlainPeer(plain?.port ?? 0);
    expect(await peer.until('\r\n')).toMatch(/^220 <dx\.example\.com> DMTPv1 \S+\r\n$/);
    expect(await peer.ask('NOOP')).toBe('503 DMTP COMMAND REQUIRES STARTTLS FIRST.\r\n');
    expect(await peer.ask('EHLO x')).toBe('554 dx.example.com SMTP SERVICE NOT AVAILABLE\r\n');
  });

  it('greets for both protocols with an SMTP service behind it, and says when that is gone', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    const { plain } = await start({ smtpService: { host: '127.0.0.1', port } });
    const peer = await connectPlainPeer(plain?.port ?? 0);
    expect(await peer.until('\r\n')).toMatch(/^220 <dx\.example\.com> ESMTP DMTPv1 \S+\r\n$/);
    expect(await peer.ask('EHLO x')).toBe('421 dx.example.com SMTP SERVICE CONFIGURATION ERROR\r\n');
    expect(await peer.closed).toBeNull();
  });

  it('goes over to TLS, without SNI, and never does what was sent in the clear behind STARTTLS', async () => {
    const reference = await start({ plainPort: true });
    const plain = await connectPlainPeer(reference.plain?.port ?? 0);
    await plain.until('\r\n');
    plain.write('STARTTLS <dx.example.com> MODE=DMTPv1\r\nEHLO <evil.example>\r\n');
    await plain.until('220 READY\r\n');
    plain.stream.removeAllListeners('data');
    const secure = await connectTlsPeer({ socket: plain.stream, ca: reference.certificatePem });
    expect(await secure.until('\r\n')).toBe('250 OK DMTPv1\r\n');
    expect(await secure.ask('MAIL FROM: <origin.example> [fp] SIZE=10')).toMatch(/^503 .*EHLO/);
    expect(await deliver(secure, letter(reference))).toMatch(/^250 OK \[/);
  });

  it('is not there unless it was asked for', async () => {
    expect((await start()).plain).toBeNull();
  });
});

describe('a server at an IPv6 address', () => {
  it('speaks DMTP there, on both ports, and has it in its zone', async () => {
    const reference = await start({ host: '::1', plainPort: true });
    const ca = reference.certificatePem;
    const peer = await connectTlsPeer({ host: '::1', port: reference.dmtp.port, ca, servername: reference.dxName });
    await peer.until('\r\n');
    expect(await deliver(peer, letter(reference))).toMatch(/^250 OK/);
    const plain = await connectPlainPeer(reference.plain?.port ?? 0, { host: '::1' });
    expect(await plain.until('\r\n')).toMatch(/^220 /);
    const resolver = new Resolver();
    resolver.setServers([`[::1]:${reference.dns.port}`]);
    expect(await resolver.resolve6('dx.example.com')).toEqual(['::1']);
    await expect(resolver.resolve4('dx.example.com')).rejects.toThrow('ENODATA');
    expect(reference.stacie.urls['03']).toContain('https://[::1]:');
  });

  it('at all addresses is reached over both families', async () => {
    const reference = await start({ host: '::' });
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${reference.dns.port}`]);
    const addresses = [...(await resolver.resolve4('dx.example.com')), ...(await resolver.resolve6('dx.example.com'))];
    expect(addresses).toEqual(['127.0.0.1', '::1']);
    for (const host of addresses) {
      const peer = await connectTlsPeer({ host, port: reference.dmtp.port });
      expect(await peer.until('\r\n')).toMatch(/^220 /);
    }
  });
});

describe('the zones', () => {
  it('are signed, with a trust anchor that is the same at every start from a folder', async () => {
    const [one, two] = [await start(), await start()];
    expect(one.trustAnchor).toMatch(/^\. IN DS \d+ 13 2 [0-9A-F]{64}$/);
    expect(two.trustAnchor).toBe(one.trustAnchor);
  });
});

describe('the management record', () => {
  it('is in DNS, and its key signs the certificate that the server shows (sections 1 and 7.2)', async () => {
    const reference = await start();
    const resolver = new Resolver();
    resolver.setServers([`${reference.dns.host}:${reference.dns.port}`]);
    const answers = await resolver.resolveTxt('_dx.example.com');
    expect(answers).toHaveLength(1);
    const text = (answers[0] ?? []).join('');
    expect(text).toBe(reference.record);
    const [, pok = '', tls = ''] =
      /^ver=1 pok=([\w+/]{43}) tls=([\w+/]{86}) pol=mixed dx=dx\.example\.com$/.exec(text) ?? [];
    expect(pok).toBe(reference.primaryKey);

    const peer = await connect(reference);
    const certificate = peer.stream.getPeerCertificate();
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(pok, 'base64')]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const digest = createHash('sha512').update(certificate.raw).digest();
    expect(verify(null, digest, key, Buffer.from(tls, 'base64'))).toBe(true);
  });

  it('stands beside the mail exchanger and the addresses of the delivery host', async () => {
    const { dns } = await start();
    const resolver = new Resolver();
    resolver.setServers([`${dns.host}:${dns.port}`]);
    expect(await resolver.resolveMx('example.com')).toEqual([{ exchange: 'dx.example.com', priority: 10 }]);
    expect(await resolver.resolve4('dx.example.com')).toEqual(['127.0.0.1']);
    await expect(resolver.resolve6('dx.example.com')).rejects.toThrow('ENODATA');
    expect((await resolver.resolveSoa('example.com')).minttl).toBe(300);
  });
});

describe('the folder', () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const fresh = () => {
    folder = mkdtempSync(join(tmpdir(), 'dime-test-'));
    return folder;
  };

  it('keeps the record from one start to the next; private keys are for their owner only', async () => {
    const dir = join(fresh(), 'made', 'on the way');
    const first = await start({ dir });
    await first.close(0);
    const second = await start({ dir });
    expect(second.record).toBe(first.record);
    expect(second.certificatePem).toBe(first.certificatePem);
    expect(readFileSync(join(dir, 'record.txt'), 'utf8')).toBe(`${first.record}\n`);
    for (const name of ['primary.key', 'dx.key']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    for (const { path } of second.files) expect(existsSync(path)).toBe(true);
    expect(new X509Certificate(readFileSync(join(dir, 'dx.crt'))).checkHost('dx.example.com')).toBe('dx.example.com');
  });

  it('is removed at the close when it was not named', async () => {
    const reference = await startReference({ domain: 'example.com' });
    folder = reference.folder;
    expect(existsSync(join(folder, 'primary.key'))).toBe(true);
    await reference.close(0);
    expect(existsSync(folder)).toBe(false);
  });

  it('must be a folder', async () => {
    const dir = join(fresh(), 'file');
    writeFileSync(dir, '');
    await expect(start({ dir })).rejects.toThrow(`folder ${dir} cannot be used: `);
  });

  /** A folder with the files of the shared keys, one of them replaced. */
  const bent = (name: string, text: string | Uint8Array): string => {
    const dir = fresh();
    for (const file of ['primary.key', 'dx.key', 'dx.crt'])
      writeFileSync(join(dir, file), readFileSync(join(keys, file)));
    writeFileSync(join(dir, name), text);
    return dir;
  };

  it.each([
    ['primary.key', 'junk', 'holds no private key'],
    ['dx.key', '', 'holds no private key'],
    ['dx.crt', 'junk', 'holds no certificate'],
  ])('must not hold a broken %s', async (name, text, reason) => {
    const dir = bent(name, text);
    await expect(start({ dir })).rejects.toThrow(`${join(dir, name)} ${reason}`);
  });

  it('must hold keys of the right kind, and a certificate that fits key, name and time', async () => {
    const primary = readFileSync(join(keys, 'primary.key'));
    const tlsKey = readFileSync(join(keys, 'dx.key'));
    await expect(start({ dir: bent('primary.key', tlsKey) })).rejects.toThrow('holds a key of type rsa, not ed25519');
    rmSync(folder, { recursive: true });
    await expect(start({ dir: bent('dx.key', primary) })).rejects.toThrow('holds a key of type ed25519, not rsa');
    rmSync(folder, { recursive: true });
    const dir = bent('primary.key', primary);
    await expect(start({ dir, domain: 'other.example' })).rejects.toThrow('not for dx.other.example');
    await expect(start({ dir, now: () => new Date('2100-01-01') })).rejects.toThrow('expired on');
    rmSync(join(dir, 'dx.key'));
    await expect(start({ dir })).rejects.toThrow('is there, but its key');
  });
});

describe('hooks', () => {
  it('bend the session, the limits, the TLS options, the record and the zone', async () => {
    const reference = await start({
      hooks: {
        session: (session) => ({
          start: () => [{ kind: 'send', octets: Buffer.from('299 bent\r\n') }],
          receive: (octets) => session.receive(octets),
          secured: () => session.secured(),
          judged: (judgement) => session.judged(judgement),
          handOverFailed: () => session.handOverFailed(),
          expire: () => session.expire(),
          shutdown: () => session.shutdown(),
          end: () => session.end(),
          get awaiting() {
            return session.awaiting;
          },
        }),
        limits: (limits) => ({ ...limits, idleMs: 1234 }),
        tls: (tls) => ({ ...tls, maxVersion: 'TLSv1.2' }),
        record: (text) => `${text} sub=relaxed`,
        zone: (records) => records.filter(({ type }) => type !== 'MX'),
      },
    });
    const peer = await connect(reference);
    expect(await peer.until('\r\n')).toBe('299 bent\r\n');
    expect(await peer.ask('NOOP')).toBe('250 OK\r\n');
    expect(peer.stream.getProtocol()).toBe('TLSv1.2');
    expect(reference.limits.idleMs).toBe(1234);
    expect(reference.record).toMatch(/ sub=relaxed$/);
    const resolver = new Resolver();
    resolver.setServers([`${reference.dns.host}:${reference.dns.port}`]);
    expect((await resolver.resolveTxt('_dx.example.com')).flat().join('')).toBe(reference.record);
    await expect(resolver.resolveMx('example.com')).rejects.toThrow('ENODATA');
  });

  it('bend the store', async () => {
    const reference = await start({ hooks: { store: (store) => ({ ...store, signets: () => null }) } });
    const peer = await connect(reference);
    await peer.until('\r\n');
    expect(await peer.ask('SGNT <example.com>')).toBe('450 SIGNET NOT FOUND.\r\n');
  });
});

describe('a start that fails', () => {
  it('leaves nothing behind: the DMTP port is free again when the DNS port cannot be had', async () => {
    const { dns } = await start();
    const probe = await start();
    const port = probe.dmtp.port;
    await probe.close(0);
    await expect(start({ ports: { dmtp: port, dns: dns.port } })).rejects.toThrow('EADDRINUSE');
    expect((await start({ ports: { dmtp: port } })).dmtp.port).toBe(port);
  });

  it.each(['', 'two..dots', '-hyphen.example', 'space here', `${'a'.repeat(64)}.example`])(
    'says that the domain cannot be %j',
    async (domain) => {
      await expect(startReference({ domain })).rejects.toThrow('the domain of a reference server cannot be');
    },
  );
});

function fail(): never {
  throw new RangeError('no such signet');
}
