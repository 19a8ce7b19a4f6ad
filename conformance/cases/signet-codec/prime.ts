/** What profile prime has of its own (section 11 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  fieldsOctets,
  fieldWithLength,
  type Kind,
  magics,
  objectOf,
  requestFields,
  signetOctets,
  userFields,
  utf8,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { type Judgement, mustBe, mustRead, mustRefuse, spoken, told } from './signet-calls.js';
import {
  flipped,
  kinds,
  organizationOf,
  previousOf,
  replaced,
  signetKinds,
  specimen,
  worldOf,
  worlds,
  written,
} from './signet-inputs.js';

const parses = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.parse' } as const;
const validates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.validate' } as const;
const prime = 'prime';

/** Fields above the cryptographic ones, one or more of each class of lengths. */
const skipped: fc.Arbitrary<readonly Field[]> = fc
  .record({
    texts: fc.uniqueArray(fc.integer({ min: 16, max: 159 }), { maxLength: 3 }),
    longTexts: fc.uniqueArray(fc.integer({ min: 160, max: 250 }), { maxLength: 3 }),
    own: fc.boolean(),
    photo: fc.boolean(),
    size: fc.integer({ min: 1, max: 255 }),
  })
  .map(({ texts, longTexts, own, photo, size }): Field[] => {
    const data = new Uint8Array(size).fill(0x61);
    return [
      ...texts.toSorted((left, right) => left - right).map((id) => ({ id, data })),
      ...longTexts.toSorted((left, right) => left - right).map((id) => ({ id, data: concat(data, data) })),
      ...(own ? [{ id: 251, name: utf8('own'), data: utf8('value') }] : []),
      ...(photo ? [{ id: 252, data: new Uint8Array(600) }] : []),
      { id: 253, data: new Uint8Array(64).fill(1) },
      { id: 254, data: utf8('example.com') },
      { id: 255, data: new Uint8Array(64).fill(2) },
    ];
  });

const lengthClasses = defineCase({
  ...parses,
  id: 'signet/prime/length-classes',
  title: 'In prime the id alone says how many octets give the length of a field, also of those that are skipped.',
  decides: ['SIG-087'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...signetKinds), fields: skipped }),
  check: async ({ world, kind, fields }, context) => {
    for (const profile of spoken(context, [prime])) {
      const right = specimen(profile, kind, worldOf(world));
      await mustRead(context, 'SIG-087', written(profile, kind, [...right.fields, ...fields]));
      // With two octets of length, the size of the text is zero, and what follows begins no field.
      const text = fieldWithLength(2, { id: 20, data: new Uint8Array(9) });
      const content = concat(fieldsOctets(profile, kind, right.fields), text, new Uint8Array(200).fill(253));
      await mustRefuse(
        context,
        'SIG-087',
        profile,
        objectOf(magics[kind], content),
        'a text with two octets of length',
      );
    }
  },
});

const checkedWhileParsing = defineCase({
  ...parses,
  id: 'signet/prime/self-signature-while-parsing',
  title: 'In prime an object whose self-signature does not hold is not read at all.',
  decides: ['SIG-089'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), place: fc.nat(63) }),
  check: async ({ world, kind, place }, context) => {
    for (const profile of spoken(context, [prime])) {
      const right = specimen(profile, kind, worldOf(world));
      await mustRead(context, 'SIG-089', right);
      const own: Record<Kind, number> = { organization: 4, user: 5, 'signing-request': 5 };
      const wrong = replaced(right.fields, own[kind], (field) => [{ ...field, data: flipped(field.data, place) }]);
      const octets = signetOctets(profile, kind, wrong);
      await mustRefuse(context, 'SIG-089', profile, octets, `${told[kind]} whose field ${own[kind]} does not hold`);
    }
  },
});

const bad: readonly Judgement[] = ['invalid', 'broken-chain', 'unknown', 'refused'];

const validators = defineCase({
  ...validates,
  id: 'signet/prime/validated-by-organization-and-predecessor',
  title: 'In prime field 6 is checked with the signet of the organization and field 4 with the previous signet.',
  decides: ['SIG-090'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, [prime])) {
      const organization = organizationOf(profile, people);
      const previous = previousOf(profile, people);
      const by = (custody: typeof people.before, signer: typeof people.before): ReturnType<typeof written> =>
        written(
          profile,
          'user',
          userFields(profile, people.user, { previous: custody.signing, signer: signer.signing }),
        );
      const right = by(people.before, people.organization);
      await mustBe(context, 'SIG-090', right, { organization, previous }, ['cryptographic'], 'a rotated signet');
      const foreign = by(people.before, people.stranger);
      await mustBe(
        context,
        'SIG-090',
        foreign,
        { organization, previous },
        bad,
        'a signet whose field 6 is by another key',
      );
      const usurped = by(people.stranger, people.organization);
      await mustBe(
        context,
        'SIG-090',
        usurped,
        { organization, previous },
        bad,
        'a signet whose field 4 is by another key',
      );
      const request = (custody: typeof people.before): ReturnType<typeof written> =>
        written(profile, 'signing-request', requestFields(profile, people.user, { previous: custody.signing }));
      await mustBe(context, 'SIG-090', request(people.before), { previous }, ['signing-request'], 'a rotation request');
      await mustBe(
        context,
        'SIG-090',
        request(people.stranger),
        { previous },
        bad,
        'a request whose field 4 is by another key',
      );
    }
  },
});

const firstRequest = defineCase({
  ...parses,
  id: 'signet/prime/request-without-custody',
  title: 'In prime a signing request without field 4 is read, and one with it as well.',
  decides: ['SIG-091'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, [prime])) {
      await mustRead(context, 'SIG-091', specimen(profile, 'signing-request', people));
      const fields = requestFields(profile, people.user, { previous: people.before.signing });
      await mustRead(context, 'SIG-091', written(profile, 'signing-request', fields));
    }
  },
});

const orderAndNumber = defineCase({
  ...parses,
  id: 'signet/prime/order-and-number',
  title: 'In prime fields out of order or there twice are refused.',
  decides: ['SIG-092'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), place: fc.nat(2), twice: fc.boolean() }),
  check: async ({ world, kind, place, twice }, context) => {
    for (const profile of spoken(context, [prime])) {
      const right = specimen(profile, kind, worldOf(world));
      await mustRead(context, 'SIG-092', right);
      const fields = [...right.fields];
      const [first, second] = [fields[place % (fields.length - 1)], fields[(place % (fields.length - 1)) + 1]];
      if (first === undefined || second === undefined) continue;
      const at = fields.indexOf(first);
      // Signatures cover the fields in the order of their ids, so that nothing but the place is wrong (section 11.5).
      fields.splice(at, 2, ...(twice ? [first, first, second] : [second, first]));
      const what = twice
        ? `${told[kind]} with field ${first.id} twice`
        : `${told[kind]} with the fields ${fields.map(({ id }) => id).join(', ')}`;
      await mustRefuse(context, 'SIG-092', profile, signetOctets(profile, kind, fields), what);
    }
  },
});

export const cases: readonly Case[] = [lengthClasses, checkedWhileParsing, validators, firstRequest, orderAndNumber];
