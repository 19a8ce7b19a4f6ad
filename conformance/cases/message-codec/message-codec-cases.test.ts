import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/message-codec-faults.js';
import { messageOperations } from '../../target/adapter/message-operations.js';
import { OperationRefusal, type Operations } from '../../target/adapter/serve.js';
import type { Target } from '../../target/target.js';
import { judge, openCodecs, verdict } from '../record/codec-target.js';
import { messageCodecCases } from './index.js';

const deciding = (requirement: string) => messageCodecCases.filter(({ decides }) => decides.includes(requirement));

async function withOperations<Value>(operations: Operations, use: (target: Target) => Promise<Value>): Promise<Value> {
  const target = await openCodecs(operations);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

describe('the reference', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openCodecs(messageOperations);
  });
  afterAll(() => target.close());

  test.each(messageCodecCases)('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target, 2))).toBeNull();
  });
});

describe('a fault is caught by a case that decides what it breaks', () => {
  // Every fifth; `npm run selftest` tries all.
  test.each(faults.filter((_, index) => index % 5 === 0))('$id breaks $breaks', async ({ breaks, operations }) => {
    if (operations === undefined) throw new Error('a fault of messages bends operations');
    const caught = await withOperations(operations(messageOperations), async (target) => {
      for (const subject of deciding(breaks)) {
        const { failure, observations } = await judge(subject, target, 5);
        // The one option that the reference takes.
        const given = breaks === 'MSG-003' && observations.taken.get(breaks) === false;
        if (failure?.requirement === breaks || given) return subject.id;
      }
      return null;
    });
    expect(caught).not.toBeNull();
  });

  test('and every requirement that a case decides has a fault', () => {
    const decided = new Set(messageCodecCases.flatMap(({ decides }) => decides));
    const broken = new Set(faults.map(({ breaks }) => breaks));
    expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
  });
});

describe('no case is content with one answer to everything', () => {
  const answers: Operations = {
    'message.parse': () => ({ kind: 'encrypted', chunks: [] }),
    'message.encrypt': () => ({ message: 'BzcAAAAA' }),
    'message.decrypt': () => ({ verified: {} }),
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
      const outcomes = await Promise.all(messageCodecCases.map((subject) => judge(subject, target, 1)));
      return outcomes.filter((outcome) => verdict(outcome) === null).map((outcome) => outcome.case.id);
    });
    // What may be done, or not.
    const options = ['message/layout/tracing-before-the-header', 'message/signatures/tree-as-libdime-makes-it'];
    expect(content.filter((id) => !options.includes(id))).toEqual([]);
  });
});

test('an adapter that does not name the profile is not asked', async () => {
  const [subject] = messageCodecCases;
  if (subject === undefined) throw new Error('there are cases');
  await withOperations(messageOperations, async (target) => {
    if (target.adapter === null) throw new Error('there is an adapter');
    const adapter = Object.create(target.adapter, {
      hello: { value: { ...target.adapter.hello, profiles: ['dime-2015-magma'] } },
    });
    const outcome = await judge(subject, { ...target, adapter }, 1);
    expect(verdict(outcome)).toMatch(/does not name the profile dime-2015/);
  });
});

test('ids are of this area and stand once', () => {
  const ids = messageCodecCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^message\/[a-z0-9-]+\/[a-z0-9-]+$/.test(id))).toEqual([]);
  const faultIds = faults.map(({ id }) => id);
  expect(new Set(faultIds).size).toBe(faultIds.length);
  expect(faultIds.filter((id) => !/^message-codec\/[a-z0-9-]+$/.test(id))).toEqual([]);
});
