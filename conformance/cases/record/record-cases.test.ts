import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/record-faults.js';
import { faults as publisherFaults } from '../../faults/record-publisher-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { OperationRefusal, type Operations } from '../../target/adapter/serve.js';
import type { Target } from '../../target/target.js';
import { brokenIn, judge, openCodecs, verdict } from './codec-target.js';
import { recordCases } from './index.js';

const codecCases = recordCases.filter(({ needs }) => needs.includes('adapter'));
const codecFaults = [...faults, ...publisherFaults].flatMap(({ operations, ...fault }) =>
  operations === undefined ? [] : [{ ...fault, operations }],
);

const deciding = (requirement: string) => codecCases.filter(({ decides }) => decides.includes(requirement));

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

  test.each(codecCases)('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target))).toBeNull();
  });
});

describe('a fault is caught by a case that decides what it breaks', () => {
  test.each(codecFaults)('$id breaks $breaks', async ({ breaks, operations }) => {
    const broken = await withCodecs(operations(referenceOperations), (target) => brokenIn(deciding(breaks), target));
    expect(broken).toContain(breaks);
  });

  test('and every requirement that a case decides has a fault', () => {
    const decided = new Set(codecCases.flatMap(({ decides }) => decides));
    const broken = new Set(codecFaults.map(({ breaks }) => breaks));
    expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
  });
});

describe('no case is content with one answer to everything', () => {
  const answers: Operations = {
    'record.parse': () => ({
      version: 1,
      primary: [],
      tls: [],
      policy: 'strict',
      deliver: [],
      expiry: 0,
      subdomain: 'strict',
    }),
    'record.format': () => ({ text: '' }),
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
    ['the same record', answers],
    ['an internal error', failing(new Error('an adapter that always fails'))],
    ['a refusal', failing(new OperationRefusal('an adapter that refuses everything'))],
  ])('not with %s', async (_what, operations) => {
    const content = await withCodecs(operations, async (target) => {
      const outcomes = await Promise.all(codecCases.map((subject) => judge(subject, target, 5)));
      return outcomes.filter((outcome) => verdict(outcome) === null).map((outcome) => outcome.case.id);
    });
    // A repeated key may be refused, so that a refusal is right there.
    expect(content.filter((id) => id !== 'record/values/last-of-repeated-values')).toEqual([]);
  });
});

test('ids are of this area and stand once', () => {
  const ids = recordCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^record\/[a-z]+\/[a-z0-9-]+$/.test(id))).toEqual([]);
});
