import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../faults/dmap-server-protocol-faults.js';
import { openEmbedded } from '../../target/embedded.js';
import type { Target } from '../../target/target.js';
import { judge, verdict } from '../record/codec-target.js';
import { cases } from './protocol.js';

/** What waits for silence takes seconds; the selftest runs it. */
const quick = cases.filter(({ id }) => !id.includes('/silence/'));

describe('the reference server', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  it.each(quick.map((subject) => [subject.id, subject] as const))('passes %s', async (_, subject) => {
    const outcome = await judge(subject, target, 1);
    expect(verdict(outcome)).toBeNull();
    const { password } = target.profile.dmap?.accounts[0] ?? { password: () => '' };
    expect(JSON.stringify(outcome.transcript)).not.toContain(password());
  });
});

describe('a faulty server', () => {
  // One of each kind of fault; those that show by silence are for the selftest.
  const some = faults.filter(({ limits }, at) => at % 11 === 0 && limits === undefined);

  it.each(some.map((fault) => [fault.id, fault] as const))('%s is caught', async (_, fault) => {
    const target = await openEmbedded({
      version: '0.0.0',
      hooks: fault.freshHooks?.() ?? fault.hooks ?? {},
      ...(fault.dmapFront === undefined ? {} : { dmapFront: fault.dmapFront }),
    });
    const [subject] = cases.filter(({ decides }) => decides.includes(fault.breaks));
    const outcome = subject && (await judge(subject, target));
    await target.close();
    expect(outcome?.failure?.requirement).toBe(fault.breaks);
  });
});
