import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dimeConformance, startServer } from './cli.test-support.js';
import { act } from './command.test-support.js';
import { explainCommand } from './explain.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dime-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('has explain, signet, keys and record, which help with examples', async () => {
    const commands = [['explain'], ['signet'], ['signet', 'sign'], ['keys'], ['keys', 'generate'], ['record', 'make']];
    const results = await Promise.all(commands.map(async (words) => await dimeConformance([...words, '--help'])));
    for (const { status, stdout, stderr } of results) {
      expect(stdout).toMatch(/^Usage: dime-conformance/);
      expect(stdout).toContain('Examples:\n');
      expect([status, stderr]).toEqual([0, '']);
    }
  });

  it('explains standard input; colours on demand; says misuse in one line', async () => {
    const file = path.join(folder, 'keys');
    writeFileSync(file, 'there');
    const [command, coloured, wrong, taken] = await Promise.all([
      dimeConformance(['explain', '-'], { input: 'SGNT <alice@example.com>\r\n' }),
      dimeConformance(['explain', '-'], { input: 'QUIT now\r\n', env: { NO_COLOR: '', FORCE_COLOR: '1' } }),
      dimeConformance(['explain', '-', '--as', 'letter'], { input: 'x' }),
      dimeConformance(['keys', 'generate', '--type', 'user', '--output', file]),
    ]);
    expect(command.stdout).toMatch(/^DMTP command SGNT, 26 octets\n/);
    expect(command.status).toBe(0);
    expect(coloured.stdout).toContain('\u001b[1;31m');
    expect(coloured.status).toBe(1);
    for (const { status, stderr } of [wrong, taken]) {
      expect(stderr).toMatch(/^dime-conformance: [^\n]+\n$/);
      expect(status).toBe(2);
    }
  });
});

describe('the signets of dime-conformance serve', () => {
  it('are listed with their files, and nothing is wrong with them', async () => {
    const server = await startServer([
      'serve',
      '--json',
      '--domain',
      'a.example',
      '--dir',
      path.join(folder, 'served'),
    ]);
    try {
      const { signets, files } = JSON.parse(server.firstLine) as {
        signets: { name: string; serial: number; signet: string; keys: string }[];
        files: { name: string; path: string }[];
      };
      const record = files.find(({ name }) => name === 'record.txt')?.path ?? '';
      const organization = signets.findLast(({ name }) => name === 'a.example')?.signet ?? '';
      expect(signets).toHaveLength(13);
      for (const { name, serial, signet, keys } of signets) {
        const before = signets.find((each) => each.name === name && each.serial === serial - 1)?.signet;
        const context = name.includes('@')
          ? ['--organization', organization, ...(before === undefined ? [] : ['--previous', before])]
          : ['--record', record];
        const { status, stdout } = await act(explainCommand, [signet, ...context, '--json']);
        expect(status, stdout).toBe(0);
        expect(stdout).not.toContain('unchecked');
        expect((await act(explainCommand, [keys])).status).toBe(0);
      }
    } finally {
      await server.end();
    }
  });
});
