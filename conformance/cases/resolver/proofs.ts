/** What a proof needs: an anchor, signatures that hold now, and algorithms that are known (section 5.2 of the record digest). */
import fc from 'fast-check';
import type { DigestType, SigningAlgorithm } from '../../target/mock-dns.js';
import type { Case } from '../case.js';
import {
  dnsOf,
  keyPairs,
  lookUp,
  mustFind,
  mustTakeForFailed,
  newDomain,
  ownerOf,
  recordWith,
  resolverCase,
  stateOf,
} from './resolver-case.js';

const noAnchor = resolverCase({
  id: 'resolver/proofs/chain-without-anchor',
  title:
    'A signed record whose chain ends at no trust anchor has a proof that failed: with none, and with those of others.',
  decides: ['REC-047'],
  given: fc.record({
    keys: keyPairs,
    anchors: fc.constantFrom('none', 'of another root', 'of another domain'),
  }),
  async check({ keys: { key }, anchors }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    dns.publish(domain, recordWith(key));
    const expected = { keys: [key], states: ['secure'] as const };
    mustFind(context, 'REC-047', await lookUp(context, dns, domain), expected, 'a signed record, with its anchor');
    const [right = ''] = dns.endpoint.anchors;
    const given = {
      none: [],
      'of another root': [right.replace(/[0-9A-F]$/, (digit) => (digit === '0' ? '1' : '0'))],
      'of another domain': [right.replace(/^\. /, `${newDomain()}. `)],
    }[anchors];
    const what = `a signed record, with ${anchors === 'none' ? 'no anchor' : `an anchor ${anchors}`}`;
    mustTakeForFailed(context, 'REC-047', await lookUp(context, dns, domain, given), what);
  },
});

const island = resolverCase({
  id: 'resolver/proofs/island',
  title: 'A signed record of a domain for whose keys the zone above does not vouch has a proof that failed.',
  decides: ['REC-047'],
  mostRuns: 6,
  given: fc.record({ keys: keyPairs, above: fc.constantFrom('example', 'mail.example') }),
  async check({ keys: { key, wrong }, above }, context) {
    const dns = await dnsOf(context);
    const [domain, other] = [newDomain(above), newDomain(above)];
    dns.publish(domain, recordWith(key), { delegation: 'island' });
    dns.publish(other, recordWith(wrong), { delegation: 'secure' });
    const expected = { keys: [wrong], states: ['secure'] as const };
    mustFind(context, 'REC-047', await lookUp(context, dns, other), expected, 'a signed record with a DS record above');
    const what = 'a signed record without a DS record above';
    mustTakeForFailed(context, 'REC-047', await lookUp(context, dns, domain), what);
  },
});

const times = resolverCase({
  id: 'resolver/proofs/times',
  title: 'A signature counts between its two times only: that of the record, of the keys, and of the DS record.',
  decides: ['REC-048'],
  given: fc.record({
    keys: keyPairs,
    kind: fc.constantFrom('expired' as const, 'not-yet-valid' as const),
    type: fc.constantFrom('TXT' as const, 'DNSKEY' as const, 'DS' as const),
  }),
  async check({ keys: { key }, kind, type }, context) {
    const dns = await dnsOf(context);
    const [right, domain] = [newDomain(), newDomain()];
    dns.publishAll(new Map([right, domain].map((name) => [name, recordWith(key)] as const)));
    const expected = { keys: [key], states: ['secure'] as const };
    mustFind(context, 'REC-048', await lookUp(context, dns, right), expected, 'signatures that hold now');
    dns.state({ name: type === 'TXT' ? ownerOf(domain) : domain, type }, { kind });
    const when = kind === 'expired' ? 'ended 30 days ago' : 'begins in 30 days';
    const answer = await lookUp(context, dns, domain);
    mustTakeForFailed(context, 'REC-048', answer, `a ${type} record with a signature whose time ${when}`);
  },
});

interface Suite {
  readonly algorithm: SigningAlgorithm;
  readonly digestType: DigestType;
}

/** A proof with this algorithm and digest, and one that fails with them. */
async function supports(context: Parameters<typeof dnsOf>[0], row: string, suite: Suite, key: string): Promise<void> {
  const dns = await dnsOf(context, suite);
  const [domain, broken] = [newDomain(), newDomain()];
  dns.publishAll(new Map([domain, broken].map((name) => [name, recordWith(key)] as const)));
  dns.state(ownerOf(broken), { kind: 'broken-signature' });
  const what = `signatures of algorithm ${suite.algorithm} and DS records of digest ${suite.digestType}`;
  const answer = await lookUp(context, dns, domain);
  // Both rest on SHA-1, which a modern validator may refuse.
  const old = suite.algorithm === 5 || suite.digestType === 1;
  if (old && stateOf(answer) !== 'secure') return context.note(`${row}: ${what} are refused`);
  mustFind(context, row, answer, { keys: [key], states: ['secure'] }, what);
  mustTakeForFailed(context, row, await lookUp(context, dns, broken), `${what}, of which one bit is wrong`);
}

/** Each suite in each run, since few runs might leave one out. */
function algorithms(id: string, title: string, row: string, suites: readonly Suite[]): Case {
  return resolverCase({
    id: `resolver/proofs/${id}`,
    title,
    decides: [row],
    mostRuns: 2,
    given: keyPairs,
    async check({ key }, context) {
      for (const suite of suites) await supports(context, row, suite, key);
    },
  });
}

export const cases: readonly Case[] = [
  noAnchor,
  island,
  times,
  algorithms(
    'algorithms-of-the-reference',
    'Signatures of the algorithms 5, 8 and 10 and DS records of the digests 1 and 2 prove a record.',
    'REC-049',
    [
      { algorithm: 8, digestType: 2 },
      { algorithm: 10, digestType: 2 },
      { algorithm: 8, digestType: 1 },
      { algorithm: 5, digestType: 2 },
    ],
  ),
  algorithms('algorithms-in-use', 'Signatures of the algorithms 13 and 15 prove a record.', 'REC-050', [
    { algorithm: 13, digestType: 2 },
    { algorithm: 15, digestType: 2 },
  ]),
];
