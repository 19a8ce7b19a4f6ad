/** Signatures over chunks, and the signets that stand behind them: sections 6, 7 and 8 of the messages digest. */
import fc from 'fast-check';
import { covered, treeOctets, type Ways } from '../../model/message-builder.js';
import type { Actor } from '../../model/message-tables.js';
import { ed25519, type Octets, withGroupOrderAdded } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { decrypts, made, refusingToOpen, type Wrong } from './case-kinds.js';
import { askDecrypt, mustOpen, mustRefuse } from './message-calls.js';
import { drafts, type Made, messageOf, parties } from './message-inputs.js';

const both = [248, 249] as const;
const signed: Made = { bounces: both };
const unsigned: Made = { originKey: null };

type Forgery = readonly [because: string, forge: (right: Octets) => Octets];

const forgeries: readonly Forgery[] = [
  ['the first half changed', (right) => right.map((octet, at) => (at === 3 ? octet ^ 1 : octet))],
  ['the second half changed', (right) => right.map((octet, at) => (at === 40 ? octet ^ 1 : octet))],
  ['zeros', (right) => right.map(() => 0)],
  ['the group order added (RFC 8032 refuses that)', withGroupOrderAdded],
  ['signed by a stranger', (right) => ed25519(parties('dime-2015', 'strangers').origin.identity.signing, right)],
];

/** A wrong signature in the chunk of one of the types, all later ones made over it. */
const forged = (types: readonly number[], base: Made): fc.Arbitrary<Wrong> =>
  fc.record({ type: fc.constantFrom(...types), forgery: fc.constantFrom(...forgeries) }).map(({ type, forgery }) => {
    const [because, forge] = forgery;
    const ways: Partial<Ways> = { signature: (each, right) => (each === type ? forge(right) : right) };
    return made(`signature ${type}: ${because}`, { ...base, ways });
  });

/** One octet of a chunk changed on the way, its type and length left alone; `types`: those that are covered. */
const touched = (covers: (type: number) => boolean, base: Made): fc.Arbitrary<Wrong> =>
  fc
    .record({ chunk: fc.nat(), place: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
    .map(({ chunk, place, mask }) =>
      made('one octet changed after signing', {
        ...base,
        ways: {
          finished: (chunks) => {
            const targets = chunks.filter(([type = 0]) => covers(type));
            const target = targets[chunk % targets.length];
            if (target === undefined) return chunks;
            const at = 4 + (place % (target.length - 4));
            const changed = target.map((octet, index) => (index === at ? octet ^ mask : octet));
            return chunks.map((each) => (each === target ? changed : each));
          },
        },
      }),
    );

const asTheAuthorLeavesIt = fc.constant(made('the origin has signed nothing', unsigned));

/** libdime's tree (section 6.3), or the same with a hash that is wrong. */
const libdimeTree = (wrong: boolean): Made => ({
  ways: {
    covered: (type, before) => {
      if (type !== 225) return covered(type, before);
      const octets = treeOctets(before, 'libdime');
      return wrong ? octets.map((octet, at) => (at === 70 ? octet ^ 1 : octet)) : octets;
    },
  },
});

/** Whom the envelope names, by the actor who can read it. */
const named: readonly (readonly [reader: Actor, who: Actor])[] = [
  ['origin', 'author'],
  ['origin', 'destination'],
  ['destination', 'recipient'],
  ['destination', 'origin'],
  ['recipient', 'author'],
  ['recipient', 'recipient'],
  ['recipient', 'origin'],
  ['recipient', 'destination'],
];

export const cases: readonly Case[] = [
  defineCase({
    ...decrypts,
    id: 'message/signatures/tree-as-libdime-makes-it',
    title: 'The tree signature may be taken in the form of libdime, but not with a wrong hash in it.',
    decides: ['MSG-046'],
    given: () => drafts(),
    check: async (draft, context) => {
      const answer = await askDecrypt(context, messageOf(draft, libdimeTree(false)), 'recipient');
      context.took('MSG-046', answer.kind === 'result', 'a tree signature without the hash of chunk 5');
      const wrong = await askDecrypt(context, messageOf(draft, libdimeTree(true)), 'recipient');
      mustRefuse(context, 'MSG-046', wrong, "a tree signature in libdime's form with a wrong hash");
    },
  }),
  refusingToOpen(
    {
      id: 'signatures/checked-by-the-origin',
      title: "The origin refuses a message in which one of the author's signatures does not hold.",
      decides: 'MSG-050',
    },
    ['origin'],
    fc.oneof(
      forged([225, 226], unsigned),
      touched((type) => type < 226, unsigned),
    ),
    { right: unsigned },
  ),
  refusingToOpen(
    {
      id: 'signatures/checked-by-the-destination',
      title: "The destination refuses a message in which one of the origin's signatures does not hold.",
      decides: 'MSG-059',
    },
    ['destination'],
    fc.oneof(
      forged([248, 249, 255], signed),
      touched((type) => type < 255, signed),
      asTheAuthorLeavesIt,
    ),
    { right: signed },
  ),
  refusingToOpen(
    {
      id: 'signatures/checked-by-the-recipient',
      title: 'The recipient refuses a message in which one of the signatures does not hold.',
      decides: 'MSG-060',
    },
    ['recipient'],
    fc.oneof(
      forged([225, 226, 248, 249, 255], signed),
      touched((type) => type < 255, signed),
      asTheAuthorLeavesIt,
    ),
    { right: signed },
  ),
  defineCase({
    ...decrypts,
    id: 'message/signatures/secondary-key-of-the-origin',
    title: 'The origin may sign with a secondary key that has the bit for messages, and with no other.',
    decides: ['MSG-058'],
    given: () => fc.record({ draft: drafts(), actor: fc.constantFrom<Actor>('destination', 'recipient') }),
    check: async ({ draft, actor }, context) => {
      const { message, other } = parties('dime-2015').secondary;
      await mustOpen(context, 'MSG-058', draft, messageOf(draft, { originKey: message }), actor);
      const answer = await askDecrypt(context, messageOf(draft, { originKey: other }), actor);
      mustRefuse(context, 'MSG-058', answer, 'signed by a secondary key without the bit for messages');
    },
  }),
  defineCase({
    ...decrypts,
    id: 'message/signatures/fingerprints-of-the-envelope',
    title: 'A message whose envelope names another signet than the one used is refused.',
    decides: ['MSG-068'],
    given: () => fc.record({ draft: drafts(), pair: fc.constantFrom(...named) }),
    check: async ({ draft, pair: [reader, who] }, context) => {
      await mustOpen(context, 'MSG-068', draft, messageOf(draft), reader);
      const known = parties('dime-2015');
      const { fingerprint } = parties('dime-2015', 'strangers')[who];
      const octets = messageOf(draft, { parties: { ...known, [who]: { ...known[who], fingerprint } } });
      mustRefuse(
        context,
        'MSG-068',
        await askDecrypt(context, octets, reader),
        `the envelope has the fingerprint of another ${who}, read by the ${reader}`,
      );
    },
  }),
];
