import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../faults/fault.js';
import { faults } from '../../faults/signet-codec-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import type { Target } from '../../target/target.js';
import { judge, verdict } from '../record/codec-target.js';
import { signetCodecCases } from './index.js';
import { openSignetCodecs } from './signet-target.js';

describe('the reference', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openSignetCodecs();
  });
  afterAll(() => target.close());

  test.each(signetCodecCases)('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target, 10))).toBeNull();
  });
});

/** The cases that decide what a fault breaks, with whether each of them catches it. */
async function caughtBy({ breaks, operations }: Fault): Promise<Map<string, boolean>> {
  if (operations === undefined) throw new Error('a fault of signets bends operations');
  const target = await openSignetCodecs(operations(referenceOperations));
  try {
    const caught = new Map<string, boolean>();
    for (const subject of signetCodecCases.filter(({ decides }) => decides.includes(breaks))) {
      const { failure, observations } = await judge(subject, target, 12);
      // A MAY is broken by not being taken.
      caught.set(subject.id, failure?.requirement === breaks || observations.taken.get(breaks) === false);
    }
    return caught;
  } finally {
    await target.close();
  }
}

describe('a fault is caught by a case that decides what it breaks', () => {
  const seen = new Set<string>();

  test.each(faults)('$id breaks $breaks', async (fault) => {
    const caught = [...(await caughtBy(fault))].filter(([, is]) => is);
    for (const [id] of caught) seen.add(`${id} ${fault.breaks}`);
    expect(caught.map(([id]) => id)).not.toEqual([]);
  });

  test('and every case catches one of each requirement that it decides', () => {
    const blind = signetCodecCases.flatMap(({ id, decides }) => decides.map((row) => `${id} ${row}`));
    expect(blind.filter((pair) => !seen.has(pair))).toEqual([]);
  });
});
