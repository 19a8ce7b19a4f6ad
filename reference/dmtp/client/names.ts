/** Names and fingerprints that a caller gives. */
import { domainToASCII } from 'node:url';
import { fitsRule } from '../../../grammar/parse.js';
import { fingerprintCharacters } from '../../formats/signet/index.js';
import { DmtpClientError, shown } from './client-error.js';

/** Whose signet is meant. */
export interface SignetName {
  /** As commands carry it: the domain in lower case and A-labels, the local part as it was given. */
  readonly text: string;
  readonly domain: string;
  readonly kind: 'organization' | 'user';
}

/** Reads an address or a domain. @throws DmtpClientError `bad-input` */
export function signetName(text: string): SignetName {
  const at = text.lastIndexOf('@');
  const domain = domainName(text.slice(at + 1));
  if (at === -1) return { text: domain, domain, kind: 'organization' };
  const name = `${text.slice(0, at)}@${domain}`;
  if (!fitsRule('dmtp', 'Address', name)) throw badInput(`${shown(text)} is no address`);
  return { text: name, domain, kind: 'user' };
}

/** A domain in lower case and A-labels, without a trailing dot. @throws DmtpClientError `bad-input` */
export function domainName(text: string): string {
  const plain = text.replace(/\.$/, '').toLowerCase();
  // Only names that need it are converted: the converter reads "1.2" as an address and "%41" as a letter.
  const domain = /^[\0-\x7f]*$/.test(plain) ? plain : domainToASCII(plain);
  if (domain.length > 253 || !fitsRule('dmtp', 'Domain', domain)) throw badInput(`${shown(text)} is no domain`);
  return domain;
}

/** Whether a text is a fingerprint: 64 octets in standard base64 without padding (section 8 of the signets digest). */
export function isFingerprint(text: string): boolean {
  return text.length === fingerprintCharacters && /^[A-Za-z0-9+/]+$/.test(text);
}

/** @throws DmtpClientError `bad-input` */
export function requireFingerprint(text: string, whose: string): void {
  if (isFingerprint(text)) return;
  throw badInput(`${shown(text)} is no ${whose}: right are ${fingerprintCharacters} characters of base64`);
}

const badInput = (what: string): DmtpClientError => new DmtpClientError('bad-input', what);
