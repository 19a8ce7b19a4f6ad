/**
 * An SMTP service for the embedded target's dual mode: it answers the commands of RFC 5321, a line at a time, and keeps
 * nothing. On loopback, for the reference server alone.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface SmtpStub {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** RFC 5321 section 4.5.3.1.4, with its line end, and room for extensions. */
const longestLine = 1000;
/** Milliseconds without a line. */
const patienceMs = 60_000;

/** @param host loopback, of the address family that the server listens at */
export async function startSmtpStub(host: string): Promise<SmtpStub> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(patienceMs, () => socket.destroy());
    serve(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket): void {
  let partial = '';
  let inMessage = false;
  socket.write('220 smtp.reference.example ESMTP stub\r\n');
  socket.on('data', (octets) => {
    const lines = (partial + octets.toString('latin1')).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      if (inMessage) {
        if (line.replace(/\r$/, '') !== '.') continue;
        inMessage = false;
        socket.write('250 2.0.0 OK\r\n');
      } else {
        const reply = answer(line);
        inMessage = reply.startsWith('354');
        socket.write(reply);
        if (reply.startsWith('221')) socket.end();
      }
    }
    if (partial.length > longestLine) socket.end('500 5.5.2 Line too long\r\n');
  });
}

function answer(line: string): string {
  switch (/^[A-Za-z]+/.exec(line)?.[0].toUpperCase()) {
    case 'EHLO':
      return '250-smtp.reference.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n';
    case 'HELO':
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
    case 'NOOP':
      return '250 2.0.0 OK\r\n';
    case 'DATA':
      return '354 End data with <CR><LF>.<CR><LF>\r\n';
    case 'QUIT':
      return '221 2.0.0 Bye\r\n';
    case 'VRFY':
      return '252 2.1.5 Try it\r\n';
    case 'AUTH':
    case 'STARTTLS':
    case 'EXPN':
    case 'HELP':
      return '502 5.5.1 Not implemented\r\n';
    default:
      return '500 5.5.2 Unknown command\r\n';
  }
}
