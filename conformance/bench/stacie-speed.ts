/** The rounds of STACIE: the WebAssembly kernel against OpenSSL from C, and against a call of node:crypto a round. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runStage } from '../../reference/formats/stacie/kernel/kernel.js';
import type { Figure } from './figures.js';
import { type Comparison, compare, type Effort, inProcess, type Measure } from './rounds.js';

const run = promisify(execFile);

/** An eight character password with the bonus of the draft's appendix. */
const rounds = 196_608;
/** Base, username, salt and password of the appendix's lengths: three blocks of SHA-512 a round. */
const stageInput = Uint8Array.from({ length: 64 + 16 + 128 + 8 }, (_, at) => (at * 37 + 11) & 0xff);
const source = fileURLToPath(new URL('./stacie-loop.c', import.meta.url));
/** Name and way of each C loop; the low-level functions are deprecated, and faster. */
const loops = [
  ['EVP', 'evp'],
  ['SHA512_Update', 'low-level'],
] as const;

/**
 * Rounds a second of processor time. The C program is compiled now; without a C compiler or OpenSSL's headers the figures
 * say so and have no other side.
 */
export async function stacieBenchmarks({ rounds: turns, sliceMs }: Effort): Promise<Figure[]> {
  const kernel = inProcess(kernelStage);
  const node = inProcess(nodeStage);
  sameOutcome('node:crypto', hex(nodeChain()));
  const folder = mkdtempSync(path.join(tmpdir(), 'stacie-loop-'));
  try {
    const program = await compileLoop(folder);
    const facts = { unit: 'rounds/s', ours: kernel };
    const comparisons: Comparison[] = [
      {
        ...facts,
        name: 'STACIE rounds : node:crypto a call a round',
        goal: { of: 'ratio', bound: 'at least', value: 2 },
        other: node,
      },
    ];
    if (typeof program === 'string') {
      for (const [name, way] of loops) {
        comparisons.push({
          ...facts,
          name: `STACIE rounds : OpenSSL in C, ${name}`,
          goal: { of: 'ratio', bound: 'at least', value: 1 },
          other: loop(program, way),
        });
      }
    }
    const figures = await compare(comparisons, turns, sliceMs);
    return typeof program === 'string' ? figures : [...figures, ...skipped(figures[0]?.ours ?? 0, program.reason)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kernelStage(): number {
  runStage({ kind: 'key', input: Uint8Array.from(stageInput), octets: stageInput.length, rounds });
  return rounds;
}

function nodeStage(): number {
  nodeChain();
  return rounds;
}

/** The fastest way with one call a round: the message is put together once, and digest and counter are written into it. */
function nodeChain(): Uint8Array {
  const message = Buffer.concat([Buffer.alloc(64), stageInput, Buffer.alloc(3)]);
  let digest = createHash('sha512').update(message.subarray(64)).digest();
  for (let round = 1; round < rounds; round++) {
    digest.copy(message);
    message.writeUIntBE(round, message.length - 3, 3);
    digest = createHash('sha512').update(message).digest();
  }
  return digest;
}

/** The program, or why there is none. */
async function compileLoop(folder: string): Promise<string | { readonly reason: string }> {
  const program = path.join(folder, 'stacie-loop');
  const reasons: string[] = [];
  for (const compiler of ['cc', 'gcc', 'clang']) {
    try {
      await run(compiler, ['-O3', '-Wno-deprecated-declarations', source, '-o', program, '-lcrypto']);
      return program;
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
      const [first = 'failed'] = (stderr ?? '').split('\n').filter((line) => line.includes('error'));
      reasons.push(code === 'ENOENT' ? `no ${compiler}` : `${compiler}: ${first}`);
    }
  }
  return { reason: reasons.join('; ') };
}

function loop(program: string, way: (typeof loops)[number][1]): Measure {
  return async (forMs) => {
    const { stdout } = await run(program, [way, `${rounds}`, `${forMs}`, hex(stageInput)]);
    const [rate = '', outcome = ''] = stdout.trim().split(' ');
    sameOutcome(`stacie-loop ${way}`, outcome);
    return Number(rate);
  };
}

let expected: string | undefined;

/** A figure of something that computes another value would say nothing. */
function sameOutcome(who: string, outcome: string): void {
  expected ??= hex(runStage({ kind: 'key', input: Uint8Array.from(stageInput), octets: stageInput.length, rounds }));
  if (outcome !== expected) throw new Error(`${who} computes another key than the kernel`);
}

function skipped(ours: number, reason: string): Figure[] {
  return loops.map(([name]) => ({
    name: `STACIE rounds : OpenSSL in C, ${name}`,
    unit: 'rounds/s',
    goal: null,
    ours,
    other: null,
    ratio: null,
    remark: `skipped, the C program was not compiled (${reason})`,
  }));
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
