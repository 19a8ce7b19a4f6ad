/** What tells the three profiles apart (sections 0 and 2.5 of the signets digest). */
import fc from 'fast-check';
import { fieldOctets, type Kind, type Profile } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import {
  allProfiles,
  askSigning,
  generated,
  isRefusal,
  mustRead,
  octetsIn,
  parseSignet,
  quoted,
  same,
  show,
  spoken,
  told,
} from './signet-calls.js';
import { kinds, specimen, worldOf, worlds } from './signet-inputs.js';

const adapter = { class: 'signet-codec', needs: ['adapter'] } as const;

const parses = { ...adapter, operation: 'signet.parse' } as const;

const generates = { ...adapter, operation: 'signet.generate' } as const;

const encryptionId = (kind: Kind): 2 | 3 => (kind === 'organization' ? 3 : 2);

/** The length of the encryption key stands in one octet or two: in what is read and in what is made. */
function encryptionLength(id: string, decides: string, title: string, profiles: readonly Profile[]): Case {
  return defineCase({
    ...generates,
    id: `signet/dialects/${id}`,
    title,
    decides: [decides],
    mostRuns: 6,
    given: () => worlds,
    check: async (world, context) => {
      for (const profile of spoken(context, profiles)) {
        for (const kind of kinds) await mustRead(context, decides, specimen(profile, kind, worldOf(world)));
        for (const type of ['organization', 'user'] as const) {
          const made = await generated(context, decides, profile, type);
          const kind = type === 'organization' ? type : 'signing-request';
          const point = octetsIn(made.keys, 'encryptionPublic') ?? new Uint8Array(33);
          const field = fieldOctets(profile, kind, { id: encryptionId(kind), data: point });
          // Behind the header and field 1.
          const start = 5 + (profile === 'prime' ? 34 : 35);
          const seen = made.octets.subarray(start, start + field.length);
          const expected = `the encryption key of ${told[kind]} of profile ${profile} to be written as ${quoted(field)}`;
          context.require(decides, same(seen, field), expected, quoted(seen));
        }
      }
    },
  });
}

const twoOctets = encryptionLength(
  'two-length-octets',
  'SIG-025',
  'In profile dime-2015 the length of an encryption key stands in two octets.',
  ['dime-2015'],
);

const oneOctet = encryptionLength(
  'one-length-octet',
  'SIG-026',
  'In the profiles dime-2015-magma and prime the length of an encryption key stands in one octet.',
  ['dime-2015-magma', 'prime'],
);

const dialectKept = defineCase({
  ...parses,
  id: 'signet/dialects/told-apart-and-kept',
  title: 'An object of another profile is recognised or refused, never misread; what is signed keeps its profile.',
  decides: ['SIG-027'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds) }),
  check: async ({ world, kind }, context) => {
    const people = worldOf(world);
    const here = spoken(context, allProfiles);
    for (const profile of here) {
      for (const other of allProfiles.filter((one) => one !== profile)) {
        const { octets, fields } = specimen(other, kind, people);
        const answer = await parseSignet(context, profile, octets);
        if (isRefusal(answer)) continue;
        const keys = answer.kind === 'result' && Array.isArray(answer.value.fields) ? answer.value.fields : [];
        const point = fields.find(({ id }) => id === encryptionId(kind))?.data ?? new Uint8Array(0);
        const found = (keys as unknown[]).some((field) => same(octetsIn(field, 'data'), point));
        const what = `${told[kind]} of profile ${other}, given as ${profile}, to be refused, or to be read as what it is`;
        context.require('SIG-027', found, what, show(answer));
      }
      if (kind !== 'signing-request') continue;
      const { octets } = specimen(profile, kind, people);
      const answer = await askSigning(context, profile, {
        signingRequest: octets,
        seed: people.organization.signing.seed,
        as: 'cryptographic',
      });
      const signet = answer.kind === 'result' ? octetsIn(answer.value, 'signet') : null;
      const kept = signet !== null && same(signet.subarray(5, octets.length), octets.subarray(5));
      context.require(
        'SIG-027',
        kept,
        `the fields of ${quoted(octets)} to stay as they are in the signet`,
        show(answer),
      );
    }
  },
});

export const cases: readonly Case[] = [twoOctets, oneOctet, dialectKept];
