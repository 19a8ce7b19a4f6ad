/** Realm keys (section 1.7). */
import fc from 'fast-check';
import {
  exclusiveOr,
  type Octets,
  type RealmInput,
  type RealmKeys,
  type Revision,
  realmHash,
  realmKeys,
} from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { askRealm, base64url, mustRefuse, octetsIn, quote, same, show, spokenRevision } from './stacie-calls.js';
import { exactly, ofLengths, realms, revisions, salts } from './stacie-inputs.js';

const realm = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.realm' } as const;

type Part = keyof RealmKeys;

/** States that the parts of the realm key which `parts` names are the right ones. */
async function mustGive(
  context: CaseContext,
  requirement: string,
  revision: Revision,
  input: RealmInput,
  parts: readonly Part[],
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await askRealm(context, revision, input);
  const keys = realmKeys(revision, input);
  const value = answer.kind === 'result' ? answer.value : {};
  // An adapter may keep the whole realm key to itself.
  const judged = parts.filter((part) => part !== 'realmKey' || value.realmKey !== undefined);
  context.require(
    requirement,
    answer.kind === 'result' && judged.every((part) => same(octetsIn(value, part), keys[part])),
    `the realm ${describeRealm(input)} in revision ${revision} to have ${judged.map((part) => `${part} ${written(keys[part])}`).join(', ')}`,
    show(answer),
  );
  return value;
}

function describeRealm({ realm: label, salt }: RealmInput): string {
  return `${quote(label)}, salt ${salt === null ? 'none' : `of ${salt.length} octets`},`;
}

const written = (octets: Octets | null): string => (octets === null ? 'absent' : base64url(octets));

interface RealmCase {
  readonly id: string;
  readonly title: string;
  readonly decides: string;
  readonly revision: Revision;
  readonly parts: readonly Part[];
  readonly given?: fc.Arbitrary<RealmInput>;
}

function realmCase({ id, title, decides, revision, parts, given }: RealmCase): Case {
  return defineCase({
    ...realm,
    id: `stacie/realms/${id}`,
    title,
    decides: [decides],
    given: () => given ?? realms(),
    check: async (input, context) => {
      await mustGive(context, decides, revision, input, parts);
    },
  });
}

const ownKeys = defineCase({
  ...realm,
  id: 'stacie/realms/each-has-its-own-key',
  title: 'Realms of one account with the same shard have keys of their own, each the same every time.',
  decides: ['STACIE-091'],
  given: () => fc.record({ revision: revisions, input: realms(), other: fc.constantFrom('s', '2', '-old', '.b') }),
  check: async ({ revision: wished, input, other }, context) => {
    const revision = spokenRevision(context, wished);
    const parts = ['vectorKey', 'tagKey', 'cipherKey'] as const;
    const first = await mustGive(context, 'STACIE-091', revision, input, parts);
    const neighbour = { ...input, realm: `${input.realm}${other}` };
    const second = await mustGive(context, 'STACIE-091', revision, neighbour, parts);
    const again = await mustGive(context, 'STACIE-091', revision, input, parts);
    context.require(
      'STACIE-091',
      first.cipherKey !== second.cipherKey && first.cipherKey === again.cipherKey,
      `${quote(input.realm)} and ${quote(neighbour.realm)} to have two cipher keys, each the same when asked again`,
      () => JSON.stringify([first.cipherKey, second.cipherKey, again.cipherKey]),
    );
  },
});

/** Of one octet less or more, or of another size that is in use somewhere. */
const notOf64 = ofLengths([0, 32, 63, 65, 128]);

