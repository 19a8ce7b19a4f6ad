import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../reports/sample-report.test-support.js';
import { serializeReport } from '../../reports/serialize.js';
import { askDns } from '../target/dns-client.js';
import { dimeConformance, startServer } from './cli.test-support.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dime-cli-'));

describe('dime-conformance', () => {
  it('helps, with examples, for each command', async () => {
    const commands = [
      [],
      ['run'],
      ['serve'],
      ['adapter'],
      ['adapter', 'check'],
      ['list'],
      ['list', 'cases'],
      ['report'],
      ['report', 'render'],
      ['report', 'matrix'],
    ];
    const results = await Promise.all(commands.map(async (words) => await dimeConformance([...words, '--help'])));
    for (const { status, stdout, stderr } of results) {
      expect(stdout).toMatch(/^Usage: dime-conformance/);
      expect(stdout).toContain('Examples:\n');
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  });

  it('tells its version', async () => {
    const { stdout } = await dimeConformance(['--version']);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(stdout).toBe(`${version}\n`);
  });
});

describe('dime-conformance list', () => {
  it('lists requirements, cases and classes for people and for programs', async () => {
    const json = async (what: string, ...more: string[]): Promise<Record<string, unknown>[]> =>
      JSON.parse((await dimeConformance(['list', what, '--json', ...more])).stdout) as Record<string, unknown>[];
    const [requirements, cases, classes, text] = await Promise.all([
      json('requirements', '--class', 'transport-security'),
      json('cases', '--level', 'MAY'),
      json('classes'),
      dimeConformance(['list', 'requirements', '--class', 'transport-security']),
    ]);
    expect(requirements.map(({ id }) => id)).toEqual(['DMTP-001', 'DMTP-003', 'DMTP-004', 'DMTP-005']);
    expect(requirements[0]).toMatchObject({ level: 'MUST', cases: ['transport/tls/from-the-first-octet'] });
    expect(cases.map(({ id }) => id)).toContain('dmtp/help/214-or-502');
    expect(classes).toContainEqual(expect.objectContaining({ id: 'dmtp-server', state: 'available' }));
    expect(text.stdout.split('\n')[0]).toMatch(/^DMTP-001 +MUST +transport-security +A /);
  });
});

describe('dime-conformance serve', () => {
  it('says in JSON where everything is, and keeps keys and record in the folder that it is given', async () => {
    const dir = path.join(folder, 'keys');
    const server = await startServer(['serve', '--json', '--domain', 'a.example', '--dir', dir]);
    const facts = JSON.parse(server.firstLine) as {
      dns: { host: string; port: number };
      record: string;
      files: { name: string; path: string }[];
    };
    const answer = await askDns(facts.dns, { name: '_dx.a.example', type: 'TXT', transport: 'tcp' }, 3000);
    expect(answer.records[0]?.strings?.join('')).toBe(facts.record);
    expect(await server.end()).toBe(0);
    expect(readFileSync(path.join(dir, 'record.txt'), 'utf8').trim()).toBe(facts.record);
    expect(statSync(path.join(dir, 'primary.key')).mode & 0o077).toBe(0);

    const again = await startServer(['serve', '--json', '--domain', 'a.example', '--dir', dir]);
    expect((JSON.parse(again.firstLine) as { record: string }).record).toBe(facts.record);
    await again.end();
  });

  it('says for people where everything is, and removes its own folder at the end', async () => {
    const server = await startServer(['serve']);
    expect(server.firstLine).toBe('domain          reference.example');
    expect(await server.end('SIGINT')).toBe(0);
  });

  it('says in one line why it does not start', async () => {
    const notFolder = path.join(folder, 'file');
    writeFileSync(notFolder, '');
    const results = await Promise.all([
      dimeConformance(['serve', '--dir', notFolder]),
      dimeConformance(['serve', '--domain', 'no domain']),
      dimeConformance(['serve', '--port', '70000']),
    ]);
    for (const { status, stderr } of results) {
      expect(stderr).toMatch(/^dime-conformance: [^\n]+\n$/);
      expect(status).toBe(2);
    }
    expect(results[0]?.stderr).toContain(notFolder);
  });
});

describe('dime-conformance adapter', () => {
  it('speaks the adapter protocol and ends with its input', async () => {
    const requests = [
      { id: 1, op: 'hello', input: { protocol: 1, suite: '0.1.0' } },
      { id: 2, op: 'dmtp.command.parse', input: { dialect: 'positional', line: 'NOOP\r\n' } },
      { id: 3, op: 'suite.invented', input: {} },
    ];
    const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
    const { status, stdout } = await dimeConformance(['adapter'], { input });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers[0]).toMatchObject({
      id: 1,
      result: { protocol: 1, name: expect.stringContaining('dime-conformance') as string },
    });
    expect(answers[1]).toMatchObject({ id: 2, result: { verb: 'NOOP' } });
    expect(answers[2]).toMatchObject({ id: 3, unsupported: {} });
    expect(status).toBe(0);
  });

  it('checks other adapters, and says which of them does not speak the protocol', async () => {
    const mute = path.join(folder, 'mute.mjs');
    writeFileSync(mute, 'process.stdin.resume();\n');
    const [missing, silent] = await Promise.all([
      dimeConformance(['adapter', 'check', '--', '/nowhere/adapter']),
      dimeConformance(['adapter', 'check', '--timeout', '1', '--', process.execPath, mute]),
    ]);
    expect(missing.stderr).toMatch(/^dime-conformance: \/nowhere\/adapter: [^\n]+\n$/);
    expect(silent.stderr).toMatch(/^dime-conformance: [^\n]+\n$/);
    expect([missing.status, silent.status]).toEqual([3, 3]);
  });
});

