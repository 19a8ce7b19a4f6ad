/** Seeded faults of a resolver: the small resolver with one rule replaced; and one of what its keys are used for. */
import type { Fault } from './fault.js';
import { inputOctets, looselyRead, profileOf } from './signet-bending.js';
import { type ResolveInput, smallResolver } from './small-resolver.js';
import { type ResolverRules, refuse, rightRules } from './small-resolver-rules.js';
import { changeInput, write } from './stacie-bending.js';

/** The operation of the adapter, by a resolver with other rules; one resolver for each adapter. */
function bentLookup(rules: Partial<ResolverRules>): Pick<Fault, 'operations'> {
  return {
    operations: (inner) => {
      const resolve = smallResolver(rules);
      return { ...inner, 'dns.resolve-record': (input) => resolve(input as unknown as ResolveInput) };
    },
  };
}

const unchecked = (check: keyof ResolverRules['checks']): Partial<ResolverRules> => ({
  checks: { ...rightRules.checks, [check]: false },
});

const unknown = (...numbers: readonly number[]): Partial<ResolverRules> => ({
  algorithms: rightRules.algorithms.filter((number) => !numbers.includes(number)),
});

const above = (domain: string): string => domain.slice(domain.indexOf('.') + 1);

const hasField = (text: string): boolean => /^[a-z]+=\S/i.test(text.trim());

