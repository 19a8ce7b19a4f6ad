import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../target/embedded.js';
import type { Target } from '../../target/target.js';
import { judge, verdict } from '../record/codec-target.js';
import { stacieServerCases } from './index.js';

describe('the reference server', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  it.each(stacieServerCases.map((subject) => [subject.id, subject] as const))('passes %s', async (_, subject) => {
    const outcome = await judge(subject, target, 2);
    expect(verdict(outcome)).toBeNull();
    const { password } = target.profile.stacie?.[0]?.account ?? { password: () => '' };
    expect(JSON.stringify(outcome.transcript)).not.toContain(password());
  });
});

describe('on a server where no accounts may be made', () => {
  it("the target's own account is used, and the cases that need others are skipped", async () => {
    const { profile, ...target } = await openEmbedded({ version: '0.0.0' });
    const closed = (profile.stacie ?? []).map((endpoint) => ({ ...endpoint, canRegister: false }));
    const own = { ...target, profile: { ...profile, stacie: closed } };
    const verdicts = new Map<string, string | null>();
    for (const subject of stacieServerCases) {
      if (!subject.needs.includes('stacie-accounts')) verdicts.set(subject.id, verdict(await judge(subject, own, 1)));
    }
    await target.close();
    expect([...verdicts].filter(([, said]) => said !== null)).toEqual([]);
    expect(verdicts.size).toBeGreaterThan(40);
  });
});
