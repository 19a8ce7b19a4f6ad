/** Which fields there are in which object (section 3 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  fieldWithLength,
  type Kind,
  magics,
  objectOf,
  type Profile,
  utf8,
} from '../../model/signet-builder.js';
import { details, unnamedIds } from '../../model/signet-tables.js';
import { type Case, defineCase } from '../case.js';
import {
  askSigning,
  isField,
  isRefusal,
  mustBeRefused,
  mustRead,
  mustRefuse,
  parseSignet,
  profiles2015,
  show,
  signed,
  spoken,
  told,
} from './signet-calls.js';
import { detailFields, signetKinds, specimen, type World, worldOf, worlds, written } from './signet-inputs.js';

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

/** An id that an object of this kind may not have, in every form that a lenient reader could give it. */
function forbidden(id: string, decides: string, kind: Kind, title: string, ids: readonly number[]): Case {
  return defineCase({
    ...parses,
    id: `signet/fields/${id}`,
    title,
    decides: [decides],
    given: () =>
      fc.record({ world: worlds, bad: fc.constantFrom(...ids), data: fc.uint8Array({ minLength: 64, maxLength: 64 }) }),
    check: async ({ world, bad, data }, context) => {
      for (const profile of spoken(context, profiles2015)) {
        const right = specimen(profile, kind, worldOf(world));
        await mustRead(context, decides, right);
        const start = right.octets.subarray(5);
        const shapes = [
          fieldWithLength(0, { id: bad, data }),
          ...([1, 2, 3] as const).map((size) => fieldWithLength(size, { id: bad, data: data.subarray(0, 9) })),
        ];
        for (const shape of shapes) {
          // In its place by the order of ids: zero before everything, the others behind it.
          const content = bad === 0 ? concat(shape, start) : concat(start, shape);
          await mustRefuse(
            context,
            decides,
            profile,
            objectOf(magics[kind], content),
            `${told[kind]} with a field ${bad}`,
          );
        }
      }
    },
  });
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

const notInOrganization = forbidden(
  'not-in-organization',
  'SIG-015',
  'organization',
  'The signet of an organization has no field 0 and no field 5 to 15.',
  [0, ...range(5, 15)],
);

const notInUser = forbidden(
  'not-in-user',
  'SIG-016',
  'user',
  'The signet of a user has no field 0 and no field 7 to 15.',
  [0, ...range(7, 15)],
);

const notInRequest = forbidden(
  'not-in-request',
  'SIG-017',
  'signing-request',
  'A signing request has no field 0 and no field above 5.',
  [0, ...range(6, 255)],
);

const unnamed = defineCase({
  ...parses,
  id: 'signet/fields/unnamed-ids',
  title: 'Ids that the table leaves without a name are never written; read, they are refused, or kept as they are.',
  decides: ['SIG-018'],
  given: () =>
    fc
      .record({
        world: worlds,
        kind: kindOfSignet,
        choice: fc.nat(1000),
        data: fc.constantFrom('x', 'some text').map(utf8),
      })
      .map(({ choice, ...rest }) => {
        const ids = unnamedIds(rest.kind).filter((id) => id !== 251);
        return { ...rest, id: ids[choice % ids.length] ?? 28 };
      }),
  check: async ({ world, kind, id, data }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const right = withDetails(profile, kind, people, [{ id, data }]);
      const answer = await parseSignet(context, profile, right.octets);
      context.follows('unnamed-signet-fields', isRefusal(answer) ? 'refused' : 'kept');
      if (!isRefusal(answer)) {
        const seen: readonly unknown[] =
          answer.kind === 'result' && Array.isArray(answer.value.fields) ? answer.value.fields : [];
        const kept = seen.some((field) => isField(field, { id, data }));
        context.require('SIG-018', kept, `field ${id} to be refused, or else to be kept`, show(answer));
      }
      const wish = {
        signet: specimen(profile, kind, people).octets,
        seed: people.organization.signing.seed,
        as: 'full',
      } as const;
      await signed(context, 'SIG-018', profile, { ...wish, fields: [{ id: 16, data }] });
      const signing = await askSigning(context, profile, { ...wish, fields: [{ id, data }] });
      mustBeRefused(context, 'SIG-018', signing, `a new field ${id}, which has no name`);
    }
  },
});

/** Every named id once, and some more of those that repeat: what the table allows is read. */
function table(id: string, decides: string, kind: 'organization' | 'user', title: string): Case {
  return defineCase({
    ...parses,
    id: `signet/fields/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ world: worlds, fields: detailFields(kind), all: fc.boolean() }),
    check: async ({ world, fields, all }, context) => {
      const every = details[kind].map((row) => ({ id: row.id, data: utf8(row.name) }));
      for (const profile of spoken(context, profiles2015)) {
        const added = all ? every : fields;
        const right = specimen(profile, kind, worldOf(world), { form: 'identifiable', details: added });
        await mustRead(context, decides, right);
      }
    },
  });
}

const organizationTable = table(
  'organization-table',
  'SIG-022',
  'organization',
  'The fields of an organization have the ids, sizes and numbers of the table.',
);

const userTable = table(
  'user-table',
  'SIG-023',
  'user',
  'The fields of a user have the ids, sizes and numbers of the table.',
);

const requestTable = defineCase({
  ...parses,
  id: 'signet/fields/request-table',
  title: 'A signing request has two keys, alternate keys, custody and self-signature, as the table says.',
  decides: ['SIG-024'],
  given: () => fc.record({ world: worlds, custody: fc.boolean(), alternate: fc.nat(3) }),
  check: async ({ world, custody, alternate }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const keys = Array.from({ length: alternate }, () => ({ id: 3, data: people.stranger.encryption.point }));
      const { fields } = specimen(profile, 'signing-request', people);
      const signature = fields.filter(({ id }) => id === 5);
      const others = fields.filter(({ id }) => id < 5);
      const custodyField = custody ? [{ id: 4, data: new Uint8Array(64).fill(7) }] : [];
      const all = [...others, ...keys, ...custodyField, ...signature];
      await mustRead(context, 'SIG-024', written(profile, 'signing-request', all));
    }
  },
});

export const cases: readonly Case[] = [
  notInOrganization,
  notInUser,
  notInRequest,
  unnamed,
  organizationTable,
  userTable,
  requestTable,
];
