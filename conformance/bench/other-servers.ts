/** The servers that ours is compared with, each on a free loopback port. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import dns2 from 'dns2';
import { SMTPServer } from 'smtp-server';
import { fileNames } from '../../reference/key-folder.js';
import { serverTlsOptions } from '../../reference/tls/options.js';

/** Octets of one write where many have to be sent. */
const writeOctets = 64 * 1024;

/** The same key, certificate, versions and suites as the reference server in that folder. */
async function tlsOf(folder: string): Promise<TlsOptions> {
  const [key, cert] = await Promise.all(
    [fileNames.tlsKey, fileNames.certificate].map((name) => readFile(join(folder, name), 'utf8')),
  );
  return serverTlsOptions({ key: key ?? '', cert: cert ?? '' });
}

/** Sends every line back as it came: what node:tls can do at best with commands. */
export async function startEcho(folder: string): Promise<number> {
  return await startBare(folder, (socket) => {
    let partial = '';
    socket.on('data', (octets: Buffer) => {
      const text = partial + octets.toString('latin1');
      const end = text.lastIndexOf('\n') + 1;
      partial = text.slice(end);
      if (end > 0) socket.write(Buffer.from(text.slice(0, end), 'latin1'));
    });
  });
}

/** Says 250 whenever octets end with a line end, and looks at nothing: what node:tls can do at best with messages. */
export async function startNod(folder: string): Promise<number> {
  const reply = Buffer.from('250 OK\r\n');
  return await startBare(folder, (socket) => {
    socket.on('data', (octets: Buffer) => {
      if (octets.at(-1) === 0x0a) socket.write(reply);
    });
  });
}

/**
 * Answers `tag COUNT` with COUNT octets, the last of which are a line `tag OK`: what node:tls can do at best with what a
 * mail access server sends. All are written at once as slices of one buffer, which is faster than in turns with the peer.
 */
export async function startOctets(folder: string): Promise<number> {
  const filler = Buffer.alloc(writeOctets, 'x');
  return await startBare(folder, (socket) => {
    let line = '';
    socket.on('data', (octets: Buffer) => {
      line += octets.toString('latin1');
      if (!line.endsWith('\n')) return;
      const [tag = '', count = ''] = line.trim().split(' ');
      line = '';
      const end = Buffer.from(`\r\n${tag} OK\r\n`, 'latin1');
      for (let left = Number(count) - end.length; left > 0; left -= writeOctets) {
        socket.write(left < writeOctets ? filler.subarray(0, left) : filler);
      }
      socket.write(end);
    });
  });
}

async function startBare(folder: string, serve: (socket: TLSSocket) => void): Promise<number> {
  const server = createTlsServer({ ...(await tlsOf(folder)), noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  return await portOf(server);
}

/** nodemailer's smtp-server without what ours does not have either: no authentication, no reverse look-up, no log. */
export async function startSmtp(folder: string): Promise<number> {
  const smtp = new SMTPServer({
    ...(await tlsOf(folder)),
    secure: true,
    authOptional: true,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    // Takes the message in whole and then forgets it, as ours does here.
    onData(stream, _session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => done(null, `OK ${Buffer.concat(pieces).length}`));
    },
  });
  smtp.on('error', () => undefined);
  return await portOf(smtp.listen(0, '127.0.0.1'));
}

/** dns2 that answers every question with no records. */
export async function startEmptyDns(): Promise<number> {
  const server = dns2.createServer({
    udp: true,
    handle: (request, send) => {
      void send(dns2.Packet.createResponseFromRequest(request));
    },
  });
  const { udp } = await server.listen({ udp: { port: 0, address: '127.0.0.1' } });
  if (udp === undefined) throw new Error('dns2 did not say where it listens');
  return udp.port;
}

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