function refusing(
  id: string,
  title: string,
  decides: string,
  wrong: fc.Arbitrary<Partial<RealmInput>>,
  describe: (wrong: Partial<RealmInput>) => string,
): Case {
  return defineCase({
    ...realm,
    id: `stacie/realms/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ revision: revisions, input: realms(), part: wrong }),
    check: async ({ revision: wished, input, part }, context) => {
      const revision = spokenRevision(context, wished);
      await mustGive(context, decides, revision, input, ['vectorKey', 'cipherKey']);
      const answer = await askRealm(context, revision, { ...input, ...part });
      mustRefuse(context, decides, answer, describe(part));
    },
  });
}

const saltTakesPart = defineCase({
  ...realm,
  id: 'stacie/realms/salt-when-the-master-key-has-one',
  title: 'The salt is hashed into the realm key when there is one; when there is none, nothing stands in its place.',
  decides: ['STACIE-104'],
  given: () => fc.record({ input: realms(), salt: salts }),
  check: async ({ input, salt }, context) => {
    const parts = ['realmKey', 'vectorKey', 'tagKey', 'cipherKey'] as const;
    await mustGive(context, 'STACIE-104', '03', { ...input, salt }, parts);
    await mustGive(context, 'STACIE-104', '03', { ...input, salt: null }, parts);
  },
});

const shortSalt = defineCase({
  ...realm,
  id: 'stacie/realms/salt-under-64-octets-refused',
  title: 'In revision 03 a salt of fewer than 64 octets is refused, an empty one too.',
  decides: ['STACIE-105'],
  given: () => fc.record({ input: realms(), least: exactly(64), wrong: ofLengths([0, 1, 32, 63]) }),
  check: async ({ input, least, wrong }, context) => {
    await mustGive(context, 'STACIE-105', '03', { ...input, salt: least }, ['vectorKey', 'cipherKey']);
    const answer = await askRealm(context, '03', { ...input, salt: wrong });
    mustRefuse(context, 'STACIE-105', answer, `a salt of ${wrong.length} octets`);
  },
});

const hashedAndMixed = defineCase({
  ...realm,
  id: 'stacie/realms/key-of-revision-03',
  title: 'In revision 03 the realm key is the hash of master key, label and salt, mixed with the shard.',
  decides: ['STACIE-095'],
  given: () => fc.record({ input: realms({ salt: salts }), shard: exactly(64) }),
  check: async ({ input, shard }, context) => {
    const parts = ['vectorKey', 'tagKey', 'cipherKey'] as const;
    const first = await mustGive(context, 'STACIE-095', '03', input, parts);
    const second = await mustGive(context, 'STACIE-095', '03', { ...input, shard }, parts);
    // The hash does not depend on the shard: what differs between two keys is what differs between the shards.
    const difference = exclusiveOr(
      octetsIn(first, 'cipherKey') ?? new Uint8Array(0),
      octetsIn(second, 'cipherKey') ?? new Uint8Array(0),
    );
    const shards = exclusiveOr(input.shard, shard).subarray(32);
    context.require(
      'STACIE-095',
      same(difference, shards),
      `two shards under the realm hash ${base64url(realmHash('03', input))} to differ as their cipher keys do`,
      () => `${base64url(difference)} between the keys, ${base64url(shards)} between the shards`,
    );
  },
});

export const cases: readonly Case[] = [
  ownKeys,
  realmCase({
    id: 'key-of-revision-00',
    title: 'In revision 00 the realm key is the hash of master key, label and shard, mixed with the shard.',
    decides: 'STACIE-094',
    revision: '00',
    parts: ['realmKey', 'cipherKey'],
  }),
  hashedAndMixed,
  realmCase({
    id: 'vector-key-of-revision-00',
    title: 'In revision 00 the vector key is the first 16 octets of the realm key mixed with the next 16.',
    decides: 'STACIE-096',
    revision: '00',
    parts: ['vectorKey'],
  }),
  realmCase({
    id: 'vector-key-of-revision-03',
    title: 'In revision 03 the vector key is the first 16 octets of the realm key.',
    decides: 'STACIE-097',
    revision: '03',
    parts: ['vectorKey'],
  }),
  realmCase({
    id: 'tag-key-of-revision-03',
    title: 'In revision 03 the tag key is the second 16 octets of the realm key.',
    decides: 'STACIE-098',
    revision: '03',
    parts: ['tagKey'],
  }),
  defineCase({
    ...realm,
    id: 'stacie/realms/cipher-key',
    title: 'The cipher key is the last 32 octets of the realm key.',
    decides: ['STACIE-099'],
    given: () => fc.record({ revision: revisions, input: realms() }),
    check: async ({ revision, input }, context) => {
      await mustGive(context, 'STACIE-099', spokenRevision(context, revision), input, ['cipherKey']);
    },
  }),
  refusing(
    'empty-label-refused',
    'A realm without a label is refused.',
    'STACIE-100',
    fc.constant({ realm: '' }),
    () => 'an empty label',
  ),
  refusing(
    'shard-of-64-octets',
    'A shard that has not 64 octets is refused.',
    'STACIE-102',
    notOf64.map((shard) => ({ shard })),
    ({ shard }) => `a shard of ${shard?.length ?? 0} octets`,
  ),
  refusing(
    'master-key-of-64-octets',
    'A master key that has not 64 octets is refused.',
    'STACIE-103',
    notOf64.map((masterKey) => ({ masterKey })),
    ({ masterKey }) => `a master key of ${masterKey?.length ?? 0} octets`,
  ),
  saltTakesPart,
  shortSalt,
  realmCase({
    id: 'odd-salts-taken',
    title: 'A salt that is no multiple of 32 octets or longer than 1,024 is worth a warning, and is used.',
    decides: 'STACIE-106',
    revision: '03',
    parts: ['vectorKey', 'tagKey', 'cipherKey'],
    given: realms({ salt: ofLengths([65, 100, 127, 129, 1023, 1056, 2048]) }),
  }),
];
