/** Magic numbers, headers and lengths of signets and requests (sections 1 and 2.1 of the signets digest). */
import fc from 'fast-check';
import { concat, magics, objectOf, signatureField, signetOctets, utf8 } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { allProfiles, mustRead, mustRefuse, parseSignet, profiles2015, spoken, told } from './signet-calls.js';
import { kinds, specimen, worldOf, worlds, written } from './signet-inputs.js';

const parses = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.parse' } as const;

const known: readonly number[] = [...Object.values(magics), 1216];

const magicNumbers = defineCase({
  ...parses,
  id: 'signet/objects/magic-numbers',
  title: 'Magic 1776 begins the signet of an organization, 1789 that of a user, 1215 a signing request; no other does.',
  decides: ['SIG-001'],
  given: () =>
    fc.record({
      world: worlds,
      other: fc
        .oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(1952, 2013, 1847, 1837, 0xf006, 1775))
        .filter((magic) => !known.includes(magic)),
    }),
  check: async ({ world, other }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      for (const kind of kinds) {
        const right = specimen(profile, kind, worldOf(world));
        await mustRead(context, 'SIG-001', right);
        await mustRefuse(context, 'SIG-001', profile, objectOf(other, right.octets.subarray(5)), `magic ${other}`);
      }
    }
  },
});

const legacyMagic = defineCase({
  ...parses,
  id: 'signet/objects/legacy-magic',
  title: 'A signing request with the magic 1216 of before October 2016 may be taken.',
  decides: ['SIG-003'],
  given: () => worlds,
  check: async (world, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { octets } = specimen(profile, 'signing-request', worldOf(world));
      const answer = await parseSignet(context, profile, objectOf(1216, octets.subarray(5)));
      const taken = answer.kind === 'result' && answer.value.type === 'signing-request';
      context.took('SIG-003', taken, `profile ${profile}: magic 1216 is ${taken ? 'taken' : 'refused'}`);
    }
  },
});

const lengthOfHeader = defineCase({
  ...parses,
  id: 'signet/objects/length-in-three-octets',
  title: 'The header is a magic number of two octets and a length of three, the greatest first.',
  decides: ['SIG-004'],
  given: () => fc.record({ world: worlds, filling: fc.constantFrom(1, 120, 300, 66_000, 70_000) }),
  check: async ({ world, filling }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      for (const kind of ['organization', 'user'] as const) {
        const details = [{ id: 252, data: new Uint8Array(filling).fill(0x55) }];
        await mustRead(context, 'SIG-004', specimen(profile, kind, worldOf(world), { form: 'full', details }));
      }
    }
  },
});

const sizeAsAnnounced = defineCase({
  ...parses,
  id: 'signet/objects/as-long-as-announced',
  title: 'An object has five octets and as many as its header announces; one that has more or fewer is refused.',
  decides: ['SIG-005'],
  given: () =>
    fc.record({
      world: worlds,
      kind: fc.constantFrom(...kinds),
      cut: fc.nat(10_000),
      more: fc.uint8Array({ minLength: 1, maxLength: 80 }),
      off: fc.constantFrom(-300, -1, 1, 2, 256, 65_536),
    }),
  check: async ({ world, kind, cut, more, off }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, kind, worldOf(world));
      const { octets } = right;
      await mustRead(context, 'SIG-005', right);
      const short = octets.subarray(0, cut % octets.length);
      await mustRefuse(context, 'SIG-005', profile, short, `an object cut to ${short.length} octets`);
      const long = concat(octets, more);
      await mustRefuse(context, 'SIG-005', profile, long, `an object with ${more.length} octets behind its end`);
      const announced = Math.max(0, octets.length - 5 + off);
      const header = objectOf(magics[kind], new Uint8Array(announced)).subarray(0, 5);
      const wrong = concat(header, octets.subarray(5));
      await mustRefuse(context, 'SIG-005', profile, wrong, `an object whose header announces ${announced} octets`);
    }
  },
});

