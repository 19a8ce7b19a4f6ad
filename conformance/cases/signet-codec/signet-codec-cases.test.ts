import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../faults/fault.js';
import { faults } from '../../faults/signet-codec-faults.js';
import { CommandLineCoverage } from '../../runner/coverage.js';
import { runCase } from '../../runner/run-case.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { OperationRefusal, type Operations } from '../../target/adapter/serve.js';
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
    expect(verdict(await judge(subject, target, 6))).toBeNull();
  });
});

/** The cases that decide what a fault breaks, with whether each of them catches it. */
async function caughtBy({ breaks, operations }: Fault): Promise<Map<string, boolean>> {
  if (operations === undefined) throw new Error('a fault of signets bends operations');
  const target = await openSignetCodecs(operations(referenceOperations));
  try {
    const caught = new Map<string, boolean>();
    for (const subject of signetCodecCases.filter(({ decides }) => decides.includes(breaks))) {
      const { failure, observations } = await judge(subject, target, 10);
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

describe('no case is content with one answer to everything', () => {
  const octets = Buffer.alloc(64).toString('base64url');
  const text = '-----BEGIN USER KEY-----\nAAAA\n=AAAA\n-----END USER KEY-----\n';
  const keys = {
    type: 'user',
    signingPrivate: octets,
    signingPublic: octets,
    encryptionPrivate: octets,
    encryptionPublic: octets,
  };
  const answers: Operations = {
    'armor.decode': () => ({ label: 'USER KEY', data: octets }),
    'armor.encode': () => ({ text }),
    'signet.parse': () => ({ type: 'user', fields: [] }),
    'signet.validate': () => ({ state: 'cryptographic' }),
    'signet.fingerprint': () => ({ fingerprint: octets }),
    'signet.generate': ({ type }) => ({ [type === 'user' ? 'signingRequest' : 'signet']: octets, keys }),
    'signet.sign': () => ({ signet: octets }),
    'keys.parse': () => keys,
    'keys.encrypt': () => ({ armored: text }),
    'keys.decrypt': () => keys,
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
    const target = await openSignetCodecs(operations);
    const content: string[] = [];
    for (const subject of signetCodecCases) {
      // With a path there is one run and nothing is shrunk.
      const one = {
        seed: 1,
        runs: 1,
        path: '0',
        timeLimitMs: 20_000,
        coverage: new CommandLineCoverage(),
        command: '',
      };
      if (verdict(await runCase(subject, target, one)) === null) content.push(subject.id);
    }
    await target.close();
    // What may be left alone is no fault.
    expect(content).toEqual(['signet/objects/legacy-magic']);
  });
});

describe('an adapter is judged in the profiles that it names', () => {
  const verdicts = async (profiles: readonly string[]): Promise<Map<string, string | null>> => {
    const target = await openSignetCodecs(referenceOperations, profiles);
    const found = new Map<string, string | null>();
    for (const subject of signetCodecCases) found.set(subject.id, verdict(await judge(subject, target, 1)));
    await target.close();
    return found;
  };

  test('with none of them, the cases of armor alone are judged', async () => {
    const judged = [...(await verdicts([]))].filter(([, found]) => found === null).map(([id]) => id);
    expect(judged.length).toBeGreaterThan(0);
    expect(judged.filter((id) => !id.startsWith('armor/text/'))).toEqual([]);
  });

  test('with prime alone, the cases of 2015 are skipped', async () => {
    const found = await verdicts(['prime']);
    expect(found.get('signet/prime/length-classes')).toBeNull();
    expect(found.get('signet/objects/magic-numbers')).toBeNull();
    expect(found.get('signet/fields/organization-table')).toMatch(/^skip: .*names none of the profiles dime-2015/);
  });
});

test('ids are of this area and stand once', () => {
  for (const ids of [signetCodecCases.map(({ id }) => id), faults.map(({ id }) => id)]) {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^(signet|keys|armor)\/[a-z0-9-]+(?:\/[a-z0-9-]+)?$/.test(id))).toEqual([]);
  }
});
