/** The client against delivery hosts that are right, and against hostile ones. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signSignet, splitSignet } from '../formats/signet/index.js';
import {
  type Authority,
  makeAuthority,
  makeSelfSigned,
  type TestCertificate,
} from './client/certificates.test-support.js';
import { type Script, type ScriptedServer, startScripted } from './client/scripted-server.test-support.js';
import {
  alice,
  base64,
  clientOf,
  domain,
  dx,
  impatient,
  patient,
  refusal,
  sample,
  samples,
  seed,
} from './client/world.test-support.js';
import type { DeliveryRequest } from './client.js';

let authority: Authority;
let certificate: TestCertificate;
let selfSigned: TestCertificate;
beforeAll(async () => {
  authority = await makeAuthority();
  certificate = await authority.issue(dx);
  selfSigned = await makeSelfSigned(dx);
});

const running: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function host(script: Partial<Script> = {}): Promise<ScriptedServer> {
  const server = await startScripted({ start: 'tls', certificate: selfSigned, answer: rightAnswer, ...script });
  running.push(server);
  return server;
}

const bound = () => ({ binds: [selfSigned] });
const signetReply = (name: string, place = 2): string => `250 OK [${base64(sample(name, place).octets)}]\r\n`;

/** The newest signet of a name in the form that has the name in it. */
const identifiable = (name: string): string => {
  const signet = samples.identifiable.get(name)?.at(-1);
  return `250 OK [${base64(signet?.octets ?? new Uint8Array())}]\r\n`;
};

/** Alice's first signet, with another name signed over the same keys. */
function samplesWithOtherFields(): Uint8Array {
  const organization = samples.identifiable.get(domain)?.at(-1);
  const first = samples.identifiable.get(alice)?.[0];
  if (organization === undefined || first === undefined) throw new Error('there are no samples');
  const request = splitSignet(first, 'cryptographic');
  const signed = signSignet(request, {
    signingPrivate: seed,
    organization,
    as: 'full',
    fields: [{ id: 16, data: Buffer.from('Alice A.') }],
  });
  return signed.octets;
}

/** What a right server of the domain says. */
function rightAnswer(line: string): string | null {
  if (line === `SGNT <${domain}>`) return signetReply(domain);
  if (line === `SGNT <${alice}>`) return signetReply(alice);
  if (line.startsWith('EHLO')) return '250-PIPELINING\r\n250 OK\r\n';
  if (line.startsWith('DATA')) return `354 CONTINUE ${/\[.*\]/.exec(line)?.[0]}\r\n`;
  if (line === '(message)') return '250 OK [id-1]\r\n';
  return line === 'QUIT' ? '221 BYE\r\n' : '250 OK\r\n';
}

const answers = (table: Readonly<Record<string, string | null>>) => (line: string) => {
  const key = Object.keys(table).find((start) => line.startsWith(start));
  return key === undefined ? rightAnswer(line) : (table[key] ?? null);
};

