/** A delivery host that says what a test tells it, and keeps what it was told. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { TestCertificate } from './certificates.test-support.js';

export interface Script {
  readonly start: 'tls' | 'dual';
  readonly certificate: TestCertificate;
  readonly greeting?: string;
  /** The first line inside TLS after STARTTLS. */
  readonly secured?: string;
  /**
   * What is sent for a line, line ends included; null closes the connection. A message is answered as the line
   * `(message)`.
   */
  readonly answer?: (line: string) => string | null;
  /** Octets of a message after which it is answered, and no more of it is read. */
  readonly early?: number;
  readonly host?: string;
}

export interface ScriptedServer {
  readonly port: number;
  /** All lines of all connections, in order; those in plain text begin with `plain:`. */
  readonly lines: string[];
  readonly messages: Buffer[];
  /** Of each handshake; false without server name indication. */
  readonly serverNames: (string | false)[];
  connections: number;
  /** Connections that have ended. */
  ended: number;
  close(): Promise<void>;
}

const greeting = '220 <dx.dime.example> DMTPv1 test\r\n';

/** Starts it on a free port of a loopback address. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  const server = createServer((raw) => {
    open.add(raw);
    raw.on('error', () => undefined);
    raw.once('close', () => {
      open.delete(raw);
      scripted.ended++;
    });
    scripted.connections++;
    const secureContext = createSecureContext({ key: script.certificate.key, cert: script.certificate.cert });
    const secure = (then: (stream: TLSSocket) => void): void => {
      const stream = new TLSSocket(raw, {
        isServer: true,
        secureContext,
        SNICallback: (_name, callback) => callback(null, secureContext),
      });
      stream.on('error', () => undefined);
      stream.once('secure', () => {
        scripted.serverNames.push((stream as TLSSocket & { servername: string | false }).servername);
        then(stream);
      });
    };
    const serve = (stream: Socket): void => converse(stream, script, scripted);
    if (script.start === 'tls') {
      secure((stream) => {
        stream.write(script.greeting ?? greeting);
        serve(stream);
      });
      return;
    }
    raw.write(script.greeting ?? greeting);
    raw.on('data', function plain(octets: Buffer) {
      const line = octets.toString('latin1').trimEnd();
      scripted.lines.push(`plain:${line}`);
      const reply = script.answer?.(line) ?? '220-SENDING CERTIFICATE\r\n220 READY\r\n';
      raw.off('data', plain);
      if (!reply.startsWith('2')) {
        raw.write(reply);
        return;
      }
      raw.pause();
      raw.write(reply, () =>
        secure((inside) => {
          inside.write(script.secured ?? '250 OK DMTPv1\r\n');
          serve(inside);
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, script.host ?? '127.0.0.1', resolve));
  const scripted: ScriptedServer = {
    port: (server.address() as AddressInfo).port,
    lines: [],
    messages: [],
    serverNames: [],
    connections: 0,
    ended: 0,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

function converse(
  stream: Socket,
  { answer, early = Number.POSITIVE_INFINITY }: Script,
  scripted: ScriptedServer,
): void {
  let held = Buffer.alloc(0);
  let size = 0;
  let inMessage = false;
  const say = (line: string): void => {
    const reply = answer?.(line) ?? (line === 'QUIT' ? '221 BYE\r\n' : null);
    if (reply === null) {
      stream.destroy();
      return;
    }
    inMessage = reply.startsWith('3');
    stream.write(Buffer.from(reply, 'latin1'));
  };
  stream.on('data', (octets: Buffer) => {
    held = Buffer.concat([held, octets]);
    for (;;) {
      if (inMessage) {
        if (held.length >= early) {
          stream.pause();
          inMessage = false;
          say('(message)');
          return;
        }
        if (held.length < size + 2) return;
        scripted.messages.push(held.subarray(0, size + 2));
        held = held.subarray(size + 2);
        inMessage = false;
        say('(message)');
        continue;
      }
      const end = held.indexOf('\r\n');
      if (end === -1) return;
      const line = held.subarray(0, end).toString('latin1');
      held = held.subarray(end + 2);
      scripted.lines.push(line);
      size = Number(/SIZE=(\d+)/.exec(line)?.[1] ?? size);
      say(line);
    }
  });
}
