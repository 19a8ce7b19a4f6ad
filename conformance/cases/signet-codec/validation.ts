/** The states of signets and what leads to each (sections 5.1, 7.2 and 7.3 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  ed25519,
  type Field,
  type Form,
  fieldsOctets,
  forms,
  type Kind,
  lastId,
  magics,
  type Octets,
  objectOf,
  organizationFields,
  type Profile,
  raised,
  requestFields,
  secondaryKeyField,
  sha512,
  signatureField,
  signetOctets,
  signingKeyField,
  userFields,
  utf8,
  withGroupOrderAdded,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { allProfiles, type Judgement, mustBe, profiles2015, type State, spoken } from './signet-calls.js';
import {
  detailFields,
  flipped,
  formIn,
  kinds,
  organizationOf,
  replaced,
  type Specimen,
  signetKinds,
  specimen,
  worldOf,
  worlds,
  written,
} from './signet-inputs.js';

const validates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.validate' } as const;
const kindOfSignet = fc.constantFrom(...signetKinds);
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
      await mustBe(context, 'SIG-038', right, right.against, [state], `a whole ${kind}`);
      const second = right.fields[1];
      if (second === undefined) continue;
      const changed = replaced(right.fields, second.id, (field) => [{ ...field, data: flipped(field.data, place) }]);
      const what = `a ${kind} with one bit of field ${second.id} changed`;
      await mustBe(context, 'SIG-038', written(profile, kind, changed), right.against, notHeld, what);
      const signed = fieldsOctets(profile, kind, right.fields.slice(0, -1));
      const covering = withLastSignature(right, ed25519(key, wrong.of(right.octets, signed)));
      const told = `a ${kind} whose last signature covers ${wrong.what}`;
      await mustBe(context, 'SIG-038', covering, right.against, notHeld, told);
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
      const grown = withLastSignature(right, withGroupOrderAdded(right.fields.at(-1)?.data ?? new Uint8Array(64)));
      const what = `a ${kind} whose last signature has the group order added to its scalar`;
      await mustBe(context, 'SIG-038', grown, right.against, notHeld, what);
    }
  },
});

const structure = defineCase({
  ...validates,
  id: 'signet/states/by-the-fields-present',
  title: 'Whole objects have the state of their kind or form, and what has no last signature is incomplete.',
  decides: ['SIG-048'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), form: anyForm }),
  check: async ({ world, kind, form }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, kind, worldOf(world), { form });
      await mustBe(
        context,
        'SIG-048',
        right,
        right.against,
        [wholeState(kind, formIn(profile, form))],
        `a whole ${kind}`,
      );
      const first = kind === 'signing-request' ? 5 : lastId(kind, 'cryptographic');
      const less = written(
        profile,
        kind,
        right.fields.filter(({ id }) => id < first),
      );
      const unloadable: readonly Judgement[] = profile === 'prime' ? ['incomplete', 'refused'] : ['incomplete'];
      await mustBe(context, 'SIG-048', less, right.against, unloadable, `a ${kind} without field ${first}`);
    }
  },
});

/** Ways to break the layout, each of an object that would be right. */
const brokenLayouts: readonly {
  readonly what: string;
  readonly of: (profile: Profile, kind: Kind, fields: readonly Field[]) => Octets;
}[] = [
  {
    what: 'a forbidden field',
    of: (profile, kind, fields) =>
      objectOf(magics[kind], concat(fieldsOctets(profile, kind, fields), Uint8Array.of(9), new Uint8Array(64))),
  },
  {
    what: 'a field that cannot be parsed',
    of: (profile, kind, fields) => objectOf(magics[kind], fieldsOctets(profile, kind, fields).subarray(0, -3)),
  },
  {
    what: 'field 1 twice',
    of: (profile, kind, fields) =>
      signetOctets(
        profile,
        kind,
        fields.flatMap((field) => (field.id === 1 ? [field, field] : [field])),
      ),
  },
  {
    what: 'fields 1 and the next in the other order',
    of: (profile, kind, [first, second, ...rest]) =>
      signetOctets(
        profile,
        kind,
        [second, first, ...rest].filter((field) => field !== undefined),
      ),
  },
];

const malformed = defineCase({
  ...validates,
  id: 'signet/states/malformed',
  title: 'An object with a forbidden, repeated or misplaced field, or one that cannot be parsed, is malformed.',
  decides: ['SIG-049'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), how: fc.constantFrom(...brokenLayouts) }),
  check: async ({ world, kind, how }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const { fields, against } = specimen(profile, kind, worldOf(world));
      const octets = how.of(profile, kind, fields);
      await mustBe(
        context,
        'SIG-049',
        { profile, octets },
        against,
        ['malformed', 'refused'],
        `${kind} with ${how.what}`,
      );
    }
  },
});

