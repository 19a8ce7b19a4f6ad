/** Command lines and the values in them, as the DMTP cases send them. What they mean stands in section 12.2 of the digest. */
import fc from 'fast-check';
import type { TargetProfile } from '../../target/profile.js';

export const ehlo = 'EHLO <suite.example>';
export const origin = 'origin.example';

/** 86 characters, as a fingerprint is written. */
export const aFingerprint = 'A'.repeat(85).concat('Q');

const base64 = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];

/** One shrinks to the first in one step: its characters tell nothing. */
export const fingerprints: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant(aFingerprint) },
  {
    weight: 15,
    arbitrary: fc.noShrink(
      fc.array(fc.constantFrom(...base64), { minLength: 86, maxLength: 86 }).map((characters) => characters.join('')),
    ),
  },
);

/** Names of letters, digits, dots and hyphens that nobody owns. */
export const domains: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('a', 'mail', 'x-1', 'UPPER', '0'),
    fc.constantFrom('example', 'example.com', 'b.example.net', 'x--y.example'),
  )
  .map((labels) => labels.join('.'));

/** Octets that belong in no domain; none that ends the brackets or the line. */
export const foreignToDomains: fc.Arbitrary<string> = fc.constantFrom(
  '_',
  '!',
  ' ',
  '/',
  '@',
  '*',
  ',',
  ':',
  '"',
  '+',
  '=',
);

export interface MailWishes {
  readonly from?: string;
  readonly fingerprint?: string;
  readonly size?: number | string;
  readonly more?: string;
}

/** MAIL in the positional dialect. */
export function mail({ from = origin, fingerprint = aFingerprint, size = 100, more = '' }: MailWishes = {}): string {
  return `MAIL FROM: <${from}> [${fingerprint}] SIZE=${size}${more === '' ? '' : ` ${more}`}`;
}

export function rcpt(domain: string, fingerprint = aFingerprint): string {
  return `RCPT TO: <${domain}> [${fingerprint}]`;
}

/** Who sends the messages of a profile: MAIL has to name the same. */
export function sender({ mail: known }: TargetProfile): { readonly from: string; readonly fingerprint: string } {
  return known === undefined
    ? { from: origin, fingerprint: aFingerprint }
    : { from: known.origin.name, fingerprint: known.origin.fingerprint };
}

/** The fingerprint of the target's own domain, as far as it is known. */
export function ownFingerprint({ mail: known }: TargetProfile): string {
  return known?.destination.fingerprint ?? aFingerprint;
}

/** The domain whose mail the target takes; cases that need one need DMTP, and a DMTP target has one. */
export function ownDomain({ domain }: TargetProfile): string {
  if (domain === null) throw new Error('a target with a DMTP endpoint has a domain');
  return domain;
}

/** The same word in another letter case. */
export function recased(word: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) =>
      [...word].map((letter, index) => (upper[index] === true ? letter.toLowerCase() : letter.toUpperCase())).join(''),
    );
}
