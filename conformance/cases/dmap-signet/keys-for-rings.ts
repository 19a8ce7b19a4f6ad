/** Keys and signets of nobody, for the rings of an account (section 3.7 of the DMAP digest). */
import fc from 'fast-check';
import { octetsFrom } from '../../model/message-parties.js';
import {
  encryptionKey,
  type Identity,
  type Octets,
  organizationFields,
  requestFields,
  signetOctets,
  signingKey,
  userFields,
} from '../../model/signet-builder.js';

export interface RingKey {
  /** A signing request: every server may look at it (DMAP-I-95). */
  readonly publicPart: Octets;
  /** What no server can read. */
  readonly privatePart: Octets;
}

const identity = (seed: string): Identity => ({
  signing: signingKey(octetsFrom(`${seed} signing`, 32)),
  encryption: encryptionKey(octetsFrom(`${seed} encryption`, 32)),
});

export const ringKeys: fc.Arbitrary<RingKey> = fc
  .record({ seed: fc.nat(), size: fc.integer({ min: 1, max: 300 }) })
  .map(({ seed, size }) => ({
    publicPart: requestOf(identity(`key ${seed}`)),
    // Octets of every value, NUL, CR and LF among them.
    privatePart: octetsFrom(`private ${seed}`, size),
  }));

/** A signing request, signed by itself. */
export const requestOf = (own: Identity): Octets =>
  signetOctets('dime-2015', 'signing-request', requestFields('dime-2015', own));

/** The signet of an address, or of a domain when there is no "@" in it. */
export function signetOf(address: string, seed: number): Octets {
  const own = identity(`signet ${seed}`);
  const details = { form: 'identifiable', identifier: address } as const;
  return address.includes('@')
    ? signetOctets(
        'dime-2015',
        'user',
        userFields('dime-2015', own, { ...details, signer: identity('organization').signing }),
      )
    : signetOctets('dime-2015', 'organization', organizationFields('dime-2015', own, details));
}
