/** The hostile servers, asked by sockets and by openssl: what they say and what they keep. */
import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeSelfSigned } from './hostile-certificate.js';
import { type Door, type HostileDmtp, type HostileScript, startHostileDmtp } from './hostile-dmtp.js';
import { type OcspConduct, startHostileOcsp } from './hostile-ocsp.js';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

const certificate = await makeSelfSigned('dx.example');
const script = (rules: Partial<HostileScript> = {}): (() => HostileScript) => {
  const whole: HostileScript = {
    tls: 'at-once',
    certificate,
    greeting: '220 <dx.example> DMTPv1\r\n',
    answer: (line) => (line.startsWith('DATA') ? '354 CONTINUE [x]\r\n' : '250 OK\r\n'),
    messageOctets: 5,
    stored: (message) => `250 OK [${message.length}]\r\n`,
    ...rules,
  };
  return () => whole;
};

async function start(...doors: Door[]): Promise<HostileDmtp> {
  const hostile = await startHostileDmtp(doors);
  opened.push(hostile);
  return hostile;
}

/** What comes up to a text. */
async function until(socket: Socket, end: string): Promise<string> {
  let text = '';
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    text += (piece as Buffer).toString('latin1');
    if (text.includes(end)) break;
  }
  return text;
}

const secure = async (port: number): Promise<Socket> => {
  const socket = connectTls({ host: '127.0.0.1', port, servername: 'dx.example', rejectUnauthorized: false });
  opened.push({ close: () => socket.destroy() });
  await once(socket, 'secureConnect');
  return socket;
};

describe('a port with TLS at once', () => {
  it('keeps the server name, the lines with their ends, the message and how the client left', async () => {
    const hostile = await start({ address: '127.0.0.1', port: 26, script: script() });
    const socket = await secure(hostile.ports[26]);
    expect(await until(socket, '\n')).toBe('220 <dx.example> DMTPv1\r\n');
    socket.write('EHLO <a>\nDATA\r\nhello\r\nQUIT\r\n');
    expect(await until(socket, '[7]\r\n250 OK\r\n')).toBe('250 OK\r\n354 CONTINUE [x]\r\n250 OK [7]\r\n250 OK\r\n');
    const [seen] = hostile.connections;
    socket.end();
    await seen?.over;
    expect(seen).toMatchObject({
      address: '127.0.0.1',
      port: 26,
      tls: { serverName: 'dx.example' },
      plain: [],
      lines: ['EHLO <a>\n', 'DATA\r\n', 'QUIT\r\n'],
      messages: [new Uint8Array(Buffer.from('hello\r\n'))],
      left: 'closed',
    });
  });

  it('leaves ports without a door closed, and knows its addresses apart', async () => {
    const hostile = await start(
      { address: '127.0.0.1', port: 26, script: script() },
      { address: '::1', port: 26, script: script() },
    );
    const socket = connect({ host: '::1', port: hostile.ports[26] });
    await once(socket, 'connect');
    socket.destroy();
    await expect(once(connect({ host: '127.0.0.1', port: hostile.ports[25] }), 'connect')).rejects.toThrow('REFUSED');
    await expect.poll(() => hostile.connections.map(({ address }) => address)).toEqual(['::1']);
  });
});

describe('a port with TLS later', () => {
  it('begins TLS behind the answer to STARTTLS, with what was put in before it', async () => {
    const answer: HostileScript['answer'] = (line) =>
      line.startsWith('STARTTLS')
        ? { startTls: '220 READY\r\n250 PUT IN\r\n', secured: { pieces: [...'250 OK DMTPv1\r\n'] } }
        : '503 NO\r\n';
    const hostile = await start({ address: '127.0.0.1', port: 25, script: script({ tls: 'later', answer }) });
    const socket = connect({ host: '127.0.0.1', port: hostile.ports[25] });
    await until(socket, '\n');
    socket.write('STARTTLS <dx.example>\r\n');
    expect(await until(socket, 'PUT IN\r\n')).toBe('220 READY\r\n250 PUT IN\r\n');
    const inside = connectTls({ socket, rejectUnauthorized: false });
    expect(await until(inside, '\n')).toBe('250 OK DMTPv1\r\n');
    inside.destroy();
    expect(hostile.connections[0]).toMatchObject({ plain: ['STARTTLS <dx.example>\r\n'], tls: { serverName: null } });
  });

  it('resets, closes, and floods no longer than the client listens', async () => {
    for (const [greeting, code] of [
      ['reset', 'ECONNRESET'],
      ['close', undefined],
    ] as const) {
      const hostile = await start({ address: '127.0.0.1', port: 25, script: script({ tls: 'later', greeting }) });
      const socket = connect({ host: '127.0.0.1', port: hostile.ports[25] });
      const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
        socket.once('error', resolve);
        socket.once('end', () => resolve(undefined));
        socket.resume();
      });
      expect(error?.code).toBe(code);
      socket.destroy();
    }
    const flood = script({ tls: 'later', greeting: { endless: 'x' } });
    const hostile = await start({ address: '127.0.0.1', port: 25, script: flood });
    const socket = connect({ host: '127.0.0.1', port: hostile.ports[25] });
    expect((await until(socket, 'x'.repeat(10_000))).length).toBeGreaterThan(9_999);
    socket.destroy();
    await expect(hostile.connections[0]?.over).resolves.toBeUndefined();
  });
});

const run = promisify(execFile);
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('openssl is not installed: nobody else reads what the OCSP responder says');
    return false;
  }
})();

describe.runIf(hasOpenssl)('the OCSP responder, as openssl reads it', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hostile-ocsp-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each<[OcspConduct, string]>([
    [{ status: 'good' }, 'cert: good'],
    [{ status: 'revoked' }, 'cert: revoked'],
    [{ status: 'good', nonce: 'other' }, 'Nonce Verify error'],
    [{ status: 'good', signedBy: 'broken' }, 'Response Verify Failure'],
    [{ status: 'good', thisUpdate: 3_000, nextUpdate: 6_000 }, 'status not yet valid'],
  ])('%o', async (conduct, said) => {
    const authority = await makeAuthority('Test Authority');
    const responder = await startHostileOcsp(authority, () => conduct);
    opened.push(responder);
    const host = await authority.issue({ name: 'dx.example', ocsp: responder.url });
    expect(new X509Certificate(host.cert).infoAccess).toContain(responder.url);
    const [ca, cert] = [path.join(folder, 'ca'), path.join(folder, 'cert')];
    await Promise.all([writeFile(ca, authority.pem), writeFile(cert, host.cert)]);
    const asked = ['-issuer', ca, '-CAfile', ca, '-cert', cert, '-url', responder.url];
    const { stdout, stderr } = await run('openssl', ['ocsp', ...asked]).catch(
      (error: { readonly stdout: string; readonly stderr: string }) => error,
    );
    expect((stdout + stderr).toLowerCase()).toContain(said.replace(/^cert/, cert).toLowerCase());
    expect(responder.asked).toBe(1);
  });
});
