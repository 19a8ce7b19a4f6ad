import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/record-publisher-faults.js';
import { someOf } from '../../faults/some-faults.js';
import { openEmbedded, type ReferenceHooks } from '../../target/embedded.js';
import type { Target } from '../../target/target.js';
import { brokenIn, judge, verdict } from './codec-target.js';
import { recordCases } from './index.js';

const publishedCases = recordCases.filter(({ needs }) => needs.includes('dns'));
const deciding = (requirement: string) => publishedCases.filter(({ decides }) => decides.includes(requirement));
const publishedFaults = faults.flatMap(({ hooks, ...fault }) => (hooks === undefined ? [] : [{ ...fault, hooks }]));

/** The reference server, whose record and zone are bent. */
async function withPublished<Value>(hooks: ReferenceHooks, use: (target: Target) => Promise<Value>): Promise<Value> {
  const target = await openEmbedded({ version: '1', hooks });
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

describe('the reference', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '1' });
  });
  afterAll(() => target.close());

  test.each(publishedCases)('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target, 10))).toBeNull();
  });
});

test('a record of many keys, cut into strings as it has to be, breaks nothing', async () => {
  const record = (text: string): string =>
    text.replace(/pok=[^ ]+/, (field) => Array<string>(20).fill(field).join(' '));
  expect(await withPublished({ record }, (target) => brokenIn(publishedCases, target, 2))).toEqual([]);
});

describe('a fault is caught by a case that decides what it breaks', () => {
  test.each(someOf(publishedFaults))('$id breaks $breaks', async ({ breaks, hooks }) => {
    const broken = await withPublished(hooks, (target) => brokenIn(deciding(breaks), target, 5));
    expect(broken).toEqual([breaks]);
  });

  test('and every requirement that a case decides has a fault', () => {
    const decided = new Set(publishedCases.flatMap(({ decides }) => decides));
    const broken = new Set(publishedFaults.map(({ breaks }) => breaks));
    expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
  });
});

test('what is not there is not judged: a record without tls skips the cases on tls', async () => {
  const record = (text: string): string => text.replace(/ tls=[^ ]+/, '');
  const skipped = await withPublished({ record }, async (target) => {
    const outcomes = await Promise.all(
      [...deciding('REC-029'), ...deciding('REC-062')].map((one) => judge(one, target)),
    );
    return outcomes.map(({ undecided }) => undecided?.kind);
  });
  expect(skipped).toEqual(['skip', 'skip']);
});

test('a domain without a record is inconclusive save for the case that asks where it stands', async () => {
  const zone: ReferenceHooks['zone'] = (records) => records.filter(({ type }) => type !== 'TXT');
  const outcomes = await withPublished({ zone }, async (target) => {
    return await Promise.all(publishedCases.map((subject) => judge(subject, target, 2)));
  });
  const decided = outcomes.filter(({ undecided }) => undecided === null);
  expect(decided.map(({ failure }) => failure?.requirement)).toEqual(['REC-001']);
});
