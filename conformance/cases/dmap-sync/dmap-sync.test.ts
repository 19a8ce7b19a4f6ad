import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../target/embedded.js';
import type { Target } from '../../target/target.js';
import { messageCases } from '../dmap-server/messages.js';
import { judge, verdict } from '../record/codec-target.js';
import { dmapSyncCases } from './index.js';

describe('the reference server', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  const cases = [...messageCases, ...dmapSyncCases];
  it.each(cases.map((subject) => [subject.id, subject] as const))('passes %s', async (_, subject) => {
    expect(verdict(await judge(subject, target, 1))).toBeNull();
  });
});
