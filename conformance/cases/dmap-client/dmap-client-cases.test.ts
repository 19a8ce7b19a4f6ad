import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../target/target.js';
import { judge, noServer, openCodecs, verdict } from '../record/codec-target.js';
import { dmapClientCases } from './index.js';

describe('the reference client', () => {
  let target: Target;
  beforeAll(async () => {
    target = { ...(await openCodecs()), profile: { ...noServer, claims: ['dmap-client'] } };
  });
  afterAll(async () => {
    await target.close();
  });

  it.each(dmapClientCases.map((subject) => [subject.id, subject] as const))('passes %s', async (_, subject) => {
    expect(verdict(await judge(subject, target, 2))).toBeNull();
  });
});