const incomplete = defineCase({
  ...validates,
  id: 'signet/states/incomplete',
  title: 'An object without a field that its highest signature requires is incomplete.',
  decides: ['SIG-050'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), form: anyForm, choice: fc.nat(20) }),
  check: async ({ world, kind, form, choice }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const { fields, against } = specimen(profile, kind, people, { form });
      const missing = fields[choice % (fields.length - 1)]?.id ?? 1;
      // What stands above is signed anew, so that nothing else is wrong.
      const kept = fields.filter(({ id }) => id !== missing);
      const again = signedAgain(profile, kind, kept, (id) =>
        id === 5 && kind !== 'organization' ? people.user.signing : people.organization.signing,
      );
      const what = `a ${kind} of the form ${form} without field ${missing}`;
      await mustBe(context, 'SIG-050', written(profile, kind, again), against, ['incomplete'], what);
    }
  },
});

/** The same fields with every signature made anew by whoever has to make it. */
function signedAgain(
  profile: Profile,
  kind: Kind,
  fields: readonly Field[],
  keyOf: (id: number) => Parameters<typeof signatureField>[4],
): Field[] {
  const made: Field[] = [];
  for (const field of fields) {
    const isSignature = field.data.length === 64 && [4, 5, 6, 253, 255].includes(field.id);
    made.push(isSignature ? signatureField(profile, kind, made, field.id, keyOf(field.id)) : field);
  }
  return made;
}

const highestForm = defineCase({
  ...validates,
  id: 'signet/states/highest-signature',
  title: 'A signet is cryptographic, full or identifiable by the highest signature that is there and holds.',
  decides: ['SIG-051'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, form: anyForm, details: detailFields('user') }),
  check: async ({ world, kind, form, details }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const shared = details.filter(({ id }) => kind === 'user' || id < 28 || id === 160 || id >= 251);
      const right = specimen(profile, kind, worldOf(world), { form, details: form === 'cryptographic' ? [] : shared });
      await mustBe(context, 'SIG-051', right, right.against, [form], `a ${kind} of the form ${form}`);
    }
    // Of prime there is the cryptographic form alone.
  },
});

const primaryKeyKnown = defineCase({
  ...validates,
  id: 'signet/states/unknown-without-primary-key',
  title: 'The signet of an organization is unknown when no primary key of the management record is its own.',
  decides: ['SIG-052'],
  given: () => fc.record({ world: worlds, form: anyForm, others: fc.nat(3) }),
  check: async ({ world, form, others }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const { octets } = specimen(profile, 'organization', people, { form });
      const strange = [people.stranger, people.user, people.before]
        .slice(0, others)
        .map(({ signing }) => signing.publicKey);
      const what = `an organization's signet with ${others} primary keys of others`;
      await mustBe(context, 'SIG-052', { profile, octets }, { primaryKeys: strange }, ['unknown'], what);
      await mustBe(context, 'SIG-052', { profile, octets }, {}, ['unknown'], 'a signet without a list of primary keys');
    }
  },
});

const primaryKeysCompared = defineCase({
  ...validates,
  id: 'signet/states/each-primary-key-compared',
  title: 'Field 1 of an organization is compared with every primary key of the record, wherever it stands.',
  decides: ['SIG-081'],
  given: () => fc.record({ world: worlds, place: fc.nat(3) }),
  check: async ({ world, place }, context) => {
    const people = worldOf(world);
    const others = [people.stranger, people.user, people.before].map(({ signing }) => signing.publicKey);
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, 'organization', people);
      const primaryKeys = [...others.slice(0, place), people.organization.signing.publicKey, ...others.slice(place)];
      const what = `an organization's signet whose key is number ${place + 1} of the record`;
      await mustBe(context, 'SIG-081', right, { primaryKeys }, ['cryptographic'], what);
      await mustBe(
        context,
        'SIG-081',
        right,
        { primaryKeys: others },
        ['unknown'],
        'a signet whose key is in no record',
      );
    }
  },
});