describe('dime-conformance report render', () => {
  it('renders a written report in every form', async () => {
    const file = path.join(folder, 'report.json');
    writeFileSync(file, serializeReport(sampleReport()));
    const formats = ['console', 'markdown', 'junit', 'html', 'json'];
    const results = await Promise.all(
      formats.map(async (format) => await dimeConformance(['report', 'render', file, '--format', format])),
    );
    expect(results.map(({ status }) => status)).toEqual(formats.map(() => 0));
    expect(results[2]?.stdout).toMatch(/^<\?xml/);
    expect(results[3]?.stdout).toMatch(/^<!doctype html>/i);
    expect(results[4]?.stdout).toBe(readFileSync(file, 'utf8'));
  });

  it('refuses what is no whole report, in one line', async () => {
    const cut = path.join(folder, 'cut.json');
    writeFileSync(cut, serializeReport(sampleReport()).slice(0, 900));
    const results = await Promise.all([
      dimeConformance(['report', 'render', cut]),
      dimeConformance(['report', 'render', path.join(folder, 'none.json')]),
    ]);
    for (const { status, stderr } of results) {
      expect(stderr).toMatch(/^dime-conformance: report [^\n]+\n$/);
      expect(status).toBe(2);
    }
  });
});

describe('dime-conformance report matrix', () => {
  it('puts reports beside each other, in a file or on standard output', async () => {
    const [file, page] = [path.join(folder, 'column.json'), path.join(folder, 'matrix.html')];
    writeFileSync(file, serializeReport(sampleReport()));
    const [written, printed, alone] = await Promise.all([
      dimeConformance(['report', 'matrix', file, file, '--format', 'html', '--output', page]),
      dimeConformance(['report', 'matrix', file, file, file]),
      dimeConformance(['report', 'matrix', file]),
    ]);
    expect([written.status, printed.status, alone.status]).toEqual([0, 0, 2]);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(printed.stdout).toMatch(/^# Conformance of 3 implementations\n/);
    expect(alone.stderr).toBe('dime-conformance: report matrix: it compares two reports at least\n');
  });
});
