/** The chain of custody: what a rotated key brings along (sections 5.3 and 7.3 of the signets digest). */
import fc from 'fast-check';
import {
  type Field,
  forms,
  type Identity,
  type Profile,
  requestFields,
  type SigningKey,
  signatureField,
  signetOctets,
  signingKeyField,
  userFields,
  verifies,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { allProfiles, base64url, generated, mustBe, profiles2015, quoted, spoken } from './signet-calls.js';
import {
  organizationOf,
  previousOf,
  type Specimen,
  specimen,
  type World,
  worldOf,
  worlds,
  written,
} from './signet-inputs.js';

const validates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.validate' } as const;
const generates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.generate' } as const;
const anyForm = fc.constantFrom(...forms);

/** A user signet with a custody signature by this key. */
function rotated(
  profile: Profile,
  people: World,
  previous: SigningKey,
  form: (typeof forms)[number] = 'cryptographic',
): Specimen {
  const fields = userFields(profile, people.user, { previous, signer: people.organization.signing, form });
  return written(profile, 'user', fields, { organization: organizationOf(profile, people) });
}

const rotatedRequest = (profile: Profile, people: World, previous: SigningKey): Specimen =>
  written(profile, 'signing-request', requestFields(profile, people.user, { previous }));

/** The fields of a request as they stand in its octets: of fixed sizes, since nothing else is in it. */
function requestParts(profile: Profile, octets: Uint8Array): { readonly below: Uint8Array; readonly rest: Uint8Array } {
  const size = (profile === 'prime' ? 34 : 35) + (profile === 'dime-2015' ? 36 : 35);
  return { below: octets.subarray(5, 5 + size), rest: octets.subarray(5 + size) };
}

const rotationMade = defineCase({
  ...generates,
  id: 'signet/custody/rotation-made',
  title:
    'On key rotation field 4 is signed by the key before over the fields 1 to 3, and then field 5 over all of them.',
  decides: ['SIG-040'],
  mostRuns: 8,
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    const { signing, encryption } = people.before;
    for (const profile of spoken(context, allProfiles)) {
      const { octets, keys } = await generated(context, 'SIG-040', profile, 'user', {
        previous: {
          signet: base64url(previousOf(profile, people)),
          keys: {
            signingPrivate: base64url(signing.seed),
            signingPublic: base64url(signing.publicKey),
            encryptionPrivate: base64url(encryption.scalar),
            encryptionPublic: base64url(encryption.point),
          },
        },
      });
      const { below, rest } = requestParts(profile, octets);
      const own = below.subarray(profile === 'prime' ? 2 : 3, profile === 'prime' ? 34 : 35);
      const isWhole = rest.length === 130 && rest[0] === 4 && rest[65] === 5;
      context.require('SIG-040', isWhole, 'a request with the fields 4 and 5 behind its keys', quoted(octets));
      const custody = verifies(signing.publicKey, below, rest.subarray(1, 65));
      context.require('SIG-040', custody, 'field 4 to be by the key before, over the fields before it', quoted(octets));
      const self = verifies(own, octets.subarray(5, octets.length - 65), rest.subarray(66));
      context.require('SIG-040', self, 'field 5 to be by the new key, over field 4 as well', quoted(octets));
      context.require('SIG-040', keys !== undefined, 'the new keys beside the request', quoted(octets));
    }
  },
});

const firstWithout = defineCase({
  ...generates,
  id: 'signet/custody/none-in-a-first-request',
  title: 'The first signing request of a user has no field 4.',
  decides: ['SIG-041'],
  mostRuns: 6,
  given: () => worlds,
  check: async (_world, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { octets } = await generated(context, 'SIG-041', profile, 'user');
      const { rest } = requestParts(profile, octets);
      const holds = rest.length === 65 && rest[0] === 5;
      context.require('SIG-041', holds, 'a request that has field 5 alone behind its keys', quoted(octets));
    }
  },
});

const demanded = defineCase({
  ...validates,
  id: 'signet/custody/demanded-with-a-previous-signet',
  title: 'When a previous signet is given and field 4 is absent, the chain is broken.',
  decides: ['SIG-057'],
  given: () => fc.record({ world: worlds, form: anyForm }),
  check: async ({ world, form }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const previous = previousOf(profile, people);
      const user = specimen(profile, 'user', people, { form });
      const against = { ...user.against, previous };
      await mustBe(context, 'SIG-057', user, against, ['broken-chain'], 'a signet without custody and a previous one');
      const request = specimen(profile, 'signing-request', people);
      await mustBe(
        context,
        'SIG-057',
        request,
        { previous },
        ['broken-chain'],
        'a request without custody and a previous signet',
      );
    }
  },
});

