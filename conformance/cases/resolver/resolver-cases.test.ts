import { beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/resolver-faults.js';
import { type ResolveInput, smallResolver } from '../../faults/small-resolver.js';
import { connectOperations } from '../../target/adapter/client.js';
import { dnsOperations } from '../../target/adapter/dns-operations.js';
import type { Operations } from '../../target/adapter/serve.js';
import { signetOperations } from '../../target/adapter/signet-operations.js';
import type { Target } from '../../target/target.js';
import { testCodecClass, withCodecs } from '../codec-class.test-support.js';
import { judge, noServer, verdict } from '../record/codec-target.js';
import { resolverCases } from './index.js';

const operations: Operations = { ...dnsOperations, 'signet.validate': signetOperations['signet.validate'] };

async function open(given: Operations): Promise<Target> {
  const identity = { name: 'resolver', version: '1', language: 'TypeScript', profiles: ['dime-2015'], stacie: [] };
  const adapter = await connectOperations(given, identity);
  const profile = { ...noServer, claims: ['resolver'] };
  return { profile, adapter, adapterCommand: null, endpoints: [], close: () => adapter.close() };
}

let saidOfSmall: Promise<(string | null)[]>;
// It waits as long as the reference, and meanwhile.
beforeAll(() => {
  saidOfSmall = judgeSmall();
});

testCodecClass({
  cases: resolverCases,
  faults,
  operations,
  open,
  answers: {
    'dns.resolve-record': () => ({
      ...{ version: 1, primary: ['POBPl5Z0Jtq3_8QK8FkWKAlkRyny2J0dXqY3xh0i3ms'], tls: [], deliver: [] },
      ...{ policy: 'experimental', syndicates: null, expiry: 0, subdomain: 'strict', dnssec: 'secure', ttl: 300 },
    }),
    'signet.validate': () => ({ state: 'cryptographic' }),
  },
  ids: /^resolver\/[a-z0-9-]+\/[a-z0-9-]+$/,
  half: true,
  runs: { right: 1, faulty: 6, same: 1 },
  // Their cases wait, or look up many domains, and four times more when they fail.
  slow: faults
    .filter(({ breaks }) => ['REC-045', 'REC-051', 'REC-053', 'REC-077'].includes(breaks))
    .map(({ id }) => id),
  together: true,
});

describe('the small resolver', () => {
  // What the faults bend has to be right itself; and two resolvers of different make that pass are better than one.
  test('is a right one', async () => {
    expect(await saidOfSmall).toEqual([]);
  });
});

/** What the cases say against the small resolver. */
async function judgeSmall(): Promise<(string | null)[]> {
  const resolve = smallResolver({});
  const small = { ...operations, 'dns.resolve-record': (input: unknown) => resolve(input as ResolveInput) };
  return await withCodecs(
    small,
    async (target) => {
      const outcomes = await Promise.all(resolverCases.map((one) => judge(one, target, 1)));
      return outcomes.map(verdict).filter((said) => said !== null);
    },
    open,
  );
}
