/** Real mail that is wrong in one place: what the destination can see of it, each with an answer of its own. */
import fc from 'fast-check';
import type { Fate } from '../../model/dmtp-mail.js';
import { octetsFrom } from '../../model/message-parties.js';
import { encryptionKey, signingKey } from '../../model/signet-builder.js';
import type { MailParty, TargetProfile } from '../../target/profile.js';
import { type Case, defineCase } from '../case.js';
import { damaged, damages, deliver, type LetterWishes, letter, mailOf, requireFate, seeds } from './letters.js';
import { ownDomain } from './lines.js';

const stranger = signingKey(octetsFrom('a stranger', 32));
const strangersPoint = encryptionKey(octetsFrom('a stranger', 32)).point;

/** How a letter is not signed by its origin. */
const signatures = {
  'no signature': ['unsigned', { ways: { has: (type) => type !== 255 } }],
  'a place without a signature': ['wrong signature', { input: () => ({ originKey: null }) }],
  "a stranger's signature": ['wrong signature', { input: () => ({ originKey: stranger }) }],
  "the author's signature": ['wrong signature', { input: ({ authorKey }) => ({ originKey: authorKey }) }],
  'a signature over less': [
    'wrong signature',
    { ways: { covered: (type, before) => Buffer.concat(before.slice(0, type === 255 ? -1 : before.length)) } },
  ],
} as const satisfies Record<string, readonly [Fate, LetterWishes]>;
const waysToSign = Object.keys(signatures) as (keyof typeof signatures)[];

type Recipient = { readonly fate: Fate; readonly name: string };

function wrongRecipients(profile: TargetProfile): fc.Arbitrary<Recipient> {
  const { locked } = mailOf(profile);
  const unknown = fc.stringMatching(/^[a-z]{8,12}$/).map((local) => `${local}@${ownDomain(profile)}`);
  const elsewhere = fc.constantFrom(`alice@${profile.foreignDomain}`, `bob@a.${profile.foreignDomain}`);
  return fc.oneof(
    unknown.map((name): Recipient => ({ fate: 'unknown recipient', name })),
    elsewhere.map((name): Recipient => ({ fate: 'recipient elsewhere', name })),
    ...(locked.length === 0
      ? []
      : [fc.constantFrom(...locked).map(({ name }): Recipient => ({ fate: 'locked recipient', name }))]),
  );
}

/** A message of which nothing but its length is wrong, and the SIZE that MAIL says of it. */
const lengths = {
  'SIZE less than the message': (message: Uint8Array, by: number) => {
    // What stands behind SIZE octets is read up to an LF: none may be in it.
    const tail = message.subarray(-by);
    return { message, size: message.length - (tail.length - 1 - tail.lastIndexOf(0x0a)) };
  },
  'SIZE more than the message': (message: Uint8Array, by: number) => ({
    message: new Uint8Array(Buffer.concat([message, Buffer.alloc(by, 0x2e)])),
    size: message.length + by,
  }),
  'a header that says less': (message: Uint8Array, by: number) => ({
    message: withLength(message, message.length - 6 - by),
    size: message.length,
  }),
  'a header that says more': (message: Uint8Array, by: number) => ({
    message: withLength(message, message.length - 6 + by),
    size: message.length,
  }),
} as const;
const waysToMeasure = Object.keys(lengths) as (keyof typeof lengths)[];

