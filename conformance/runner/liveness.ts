/** The plain exchange that brackets each case: connect, greeting, NOOP. Any answer will do; silence or refusal will not. */
import { DmtpConnection } from '../target/dmtp-connection.js';
import type { TargetProfile } from '../target/profile.js';
import { connectTls } from '../target/tls-connect.js';
import { Transcript } from './transcript.js';

export type Liveliness =
  | { readonly alive: true; readonly banner: string }
  | { readonly alive: false; readonly why: string };

/** Asks a DMTP server for a sign of life. */
export async function askLife(profile: TargetProfile): Promise<Liveliness> {
  if (profile.dmtp === null) return { alive: true, banner: '' };
  const { host, port, name } = profile.dmtp;
  try {
    const { secure, tcp } = await connectTls({ host, port, servername: name, timeoutMs: profile.limits.connectMs });
    const connection = new DmtpConnection({
      socket: secure,
      tcp,
      transcript: new Transcript(() => performance.now()),
      number: 1,
      limits: profile.limits,
      delivery: [],
    });
    try {
      const banner = await connection.reply(profile.limits.connectMs);
      const reply = await connection.ask('NOOP');
      // Said to a connection that was silent for too long, or by a server that goes down: no answer to NOOP.
      if (reply.code === 421) return { alive: false, why: `NOOP was answered with ${JSON.stringify(reply.raw)}` };
      return { alive: true, banner: banner.lines.at(-1)?.text ?? '' };
    } finally {
      connection.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const where = `${host}:${port}`;
    return { alive: false, why: why.includes(where) ? why : `${where}: ${why}` };
  }
}
