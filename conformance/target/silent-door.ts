/**
 * A port that answers nobody: it listens, and its queue is full, so that the system drops what comes. Connections to it
 * neither come about nor fail until it is opened.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { Unreachable } from '../runner/outcome.js';

export interface SilentDoor {
  close(): void;
}

/** A thread of its own that listens and then sleeps, since a server whose thread runs takes every connection. Plain JavaScript. */
const sleeper = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.on('error', (error) => parentPort.postMessage(error.message));
  server.listen({ host: workerData.host, port: workerData.port, backlog: 1 }, () => {
    parentPort.postMessage('listening');
    setImmediate(() => Atomics.wait(new Int32Array(workerData.bell), 0, 0));
  });
`;
/** More than a queue of one holds, whatever the system adds to it. */
const fillers = 6;
const settleMs = 150;

/** @throws Unreachable when nobody can listen there, or the system does not drop what its queue does not hold */
export async function startSilentDoor(host: string, port: number): Promise<SilentDoor> {
  const bell = new SharedArrayBuffer(4);
  const worker = new Worker(sleeper, { eval: true, workerData: { host, port, bell } });
  const queue: Socket[] = [];
  const close = (): void => {
    for (const socket of queue) socket.destroy();
    // A thread that sleeps so cannot be ended before it wakes.
    Atomics.store(new Int32Array(bell), 0, 1);
    Atomics.notify(new Int32Array(bell), 0);
    worker.terminate().catch(() => undefined);
  };
  const [said] = (await once(worker, 'message')) as [string];
  if (said !== 'listening') {
    close();
    throw new Unreachable(`no silent port at ${host}:${port}: ${said}`);
  }
  let waiting = 0;
  for (let number = 0; number < fillers; number++) {
    const socket = connect({ host, port });
    queue.push(socket);
    waiting += 1;
    socket.on('error', () => undefined);
    socket.once('connect', () => {
      waiting -= 1;
    });
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  if (waiting > 0 && queue.every(({ destroyed }) => !destroyed)) return { close };
  close();
  throw new Unreachable(`this system answers at ${host}:${port} though nobody takes the connections`);
}
