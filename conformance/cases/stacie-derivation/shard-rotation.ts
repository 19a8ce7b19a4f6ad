/** The shallow change of a password: new shards, the realm keys stay (section 1.9). */
import fc from 'fast-check';
import { type RealmInput, realmKeys, rotatedShard } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { askRotation, base64url, mustRefuse, octetsIn, quote, type Rotation, same, show } from './stacie-calls.js';
import { exactly, ofLengths, realms, rotations, salts } from './stacie-inputs.js';

const rotates = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.shard-rotate' } as const;

/** States that the new shard gives the old realm key under the new master key and salt. */
async function mustKeepTheKey(context: CaseContext, requirement: string, rotation: Rotation): Promise<void> {
  const { old, next } = rotation;
  const answer = await askRotation(context, rotation);
  const shard = answer.kind === 'result' ? octetsIn(answer.value, 'newShard') : null;
  const { realmKey } = realmKeys('03', old);
  context.require(
    requirement,
    shard?.length === 64 && same(realmKeys('03', { ...old, ...next, shard }).realmKey, realmKey),
    `a shard under which the realm ${quote(old.realm)} keeps its key ${base64url(realmKey)}: ${base64url(rotatedShard(old, next))}`,
    show(answer),
  );
}

const keyStays = defineCase({
  ...rotates,
  id: 'stacie/rotation/realm-key-stays',
  title: 'The new shard gives the same realm key under the new master key and salt, there and back again.',
  decides: ['STACIE-134'],
  given: () => rotations,
  check: async (rotation, context) => {
    await mustKeepTheKey(context, 'STACIE-134', rotation);
    const { old, next } = rotation;
    const changed: RealmInput = { ...old, ...next, shard: rotatedShard(old, next) };
    await mustKeepTheKey(context, 'STACIE-134', { old: changed, next: { masterKey: old.masterKey, salt: old.salt } });
  },
});

const newShards = defineCase({
  ...rotates,
  id: 'stacie/rotation/shards-of-64-octets',
  title: 'A new shard has 64 octets that tell nothing: for each realm, master key and salt others.',
  decides: ['STACIE-092'],
  given: () =>
    fc
      .record({ rotation: rotations, masterKey: exactly(64), realm: fc.constant('another') })
      .filter(
        ({ rotation: { old, next }, masterKey, realm }) =>
          old.realm !== realm && base64url(next.masterKey) !== base64url(masterKey),
      ),
  check: async ({ rotation, masterKey, realm }, context) => {
    const { old, next } = rotation;
    const others: readonly Rotation[] = [
      rotation,
      { old, next: { ...next, masterKey } },
      { old: { ...old, realm }, next },
    ];
    const shards = [old.shard];
    for (const each of others) {
      const answer = await askRotation(context, each);
      const shard = answer.kind === 'result' ? octetsIn(answer.value, 'newShard') : null;
      context.require('STACIE-092', shard?.length === 64, 'a new shard of 64 octets', show(answer));
      shards.push(shard ?? new Uint8Array(0));
    }
    // Of 64 random octets, 8 in a row are never the same by chance.
    const pieces = shards.flatMap((shard) =>
      Array.from({ length: 8 }, (_, index) => base64url(shard.subarray(8 * index, 8 * index + 8))),
    );
    context.require(
      'STACIE-092',
      new Set(pieces).size === pieces.length,
      'the old shard and three new ones to have no 8 octets in common',
      shards.map(base64url).join(', '),
    );
  },
});

function refusing(
  id: string,
  title: string,
  decides: string,
  spoilt: fc.Arbitrary<{ readonly rotation: Rotation; readonly wrong: Rotation; readonly because: string }>,
): Case {
  return defineCase({
    ...rotates,
    id: `stacie/rotation/${id}`,
    title,
    decides: [decides],
    given: () => spoilt,
    check: async ({ rotation, wrong, because }, context) => {
      await mustKeepTheKey(context, decides, rotation);
      mustRefuse(context, decides, await askRotation(context, wrong), because);
    },
  });
}

const notOf64 = ofLengths([0, 32, 63, 65, 128]);

/** The account has a salt. */
const salted = fc
  .record({ rotation: rotations, oldSalt: salts, newSalt: salts })
  .map(({ rotation: { old, next }, oldSalt, newSalt }) => ({
    old: { ...old, salt: oldSalt },
    next: { ...next, salt: newSalt },
  }));

export const cases: readonly Case[] = [
  keyStays,
  newShards,
  refusing(
    'new-master-key-of-64-octets',
    'A new master key that has not 64 octets is refused.',
    'STACIE-136',
    fc.record({ rotation: rotations, masterKey: notOf64 }).map(({ rotation, masterKey }) => ({
      rotation,
      wrong: { ...rotation, next: { ...rotation.next, masterKey } },
      because: `a new master key of ${masterKey.length} octets`,
    })),
  ),
  refusing(
    'new-salt-needed',
    'Where the account has a salt, a missing new salt is refused; so is one that is too short.',
    'STACIE-137',
    fc
      .record({ rotation: salted, salt: fc.oneof(fc.constant(null), ofLengths([0, 1, 32, 63])) })
      .map(({ rotation, salt }) => ({
        rotation,
        wrong: { ...rotation, next: { ...rotation.next, salt } },
        because: salt === null ? 'no new salt for an account that has one' : `a new salt of ${salt.length} octets`,
      })),
  ),
  refusing(
    'realm-key-of-64-octets',
    'What gives no realm key of 64 octets is refused: an old shard or an old master key of another length.',
    'STACIE-138',
    fc
      .record({ rotation: rotations, octets: notOf64, part: fc.constantFrom('shard' as const, 'masterKey' as const) })
      .map(({ rotation, octets, part }) => ({
        rotation,
        wrong: { ...rotation, old: { ...rotation.old, [part]: octets } },
        because: `an old ${part === 'shard' ? 'shard' : 'master key'} of ${octets.length} octets`,
      })),
  ),
  refusing(
    'empty-label-refused',
    'A realm without a label is refused.',
    'STACIE-139',
    fc.record({ rotation: rotations, old: realms() }).map(({ rotation, old }) => ({
      rotation,
      wrong: { ...rotation, old: { ...old, realm: '' } },
      because: 'an empty label',
    })),
  ),
];
