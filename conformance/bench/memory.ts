/** How much the reference server's memory grows under peers that try to make it, and whether others are served still. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Figure, Goal } from './figures.js';
import type { HostileOrder, HostileReport } from './hostile-process.js';
import { LineClient } from './line-client.js';
import { median } from './rounds.js';
import { type BenchServer, nextMessage, startProcess, withServers } from './servers.js';

export interface MemoryEffort {
  /** Of the large message and of the endless line. */
  readonly octets: number;
  readonly connections: number;
}

const mebi = 1024 * 1024;
const goal: Goal = { of: 'ours', bound: 'at most', value: 64 };
/** Milliseconds between two exchanges of the other client. */
const pauseMs = 50;
/** Descriptors that a process needs for itself. */
const ownDescriptors = 100;

/** Each trial has a server of its own. */
export async function memory({ octets, connections }: MemoryEffort): Promise<Figure[]> {
  const size = `${Math.round(octets / mebi)} MiB`;
  const possible = Math.min(connections, descriptorLimit() - ownDescriptors);
  const cut =
    possible < connections ? [`the limit on open files (ulimit -n) allows ${possible} of ${connections}`] : [];
  return [
    ...(await trial(`a message of ${size}`, octets + 1, (port) => ({ kind: 'message', port, octets }), '250 ')),
    ...(await trial(`a line of ${size}`, mebi, (port) => ({ kind: 'endless line', port, octets }), '500 ')),
    ...(await trial(
      `${possible} silent connections`,
      mebi,
      (port) => ({ kind: 'silence', port, connections: possible }),
      `${possible} connections open`,
      cut,
    )),
  ];
}

/** @throws Error when the server did not do with the peer what it should: the figure would mean nothing */
async function trial(
  name: string,
  messageOctets: number,
  order: (port: number) => HostileOrder,
  wanted: string,
  remarks: readonly string[] = [],
): Promise<Figure[]> {
  return await withServers([{ kind: 'reference', messageOctets, keepMessages: true }], async (server) => {
    if (server === undefined) throw new Error('no server');
    await exchange(server.port);
    await server.watchMemory();
    const { outcome, latencies } = await besides(server, startProcess('./hostile-process.ts', order(server.port)));
    const { before, peak } = await server.memory();
    if (!outcome.startsWith(wanted)) throw new Error(`${name}: expected ${wanted}, got ${outcome}`);
    return [
      {
        name: `memory: ${name}`,
        unit: 'MiB',
        ours: (peak - before) / mebi,
        other: null,
        ratio: null,
        goal,
        remark: [
          ...remarks,
          `from ${Math.round(before / mebi)} MiB; meanwhile another client was served ${latencies.length} times`,
          `with a connection of its own in ${median(latencies).toFixed(1)} ms (median)`,
          `and ${Math.max(...latencies).toFixed(1)} ms (longest)`,
        ].join(', '),
      },
    ];
  });
}

/** Serves another client again and again while the hostile process is at work, and once more after. */
async function besides(
  server: BenchServer,
  hostile: ChildProcess,
): Promise<{ outcome: string; latencies: readonly number[] }> {
  const latencies: number[] = [];
  let working = true;
  const report = nextMessage(hostile).finally(() => {
    working = false;
  }) as Promise<HostileReport>;
  try {
    do {
      latencies.push(await exchange(server.port));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } while (working);
    const said = await report;
    // The silent connections stand only now.
    latencies.push(await exchange(server.port));
    if (said.kind === 'failed') throw new Error(`the hostile peer failed: ${said.reason}`);
    return { outcome: said.outcome, latencies };
  } finally {
    hostile.kill();
  }
}

/** Connection, handshake, greeting and NOOP of a well-behaved client, in milliseconds. */
async function exchange(port: number): Promise<number> {
  const began = performance.now();
  const client = await LineClient.connect(port);
  await client.replies(1);
  await client.expect('NOOP\r\n', ['250']);
  client.close();
  return performance.now() - began;
}

/** Of this process, and so of those that it starts; Node raises it as far as the system lets it. */
function descriptorLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    // No such file outside Linux; what cannot be opened then shows in the outcome.
    return Number.POSITIVE_INFINITY;
  }
}
