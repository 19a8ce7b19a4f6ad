/** Faults of a DMTP client in the choice of hosts and in the judgement of their certificates. */
import type { Row } from './dmtp-client-rules.js';
import type { OcspView } from './dmtp-small-certificate.js';
import { type ClientRules, everyPair, ocspPasses, rightHosts, rightJudgement } from './dmtp-small-client.js';

/** Judges as is right, but for facts that are seen otherwise. */
const seeing =
  (changed: (view: Parameters<ClientRules['judge']>[0]) => Partial<Parameters<ClientRules['judge']>[0]>) =>
  async (view: Parameters<ClientRules['judge']>[0]): Promise<boolean> =>
    await rightJudgement({ ...view, ...changed(view) });

/** Believes a responder when this says so. */
const believing = (passes: (view: OcspView) => boolean): Partial<ClientRules> => ({
  judge: seeing((view) => ({
    ocsp: async () => {
      const found = await view.ocsp();
      return passes(found) ? null : { status: 'revoked', nonce: true, signed: true, off: 0 };
    },
  })),
});

const collected = async (
  found: Parameters<ClientRules['hosts']>[0],
  hosts: ClientRules['hosts'] = rightHosts,
): Promise<{ host: string; port: 26 | 25 | 587; only?: true }[]> => {
  const all = [];
  for await (const candidate of hosts(found)) all.push(candidate);
  return all;
};

/** Right hosts, changed once all are known. */
const hostsChanged = (
  change: (
    hosts: Awaited<ReturnType<typeof collected>>,
    found: Parameters<ClientRules['hosts']>[0],
  ) => Awaited<ReturnType<typeof collected>>,
): Partial<ClientRules> => ({
  hosts: async function* (found) {
    yield* change(await collected(found), found);
  },
});

export const hostRows: readonly Row[] = [
  [
    'uses-failed-proofs',
    'REC-046',
    'takes a record whose proof failed for an unsigned one',
    { usesFailedProofs: true },
  ],
  [
    'last-dx-first',
    'REC-055',
    'tries the dx hosts from the last to the first',
    {
      hosts: async function* (found) {
        yield* rightHosts({ ...found, dx: [...found.dx].reverse() });
      },
    },
  ],
  [
    'first-dx-alone',
    'REC-055',
    'tries the first dx host alone',
    hostsChanged((hosts, { dx }) => (dx.length > 0 ? hosts.slice(0, 1) : hosts)),
  ],
  ['plain-on-port-26', 'REC-055', 'waits for a greeting in plain text on port 26', { plainOn26: true, replyMs: 200 }],
  [
    'falls-back-to-mx',
    'REC-056',
    'goes on to MX hosts when the dx hosts failed',
    {
      hosts: async function* (found) {
        yield* rightHosts(found);
        if (found.dx.length > 0) yield* rightHosts({ ...found, dx: [] });
      },
    },
  ],
  [
    'falls-back-to-the-domain',
    'REC-056',
    'goes on to the domain itself when the dx hosts failed',
    {
      hosts: async function* (found) {
        yield* rightHosts(found);
        if (found.dx.length > 0) yield { host: found.domain, port: 26 };
      },
    },
  ],
  [
    'mx-descending',
    'REC-057',
    'tries the MX host of the highest number first',
    {
      hosts: async function* (found) {
        yield* rightHosts({
          ...found,
          mx: async () => (await found.mx()).map(({ host, preference }) => ({ host, preference: -preference })),
        });
      },
    },
  ],
  [
    'mx-as-text',
    'REC-057',
    'compares preferences as texts',
    {
      hosts: async function* (found) {
        yield* rightHosts({
          ...found,
          mx: async () =>
            [...(await found.mx())]
              .sort((a, b) => (String(a.preference) < String(b.preference) ? -1 : 1))
              .map(({ host }, preference) => ({ host, preference })),
        });
      },
    },
  ],
  [
    'every-mx',
    'REC-058',
    'tries every MX host',
    {
      hosts: async function* (found) {
        const mx = [...(await found.mx())].sort((a, b) => a.preference - b.preference);
        if (found.dx.length === 0) {
          for (const [at] of mx.entries()) {
            const one = await collected({ ...found, mx: async () => mx.slice(at, at + 1) });
            yield* one.filter(({ host }) => host !== found.domain);
          }
        }
        yield* rightHosts({ ...found, mx: async () => [] });
      },
    },
  ],
  [
    '587-always',
    'REC-059',
    'tries port 587 behind every port 25',
    hostsChanged((hosts) => hosts.map(({ host, port }) => ({ host, port }))),
  ],
  ['587-never', 'REC-059', 'does not try port 587', hostsChanged((hosts) => hosts.filter(({ port }) => port !== 587))],
  [
    '25-first',
    'REC-059',
    'tries port 25 before port 26',
    hostsChanged((hosts, { dx }) =>
      dx.length > 0
        ? hosts
        : [...hosts].sort((a, b) => (a.host === b.host && a.port !== 587 && b.port !== 587 ? a.port - b.port : 0)),
    ),
  ],
  [
    'not-the-domain',
    'REC-060',
    'does not try the domain itself',
    hostsChanged((hosts, { domain }) => hosts.filter(({ host }) => host !== domain)),
  ],
  [
    'domain-without-mx-alone',
    'REC-060',
    'tries the domain itself only when there is no MX host',
    {
      hosts: async function* (found) {
        const mx = await found.mx();
        for (const candidate of await collected(found))
          if (mx.length === 0 || candidate.host !== found.domain) yield candidate;
      },
    },
  ],
  [
    'first-address-alone',
    'REC-061',
    'tries the first address of a host alone',
    { addresses: (found) => found.slice(0, 1) },
  ],
  ['waits-long', 'REC-061', 'waits 20 seconds for a connection', { connectMs: 20_000 }],
  [
    'ipv4-alone',
    'REC-061',
    'tries addresses of IPv4 alone',
    { addresses: (found) => found.filter((address) => !address.includes(':')) },
  ],
];

