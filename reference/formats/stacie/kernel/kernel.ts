/** Runs a stage in this thread, in WebAssembly from its first round to its last. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StageOrder } from './stage-order.js';
import { Instance, Module, type WasmModule } from './web-assembly.js';

/** What `stages.as` exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  beginSeed(octets: number, rounds: number): number;
  beginKey(octets: number, rounds: number): number;
  step(most: number): number;
  finish(): void;
  wipe(): void;
}

const code = new URL('./stages.wasm', import.meta.url);
const outcomeOctets = 64;
/** More than any stage has. */
const allSteps = 0xffff_ffff;

let compiled: WasmModule | undefined;
let kernel: Kernel | undefined;

/** The compiled kernel, read once. */
export function kernelModule(): WasmModule {
  compiled ??= new Module(readCode());
  return compiled;
}

function readCode(): Uint8Array {
  try {
    return readFileSync(code);
  } catch (error) {
    throw new Error(`the STACIE kernel ${fileURLToPath(code)} is not compiled; "npm run build" does it`, {
      cause: error,
    });
  }
}

/** Runs a whole stage and gives its 64 octets. The kernel's memory and the order's input are zeroed. */
export function runStage({ kind, input, octets, rounds }: StageOrder): Uint8Array {
  kernel ??= new Instance(kernelModule()).exports as Kernel;
  const room = new Uint8Array(kernel.memory.buffer, kernel.input.value);
  try {
    room.set(input);
    if (kind === 'seed') kernel.beginSeed(octets, rounds);
    else kernel.beginKey(octets, rounds);
    kernel.step(allSteps);
    kernel.finish();
    return room.slice(0, outcomeOctets);
  } finally {
    kernel.wipe();
    input.fill(0);
  }
}
