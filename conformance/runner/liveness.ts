/** The plain exchange that brackets each case: connect, greeting, NOOP. Any answer will do; silence or refusal will not. */
import { DmapConnection } from '../target/dmap-connection.js';
import { DmtpConnection } from '../target/dmtp-connection.js';
import type { PeerConnection, Wire } from '../target/peer-connection.js';
import type { DmtpEndpoint, TargetLimits, TargetProfile } from '../target/profile.js';
import { connectTls } from '../target/tls-connect.js';
import { Transcript } from './transcript.js';

export type Liveliness =
  | { readonly alive: true; readonly banner: string }
  | { readonly alive: false; readonly why: string };

/** Asks the DMTP server and the DMAP server, those that there are, for a sign of life. The banner is that of DMTP. */
export async function askLife({ dmtp, dmap, limits }: TargetProfile): Promise<Liveliness> {
  const mail = dmtp === null ? null : await ask(dmtp, limits, (wire) => new DmtpConnection(wire), askDmtp);
  if (mail?.alive === false) return mail;
  const access = dmap === undefined ? null : await ask(dmap, limits, (wire) => new DmapConnection(wire), askDmap);
  if (access?.alive === false) return access;
  return mail ?? { alive: true, banner: '' };
}

async function askDmtp(connection: DmtpConnection, { connectMs }: TargetLimits): Promise<Liveliness> {
  const banner = await connection.reply(connectMs);
  const reply = await connection.ask('NOOP');
  // Said to a connection that was silent for too long, or by a server that goes down: no answer to NOOP.
  if (reply.code === 421) return { alive: false, why: `NOOP was answered with ${JSON.stringify(reply.raw)}` };
  return { alive: true, banner: banner.lines.at(-1)?.text ?? '' };
}

async function askDmap(connection: DmapConnection, { connectMs }: TargetLimits): Promise<Liveliness> {
  await connection.response(connectMs);
  await connection.command('NOOP');
  return { alive: true, banner: '' };
}

async function ask<Connection extends PeerConnection>(
  { host, port, name }: DmtpEndpoint,
  limits: TargetLimits,
  make: (wire: Wire) => Connection,
  talk: (connection: Connection, limits: TargetLimits) => Promise<Liveliness>,
): Promise<Liveliness> {
  try {
    const { secure, tcp } = await connectTls({ host, port, servername: name, timeoutMs: limits.connectMs });
    const transcript = new Transcript(() => performance.now());
    const connection = make({ socket: secure, tcp, transcript, number: 1, limits, delivery: [] });
    try {
      return await talk(connection, limits);
    } finally {
      connection.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const where = `${host}:${port}`;
    return { alive: false, why: why.includes(where) ? why : `${where}: ${why}` };
  }
}
