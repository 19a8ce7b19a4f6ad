/** GETKEY and ADDKEY (sections 2.5 and 5.10 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { refused, requireStatus } from '../dmap/answers.js';
import { hex, same, shown } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';
import { type RingKey, ringKeys } from './keys-for-rings.js';
import { addKey, answers, keepsPrivateParts, mustAddKey, type Part, partOf, type Ring, ringCase } from './ring-case.js';

const wanted = { PUBLIC: ['PUBLIC'], PRIVATE: ['PRIVATE'], BOTH: ['PUBLIC', 'PRIVATE'] } as const;
type Asked = keyof typeof wanted;

const anyCase = (word: string): string[] => [word, word.toLowerCase(), word[0] + word.slice(1).toLowerCase()];

/** Ways to write a key id that stands for itself as an atom. */
const writings: readonly ((keyId: string) => string)[] = [(keyId) => keyId, (keyId) => `"${keyId}"`];

/** One KEY with the parts that were asked for, each as it was added; null: the key lacks it. */
function requireParts(
  context: CaseContext,
  requirement: string,
  result: DmapResult,
  keyId: string,
  expected: Readonly<Partial<Record<Part, Uint8Array | null>>>,
): void {
  const told = untagged(result, 'key');
  const names = Object.keys(expected).sort().join(' ');
  const right = told.length === 1 && told[0]?.keyId === keyId;
  context.require(requirement, right, `one KEY for ${keyId}`, () => shown(result));
  const toldNames = (told[0]?.parts ?? []).map(({ part }) => part);
  context.require(requirement, toldNames.sort().join(' ') === names, `the parts ${names}`, () => shown(result));
  for (const [part, value] of Object.entries(expected) as [Part, Uint8Array | null][]) {
    const got = partOf(result, keyId, part);
    const holds = value === null ? got === null : same(got, value);
    context.require(requirement, holds, `${part} ${value === null ? 'NIL' : hex(value)}`, hex(got));
  }
}

/** The whole key as GETKEY shows it, and nothing else. */
async function requireKey(
  context: CaseContext,
  ring: Ring,
  requirement: string,
  keyId: string,
  key: Partial<RingKey>,
): Promise<void> {
  const result = await answers(context, ring, requirement, `GETKEY ${keyId} PUBLIC`, ['OK']);
  requireParts(context, requirement, result, keyId, { PUBLIC: key.publicPart ?? null });
  if (!keepsPrivateParts(ring)) return;
  const secret = await answers(context, ring, requirement, `GETKEY ${keyId} PRIVATE`, ['OK']);
  requireParts(context, requirement, secret, keyId, { PRIVATE: key.privatePart ?? null });
}

/** Wrong arguments, for a key that is there. */
const wrongArguments: readonly ((keyId: string) => string)[] = [
  () => 'GETKEY',
  (keyId) => `GETKEY ${keyId}`,
  (keyId) => `GETKEY ${keyId} SECRET`,
  (keyId) => `GETKEY ${keyId} PUBLIC PRIVATE`,
  (keyId) => `GETKEY ${keyId} (PUBLIC)`,
  (keyId) => `GETKEY  ${keyId} PUBLIC`,
  (keyId) => `GETKEY (${keyId}) BOTH`,
  (keyId) => `GETKEY ${keyId} BOTHER`,
];

/** ADDKEY with wrong arguments: the literals come after what is wrong, or are whole before it. */
const wrongAdditions: readonly ((keyId: string) => string)[] = [
  (keyId) => `ADDKEY ${keyId}`,
  (keyId) => `ADDKEY ${keyId} ()`,
  (keyId) => `ADDKEY ${keyId} (PRIVATE "secret")`,
  (keyId) => `ADDKEY ${keyId} (PUBLIC "one" PUBLIC "two")`,
  (keyId) => `ADDKEY ${keyId} (PUBLIC NIL)`,
  (keyId) => `ADDKEY ${keyId} (SECRET "secret")`,
];

