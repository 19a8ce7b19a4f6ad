/** Signets and key objects as fast-check arbitraries, made from the field tables. */
import fc from 'fast-check';
import { addresses, codePoints, hostNames } from '../../../grammar/leaves.js';
import { wrapFields, writeObject } from './binary-object.js';
import { createOrganizationSignet, createSigningRequest } from './create.js';
import type { FieldValue } from './field-list.js';
import type { ObjectType, SignetType } from './field-rows.js';
import { signatureOctets } from './field-rows.js';
import { type FieldDefinition, fieldTable } from './field-table.js';
import { generateKeys, keysOf, type PrivateKeys } from './private-keys.js';
import { type Profile, profileRules } from './profile.js';
import { compressedPoint, isScalar } from './secp256k1.js';
import { signSignet } from './sign.js';
import type { Signet } from './signet-object.js';
import { purposes, type SecondaryKey } from './signing-keys.js';
import { type Form, forms } from './structure.js';
import type { SignetState, ValidationContext } from './validate.js';

const octets = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const scalars = octets(32).filter(isScalar);
const utf8 = (options: fc.StringConstraints): fc.Arbitrary<Uint8Array> =>
  fc.string({ unit: codePoints, ...options }).map((text) => new Uint8Array(Buffer.from(text)));

/** Real keys of an organization or a user. */
export function privateKeysOf(profile: Profile, type: PrivateKeys['type']): fc.Arbitrary<PrivateKeys> {
  return fc.tuple(octets(32), scalars).map(([seed, scalar]) => keysOf(profile, type, seed, scalar));
}

/** Informational fields (16 to 252) that the table has a name for, in order; texts are UTF-8. Empty data included. */
export function detailFieldsOf(profile: Profile, type: 'organization' | 'user'): fc.Arbitrary<FieldValue[]> {
  const named = fieldTable(profile, type).definitions.filter(({ id, name }) => id >= 16 && id <= 252 && name !== null);
  return someFields(named, 6);
}

/**
 * Fields in order as the table of the object allows them, with data of the right size and form, but with keys and
 * signatures of random octets. In prime they do not load as signets, since the self-signature is checked there.
 */
export function fieldValuesOf(profile: Profile, type: ObjectType): fc.Arbitrary<FieldValue[]> {
  const { definitions, required } = fieldTable(profile, type);
  const named = definitions.filter((definition) => !definition.required && definition.name !== null);
  return fc
    .tuple(fc.tuple(...required.map((definition) => fieldOf(profile, definition))), someFields(named, 8, profile))
    .map(([first, second]) => [...first, ...second].sort((a, b) => a.id - b.id));
}

/** The same as a whole object. */
export function objectsOf(profile: Profile, type: ObjectType): fc.Arbitrary<Uint8Array> {
  const table = fieldTable(profile, type);
  return fieldValuesOf(profile, type).map((fields) => writeObject(table, fields));
}

/** A signet that is right, with what it is validated against and the state that it then has. */
export interface Specimen {
  readonly signet: Signet;
  readonly context: ValidationContext;
  readonly state: SignetState;
}

/** Rightly signed signets or requests in every form that the profile has, with and without secondary keys and custody. */
export function specimensOf(profile: Profile, type: SignetType): fc.Arbitrary<Specimen> {
  if (type === 'organization') return organizations(profile).map(({ specimen }) => specimen);
  return type === 'user' ? users(profile) : requests(profile).map(({ specimen }) => specimen);
}

/** The forms that a profile has. */
export function formsOf(profile: Profile): readonly Form[] {
  return profileRules[profile].hasFullForm ? forms : ['cryptographic'];
}

interface Organization {
  readonly specimen: Specimen;
  readonly keys: PrivateKeys;
  /** Seeds of all keys that may sign signets. */
  readonly signing: readonly Uint8Array[];
}

function organizations(profile: Profile): fc.Arbitrary<Organization> {
  const { hasFullForm } = profileRules[profile];
  const secondary = fc.record({ seed: octets(32), purposes: fc.subarray([...purposes]) });
  return fc
    .record({
      keys: privateKeysOf(profile, 'organization'),
      as: fc.constantFrom(...formsOf(profile)),
      secondary: fc.array(secondary, { maxLength: hasFullForm ? 3 : 0 }),
      fields: detailFieldsOf(profile, 'organization'),
      identifier: hostNames,
    })
    .map(({ keys, as, secondary: others, fields, identifier }) => {
      const secondaryKeys = others.map(
        ({ seed, purposes: may }): SecondaryKey => ({
          key: keysOf(profile, 'organization', seed, keys.encryptionPrivate).signingPublic,
          purposes: may,
        }),
      );
      const signet = createOrganizationSignet(keys, { as, secondaryKeys, ...detailsFor(as, fields, identifier) });
      const signing = others.filter(({ purposes: may }) => may.includes('signet')).map(({ seed }) => seed);
      const specimen = { signet, context: { primaryKeys: [keys.signingPublic] }, state: as };
      return { specimen, keys, signing: [keys.signingPrivate, ...signing] };
    });
}