const signaturesHold = defineCase({
  ...validates,
  id: 'signet/states/invalid-when-a-signature-fails',
  title: "A signet is invalid when one of the organization's signatures up to its form does not hold.",
  decides: ['SIG-053'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, form: anyForm, broken: anyForm, place: fc.nat(63) }),
  check: async ({ world, kind, form, broken, place }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const low = Math.min(forms.indexOf(form), forms.indexOf(broken));
      const id = lastId(kind, forms[low] ?? 'cryptographic');
      const { fields, against } = specimen(profile, kind, people, { form });
      const bent = replaced(fields, id, (field) => [{ id, data: flipped(field.data, place) }]);
      // The signatures above are right over the wrong one.
      const again: Field[] = [];
      for (const field of bent) {
        const above = field.id > id && field.id !== 254;
        again.push(above ? signatureField(profile, kind, again, field.id, people.organization.signing) : field);
      }
      const what = `a ${kind} of the form ${form} whose signature ${id} does not hold`;
      await mustBe(context, 'SIG-053', written(profile, kind, again), against, ['invalid'], what);
    }
  },
});

const againstOrganization = defineCase({
  ...validates,
  id: 'signet/states/user-against-organization',
  title: 'A user signet is validated against the signet of its organization: without a whole one it is unknown.',
  decides: ['SIG-054'],
  given: () => fc.record({ world: worlds, form: anyForm }),
  check: async ({ world, form }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, 'user', people, { form });
      await mustBe(context, 'SIG-054', right, right.against, [form], 'a user signet and its organization');
      await mustBe(context, 'SIG-054', right, {}, ['unknown'], 'a user signet without an organization');
      const whole = organizationFields(profile, people.organization);
      const part = signetOctets(
        profile,
        'organization',
        whole.filter(({ id }) => id !== 4),
      );
      await mustBe(
        context,
        'SIG-054',
        right,
        { organization: part },
        ['unknown'],
        'a user signet and an incomplete organization',
      );
      const user = { organization: specimen(profile, 'user', people).octets };
      await mustBe(
        context,
        'SIG-054',
        right,
        user,
        ['unknown'],
        'a user signet and a user signet for its organization',
      );
      const other = signetOctets(profile, 'organization', organizationFields(profile, people.stranger));
      await mustBe(
        context,
        'SIG-054',
        right,
        { organization: other },
        ['invalid'],
        'a user signet and another organization',
      );
    }
  },
});

const differentKeys = defineCase({
  ...validates,
  id: 'signet/states/each-signature-by-a-key-of-its-own',
  title: 'The three signatures on a user signet may be made by different keys of the organization.',
  decides: ['SIG-055'],
  given: () => fc.record({ world: worlds, who: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)) }),
  check: async ({ world, who }, context) => {
    const people = worldOf(world);
    const keys = [people.organization.signing, people.secondary.signing, people.before.signing];
    for (const profile of spoken(context, profiles2015)) {
      const secondary = [secondaryKeyField(1, people.secondary.signing), secondaryKeyField(9, people.before.signing)];
      const fields = organizationFields(profile, people.organization, { secondary });
      const organization = signetOctets(profile, 'organization', fields);
      const signer = (form: Form): (typeof keys)[number] =>
        keys[who[forms.indexOf(form)] ?? 0] ?? people.organization.signing;
      const user = written(profile, 'user', userFields(profile, people.user, { signer, form: 'identifiable' }));
      const what = `a user signet signed by the keys ${who.map((index) => index + 1).join(', ')} of its organization`;
      await mustBe(context, 'SIG-055', user, { organization }, ['identifiable'], what);
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

const uninterpreted = defineCase({
  ...validates,
  id: 'signet/states/texts-not-looked-at',
  title: 'What stands in the fields 16 to 252 has no bearing on the state of a signet.',
  decides: ['SIG-086'],
  given: () =>
    kindOfSignet.chain((kind) =>
      fc.record({
        world: worlds,
        kind: fc.constant(kind),
        details: detailFields(kind, fc.uint8Array({ minLength: 1, maxLength: 60 })),
      }),
    ),
  check: async ({ world, kind, details }, context) => {
    const odd: Field[] = [
      { id: 16, data: Uint8Array.of(0xff, 0xfe, 0) },
      { id: 252, data: utf8('no image') },
    ];
    for (const profile of spoken(context, profiles2015)) {
      for (const added of [details, odd]) {
        const right = specimen(profile, kind, worldOf(world), { form: 'full', details: added });
        await mustBe(
          context,
          'SIG-086',
          right,
          right.against,
          ['full'],
          `a ${kind} with octets of any kind in its texts`,
        );
      }
    }
  },
});

export const cases: readonly Case[] = [
  pureEd25519,
  scalarBelowOrder,
  structure,
  malformed,
  incomplete,
  highestForm,
  primaryKeyKnown,
  primaryKeysCompared,
  signaturesHold,
  againstOrganization,
  differentKeys,
  selfSignature,
  requestSelfSigned,
  uninterpreted,
];
