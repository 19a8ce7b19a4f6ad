/** What signatures cover, and whose are their own (section 5.1 of the signets digest). */
import fc from 'fast-check';
import {
  ed25519,
  type Form,
  fieldsOctets,
  forms,
  type Kind,
  type Octets,
  raised,
  requestFields,
  sha512,
  signatureField,
  signingKeyField,
  withGroupOrderAdded,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { allProfiles, type Judgement, mustBe, profiles2015, type State, spoken, told } from './signet-calls.js';
import {
  flipped,
  formIn,
  kinds,
  organizationOf,
  replaced,
  type Specimen,
  specimen,
  worldOf,
  worlds,
  written,
} from './signet-inputs.js';

const validates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.validate' } as const;

const anyForm = fc.constantFrom(...forms);

/** The state of a whole object. */
const wholeState = (kind: Kind, form: Form): State => (kind === 'signing-request' ? 'signing-request' : form);

/** Signatures of the self-made kind: over what a wrong reader would take for the signed octets. */
const wrongCoverage: readonly { readonly what: string; readonly of: (object: Octets, signed: Octets) => Octets }[] = [
  { what: 'the header as well', of: (object, signed) => object.subarray(0, 5 + signed.length) },
  { what: 'a digest of the fields instead of the fields', of: (_object, signed) => sha512(signed) },
  { what: 'the id of the signature as well', of: (object, signed) => object.subarray(5, 6 + signed.length) },
  { what: 'the fields without their ids', of: (_object, signed) => signed.subarray(1) },
  { what: 'nothing', of: () => new Uint8Array(0) },
];

/** What a signature that does not hold may lead to; field 1 of an organization is known, so it is not unknown. */
const notHeld: readonly Judgement[] = ['invalid', 'refused', 'malformed'];

/** The same object with other octets in its last signature. */
function withLastSignature(right: Specimen, signature: Octets): Specimen {
  const last = right.fields.at(-1);
  const fields = [...right.fields.slice(0, -1), { id: last?.id ?? 0, data: signature }];
  return written(right.profile, right.kind, fields);
}

const pureEd25519 = defineCase({
  ...validates,
  id: 'signet/signatures/pure-ed25519-over-lower-fields',
  title: 'A signature is pure Ed25519 over the raw octets of all fields with lower ids, without the header.',
  decides: ['SIG-038'],
  given: () =>
    fc.record({
      world: worlds,
      kind: fc.constantFrom(...kinds),
      form: anyForm,
      place: fc.nat(10_000),
      wrong: fc.constantFrom(...wrongCoverage),
    }),
  check: async ({ world, kind, form, place, wrong }, context) => {
    const people = worldOf(world);
    const key = kind === 'signing-request' ? people.user.signing : people.organization.signing;
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, kind, people, { form });
      const state = wholeState(kind, formIn(profile, form));
      await mustBe(context, 'SIG-038', right, right.against, [state], `a whole object: ${told[kind]}`);
      const second = right.fields[1];
      if (second === undefined) continue;
      const changed = replaced(right.fields, second.id, (field) => [{ ...field, data: flipped(field.data, place) }]);
      const what = `${told[kind]} with one bit of field ${second.id} changed`;
      await mustBe(context, 'SIG-038', written(profile, kind, changed), right.against, notHeld, what);
      const signed = fieldsOctets(profile, kind, right.fields.slice(0, -1));
      const covering = withLastSignature(right, ed25519(key, wrong.of(right.octets, signed)));
      const wider = `${told[kind]} whose last signature covers ${wrong.what}`;
      await mustBe(context, 'SIG-038', covering, right.against, notHeld, wider);
    }
  },
});

const scalarBelowOrder = defineCase({
  ...validates,
  id: 'signet/signatures/scalar-below-the-group-order',
  title: 'A signature to whose scalar the order of the group was added does not hold.',
  decides: ['SIG-038'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), form: anyForm }),
  check: async ({ world, kind, form }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, kind, worldOf(world), { form });
      const state = wholeState(kind, formIn(profile, form));
      await mustBe(context, 'SIG-038', right, right.against, [state], `a whole object: ${told[kind]}`);
      const grown = withLastSignature(right, withGroupOrderAdded(right.fields.at(-1)?.data ?? new Uint8Array(64)));
      const what = `${told[kind]} whose last signature has the group order added to its scalar`;
      await mustBe(context, 'SIG-038', grown, right.against, notHeld, what);
    }
  },
});

const selfSignature = defineCase({
  ...validates,
  id: 'signet/states/self-signature-of-a-user',
  title: 'A user signet whose self-signature does not hold is invalid, though the organization signed it.',
  decides: ['SIG-056'],
  given: () => fc.record({ world: worlds, form: anyForm, place: fc.nat(63) }),
  check: async ({ world, form, place }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, 'user', people, { form });
      await mustBe(context, 'SIG-056', right, right.against, [form], 'a whole user signet');
      const request = requestFields(profile, people.user);
      const below = replaced(request, 5, (field) => [{ id: 5, data: flipped(field.data, place) }]);
      const fields = raised(profile, 'user', below, 6, () => people.organization.signing, { form });
      const organization = organizationOf(profile, people);
      const what = 'a user signet whose field 5 does not hold';
      await mustBe(
        context,
        'SIG-056',
        written(profile, 'user', fields),
        { organization },
        ['invalid', 'malformed', 'refused'],
        what,
      );
    }
  },
});

const requestSelfSigned = defineCase({
  ...validates,
  id: 'signet/states/request-signed-by-itself',
  title: 'The field 5 of a signing request is by the key in its field 1; by another key it is invalid.',
  decides: ['SIG-039'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, 'signing-request', people);
      await mustBe(context, 'SIG-039', right, {}, ['signing-request'], 'a signing request');
      const below = [signingKeyField(profile, people.user.signing), { id: 2, data: people.user.encryption.point }];
      const fields = [...below, signatureField(profile, 'signing-request', below, 5, people.stranger.signing)];
      const wrong = written(profile, 'signing-request', fields);
      const right2: readonly Judgement[] = profile === 'prime' ? ['invalid', 'malformed', 'refused'] : ['invalid'];
      await mustBe(context, 'SIG-039', wrong, {}, right2, 'a signing request signed by another key');
    }
  },
});

export const cases: readonly Case[] = [pureEd25519, scalarBelowOrder, requestSelfSigned, selfSignature];
