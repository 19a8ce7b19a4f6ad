/** The suite against the reference: what is right passes, in every reading that the reference can take. */
import { describe, expect, it } from 'vitest';
import { allCases } from '../cases/index.js';
import { loadCatalogue } from '../requirements/load.js';
import { runSuite } from '../runner/run.js';
import { openEmbedded } from './embedded.js';

/** Other tests keep the processors busy meanwhile. */
const limits = { idleMs: 6000, replyMs: 5500, connectMs: 10_000 };

/** What measures time has to be alone on the machine, which tests are not. */
const untimed = allCases.filter(({ id }) => id !== 'stacie-server/unknown-users/in-the-same-time');

/** The codecs and the other servers are run by the tests of their cases; `npm start` and the selftest run all. */
const dmtp = ['dmtp-server', 'dmtp-signet', 'dmtp-dual-mode'];
const overNetwork = [...dmtp, 'transport-security'];

describe('the embedded reference', () => {
  it.each([
    ['the DMTP cases', {}, overNetwork],
    ['the DMTP cases in the reading numbered-codes, over IPv6', { numberedCodes: true, host: '::1' }, dmtp],
    ['the cases on its plain port without an SMTP service', { smtp: false, host: '::1' }, ['dmtp-dual-mode']],
  ] as const)(
    'passes %s',
    async (_, options, classes) => {
      const target = await openEmbedded({ version: '0.0.0', limits, ...options });
      const report = await runSuite({
        suite: { name: 'dime-conformance', version: '0.0.0' },
        target,
        catalogue: loadCatalogue(),
        cases: untimed,
        selection: { classes, only: [], levels: [] },
        seed: 20_261,
        runs: 1,
        jobs: 8,
        caseLimitMs: 60_000,
        runLimitMs: 120_000,
        command: 'dime-conformance run',
        startedAt: new Date(),
      });
      await target.close();
      const numbered = 'numberedCodes' in options;
      const alone = 'smtp' in options;
      // What another way to start the reference is for.
      const elsewhere = untimed.filter(
        ({ reading, needs }) =>
          (reading === 'numbered-codes' && !numbered) || needs.includes(alone ? 'plain-smtp' : 'plain-only'),
      );
      const wrong = report.cases.filter(({ decision }) => decision !== 'pass' && decision !== 'info');
      const unexpected = wrong.filter(
        ({ id, decision }) => decision !== 'skip' || elsewhere.every((one) => one.id !== id),
      );
      expect(unexpected.map(({ id, decision, reason }) => ({ id, decision, reason }))).toEqual([]);
      expect(report.findings).toEqual([]);
      expect(report.summary.exitStatus).toBe(0);
      const reading = report.readings.find((row) => row.reading === 'numbered-codes')?.observed;
      if (!alone) expect(reading).toMatch(numbered ? /its codes/ : /canonical/);
    },
    120_000,
  );
});