describe('lookup', () => {
  it("fetches the organization's signet before the user's, without EHLO, and quits (DMTP-062)", async () => {
    const server = await host();
    const found = await clientOf({ 26: server }, { record: bound() }).lookup({ name: alice });
    expect(found).toEqual({ signet: sample(alice, 2).octets, state: 'full', dx, port: 26, dnssec: 'secure' });
    expect(server.lines).toEqual([`SGNT <${domain}>`, `SGNT <${alice}>`, 'QUIT']);
    expect(server.serverNames).toEqual([dx]);
  });

  it('asks for a fingerprint and compares the signet that comes (DMTP-059)', async () => {
    const fingerprint = sample(alice, 0).fingerprints.cryptographic;
    const server = await host({ answer: answers({ [`SGNT <${alice}>`]: signetReply(alice, 0) }) });
    const client = clientOf({ 26: server }, { record: bound() });
    expect((await client.lookup({ name: alice, fingerprint })).signet).toEqual(sample(alice, 0).octets);
    expect(server.lines[1]).toBe(`SGNT <${alice}> [${fingerprint}]`);
    const other = sample(alice, 1).fingerprints.full;
    expect(await refusal(client.lookup({ name: alice, fingerprint: other }))).toMatchObject({
      code: 'wrong-fingerprint',
      requirement: 'DMTP-059',
    });
  });

  it('uses a known signet while VRFY calls it current, and else one that follows it', async () => {
    let place = 0;
    const server = await host({
      answer: (line) => {
        if (line.startsWith(`SGNT <${alice}>`)) return signetReply(alice, place);
        if (line.startsWith(`VRFY <${alice}>`)) {
          const newest = sample(alice, place).fingerprints.full;
          return line.includes(newest) ? '250 CURRENT\r\n' : `250 UPDATE [${newest}]\r\n`;
        }
        if (line.startsWith('VRFY')) return '250 CURRENT\r\n';
        if (line.startsWith('HIST')) {
          return `${[0, 1, 2].map((at) => `250-[${base64(sample(alice, at).octets)}]\r\n`).join('')}250 OK\r\n`;
        }
        return rightAnswer(line);
      },
    });
    const client = clientOf({ 26: server }, { record: bound() });
    const signetOf = async () => (await client.lookup({ name: alice })).signet;
    expect(await signetOf()).toEqual(sample(alice, 0).octets);
    expect(await signetOf()).toEqual(sample(alice, 0).octets);
    // Two rotations at once: what lies between is fetched.
    place = 2;
    expect(await signetOf()).toEqual(sample(alice, 2).octets);
    expect(server.lines.filter((line) => line !== 'QUIT').map((line) => line.replace(/ \[.*/, ''))).toEqual([
      ...[`SGNT <${domain}>`, `SGNT <${alice}>`],
      ...[`VRFY <${domain}>`, `VRFY <${alice}>`],
      ...[`VRFY <${domain}>`, `VRFY <${alice}>`, `SGNT <${alice}>`, `HIST <${alice}>`],
    ]);
    // Back to an old one, which follows nothing that is known.
    place = 1;
    expect(await refusal(client.lookup({ name: alice }))).toMatchObject({ code: 'wrong-fingerprint' });
  });

  it("takes other fields over the same keys, and no other's keys (SIG-058)", async () => {
    const first = sample(alice, 0).octets;
    let second = samplesWithOtherFields();
    const server = await host({
      answer: (line) => {
        if (line.startsWith('VRFY')) return '250 UPDATE\r\n';
        if (line.startsWith(`SGNT <${alice}>`)) return `250 OK [${base64(second)}]\r\n`;
        return line.startsWith('HIST') ? '450 SIGNET NOT FOUND.\r\n' : rightAnswer(line);
      },
    });
    const client = clientOf({ 26: server }, { record: bound() });
    const changed = second;
    second = first;
    await client.lookup({ name: alice });
    second = changed;
    expect((await client.lookup({ name: alice })).signet).toEqual(changed);
    second = sample(`bob@${domain}`, 0).octets;
    expect(await refusal(client.lookup({ name: alice }))).toMatchObject({
      code: 'broken-chain',
      requirement: 'SIG-057',
    });
  });

  it('of a name without record says so, and connects to nothing', async () => {
    const server = await host();
    expect(await refusal(clientOf({ 26: server }).lookup({ name: 'a@other.example' }))).toMatchObject({
      code: 'no-record',
      requirement: 'REC-077',
    });
    expect(server.connections).toBe(0);
  });

  it('does not connect when the proof of the record failed (REC-046)', async () => {
    const server = await host();
    const record = { ...bound(), dnssec: 'bogus' as const };
    expect(await refusal(clientOf({ 26: server }, { record }).lookup({ name: alice }))).toMatchObject({
      code: 'bogus',
      requirement: 'REC-046',
    });
    expect(server.connections).toBe(0);
  });

  it.each([
    ["another user's signet, with a name in it", identifiable(`bob@${domain}`), 'wrong-name', undefined],
    ["the organization's signet", signetReply(domain), 'wrong-name', undefined],
    ['no signet', '250 OK [AAAA]\r\n', 'bad-signet', 'SIG-004'],
    ['no base64', '250 OK [not base64]\r\n', 'malformed-reply', undefined],
    ['a refusal', '450 SIGNET NOT FOUND.\r\n', 'refused', undefined],
    ['lines of two codes', '250-a\r\n251 b\r\n', 'mixed-codes', 'DMTP-017'],
    ['a reply that is none', 'hello\r\n', 'malformed-reply', undefined],
    ['the half of a reply', '250-', 'timeout', undefined],
    ['the end', null, 'closed', undefined],
  ])("refuses %s in place of a user's signet", async (_, reply, code, requirement) => {
    const server = await host({ answer: answers({ [`SGNT <${alice}>`]: reply }) });
    const limits = code === 'timeout' ? impatient : patient;
    const error = await refusal(clientOf({ 26: server }, { record: bound(), limits }).lookup({ name: alice }));
    expect({ code: error.code, requirement: error.requirement }).toEqual({ code, requirement });
  });

  it('goes no further with a server that answers what was not asked yet', async () => {
    const ahead = signetReply(domain) + signetReply(alice);
    const server = await host({ answer: answers({ [`SGNT <${domain}>`]: ahead }) });
    expect((await refusal(clientOf({ 26: server }, { record: bound() }).lookup({ name: alice }))).code).toBe(
      'unsolicited',
    );
    expect(server.lines).toEqual([`SGNT <${domain}>`]);
  });

  it("takes the identifiable form too (SIG-082), and refuses an organization's signet of another key", async () => {
    const server = await host({ certificate, answer: answers({ [`SGNT <${domain}>`]: identifiable(domain) }) });
    const trust = { pem: authority.cert };
    expect(await clientOf({ 26: server }, { trust }).lookup({ name: domain })).toMatchObject({ state: 'identifiable' });
    const record = { key: new Uint8Array(32).fill(9) };
    expect(await refusal(clientOf({ 26: server }, { trust, record }).lookup({ name: domain }))).toMatchObject({
      code: 'bad-signet',
      requirement: 'SIG-052',
    });
  });

  it('reads replies that are cut anywhere, end with LF, or have more lines than usual (DMTP-012, DMTP-018)', async () => {
    const answer = (line: string): string | null => {
      const reply = rightAnswer(line);
      return line.startsWith('SGNT') ? `250-one moment\n${reply?.replace('\r\n', '\n')}` : reply;
    };
    const server = await host({ answer });
    expect(await clientOf({ 26: server }, { record: bound() }).lookup({ name: alice })).toMatchObject({
      state: 'full',
    });
  });

  it('is ended by its caller, and by its time', async () => {
    const server = await host({ answer: () => '' });
    const waiting = new AbortController();
    const call = clientOf({ 26: server }, { record: bound() }).lookup({ name: alice, signal: waiting.signal });
    waiting.abort();
    expect((await refusal(call)).code).toBe('aborted');
    const brief = clientOf({ 26: server }, { record: bound(), limits: { ...patient, totalMs: 60 } });
    expect(await refusal(brief.lookup({ name: alice }))).toMatchObject({ code: 'timeout' });
  });
});

describe('verify', () => {
  const fingerprint = 'A'.repeat(86);
  const newer = 'B'.repeat(86);
  it.each([
    ['250 CURRENT', { current: true, latest: null }],
    ['281 current', { current: true, latest: null }],
    [`250 UPDATE [${newer}]`, { current: false, latest: newer }],
    [`280 Update ${newer}`, { current: false, latest: newer }],
  ])('reads %s (DMTP-019, DMTP-115)', async (reply, result) => {
    const server = await host({ answer: answers({ VRFY: `${reply}\r\n` }) });
    expect(await clientOf({ 26: server }, { record: bound() }).verify({ name: alice, fingerprint })).toMatchObject(
      result,
    );
    expect(server.lines[0]).toBe(`VRFY <${alice}> [${fingerprint}]`);
  });
  it.each(['250 OK', '250 UPDATE', `250 UPDATE [${fingerprint}]`, '250 UPDATE [short]', '354 CURRENT'])(
    'refuses %s',
    async (reply) => {
      const server = await host({ answer: answers({ VRFY: `${reply}\r\n` }) });
      const error = await refusal(clientOf({ 26: server }, { record: bound() }).verify({ name: alice, fingerprint }));
      expect(['malformed-reply', 'refused']).toContain(error.code);
    },
  );
});

describe('history', () => {
  const lines = (places: readonly number[]): string =>
    `${places.map((at) => `290-[${base64(sample(alice, at).octets)}]\r\n`).join('')}290 OK\r\n`;
  const start = sample(alice, 0).fingerprints.full;

  it('gives the whole chain, each link of which was validated', async () => {
    const server = await host({ answer: answers({ HIST: lines([0, 1, 2]) }) });
    const { signets } = await clientOf({ 26: server }, { record: bound() }).history({ name: alice, start });
    expect(signets).toEqual([0, 1, 2].map((at) => sample(alice, at).octets));
    expect(server.lines).toEqual([`SGNT <${domain}>`, `HIST <${alice}> [${start}]`, 'QUIT']);
  });
  it.each([
    ['a link left out', lines([0, 2]), 'broken-chain'],
    ['the newest first', lines([2, 1, 0]), 'wrong-fingerprint'],
    ['no signet', '290 OK\r\n', 'malformed-reply'],
    ['no last line', lines([0, 1]).replace('290 OK', '290 END'), 'malformed-reply'],
  ])('refuses %s', async (_, reply, code) => {
    const server = await host({ answer: answers({ HIST: reply }) });
    expect((await refusal(clientOf({ 26: server }, { record: bound() }).history({ name: alice, start }))).code).toBe(
      code,
    );
  });
});

describe('deliver', () => {
  const fingerprints = { origin: 'O'.repeat(86), destination: 'D'.repeat(86) };
  const message = Buffer.from('.\r\n.dots\r\n\0and all\r\n.\r\n');
  const request: DeliveryRequest = { message, origin: 'Origin.example', destination: domain, fingerprints };

  it('sends EHLO, MAIL with SIZE, RCPT, DATA and the octets as they are (DMTP-046, DMTP-053, DMTP-090)', async () => {
    const server = await host();
    expect(await clientOf({ 26: server }, { record: bound() }).deliver(request)).toMatchObject({
      accepted: true,
      transaction: 'id-1',
      reply: { code: 250, lines: ['OK [id-1]'] },
      dx,
    });
    expect(server.lines).toEqual([
      'EHLO <origin.example>',
      `MAIL FROM: <origin.example> [${fingerprints.origin}] SIZE=${message.length}`,
      `RCPT TO: <${domain}> [${fingerprints.destination}]`,
      expect.stringMatching(/^DATA \[[A-Za-z0-9+/]{86}\]$/),
      'QUIT',
    ]);
    expect(server.messages).toEqual([Buffer.concat([message, Buffer.from('\r\n')])]);
  });

  it("takes the destination's fingerprint from its validated signet (DMTP-048)", async () => {
    const server = await host();
    const { origin } = fingerprints;
    await clientOf({ 26: server }, { record: bound() }).deliver({ ...request, fingerprints: { origin } });
    expect(server.lines).toContain(`RCPT TO: <${domain}> [${sample(domain, 2).fingerprints.full}]`);
  });

  it('speaks the named dialect when asked to', async () => {
    const server = await host({ answer: (line) => (line === 'DATA' ? '550 no\r\n' : rightAnswer(line)) });
    const client = clientOf({ 26: server }, { record: bound(), dialect: 'named' });
    expect(await client.deliver(request)).toMatchObject({ accepted: false, reply: { code: 550 } });
    expect(server.lines[1]).toBe(`MAIL FROM=<origin.example> FINGERPRINT=[${fingerprints.origin}]`);
  });

  it.each([
    ['254 ACCEPTED=abc', { accepted: true, transaction: 'abc' }],
    ['255 DUPLICATE=abc', { accepted: true, transaction: 'abc' }],
    ['250 STORED', { accepted: true }],
    ['551 RELAY ACCESS DENIED', { accepted: false, reply: { code: 551, lines: ['RELAY ACCESS DENIED'] } }],
  ])('reads the answer %s', async (reply, result) => {
    const server = await host({ answer: answers({ '(message)': `${reply}\r\n` }) });
    expect(await clientOf({ 26: server }, { record: bound() }).deliver(request)).toMatchObject(result);
  });

  it.each(['EHLO', 'MAIL', 'RCPT', 'DATA'])('ends where %s is refused, and sends no message', async (verb) => {
    const server = await host({ answer: answers({ [verb]: '451 LATER\r\n' }) });
    expect(await clientOf({ 26: server }, { record: bound() }).deliver(request)).toMatchObject({
      accepted: false,
      reply: { code: 451 },
    });
    expect(server.lines.at(-2)).toMatch(verb);
    expect(server.messages).toEqual([]);
  });

  it('sends no message without a go-ahead of 300 to 399 (DMTP-019)', async () => {
    const server = await host({ answer: answers({ DATA: '250 OK\r\n' }) });
    expect(await refusal(clientOf({ 26: server }, { record: bound() }).deliver(request))).toMatchObject({
      code: 'malformed-reply',
      requirement: 'DMTP-019',
      outcome: 'not-delivered',
    });
    expect(server.messages).toEqual([]);
  });

  it.each([
    ['silence', '', 'timeout'],
    ['the end', null, 'closed'],
    ['nonsense', 'OK\r\n', 'malformed-reply'],
    ['another go-ahead', '354 CONTINUE [x]\r\n', 'malformed-reply'],
  ] as const)(
    'does not know what became of a message that is followed by %s, and sends it once',
    async (_, reply, code) => {
      const server = await host({ answer: answers({ '(message)': reply }) });
      const record = { ...bound(), deliver: [dx, dx] };
      const limits = { ...patient, ...(code === 'timeout' ? { storedMs: 150 } : {}) };
      const error = await refusal(clientOf({ 26: server }, { record, limits }).deliver(request));
      expect(error).toMatchObject({ code, outcome: 'unknown' });
      expect(server.messages).toHaveLength(1);
      expect(server.connections).toBe(1);
    },
  );

  it('knows that a message is not delivered when the end comes before all was sent', async () => {
    const server = await host({ answer: answers({ DATA: null }) });
    expect(await refusal(clientOf({ 26: server }, { record: bound() }).deliver(request))).toMatchObject({
      code: 'closed',
      outcome: 'not-delivered',
    });
  });

  it('takes an early refusal of a long message, and does not believe an early success', async () => {
    const long = { ...request, message: Buffer.alloc(16_000_000) };
    const early = (reply: string) => host({ early: 1000, answer: answers({ '(message)': `${reply}\r\n` }) });
    const refusing = clientOf({ 26: await early('552 TOO LARGE') }, { record: bound() });
    expect(await refusing.deliver(long)).toMatchObject({ accepted: false, reply: { code: 552 } });
    const accepting = clientOf({ 26: await early('250 OK [id]') }, { record: bound() });
    expect(await refusal(accepting.deliver(long))).toMatchObject({ code: 'unsolicited', outcome: 'not-delivered' });
  });

  it('gives up a server that takes nothing of a message', async () => {
    const long = { ...request, message: Buffer.alloc(16_000_000) };
    const server = await host({ early: 1000, answer: answers({ '(message)': '' }) });
    const client = clientOf({ 26: server }, { record: bound(), limits: impatient });
    expect(await refusal(client.deliver(long))).toMatchObject({ code: 'timeout', outcome: 'not-delivered' });
  });

  it.each([
    ['no message', { message: new Uint8Array() }],
    ['a word for a fingerprint (DMTP-047)', { fingerprints: { origin: 'fingerprint', destination: 'fingerprint' } }],
    ['an address for a domain', { origin: 'a@b.example' }],
    ['a line end in a domain', { origin: 'b.example\r\nQUIT' }],
  ])('refuses %s, and connects to nothing', async (_, wrong) => {
    const server = await host();
    expect((await refusal(clientOf({ 26: server }, { record: bound() }).deliver({ ...request, ...wrong }))).code).toBe(
      'bad-input',
    );
    expect(server.connections).toBe(0);
  });
});

describe('the first words', () => {
  it.each(['220 dx.dime.example ESMTP ready', '250 <dx> DMTPv1', '220 DMTPv1', '220 <dx> dmtpv1', '554 no'])(
    'refuses the greeting %s and says nothing (DMTP-008)',
    async (words) => {
      const server = await host({ greeting: `${words}\r\n` });
      const error = await refusal(clientOf({ 26: server }, { record: bound() }).lookup({ name: domain }));
      expect(error).toMatchObject({ code: 'unreachable', requirement: 'DMTP-008' });
      expect(server.lines).toEqual([]);
    },
  );

  it('are all that is said before the certificate is found good (DMTP-068)', async () => {
    const server = await host({ certificate: await makeSelfSigned(dx) });
    const error = await refusal(
      clientOf({ 26: server }, { record: { binds: [selfSigned], deliver: [dx, 'dx2.dime.example'] } }).lookup({
        name: domain,
      }),
    );
    expect(error).toMatchObject({ code: 'untrusted', requirement: 'REC-065' });
    expect(server.lines).toEqual([]);
    expect(server.connections).toBe(1);
  });
});

describe('dual mode', () => {
  const mail = { deliver: [], exchangers: [{ preference: 10, host: 'mx.dime.example' }] };
  const dead = 1;

  it('greets, says STARTTLS with host and mode, and no server name in the handshake (DMTP-064, DMTP-067)', async () => {
    const server = await host({
      start: 'dual',
      greeting: '220 <mx.dime.example> ESMTP DMTPv1 test\r\n',
      answer: (line) => (line.startsWith('STARTTLS') ? '220 READY\r\n' : rightAnswer(line)),
    });
    const found = await clientOf({ 26: dead, 25: server }, { record: { ...bound(), ...mail } }).lookup({
      name: domain,
    });
    expect(found).toMatchObject({ dx: 'mx.dime.example', port: 25 });
    expect(server.lines).toEqual(['plain:STARTTLS <mx.dime.example> MODE=DMTPv1', `SGNT <${domain}>`, 'QUIT']);
    expect(server.serverNames).not.toContain('mx.dime.example');
  });

  it('does not look at what came in plain text behind the go-ahead (DMTP-071)', async () => {
    const injected = `220 READY\r\n250 OK DMTPv1\r\n250 OK [AAAA]\r\n`;
    const server = await host({
      start: 'dual',
      answer: (line) => (line.startsWith('STARTTLS') ? injected : rightAnswer(line)),
    });
    const found = await clientOf({ 26: dead, 25: server }, { record: { ...bound(), ...mail } }).lookup({
      name: domain,
    });
    expect(found.signet).toEqual(sample(domain, 2).octets);
  });

  it.each([
    ['250 OK SMTP', 'DMTP-066'],
    ['250 OK', 'DMTP-066'],
    ['554 OK DMTPv1', 'DMTP-066'],
  ])('drops a connection that says %s inside TLS', async (secured, requirement) => {
    const server = await host({ start: 'dual', secured: `${secured}\r\n`, answer: () => '220 READY\r\n' });
    const error = await refusal(
      clientOf({ 26: dead, 25: server }, { record: { ...bound(), ...mail } }).lookup({ name: domain }),
    );
    expect(error.message).toContain(requirement);
    expect(server.lines).toEqual(['plain:STARTTLS <mx.dime.example> MODE=DMTPv1']);
  });

  it('does not go on in plain text when STARTTLS is refused, nor to port 587 (REC-059)', async () => {
    const server = await host({ start: 'dual', answer: () => '454 NO\r\n' });
    const submission = await host({ start: 'dual' });
    const record = { ...bound(), ...mail };
    const error = await refusal(
      clientOf({ 26: dead, 25: server, 587: submission }, { record }).lookup({ name: domain }),
    );
    expect(error.code).toBe('unreachable');
    expect(server.lines).toHaveLength(1);
    expect(submission.connections).toBe(0);
  });

  it('goes to port 587 where port 25 cannot be connected (REC-059)', async () => {
    const submission = await host({
      start: 'dual',
      answer: (line) => (line.startsWith('STARTTLS') ? '220 READY\r\n' : rightAnswer(line)),
    });
    const record = { ...bound(), ...mail };
    expect(await clientOf({ 26: dead, 25: dead, 587: submission }, { record }).lookup({ name: domain })).toMatchObject({
      port: 587,
    });
  });
});

it('gives up a host that is silent in the handshake', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const limits = { ...patient, handshakeMs: 100 };
  const none = await refusal(clientOf({ 26: port }, { record: bound(), limits }).lookup({ name: domain }));
  expect(none.message).toContain('127.0.0.1: DMTP: the TLS handshake was not done within 100 ms');
  silent.close();
});

it.each([
  ['comes drop by drop', '220-x\r\n', 'the greeting did not come within 150 ms'],
  ['never ends its line', 'x'.repeat(20_000), 'the greeting is longer than 65536 octets'],
])('gives up a greeting that %s', async (_, piece, why) => {
  const server = createServer((socket) => {
    const drops = setInterval(() => socket.write(piece), 10);
    socket.on('error', () => undefined).once('close', () => clearInterval(drops));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const record = { deliver: [], exchangers: [{ preference: 0, host: dx }] };
  const error = await refusal(clientOf({ 26: 1, 25: port }, { record, limits: impatient }).lookup({ name: domain }));
  expect(error.message).toContain(why);
  server.close();
});

it('tries every address of a host, IPv6 as well (REC-061)', async () => {
  const server = await host({ host: '::1' });
  const record = { ...bound(), addresses: { [dx]: ['127.0.0.1', '::1'] } };
  expect(await clientOf({ 26: server }, { record }).lookup({ name: domain })).toMatchObject({ dx });
});
