/** Replies that are no answer, and some that are (section 5.1 of the management record digest). */
import fc from 'fast-check';
import { type DnsConduct, type DnsRecord, recordsOf } from '../../target/mock-dns.js';
import type { Case } from '../case.js';
import { isRefusal, show } from '../record/record-calls.js';
import {
  dnsOf,
  isRecord,
  keyPairs,
  lookUp,
  mustFail,
  mustFind,
  newDomain,
  ownerOf,
  patiently,
  recordWith,
  resolverCase,
} from './resolver-case.js';

interface NoAnswer {
  /** What the domain holds; null: it is not there. Default: a record. */
  readonly content?: (domain: string, key: string) => readonly DnsRecord[] | null;
  readonly delegation?: 'insecure';
  readonly conduct?: DnsConduct;
}

const usual = (domain: string, key: string): readonly DnsRecord[] => recordsOf(domain, [recordWith(key)]);

const addressOf = (domain: string): DnsRecord => ({
  name: ownerOf(domain),
  ttl: 300,
  type: 'A',
  address: '192.0.2.1',
});

const aliasOf = (name: string, target: string): DnsRecord => ({ name, ttl: 300, type: 'CNAME', target });

/** How a domain is served so that there is no answer; each comes at once. */
const noAnswers: Readonly<Record<string, NoAnswer>> = {
  'a domain that is not there': { content: () => null },
  'a record at the domain itself': {
    content: (domain, key) => [{ name: domain, ttl: 300, type: 'TXT', strings: [recordWith(key)] }],
  },
  'a name without a TXT record': { content: (domain) => [addressOf(domain)] },
  'a name without a TXT record, unsigned': { content: (domain) => [addressOf(domain)], delegation: 'insecure' },
  ...Object.fromEntries(
    (['format-error', 'server-failure', 'no-such-name', 'not-implemented', 'refused'] as const).map((kind) => [
      `a reply of ${kind}`,
      { conduct: { kind } },
    ]),
  ),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 9].flatMap((rcode): [string, NoAnswer][] => [
      [`a signed record under code ${rcode}`, { conduct: { kind: 'failing', rcode } }],
      [`an unsigned record under code ${rcode}`, { conduct: { kind: 'failing', rcode }, delegation: 'insecure' }],
    ]),
  ),
  'a record that is denied': { conduct: { kind: 'withheld', as: 'no-data' } },
  'an answer of an address alone': {
    conduct: { kind: 'spoofed', records: [addressOf('answer.example')], signedBy: 'zone' },
  },
  'an alias that leads nowhere': { content: (domain) => [aliasOf(ownerOf(domain), `not-there.${domain}`)] },
  'an alias that leads to itself': { content: (domain) => [aliasOf(ownerOf(domain), ownerOf(domain))] },
  'two aliases that lead to each other': {
    content: (domain) => [aliasOf(ownerOf(domain), `b.${domain}`), aliasOf(`b.${domain}`, ownerOf(domain))],
  },
};

const noAnswer = resolverCase({
  id: 'resolver/replies/no-answer',
  title: 'A reply with a response code other than 0, or without a TXT record in its answer, gives no record.',
  decides: ['REC-077'],
  mostRuns: 1,
  given: keyPairs,
  async check({ key, wrong }, context) {
    const dns = await dnsOf(context);
    const right = newDomain();
    dns.publish(right, recordWith(key));
    mustFind(context, 'REC-077', await lookUp(context, dns, right), { keys: [key] }, 'a record beside it');
    const tries = Object.entries(noAnswers).map(([what, { content, delegation, conduct }]) => {
      return { what, domain: newDomain(), content, delegation, conduct };
    });
    for (const way of ['secure', 'insecure'] as const) {
      const those = tries.filter(({ delegation = 'secure' }) => delegation === way);
      const contents = those.flatMap(({ domain, content = usual }) => {
        const records = content(domain, wrong);
        return records === null ? [] : [[domain, records] as const];
      });
      dns.publishAll(new Map(contents), { delegation: way });
    }
    for (const { domain, conduct } of tries) if (conduct !== undefined) dns.state(ownerOf(domain), conduct);
    for (const { what, domain } of tries) mustFail(context, 'REC-077', await lookUp(context, dns, domain), what);
  },
});

