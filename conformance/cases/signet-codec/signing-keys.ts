/** Signing keys and secondary keys, and what they may sign (sections 4.1 and 4.2 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  type Kind,
  type Octets,
  organizationFields,
  type Profile,
  raised,
  requestFields,
  secondaryKeyField,
  signatureField,
  signetOctets,
  userFields,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import {
  allProfiles,
  generated,
  type Judgement,
  mustBe,
  octetsIn,
  profiles2015,
  quoted,
  same,
  spoken,
  told,
} from './signet-calls.js';
import { organizationOf, replaced, specimen, type World, worldOf, worlds, written } from './signet-inputs.js';

const adapter = { class: 'signet-codec', needs: ['adapter'] } as const;

const validates = { ...adapter, operation: 'signet.validate' } as const;

const generates = { ...adapter, operation: 'signet.generate' } as const;

const prefixWritten = defineCase({
  ...generates,
  id: 'signet/keys/prefix-40-written',
  title: 'In the profiles of 2015 a signing key is written as the octet 40 and the 32 octets of the key.',
  decides: ['SIG-028'],
  mostRuns: 6,
  given: () => worlds,
  check: async (_world, context) => {
    for (const profile of spoken(context, profiles2015)) {
      for (const type of ['organization', 'user'] as const) {
        const { octets, keys } = await generated(context, 'SIG-028', profile, type);
        const key = octetsIn(keys, 'signingPublic') ?? new Uint8Array(32);
        const right = concat(Uint8Array.of(1, 33, 0x40), key);
        const expected = `field 1 of profile ${profile} to be ${quoted(right)}`;
        context.require('SIG-028', same(octets.subarray(5, 40), right), expected, quoted(octets.subarray(5, 40)));
      }
    }
  },
});

/** An object with another field 1, signed as if it were right, and what it would be valid against. */
function withSigningKey(profile: Profile, kind: Kind, people: World, data: Octets): ReturnType<typeof written> {
  const first: Field = { id: 1, data };
  if (kind === 'organization') {
    const below = replaced(organizationFields(profile, people.organization).slice(0, -1), 1, () => [first]);
    const fields = raised(profile, kind, below, 4, () => people.organization.signing, {});
    return written(profile, kind, fields, { primaryKeys: [people.organization.signing.publicKey] });
  }
  const below = replaced(requestFields(profile, people.user).slice(0, -1), 1, () => [first]);
  const request = [...below, signatureField(profile, 'signing-request', below, 5, people.user.signing)];
  if (kind === 'signing-request') return written(profile, kind, request, {});
  const fields = raised(profile, 'user', request, 6, () => people.organization.signing, {});
  return written(profile, 'user', fields, { organization: organizationOf(profile, people) });
}

const notValid: readonly Judgement[] = ['refused', 'malformed', 'unknown', 'invalid'];

/** A signing key in a wrong form verifies nothing, so that no object with it is valid (section 4.4). */
function badSigningKey(
  id: string,
  decides: string,
  title: string,
  profiles: readonly Profile[],
  bad: fc.Arbitrary<{ readonly what: string; readonly of: (key: Octets, profile: Profile) => Octets }>,
): Case {
  return defineCase({
    ...validates,
    id: `signet/keys/${id}`,
    title,
    decides: [decides],
    given: () =>
      fc.record({ world: worlds, kind: fc.constantFrom('organization' as const, 'signing-request' as const), bad }),
    check: async ({ world, kind, bad: { what, of } }, context) => {
      const people = worldOf(world);
      for (const profile of spoken(context, profiles)) {
        const { publicKey } = kind === 'organization' ? people.organization.signing : people.user.signing;
        const right = specimen(profile, kind, people);
        const state = kind === 'organization' ? 'cryptographic' : 'signing-request';
        await mustBe(context, decides, right, right.against, [state], `a whole object: ${told[kind]}`);
        const wrong = withSigningKey(profile, kind, people, of(publicKey, profile));
        await mustBe(context, decides, wrong, wrong.against, notValid, `${told[kind]} whose signing key has ${what}`);
      }
    },
  });
}

const prefixChecked = badSigningKey(
  'prefix-40-demanded',
  'SIG-029',
  'A signing key with another octet than 40 before it is of no use, in the profiles of 2015.',
  profiles2015,
  fc
    .integer({ min: 0, max: 255 })
    .filter((octet) => octet !== 0x40)
    .map((octet) => ({
      what: `the prefix ${octet} instead of 64`,
      of: (key) => concat(Uint8Array.of(octet), key),
    })),
);

const lengthChecked = badSigningKey(
  'length-of-signing-key',
  'SIG-030',
  'A signing key has 33 octets with its prefix, in prime 32; with another length it is of no use.',
  allProfiles,
  fc.constantFrom(-32, -1, 1, 32).map((off) => ({
    what: `${Math.abs(off)} octets ${off < 0 ? 'less' : 'more'} than it should have`,
    of: (key, profile) => {
      const whole = profile === 'prime' ? key : concat(Uint8Array.of(0x40), key);
      return off < 0 ? whole.subarray(0, off) : concat(whole, new Uint8Array(off));
    },
  })),
);