function withLength(message: Uint8Array, length: number): Uint8Array {
  const changed = Buffer.from(message);
  changed.writeUInt32BE(length, 2);
  return new Uint8Array(changed);
}

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/mail/damaged-in-any-place',
    title: 'A message of which one bit is another, in its header or any chunk, is answered with 554.',
    class: 'dmtp-server',
    decides: ['DMTP-101'],
    needs: ['dmtp', 'mail'],
    timesRuns: 2,
    given: () => fc.record({ seed: seeds, damage: damages }),
    async check({ seed, damage }, context) {
      const connection = await context.greeted();
      const reply = await deliver(context, connection, damaged(letter(context.profile, seed), damage));
      await requireFate(context, connection, 'damaged', reply, 'a message that is damaged');
    },
  }),
  defineCase({
    id: 'dmtp/mail/not-signed-by-its-origin',
    title: "A message without the signature of its origin, or with another's, is answered with 554.",
    class: 'dmtp-server',
    decides: ['DMTP-101'],
    needs: ['dmtp', 'mail'],
    given: () => fc.record({ seed: seeds, signed: fc.constantFrom(...waysToSign) }),
    async check({ seed, signed }, context) {
      const connection = await context.greeted();
      const [fate, wishes]: readonly [Fate, LetterWishes] = signatures[signed];
      const reply = await deliver(context, connection, letter(context.profile, seed, wishes));
      await requireFate(context, connection, fate, reply, `a message with ${signed}`);
    },
  }),
  defineCase({
    id: 'dmtp/mail/length-that-differs',
    title: 'A message whose length is not that of SIZE, or of its own header, is answered with 554.',
    class: 'dmtp-server',
    decides: ['DMTP-101'],
    needs: ['dmtp', 'mail'],
    given: () =>
      fc.record({ seed: seeds, how: fc.constantFrom(...waysToMeasure), by: fc.integer({ min: 1, max: 40 }) }),
    async check({ seed, how, by }, context) {
      const { message, size } = lengths[how](letter(context.profile, seed), by);
      // The last octet was an LF: nothing is left that could stand behind SIZE.
      if (how === 'SIZE less than the message' && size === message.length) return;
      const connection = await context.greeted();
      const reply = await deliver(context, connection, message, { size });
      await requireFate(context, connection, 'wrong length', reply, `a message with ${how}`);
    },
  }),
  defineCase({
    id: 'dmtp/mail/for-another-destination',
    title: 'A message that opens with keys of another destination is answered with 554.',
    class: 'dmtp-server',
    decides: ['DMTP-101'],
    needs: ['dmtp', 'mail'],
    mostRuns: 4,
    given: () => seeds,
    async check(seed, context) {
      const connection = await context.greeted();
      const message = letter(context.profile, seed, {
        input: ({ parties }) => ({
          parties: { ...parties, destination: { ...parties.destination, point: strangersPoint } },
        }),
      });
      const reply = await deliver(context, connection, message);
      await requireFate(context, connection, 'not for this destination', reply, 'a message for another destination');
    },
  }),
  defineCase({
    id: 'dmtp/mail/of-another-origin-than-mail-said',
    title: 'A message of another origin than the domain of MAIL is answered with 554.',
    class: 'dmtp-server',
    decides: ['DMTP-101'],
    needs: ['dmtp', 'mail'],
    mostRuns: 4,
    given: () => seeds,
    async check(seed, context) {
      const connection = await context.greeted();
      const { destination } = mailOf(context.profile);
      // A domain whose signet the target knows for certain: its own.
      const { name: from, fingerprint } = destination;
      const reply = await deliver(context, connection, letter(context.profile, seed), { from, fingerprint });
      await requireFate(context, connection, 'not of this origin', reply, 'a message of another origin');
    },
  }),
  defineCase({
    id: 'dmtp/mail/of-an-origin-that-nobody-knows',
    title: "A message is answered with 451 or 554 when its origin's signet cannot be had.",
    class: 'dmtp-server',
    decides: ['DMTP-020'],
    needs: ['dmtp', 'mail'],
    mostRuns: 2,
    given: () => seeds,
    async check(seed, context) {
      const connection = await context.greeted();
      const { foreignDomain: from } = context.profile;
      const reply = await deliver(context, connection, letter(context.profile, seed), { from });
      await requireFate(context, connection, 'unknown origin', reply, `a message from ${from}`);
    },
  }),
  defineCase({
    id: 'dmtp/mail/recipients-that-take-none',
    title: 'A message for an unknown recipient is answered with 554, a locked one 550, one of another domain 551.',
    class: 'dmtp-server',
    decides: ['DMTP-102'],
    needs: ['dmtp', 'mail'],
    timesRuns: 2,
    given: (profile) => fc.record({ seed: seeds, to: wrongRecipients(profile) }),
    async check({ seed, to: { fate, name } }, context) {
      const { recipients, locked } = mailOf(context.profile);
      const signet = (locked.find((party) => party.name === name) ?? recipients[0])?.signet ?? new Uint8Array();
      const recipient: MailParty = { name, signet, fingerprint: '' };
      const connection = await context.greeted();
      const reply = await deliver(context, connection, letter(context.profile, seed, { recipient }));
      await requireFate(context, connection, fate, reply, `a message for ${name}: ${fate}`);
    },
  }),
];