const pastTheEnd = defineCase({
  ...parses,
  id: 'signet/objects/field-past-the-end',
  title: 'A field whose length runs past the end of the object is refused, whatever the field.',
  decides: ['SIG-019'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), missing: fc.nat(10_000) }),
  check: async ({ world, kind, missing }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, kind, worldOf(world));
      await mustRead(context, 'SIG-019', right);
      const { data = new Uint8Array(1) } = right.fields.at(-1) ?? {};
      const less = 1 + (missing % data.length);
      const content = right.octets.subarray(5, right.octets.length - less);
      const what = `an object whose last field lacks ${less} octets, the header adapted`;
      await mustRefuse(context, 'SIG-019', profile, objectOf(magics[kind], content), what);
    }
    for (const profile of spoken(context, allProfiles)) {
      if (profile === 'prime' || kind === 'signing-request') continue;
      const { fields } = specimen(profile, kind, worldOf(world));
      const start = signetOctets(profile, kind, fields).subarray(5);
      // Name, website, an undefined field, photo: one, two, two and three octets of length.
      const lengths = [
        [16, 9],
        [160, 1, 0],
        [251, 1, 65, 0, 9],
        [252, 0, 1, 0],
        [160, 1],
        [252, 0, 0],
        [251, 4, 65],
      ];
      for (const field of lengths) {
        const content = concat(start, Uint8Array.from([...field, ...utf8('short')]));
        const what = `a field ${field[0]} that is longer than what is left`;
        await mustRefuse(context, 'SIG-019', profile, objectOf(magics[kind], content), what);
      }
    }
  },
});

/** An octet that could begin no field, and one that could. */
const trailers = fc.oneof(
  fc.constantFrom([0], [0, 0, 0], [5], [1, 0]),
  fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 80 }),
);

const behindTheLastField = defineCase({
  ...parses,
  id: 'signet/objects/nothing-behind-the-last-field',
  title: 'Octets behind the last field that there can be are refused, though the header counts them.',
  decides: ['SIG-020'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), trailer: trailers }),
  check: async ({ world, kind, trailer }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const right = specimen(profile, kind, worldOf(world), { form: 'identifiable' });
      await mustRead(context, 'SIG-020', right);
      // In prime a zero octet ends the list, and hides what follows (OQ-78).
      const behind = Uint8Array.from(profile === 'prime' ? [0, ...trailer] : trailer);
      const content = concat(right.octets.subarray(5), behind);
      const what = `${told[kind]} with ${behind.length} octets behind field ${right.fields.at(-1)?.id}`;
      await mustRefuse(context, 'SIG-020', profile, objectOf(magics[kind], content), what);
    }
  },
});

const emptyData = defineCase({
  ...parses,
  id: 'signet/objects/empty-last-field',
  title: 'Data of no octets is taken where a field has a length, also in the last field.',
  decides: ['SIG-021'],
  given: () =>
    fc.record({
      world: worlds,
      kind: fc.constantFrom('organization' as const, 'user' as const),
      id: fc.constantFrom(16, 160, 252),
    }),
  check: async ({ world, kind, id }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { fields, against } = specimen(profile, kind, worldOf(world));
      const empty = { id, data: new Uint8Array(0) };
      await mustRead(context, 'SIG-021', written(profile, kind, [...fields, empty], against));
      const key = worldOf(world).organization.signing;
      const closed = [...fields, empty, signatureField(profile, kind, [...fields, empty], 253, key)];
      if (profile !== 'prime') await mustRead(context, 'SIG-021', written(profile, kind, closed, against));
    }
  },
});

export const cases: readonly Case[] = [
  magicNumbers,
  legacyMagic,
  lengthOfHeader,
  sizeAsAnnounced,
  pastTheEnd,
  behindTheLastField,
  emptyData,
];
