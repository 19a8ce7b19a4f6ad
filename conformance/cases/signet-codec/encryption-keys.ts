/** Encryption keys: points of secp256k1 (section 4.3 of the signets digest). */
import fc from 'fast-check';
import { isOnCurve, offTheCurve, uncompressed } from '../../model/secp256k1-points.js';
import { concat, type Octets, requestFields, signatureField } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import {
  allProfiles,
  type Generated,
  generated,
  isRefusal,
  mustRead,
  octetsIn,
  parseSignet,
  quoted,
  same,
  show,
  spoken,
} from './signet-calls.js';
import { replaced, specimen, type World, worldOf, worlds, written } from './signet-inputs.js';

const adapter = { class: 'signet-codec', needs: ['adapter'] } as const;

const parses = { ...adapter, operation: 'signet.parse' } as const;

const generates = { ...adapter, operation: 'signet.generate' } as const;

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

const compressedOnly = badPoint(
  'uncompressed-points-refused',
  'SIG-037',
  'An encryption key that is an uncompressed point is refused.',
  fc.constant({ what: 'an uncompressed encryption key', of: uncompressed }),
);

export const cases: readonly Case[] = [pointsWritten, onTheCurve, compressedOnly];
