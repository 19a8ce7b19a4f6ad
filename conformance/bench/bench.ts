/** `npm run bench`: all figures in one run. `--json` prints them for a program, `--only <part>` takes some parts. */
import { cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { clientLookups } from './client-speed.js';
import { dmapCommands, type MailboxEffort } from './dmap-commands.js';
import { dmapFetches } from './dmap-fetch.js';
import { dmapMemory } from './dmap-memory.js';
import { dnsQueries } from './dns-speed.js';
import { dnssec } from './dnssec-speed.js';
import { type Figure, formatJson, formatTable } from './figures.js';
import { grammarParses } from './grammar-speed.js';
import { judgedMessages } from './judged-messages.js';
import { type MemoryEffort, memory } from './memory.js';
import { messages } from './messages.js';
import { messageCodec } from './messages-codec.js';
import { roundTrips } from './round-trips.js';
import type { Effort } from './rounds.js';
import { runnerOverhead } from './runner-overhead.js';
import { sessionExchanges } from './session-speed.js';
import { signetBenchmarks } from './signets.js';
import { stacieBenchmarks } from './stacie-speed.js';

type BenchEffort = Effort & MemoryEffort & MailboxEffort;

const parts: Readonly<Record<string, (effort: BenchEffort) => Promise<Figure[]>>> = {
  commands: roundTrips,
  messages,
  session: sessionExchanges,
  dns: dnsQueries,
  runner: runnerOverhead,
  memory,
  grammar: grammarParses,
  stacie: stacieBenchmarks,
  signets: signetBenchmarks,
  'messages-codec': messageCodec,
  dnssec,
  client: clientLookups,
  judged: judgedMessages,
  'dmap-fetch': dmapFetches,
  'dmap-commands': dmapCommands,
  'dmap-memory': dmapMemory,
};

/** About two minutes in all on two cores. */
const fullEffort: BenchEffort = {
  rounds: 5,
  sliceMs: 400,
  shortSliceMs: 30,
  octets: 256 * 1024 * 1024,
  connections: 5000,
  messages: 100_000,
};

/**
 * Takes the figures of some parts, one part after the other.
 *
 * @throws RangeError naming a part that there is not
 */
export async function bench(
  names: readonly string[] = Object.keys(parts),
  effort = fullEffort,
  progress: (part: string) => void = () => undefined,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of names) {
    const part = parts[name];
    if (part === undefined)
      throw new RangeError(`bench: no part "${name}"; there are ${Object.keys(parts).join(', ')}`);
    progress(name);
    figures.push(...(await part(effort)));
  }
  return figures;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const began = performance.now();
  const figures = await bench(values.only, fullEffort, (part) => process.stderr.write(`${part}...\n`));
  const seconds = Math.round((performance.now() - began) / 1000);
  const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model ?? '', seconds };
  if (values.json) {
    console.log(formatJson(figures, machine));
    return;
  }
  console.log(formatTable(figures));
  console.log(`\nNode ${machine.node}, ${machine.cores} cores (${machine.processor}), ${seconds} s`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
}
