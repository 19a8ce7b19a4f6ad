/** The operations on signets, on the reference codec of signets. */

import { randomBytes } from 'node:crypto';
import {
  createOrganizationSignet,
  createSigningRequest,
  type FieldValue,
  type FingerprintKind,
  type Form,
  fingerprintOf,
  generateKeys,
  type Profile,
  parseSignet,
  purposeBits,
  purposes,
  type SecondaryKey,
  type SigningOptions,
  signSignet,
  validateOctets,
} from '../../../reference/formats/signet/index.js';
import { fromBase64url, toBase64url } from './binary.js';
import { type KeysMember, keyMembers, objectOctets, refusingSignet, signingPrivateIn } from './keys-operations.js';
import { type ImmediateOperation, OperationRefusal } from './serve.js';
import { textMember } from './texts.js';

type Name = 'parse' | 'validate' | 'fingerprint' | 'generate' | 'sign';

export const signetOperations: Readonly<Record<`signet.${Name}`, ImmediateOperation>> = {
  'signet.parse': (input) => {
    const octets = objectOctets(input);
    const { type, fields } = refusingSignet(() => parseSignet(input.profile as Profile, octets), true);
    return { type, fields: [...fields].map(fieldMembers) };
  },
  'signet.validate': (input) => {
    const { data, organization, previous, primaryKeys, profile } = input as unknown as ValidateInput;
    const { state, reason } = validateOctets(profile, fromBase64url(data), {
      ...(organization === undefined ? {} : { organization: fromBase64url(organization) }),
      ...(previous === undefined ? {} : { previous: fromBase64url(previous) }),
      ...(primaryKeys === undefined ? {} : { primaryKeys: primaryKeys.map(fromBase64url) }),
    });
    return { state, ...(reason === undefined ? {} : { reason }) };
  },
  'signet.fingerprint': (input) => {
    const signet = signetIn(input.profile as Profile, input.data as string);
    const fingerprint = refusingSignet(() => fingerprintOf(signet, input.kind as FingerprintKind), true);
    return { fingerprint: toBase64url(fingerprint) };
  },
  'signet.generate': (input) => {
    const { profile, type, previous, fields = [] } = input as unknown as GenerateInput;
    const keys = generateKeys(profile, type, randomBytes);
    const made = fields.map(fieldValue);
    if (type === 'organization') {
      const { octets } = refusingSignet(() => organizationSignet(keys, made), false);
      return { signet: toBase64url(octets), keys: keyMembers(keys) };
    }
    const before = previous && {
      signingPrivate: signingPrivateIn(profile, previous.keys),
      signet: signetIn(profile, previous.signet),
    };
    const { octets } = refusingSignet(
      () => createSigningRequest(keys, { ...(before && { previous: before }), alternateKeys: alternateKeys(made) }),
      false,
    );
    return { signingRequest: toBase64url(octets), keys: keyMembers(keys) };
  },
  'signet.sign': (input) => {
    const { profile, as, organizationKeys, signet, signingRequest, ...rest } = input as unknown as SignInput;
    const { fields = [], identifier, previous } = rest;
    const before = signetIn(profile, signingRequest ?? signet ?? '');
    if ((before.type === 'signing-request') !== (signingRequest !== undefined)) {
      const member = signingRequest === undefined ? 'signet' : 'signingRequest';
      throw new OperationRefusal(`member ${member} holds an object of type ${before.type}`, { requirement: 'SIG-001' });
    }
    const options: SigningOptions = {
      signingPrivate: signingPrivateIn(profile, organizationKeys),
      as,
      fields: fields.map(fieldValue),
      ...(identifier === undefined ? {} : { identifier }),
      ...(previous === undefined ? {} : { previous: signetIn(profile, previous) }),
    };
    return { signet: toBase64url(refusingSignet(() => signSignet(before, options), false).octets) };
  },
};

interface ValidateInput {
  readonly profile: Profile;
  readonly data: string;
  readonly organization?: string;
  readonly previous?: string;
  readonly primaryKeys?: readonly string[];
}

interface FieldMember {
  readonly id: number;
  readonly name?: string;
  readonly nameOctets?: string;
  readonly data: string;
}

interface GenerateInput {
  readonly profile: Profile;
  readonly type: 'organization' | 'user';
  readonly previous?: { readonly signet: string; readonly keys: KeysMember };
  readonly fields?: readonly FieldMember[];
}

interface SignInput {
  readonly profile: Profile;
  readonly signingRequest?: string;
  readonly signet?: string;
  readonly organizationKeys: KeysMember;
  readonly as: Form;
  readonly fields?: readonly FieldMember[];
  readonly identifier?: string;
  readonly previous?: string;
}

/** @throws OperationRefusal */
function signetIn(profile: Profile, data: string): ReturnType<typeof parseSignet> {
  return refusingSignet(() => parseSignet(profile, fromBase64url(data)), true);
}

function fieldMembers({ id, name, data }: FieldValue): Record<string, unknown> {
  return {
    id,
    ...(name === undefined ? {} : textMember('name', Buffer.from(name).toString('latin1'))),
    data: toBase64url(data),
  };
}

function fieldValue({ id, name, nameOctets, data }: FieldMember): FieldValue {
  const octets = nameOctets === undefined ? name : fromBase64url(nameOctets);
  const own = typeof octets === 'string' ? Buffer.from(octets, 'utf8') : octets;
  return { id, data: fromBase64url(data), ...(own === undefined ? {} : { name: own }) };
}

function organizationSignet(
  keys: ReturnType<typeof generateKeys>,
  fields: readonly FieldValue[],
): ReturnType<typeof createOrganizationSignet> {
  const secondaryKeys = fields.filter(({ id }) => id === 2).map(secondaryKey);
  const others = fields.filter(({ id }) => id !== 2);
  return createOrganizationSignet(keys, {
    secondaryKeys,
    ...(others.length === 0 ? {} : { as: 'full', fields: others }),
  });
}

/** Permission octet, prefix, key; bits without a meaning are not written (section 4.2 of the signets digest). */
function secondaryKey({ data }: FieldValue): SecondaryKey {
  const [permissions = 0, prefix] = data;
  if (data.length !== 34 || prefix !== 0x40 || permissions > 15) {
    const what = 'a secondary key is a permission octet of at most 15, the octet 40 (hexadecimal), and 32 octets';
    throw new OperationRefusal(what, { requirement: 'SIG-031' });
  }
  return { key: data.subarray(2), purposes: purposes.filter((name) => (permissions & purposeBits[name]) !== 0) };
}

function alternateKeys(fields: readonly FieldValue[]): Uint8Array[] {
  const other = fields.find(({ id }) => id !== 3);
  if (other === undefined) return fields.map(({ data }) => data);
  throw new OperationRefusal(`a signing request has no field ${other.id} of the user's own choice`, {
    requirement: 'SIG-017',
  });
}
