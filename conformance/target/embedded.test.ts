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

/** The codecs are run by the tests of their cases. */
const overNetwork = ['record', 'dmtp-server', 'transport-security', 'robustness', 'stacie-server'];

describe('the embedded reference', () => {
  it.each([
    ['every case over the network', false, overNetwork],
    ['the DMTP cases in the reading numbered-codes', true, ['dmtp-server']],
  ])(
    'passes %s',
    async (_, numberedCodes, classes) => {
      const target = await openEmbedded({ version: '0.0.0', numberedCodes, limits });
      const report = await runSuite({
        suite: { name: 'dime-conformance', version: '0.0.0' },
        target,
        catalogue: loadCatalogue(),
        cases: untimed,
        selection: { classes, only: [], levels: [] },
        seed: 20_261,
        runs: 2,
        jobs: 8,
        caseLimitMs: 60_000,
        runLimitMs: 120_000,
        command: 'dime-conformance run',
        startedAt: new Date(),
      });
      await target.close();
      const wrong = report.cases.filter(({ decision }) => decision !== 'pass' && decision !== 'info');
      expect(wrong.map(({ id, decision, reason }) => ({ id, decision, reason }))).toEqual([]);
      expect(report.findings).toEqual([]);
      expect(report.summary.exitStatus).toBe(0);
      expect(report.readings.find(({ reading }) => reading === 'numbered-codes')?.observed).toMatch(
        numberedCodes ? /its codes/ : /canonical/,
      );
    },
    120_000,
  );
});
