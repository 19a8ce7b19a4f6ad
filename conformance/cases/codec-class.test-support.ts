/** Test support: what holds of every class that is judged through an adapter. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../faults/fault.js';
import { someOf } from '../faults/some-faults.js';
import { OperationRefusal, type Operations } from '../target/adapter/serve.js';
import type { Target } from '../target/target.js';
import type { Case } from './case.js';
import { judge, openCodecs, verdict } from './record/codec-target.js';

export interface CodecClass {
  readonly cases: readonly Case[];
  readonly faults: readonly Fault[];
  /** The right operations. */
  readonly operations: Operations;
  /** The right operations, or others, as a target; without profiles when not given. */
  readonly open?: (operations: Operations) => Promise<Target>;
  /** One answer to each operation, the same whatever is asked. */
  readonly answers: Operations;
  /** Cases that such an adapter passes nevertheless, since they judge what may be done or not. */
  readonly options?: readonly string[];
  /** What every id of a case looks like. */
  readonly ids: RegExp;
  /** Runs of each property: for the reference, to catch a fault, and to see through one answer. */
  readonly runs: { readonly right: number; readonly faulty: number; readonly same: number };
  /** The reference is tried on every second case only; the selftest tries it on all. */
  readonly half?: true;
  /** Faults that take too long for a test. */
  readonly slow?: readonly string[];
  /** Cases that wait for something: all of them are run at once. */
  readonly together?: true;
}

/** Uses `operations` as a target and closes it. */
export async function withCodecs<Value>(
  operations: Operations,
  use: (target: Target) => Promise<Value>,
  open: (operations: Operations) => Promise<Target> = openCodecs,
): Promise<Value> {
  const target = await open(operations);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

/** Declares the tests that every class of codec cases has. */
export function testCodecClass(subject: CodecClass): void {
  const { cases, faults, operations, open = openCodecs, options = [], runs, slow = [], together } = subject;
  const tried = subject.half === true ? cases.filter((_, index) => index % 2 === 0) : cases;

  describe('the reference', () => {
    let target: Target;
    const begun = new Map<Case, ReturnType<typeof judge>>();
    beforeAll(async () => {
      target = await open(operations);
      for (const one of together ? tried : []) begun.set(one, judge(one, target, runs.right));
    });
    afterAll(() => target.close());

    test.each(tried)('passes $id', async (one) => {
      expect(verdict(await (begun.get(one) ?? judge(one, target, runs.right)))).toBeNull();
    });
  });

  describe('a fault is caught by a case that decides what it breaks', () => {
    test.each(someOf(faults).filter(({ id }) => !slow.includes(id)))('$id breaks $breaks', async (fault) => {
      const bent = fault.operations?.(operations);
      if (bent === undefined) throw new Error('a fault of codecs bends operations');
      const deciding = cases.filter(({ decides }) => decides.includes(fault.breaks));
      const caught = await withCodecs(
        bent,
        (target) => firstToCatch(fault.breaks, deciding, target, runs.faulty),
        open,
      );
      expect(caught).not.toBeNull();
    });

    test('and every requirement that a case decides has a fault', () => {
      const decided = new Set(cases.flatMap(({ decides }) => decides));
      const broken = new Set(faults.map(({ breaks }) => breaks));
      expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
    });
  });

  describe('no case is content with one answer to everything', () => {
    test.each([
      ['the same values', subject.answers],
      ['an internal error', failing(subject.answers, new Error('an adapter that always fails'))],
      ['a refusal', failing(subject.answers, new OperationRefusal('an adapter that refuses everything'))],
    ])('not with %s', async (_what, wrong) => {
      const content = await withCodecs(
        wrong,
        async (target) => {
          const outcomes = await Promise.all(tried.map((one) => judge(one, target, runs.same)));
          return outcomes.filter((outcome) => verdict(outcome) === null).map((outcome) => outcome.case.id);
        },
        open,
      );
      expect(content.filter((id) => !options.includes(id))).toEqual([]);
    });
  });

  test('ids are of this area and stand once', () => {
    for (const ids of [cases.map(({ id }) => id), faults.map(({ id }) => id)]) {
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
    expect(cases.map(({ id }) => id).filter((id) => !subject.ids.test(id))).toEqual([]);
  });
}

/** The case that finds the requirement broken; a MAY is broken by not being taken. Null when none does. */
async function firstToCatch(
  requirement: string,
  deciding: readonly Case[],
  target: Target,
  runs: number,
): Promise<string | null> {
  for (const one of deciding) {
    const { failure, observations } = await judge(one, target, runs);
    if (failure?.requirement === requirement || observations.taken.get(requirement) === false) return one.id;
  }
  return null;
}

function failing(operations: Operations, error: Error): Operations {
  const fail = (): never => {
    throw error;
  };
  return Object.fromEntries(Object.keys(operations).map((name) => [name, fail]));
}
