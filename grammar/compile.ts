/** Compiles every grammar of this folder to an ES module with types; the outcome is never committed. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import peggy from 'peggy';

/** Start rules of each grammar: every rule, since generators and coverage start anywhere. */
const everyRule = ['*'];

/** Writes `<name>.js` and `<name>.d.ts` into `outFolder` for each `<name>.peggy` found in `grammarFolder`. */
export function compileGrammars(grammarFolder: URL, outFolder: URL): string[] {
  mkdirSync(outFolder, { recursive: true });
  const names = readdirSync(grammarFolder)
    .filter((file) => file.endsWith('.peggy'))
    .map((file) => file.slice(0, -'.peggy'.length));
  for (const name of names) {
    const source = readFileSync(new URL(`${name}.peggy`, grammarFolder), 'utf8');
    const parser = peggy.generate(source, {
      grammarSource: `${name}.peggy`,
      allowedStartRules: everyRule,
      output: 'source',
      format: 'es',
      cache: false,
    });
    writeFileSync(new URL(`${name}.js`, outFolder), parser);
    writeFileSync(
      new URL(`${name}.d.ts`, outFolder),
      `export declare function parse(input: string, options?: { startRule?: string }): unknown;\n`,
    );
  }
  return names;
}

/** Called by vitest before the tests (globalSetup). */
export default function setup(): void {
  compileGrammars(new URL('./', import.meta.url), new URL('./generated/', import.meta.url));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup();
  console.log(`grammars compiled into ${fileURLToPath(new URL('./generated/', import.meta.url))}`);
}
