/** Signatures that are wrong in one way each, made of right ones. */
import { nameKey, parent } from '../name.js';
import type { ZoneRecord } from '../zone-record.js';
import { type SignatureRecord, signSet } from './sign-set.js';
import type { Signing } from './signing.js';

/** Ways to be wrong; see conduct.ts for what each means. */
export type WrongSignature = 'expired' | 'not-yet-valid' | 'wrong-key' | 'broken-signature' | 'wrong-signer';

/**
 * Makes a wrong signature for the place of a right one; null when the key of the right one is not among the zone's.
 *
 * @param records the set that is signed
 */
export function wrongSignature(
  right: SignatureRecord,
  records: readonly ZoneRecord[],
  signing: Signing,
  wrong: WrongSignature,
): SignatureRecord | null {
  const owner = nameKey(right.name) ?? '';
  const signer = nameKey(right.signer) ?? '';
  const { inception, expiration } = right;
  const terms = { signer, inception, expiration };
  const key = signing.keys.find(({ tag }) => tag === right.keyTag);
  if (key === undefined) return null;
  switch (wrong) {
    // Before and behind the time of the right one: no clock is needed to know that it is over, or to come.
    case 'expired':
      return signSet(owner, records, key, { ...terms, inception: inception - 2 * far, expiration: inception - far });
    case 'not-yet-valid':
      return signSet(owner, records, key, { ...terms, inception: expiration + far, expiration: expiration + 2 * far });
    case 'wrong-key':
      return signSet(owner, records, signing.stranger, terms);
    case 'broken-signature':
      return { ...right, signature: right.signature.map((octet, at) => (at === brokenOctet ? octet ^ 1 : octet)) };
    case 'wrong-signer':
      return signSet(owner, records, key, { ...terms, signer: parent(signer) ?? 'invalid' });
  }
}

/** Thirty days, in seconds. There are validators that take a signature up to a day before and after its time. */
const far = 30 * 86_400;
/** Which octet of a broken signature is wrong: any would do. */
const brokenOctet = 7;
