/** Which name a resolver asks for (section 1 of the management record digest). */
import { networkInterfaces } from 'node:os';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import type { MockDns } from '../../target/mock-dns.js';
import type { Case } from '../case.js';
import { inOtherCase } from '../record/record-inputs.js';
import {
  dnsOf,
  keyPairs,
  lookUp,
  mustFail,
  mustFind,
  newDomain,
  ownerOf,
  recordWith,
  resolverCase,
} from './resolver-case.js';

const namesAskedForText = (dns: MockDns): string[] =>
  dns.queries().flatMap(({ type, name }) => (type === 'TXT' && name !== null ? [name] : []));

const hasIPv6 = (): boolean =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1') === true);

const exactName = resolverCase({
  id: 'resolver/names/exactly-dx-and-the-domain',
  title: 'The record is the TXT record at _dx. and the domain, whatever stands at names beside it.',
  decides: ['REC-002'],
  given: fc.record({ keys: keyPairs, labels: fc.nat(2), alone: fc.boolean(), family: fc.constantFrom(4, 4, 6) }),
  async check({ keys: { key, wrong }, labels, alone, family }, context) {
    const dns = await dnsOf(context, family === 6 && hasIPv6() ? { host: '::1' } : {});
    const domain = newDomain(['example', 'mail.example', 'a.b.c.example'][labels]);
    const beside = ['', '_dime.', '_dmtp.', '_dx._tcp.', 'dx.', '_dx._dx.'].map((prefix) => `${prefix}${domain}`);
    dns.publish(domain, [
      { name: ownerOf(domain), ttl: 300, type: 'TXT', strings: [recordWith(key)] },
      ...beside.map((name) => ({ name, ttl: 300, type: 'TXT', strings: [recordWith(wrong)] }) as const),
    ]);
    if (alone) dns.delegate(domain, 'insecure');
    const answer = await lookUp(context, dns, domain);
    // No row says that a resolver has to reach servers of both families.
    if (dns.endpoint.host === '::1' && dns.queries().length === 0) return context.note('no server is asked over IPv6');
    mustFind(context, 'REC-002', answer, { keys: [key] }, `a record at ${ownerOf(domain)}`);
    const asked = namesAskedForText(dns);
    const others = asked.filter((name) => name.toLowerCase() !== ownerOf(domain));
    context.require(
      'REC-002',
      asked.length > 0 && others.length === 0,
      `the server to be asked for TXT at ${ownerOf(domain)} and at no other name`,
      () => (asked.length === 0 ? 'no question for TXT' : `TXT asked at ${[...new Set(asked)].join(', ')}`),
    );
  },
});

const noClimbing = resolverCase({
  id: 'resolver/names/no-climbing',
  title: 'A subdomain without a record of its own has none, whatever the domain above it says of subdomains.',
  decides: ['REC-002'],
  mostRuns: 6,
  given: fc.record({ keys: keyPairs, sub: fc.constantFrom('', 'sub=relaxed', 'sub=explicit', 'sub=strict') }),
  async check({ keys: { key, wrong }, sub }, context) {
    const dns = await dnsOf(context);
    const above = newDomain();
    const owner = ownerOf(above);
    dns.publish(above, [
      { name: owner, ttl: 300, type: 'TXT', strings: [recordWith(wrong, sub)] },
      { name: `deep.${above}`, ttl: 300, type: 'TXT', strings: ['here is something else'] },
      { name: `_dx.own.${above}`, ttl: 300, type: 'TXT', strings: [recordWith(key)] },
    ]);
    mustFind(context, 'REC-002', await lookUp(context, dns, `own.${above}`), { keys: [key] }, 'its own record');
    for (const name of [`deep.${above}`, `not-there.${above}`]) {
      mustFail(context, 'REC-002', await lookUp(context, dns, name), `${name}, with a record at ${owner} alone`);
    }
    const climbed = namesAskedForText(dns).some((name) => name.toLowerCase() === owner);
    context.require('REC-002', !climbed, `no question for TXT at ${owner}`, 'one');
  },
});

/** Labels that every version of IDNA turns into the same. */
const foreignLabels = ['bücher', 'ČESKÝ', 'пример', '例え', 'παράδειγμα', 'Ärger'] as const;

const normalised = resolverCase({
  id: 'resolver/names/normalised',
  title: 'A domain in any case, with a trailing dot, or in another script is asked for in lower case and A-labels.',
  decides: ['REC-079'],
  given: keyPairs.chain(({ key }) =>
    fc.record({
      key: fc.constant(key),
      above: fc.oneof(
        { arbitrary: inOtherCase('example'), weight: 2 },
        fc.tuple(fc.constantFrom(...foreignLabels), inOtherCase('example')).map((labels) => labels.join('.')),
        fc.constantFrom(...foreignLabels).map((label) => `${label}.example`),
        fc.constant('example'),
      ),
      capital: fc.boolean(),
      dot: fc.constantFrom('', '.'),
    }),
  ),
  async check({ key, above, capital, dot }, context) {
    const dns = await dnsOf(context);
    const label = newDomain('').slice(0, -1);
    const domain = `${label}.${domainToASCII(above)}`;
    const written = `${capital ? label.toUpperCase() : label}.${above}${dot}`;
    dns.publish(domain, recordWith(key));
    const what = `${JSON.stringify(written)}, which is ${domain}`;
    mustFind(context, 'REC-079', await lookUp(context, dns, written), { keys: [key] }, what);
    const asked = namesAskedForText(dns);
    context.require(
      'REC-079',
      asked.every((name) => name === ownerOf(domain)),
      `${what}: TXT to be asked for at ${ownerOf(domain)}`,
      () => `TXT asked at ${[...new Set(asked)].join(', ')}`,
    );
  },
});

export const cases: readonly Case[] = [exactName, noClimbing, normalised];
