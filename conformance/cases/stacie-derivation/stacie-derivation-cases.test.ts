import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/stacie-derivation-faults.js';
import { OperationRefusal, type Operations } from '../../target/adapter/serve.js';
import { stacieOperations } from '../../target/adapter/stacie-operations.js';
import type { Target } from '../../target/target.js';
import { judge, openCodecs, verdict } from '../record/codec-target.js';
import { stacieDerivationCases } from './index.js';

const deciding = (requirement: string) => stacieDerivationCases.filter(({ decides }) => decides.includes(requirement));

async function withOperations<Value>(operations: Operations, use: (target: Target) => Promise<Value>): Promise<Value> {
  const target = await openCodecs(operations);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

/** The case that finds the requirement broken; null when none does. */
async function firstToCatch(requirement: string, target: Target): Promise<string | null> {
  for (const subject of deciding(requirement)) {
    const { failure } = await judge(subject, target);
    if (failure?.requirement === requirement) return subject.id;
  }
  return null;
}

describe('the reference', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openCodecs(stacieOperations);
  });
  afterAll(() => target.close());

  test.each(stacieDerivationCases)('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target))).toBeNull();
  });
});

describe('a fault is caught by a case that decides what it breaks', () => {
  // Every fifth; `npm run selftest` tries all. The model needs seconds for 65,536 rounds.
  const some = faults.filter(({ id }, index) => index % 5 === 0 && id !== 'stacie/key-counter-in-2-octets');

  test.each(some)('$id breaks $breaks', async ({ breaks, operations }) => {
    if (operations === undefined) throw new Error('a fault of the derivation bends operations');
    const caught = await withOperations(operations(stacieOperations), (target) => firstToCatch(breaks, target));
    expect(caught).not.toBeNull();
  });

  test('and every requirement that a case decides has a fault', () => {
    const decided = new Set(stacieDerivationCases.flatMap(({ decides }) => decides));
    const broken = new Set(faults.map(({ breaks }) => breaks));
    expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
  });
});

describe('no case is content with one answer to everything', () => {
  const key = Buffer.alloc(64).toString('base64url');
  const answers: Operations = {
    'stacie.rounds': () => ({ rounds: 8 }),
    'stacie.derive': () => ({
      rounds: 8,
      seed: key,
      masterKey: key,
      passwordKey: key,
      verificationToken: key,
      ephemeralLoginToken: key,
    }),
    'stacie.realm': () => ({ vectorKey: key, tagKey: key, cipherKey: key }),
    'stacie.encrypt': () => ({ envelope: key }),
    'stacie.decrypt': () => ({ serial: 0, data: key }),
    'stacie.shard-rotate': () => ({ newShard: key }),
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
    ['the same values', answers],
    ['an internal error', failing(new Error('an adapter that always fails'))],
    ['a refusal', failing(new OperationRefusal('an adapter that refuses everything'))],
  ])('not with %s', async (_what, operations) => {
    const content = await withOperations(operations, async (target) => {
      const outcomes = await Promise.all(stacieDerivationCases.map((subject) => judge(subject, target, 5)));
      return outcomes.filter((outcome) => verdict(outcome) === null).map((outcome) => outcome.case.id);
    });
    // A bonus over 1,024 may be refused.
    expect(content.filter((id) => id !== 'stacie/rounds/bonus-over-1024')).toEqual([]);
  });
});

test('a wrong value is told with the slip that gives it', async () => {
  const fault = faults.find(({ id }) => id === 'stacie/key-counter-reversed');
  const [subject] = deciding('STACIE-078');
  if (fault?.operations === undefined || subject === undefined) throw new Error('the fault and its case are there');
  const outcome = await withOperations(fault.operations(stacieOperations), (target) => judge(subject, target));
  expect(outcome.failure?.actual).toMatch(/, as when one counts a key with the least octet first \(STACIE-078\)$/);
});

test('ids are of this area and stand once', () => {
  for (const ids of [stacieDerivationCases.map(({ id }) => id), faults.map(({ id }) => id)]) {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^stacie\/[a-z0-9-]+(?:\/[a-z0-9-]+)?$/.test(id))).toEqual([]);
  }
});
