/** How long a resolver uses what it found (section 5.3 of the management record digest). */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { DnsConduct } from '../../target/mock-dns.js';
import type { Case } from '../case.js';
import { type Answer, isRefusal, show } from '../record/record-calls.js';
import {
  dnsOf,
  isRecord,
  keyPairs,
  lookUp,
  mustFind,
  newDomain,
  ownerOf,
  patiently,
  recordWith,
  resolverCase,
} from './resolver-case.js';

/** What is over after a TTL of one second, also for a cache that counts whole seconds. */
const pastOneSecondMs = 2100;

/** Ways in which refreshing fails at once. */
const failing: readonly DnsConduct[] = [{ kind: 'server-failure' }, { kind: 'refused' }, { kind: 'no-such-name' }];

const ttlOf = (answer: Answer): unknown => (answer.kind === 'result' ? answer.value.ttl : null);

const reported = resolverCase({
  id: 'resolver/cache/lifetime-is-the-ttl',
  title: 'The lifetime of a copy is the TTL of the TXT record, and a copy that is used has what is left of it.',
  decides: ['REC-051'],
  given: fc.record({
    keys: keyPairs,
    ttl: fc.oneof(fc.integer({ min: 60, max: 86_400 }), fc.constantFrom(60, 300, 3600)),
    alone: fc.boolean(),
  }),
  async check({ keys: { key, wrong: changed }, ttl, alone }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    const delegation = alone ? 'insecure' : 'secure';
    dns.publish(domain, recordWith(key), { ttl, delegation });
    const first = await lookUp(context, dns, domain);
    mustFind(context, 'REC-051', first, { keys: [key] }, 'a record');
    context.require(
      'REC-051',
      ttlOf(first) === ttl,
      `a lifetime of ${ttl} seconds, as the TXT record has`,
      show(first),
    );
    dns.publish(domain, recordWith(changed), { ttl, delegation });
    const second = await lookUp(context, dns, domain);
    if (isRecord(second, changed)) return context.note('the resolver asks again for what it found a moment ago');
    mustFind(context, 'REC-051', second, { keys: [key] }, 'the copy');
    const left = ttlOf(second);
    const holds = typeof left === 'number' && left <= ttl && left >= ttl - 30;
    context.require('REC-051', holds, `what is left of ${ttl} seconds as the lifetime of the copy`, show(second));
  },
});

const noLifetime = resolverCase({
  id: 'resolver/cache/none-for-a-ttl-of-zero',
  title: 'A record with a TTL of 0 and no expiry is asked for each time.',
  decides: ['REC-051'],
  mostRuns: 4,
  given: fc.record({ keys: keyPairs, expiry: fc.constantFrom('', 'exp=0') }),
  async check({ keys: { key, wrong: changed }, expiry }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    dns.publish(domain, recordWith(key, expiry), { ttl: 0 });
    mustFind(context, 'REC-051', await lookUp(context, dns, domain), { keys: [key] }, 'a record with a TTL of 0');
    dns.publish(domain, recordWith(changed, expiry), { ttl: 0 });
    const what = 'the record as it is now, for one with a TTL of 0';
    mustFind(context, 'REC-051', await lookUp(context, dns, domain), { keys: [changed] }, what);
  },
});

const dropped = resolverCase({
  id: 'resolver/cache/dropped-after-the-ttl',
  title: 'When its TTL is over, a copy is asked for anew; without an expiry it is not used even if there is no answer.',
  decides: ['REC-051'],
  mostRuns: 1,
  given: patiently({ keys: keyPairs, failure: fc.constantFrom(...failing) }),
  async check({ keys: { key, wrong: changed }, failure }, context) {
    const dns = await dnsOf(context);
    const [renewed, lost, promised] = [newDomain(), newDomain(), newDomain()];
    dns.publish(renewed, recordWith(key), { ttl: 1 });
    dns.publish(lost, recordWith(key), { ttl: 1 });
    // One that might be used on, if it could not be refreshed.
    dns.publish(promised, recordWith(key, 'exp=30'), { ttl: 1 });
    for (const domain of [renewed, lost, promised]) {
      mustFind(context, 'REC-051', await lookUp(context, dns, domain), { keys: [key] }, 'a record with a TTL of 1');
    }
    dns.publish(renewed, recordWith(changed), { ttl: 1 });
    dns.publish(promised, recordWith(changed, 'exp=30'), { ttl: 1 });
    dns.state(ownerOf(lost), failure);
    await delay(pastOneSecondMs);
    for (const domain of [renewed, promised]) {
      const what = `the record as it is now, after a TTL of 1${domain === promised ? ', with an expiry of 30 days' : ''}`;
      mustFind(context, 'REC-051', await lookUp(context, dns, domain), { keys: [changed] }, what);
    }
    const answer = await lookUp(context, dns, lost);
    const what = `no record after a TTL of 1 without an expiry, when refreshing fails (${failure.kind})`;
    context.require('REC-051', isRefusal(answer), what, show(answer));
  },
});

const usedOn = resolverCase({
  id: 'resolver/cache/used-on-until-the-expiration',
  title: 'A copy with an expiry may be used past its TTL while refreshing fails; what comes instead is a refusal.',
  decides: ['REC-053'],
  mostRuns: 1,
  given: patiently({ keys: keyPairs, days: fc.integer({ min: 1, max: 365 }) }),
  async check({ keys: { key }, days }, context) {
    const dns = await dnsOf(context);
    const domains = failing.map((failure) => ({ failure, domain: newDomain() }));
    for (const { domain } of domains) {
      dns.publish(domain, recordWith(key, `exp=${days}`), { ttl: 1 });
      mustFind(context, 'REC-053', await lookUp(context, dns, domain), { keys: [key] }, 'a record with a TTL of 1');
    }
    for (const { failure, domain } of domains) dns.state(ownerOf(domain), failure);
    await delay(pastOneSecondMs);
    for (const { failure, domain } of domains) {
      const answer = await lookUp(context, dns, domain);
      const used = isRecord(answer, key);
      const what = `a refusal, or the copy with an expiry of ${days} days, when refreshing fails (${failure.kind})`;
      context.require('REC-053', used || isRefusal(answer), what, show(answer));
      context.took('REC-053', used, failure.kind);
    }
  },
});

export const cases: readonly Case[] = [reported, noLifetime, dropped, usedOn];
