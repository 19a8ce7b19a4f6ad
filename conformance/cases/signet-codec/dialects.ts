/** What tells the three profiles apart, and the keys in a signet (sections 0, 2.5 and 4 of the signets digest). */
import fc from 'fast-check';
import {
  concat,
  type Field,
  fieldOctets,
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
  askSigning,
  type Generated,
  generated,
  isRefusal,
  type Judgement,
  mustBe,
  mustRead,
  octetsIn,
  parseSignet,
  profiles2015,
  quoted,
  same,
  show,
  spoken,
} from './signet-calls.js';
import { kinds, organizationOf, replaced, specimen, type World, worldOf, worlds, written } from './signet-inputs.js';

const adapter = { class: 'signet-codec', needs: ['adapter'] } as const;
const parses = { ...adapter, operation: 'signet.parse' } as const;
const validates = { ...adapter, operation: 'signet.validate' } as const;
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
          const expected = `the encryption key of a ${kind} of profile ${profile} to be written as ${quoted(field)}`;
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
        const what = `a ${kind} of profile ${other}, given as ${profile}, to be refused, or to be read as what it is`;
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
        await mustBe(context, decides, right, right.against, [state], `a right ${kind}`);
        const wrong = withSigningKey(profile, kind, people, of(publicKey, profile));
        await mustBe(context, decides, wrong, wrong.against, notValid, `${kind} whose signing key has ${what}`);
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

/** y² = x³ + 7 over the field of secp256k1. */
const prime = 2n ** 256n - 2n ** 32n - 977n;

function powerMod(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base % prime;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % prime;
    factor = (factor * factor) % prime;
  }
  return result;
}

const numberOf = (octets: Octets): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);

function isOnCurve(point: Octets): boolean {
  if (point.length !== 33 || (point[0] !== 2 && point[0] !== 3)) return false;
  const x = numberOf(point.subarray(1));
  return x < prime && powerMod((x ** 3n + 7n) % prime, (prime - 1n) / 2n) === 1n;
}

const pointsWritten = defineCase({
  ...generates,
  id: 'signet/keys/compressed-points-written',
  title: 'An encryption key is written as a compressed point of secp256k1, 33 octets that begin with 02 or 03.',
  decides: ['SIG-035'],
  mostRuns: 6,
  given: () => worlds,
  check: async (_world, context) => {
    for (const profile of spoken(context, allProfiles)) {
      for (const type of ['organization', 'user'] as const) {
        const made: Generated = await generated(context, 'SIG-035', profile, type);
        const start = 5 + (profile === 'prime' ? 34 : 35) + (profile === 'dime-2015' ? 3 : 2);
        const point = made.octets.subarray(start, start + 33);
        const own = octetsIn(made.keys, 'encryptionPublic');
        const holds = isOnCurve(point) && (own === null || same(own, point));
        context.require(
          'SIG-035',
          holds,
          `a compressed point as the encryption key (profile ${profile})`,
          quoted(point),
        );
      }
    }
  },
});

/** The x of a point that is not there: about every other number is the x of none. */
function offTheCurve(point: Octets): Octets {
  const copy = Uint8Array.from(point);
  do copy[32] = ((copy[32] ?? 0) + 1) & 0xff;
  while (isOnCurve(copy));
  return copy;
}

/** A request with this encryption key in profile prime, where the key is looked at on reading (section 11.6). */
function withEncryptionKey(people: World, data: Octets): ReturnType<typeof written> {
  const below = replaced(requestFields('prime', people.user).slice(0, -1), 2, () => [{ id: 2, data }]);
  const fields = [...below, signatureField('prime', 'signing-request', below, 5, people.user.signing)];
  return written('prime', 'signing-request', fields);
}

function badPoint(
  id: string,
  decides: string,
  title: string,
  points: fc.Arbitrary<{ readonly what: string; readonly of: (point: Octets, world: World) => Octets }>,
): Case {
  return defineCase({
    ...parses,
    id: `signet/keys/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ world: worlds, bad: points }),
    check: async ({ world, bad: { what, of } }, context) => {
      const people = worldOf(world);
      for (const profile of spoken(context, ['prime'])) {
        await mustRead(context, decides, specimen(profile, 'signing-request', people));
        const { octets } = withEncryptionKey(people, of(people.user.encryption.point, people));
        const answer = await parseSignet(context, profile, octets);
        context.require(
          decides,
          isRefusal(answer),
          `a request with ${what} to be refused: ${quoted(octets)}`,
          show(answer),
        );
      }
    },
  });
}

const onTheCurve = badPoint(
  'points-on-the-curve',
  'SIG-036',
  'An encryption key that is no point of secp256k1 is refused.',
  fc.constantFrom(
    { what: 'an x of no point', of: offTheCurve },
    { what: 'a key of zeros', of: () => new Uint8Array(33) },
    { what: 'the x 0', of: () => concat(Uint8Array.of(2), new Uint8Array(32)) },
    { what: 'an x above the field', of: () => concat(Uint8Array.of(3), new Uint8Array(32).fill(0xff)) },
    { what: 'an octet more behind the key', of: (point: Octets) => concat(point, Uint8Array.of(0)) },
    { what: 'an octet less', of: (point: Octets) => point.subarray(0, 32) },
    { what: 'an unknown first octet', of: (point: Octets) => concat(Uint8Array.of(5), point.subarray(1)) },
  ),
);

/** The same point with its y. */
function uncompressed(point: Octets): Octets {
  const x = numberOf(point.subarray(1));
  const root = powerMod((x ** 3n + 7n) % prime, (prime + 1n) / 4n);
  const y = (root & 1n) === BigInt((point[0] ?? 2) & 1) ? root : prime - root;
  return concat(Uint8Array.of(4), point.subarray(1), Buffer.from(y.toString(16).padStart(64, '0'), 'hex'));
}

const compressedOnly = badPoint(
  'uncompressed-points-refused',
  'SIG-037',
  'An encryption key that is an uncompressed point is refused.',
  fc.constant({ what: 'an uncompressed encryption key', of: uncompressed }),
);

export const cases: readonly Case[] = [
  twoOctets,
  oneOctet,
  dialectKept,
  prefixWritten,
  prefixChecked,
  lengthChecked,
  secondaryLayout,
  permissionBits,
  permissionDemanded,
  primaryForAll,
  pointsWritten,
  onTheCurve,
  compressedOnly,
];