export const certificateRows: readonly Row[] = [
  ['no-server-name', 'DMTP-006', 'sends no server name', { serverName: () => null }],
  ['domain-as-server-name', 'REC-075', 'sends the domain as the server name', { serverName: (_, domain) => domain }],
  ['judges-after-the-work', 'DMTP-068', 'looks at the certificate when all is done', { judgesWhen: 'after-the-work' }],
  [
    'says-noop-first',
    'DMTP-068',
    'looks at the certificate behind the first commands',
    { judgesWhen: 'after-the-work', first: ['NOOP'] },
  ],
  [
    'secondary-keys-count',
    'REC-063',
    'verifies tls values with secondary keys of signets too',
    { secondaryKeys: true },
  ],
  [
    'keys-for-the-first-value',
    'REC-064',
    'tries the first value with every key, and the others with none',
    { pairs: (values, keys) => everyPair(values.slice(0, 1), keys) },
  ],
  [
    'first-key-alone',
    'REC-064',
    'tries the first key alone',
    { pairs: (values, keys) => everyPair(values, keys.slice(0, 1)) },
  ],
  [
    'pairs-in-step',
    'REC-064',
    'tries each value with the key that stands in its place',
    {
      pairs: (values, keys) =>
        everyPair(values, keys).filter(({ value, key }) => values.indexOf(value) === keys.indexOf(key)),
    },
  ],
  [
    'chain-instead-of-a-pair',
    'REC-065',
    'is content with name and chain when no pair verifies',
    { judge: seeing(({ bound, matched }) => ({ bound: bound && matched })) },
  ],
  [
    'any-value-counts',
    'REC-065',
    'takes every value of tls for a right one',
    { judge: seeing(({ bound }) => ({ matched: bound })) },
  ],
  [
    'chain-always',
    'REC-066',
    'needs name and chain though the record is proven',
    { judge: seeing(() => ({ dnssec: 'insecure' })) },
  ],
  [
    'name-always',
    'REC-066',
    'needs the name though the record is proven',
    { judge: async (view) => view.named && (await rightJudgement(view)) },
  ],
  [
    'pair-alone',
    'REC-067',
    'is content with a pair of an unproven record',
    { judge: seeing(() => ({ dnssec: 'secure' })) },
  ],
  [
    'no-name-without-dnssec',
    'REC-067',
    'does not look at the name when a pair verifies',
    { judge: seeing(({ matched, named }) => ({ named: named || matched })) },
  ],
  [
    'self-signed-and-trusted',
    'REC-068',
    'takes a self-signed certificate that is trusted',
    { judge: seeing(() => ({ selfSigned: false })) },
  ],
  [
    'no-chain-without-tls',
    'REC-069',
    'does not look at the chain of a certificate without tls',
    { judge: seeing(({ bound }) => (bound ? {} : { chain: true })) },
  ],
  [
    'proven-is-enough',
    'REC-069',
    'takes every certificate when a record without tls is proven',
    {
      judge: async (view) =>
        (!view.bound && !view.selfSigned && view.dnssec === 'secure') || (await rightJudgement(view)),
    },
  ],
  ['never-asks-responders', 'REC-069', 'asks no OCSP responder', { judge: seeing(() => ({ ocsp: async () => null })) }],
  [
    'name-of-the-domain',
    'REC-070',
    'takes a certificate for the domain',
    { certifiedNames: (host, domain) => [host, domain] },
  ],
  [
    'name-in-the-greeting',
    'REC-070',
    'takes a certificate for any host below the one that it connected to',
    { certifiedNames: (host) => [host, `other.${host}`] },
  ],
  [
    'revoked-passes',
    'REC-071',
    'does not look at the status in an OCSP response',
    believing((view) => view === null || (view.nonce && view.signed && view.off <= 300)),
  ],
  [
    'needs-responders',
    'REC-072',
    'refuses certificates that name no responder',
    believing((view) => view !== null && ocspPasses(view)),
  ],
  [
    'any-nonce',
    'REC-073',
    'does not compare the nonce of an OCSP response',
    believing((view) => ocspPasses(view === null ? null : { ...view, nonce: true })),
  ],
  [
    'any-signer',
    'REC-073',
    'does not verify the signature of an OCSP response',
    believing((view) => ocspPasses(view === null ? null : { ...view, signed: true })),
  ],
  [
    'any-time',
    'REC-074',
    'does not look at the times of an OCSP response',
    believing((view) => ocspPasses(view === null ? null : { ...view, off: 0 })),
  ],
  [
    'exact-times',
    'REC-074',
    'allows the times of an OCSP response not to be off at all',
    believing((view) => ocspPasses(view) && (view?.off ?? 0) <= 1),
  ],
];