/** What is no reply to the question; a resolver waits for the true one, which does not come. */
const strays: readonly (readonly [string, readonly DnsConduct[]])[] = [
  ['replies with another id', [{ kind: 'wrong-id' }]],
  ['replies to another question', [{ kind: 'wrong-question' }]],
  ['replies that end in the middle', [{ kind: 'cut' }]],
  ['replies that are noise', [{ kind: 'garbage' }]],
  ['silence', [{ kind: 'lost' }]],
];

const stray = resolverCase({
  id: 'resolver/replies/not-to-the-question',
  title:
    'A reply with another id, to another question, or that cannot be read is none, and the lookup comes to an end.',
  decides: ['REC-077'],
  mostRuns: 1,
  given: patiently({ keys: keyPairs, alone: fc.boolean() }),
  async check({ keys: { key, wrong }, alone }, context) {
    const dns = await dnsOf(context);
    const right = newDomain();
    dns.publish(right, recordWith(key));
    mustFind(context, 'REC-077', await lookUp(context, dns, right), { keys: [key] }, 'a record beside it');
    const domains = strays.map(([what, conducts]) => ({ what, conducts, domain: newDomain() }));
    const contents = domains.map(({ domain }) => [domain, recordWith(wrong)] as const);
    dns.publishAll(new Map(contents), { delegation: alone ? 'insecure' : 'secure' });
    for (const { domain, conducts } of domains) dns.state(ownerOf(domain), ...conducts);
    // At once, since a resolver waits a while for each.
    const answers = domains.map(async ({ what, domain }) => ({ what, answer: await lookUp(context, dns, domain) }));
    for (const { what, answer } of await Promise.all(answers)) mustFail(context, 'REC-077', answer, what);
  },
});

/** Trouble on the way, after which the record comes all the same. */
const troubles: readonly (readonly [string, readonly DnsConduct[]])[] = [
  ['a query that is lost once', [{ kind: 'lost', times: 1 }]],
  ['all datagrams lost, but not over TCP', [{ kind: 'lost', over: 'udp' }]],
  ['a reply that is late', [{ kind: 'slow', ms: 120 }]],
  ['a datagram that is longer than was asked for', [{ kind: 'oversized', octets: 9000 }]],
];

const troubled = resolverCase({
  id: 'resolver/replies/trouble-on-the-way',
  title: 'A reply that is late, lost or too long leads to the record or to a refusal, and to nothing else.',
  decides: ['REC-077'],
  mostRuns: 1,
  given: keyPairs,
  async check({ key, wrong }, context) {
    const dns = await dnsOf(context);
    const domains = troubles.map(([what, conducts]) => ({ what, conducts, domain: newDomain() }));
    const other = newDomain();
    const contents = domains.map(({ domain }) => [domain, recordWith(key)] as const);
    dns.publishAll(new Map([...contents, [other, recordWith(wrong)]]));
    for (const { domain, conducts } of domains) dns.state(ownerOf(domain), ...conducts);
    mustFind(context, 'REC-077', await lookUp(context, dns, other), { keys: [wrong] }, 'a record beside it');
    const answers = domains.map(async ({ what, domain }) => ({ what, answer: await lookUp(context, dns, domain) }));
    for (const { what, answer } of await Promise.all(answers)) {
      const found = isRecord(answer, key);
      context.require('REC-077', found || isRefusal(answer), `${what}: the record, or a refusal`, show(answer));
      context.note(`${what}: ${found ? 'the record is found' : 'no record'}`);
    }
  },
});

const noAdditional = resolverCase({
  id: 'resolver/replies/no-additional-section',
  title: 'A reply without an additional section, so without an OPT record, gives the record.',
  decides: ['REC-078'],
  given: fc.record({ keys: keyPairs, alone: fc.boolean(), tcp: fc.boolean() }),
  async check({ keys: { key }, alone, tcp }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    dns.publish(domain, recordsOf(domain, [recordWith(key)]), { delegation: alone ? 'insecure' : 'secure' });
    dns.state(ownerOf(domain), { kind: 'no-additional' }, ...(tcp ? [{ kind: 'truncated' } as const] : []));
    const what = `a reply without an additional section, from ${alone ? 'an unsigned' : 'a signed'} domain`;
    const answer = await lookUp(context, dns, domain);
    // Without the record DNSSEC says nothing; a validator that needs it for nothing may go on.
    const states = alone ? (['insecure'] as const) : (['insecure', 'secure'] as const);
    mustFind(context, 'REC-078', answer, { keys: [key], states }, what);
  },
});

export const cases: readonly Case[] = [noAnswer, stray, troubled, noAdditional];
