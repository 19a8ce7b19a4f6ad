/** Every command of README.md is run: `npm ci` and `npm test` by .ci/run, the others here, in their order. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dimeConformance, startServer } from './conformance/cli/cli.test-support.js';

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1] ?? '');
const commands = blocks('sh')
  .flatMap((block) => block.trimEnd().split('\n'))
  .map((line) => line.replace(/ +#.*$/, '').trim());

const ours = commands.filter((command) => command.startsWith('npx dime-conformance '));
const npm = commands.filter((command) => !ours.includes(command));
const python = spawnSync('python3', ['--version']).status === 0;

const folder = mkdtempSync(path.join(tmpdir(), 'dime-readme-'));
/** The reference stands in for the server of the reader. */
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer(['serve', '--json', '--domain', 'example.org']);
  const { dmtp } = JSON.parse(server.firstLine) as { dmtp: { port: number } };
  for (const block of blocks('yaml')) {
    const name = /^# (\S+)\n/.exec(block)?.[1];
    if (name === undefined) throw new Error('a YAML block of README.md does not name its file');
    writeFileSync(path.join(folder, name), block.replace('2626', String(dmtp.port)));
  }
  const example = new URL('./conformance/target/adapter/example.py', import.meta.url);
  copyFileSync(example, path.join(folder, 'my-adapter.py'));
});
afterAll(async () => {
  await server.end();
});

describe('README.md', () => {
  it('has the commands of the tests, which CI runs as they stand', () => {
    expect(npm).toEqual(['npm ci && npm start', 'npm test']);
    const ci = readFileSync(new URL('./.ci/run', import.meta.url), 'utf8');
    for (const command of ['npm ci', 'npm test']) expect(ci).toContain(`\n${command}`);
  });

  it('has the command of the main job, which is this program', async () => {
    const { scripts } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [node, main, ...words] = scripts.start?.split(' ') ?? [];
    expect([node, main]).toEqual(['node', 'dist/conformance/cli/main.js']);
    // One class shows that the command works; the whole is run by conformance/target/embedded.test.ts.
    const { status, stdout } = await dimeConformance([...words, '--class', 'dmtp-codec', '--runs', '1'], {
      cwd: folder,
    });
    expect(stdout).toContain('PASS');
    expect(status).toBe(0);
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, name] of readme.matchAll(/`npm run (\w+)`/g)) expect(scripts).toHaveProperty(name ?? '');
  });

  it.each(ours)('%s', async (command) => {
    const words = command.split(' ').slice(2);
    if (words.includes('python3') || words.includes('my-library.yaml')) {
      if (!python) {
        console.warn(`not run, since there is no python3: ${command}`);
        return;
      }
    }
    if (words[0] === 'serve') {
      // Its ports are those of the reader's machine; here any free ones.
      const serving = await startServer(
        words.map((word) => (/^\d{4}$/.test(word) ? '0' : word)),
        { cwd: folder },
      );
      expect(serving.firstLine).not.toBe('');
      expect(await serving.end()).toBe(0);
      return;
    }
    // One run of each property of one class shows that the command works.
    const narrow = [
      '--runs',
      '1',
      ...(words.includes('--replay') ? [] : ['--class', 'transport-security', '--class', 'record']),
    ];
    const short = words[0] === 'run' ? [...words, ...narrow] : words;
    const { status, stderr } = await dimeConformance(short, { cwd: folder });
    expect(stderr).not.toContain('dime-conformance: ');
    expect(status).toBe(0);
  });
});