export const cases: readonly Case[] = [
  ringCase({
    id: 'dmap-signet/get-key/parts',
    title: 'GETKEY brings the parts that were asked for, in one KEY, with NIL for one that the key lacks.',
    decides: ['DMAP-276'],
    given: () =>
      fc.record({
        key: ringKeys,
        hasPrivate: fc.boolean(),
        asked: fc.shuffledSubarray(Object.keys(wanted) as Asked[], { minLength: 3 }),
        letters: fc.nat(2),
        write: fc.constantFrom(...writings),
      }),
    async check(ring, context, { key, hasPrivate, asked, letters, write }) {
      const keyId = `${ring.prefix}.key`;
      const secret = hasPrivate && keepsPrivateParts(ring) ? key.privatePart : null;
      const added = secret === null ? { publicPart: key.publicPart } : key;
      requireStatus(context, 'DMAP-276', await addKey(ring.connection, keyId, added), ['OK'], 'ADDKEY before it');
      const values = { PUBLIC: key.publicPart, PRIVATE: secret };
      for (const word of asked) {
        if (word !== 'PUBLIC' && !keepsPrivateParts(ring)) continue;
        const command = `GETKEY ${write(keyId)} ${anyCase(word)[letters] ?? word}`;
        const result = await answers(context, ring, 'DMAP-276', command, ['OK']);
        requireParts(
          context,
          'DMAP-276',
          result,
          keyId,
          Object.fromEntries(wanted[word].map((part) => [part, values[part]])),
        );
      }
    },
  }),
  ringCase({
    id: 'dmap-signet/get-key/unknown-or-wrong',
    title: 'GETKEY of a key that is not there gives NO, with wrong arguments BAD, and neither brings a KEY.',
    decides: ['DMAP-277'],
    given: () =>
      fc.record({ key: ringKeys, wrong: fc.shuffledSubarray([...wrongArguments], { minLength: 3, maxLength: 5 }) }),
    async check(ring, context, { key, wrong }) {
      const keyId = `${ring.prefix}.key`;
      const none = (result: DmapResult): void =>
        context.require('DMAP-277', untagged(result, 'key').length === 0, 'no KEY', () => shown(result));
      await mustAddKey(ring, keyId, key);
      // Ids are compared octet by octet, and nothing in them is a wildcard (DMAP-I-93).
      const others = [
        `${ring.prefix}.other`,
        keyId.toUpperCase(),
        `${keyId}2`,
        keyId.slice(0, -1),
        `"${ring.prefix}*"`,
      ];
      for (const other of others) none(await answers(context, ring, 'DMAP-277', `GETKEY ${other} PUBLIC`, ['NO']));
      for (const make of wrong) none(await answers(context, ring, 'DMAP-277', make(keyId), ['BAD']));
    },
  }),
  ringCase({
    id: 'dmap-signet/add-key/keeps-the-parts',
    title: 'ADDKEY keeps a public part, alone or with a private one, octet for octet.',
    decides: ['DMAP-278'],
    given: () =>
      fc.record({
        key: ringKeys,
        hasPrivate: fc.boolean(),
        order: fc.constantFrom<readonly Part[]>(['PUBLIC', 'PRIVATE'], ['PRIVATE', 'PUBLIC']),
      }),
    async check(ring, context, { key, hasPrivate, order }) {
      const { connection, prefix } = ring;
      const added = hasPrivate && keepsPrivateParts(ring) ? key : { publicPart: key.publicPart };
      const result = await addKey(connection, `${prefix}.key`, added, order);
      requireStatus(context, 'DMAP-278', result, ['OK'], 'ADDKEY');
      await requireKey(context, ring, 'DMAP-278', `${prefix}.key`, added);
      // A string alone is for the reader of a report: taken or BAD.
      const bare = await connection.command(`ADDKEY ${prefix}.bare `, { literal: key.publicPart, binary: true });
      requireStatus(context, 'DMAP-278', bare, ['OK', 'BAD'], 'ADDKEY with one string');
      context.follows('dmap-bare-key', bare.status === 'OK' ? 'taken' : 'refused');
      if (bare.status !== 'OK') return;
      await requireKey(context, ring, 'DMAP-278', `${prefix}.bare`, { publicPart: key.publicPart });
    },
  }),
  ringCase({
    id: 'dmap-signet/add-key/not-twice',
    title: 'ADDKEY of an id that exists gives NO, and the key stays as it is; what is refused leaves no key.',
    decides: ['DMAP-279'],
    given: () => fc.record({ first: ringKeys, second: ringKeys, wrong: fc.constantFrom(...wrongAdditions) }),
    async check(ring, context, { first, second, wrong }) {
      const { connection, prefix } = ring;
      const keyId = `${prefix}.key`;
      await mustAddKey(ring, keyId, first);
      const again = await addKey(connection, keyId, { publicPart: second.publicPart });
      requireStatus(context, 'DMAP-279', again, ['NO'], 'ADDKEY of an id that exists');
      await requireKey(context, ring, 'DMAP-279', keyId, first);
      const never = `${prefix}.never`;
      await answers(context, ring, 'DMAP-279', wrong(never), refused);
      await answers(context, ring, 'DMAP-279', `GETKEY ${never} PUBLIC`, ['NO']);
      // Another letter case is another id.
      const other = await addKey(connection, keyId.toUpperCase(), { publicPart: second.publicPart });
      requireStatus(context, 'DMAP-279', other, ['OK'], 'ADDKEY of an id in other letters');
      await mustDo(connection, `DELETEKEY ${keyId.toUpperCase()}`);
    },
  }),
];