const verified = defineCase({
  ...validates,
  id: 'signet/custody/by-the-previous-key',
  title: "Field 4 that the previous signet's key did not make breaks the chain; made by it, the signet is valid.",
  decides: ['SIG-058'],
  given: () => fc.record({ world: worlds, form: anyForm }),
  check: async ({ world, form }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const previous = previousOf(profile, people);
      const right = rotated(profile, people, people.before.signing, form);
      await mustBe(context, 'SIG-058', right, { ...right.against, previous }, [form], 'a rotated signet');
      const wrong = rotated(profile, people, people.stranger.signing, form);
      const what = 'a rotated signet whose custody is by another key';
      await mustBe(context, 'SIG-058', wrong, { ...wrong.against, previous }, ['broken-chain'], what);
    }
  },
});

const requestAlone = defineCase({
  ...validates,
  id: 'signet/custody/request-without-previous',
  title: 'A signing request with field 4 has a broken chain when no previous signet is given.',
  decides: ['SIG-059'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const request = rotatedRequest(profile, people, people.before.signing);
      await mustBe(context, 'SIG-059', request, {}, ['broken-chain'], 'a request with custody and no previous signet');
    }
  },
});

const fieldFour = defineCase({
  ...validates,
  id: 'signet/custody/field-4-of-a-request',
  title: 'Of a signing request field 4, not field 5, is verified with the previous key.',
  decides: ['SIG-060'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const previous = previousOf(profile, people);
      const right = rotatedRequest(profile, people, people.before.signing);
      await mustBe(context, 'SIG-060', right, { previous }, ['signing-request'], 'a rotation request');
      // Of a user who keeps the key: field 5 verifies with the previous key, field 4 does not.
      const same: Identity = { ...people.user, signing: people.before.signing };
      const below: Field[] = [signingKeyField(profile, same.signing), { id: 2, data: same.encryption.point }];
      below.push(signatureField(profile, 'signing-request', below, 4, people.stranger.signing));
      below.push(signatureField(profile, 'signing-request', below, 5, same.signing));
      const wrong = written(profile, 'signing-request', below);
      const what = 'a request whose field 5 alone is by the previous key';
      await mustBe(context, 'SIG-060', wrong, { previous }, ['broken-chain'], what);
    }
  },
});

const previousIsUser = defineCase({
  ...validates,
  id: 'signet/custody/previous-is-a-user-signet',
  title: 'The previous signet has to be one of a user: another breaks the chain, though its key made field 4.',
  decides: ['SIG-061'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const others = {
        organization: organizationOf(profile, people),
        'signing request': signetOctets(profile, 'signing-request', requestFields(profile, people.before)),
      };
      for (const [what, previous] of Object.entries(others)) {
        const key = what === 'organization' ? people.organization.signing : people.before.signing;
        const user = rotated(profile, people, key);
        const told = `a rotated signet whose previous one is that of a ${what}`;
        await mustBe(context, 'SIG-061', user, { ...user.against, previous }, ['broken-chain'], told);
        const request = rotatedRequest(profile, people, key);
        await mustBe(context, 'SIG-061', request, { previous }, ['broken-chain'], `a request: ${told}`);
      }
    }
  },
});

const userAlone = defineCase({
  ...validates,
  id: 'signet/custody/user-without-previous',
  title: 'A user signet with field 4 has a broken chain when no previous signet is given.',
  decides: ['SIG-062'],
  given: () => fc.record({ world: worlds, form: anyForm }),
  check: async ({ world, form }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const user = rotated(profile, people, people.before.signing, form);
      const what = 'a rotated signet and no previous one';
      await mustBe(context, 'SIG-062', user, user.against, ['broken-chain'], what);
      const first = specimen(profile, 'user', people, { form });
      await mustBe(context, 'SIG-062', first, first.against, [form], 'a first signet and no previous one');
    }
  },
});

export const cases: readonly Case[] = [
  rotationMade,
  firstWithout,
  demanded,
  verified,
  requestAlone,
  fieldFour,
  previousIsUser,
  userAlone,
];
