/** The adapter that plays libdime's table: the suite finds nothing wrong with it where it scores, and it does no more. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allCases } from '../../cases/index.js';
import { loadCatalogue } from '../../requirements/load.js';
import { runSuite } from '../../runner/run.js';
import { openTarget } from '../../target/open.js';

const claims = ['dmtp-codec'];

it('holds every requirement of the class dmtp-codec', async () => {
  const program = fileURLToPath(new URL('table-peer.mjs', import.meta.url));
  const catalogue = loadCatalogue();
  const target = await openTarget(
    { name: 'table peer', adapter: { command: [process.execPath, program] }, claims },
    catalogue.classes.map(({ id }) => id),
  );
  try {
    const report = await runSuite({
      suite: { name: 'dime-conformance', version: '0.0.0' },
      target,
      catalogue,
      cases: allCases,
      selection: { classes: claims, only: [], levels: [] },
      seed: 1,
      runs: 12,
      jobs: 4,
      caseLimitMs: 20_000,
      runLimitMs: 60_000,
      command: 'dime-conformance run --target table-peer.yaml',
      startedAt: new Date('2026-01-01T00:00:00Z'),
    });
    const judged = report.requirements.filter(({ decision }) => decision !== null);
    expect(judged.length).toBeGreaterThan(5);
    expect(judged.filter(({ decision }) => decision !== 'pass').map(({ id, reason }) => [id, reason])).toEqual([]);
    expect(report.findings).toEqual([]);
    const positional = { dialect: 'positional', line: 'EHLO <a.example>\r\n' };
    expect(await target.adapter?.call('dmtp.command.parse', positional, { timeoutMs: 10_000 })).toMatchObject({
      kind: 'unsupported',
    });
  } finally {
    await target.close();
  }
});
