/** Fields: their lengths, order and number (sections 2.2 to 2.4 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  fieldOctets,
  fieldWithLength,
  type Kind,
  magics,
  objectOf,
  type Profile,
  secondaryKeyField,
  utf8,
} from '../../model/signet-builder.js';
import { details } from '../../model/signet-tables.js';
import { type Case, defineCase } from '../case.js';
import { mustRead, mustRefuse, profiles2015, spoken, told } from './signet-calls.js';
import { kinds, signetKinds, someOctets, specimen, type World, worldOf, worlds, written } from './signet-inputs.js';

const parses = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.parse' } as const;

const kindOfSignet = fc.constantFrom(...signetKinds);

/** A signet with these informational fields behind its cryptographic part. */
function withDetails(
  profile: Profile,
  kind: 'organization' | 'user',
  world: World,
  added: readonly Field[],
): ReturnType<typeof written> {
  return written(profile, kind, [...specimen(profile, kind, world).fields, ...added]);
}

/** One field for each number of length octets, at the sizes where a number of octets begins and ends. */
const sized = fc.constantFrom<readonly [number, number]>(
  ...([1, 127, 128, 255].map((size) => [16, size]) as [number, number][]),
  ...([1, 255, 256, 257, 65_535].map((size) => [160, size]) as [number, number][]),
  ...([1, 256, 65_536, 70_001].map((size) => [252, size]) as [number, number][]),
);

const lengths = defineCase({
  ...parses,
  id: 'signet/fields/length-octets',
  title: 'The size of a field stands in one, two or three octets, as the table of the fields says, the greatest first.',
  decides: ['SIG-007'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, field: sized }),
  check: async ({ world, kind, field: [id, size] }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const data = new Uint8Array(size).fill(0x41);
      await mustRead(context, 'SIG-007', withDetails(profile, kind, worldOf(world), [{ id, data }]));
    }
  },
});

const signatures = defineCase({
  ...parses,
  id: 'signet/fields/signatures-without-length',
  title: 'A signature is its id and 64 octets, with no length between them.',
  decides: ['SIG-008'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds) }),
  check: async ({ world, kind }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, kind, worldOf(world), { form: 'identifiable' });
      await mustRead(context, 'SIG-008', right);
      const lengthened = right.fields.map((field) =>
        field.data.length === 64 ? fieldWithLength(1, field) : fieldOctets(profile, kind, field),
      );
      const octets = objectOf(magics[kind], concat(...lengthened));
      await mustRefuse(context, 'SIG-008', profile, octets, `${told[kind]} whose signatures have a length octet`);
    }
  },
});

const undefinedFields = defineCase({
  ...parses,
  id: 'signet/fields/undefined-field',
  title: 'An undefined field is the id 251, a name with one length octet, and data with two.',
  decides: ['SIG-009'],
  given: () =>
    fc.record({
      world: worlds,
      kind: kindOfSignet,
      name: fc.oneof(
        fc.string({ minLength: 1, maxLength: 20 }).map(utf8),
        fc.constantFrom(1, 255).map((size) => new Uint8Array(size).fill(0x61)),
      ),
      size: fc.constantFrom(1, 5, 255, 256, 3000),
    }),
  check: async ({ world, kind, name, size }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const field = { id: 251, name, data: new Uint8Array(size).fill(0x42) };
      await mustRead(context, 'SIG-009', withDetails(profile, kind, worldOf(world), [field]));
    }
  },
});

const manyUndefined = defineCase({
  ...parses,
  id: 'signet/fields/many-undefined-fields',
  title: 'Undefined fields are kept in their number and order, also those with equal names.',
  decides: ['SIG-010'],
  given: () =>
    fc.record({
      world: worlds,
      kind: kindOfSignet,
      fields: fc.array(
        fc.record({
          id: fc.constant(251),
          name: fc.constantFrom('a', 'b', 'Motto').map(utf8),
          data: someOctets(6),
        }),
        { minLength: 2, maxLength: 300, size: 'large' },
      ),
    }),
  check: async ({ world, kind, fields }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      await mustRead(context, 'SIG-010', withDetails(profile, kind, worldOf(world), fields));
      const twin = fields.map((field) => ({ ...field, name: utf8('same') }));
      await mustRead(context, 'SIG-010', withDetails(profile, kind, worldOf(world), twin));
    }
  },
});

