/** Seeded faults of a DMTP client: the small client with one rule replaced. */
import { certificateRows, hostRows } from './dmtp-client-host-faults.js';
import { envelopeOf, isSuccess, type Row, rightClientRules, withLineEnd } from './dmtp-client-rules.js';
import { smallClient } from './dmtp-small-client.js';
import type { Fault } from './fault.js';

const dotStuffed = (message: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.from(Buffer.from(message).toString('latin1').replaceAll('\n.', '\n..'), 'latin1'));

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
