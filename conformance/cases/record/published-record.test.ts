import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDnsServer } from '../../../reference/dns/server.js';
import { startOfAuthority, type ZoneRecord } from '../../../reference/dns/zone.js';
import { type Reference, startReference } from '../../../reference/server.js';
import type { Fault } from '../../faults/fault.js';
import { faults } from '../../faults/record-publisher-faults.js';
import type { Target } from '../../target/target.js';
import { brokenIn, judge, noServer, verdict } from './codec-target.js';
import { recordCases } from './index.js';

const domain = 'publisher.example';
const publishedCases = recordCases.filter(({ needs }) => needs.includes('dns'));
const deciding = (requirement: string) => publishedCases.filter(({ decides }) => decides.includes(requirement));
const publishedFaults = faults.flatMap(({ hooks, ...fault }) => (hooks === undefined ? [] : [{ ...fault, hooks }]));

/** One server for all: a fault bends only what DNS says of it. */
let reference: Reference;
beforeAll(async () => {
  reference = await startReference({ domain });
});
afterAll(() => reference.close());

/** The zone of the domain with this text for its record. */
async function publish(
  text: string,
  bend: NonNullable<Fault['hooks']>['zone'] = (records) => records,
): Promise<Target> {
  const records: ZoneRecord[] = [
    startOfAuthority(domain),
    { name: `_dx.${domain}`, type: 'TXT', ttl: 300, strings: [text] },
  ];
  const dns = await startDnsServer({ zones: [{ origin: domain, records: [...bend(records)] }] });
  const { host, port } = reference.dmtp;
  return {
    profile: { ...noServer, domain, dns: dns.address, dmtp: { host, port, name: reference.dxName }, hasAdapter: false },
    adapter: null,
    adapterCommand: null,
    endpoints: [],
    close: () => dns.close(),
  };
}

async function withPublished<Value>(target: Promise<Target>, use: (target: Target) => Promise<Value>): Promise<Value> {
  const open = await target;
  try {
    return await use(open);
  } finally {
    await open.close();
  }
}

test.each(publishedCases)('the reference passes $id', async (subject) => {
  const outcome = await withPublished(publish(reference.record), (target) => judge(subject, target, 10));
  expect(verdict(outcome)).toBeNull();
});

test('a record of many keys, cut into strings as it has to be, breaks nothing', async () => {
  const long = reference.record.replace(/pok=[^ ]+/, (field) => Array<string>(20).fill(field).join(' '));
  expect(await withPublished(publish(long), (target) => brokenIn(publishedCases, target, 2))).toEqual([]);
});

describe('a fault is caught by a case that decides what it breaks', () => {
  test.each(publishedFaults)('$id breaks $breaks', async ({ breaks, hooks }) => {
    const text = hooks.record?.(reference.record) ?? reference.record;
    const broken = await withPublished(publish(text, hooks.zone), (target) => brokenIn(deciding(breaks), target, 5));
    expect(broken).toEqual([breaks]);
  });

  test('and every requirement that a case decides has a fault', () => {
    const decided = new Set(publishedCases.flatMap(({ decides }) => decides));
    const broken = new Set(publishedFaults.map(({ breaks }) => breaks));
    expect([...decided].filter((requirement) => !broken.has(requirement))).toEqual([]);
  });
});

test('what is not there is not judged: a record without tls skips the cases on tls', async () => {
  const bare = reference.record.replace(/ tls=[^ ]+/, '');
  const skipped = await withPublished(publish(bare), async (target) => {
    const outcomes = await Promise.all(
      [...deciding('REC-029'), ...deciding('REC-062')].map((one) => judge(one, target)),
    );
    return outcomes.map(({ undecided }) => undecided?.kind);
  });
  expect(skipped).toEqual(['skip', 'skip']);
});

test('a domain without a record is inconclusive save for the case that asks where it stands', async () => {
  const outcomes = await withPublished(
    publish(reference.record, (records) => records.filter(({ type }) => type !== 'TXT')),
    async (target) => await Promise.all(publishedCases.map((subject) => judge(subject, target, 2))),
  );
  const decided = outcomes.filter(({ undecided }) => undecided === null);
  expect(decided.map(({ failure }) => failure?.requirement)).toEqual(['REC-001']);
});