/** Two ids of the cryptographic part or above it that change their places. */
const exchanges = fc.record({ world: worlds, kind: fc.constantFrom(...kinds), first: fc.nat(20), second: fc.nat(20) });

const order = defineCase({
  ...parses,
  id: 'signet/fields/ascending-ids',
  title: 'A field whose id is lower than the one before it is refused.',
  decides: ['SIG-012'],
  given: () => exchanges,
  check: async ({ world, kind, first, second }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const added = [
        { id: 16, data: utf8('A') },
        { id: 19, data: utf8('B') },
        { id: 160, data: utf8('C') },
      ];
      const right = specimen(profile, kind, worldOf(world), { form: 'full', details: added });
      const fields = [...right.fields];
      const low = first % (fields.length - 1);
      const high = low + 1 + (second % (fields.length - 1 - low));
      [fields[low], fields[high]] = [fields[high] as Field, fields[low] as Field];
      await mustRead(context, 'SIG-012', right);
      const what = `${told[kind]} whose fields stand in the order ${fields.map(({ id }) => id).join(', ')}`;
      await mustRefuse(context, 'SIG-012', profile, written(profile, kind, fields).octets, what);
    }
  },
});

const once = defineCase({
  ...parses,
  id: 'signet/fields/unique-fields-once',
  title: 'A field that may be there once is refused when it is there twice.',
  decides: ['SIG-013'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), place: fc.nat(40), data: someOctets(20) }),
  check: async ({ world, kind, place, data }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, kind, worldOf(world));
      const { fields } = right;
      await mustRead(context, 'SIG-013', right);
      const unique = kind === 'signing-request' ? [] : details[kind].filter(({ repeats }) => repeats !== true);
      // What follows field 5 of a request is judged by SIG-020.
      const owned = kind === 'signing-request' ? fields.slice(0, -1) : fields;
      const choice = place % (owned.length + unique.length);
      const own = owned[choice];
      const detail = { id: unique[choice - owned.length]?.id ?? 16, data };
      const twice =
        own === undefined
          ? [...fields, detail, detail]
          : fields.flatMap((field) => (field === own ? [own, own] : [field]));
      const what = `${told[kind]} with field ${own?.id ?? detail.id} twice`;
      await mustRefuse(context, 'SIG-013', profile, written(profile, kind, twice).octets, what);
    }
  },
});

/** Ids that may be there several times, by object. */
const repeatable: Readonly<Record<Kind, readonly number[]>> = {
  organization: [2, 21, 251],
  user: [3, 21, 202, 251],
  'signing-request': [3],
};

const several = defineCase({
  ...parses,
  id: 'signet/fields/repeatable-fields',
  title: 'Secondary and alternate keys, phone numbers, endorsements and undefined fields may be there several times.',
  decides: ['SIG-014'],
  given: () =>
    fc.record({
      world: worlds,
      kind: fc.constantFrom(...kinds),
      times: fc.integer({ min: 2, max: 12 }),
      choice: fc.nat(3),
    }),
  check: async ({ world, kind, times, choice }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const people = worldOf(world);
      const ids = repeatable[kind];
      const id = ids[choice % ids.length] ?? 3;
      const make = (index: number): Field => {
        if (id === 2) return secondaryKeyField(index & 15, people.secondary.signing);
        if (id === 3) return { id, data: people.stranger.encryption.point };
        return { id, data: utf8(`number ${index}`), ...(id === 251 ? { name: utf8('n') } : {}) };
      };
      const added = Array.from({ length: times }, (_, index) => make(index));
      const { fields } = specimen(profile, kind, people);
      const all = [...fields, ...added].sort((left, right) => left.id - right.id);
      await mustRead(context, 'SIG-014', written(profile, kind, all));
    }
  },
});

export const cases: readonly Case[] = [lengths, signatures, undefinedFields, manyUndefined, order, once, several];
