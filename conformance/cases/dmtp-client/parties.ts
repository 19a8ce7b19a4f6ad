/** Who is behind a domain of this class: keys, the signets that lead to them, and the `tls` values of the record. */
import { octetsFrom } from '../../model/message-parties.js';
import {
  ed25519,
  encryptionKey,
  type Field,
  type Form,
  fingerprint,
  forms,
  type Identity,
  lastId,
  type Octets,
  organizationFields,
  type SigningKey,
  secondaryKeyField,
  sha512,
  signetOctets,
  signingKey,
  userFields,
} from '../../model/signet-builder.js';

const profile = 'dime-2015';

/** Both keys of somebody; the same for the same text. */
export function identityOf(text: string): Identity {
  return {
    signing: signingKey(octetsFrom(`dmtp-client ${text} signing`, 32)),
    encryption: encryptionKey(octetsFrom(`dmtp-client ${text} encryption`, 32)),
  };
}

/** Whose signing key the record names, and a stranger to it. */
export const organization = identityOf('organization');
export const stranger = identityOf('stranger');
/** A signing key that stands in the organization's signet alone, allowed to sign all that there is. */
export const secondary = identityOf('secondary').signing;
const everyPermission = 0x0f;

/** A signet as a host gives it. */
export interface Served {
  readonly octets: Octets;
  readonly form: Form;
  /** Of its form and the lower ones, 86 characters of base64. */
  readonly fingerprints: Readonly<Partial<Record<Form, string>>>;
}

export interface SignetWishes {
  /** Default: full. */
  readonly form?: Form;
  /** Field 254 of the identifiable form. */
  readonly identifier?: string;
  /** Fields 16 to 252. */
  readonly details?: readonly Field[];
}

export const unpadded = (octets: Octets): string => Buffer.from(octets).toString('base64').replace(/=+$/, '');
/** As the adapter protocol has it. */
export const inProtocol = (fingerprint: string): string => fingerprint.replaceAll('+', '-').replaceAll('/', '_');
export const binary = (octets: Octets): string => Buffer.from(octets).toString('base64url');

function served(kind: 'organization' | 'user', fields: readonly Field[], form: Form): Served {
  const below = forms.slice(0, forms.indexOf(form) + 1);
  return {
    octets: signetOctets(profile, kind, fields),
    form,
    fingerprints: Object.fromEntries(
      below.map((each) => [each, unpadded(fingerprint(profile, kind, fields, lastId(kind, each)))]),
    ),
  };
}

/** A signet of an organization, signed by its own key. */
export function organizationSignet(
  { form = 'full', ...wishes }: SignetWishes = {},
  identity: Identity = organization,
): Served {
  const keys = [secondaryKeyField(everyPermission, secondary)];
  return served('organization', organizationFields(profile, identity, { form, secondary: keys, ...wishes }), form);
}

/**
 * A signet of a user.
 *
 * @param previous the key before, which vouches for this one
 * @param signer the organization's
 */
export function userSignet(
  { form = 'full', ...wishes }: SignetWishes,
  identity: Identity,
  previous: SigningKey | null = null,
  signer: SigningKey = organization.signing,
): Served {
  const custody = previous === null ? {} : { previous };
  return served('user', userFields(profile, identity, { form, signer, ...custody, ...wishes }), form);
}

/** The `tls` value of a certificate (section 7.2 of the record digest). */
export const tlsValue = (der: Octets, key: SigningKey): string => unpadded(ed25519(key, sha512(der)));

/** A text that follows from a number, for what only has to be there. */
export const note = (number: number): Field => ({ id: 16, data: octetsFrom(`note ${number}`, 16) });
