/** The cases on the reference client, on a small client of other origin, and on clients with faults. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../faults/dmtp-client-faults.js';
import { rightClientRules } from '../../faults/dmtp-client-rules.js';
import { smallClient } from '../../faults/dmtp-small-client.js';
import { someOf } from '../../faults/some-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { OperationRefusal, type Operations } from '../../target/adapter/serve.js';
import type { Target } from '../../target/target.js';
import { judge, noServer, openCodecs, verdict } from '../record/codec-target.js';
import { dmtpClientCases } from './index.js';

const open = async (operations: Operations): Promise<Target> => ({
  ...(await openCodecs(operations)),
  profile: { ...noServer, claims: ['dmtp-client'] },
});

/** They wait for seconds; the selftest tries them. */
const slow = ['dmtp-client/hosts/address-that-does-not-answer'];
const quick = dmtpClientCases.filter(({ id }) => !slow.includes(id));

describe('the reference client', () => {
  let target: Target;
  beforeAll(async () => {
    target = await open(referenceOperations);
  });
  afterAll(() => target.close());

  // Each sets a stage of its own; the selftest tries the others too.
  it.each(quick.filter((_, index) => index % 3 === 0))('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target, 1))).toBeNull();
  });
});

describe('a small client that shares no code with it', () => {
  let target: Target;
  beforeAll(async () => {
    target = await open(smallClient(rightClientRules, referenceOperations));
  });
  afterAll(() => target.close());

  it.each(quick.filter((_, index) => index % 10 === 1))('passes $id', async (subject) => {
    expect(verdict(await judge(subject, target, 1))).toBeNull();
  });
});

describe('a client with a fault', () => {
  // Every second of those that tests try: each takes several stages.
  it.each(someOf(faults).filter((_, index) => index % 2 === 0))(
    '$id is caught by a case that decides $breaks',
    async ({ breaks, operations }) => {
      const target = await open(operations?.(referenceOperations) ?? {});
      const found: (string | null)[] = [];
      for (const subject of quick.filter(({ decides }) => decides.includes(breaks))) {
        const { failure, observations } = await judge(subject, target);
        if (observations.taken.get(breaks) === false) found.push(breaks);
        found.push(failure?.requirement ?? null);
        if (found.includes(breaks)) break;
      }
      await target.close();
      expect(found).toContain(breaks);
    },
  );

  it('that refuses everything passes no case but those on what it may do', async () => {
    const refusing = (): never => {
      throw new OperationRefusal('nothing is right');
    };
    const names = ['dmtp.lookup', 'dmtp.verify', 'dmtp.history', 'dmtp.deliver'];
    const target = await open(Object.fromEntries(names.map((name) => [name, refusing])));
    const content: string[] = [];
    for (const subject of quick.filter((_, index) => index % 8 === 0)) {
      if (verdict(await judge(subject, target, 1)) === null) content.push(subject.id);
    }
    await target.close();
    expect(content).toEqual([]);
  });
});

describe('ids', () => {
  it('are of this area and stand once, and every requirement that is decided has a fault', () => {
    for (const ids of [dmtpClientCases.map(({ id }) => id), faults.map(({ id }) => id)]) {
      expect(ids.filter((id, index) => ids.indexOf(id) !== index || !id.startsWith('dmtp-client/'))).toEqual([]);
    }
    const broken = new Set(faults.map(({ breaks }) => breaks));
    const decided = new Set(dmtpClientCases.flatMap(({ decides }) => decides));
    expect([...decided].filter((row) => !broken.has(row))).toEqual([]);
  });
});
