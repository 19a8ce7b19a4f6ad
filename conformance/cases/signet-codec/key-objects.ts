/** Private key objects (section 3.4 of the signets digest). */
import fc from 'fast-check';
import { concat, type Identity, type Octets, type Profile } from '../../model/signet-builder.js';
import { encryptionId, keyMagics, keyObject, keysOctets } from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { mustBeKeys } from './keys-calls.js';
import {
  type Answer,
  allProfiles,
  base64url,
  isRefusal,
  octetsIn,
  profiles2015,
  quoted,
  same,
  show,
  spoken,
} from './signet-calls.js';
import { worldOf, worlds } from './signet-inputs.js';

const parses = { class: 'signet-codec', needs: ['adapter'], operation: 'keys.parse' } as const;

const types = ['organization', 'user'] as const;

const anyType = fc.constantFrom(...types);

const parseKeys = (context: CaseContext, profile: Profile, octets: Octets): Promise<Answer> =>
  context.call('keys.parse', { profile, data: base64url(octets) });

async function mustRefuse(
  context: CaseContext,
  requirement: string,
  profile: Profile,
  octets: Octets,
  because: string,
): Promise<void> {
  const answer = await parseKeys(context, profile, octets);
  const expected = `${because} (profile ${profile}): ${quoted(octets)} to be refused as invalid`;
  context.require(requirement, isRefusal(answer), expected, show(answer));
}

const magic = defineCase({
  ...parses,
  id: 'keys/objects/magic-numbers',
  title: 'Magic 1952 begins the keys of an organization and 2013 those of a user; another begins no keys.',
  decides: ['SIG-002'],
  given: () =>
    fc.record({
      world: worlds,
      type: anyType,
      other: fc
        .oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(1776, 1789, 1215, 1947, 1976))
        .filter((number) => !(Object.values(keyMagics) as number[]).includes(number)),
    }),
  check: async ({ world, type, other }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { organization } = worldOf(world);
      const octets = keysOctets(profile, type, organization);
      mustBeKeys(context, 'SIG-002', await parseKeys(context, profile, octets), type, organization, 'a key object');
      const wrong = concat(Uint8Array.of(other >> 8, other & 0xff), octets.subarray(2));
      await mustRefuse(context, 'SIG-002', profile, wrong, `keys with the magic ${other}`);
    }
  },
});

/** The private key in one field, at its right size and at others. */
function privateKey(
  id: string,
  decides: string,
  title: string,
  of: (identity: Identity, resize: (octets: Octets) => Octets) => readonly [Octets, Octets],
): Case {
  return defineCase({
    ...parses,
    id: `keys/objects/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ world: worlds, type: anyType, off: fc.constantFrom(-32, -1, 1, 32) }),
    check: async ({ world, type, off }, context) => {
      const { user } = worldOf(world);
      const resize = (octets: Octets): Octets =>
        off < 0 ? octets.subarray(0, off) : concat(new Uint8Array(off), octets);
      for (const profile of spoken(context, allProfiles)) {
        const octets = keysOctets(profile, type, user);
        mustBeKeys(context, decides, await parseKeys(context, profile, octets), type, user, `keys ${quoted(octets)}`);
        const wrong = keyObject(profile, type, ...of(user, resize));
        await mustRefuse(context, decides, profile, wrong, `keys of which one has ${32 + off} octets`);
      }
    },
  });
}

const seed = privateKey(
  'seed-of-32-octets',
  'SIG-068',
  'The signing key is the Ed25519 seed of 32 octets, in field 1.',
  ({ signing, encryption }, resize) => [resize(signing.seed), encryption.scalar],
);

const scalar = privateKey(
  'scalar-of-32-octets',
  'SIG-069',
  'The encryption key is the scalar in 32 octets, the greatest first, in field 3 of an organization and 2 of a user.',
  ({ signing, encryption }, resize) => [signing.seed, resize(encryption.scalar)],
);

const fieldIds = defineCase({
  ...parses,
  id: 'keys/objects/field-ids',
  title: 'The scalar stands in field 3 of the keys of an organization and in field 2 of those of a user.',
  decides: ['SIG-069'],
  given: () => fc.record({ world: worlds, type: anyType }),
  check: async ({ world, type }, context) => {
    const { user } = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      const octets = keysOctets(profile, type, user);
      mustBeKeys(context, 'SIG-069', await parseKeys(context, profile, octets), type, user, 'a key object');
      const wrong = Uint8Array.from(octets);
      // Behind the header and field 1 with its length and 32 octets.
      wrong[5 + 34] = encryptionId[type === 'user' ? 'organization' : 'user'];
      await mustRefuse(context, 'SIG-069', profile, wrong, 'keys with the scalar in the field of the other type');
    }
  },
});

const scalarLength = defineCase({
  ...parses,
  id: 'keys/objects/length-of-the-scalar',
  title: 'The length of the scalar stands in two octets in dime-2015 and in one in the other profiles.',
  decides: ['SIG-070'],
  given: () => fc.record({ world: worlds, type: anyType }),
  check: async ({ world, type }, context) => {
    const { user } = worldOf(world);
    for (const profile of spoken(context, allProfiles)) {
      const octets = keysOctets(profile, type, user);
      mustBeKeys(context, 'SIG-070', await parseKeys(context, profile, octets), type, user, `keys ${quoted(octets)}`);
    }
  },
});

const bothForms = defineCase({
  ...parses,
  id: 'keys/objects/both-forms-read',
  title: 'Keys whose scalar has the other number of length octets are read as well.',
  decides: ['SIG-071'],
  given: () => fc.record({ world: worlds, type: anyType }),
  check: async ({ world, type }, context) => {
    const { user } = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const other = profile === 'dime-2015' ? 'dime-2015-magma' : 'dime-2015';
      const octets = keysOctets(other, type, user);
      const what = `keys of profile ${other}, given as ${profile}: ${quoted(octets)}`;
      mustBeKeys(context, 'SIG-071', await parseKeys(context, profile, octets), type, user, what);
    }
  },
});

/** The order of the group of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const scalarOf = (value: bigint): Octets => new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));

const range = defineCase({
  ...parses,
  id: 'keys/objects/scalar-in-range',
  title: 'A scalar is at least 1 and below the order of the group.',
  decides: ['SIG-072'],
  given: () =>
    fc.record({
      world: worlds,
      type: anyType,
      bad: fc.oneof(
        fc.constantFrom(0n, order, order + 1n, 2n ** 256n - 1n),
        fc.bigInt({ min: order, max: 2n ** 256n - 1n }),
      ),
      good: fc.constantFrom(1n, 2n, order - 1n),
    }),
  check: async ({ world, type, bad, good }, context) => {
    const { signing } = worldOf(world).user;
    for (const profile of spoken(context, allProfiles)) {
      const right = keyObject(profile, type, signing.seed, scalarOf(good));
      const answer = await parseKeys(context, profile, right);
      const taken = answer.kind === 'result' && same(octetsIn(answer.value, 'encryptionPrivate'), scalarOf(good));
      context.require('SIG-072', taken, `the scalar ${base64url(scalarOf(good))} to be taken`, show(answer));
      const wrong = keyObject(profile, type, signing.seed, scalarOf(bad));
      await mustRefuse(context, 'SIG-072', profile, wrong, `keys with the scalar ${base64url(scalarOf(bad))}`);
    }
  },
});

export const cases: readonly Case[] = [magic, seed, scalar, fieldIds, scalarLength, bothForms, range];
