/** The states of signets by what is there (section 7.2 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  type Form,
  fieldsOctets,
  forms,
  type Kind,
  lastId,
  magics,
  type Octets,
  objectOf,
  type Profile,
  signatureField,
  signetOctets,
  utf8,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { allProfiles, type Judgement, mustBe, profiles2015, type State, spoken, told } from './signet-calls.js';
import { detailFields, formIn, kinds, signetKinds, specimen, worldOf, worlds, written } from './signet-inputs.js';

const validates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.validate' } as const;

const kindOfSignet = fc.constantFrom(...signetKinds);

const anyForm = fc.constantFrom(...forms);

/** The state of a whole object. */
const wholeState = (kind: Kind, form: Form): State => (kind === 'signing-request' ? 'signing-request' : form);

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
        `a whole object: ${told[kind]}`,
      );
      const first = kind === 'signing-request' ? 5 : lastId(kind, 'cryptographic');
      const less = written(
        profile,
        kind,
        right.fields.filter(({ id }) => id < first),
      );
      const unloadable: readonly Judgement[] = profile === 'prime' ? ['incomplete', 'refused'] : ['incomplete'];
      await mustBe(context, 'SIG-048', less, right.against, unloadable, `${told[kind]} without field ${first}`);
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
      const right = specimen(profile, kind, worldOf(world));
      const { fields, against } = right;
      const state = wholeState(kind, 'cryptographic');
      await mustBe(context, 'SIG-049', right, against, [state], `a whole object: ${told[kind]}`);
      const octets = how.of(profile, kind, fields);
      await mustBe(
        context,
        'SIG-049',
        { profile, octets },
        against,
        ['malformed', 'refused'],
        `${told[kind]} with ${how.what}`,
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
      const what = `${told[kind]} of the form ${form} without field ${missing}`;
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
      await mustBe(context, 'SIG-051', right, right.against, [form], `${told[kind]} of the form ${form}`);
    }
    // Of prime there is the cryptographic form alone.
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
          `${told[kind]} with octets of any kind in its texts`,
        );
      }
    }
  },
});

export const cases: readonly Case[] = [structure, malformed, incomplete, highestForm, uninterpreted];
