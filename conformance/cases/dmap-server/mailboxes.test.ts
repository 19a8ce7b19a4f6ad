import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../target/embedded.js';
import type { Target } from '../../target/target.js';
import { judge, verdict } from '../record/codec-target.js';
import { mailboxCases } from './mailboxes.js';

describe('the mailboxes of the reference server', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  it.each(mailboxCases.map((subject) => [subject.id, subject] as const))('pass %s', async (_, subject) => {
    const outcome = await judge(subject, target, 1);
    expect(verdict(outcome)).toBeNull();
  });
});
