import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../target/embedded.js';
import type { Target } from '../../target/target.js';
import { judge, verdict } from '../record/codec-target.js';
import { dmapSignetCases } from './index.js';

describe('the reference server, with keys and signets of its users', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  it.each(dmapSignetCases.map((subject) => [subject.id, subject] as const))('passes %s', async (_, subject) => {
    expect(verdict(await judge(subject, target, 1))).toBeNull();
  });
});