/** A user signet of which all signatures are by the secondary key, against a signet that names it in this field. */
async function mustJudgeSecondary(
  context: Parameters<typeof mustBe>[0],
  requirement: string,
  profile: Profile,
  people: World,
  fields: readonly Field[],
  right: readonly Judgement[],
  what: string,
): Promise<void> {
  const organization = signetOctets(
    profile,
    'organization',
    organizationFields(profile, people.organization, { secondary: fields }),
  );
  const user = written(profile, 'user', userFields(profile, people.user, { signer: people.secondary.signing }));
  await mustBe(context, requirement, user, { organization }, right, what);
}

const secondaryLayout = defineCase({
  ...validates,
  id: 'signet/keys/secondary-key-layout',
  title: 'A secondary key is an octet of permissions, the octet 40 and 32 octets; in another form it is none.',
  decides: ['SIG-031'],
  given: () => worlds,
  check: async (world, context) => {
    const people = worldOf(world);
    const { publicKey } = people.secondary.signing;
    const wrong: readonly [string, Octets][] = [
      ['its prefix before its permissions', concat(Uint8Array.of(0x40, 1), publicKey)],
      ['no prefix', concat(Uint8Array.of(1), publicKey)],
      ['no permissions', concat(Uint8Array.of(0x40), publicKey)],
      ['another prefix', concat(Uint8Array.of(1, 0x41), publicKey)],
      ['its permissions at the end', concat(Uint8Array.of(0x40), publicKey, Uint8Array.of(1))],
      ['an octet too many', concat(Uint8Array.of(1, 0x40), publicKey, Uint8Array.of(0))],
    ];
    for (const profile of spoken(context, profiles2015)) {
      const right = [secondaryKeyField(1, people.secondary.signing)];
      const what = 'a user signet signed by a secondary key';
      await mustJudgeSecondary(context, 'SIG-031', profile, people, right, ['cryptographic'], what);
      for (const [how, data] of wrong) {
        const judged: readonly Judgement[] = ['invalid', 'unknown', 'refused'];
        await mustJudgeSecondary(context, 'SIG-031', profile, people, [{ id: 2, data }], judged, `${what} with ${how}`);
      }
    }
  },
});

const permissionBits = defineCase({
  ...validates,
  id: 'signet/keys/permission-bits',
  title: 'The bit 1 of a secondary key permits to sign signets; bits without a meaning are ignored.',
  decides: ['SIG-032'],
  given: () => fc.record({ world: worlds, permissions: fc.integer({ min: 0, max: 255 }).map((octet) => octet | 1) }),
  check: async ({ world, permissions }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const fields = [secondaryKeyField(permissions, people.secondary.signing)];
      const what = `a user signet signed by a secondary key with the permissions ${permissions}`;
      await mustJudgeSecondary(context, 'SIG-032', profile, people, fields, ['cryptographic'], what);
      const others = [secondaryKeyField(permissions & 0xfe, people.secondary.signing)];
      const without = `a user signet signed by a secondary key with the permissions ${permissions & 0xfe}`;
      await mustJudgeSecondary(context, 'SIG-032', profile, people, others, ['invalid'], without);
    }
  },
});

const permissionDemanded = defineCase({
  ...validates,
  id: 'signet/keys/permission-demanded',
  title: 'A secondary key that may not sign signets signs none, whatever else it may.',
  decides: ['SIG-033'],
  given: () => fc.record({ world: worlds, permissions: fc.integer({ min: 0, max: 255 }).map((octet) => octet & 0xfe) }),
  check: async ({ world, permissions }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const what = `a user signet signed by a secondary key with the permissions ${permissions}`;
      const fields = [secondaryKeyField(permissions, people.secondary.signing)];
      await mustJudgeSecondary(context, 'SIG-033', profile, people, fields, ['invalid'], what);
      // Nor do two keys together permit what neither does.
      const two = [...fields, secondaryKeyField(1, people.stranger.signing)];
      await mustJudgeSecondary(context, 'SIG-033', profile, people, two, ['invalid'], what);
    }
  },
});

const primaryForAll = defineCase({
  ...validates,
  id: 'signet/keys/primary-key-signs-everything',
  title: 'The primary key signs signets also where there are secondary keys for it.',
  decides: ['SIG-034'],
  given: () =>
    fc.record({
      world: worlds,
      permissions: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 5 }),
    }),
  check: async ({ world, permissions }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const secondary = permissions.map((octet) => secondaryKeyField(octet, people.secondary.signing));
      const fields = organizationFields(profile, people.organization, { secondary });
      const organization = signetOctets(profile, 'organization', fields);
      const user = specimen(profile, 'user', people, { form: 'identifiable' });
      const what = `a user signet signed by the primary key, beside ${permissions.length} secondary ones`;
      await mustBe(context, 'SIG-034', user, { organization }, ['identifiable'], what);
    }
  },
});

export const cases: readonly Case[] = [
  prefixWritten,
  prefixChecked,
  lengthChecked,
  secondaryLayout,
  permissionBits,
  permissionDemanded,
  primaryForAll,
];
