/** Builds dist/: compiled TypeScript, compiled grammars and kernel, and the data files that the code reads beside itself. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { compileGrammars } from './grammar/compile.js';
import { compileKernel } from './reference/formats/stacie/kernel/compile.js';

const folders = ['grammar', 'reference', 'conformance', 'reports'];
/** Read at run time with a path relative to the module that needs them; `.mjs` is what a worker thread runs. */
const dataFiles = /\.(peggy|yaml|schema\.json|json|css|mjs|wasm)$/;
const root = new URL('./', import.meta.url);
const dist = new URL('./dist/', root);
const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));

/** Also called by vitest before the tests (globalSetup): those of the command line run what is built. */
export default function build(): void {
  rmSync(dist, { recursive: true, force: true });
  compileGrammars(new URL('grammar/', root), new URL('grammar/generated/', root));
  const kernel = new URL('reference/formats/stacie/kernel/', root);
  compileKernel(kernel, kernel);
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  compileGrammars(new URL('grammar/', root), new URL('grammar/generated/', dist));
  for (const folder of folders) {
    cpSync(new URL(`${folder}/`, root), new URL(`${folder}/`, dist), {
      recursive: true,
      filter: (source) => !/\.[^/]+$/.test(source) || dataFiles.test(source),
    });
  }
  writeAsJson(new URL('conformance/requirements/', dist));
  chmodSync(new URL('conformance/cli/main.js', dist), 0o755);
}

/** JSON is YAML that every start reads quickly. */
function writeAsJson(folder: URL): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    const file = new URL(name, folder);
    writeFileSync(file, JSON.stringify(parse(readFileSync(file, 'utf8'))));
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) build();
