/** How fields are written when a signet is signed (sections 2 and 3 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  fieldsOctets,
  magics,
  type Octets,
  objectOf,
  type Profile,
  secondaryKeyField,
  signatureField,
  signetOctets,
  utf8,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import {
  askSigning,
  isRefusal,
  mustBeRefused,
  octetsIn,
  profiles2015,
  quoted,
  same,
  signed,
  spoken,
} from './signet-calls.js';
import { detailFields, signetKinds, specimen, texts, type World, worldOf, worlds } from './signet-inputs.js';

const signs = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.sign' } as const;

const kindOfSignet = fc.constantFrom(...signetKinds);

/** What the adapter makes of a request or of a lower form, and what the digest makes of it. */
interface Expected {
  readonly seen: Octets;
  readonly right: Octets;
}

async function fullOf(
  context: Parameters<typeof signed>[0],
  requirement: string,
  profile: Profile,
  kind: 'organization' | 'user',
  people: World,
  fields: readonly Field[],
): Promise<Expected> {
  const right = specimen(profile, kind, people, { form: 'full', details: fields });
  const seen = await signed(context, requirement, profile, {
    ...(kind === 'user'
      ? { signingRequest: specimen(profile, 'signing-request', people).octets }
      : { signet: specimen(profile, kind, people).octets }),
    seed: people.organization.signing.seed,
    as: 'full',
    fields,
  });
  return { seen, right: right.octets };
}

