/** Compiles the AssemblyScript beside this file (`*.as`) to WebAssembly; the outcome is never committed. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The module that every stage stands in. */
const entry = 'stages';
const compiler = new URL('../../../../node_modules/assemblyscript/bin/asc.js', import.meta.url);
/** Binaryen's first level only: with the others the rounds measured some percent slower in V8. */
const options = ['--runtime', 'stub', '--noAssert', '--enable', 'simd', '--use', 'abort=', '-O1'];

/**
 * Writes `stages.wasm` into `outFolder`, from the `.as` files of `sourceFolder`; one that is newer than all of them stays.
 * They have that ending since they are no TypeScript, only like it; the compiler wants `.ts`, so that it gets copies.
 */
export function compileKernel(sourceFolder: URL, outFolder: URL): void {
  const sources = readdirSync(sourceFolder).filter((name) => name.endsWith('.as'));
  const out = new URL(`${entry}.wasm`, outFolder);
  const changed = [...sources.map((name) => new URL(name, sourceFolder)), new URL(import.meta.url)].map(timeOf);
  if (timeOf(out) > Math.max(...changed)) return;
  const scratch = mkdtempSync(path.join(tmpdir(), 'stacie-kernel-'));
  // A name of its own, then renamed: someone else may be reading or writing at the same moment.
  const fresh = fileURLToPath(new URL(`${entry}.${process.pid}.wasm`, outFolder));
  try {
    for (const name of sources) {
      copyFileSync(new URL(name, sourceFolder), path.join(scratch, name.replace(/\.as$/, '.ts')));
    }
    mkdirSync(outFolder, { recursive: true });
    const command = [fileURLToPath(compiler), `${entry}.ts`, '--outFile', fresh, ...options];
    execFileSync(process.execPath, command, { cwd: scratch, stdio: 'inherit' });
    renameSync(fresh, out);
  } finally {
    rmSync(fresh, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** When a file was last written; 0 when it is not there. */
function timeOf(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Called by vitest before the tests (globalSetup). */
export default function setup(): void {
  const here = new URL('./', import.meta.url);
  compileKernel(here, here);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) setup();