interface Request {
  readonly specimen: Specimen;
  readonly keys: PrivateKeys;
}

function requests(profile: Profile): fc.Arbitrary<Request> {
  return fc
    .record({
      keys: privateKeysOf(profile, 'user'),
      alternate: fc.array(scalars.map(compressedPoint), { maxLength: profile === 'dime-2015' ? 0 : 2 }),
      before: fc.option(privateKeysOf(profile, 'user'), { nil: undefined }),
    })
    .map(({ keys, alternate: alternateKeys, before }) => {
      if (before === undefined) {
        const signet = createSigningRequest(keys, { alternateKeys });
        return { specimen: { signet, context: {}, state: 'signing-request' }, keys };
      }
      const previous = firstSignet(before);
      const { signingPrivate } = before;
      const signet = createSigningRequest(keys, { alternateKeys, previous: { signingPrivate, signet: previous } });
      return { specimen: { signet, context: { previous }, state: 'signing-request' }, keys };
    });
}

/** By an organization of no interest: only the key in field 1 of a previous signet counts. */
function firstSignet(keys: PrivateKeys): Signet {
  const organization = generateKeys(keys.profile, 'organization', (length) => new Uint8Array(length).fill(1));
  const { signingPrivate } = organization;
  return signSignet(createSigningRequest(keys), { signingPrivate, as: 'cryptographic' });
}

function users(profile: Profile): fc.Arbitrary<Specimen> {
  return fc
    .record({
      organization: organizations(profile),
      request: requests(profile),
      key: fc.nat(),
      as: fc.constantFrom(...formsOf(profile)),
      fields: detailFieldsOf(profile, 'user'),
      identifier: addresses,
    })
    .map(({ organization: { specimen, signing }, request, key, as, fields, identifier }) => {
      const organization = specimen.signet;
      const signingPrivate = signing[key % signing.length] ?? new Uint8Array();
      const { previous } = request.specimen.context;
      const signet = signSignet(request.specimen.signet, {
        signingPrivate,
        as,
        organization,
        ...(previous === undefined ? {} : { previous }),
        ...detailsFor(as, fields, identifier),
      });
      return { signet, context: { ...request.specimen.context, organization }, state: as };
    });
}

function detailsFor(as: Form, fields: readonly FieldValue[], identifier: string): object {
  return as === 'cryptographic' ? {} : as === 'full' ? { fields } : { fields, identifier };
}

/** At most `most` of the definitions, in order; repeatable ones up to three times each. */
function someFields(
  definitions: readonly FieldDefinition[],
  most: number,
  profile: Profile = 'dime-2015',
): fc.Arbitrary<FieldValue[]> {
  return fc
    .subarray([...definitions], { maxLength: Math.min(most, definitions.length) })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((definition) =>
          definition.unique
            ? fieldOf(profile, definition).map((value) => [value])
            : fc.array(fieldOf(profile, definition), { minLength: 1, maxLength: 3 }),
        ),
      ),
    )
    .map((fields) => fields.flat());
}

function fieldOf(profile: Profile, { id, content, lengthOctets }: FieldDefinition): fc.Arbitrary<FieldValue> {
  if (content === 'undefined') {
    const name = utf8({ minLength: 1, maxLength: 40 });
    return fc.record({ name, data: utf8({ maxLength: 60 }) }).map((value) => ({ id, ...value }));
  }
  return dataOf(profile, content, lengthOctets).map((data) => ({ id, data }));
}

function dataOf(profile: Profile, content: FieldDefinition['content'], lengthOctets: number): fc.Arbitrary<Uint8Array> {
  const prefix = profileRules[profile].signingKeyPrefix;
  const prefixes = prefix === null ? [] : [prefix];
  switch (content) {
    case 'signing-key':
      return octets(32).map((key) => Uint8Array.of(...prefixes, ...key));
    case 'secondary-key':
      return fc.tuple(fc.nat(15), octets(32)).map(([may, key]) => Uint8Array.of(may, ...prefixes, ...key));
    case 'encryption-key':
      return octets(32).map((x) => Uint8Array.of(2, ...x));
    case 'signature':
      return octets(signatureOctets);
    case 'signing-private':
      return octets(32);
    case 'encryption-private':
      return scalars;
    default:
      // Now and then longer than one length octet can say, where there are more of them.
      return lengthOctets === 1
        ? utf8({ maxLength: 60 })
        : fc.oneof(
            { weight: 9, arbitrary: utf8({ maxLength: 60 }) },
            { weight: 1, arbitrary: fc.constant(new Uint8Array(300).fill(0x78)) },
          );
  }
}

/** Whole objects with this magic number whose fields are arbitrary octets; hardly any of them loads. */
export function noiseOf(magic: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength: 400 }).map((fields) => wrapFields(magic, fields));
}
