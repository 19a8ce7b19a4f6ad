/** From TXT records to the text of one management record (section 2.4 of the management record digest). */
import fc from 'fast-check';
import { recordsOf } from '../../target/mock-dns.js';
import type { Case } from '../case.js';
import { hostLists, keyLists, keyTexts, signatureLists } from '../record/record-inputs.js';
import { dnsOf, lookUp, mustFail, mustFind, newDomain, recordWith, resolverCase } from './resolver-case.js';

/** Octets of a character-string at most. */
const longest = 255;

/** Cuts a text at places, and where a piece is longer than a string can be. */
function cutAt(text: string, places: readonly number[]): string[] {
  const ends = [...new Set([...places.map((place) => place % text.length), text.length])].sort((a, b) => a - b);
  let start = 0;
  return ends.flatMap((end) => {
    const piece = text.slice(start, end);
    start = end;
    return piece.length <= longest ? [piece] : (piece.match(/.{1,255}/gs) ?? []);
  });
}

const severalRecords = resolverCase({
  id: 'resolver/texts/several-records-refused',
  title: 'Two or more TXT records that read as management records are no record, in whatever order they come.',
  decides: ['REC-004'],
  given: fc.record({ keys: keyLists(2, 4), same: fc.boolean(), alone: fc.boolean() }),
  async check({ keys, same, alone }, context) {
    const dns = await dnsOf(context);
    const delegation = alone ? 'insecure' : 'secure';
    const [first = ''] = keys;
    // The same key with another policy is another record too.
    const texts = same ? [recordWith(first), recordWith(first, 'pol=strict')] : keys.map((key) => recordWith(key));
    const [single, several] = [newDomain(), newDomain()];
    dns.publish(single, recordWith(first), { delegation });
    dns.publish(several, recordsOf(several, texts), { delegation });
    mustFind(context, 'REC-004', await lookUp(context, dns, single), { keys: [first] }, 'one record');
    const what = `${texts.length} TXT records that are management records`;
    mustFail(context, 'REC-004', await lookUp(context, dns, several), what);
  },
});

const joined = resolverCase({
  id: 'resolver/texts/strings-joined',
  title: 'The character-strings of the TXT record are joined in their order, with nothing between them.',
  decides: ['REC-005'],
  given: fc.record({
    keys: keyLists(1, 4),
    hosts: hostLists(0, 3),
    places: fc.array(fc.nat(2000), { minLength: 1, maxLength: 8 }),
    empty: fc.option(fc.nat(8), { nil: undefined }),
  }),
  async check({ keys, hosts, places, empty }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    const text = ['ver=1', ...keys.map((key) => `pok=${key}`), ...hosts.map((host) => `dx=${host}`)].join(' ');
    const strings = cutAt(text, places);
    if (empty !== undefined) strings.splice(empty, 0, '');
    dns.publish(domain, recordsOf(domain, [strings]));
    const answer = await lookUp(context, dns, domain);
    const what = `a record in ${strings.length} strings, ${JSON.stringify(strings)}`;
    mustFind(context, 'REC-005', answer, { keys }, what);
    const deliver = answer.kind === 'result' ? JSON.stringify(answer.value.deliver) : '';
    context.require('REC-005', deliver === JSON.stringify(hosts), `${what}: ${hosts.join(', ')} as hosts`, deliver);
  },
});

const long = resolverCase({
  id: 'resolver/texts/long-records',
  title: 'A record that needs many character-strings, and does not fit into a datagram, is read whole.',
  decides: ['REC-005'],
  mostRuns: 4,
  given: fc.record({ keys: keyLists(3, 12), signatures: signatureLists(0, 20), truncated: fc.boolean() }),
  async check({ keys, signatures, truncated }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    const fields = [...keys.map((key) => `pok=${key}`), ...signatures.map((signature) => `tls=${signature}`)];
    const text = ['ver=1', ...fields].join(' ');
    dns.publish(domain, recordsOf(domain, [cutAt(text, [254, 508, 762, 1016])]));
    if (truncated) dns.state(`_dx.${domain}`, { kind: 'truncated' });
    const what = `a record of ${text.length} octets${truncated ? ' that comes over TCP' : ''}`;
    const answer = await lookUp(context, dns, domain);
    mustFind(context, 'REC-005', answer, { keys, states: ['secure'] }, what);
    const count = answer.kind === 'result' && Array.isArray(answer.value.tls) ? answer.value.tls.length : -1;
    context.require('REC-005', count === signatures.length, `${what}: ${signatures.length} tls values`, `${count}`);
  },
});

const straddling = resolverCase({
  id: 'resolver/texts/fields-straddle-strings',
  title: 'A key or a value that begins in one character-string and ends in the next is read as one.',
  decides: ['REC-006'],
  given: fc.record({
    key: keyTexts,
    /** How far behind the beginning of `pok=` the text is cut: in the key, beside the equals sign, in the value. */
    cut: fc.oneof(fc.constantFrom(1, 2, 3, 4), fc.integer({ min: 5, max: 46 })),
    first: fc.boolean(),
  }),
  async check({ key, cut, first }, context) {
    const dns = await dnsOf(context);
    const domain = newDomain();
    const text = first ? `pok=${key} ver=1` : recordWith(key);
    const place = text.indexOf('pok=') + cut;
    const strings = [text.slice(0, place), text.slice(place)];
    dns.publish(domain, recordsOf(domain, [strings]));
    const what = `a record in the strings ${JSON.stringify(strings)}`;
    mustFind(context, 'REC-006', await lookUp(context, dns, domain), { keys: [key] }, what);
  },
});

export const cases: readonly Case[] = [severalRecords, joined, long, straddling];