const rows: readonly (readonly [string, string, string, Partial<ResolverRules>])[] = [
  ['asks-at-dime', 'REC-002', 'looks at _dime. first', { places: (domain) => [`_dime.${domain}`, `_dx.${domain}`] }],
  ['asks-at-the-domain', 'REC-002', 'looks at the domain itself', { places: (domain) => [domain] }],
  [
    'climbs',
    'REC-002',
    'looks at the domain above when there is no record',
    { places: (domain) => [`_dx.${domain}`, `_dx.${above(domain)}`] },
  ],
  [
    'keeps-capitals',
    'REC-079',
    'asks for the domain in the case in which it was written',
    {
      normalise: (domain) => domain.replace(/\.$/, '').replace(/[^.]*[^\x00-\x7f][^.]*/g, rightRules.normalise),
    },
  ],
  [
    'no-a-labels',
    'REC-079',
    'asks for domains of other scripts in UTF-8',
    { normalise: (domain) => domain.replace(/\.$/, '').toLowerCase() },
  ],
  [
    'no-trailing-dot',
    'REC-079',
    'takes a domain with a trailing dot for none',
    { normalise: (domain) => (domain.endsWith('.') ? refuse('an empty label') : rightRules.normalise(domain)) },
  ],
  [
    'takes-the-first-record',
    'REC-004',
    'takes one of several records',
    { choose: ([record]) => record ?? refuse('no record') },
  ],
  [
    'takes-the-last-record',
    'REC-004',
    'takes the last of several records',
    { choose: (records) => records.at(-1) ?? refuse('no record') },
  ],
  ['first-string-alone', 'REC-005', 'reads the first string alone', { join: ([first = '']) => first }],
  ['joins-with-spaces', 'REC-005', 'puts a space between the strings', { join: (strings) => strings.join(' ') }],
  [
    'joins-backwards',
    'REC-005',
    'joins the strings from the last',
    { join: (strings) => strings.toReversed().join('') },
  ],
  ['no-tcp', 'REC-005', 'takes an answer that is cut for whole', { overTcp: false }],
  [
    'fields-end-with-strings',
    'REC-006',
    'ends a field where a string ends, unless a whole one begins in the next',
    { join: (strings) => strings.reduce((text, next) => `${text}${hasField(next) ? '' : ';'}${next}`) },
  ],
  ['never-secure', 'REC-045', 'says of every record that it is unsigned', { told: () => 'insecure' }],
  [
    'always-secure',
    'REC-045',
    'says of every record that did not fail that it is proven',
    { told: (state) => (state === 'insecure' ? 'secure' : state) },
  ],
  [
    'failed-is-unsigned',
    'REC-045',
    'says of a record whose proof failed that it is unsigned',
    { told: (state) => (state === 'bogus' ? 'insecure' : state) },
  ],
  ['loses-what-failed', 'REC-045', 'refuses a record whose proof failed', { failed: () => refuse('the proof failed') }],
  [
    'state-not-in-the-cache',
    'REC-045',
    'forgets the state of a record that it keeps',
    { cached: (copy) => ({ ...copy, dnssec: 'insecure' }) },
  ],
  [
    'believes-the-ad-bit',
    'REC-045',
    'believes the AD bit',
    { told: (state, { authentic }) => (authentic ? 'secure' : state) },
  ],
  ['no-signature-checked', 'REC-045', 'looks at the times of a signature alone', unchecked('signature')],
  ['any-signer', 'REC-045', 'takes the signature in the name of any zone', unchecked('signer')],
  ['any-key', 'REC-045', 'takes any key of a zone for the one that its DS record names', unchecked('digest')],
  [
    'no-signature-needed',
    'REC-045',
    'takes what is not signed for unsigned, whatever the zone above says',
    unchecked('missing'),
  ],
  ['any-owner', 'REC-045', 'takes the records of other names', unchecked('owner')],
  [
    'last-link-alone',
    'REC-045',
    'looks at the proof of the record alone, not at those of aliases',
    { together: (states) => states.at(-1) ?? 'bogus' },
  ],
  [
    'first-link-alone',
    'REC-045',
    'looks at the proof of the first alias alone',
    { together: ([state = 'bogus']) => state },
  ],
  [
    'no-anchor-needed',
    'REC-047',
    'takes a signed record for unsigned when there is no anchor',
    { signedWithoutAnchor: 'insecure' },
  ],
  [
    'proven-without-anchor',
    'REC-047',
    'takes a signed record for proven when there is no anchor',
    { signedWithoutAnchor: 'secure' },
  ],
  ['any-anchor', 'REC-047', 'takes the keys of any root', unchecked('digest')],
  [
    'islands-are-unsigned',
    'REC-047',
    'takes a signed record of a zone without a DS record for unsigned',
    { signedIsland: 'insecure' },
  ],
  [
    'islands-are-proven',
    'REC-047',
    'takes a signed record of a zone without a DS record for proven',
    { signedIsland: 'secure' },
  ],
  ['no-end', 'REC-048', 'takes signatures whose time is over', unchecked('expiration')],
  ['no-beginning', 'REC-048', 'takes signatures whose time has not come', unchecked('inception')],
  ['no-rsa-sha-256', 'REC-049', 'does not know algorithm 8', unknown(8)],
  ['no-rsa-sha-512', 'REC-049', 'does not know algorithm 10', unknown(10)],
  ['no-ecdsa', 'REC-050', 'does not know algorithm 13', unknown(13)],
  ['no-ed25519', 'REC-050', 'does not know algorithm 15', unknown(15)],
  ['keeps-for-an-hour', 'REC-051', 'keeps every record for an hour', { lifetime: (ttl) => Math.max(ttl, 3600) }],
  [
    'keeps-for-a-moment-more',
    'REC-051',
    'keeps every record for at least 30 seconds',
    { lifetime: (ttl) => (ttl === 0 ? 0 : Math.max(ttl, 30)) },
  ],
  ['tells-another-lifetime', 'REC-051', 'tells 5 minutes for every record', { toldTtl: () => 300 }],
  ['used-without-expiry', 'REC-051', 'uses a copy without an expiry when refreshing fails', { usedOn: () => true }],
  [
    'no-refresh-before-the-expiration',
    'REC-051',
    'does not ask for a record with an expiry until the expiry is over',
    { refreshes: ({ expires }, now) => expires === null || now >= expires },
  ],
  ['drops-at-the-ttl', 'REC-053', 'drops every copy at its TTL', { usedOn: () => false }],
  ['any-code', 'REC-077', 'reads the answer whatever the code', { rightCode: () => true }],
  [
    'name-errors-are-read',
    'REC-077',
    'reads the answer of a server that says that there is no such name',
    { rightCode: (rcode) => rcode === 0 || rcode === 3 },
  ],
  [
    'last-record-for-none',
    'REC-077',
    'gives the record that it found last when there is none',
    { without: (found) => found ?? refuse('no record') },
  ],
  [
    'falls-over-aliases',
    'REC-077',
    'fails by an internal error when aliases have no end',
    {
      tooManyAliases: () => {
        throw new RangeError('too deep');
      },
    },
  ],
  [
    'any-id',
    'REC-077',
    'takes replies with any id',
    { answers: (_, [name, asked]) => rightRules.answers([0, 0], [name, asked]) },
  ],
  ['any-question', 'REC-077', 'takes replies to any question', { answers: (ids) => rightRules.answers(ids, ['', '']) }],
  [
    'falls-over-silence',
    'REC-077',
    'fails by an internal error when a reply is lost',
    {
      lost: () => {
        throw new RangeError('no reply');
      },
    },
  ],
  [
    'falls-over-noise',
    'REC-077',
    'fails by an internal error at what cannot be read',
    {
      unreadable: () => {
        throw new RangeError('out of range');
      },
    },
  ],
  ['needs-additional', 'REC-078', 'refuses a reply without an additional section', { needsAdditional: true }],
];

/** The key of an organization's signet counts as one of the record's, whatever those are. */
const anyOrganization: Fault = {
  id: 'resolver/any-organization',
  breaks: 'REC-076',
  title: 'takes the signet of any organization for the one of the record',
  operations: changeInput('signet.validate', (input) => {
    const own = looselyRead(profileOf(input), inputOctets(input))?.fields.find(({ id }) => id === 1)?.data;
    // Behind the octet that says what kind of key it is.
    return own === undefined || input.primaryKeys === undefined
      ? input
      : { ...input, primaryKeys: [write(own.subarray(1))] };
  }),
};

export const faults: readonly Fault[] = [
  ...rows.map(([name, breaks, title, rules]) => ({ id: `resolver/${name}`, breaks, title, ...bentLookup(rules) })),
  anyOrganization,
];
