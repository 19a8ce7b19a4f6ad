/** Private key objects, plain and encrypted (sections 3.4 and 11.9 of the signets digest). */
import fc from 'fast-check';
import { concat, type Identity, type Octets, type Profile } from '../../model/signet-builder.js';
import {
  armored,
  decryptedPlain,
  type Encryption,
  encryptedKeys,
  encryptedMagics,
  encryptionId,
  type KeysType,
  keyMagics,
  keyObject,
  keyPlain,
  keysOctets,
  primeKeyFields,
} from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
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
import { flipped, worldOf, worlds } from './signet-inputs.js';

const parses = { class: 'signet-codec', needs: ['adapter'], operation: 'keys.parse' } as const;
const types = ['organization', 'user'] as const;
const anyType = fc.constantFrom(...types);

const parseKeys = (context: CaseContext, profile: Profile, octets: Octets): Promise<Answer> =>
  context.call('keys.parse', { profile, data: base64url(octets) });

/** States that an answer holds these keys. */
function mustBeKeys(
  context: CaseContext,
  requirement: string,
  answer: Answer,
  type: KeysType,
  { signing, encryption }: Identity,
  what: string,
): void {
  const right = {
    signingPrivate: signing.seed,
    signingPublic: signing.publicKey,
    encryptionPrivate: encryption.scalar,
    encryptionPublic: encryption.point,
  };
  const holds =
    answer.kind === 'result' &&
    answer.value.type === type &&
    Object.entries(right).every(([member, octets]) => same(octetsIn(answer.value, member), octets));
  const told = Object.entries(right).map(([member, octets]) => `${member} ${base64url(octets)}`);
  context.require(requirement, holds, `${what} to hold the keys of type ${type}: ${told.join(', ')}`, show(answer));
}

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

const octets64 = fc.uint8Array({ minLength: 64, maxLength: 64 });
const vectors = fc.uint8Array({ minLength: 16, maxLength: 16 });

const encryptedLabels = { organization: 'ENCRYPTED ORGANIZATIONAL KEY', user: 'ENCRYPTED USER KEY' } as const;

function decrypt(context: CaseContext, realmKey: Octets, octets: Octets): Promise<Answer> {
  return context.call('keys.decrypt', { profile: 'prime', data: base64url(octets), realmKey: base64url(realmKey) });
}

/** The octets in an armored text; empty when there are none. */
function dearmored(text: unknown): Octets {
  const lines = typeof text === 'string' ? text.split('\n') : [];
  const base64 = lines.filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line)).join('');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** What the adapter encrypts. */
async function encrypted(
  context: CaseContext,
  requirement: string,
  type: KeysType,
  identity: Identity,
  realmKey: Octets,
): Promise<Octets> {
  const answer = await context.call('keys.encrypt', {
    profile: 'prime',
    data: base64url(keysOctets('prime', type, identity)),
    realmKey: base64url(realmKey),
  });
  const octets = answer.kind === 'result' ? dearmored(answer.value.armored) : new Uint8Array(0);
  context.require(requirement, octets.length > 0, 'armored keys, encrypted', show(answer));
  return octets;
}

const rightly = (type: KeysType, identity: Identity, realmKey: Octets, vector: Octets): Encryption => ({
  magic: encryptedMagics[type],
  realmKey,
  vector,
  plain: keyPlain(primeKeyFields(type, identity)),
  lengthOctets: 4,
});

const sixOctets = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'keys.encrypt',
  id: 'keys/encrypted/header-of-six-octets',
  title: 'Encrypted keys have a header of six octets: magic 1947 or 1976, and a length of four.',
  decides: ['SIG-088'],
  given: () => fc.record({ world: worlds, type: anyType, realmKey: octets64, vector: vectors }),
  check: async ({ world, type, realmKey, vector }, context) => {
    const { user } = worldOf(world);
    spoken(context, ['prime']);
    const written = Buffer.from(await encrypted(context, 'SIG-088', type, user, realmKey));
    const holds =
      written.length > 6 &&
      written.readUInt16BE(0) === encryptedMagics[type] &&
      written.readUInt32BE(2) === written.length - 6;
    context.require('SIG-088', holds, `magic ${encryptedMagics[type]} and a length of four octets`, quoted(written));
    const right = rightly(type, user, realmKey, vector);
    const answer = await decrypt(context, realmKey, encryptedKeys(right));
    mustBeKeys(context, 'SIG-088', answer, type, user, 'encrypted keys with a header of six octets');
    const short = await decrypt(context, realmKey, encryptedKeys({ ...right, lengthOctets: 3 }));
    context.require(
      'SIG-088',
      isRefusal(short),
      'encrypted keys with a header of five octets to be refused',
      show(short),
    );
  },
});

