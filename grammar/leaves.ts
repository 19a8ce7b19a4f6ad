/** Texts with a meaning for the rules that leave it open: host names, fingerprints, keys, numbers of a usual size. */
import fc from 'fast-check';
import type { Leaves } from './generate.js';

const fromSet = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters);
const letter = fromSet('abcdefghijklmnopqrstuvwxyz');
const letterOrDigit = fromSet('abcdefghijklmnopqrstuvwxyz0123456789');
const word = (characters: fc.Arbitrary<string>, max: number): fc.Arbitrary<string> =>
  fc.array(characters, { minLength: 1, maxLength: max, size: 'max' }).map((parts) => parts.join(''));

const label = fc
  .tuple(letter, fc.option(fc.tuple(fc.constantFrom('', '-'), word(letterOrDigit, 8)), { nil: null }))
  .map(([head, tail]) => (tail === null ? head : `${head}${tail.join('')}`));

/** Host names of two to four labels: lower case, none longer than 10, no hyphen at an end. */
export const hostNames: fc.Arbitrary<string> = fc
  .array(label, { minLength: 2, maxLength: 4, size: 'max' })
  .map((labels) => labels.join('.'));

/** Mail addresses with a short local part of one or two atoms. */
export const addresses: fc.Arbitrary<string> = fc
  .tuple(fc.array(word(letterOrDigit, 8), { minLength: 1, maxLength: 2, size: 'max' }), hostNames)
  .map(([atoms, host]) => `${atoms.join('.')}@${host}`);

/** `octets` octets as base64 without padding; the excess bits are zero. */
export function base64Octets(octets: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: octets, maxLength: octets })
    .map((bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, ''));
}

/** Fingerprints: SHA-512 in base64, 86 characters. One shrinks to the first in one step: its octets tell nothing. */
export const fingerprints: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant('A'.repeat(86)) },
  { weight: 15, arbitrary: fc.noShrink(base64Octets(64)) },
);

const mostly = (usual: fc.Arbitrary<string>, ...seldom: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: usual }, ...seldom.map((arbitrary) => ({ weight: 1, arbitrary })));
/** Any text of any fingerprint's place is not found, not malformed (section 12.1 of the DMTP digest). */
const bracketText = mostly(fingerprints, word(letterOrDigit, 12));
const messageSizes = mostly(
  fc.integer({ min: 1, max: 100_000_000 }).map(String),
  fc.integer({ min: 1, max: 9_999 }).map((size) => `00${size}`),
);
const wholeBase64 = fc
  .uint8Array({ minLength: 1, maxLength: 48, size: 'max' })
  .chain((bytes) => fc.constantFrom(Buffer.from(bytes).toString('base64'), unpadded(bytes)));
const urlSafeNonce = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));

/** For dmtp.peggy. No command line made with them is longer than 512 octets. */
export const dmtpLeaves: Leaves = {
  Domain: hostNames,
  Address: addresses,
  BracketText: bracketText,
  NamedAngleText: fc.oneof(hostNames, addresses),
  NamedSquareText: bracketText,
  NamedWord: fc.constantFrom('DMTP', 'DMTPv1', 'SMTP'),
  PositiveDecimal: messageSizes,
  HelpTopic: mostly(fc.constantFrom('MAIL', 'SGNT', 'HELP', 'starttls', 'MAIL FROM', 'RCPT TO'), word(letter, 8)),
  Base64Text: wholeBase64,
  SquareToken: mostly(
    urlSafeNonce.map((nonce) => `[${nonce}]`),
    word(letterOrDigit, 12).map((id) => `[${id}]`),
  ),
};

/** For record.peggy. Versions are 1, keys and signatures have the right size and zero excess bits. */
export const recordLeaves: Leaves = {
  VersionNumber: fc.constantFrom('1', '01', '00001'),
  PrimaryOctets: base64Octets(32),
  SignatureOctets: base64Octets(64),
  HostText: hostNames,
  Days: fc.integer({ min: 0, max: 3_650 }).map(String),
  AnyValue: fc.array(hostNames, { minLength: 1, maxLength: 3, size: 'max' }).map((hosts) => hosts.join(',')),
};

const urlBase64Octets = (octets: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: octets, maxLength: octets }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const longOctets = fc.constantFrom(64, 96, 127, 128, 160, 1024).chain(urlBase64Octets);
/** Any code point but surrogates, ASCII often. The unit of fast-check for all of Unicode takes a second to be made. */
export const codePoints: fc.Arbitrary<string> = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));
const memberNames = fc.constantFrom('login', 'username', 'methods', 'password', 'salt', 'nonce', 'token', 'realms');
const quotedTexts = fc
  .oneof(memberNames, addresses, longOctets, fc.string({ unit: codePoints, maxLength: 12 }))
  .map((text) => Buffer.from(JSON.stringify(text)).toString('latin1'));

/** For stacie.peggy. Octets64Up has the lengths that section 1.4 of the STACIE digest tells apart. */
export const stacieLeaves: Leaves = {
  Quoted: quotedTexts,
  Octets64: urlBase64Octets(64),
  Octets64Up: longOctets,
  Decimal: fc.oneof(fc.integer({ min: 0, max: 1_024 }), fc.integer({ min: 0, max: 16_777_216 })).map(String),
  Label: fc.constantFrom('mail', 'contacts', 'calendar', 'example', 'a.b-c_0'),
};

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
