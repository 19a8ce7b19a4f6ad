/** Builds dist/: compiled TypeScript, compiled grammars, and the data files that the code reads beside itself. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileGrammars } from './grammar/compile.js';
import { compileKernel } from './reference/formats/stacie/kernel/compile.js';

const folders = ['grammar', 'reference', 'conformance', 'reports'];
/** Read at run time with a path relative to the module that needs them; `.mjs` is what a worker thread runs. */
const dataFiles = /\.(peggy|yaml|schema\.json|json|css|mjs|wasm)$/;
const root = new URL('./', import.meta.url);
const dist = new URL('./dist/', root);

rmSync(dist, { recursive: true, force: true });
compileGrammars(new URL('grammar/', root), new URL('grammar/generated/', root));
const kernel = new URL('reference/formats/stacie/kernel/', root);
compileKernel(kernel, kernel);
execFileSync(
  process.execPath,
  [fileURLToPath(new URL('node_modules/typescript/bin/tsc', root)), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
compileGrammars(new URL('grammar/', root), new URL('grammar/generated/', dist));
for (const folder of folders) {
  cpSync(new URL(`${folder}/`, root), new URL(`${folder}/`, dist), {
    recursive: true,
    filter: (source) => !/\.[^/]+$/.test(source) || dataFiles.test(source),
  });
}
chmodSync(new URL('conformance/cli/main.js', dist), 0o755);
