/**
 * The thread that runs long stages: `kernel-thread.ts` starts it. Plain JavaScript, since a worker is started from a
 * file that Node.js itself can read, compiled or not.
 *
 * workerData: `module`, the compiled kernel, and `stop`, a shared Int32Array that is set to end the work early.
 * Gets orders (`StageOrder`). Answers with { done, of } in steps now and then, and at the end with { outcome }, which is
 * null after a stop.
 */
import { parentPort, workerData } from 'node:worker_threads';

/** Some milliseconds of work. */
const slice = 8192;

const kernel = new WebAssembly.Instance(workerData.module).exports;
const room = new Uint8Array(kernel.memory.buffer, kernel.input.value);
const isStopped = () => Atomics.load(workerData.stop, 0) !== 0;

parentPort.on('message', ({ kind, input, octets, rounds }) => {
  let outcome = null;
  try {
    room.set(input);
    const of = kind === 'seed' ? kernel.beginSeed(octets, rounds) : kernel.beginKey(octets, rounds);
    for (let left = of; left > 0 && !isStopped(); ) {
      left = kernel.step(slice);
      parentPort.postMessage({ done: of - left, of });
    }
    if (!isStopped()) {
      kernel.finish();
      outcome = room.slice(0, 64);
    }
  } finally {
    kernel.wipe();
    input.fill(0);
  }
  parentPort.postMessage({ outcome });
});
