/**
 * Gives a connection that turned out to be SMTP to the SMTP service behind a dual port (sections 1.2 and 12.3 of the DMTP
 * digest). The service's own greeting is swallowed, since the peer has had one; what the peer said first is said to the
 * service, and from then on octets go both ways unseen.
 */
import { connect, type Socket } from 'node:net';

export interface SmtpService {
  readonly host: string;
  readonly port: number;
}

export interface RelayOptions {
  /** Paused, without listeners that read. */
  readonly peer: Socket;
  /** What the peer has said, for the service. */
  readonly first: Uint8Array;
  readonly service: SmtpService;
  /** Milliseconds to connect and to get the whole greeting. */
  readonly connectMs: number;
  /** Octets went through, in either direction. */
  readonly moved: () => void;
  /** The service cannot be had; the peer is as it was. Called once, and never after octets went through. */
  readonly failed: (code: string) => void;
  /** The service has closed: nothing more comes for the peer, and what it says goes nowhere. */
  readonly ended: () => void;
}

/** RFC 5321 section 4.5.3.1.5 has 512 octets a line; a greeting of several lines shall fit. */
const longestGreeting = 4096;

export function startRelay({ peer, first, service, connectMs, moved, failed, ended }: RelayOptions): void {
  const smtp = connect({ host: service.host, port: service.port, noDelay: true, allowHalfOpen: true });
  let greeting = Buffer.alloc(0);
  let settled = false;
  const giveUp = (code: string): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    smtp.destroy();
    failed(code);
  };
  const timer = setTimeout(() => giveUp('ETIMEDOUT'), connectMs);
  const gone = (): void => {
    clearTimeout(timer);
    smtp.destroy();
  };
  peer.once('close', gone);
  smtp.on('error', (error: NodeJS.ErrnoException) => {
    if (settled) peer.destroy();
    else giveUp(error.code ?? error.name);
  });
  for (const event of ['end', 'close']) smtp.once(event, () => giveUp('ECONNRESET'));
  smtp.on('data', greet);

  function greet(octets: Buffer): void {
    greeting = Buffer.concat([greeting, octets]);
    const end = endOfReply(greeting.toString('latin1'));
    if (end === null) {
      if (greeting.length > longestGreeting) giveUp('no greeting');
      return;
    }
    if (end.code !== '220') {
      giveUp(`greeted with ${end.code}`);
      return;
    }
    settled = true;
    clearTimeout(timer);
    smtp.off('data', greet).pause();
    begin(greeting.subarray(end.at));
  }

  function begin(unasked: Uint8Array): void {
    moved();
    smtp.write(first);
    if (unasked.length > 0) peer.write(unasked);
    smtp.on('data', moved);
    peer.on('data', moved);
    // `pipe` waits where the other side is slow, and passes the end of each direction on.
    peer.pipe(smtp);
    smtp.pipe(peer);
    smtp.once('close', ended);
  }
}

/** The code of a whole SMTP reply and where it ends; null while it is not there. A line that is none gets the code `???`. */
function endOfReply(text: string): { readonly code: string; readonly at: number } | null {
  for (let at = 0; ; ) {
    const end = text.indexOf('\n', at);
    if (end === -1) return null;
    const line = text.slice(at, end + 1);
    at = end + 1;
    const [, code, more] = /^(\d{3})([ -]?)/.exec(line) ?? [];
    if (code === undefined) return { code: '???', at };
    if (more !== '-') return { code, at };
  }
}
