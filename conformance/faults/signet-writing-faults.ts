/** Seeded faults of what makes and signs signets. */
import {
  concat,
  type Field,
  fieldOctets,
  fieldsOctets,
  fieldWithLength,
  type Octets,
  signatureField,
  signingKey,
} from '../model/signet-builder.js';
import { unnamedIds } from '../model/signet-tables.js';
import type { Fault } from './fault.js';
import { type Bend, bendResult } from './record-and-codec-bending.js';
import { type Input, type Loose, rewrite } from './signet-bending.js';
import { changeInput, forgiveRefusal, octetsOf, octetsOrNull, write } from './stacie-bending.js';

const sign = 'signet.sign';
const generate = 'signet.generate';

/** Writes the fields of a signed signet in another way. */
const writes = (octets: (field: Field, loose: Loose) => Octets): Bend =>
  rewrite(sign, 'signet', (loose) => concat(...loose.fields.map((field) => octets(field, loose))));

const usual = (field: Field, { profile, kind }: Loose): Octets => fieldOctets(profile, kind, field);
const joined = (loose: Loose, fields: readonly Field[]): Octets => fieldsOctets(loose.profile, loose.kind, fields);

/** A key of nobody. */
const foreign = signingKey(new Uint8Array(32).fill(0x5a));

/** Signs the last signature of an object with the key of nobody. */
function signedByNobody(loose: Loose): Octets {
  const below = loose.fields.slice(0, -1);
  const last = loose.fields.at(-1)?.id ?? 4;
  return joined(loose, [...below, signatureField(loose.profile, loose.kind, below, last, foreign)]);
}

/** Changes one octet of what is generated. */
const changeOctet = (place: (octets: Octets, input: Input) => number, value: number): Bend =>
  bendResult(generate, (result, input) => {
    const member = result.signet === undefined ? 'signingRequest' : 'signet';
    const octets = Uint8Array.from(octetsOf(result[member]));
    octets[place(octets, input)] = value;
    return { ...result, [member]: write(octets) };
  });

/** Where the encryption key begins in what is generated. */
const pointAt = ({ profile }: Input): number => 5 + (profile === 'prime' ? 34 : 35) + (profile === 'dime-2015' ? 3 : 2);

/** Signs something after all: the signet or request that it was given. */
const signsAnyway = (when: (input: Input) => boolean): Bend =>
  forgiveRefusal(sign, when, ({ signet, signingRequest }) => ({ signet: signet ?? signingRequest }));

const fieldIds = ({ fields }: Input): number[] =>
  (Array.isArray(fields) ? fields : []).map((field: { readonly id: number }) => field.id);

const unnamed = new Set([...unnamedIds('organization'), ...unnamedIds('user')]);

/** Gives the octets of both kinds of generated objects to a change. */
const rewritesGenerated = (member: 'signet' | 'signingRequest', written: (loose: Loose) => Octets): Bend =>
  rewrite(generate, member, written);

