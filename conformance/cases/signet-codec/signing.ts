/** By whom signatures are made, and what is refused to be signed (section 5 of the signets digest). */
import fc from 'fast-check';
import {
  type Field,
  forms,
  type Octets,
  requestFields,
  signatureField,
  signetOctets,
  userFields,
  verifies,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import {
  allProfiles,
  askSigning,
  generated,
  mustBeRefused,
  octetsIn,
  profiles2015,
  quoted,
  same,
  signed,
  spoken,
  told,
} from './signet-calls.js';
import { flipped, formIn, signetKinds, specimen, worldOf, worlds } from './signet-inputs.js';

const signs = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.sign' } as const;

const anyForm = fc.constantFrom(...forms);

const kindOfSignet = fc.constantFrom(...signetKinds);

const identifiers = fc.stringMatching(/^[a-z]{1,9}@[a-z]{1,9}\.example$/);

const ownKey = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'signet.generate',
  id: 'signet/making/request-signed-by-its-own-key',
  title: 'A signing request is signed with the key in its field 1.',
  decides: ['SIG-039'],
  mostRuns: 6,
  given: () => worlds,
  check: async (_world, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { octets, keys } = await generated(context, 'SIG-039', profile, 'user');
      const own = octetsIn(keys, 'signingPublic') ?? octets.subarray(profile === 'prime' ? 7 : 8).subarray(0, 32);
      const holds = verifies(own, octets.subarray(5, -65), octets.subarray(-64)) && octets.at(-65) === 5;
      context.require(
        'SIG-039',
        holds,
        `field 5 of a request of profile ${profile} to be by its own key`,
        quoted(octets),
      );
    }
  },
});

const byPrimaryKey = defineCase({
  ...signs,
  id: 'signet/making/organization-signed-by-primary-key',
  title: 'The signet of an organization is signed with its primary key, in all its forms.',
  decides: ['SIG-042'],
  given: () => fc.record({ world: worlds, form: anyForm }),
  check: async ({ world, form }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      const made = await generated(context, 'SIG-042', profile, 'organization');
      const own = octetsIn(made.keys, 'signingPublic') ?? new Uint8Array(0);
      const holds = verifies(own, made.octets.subarray(5, -65), made.octets.subarray(-64)) && made.octets.at(-65) === 4;
      context.require(
        'SIG-042',
        holds,
        `field 4 of a new signet of profile ${profile} to be by its own key`,
        quoted(made.octets),
      );
      if (profile === 'prime') continue;
      const right = specimen(profile, 'organization', people, { form, identifier: 'example.com' });
      const seen = await signed(context, 'SIG-042', profile, {
        signet: specimen(profile, 'organization', people).octets,
        seed: people.organization.signing.seed,
        as: form,
        ...(form === 'identifiable' ? { identifier: 'example.com' } : {}),
      });
      context.require('SIG-042', same(seen, right.octets), `the ${form} signet ${quoted(right.octets)}`, quoted(seen));
    }
  },
});

const byOrganization = defineCase({
  ...signs,
  id: 'signet/making/user-signed-by-organization',
  title: 'The signet of a user is signed with the key of the organization, or a secondary one that may sign signets.',
  decides: ['SIG-043'],
  given: () => fc.record({ world: worlds, form: anyForm, identifier: identifiers, secondary: fc.boolean() }),
  check: async ({ world, form, identifier, secondary }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      const signer = secondary && profile !== 'prime' ? people.secondary.signing : people.organization.signing;
      const as = formIn(profile, form);
      const fields = userFields(profile, people.user, { signer, form: as, identifier });
      const right = signetOctets(profile, 'user', fields);
      const seen = await signed(context, 'SIG-043', profile, {
        signingRequest: specimen(profile, 'signing-request', people).octets,
        seed: signer.seed,
        as,
        ...(as === 'identifiable' ? { identifier } : {}),
      });
      context.require('SIG-043', same(seen, right), `the ${as} signet ${quoted(right)}`, quoted(seen));
    }
  },
});

