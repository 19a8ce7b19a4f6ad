import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../target/target.js';
import { judge, noServer, openCodecs, verdict } from '../record/codec-target.js';
import { stacieClientCases } from './index.js';

describe('the reference client', () => {
  let target: Target;
  beforeAll(async () => {
    target = { ...(await openCodecs()), profile: { ...noServer, claims: ['stacie-client'] } };
  });
  afterAll(async () => {
    await target.close();
  });

  // What measures time has to be alone on the machine, which tests are not.
  const untimed = stacieClientCases.filter(({ alone }) => alone !== true);

  it.each(untimed.map((subject) => [subject.id, subject] as const))('passes %s', async (_, subject) => {
    expect(verdict(await judge(subject, target, 1))).toBeNull();
  });
});
