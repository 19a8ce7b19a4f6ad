/** Names of mailboxes: a hierarchy with "/" between its levels (sections 5.6 and 6.1 of the DMAP digest). */
import { MailStoreError } from './mail-store.js';

export const inbox = 'INBOX';

/** INBOX in any case is INBOX; every other name is what it is (DMAP-I-50). */
export function canonicalName(name: string): string {
  return name.length === inbox.length && name.toUpperCase() === inbox ? inbox : name;
}

/**
 * The name that CREATE or RENAME may make of this, without one "/" at its end (DMAP-I-49).
 *
 * @throws MailStoreError `cannot`, `limit`
 */
export function nameToMake(name: string, mostOctets: number): string {
  const bare = name.endsWith('/') ? name.slice(0, -1) : name;
  // Measured before anything is made of the name: it may be as long as a literal.
  if (bare.length > mostOctets || Buffer.byteLength(bare) > mostOctets) {
    throw new MailStoreError('limit', `a mailbox name has at most ${mostOctets} octets`);
  }
  if (bare === '') throw new MailStoreError('cannot', 'a mailbox name is not empty');
  if (/[\u0000-\u001f\u007f-\u009f]/.test(bare)) {
    throw new MailStoreError('cannot', `the mailbox name ${JSON.stringify(bare)} has control characters`);
  }
  if (!bare.isWellFormed()) throw new MailStoreError('cannot', 'the mailbox name is not UTF-8');
  if (bare.split('/').includes('')) {
    throw new MailStoreError('cannot', `the mailbox name ${JSON.stringify(bare)} has an empty level`);
  }
  return canonicalName(bare);
}

/** The names above, outermost first: of "a/b/c" these are "a" and "a/b". */
export function superiorsOf(name: string): string[] {
  const superiors: string[] = [];
  for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) {
    superiors.push(canonicalName(name.slice(0, at)));
  }
  return superiors;
}

/** INBOX first, then by code points. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  if (a === inbox) return -1;
  if (b === inbox) return 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