const asDescribed = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'keys.encrypt',
  id: 'keys/encrypted/aes-256-gcm-under-a-realm-key',
  title: 'Keys are encrypted with AES-256-GCM under a realm key, vector and tag masked by its shards, and read so.',
  decides: ['SIG-093'],
  given: () => fc.record({ world: worlds, type: anyType, realmKey: octets64, vector: vectors }),
  check: async ({ world, type, realmKey, vector }, context) => {
    const { user } = worldOf(world);
    spoken(context, ['prime']);
    const right = rightly(type, user, realmKey, vector);
    const answer = await decrypt(context, realmKey, encryptedKeys(right));
    mustBeKeys(context, 'SIG-093', answer, type, user, 'keys encrypted as in section 11.9');
    const text = armored(encryptedLabels[type], encryptedKeys(right));
    const fromText = await context.call('keys.decrypt', {
      profile: 'prime',
      armored: text,
      realmKey: base64url(realmKey),
    });
    mustBeKeys(context, 'SIG-093', fromText, type, user, 'the same keys, armored');
    const written = await encrypted(context, 'SIG-093', type, user, realmKey);
    const opened = decryptedPlain(written, realmKey);
    const holds = opened !== null && same(opened.plain, right.plain);
    context.require('SIG-093', holds, `what decrypts to ${quoted(right.plain)}`, quoted(written));
  },
});

/** Ways to make encrypted keys wrong; the tag is right where it is not the tag that is wrong. */
const wrongs: readonly { readonly what: string; readonly of: (right: Encryption, place: number) => Octets }[] = [
  { what: 'one bit changed behind the header', of: (right, place) => changedBehind(encryptedKeys(right), place) },
  {
    what: 'another realm key',
    of: (right, place) => encryptedKeys({ ...right, realmKey: flipped(right.realmKey, place) }),
  },
  { what: 'the last block missing', of: (right) => resized(encryptedKeys(right).subarray(0, -16)) },
  { what: 'a block more', of: (right) => resized(concat(encryptedKeys(right), new Uint8Array(16))) },
  { what: 'one octet less', of: (right) => resized(encryptedKeys(right).subarray(0, -1)) },
  {
    what: 'padding that is not its length',
    of: (right, place) =>
      withPlain(right, (plain) => {
        plain[plain.length - 1 - (place % 8)] = 7;
      }),
  },
  {
    what: 'a pad count that is too small',
    of: (right) =>
      withPlain(right, (plain) => {
        plain[3] = 4;
      }),
  },
  {
    what: 'a size that is too large',
    of: (right) =>
      withPlain(right, (plain) => {
        plain[2] = 72;
      }),
  },
  {
    what: 'a size beyond its end',
    of: (right) =>
      withPlain(right, (plain) => {
        plain[0] = 1;
      }),
  },
];

const changedBehind = (octets: Octets, place: number): Octets =>
  concat(octets.subarray(0, 6), flipped(octets.subarray(6), place));

function withPlain(right: Encryption, change: (plain: Octets) => void): Octets {
  const plain = Uint8Array.from(right.plain);
  change(plain);
  return encryptedKeys({ ...right, plain });
}

/** With the length in its header adapted. */
function resized(octets: Octets): Octets {
  const copy = Buffer.from(octets);
  copy.writeUInt32BE(copy.length - 6, 2);
  return new Uint8Array(copy);
}

const wrongRefused = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'keys.decrypt',
  id: 'keys/encrypted/tag-size-and-padding-checked',
  title: 'Encrypted keys whose tag, size or padding is wrong are refused.',
  decides: ['SIG-094'],
  given: () =>
    fc.record({
      world: worlds,
      type: anyType,
      realmKey: octets64,
      vector: vectors,
      place: fc.nat(10_000),
      how: fc.constantFrom(...wrongs),
    }),
  check: async ({ world, type, realmKey, vector, place, how }, context) => {
    const { user } = worldOf(world);
    spoken(context, ['prime']);
    const right = rightly(type, user, realmKey, vector);
    mustBeKeys(
      context,
      'SIG-094',
      await decrypt(context, realmKey, encryptedKeys(right)),
      type,
      user,
      'encrypted keys',
    );
    const answer = await decrypt(context, realmKey, how.of(right, place));
    context.require('SIG-094', isRefusal(answer), `encrypted keys with ${how.what} to be refused`, show(answer));
  },
});

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

export const cases: readonly Case[] = [
  magic,
  seed,
  scalar,
  fieldIds,
  scalarLength,
  bothForms,
  range,
  sixOctets,
  asDescribed,
  wrongRefused,
];
