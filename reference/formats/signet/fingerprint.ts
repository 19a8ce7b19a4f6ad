/** Fingerprints: SHA-512 over the fields of a form, header excluded. (Sections 8 and 11.7) */
import { createHash } from 'node:crypto';
import { headerOctets } from './field-table.js';
import { profileRules } from './profile.js';
import { SignetError } from './signet-error.js';
import type { Signet } from './signet-object.js';
import { type Form, lastFieldOf } from './structure.js';

export type FingerprintKind = 'signing-request' | Form;
export const fingerprintKinds: readonly FingerprintKind[] = [
  'signing-request',
  'cryptographic',
  'full',
  'identifiable',
];

/** Characters of a fingerprint's text (SIG-065). */
export const fingerprintCharacters = 86;

/**
 * 64 octets over all fields up to the signature that ends the form (SIG-064). As in libdime that signature itself need
 * not be there: `highestForm` tells which one is.
 *
 * @throws SignetError when objects of this type, or without any field, have no such fingerprint
 */
export function fingerprintOf(signet: Signet, kind: FingerprintKind): Uint8Array {
  const end = signet.fields.endOf(lastCovered(signet, kind));
  if (end === headerOctets) {
    throw new SignetError({
      code: 'missing-field',
      requirement: 'SIG-064',
      offset: end,
      what: `no field is there to make a ${kind} fingerprint of`,
      section: '8',
    });
  }
  return new Uint8Array(createHash('sha512').update(signet.octets.subarray(headerOctets, end)).digest());
}

/** 86 characters of standard base64 without padding: the only form on the wire (SIG-065). */
export function fingerprintText(fingerprint: Uint8Array): string {
  return Buffer.from(fingerprint).toString('base64').replace(/=+$/, '');
}

/** For people (SIG-067, OQ-26). */
export function fingerprintHex(fingerprint: Uint8Array): string {
  return Buffer.from(fingerprint).toString('hex');
}

function lastCovered({ profile, type }: Signet, kind: FingerprintKind): number {
  const refuse = (code: 'wrong-type' | 'not-in-profile', what: string): SignetError =>
    new SignetError({ code, requirement: 'SIG-066', offset: 0, what, section: code === 'wrong-type' ? '8' : '11.7' });
  if (!profileRules[profile].hasFullForm && (kind === 'full' || kind === 'identifiable')) {
    throw refuse('not-in-profile', `profile ${profile} has no ${kind} fingerprints`);
  }
  if (kind === 'signing-request') {
    if (type === 'organization') throw refuse('wrong-type', 'an organization has no signing request');
    return 5;
  }
  if (type === 'signing-request') {
    // PRIME has one kind of fingerprint only and gives it to requests too.
    if (profile === 'prime') return 5;
    throw refuse('wrong-type', `a signing request has no ${kind} fingerprint`);
  }
  return lastFieldOf(type, kind);
}
