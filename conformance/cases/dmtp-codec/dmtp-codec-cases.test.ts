import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/dmtp-codec-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { OperationRefusal, type Operations } from '../../target/adapter/serve.js';
import type { Target } from '../../target/target.js';
import { brokenIn, judge, openCodecs, verdict } from '../record/codec-target.js';
import { dmtpCodecCases } from './index.js';

const deciding = (requirement: string) => dmtpCodecCases.filter(({ decides }) => decides.includes(requirement));

async function withCodecs<Value>(operations: Operations, use: (target: Target) => Promise<Value>): Promise<Value> {
  const target = await openCodecs(operations);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

describe('the reference codec', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openCodecs();
  });
  afterAll(() => target.close());

  test.each(dmtpCodecCases)('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target))).toBeNull();
  });
});

describe('a fault is caught by a case that decides what it breaks', () => {
  test.each(faults)('$id breaks $breaks', async ({ breaks, operations }) => {
    const bent = operations?.(referenceOperations) ?? referenceOperations;
    const broken = await withCodecs(bent, (target) => brokenIn(deciding(breaks), target));
    expect(broken).toContain(breaks);
  });

  test('and every requirement that a case decides has a fault', () => {
    const decided = new Set(dmtpCodecCases.flatMap(({ decides }) => decides));
    const broken = new Set(faults.map(({ breaks }) => breaks));
    expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
  });
});

describe('no case is content with one answer to everything', () => {
  const answers: Operations = {
    'dmtp.command.parse': () => ({ verb: 'QUIT', arguments: {} }),
    'dmtp.command.format': () => ({ line: 'QUIT\r\n' }),
  };
  const failing = (error: Error): Operations =>
    Object.fromEntries(
      Object.keys(answers).map((name) => [
        name,
        () => {
          throw error;
        },
      ]),
    );

  test.each([
    ['the same command', answers],
    ['an internal error', failing(new Error('an adapter that always fails'))],
    ['a refusal', failing(new OperationRefusal('an adapter that refuses everything'))],
  ])('not with %s', async (_what, operations) => {
    const content = await withCodecs(operations, async (target) => {
      const outcomes = await Promise.all(dmtpCodecCases.map((subject) => judge(subject, target, 5)));
      return outcomes.filter((outcome) => verdict(outcome) === null).map((outcome) => outcome.case.id);
    });
    expect(content).toEqual([]);
  });
});

test('ids are of this area and stand once', () => {
  const ids = dmtpCodecCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^dmtp-codec\/[a-z]+\/[a-z0-9-]+$/.test(id))).toEqual([]);
});
