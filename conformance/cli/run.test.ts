import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport } from '../../reports/validate.js';
import { lineServer, startTlsPeer } from '../target/tls-peer.test-support.js';
import { dimeConformance, startServer } from './cli.test-support.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dime-run-'));
const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

/** A port of loopback where nobody listens. */
async function deadPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface ServedFacts {
  readonly domain: string;
  readonly dmtp: { readonly host: string; readonly port: number };
  readonly dns: { readonly host: string; readonly port: number };
}

let server: Awaited<ReturnType<typeof startServer>>;
let facts: ServedFacts;
beforeAll(async () => {
  server = await startServer(['serve', '--json']);
  facts = JSON.parse(server.firstLine) as ServedFacts;
});
afterAll(async () => {
  expect(await server.end('SIGINT')).toBe(0);
});

const targetFile = (trust: string, more = ''): string =>
  file(
    `${trust.replace(/\W/g, '')}.yaml`,
    `domain: ${facts.domain}\ntrust: ${trust}\ndmtp: { host: 127.0.0.1, port: ${facts.dmtp.port} }\n${more}`,
  );

describe('dime-conformance run', () => {
  it('scores a server that it reaches by a target file and writes every form of the report', async () => {
    const out = path.join(folder, 'out');
    const dns = `dns: { host: 127.0.0.1, port: ${facts.dns.port} }\n`;
    const words = ['run', '--target', targetFile('record', dns), '--class', 'transport-security', '--runs', '2'];
    const { status, stdout, stderr } = await dimeConformance([...words, '--seed', '3', '--out', out]);
    expect(stderr).toContain('4 of 4 cases');
    expect(stdout).toContain('PASS');
    expect(status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['junit.xml', 'report.html', 'report.json', 'report.md', 'report.txt']);
    const report = parseReport(readFileSync(path.join(out, 'report.json'), 'utf8'));
    expect(report.summary).toMatchObject({ verdict: 'pass', exitStatus: 0 });
    expect(report.run.command).toContain('--seed 3 --runs 2 --class transport-security');
    expect(report.cases.every(({ transcript }) => transcript.length > 0)).toBe(true);
  });

  it('gives the same inputs for the same seed', async () => {
    const words = [
      'run',
      '--target',
      targetFile('none'),
      '--only',
      'DMTP-021',
      '--runs',
      '3',
      '--format',
      'json',
      '--quiet',
    ];
    const sent = async (seed: string): Promise<string[]> => {
      const { stdout } = await dimeConformance([...words, '--seed', seed]);
      return parseReport(stdout).cases.flatMap(({ transcript }) =>
        transcript.filter(({ event }) => event === 'sent').map(({ text }) => text),
      );
    };
    const [first, again] = await Promise.all([sent('5'), sent('5')]);
    expect(again).toEqual(first);
  });

  it('says in one line what is wrong with how it was called, and exits with 2', async () => {
    const calls: [string[], RegExp][] = [
      [['run', '--tarket', 'x'], /unknown option '--tarket'/],
      [['run', '--target', path.join(folder, 'nowhere.yaml')], /target file .*nowhere\.yaml: there is no such file/],
      [
        ['run', '--target', targetFile('none', 'readings: [numbered-code]\n')],
        /no reading "numbered-code"; .*numbered-codes/,
      ],
      [['run', '--class', 'dmpt-server'], /--class: no class "dmpt-server"; there are record, /],
      [['run', '--replay', 'no/such/case:1:0'], /--replay: no case "no\/such\/case"/],
      [['run', '--out', path.join(file('a-file', ''), 'out')], /--out .*a-file.out: /],
      [['walk'], /unknown command 'walk'/],
    ];
    const results = await Promise.all(calls.map(async ([words]) => await dimeConformance(words)));
    results.forEach(({ status, stderr, stdout }, index) => {
      expect(stderr).toMatch(calls[index]?.[1] ?? /^$/);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stdout).toBe('');
      expect(status).toBe(2);
    });
  });

  it('exits with 3 and says where, when nobody listens or the certificate is not trusted', async () => {
    const dead = file(
      'dead.yaml',
      `domain: a.example\ntrust: none\ndmtp: { host: 127.0.0.1, port: ${await deadPort()} }\n`,
    );
    const results = await Promise.all(
      [dead, targetFile('system')].map(async (target) => await dimeConformance(['run', '--target', target])),
    );
    expect(results[0]?.stderr).toMatch(
      /the target cannot be judged: no connection to 127\.0\.0\.1:\d+: ECONNREFUSED\n$/,
    );
    expect(results[1]?.stderr).toMatch(
      /the target cannot be judged: the certificate of 127\.0\.0\.1:\d+ is not trusted/,
    );
    expect(results.map(({ status }) => status)).toEqual([3, 3]);
  });

  it('fails a server that is wrong, with the requirement, the counterexample and how to see it again', async () => {
    const peer = await startTlsPeer(lineServer('220 <dx.example.org> DMTPv1 wrong\r\n', () => '250 OK\r\n'));
    const target = file(
      'wrong.yaml',
      `domain: example.org\ntrust: none\ndmtp: { host: 127.0.0.1, port: ${peer.port} }\n`,
    );
    const { status, stdout } = await dimeConformance(['run', '--target', target, '--only', 'DMTP-021', '--seed', '1']);
    expect(stdout).toMatch(/FAILED +DMTP-021 +MUST/);
    const replay = /--replay (\S+)/.exec(stdout)?.[1] ?? '';
    const again = await dimeConformance(['run', '--target', target, '--replay', replay, '--format', 'json', '--quiet']);
    expect(parseReport(again.stdout).cases[0]?.failure).toMatchObject({
      requirement: 'DMTP-021',
      repeats: { failed: 5, of: 5 },
    });
    expect([status, again.status]).toEqual([1, 1]);
    await peer.close();
  });

  it('lets nothing of a hostile server reach the terminal unescaped', async () => {
    const hostile = '220 <dx.example.org> DMTPv1 \u001b]0;owned\u0007\u001b[2J\r\n';
    const peer = await startTlsPeer(lineServer(hostile, () => '250 \u001b[31m<script>alert(1)</script>\r\n'));
    const target = file(
      'hostile.yaml',
      `domain: example.org\ntrust: none\ndmtp: { host: 127.0.0.1, port: ${peer.port} }\n`,
    );
    const out = path.join(folder, 'hostile');
    const words = ['run', '--target', target, '--only', 'DMTP-021', '--only', 'DMTP-007', '--verbose', '--out', out];
    const { stdout, stderr } = await dimeConformance(words);
    await peer.close();
    for (const text of [
      stdout,
      stderr,
      ...readdirSync(out).map((name) => readFileSync(path.join(out, name), 'utf8')),
    ]) {
      expect(text).not.toMatch(/[\u001b\u0007]/);
    }
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).not.toContain('<script');
  });
});
