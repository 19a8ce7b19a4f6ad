/** Seeded faults of a DMTP client: the small client with one rule replaced. */

import type { OcspView } from './dmtp-small-certificate.js';
import {
  type ClientRules,
  everyPair,
  ocspPasses,
  rightHosts,
  rightJudgement,
  smallClient,
} from './dmtp-small-client.js';
import type { Envelope } from './dmtp-small-session.js';
import type { SmallWire } from './dmtp-small-wire.js';
import type { Fault } from './fault.js';

const lineEnd = Buffer.from('\r\n');
const withLineEnd = (message: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([message, lineEnd]));
const isSuccess = (code: number): boolean => code >= 200 && code <= 299;

/** The envelope with parts of it replaced. */
const envelopeOf =
  (
    changed: (envelope: Envelope) => Partial<Envelope> & { readonly data?: string } = () => ({}),
  ): ClientRules['envelope'] =>
  (envelope) => {
    const { data, ...parts } = changed(envelope);
    const all = { ...envelope, ...parts };
    return [
      `MAIL FROM: <${all.origin}> [${all.originFingerprint}] SIZE=${all.size}${all.return}`,
      `RCPT TO: <${all.destination}> [${all.destinationFingerprint}]`,
      data ?? `DATA [${all.hash}]`,
    ];
  };

const quit = async (wire: SmallWire): Promise<void> => {
  wire.send('QUIT');
  await wire.reply('QUIT').catch(() => undefined);
  wire.close();
};

export const rightClientRules: ClientRules = {
  lineEnd: '\r\n',
  replyEnd: '\n',
  replyMs: 1_500,
  longestLine: 30_000_000,
  takesMixedCodes: false,
  severalLines: () => true,
  longestCommand: 512,
  keepsPlain: false,
  usesFailedProofs: false,
  hosts: rightHosts,
  addresses: (found) => found,
  connectMs: 5_000,
  serverName: (host, _, port) => (port === 26 ? host : null),
  plainOn26: false,
  greets: (code, text) => code === 220 && text.split(/\s+/).slice(1).includes('DMTPv1'),
  startTls: (host) => [`STARTTLS <${host}> MODE=DMTPv1`],
  withoutTls: 'leave',
  first: [],
  mode: (code, text) => isSuccess(code) && /^OK\s+DMTP(v1)?$/i.test(text),
  certifiedNames: (host) => [host],
  pairs: everyPair,
  secondaryKeys: false,
  judge: rightJudgement,
  judgesWhen: 'first',
  succeeds: isSuccess,
  organizationFirst: true,
  takesWrongOrganizations: false,
  asksTogether: false,
  validatesUsers: true,
  checksCustody: true,
  comparesFingerprints: () => true,
  comparesNames: true,
  states: ['full', 'identifiable'],
  updated: /^UPDATE\s+\[?([A-Za-z0-9+/]{86})\]?$/i,
  envelope: envelopeOf(),
  kind: 'full',
  message: withLineEnd,
  size: (message) => message.length,
  goodbye: quit,
  stopsAtRefusals: true,
};

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

const dotStuffed = (message: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.from(Buffer.from(message).toString('latin1').replaceAll('\n.', '\n..'), 'latin1'));

/** Id, the requirement that it breaks, what it does, and the rules that it has. */
type Row = readonly [string, string, string, Partial<ClientRules>];

