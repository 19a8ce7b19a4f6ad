/** A peer that tries a server's memory, in a process of its own so that it does not slow the one that measures. */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { LineClient } from './line-client.js';
import { domain } from './server-messages.js';

export type HostileOrder =
  /** `octets` of message after DATA. */
  | { readonly kind: 'message'; readonly port: number; readonly octets: number }
  /** `octets` without a line end. */
  | { readonly kind: 'endless line'; readonly port: number; readonly octets: number }
  /** TCP connections that say nothing and stay until the process is ended. */
  | { readonly kind: 'silence'; readonly port: number; readonly connections: number };

export type HostileReport =
  | {
      readonly kind: 'done';
      /** How it ended: the last reply, or how many connections stand. */
      readonly outcome: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };

const block = Buffer.alloc(64 * 1024, 0x61);
/** Connections that are opened at once; more would only wait in the kernel. */
const together = 100;

async function sendMessage(port: number, octets: number): Promise<string> {
  const client = await LineClient.greeted(port, 'dmtp');
  await client.expect(`MAIL FROM: <origin.example> [fingerprint] SIZE=${octets}\r\n`, ['250']);
  await client.expect(`RCPT TO: <${domain}> [fingerprint]\r\n`, ['250']);
  await client.expect('DATA\r\n', ['354']);
  const header = Buffer.alloc(6);
  header.writeUInt16BE(1847, 0);
  header.writeUInt32BE(octets - header.length, 2);
  client.socket.write(header);
  await flood(client.socket, octets - header.length);
  const reply = client.replies(1);
  client.socket.write('\r\n');
  return (await reply).join('').trimEnd();
}

async function sendEndlessLine(port: number, octets: number): Promise<string> {
  const client = await LineClient.greeted(port, 'dmtp');
  await flood(client.socket, octets);
  const reply = client.replies(1);
  client.socket.write('\r\n');
  return (await reply).join('').trimEnd();
}

async function flood(socket: Socket, octets: number): Promise<void> {
  for (let left = octets; left > 0; left -= block.length) {
    if (!socket.write(block.subarray(0, Math.min(left, block.length)))) await once(socket, 'drain');
  }
}

async function openSilently(port: number, connections: number): Promise<string> {
  let open = 0;
  for (let left = connections; left > 0; left -= together) {
    const opened = await Promise.allSettled(
      Array.from({ length: Math.min(left, together) }, async () => {
        const socket = connectTcp(port, '127.0.0.1');
        await once(socket, 'connect');
        socket.on('error', () => undefined);
        socket.on('close', () => open--);
        open++;
      }),
    );
    const failure = opened.find((each) => each.status === 'rejected');
    if (failure !== undefined) return `${open} connections open, then ${(failure.reason as Error).message}`;
  }
  return `${open} connections open`;
}

function carryOut(order: HostileOrder): Promise<string> {
  switch (order.kind) {
    case 'message':
      return sendMessage(order.port, order.octets);
    case 'endless line':
      return sendEndlessLine(order.port, order.octets);
    case 'silence':
      return openSilently(order.port, order.connections);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('disconnect', () => process.exit());
  const order = JSON.parse(process.argv[2] ?? '{}') as HostileOrder;
  carryOut(order).then(
    (outcome) => process.send?.({ kind: 'done', outcome } satisfies HostileReport),
    (error: Error) => process.send?.({ kind: 'failed', reason: error.message } satisfies HostileReport),
  );
}
