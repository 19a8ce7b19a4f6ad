/** Some of the seeded faults; the selftest tries all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dmapSubmissionCases } from '../cases/dmap-submission/index.js';
import { judge } from '../cases/record/codec-target.js';
import { openEmbedded } from '../target/embedded.js';
import { faults } from './dmap-submission-faults.js';

describe('a server that is wrong about submission', () => {
  // Keys are made once for all servers.
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'dmap-submission-faults-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const some = faults.filter((_, at) => at % 20 === 3);

  it.each(some.map((fault) => [fault.id, fault] as const))('%s is caught', async (_, fault) => {
    const hooks = fault.freshHooks?.() ?? fault.hooks ?? {};
    const target = await openEmbedded({ version: '0.0.0', dir, hooks });
    const named: (string | undefined)[] = [];
    for (const subject of dmapSubmissionCases.filter(({ decides }) => decides.includes(fault.breaks))) {
      named.push((await judge(subject, target, 2)).failure?.requirement);
    }
    await target.close();
    expect(named).toContain(fault.breaks);
  });
});