const hostRows: readonly Row[] = [
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

const certificateRows: readonly Row[] = [
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

const sessionRows: readonly Row[] = [
  ['any-greeting', 'DMTP-008', 'does not look for the word in the greeting', { greets: (code) => code === 220 }],
  [
    'any-greeting-code',
    'DMTP-008',
    'takes a greeting of any code',
    { greets: (_, text) => text.split(/\s+/).includes('DMTPv1') },
  ],
  [
    'word-second',
    'DMTP-008',
    'looks for the word right behind the host',
    { greets: (code, text) => code === 220 && text.split(/\s+/)[1] === 'DMTPv1' },
  ],
  [
    'stays-after-quit',
    'DMTP-033',
    'stays when QUIT is not answered with 221',
    {
      goodbye: async (wire) => {
        wire.send('QUIT');
        const reply = await wire.reply('QUIT').catch(() => null);
        if (reply?.code === 221) wire.close();
        else setTimeout(() => wire.close(), 12_000).unref();
      },
    },
  ],
  [
    'speaks-after-quit',
    'DMTP-033',
    'says something behind QUIT',
    {
      goodbye: async (wire) => {
        wire.send('QUIT');
        wire.send('NOOP');
        await wire.reply('QUIT').catch(() => undefined);
        wire.close();
      },
    },
  ],
  [
    'ehlo-before-starttls',
    'DMTP-064',
    'says EHLO before STARTTLS',
    { startTls: (host) => ['EHLO <client.example>', `STARTTLS <${host}> MODE=DMTPv1`] },
  ],
  [
    'starttls-without-mode',
    'DMTP-064',
    'says STARTTLS without the mode',
    { startTls: (host) => [`STARTTLS <${host}>`] },
  ],
  ['goes-on-in-the-clear', 'DMTP-064', 'goes on in plain text when STARTTLS is refused', { withoutTls: 'stay' }],
  [
    'any-greeting-in-dual-mode',
    'DMTP-064',
    'says STARTTLS to plain SMTP too',
    { greets: (code, text) => code === 220 || text.includes('DMTPv1') },
  ],
  ['any-mode', 'DMTP-066', 'does not look at the mode', { mode: isSuccess }],
  [
    'smtp-is-a-mode',
    'DMTP-066',
    'takes every mode that it knows',
    { mode: (code, text) => isSuccess(code) && /^OK\s+(DMTPv1|E?SMTP)$/i.test(text) },
  ],
  [
    'mode-in-one-case',
    'DMTP-028',
    'knows the mode words in one case of letters',
    { mode: (code, text) => isSuccess(code) && text === 'OK DMTPv1' },
  ],
  [
    'small-smtp-is-no-mode',
    'DMTP-028',
    'knows SMTP in capitals alone, and takes the word in small letters for its own',
    { mode: (code, text) => isSuccess(code) && /^OK\s+\S+$/.test(text) && !/SMTP/.test(text) },
  ],
  ['starttls-again', 'DMTP-067', 'says STARTTLS again when it is refused', { withoutTls: 'again' }],
  ['starttls-inside-tls', 'DMTP-067', 'says STARTTLS inside TLS', { first: ['STARTTLS <dx.example> MODE=DMTPv1'] }],
  ['keeps-plain-text', 'DMTP-071', 'keeps what came in plain text behind the answer to STARTTLS', { keepsPlain: true }],
  ['bare-line-feeds', 'DMTP-009', 'ends its lines with LF', { lineEnd: '\n' }],
  ['crlf-alone', 'DMTP-012', 'needs CRLF at the end of replies', { replyEnd: '\r\n', replyMs: 200 }],
  ['endless-commands', 'DMTP-014', 'sends lines of any length', { longestCommand: 100_000 }],
  ['short-commands', 'DMTP-014', 'sends lines of 255 octets at most', { longestCommand: 255 }],
  ['mixed-codes', 'DMTP-017', 'takes the last code of a reply', { takesMixedCodes: true }],
  [
    'one-line',
    'DMTP-018',
    'reads one line where most servers send one',
    { severalLines: (verb) => ['EHLO', 'HELP', 'HIST', 'STARTTLS', 'STATS'].includes(verb) },
  ],
  ['250-alone', 'DMTP-019', 'takes 250 alone for success', { succeeds: (code) => code === 250 }],
  ['300-too', 'DMTP-019', 'takes every code below 400 for success', { succeeds: (code) => code < 400 }],
  ['any-code', 'DMTP-019', 'goes on in a delivery whatever the code', { stopsAtRefusals: false }],
  ['4095-octets', 'DMTP-072', 'reads lines of 4,095 octets', { longestLine: 4_095 }],
  ['65536-octets', 'DMTP-072', 'reads lines of 65,536 octets', { longestLine: 65_536 }],
];

const signetRows: readonly Row[] = [
  [
    'users-by-any-fingerprint',
    'DMTP-059',
    'does not compare the signet of a user with the fingerprint that it asked for',
    { comparesFingerprints: (kind) => kind !== 'user' },
  ],
  [
    'organizations-by-any-fingerprint',
    'SIG-083',
    'does not compare the signet of an organization with the fingerprint that it asked for',
    { comparesFingerprints: (kind) => kind !== 'organization' },
  ],
  ['user-first', 'DMTP-062', 'asks for the user before the organization', { organizationFirst: false }],
  ['both-before-a-look', 'SIG-084', 'asks for both signets before it looks at either', { asksTogether: true }],
  [
    'any-organization',
    'SIG-084',
    'does not validate the signet of the organization',
    { takesWrongOrganizations: true, validatesUsers: false },
  ],
  ['any-user', 'SIG-084', 'does not validate the signet of the user', { validatesUsers: false }],
  ['any-successor', 'SIG-084', 'takes a new key of a known user that nobody vouches for', { checksCustody: false }],
  ['any-name', 'SIG-084', 'does not look at the name in a signet', { comparesNames: false }],
  ['full-alone', 'SIG-082', 'takes signets in the full form alone', { states: ['full'] }],
  ['identifiable-alone', 'SIG-082', 'takes signets in the identifiable form alone', { states: ['identifiable'] }],
  ['brackets-needed', 'DMTP-115', 'needs brackets behind UPDATE', { updated: /^UPDATE\s+\[([A-Za-z0-9+/]{86})\]$/i }],
  ['brackets-refused', 'DMTP-115', 'refuses brackets behind UPDATE', { updated: /^UPDATE\s+([A-Za-z0-9+/]{86})$/i }],
];

const deliveryRows: readonly Row[] = [
  [
    'addresses-in-mail',
    'DMTP-046',
    'writes an address into MAIL',
    { envelope: envelopeOf(({ origin }) => ({ origin: `postmaster@${origin}` })) },
  ],
  [
    'no-rcpt',
    'DMTP-046',
    'sends DATA without RCPT',
    { envelope: (envelope) => envelopeOf()(envelope).filter((line) => !line.startsWith('RCPT')) },
  ],
  [
    'rcpt-for-the-origin',
    'DMTP-046',
    'writes the origin into RCPT',
    { envelope: envelopeOf(({ origin }) => ({ destination: origin })) },
  ],
  [
    'placeholders',
    'DMTP-047',
    'writes the word fingerprint where one belongs',
    { envelope: envelopeOf(() => ({ originFingerprint: 'fingerprint', destinationFingerprint: 'fingerprint' })) },
  ],
  [
    'placeholder-in-data',
    'DMTP-047',
    'writes the word fingerprint into DATA',
    { envelope: envelopeOf(() => ({ data: 'DATA [fingerprint]' })) },
  ],
  [
    'cryptographic-fingerprints',
    'DMTP-048',
    'writes the cryptographic fingerprint of the destination',
    { kind: 'cryptographic' },
  ],
  [
    'one-fingerprint',
    'DMTP-048',
    'writes the fingerprint of the origin into RCPT',
    { envelope: envelopeOf(({ originFingerprint }) => ({ destinationFingerprint: originFingerprint })) },
  ],
  ['never-return', 'DMTP-049', 'never writes RETURN', { envelope: envelopeOf(() => ({ return: '' })) }],
  [
    'dot-stuffing',
    'DMTP-053',
    'doubles dots at the beginnings of lines',
    { message: (message) => withLineEnd(dotStuffed(message)) },
  ],
  [
    'dot-line',
    'DMTP-053',
    'ends the message with a dot line',
    { message: (message) => new Uint8Array(Buffer.concat([message, Buffer.from('\r\n.\r\n')])) },
  ],
  ['no-line-end', 'DMTP-053', 'sends no line end behind the message', { message: (message) => message }],
  [
    'line-ends-made-even',
    'DMTP-053',
    'makes CRLF of every LF',
    {
      message: (message) =>
        withLineEnd(
          new Uint8Array(Buffer.from(Buffer.from(message).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')),
        ),
    },
  ],
  ['size-with-the-line-end', 'DMTP-090', 'counts the line end in SIZE', { size: (message) => message.length + 2 }],
  [
    'size-rounded',
    'DMTP-090',
    'rounds SIZE up to 16 octets',
    { size: (message) => Math.ceil(message.length / 16) * 16 },
  ],
];

export const faults: readonly Fault[] = [
  ...hostRows,
  ...certificateRows,
  ...sessionRows,
  ...signetRows,
  ...deliveryRows,
].map(([id, breaks, title, rules]) => ({
  id: `dmtp-client/${id}`,
  breaks,
  title,
  operations: (inner) => smallClient({ ...rightClientRules, ...rules }, inner),
}));