const field = (id: number, data: Octets): Field => ({ id, data });

const requestKept = defineCase({
  ...signs,
  id: 'signet/making/fields-of-the-request-kept',
  title: 'The fields of a signing request stand in the signet octet by octet.',
  decides: ['SIG-044'],
  given: () => fc.record({ world: worlds, form: anyForm, alternate: fc.nat(2) }),
  check: async ({ world, form, alternate }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      // Alternate keys cannot be signed in dime-2015 (OQ-21), and PRIME never writes them.
      const keys = profile === 'dime-2015-magma' ? alternate : 0;
      const parts = { alternate: Array.from({ length: keys }, () => field(3, people.stranger.encryption.point)) };
      const request = signetOctets(profile, 'signing-request', requestFields(profile, people.user, parts));
      const as = formIn(profile, form);
      const seen = await signed(context, 'SIG-044', profile, {
        signingRequest: request,
        seed: people.organization.signing.seed,
        as,
        ...(as === 'identifiable' ? { identifier: 'user@example.com' } : {}),
      });
      const kept = same(seen.subarray(5, request.length), request.subarray(5)) && seen[0] === 0x06 && seen[1] === 0xfd;
      context.require('SIG-044', kept, `magic 1789 and the fields of ${quoted(request)} at the start`, quoted(seen));
    }
  },
});

const nothingMissing = defineCase({
  ...signs,
  id: 'signet/making/not-while-a-field-is-missing',
  title: 'Nothing is signed while a field that is required below is missing.',
  decides: ['SIG-045'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, missing: fc.nat(3) }),
  check: async ({ world, kind, missing }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const { seed } = people.organization.signing;
      const whole = specimen(profile, kind, people);
      await signed(context, 'SIG-045', profile, { signet: whole.octets, seed, as: 'full' });
      const nameless = await askSigning(context, profile, { signet: whole.octets, seed, as: 'identifiable' });
      mustBeRefused(context, 'SIG-045', nameless, `an identifiable ${kind} without an identifier (field 254)`);
      const required = kind === 'organization' ? [1, 3] : [1, 2, 5];
      const id = required[missing % required.length] ?? 1;
      const left = whole.fields.filter((one) => one.id !== id && one.id !== (kind === 'organization' ? 4 : 6));
      const answer = await askSigning(context, profile, {
        signet: signetOctets(profile, kind, left),
        seed,
        as: 'cryptographic',
      });
      mustBeRefused(context, 'SIG-045', answer, `${told[kind]} without field ${id}`);
    }
  },
});

const validatedBefore = defineCase({
  ...signs,
  id: 'signet/making/request-validated-before',
  title: 'A signing request is validated before it is signed: one whose self-signature does not hold is refused.',
  decides: ['SIG-046'],
  given: () => fc.record({ world: worlds, place: fc.nat(63), form: anyForm, stranger: fc.boolean() }),
  check: async ({ world, place, form, stranger }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      const fields = requestFields(profile, people.user);
      const below = fields.slice(0, -1);
      const last = signatureField(profile, 'signing-request', below, 5, people.stranger.signing);
      const own = fields.at(-1)?.data ?? new Uint8Array(64);
      const bad = stranger ? last : { id: 5, data: flipped(own, place) };
      const as = formIn(profile, form);
      const wish = {
        seed: people.organization.signing.seed,
        as,
        ...(as === 'identifiable' ? { identifier: 'user@example.com' } : {}),
      };
      const wrong = signetOctets(profile, 'signing-request', [...below, bad]);
      const answer = await askSigning(context, profile, { ...wish, signingRequest: wrong });
      mustBeRefused(context, 'SIG-046', answer, `a request whose field 5 is ${stranger ? 'by another key' : 'wrong'}`);
      await signed(context, 'SIG-046', profile, {
        ...wish,
        signingRequest: signetOctets(profile, 'signing-request', fields),
      });
    }
  },
});

export const cases: readonly Case[] = [
  ownKey,
  byPrimaryKey,
  byOrganization,
  requestKept,
  nothingMissing,
  validatedBefore,
];