/** Ed25519 is deterministic, so that what is signed can be compared octet by octet. */
function writes(id: string, decides: string, title: string, fields: fc.Arbitrary<readonly Field[]>): Case {
  return defineCase({
    ...signs,
    id: `signet/making/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ world: worlds, kind: kindOfSignet, fields }),
    check: async ({ world, kind, fields: added }, context) => {
      for (const profile of spoken(context, profiles2015)) {
        const { seen, right } = await fullOf(context, decides, profile, kind, worldOf(world), added);
        context.require(decides, same(seen, right), `the ${kind} of profile ${profile} ${quoted(right)}`, quoted(seen));
      }
    },
  });
}

const field = (id: number, data: Octets): Field => ({ id, data });

const filled = (size: number): Octets => new Uint8Array(size).fill(0x61);

const lengthsWritten = writes(
  'length-octets-written',
  'SIG-007',
  'The size of a field is written in as many octets as the table of the fields says.',
  fc
    .record({
      name: fc.constantFrom(1, 255),
      website: fc.constantFrom(1, 255, 256, 700),
      photo: fc.constantFrom(1, 256, 66_000),
    })
    .map(({ name, website, photo }) => [
      field(16, filled(name)),
      field(160, filled(website)),
      field(252, filled(photo)),
    ]),
);

const signaturesWritten = writes(
  'signatures-without-length-written',
  'SIG-008',
  'A signature is written as its id and 64 octets.',
  fc.constant([]),
);

const undefinedWritten = writes(
  'undefined-fields-written',
  'SIG-009',
  'An undefined field is written as 251, one octet for the length of its name, the name, two for its data, the data.',
  fc.array(fc.record({ id: fc.constant(251), name: texts, data: texts }), { minLength: 1, maxLength: 3 }),
);

const ascending = defineCase({
  ...signs,
  id: 'signet/making/ascending-ids-written',
  title: 'Fields are written in the order of their ids, in whatever order they are given.',
  decides: ['SIG-011'],
  given: () =>
    kindOfSignet.chain((kind) =>
      fc.record({
        world: worlds,
        kind: fc.constant(kind),
        fields: detailFields(kind, texts).chain((fields) => fc.shuffledSubarray(fields, { minLength: fields.length })),
      }),
    ),
  check: async ({ world, kind, fields }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const ids = fields.map(({ id }) => id);
      const sorted = [...fields].sort((left, right) => left.id - right.id);
      const wish = {
        signet: specimen(profile, kind, people).octets,
        seed: people.organization.signing.seed,
        as: 'full',
      } as const;
      const answer = await askSigning(context, profile, { ...wish, fields });
      // To refuse fields in another order keeps the order as well.
      const seen = isRefusal(answer)
        ? await signed(context, 'SIG-011', profile, { ...wish, fields: sorted })
        : answer.kind === 'result'
          ? octetsIn(answer.value, 'signet')
          : null;
      const right = specimen(profile, kind, people, { form: 'full', details: sorted });
      const holds = seen !== null && same(seen, right.octets);
      context.require(
        'SIG-011',
        holds,
        `the fields ${ids.join(', ')} to be written in the order of their ids`,
        quoted(seen ?? new Uint8Array(0)),
      );
    }
  },
});

/** Octets that are no UTF-8: a lone continuation, a cut character, an overlong form, a surrogate, too high a number. */
const illFormed = fc
  .constantFrom([0x80], [0x41, 0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff])
  .map((octets) => Uint8Array.from(octets));

const wellFormedTexts = defineCase({
  ...signs,
  id: 'signet/making/ill-formed-texts-refused',
  title: 'A text that is no UTF-8 is refused when a signet is made.',
  decides: ['SIG-085'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, id: fc.constantFrom(16, 25, 160, 200), data: illFormed }),
  check: async ({ world, kind, id, data }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const wish = {
        signet: specimen(profile, kind, people).octets,
        seed: people.organization.signing.seed,
        as: 'full',
      } as const;
      await signed(context, 'SIG-085', profile, { ...wish, fields: [field(id, utf8('größe'))] });
      const answer = await askSigning(context, profile, { ...wish, fields: [field(id, data)] });
      mustBeRefused(context, 'SIG-085', answer, `field ${id} with the octets ${Buffer.from(data).toString('hex')}`);
    }
  },
});

const headerWritten = defineCase({
  ...signs,
  id: 'signet/making/header-written',
  title: 'The header that is written is the magic number and the length in three octets, the greatest first.',
  decides: ['SIG-004'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, size: fc.constantFrom(1, 400, 66_000) }),
  check: async ({ world, kind, size }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const { seen } = await fullOf(context, 'SIG-004', profile, kind, worldOf(world), [field(252, filled(size))]);
      const right = objectOf(magics[kind], seen.subarray(5)).subarray(0, 5);
      context.require(
        'SIG-004',
        same(seen.subarray(0, 5), right),
        `the header ${quoted(right)}`,
        quoted(seen.subarray(0, 5)),
      );
    }
  },
});

const secondaryWritten = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'signet.sign',
  id: 'signet/making/secondary-keys-kept',
  title: 'Secondary keys stay as they are, permission octet, 40 and key, when a signet is raised to a higher form.',
  decides: ['SIG-031'],
  given: () => fc.record({ world: worlds, permissions: fc.integer({ min: 0, max: 15 }) }),
  check: async ({ world, permissions }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const { signing, encryption } = people.organization;
      const below = [
        { id: 1, data: concat(Uint8Array.of(0x40), signing.publicKey) },
        secondaryKeyField(permissions, people.secondary.signing),
        field(3, encryption.point),
      ];
      const part = [...below, signatureField(profile, 'organization', below, 4, signing)];
      const seen = await signed(context, 'SIG-031', profile, {
        signet: signetOctets(profile, 'organization', part),
        seed: signing.seed,
        as: 'full',
      });
      const right = fieldsOctets(profile, 'organization', part);
      const kept = same(seen.subarray(5, 5 + right.length), right);
      context.require('SIG-031', kept, `the fields ${quoted(right)} to stay`, quoted(seen));
    }
  },
});

export const cases: readonly Case[] = [
  headerWritten,
  lengthsWritten,
  signaturesWritten,
  undefinedWritten,
  ascending,
  secondaryWritten,
  wellFormedTexts,
];
