/** The three states of a record: proven, unsigned, or with a proof that failed (section 5.2 of the record digest). */
import fc from 'fast-check';
import { type DnsConduct, type DnsRecord, type MockDns, recordsOf } from '../../target/mock-dns.js';
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
  type State,
} from './resolver-case.js';

const wrongSignatures = ['unsigned', 'wrong-key', 'broken-signature', 'wrong-signer'] as const;

/** Ways in which the proof of a signed record fails, each on the way from the root to the record. */
const failures: Readonly<Record<string, (dns: MockDns, domain: string, wrong: string) => void>> = {
  ...Object.fromEntries(
    wrongSignatures.flatMap((kind) => [
      [`a record that is ${kind}`, (dns: MockDns, domain: string) => dns.state(ownerOf(domain), { kind })],
      [
        `keys of the domain that are ${kind}`,
        (dns: MockDns, domain: string) => dns.state({ name: domain, type: 'DNSKEY' }, { kind }),
      ],
      [
        `a DS record that is ${kind}`,
        (dns: MockDns, domain: string) => dns.state({ name: domain, type: 'DS' }, { kind }),
      ],
    ]),
  ),
  'keys of the zone above that are signed by a stranger': (dns, domain) =>
    dns.state({ name: aboveOf(domain), type: 'DNSKEY' }, { kind: 'wrong-key' }),
  'a DS record with the digest of no key': (dns, domain) => dns.delegate(domain, 'wrong-ds'),
  'a DS record that was taken out on the way': (dns, domain) =>
    dns.state({ name: domain, type: 'DS' }, { kind: 'withheld', as: 'no-data' }),
  'a domain that is denied on the way, and its record without signatures': (dns, domain) => {
    dns.state({ name: domain, type: 'DS' }, { kind: 'withheld', as: 'no-name' });
    dns.state(ownerOf(domain), { kind: 'unsigned' });
  },
  'a record without signatures, with the AD bit': (dns, domain) =>
    dns.state(ownerOf(domain), { kind: 'unsigned' }, { kind: 'claims-authentic' }),
  'another record without signatures': (dns, domain, wrong) => dns.state(ownerOf(domain), spoofed(domain, wrong)),
  'another record that a stranger signed': (dns, domain, wrong) =>
    dns.state(ownerOf(domain), { ...spoofed(domain, wrong), signedBy: 'attacker' }),
};

const aboveOf = (domain: string): string => domain.slice(domain.indexOf('.') + 1);

function spoofed(domain: string, key: string, ttl = 300) {
  return { kind: 'spoofed', records: recordsOf(domain, [recordWith(key)], ttl), signedBy: 'nobody' } as const;
}

const proven = resolverCase({
  id: 'resolver/states/secure',
  title: 'A record whose signatures lead up to a trust anchor is secure, however it comes, and stays so in the cache.',
  decides: ['REC-045'],
  given: fc.record({
    keys: keyPairs,
    above: fc.constantFrom('example', 'mail.example', 'a.b.example'),
    ttl: fc.constantFrom(0, 300, 86_400),
    how: fc.constantFrom<readonly DnsConduct[]>(
      [],
      [{ kind: 'upper-case' }],
      [{ kind: 'truncated' }],
      [{ kind: 'slow', ms: 30 }],
      [{ kind: 'claims-authentic' }],
    ),
  }),
  async check({ keys: { key }, above, ttl, how }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain(above);
    dns.publish(domain, recordWith(key), { ttl });
    dns.state(ownerOf(domain), ...how);
    const what = `a signed record of ${ttl} seconds${how.map(({ kind }) => `, ${kind}`).join('')}`;
    for (const time of ['first', 'second']) {
      const answer = await lookUp(context, dns, domain);
      mustFind(context, 'REC-045', answer, { keys: [key], states: ['secure'] }, `${what}, asked for the ${time} time`);
    }
  },
});

const unsigned = resolverCase({
  id: 'resolver/states/insecure',
  title: 'A record of a domain that the zone above proves to be unsigned is insecure, and stays so in the cache.',
  decides: ['REC-045'],
  given: fc.record({ keys: keyPairs, above: fc.constantFrom('example', 'mail.example'), ttl: fc.constantFrom(0, 300) }),
  async check({ keys: { key, wrong }, above, ttl }, context) {
    const dns = await dnsOf(context);
    const [signed, domain] = [newDomain(above), newDomain(above)];
    dns.publish(signed, recordWith(wrong));
    dns.publish(domain, recordWith(key), { ttl, delegation: 'insecure' });
    const expected = { keys: [wrong], states: ['secure'] as const };
    mustFind(context, 'REC-045', await lookUp(context, dns, signed), expected, 'a signed record beside it');
    for (const time of ['first', 'second']) {
      const answer = await lookUp(context, dns, domain);
      const what = `an unsigned record, asked for the ${time} time`;
      mustFind(context, 'REC-045', answer, { keys: [key], states: ['insecure'] }, what);
    }
  },
});