export const writingFaults: readonly Fault[] = [
  {
    id: 'signet/length-written-backwards',
    breaks: 'SIG-004',
    title: 'writes the length in the header with the least octet first',
    operations: bendResult(sign, (result) => {
      const octets = octetsOrNull(result.signet);
      if (octets === null) return result;
      const [a = 0, b = 0, c = 0] = octets.subarray(2, 5);
      return { signet: write(concat(octets.subarray(0, 2), Uint8Array.of(c, b, a), octets.subarray(5))) };
    }),
  },
  {
    id: 'signet/website-with-one-length-octet',
    breaks: 'SIG-007',
    title: 'writes the size of a website in one octet',
    operations: writes((field, loose) => (field.id === 160 ? fieldWithLength(1, field) : usual(field, loose))),
  },
  {
    id: 'signet/signatures-written-with-length',
    breaks: 'SIG-008',
    title: 'writes signatures with a length octet',
    operations: writes((field, loose) => (field.id === 253 ? fieldWithLength(1, field) : usual(field, loose))),
  },
  {
    id: 'signet/undefined-fields-with-one-length-octet',
    breaks: 'SIG-009',
    title: 'writes the size of undefined fields in one octet',
    operations: writes((field, loose) => (field.id === 251 ? fieldWithLength(1, field) : usual(field, loose))),
  },
  {
    id: 'signet/fields-written-as-given',
    breaks: 'SIG-011',
    title: 'writes informational fields with the highest id first',
    operations: rewrite(sign, 'signet', (loose) => {
      const isDetail = ({ id }: Field): boolean => id >= 16 && id <= 252;
      const added = loose.fields.filter(isDetail).reverse();
      const at = loose.fields.findIndex(isDetail);
      const others = loose.fields.filter((field) => !isDetail(field));
      return joined(loose, at === -1 ? others : [...others.slice(0, at), ...added, ...others.slice(at)]);
    }),
  },
  {
    id: 'signet/unnamed-fields-written',
    breaks: 'SIG-018',
    title: 'signs fields that have no name',
    operations: signsAnyway((input) => fieldIds(input).some((id) => unnamed.has(id))),
  },
  {
    id: 'signet/prefix-04-written',
    breaks: 'SIG-028',
    title: 'writes the octet 04 before a signing key (OQ-24)',
    operations: changeOctet(() => 7, 0x04),
  },
  {
    id: 'signet/permissions-written-behind-the-prefix',
    breaks: 'SIG-031',
    title: 'writes the permissions of a secondary key behind its prefix',
    operations: writes((field, loose) => {
      const [permissions = 0, prefix = 0] = field.data;
      const swapped = { id: 2, data: concat(Uint8Array.of(prefix, permissions), field.data.subarray(2)) };
      return usual(field.id === 2 ? swapped : field, loose);
    }),
  },
  {
    id: 'signet/points-with-04-written',
    breaks: 'SIG-035',
    title: 'writes 04 before the x of an encryption key (OQ-25)',
    operations: changeOctet((_octets, input) => pointAt(input), 0x04),
  },
  {
    id: 'signet/one-length-octet-written-in-dime-2015',
    breaks: 'SIG-025',
    title: 'writes the length of an encryption key of dime-2015 in one octet',
    operations: bendResult(generate, (result, input) => {
      const member = result.signet === undefined ? 'signingRequest' : 'signet';
      const octets = octetsOf(result[member]);
      const at = pointAt(input) - 2;
      const shorter = concat(octets.subarray(0, at), octets.subarray(at + 1));
      return input.profile === 'dime-2015' ? { ...result, [member]: write(shorter) } : result;
    }),
  },
  {
    id: 'signet/request-signed-by-another-key',
    breaks: 'SIG-039',
    title: 'signs a request with another key than its own',
    operations: rewritesGenerated('signingRequest', signedByNobody),
  },
  {
    id: 'signet/rotation-without-custody',
    breaks: 'SIG-040',
    title: 'makes no field 4 on key rotation',
    operations: changeInput(generate, ({ previous: _dropped, ...rest }) => rest),
  },
  {
    id: 'signet/custody-in-a-first-request',
    breaks: 'SIG-041',
    title: 'puts a field 4 into every request',
    operations: rewritesGenerated('signingRequest', (loose) =>
      joined(loose, [...loose.fields.slice(0, -1), { id: 4, data: new Uint8Array(64) }, ...loose.fields.slice(-1)]),
    ),
  },
  {
    id: 'signet/organization-signed-by-another-key',
    breaks: 'SIG-042',
    title: 'signs the signet of an organization with another key than its primary one',
    operations: rewrite(sign, 'signet', (loose) =>
      loose.kind === 'organization' ? signedByNobody(loose) : joined(loose, loose.fields),
    ),
  },
  {
    id: 'signet/user-signed-by-another-key',
    breaks: 'SIG-043',
    title: "signs the signet of a user with a key that is not the organization's",
    operations: rewrite(sign, 'signet', (loose) =>
      loose.kind === 'user' ? signedByNobody(loose) : joined(loose, loose.fields),
    ),
  },
  {
    id: 'signet/self-signature-dropped',
    breaks: 'SIG-044',
    title: 'leaves the self-signature of the request out of the signet',
    operations: rewrite(sign, 'signet', (loose) =>
      joined(
        loose,
        loose.fields.filter(({ id }) => loose.kind !== 'user' || id !== 5),
      ),
    ),
  },
  {
    id: 'signet/signs-what-is-not-whole',
    breaks: 'SIG-045',
    title: 'signs although a required field is missing',
    operations: signsAnyway(() => true),
  },
  {
    id: 'signet/request-not-validated',
    breaks: 'SIG-046',
    title: 'signs requests without validating them',
    operations: signsAnyway(({ signingRequest }) => signingRequest !== undefined),
  },
  {
    id: 'signet/ill-formed-texts-mended',
    breaks: 'SIG-085',
    title: 'puts U+FFFD in the place of octets that are no UTF-8',
    operations: changeInput(sign, (input) => ({
      ...input,
      ...(Array.isArray(input.fields) ? { fields: input.fields.map(mended) } : {}),
    })),
  },
];

function mended(field: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const data = octetsOf(field.data);
  return field.id === 252 ? field : { ...field, data: write(Buffer.from(Buffer.from(data).toString('utf8'))) };
}