const failed = resolverCase({
  id: 'resolver/states/bogus',
  title: 'A record whose proof fails at any step is bogus: it is given as what it is, and never as proven or unsigned.',
  decides: ['REC-045'],
  mostRuns: 1,
  given: keyPairs,
  async check({ key, wrong }, context) {
    const dns = await dnsOf(context);
    const right = newDomain();
    dns.publish(right, recordWith(key));
    const expected = { keys: [key], states: ['secure'] as const };
    mustFind(context, 'REC-045', await lookUp(context, dns, right), expected, 'a signed record');
    // Each below a domain of its own, so that what is done there touches no other.
    const tries = Object.entries(failures).map(([what, fail]) => ({ what, fail, domain: newDomain(newDomain()) }));
    dns.publishAll(new Map(tries.map(({ domain }) => [aboveOf(domain), []])));
    dns.publishAll(new Map(tries.map(({ domain }) => [domain, recordWith(key)])));
    for (const { fail, domain } of tries) fail(dns, domain, wrong);
    for (const { what, domain } of tries) {
      const keys = [what.startsWith('another record') ? wrong : key];
      mustFind(context, 'REC-045', await lookUp(context, dns, domain), { keys, states: ['bogus'] }, what);
    }
  },
});

const aliased = resolverCase({
  id: 'resolver/states/aliases',
  title: 'A record behind aliases is as well proven as the weakest of them.',
  decides: ['REC-045'],
  mostRuns: 10,
  given: fc.record({
    keys: keyPairs,
    links: fc.integer({ min: 1, max: 4 }),
    weak: fc.constantFrom('none', 'unsigned', 'wrong-key', 'insecure'),
    at: fc.nat(3),
  }),
  async check({ keys: { key }, links, weak, at }, context) {
    const dns = await dnsOf(context);
    // Each alias stands in a domain of its own; the record is at the end.
    const domains = Array.from({ length: links + 1 }, () => newDomain());
    const contents = domains.map((domain, index) => {
      const next = domains[index + 1];
      const alias: DnsRecord = { name: ownerOf(domain), ttl: 300, type: 'CNAME', target: ownerOf(next ?? '') };
      return [domain, next === undefined ? recordWith(key) : [alias]] as const;
    });
    dns.publishAll(new Map(contents));
    const [first = ''] = domains;
    const place = at % domains.length;
    const weakest = domains[place] ?? '';
    let state: State = 'secure';
    if (weak === 'insecure') {
      dns.delegate(weakest, 'insecure');
      state = 'insecure';
    } else if (weak === 'unsigned' || weak === 'wrong-key') {
      dns.state(ownerOf(weakest), { kind: weak });
      state = 'bogus';
    }
    const what = `a record behind ${links} aliases, of which ${weak === 'none' ? 'all are proven' : `number ${place + 1} is ${weak}`}`;
    mustFind(context, 'REC-045', await lookUp(context, dns, first), { keys: [key], states: [state] }, what);
  },
});

const elsewhere = resolverCase({
  id: 'resolver/states/foreign-owner-never-proven',
  title: 'A record that belongs to another name than the one that was asked for is not proven by its own signature.',
  decides: ['REC-045'],
  mostRuns: 4,
  given: keyPairs,
  async check({ key, wrong }, context) {
    const dns = await dnsOf(context);
    const [domain, other] = [newDomain(), newDomain()];
    dns.publish(domain, recordWith(key));
    dns.publish(other, recordWith(wrong));
    const expected = { keys: [wrong], states: ['secure'] as const };
    mustFind(context, 'REC-045', await lookUp(context, dns, other), expected, 'the other record at its own name');
    dns.state(ownerOf(domain), { kind: 'spoofed', records: recordsOf(other, [recordWith(wrong)]), signedBy: 'zone' });
    const what = `the signed record of ${ownerOf(other)} as the answer for ${ownerOf(domain)}`;
    const answer = await lookUp(context, dns, domain);
    mustTakeForFailed(context, 'REC-045', answer, what);
  },
});

const downgraded = resolverCase({
  id: 'resolver/states/no-downgrade',
  title: 'What was proven once is not replaced by a record that comes without the proof.',
  decides: ['REC-045'],
  mostRuns: 6,
  given: fc.record({ keys: keyPairs, stripped: fc.boolean(), expiry: fc.constantFrom('', 'exp=30') }),
  async check({ keys: { key, wrong }, stripped, expiry }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    // Of no lifetime, so that the resolver asks again at once.
    dns.publish(domain, recordWith(key, expiry), { ttl: 0 });
    const expected = { keys: [key], states: ['secure'] as const };
    mustFind(context, 'REC-045', await lookUp(context, dns, domain), expected, 'a signed record');
    dns.state(ownerOf(domain), spoofed(domain, wrong, 0));
    if (stripped) dns.state({ name: domain, type: 'DS' }, { kind: 'withheld', as: 'no-data' });
    const answer = await lookUp(context, dns, domain);
    const kept =
      answer.kind === 'result' && JSON.stringify(answer.value).includes(key.replaceAll('+', '-').replaceAll('/', '_'));
    if (kept) return;
    const what = `another record without signatures${stripped ? ', and the DS record taken out,' : ''} for a record that was secure`;
    mustTakeForFailed(context, 'REC-045', answer, what);
  },
});

export const cases: readonly Case[] = [proven, unsigned, failed, aliased, elsewhere, downgraded];
