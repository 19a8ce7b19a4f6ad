/** What the message cases write and send: drafts, and the messages that the suite makes of them. */
import fc from 'fast-check';
import { buildMessage, type MessageInput, type Part, type Ways } from '../../model/message-builder.js';
import { buildNaked, type NakedInput, type NakedWays } from '../../model/message-naked.js';
import { octetsFrom, type Parties, partiesFrom, sourceFrom } from '../../model/message-parties.js';
import type { MessageProfile } from '../../model/message-tables.js';
import { type Octets, utf8 } from '../../model/signet-builder.js';

export const headerNames = ['date', 'to', 'cc', 'from', 'organization', 'subject'] as const;
export type HeaderName = (typeof headerNames)[number];
export type Headers = { readonly [name in HeaderName]?: string };
export const requiredHeaders: readonly HeaderName[] = ['date', 'to', 'from', 'subject'];
export const labels: Readonly<Record<HeaderName, string>> = {
  date: 'Date',
  to: 'To',
  cc: 'CC',
  from: 'From',
  organization: 'Organization',
  subject: 'Subject',
};

/** A letter; two drafts with one seed are encrypted with the same keys. */
export interface Draft {
  readonly seed: number;
  readonly headers: Headers;
  /** Other headers; null: none. */
  readonly other: string | null;
  readonly display: readonly Part[];
  readonly attachments: readonly Part[];
}

const cache = new Map<string, Parties>();

/** The four, with keys and signets of their own in each profile; made once. */
export function parties(profile: MessageProfile, who: 'known' | 'strangers' = 'known'): Parties {
  const name = `${profile} ${who}`;
  const made = cache.get(name) ?? partiesFrom(profile, name);
  cache.set(name, made);
  return made;
}

/** Which octets decides nothing, so only the length is shrunk. */
export function data(min: number, max: number): fc.Arbitrary<Octets> {
  return fc
    .tuple(fc.integer({ min, max }), fc.noShrink(fc.nat()))
    .map(([length, seed]) => octetsFrom(`data ${seed}`, length));
}

/** Around the sizes where padding changes, and others. */
export const sizes = fc.oneof(fc.constantFrom(1, 11, 27, 186, 187, 188, 203, 1000), fc.integer({ min: 1, max: 600 }));
/** Shrinking costs a message for each try, so that only the number of parts is shrunk. */
const partData = fc.noShrink(
  fc.tuple(sizes, fc.nat()).map(([length, seed]): Part => ({ data: octetsFrom(`part ${seed}`, length) })),
);

const values = fc.oneof(
  fc.constantFrom('Ann <ann@origin.example>', 'a: b', 'Subject: x'),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }),
);
const headers: fc.Arbitrary<Headers> = fc.noShrink(
  fc.record(
    { date: values, to: values, cc: values, from: values, organization: values, subject: values },
    { requiredKeys: ['date', 'to', 'from', 'subject'] },
  ),
);

export function drafts(
  parts: { readonly [Member in keyof Draft]?: fc.Arbitrary<Draft[Member]> } = {},
): fc.Arbitrary<Draft> {
  return fc.record({
    seed: fc.noShrink(fc.nat()),
    headers,
    other: fc.constantFrom('\r\n', 'X-Test: 1\r\n'),
    display: fc.array(partData, { minLength: 1, maxLength: 2 }),
    attachments: fc.array(partData, { maxLength: 2 }),
    ...parts,
  });
}

/** Displays and attachments of different sizes, more than one of each. */
export const manyParts = fc.array(partData, { minLength: 2, maxLength: 4 });

export function headerText(of: Headers, order: readonly HeaderName[] = headerNames): string {
  return order.flatMap((name) => (of[name] === undefined ? [] : [`${labels[name]}: ${of[name]}\r\n`])).join('');
}

export interface Made {
  /** By default the message is signed by the origin with its primary key. */
  readonly originKey?: MessageInput['originKey'];
  readonly bounces?: NonNullable<MessageInput['bounces']>;
  readonly tracing?: Octets;
  readonly common?: string;
  readonly ephemeral?: Octets;
  readonly random?: (length: number) => Octets;
  readonly parties?: MessageInput['parties'];
  readonly authorKey?: MessageInput['authorKey'];
  readonly ways?: Partial<Ways>;
}

/** One of a few: agreement on keys is what costs most, and which keys it is about decides nothing. */
const ephemeralOf = (seed: number): Octets => octetsFrom(`ephemeral ${seed % 4}`, 32);

/** The draft as a message of `dime-2015`, right unless something of it is made otherwise. */
export function messageOf(draft: Draft, made: Made = {}): Octets {
  const known = parties('dime-2015');
  const name = `message ${draft.seed}`;
  const input: MessageInput = {
    parties: made.parties ?? known,
    letter: {
      common: made.common ?? headerText(draft.headers),
      other: draft.other === null ? null : utf8(draft.other),
      display: draft.display,
      attachments: draft.attachments,
    },
    authorKey: made.authorKey ?? known.author.identity.signing,
    originKey: made.originKey === undefined ? known.origin.identity.signing : made.originKey,
    bounces: made.bounces ?? [],
    tracing: made.tracing ?? null,
    ephemeral: made.ephemeral ?? ephemeralOf(draft.seed),
    random: made.random ?? sourceFrom(name),
  };
  return buildMessage(input, made.ways);
}

/** A mail for a naked message. */
export interface Mail {
  readonly seed: number;
  /** The header block with its blank line. */
  readonly headers: string;
  /** One chunk each. */
  readonly body: readonly Octets[];
}

const words = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,3}$/);

export const mails: fc.Arbitrary<Mail> = fc
  .record({
    seed: fc.noShrink(fc.nat()),
    lines: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('Date', 'subject', 'From', 'To', 'Cc', 'MESSAGE-ID', 'Reply-To', 'X-Other', 'In-Reply-To'),
        words,
        fc.option(words, { freq: 3 }),
      ),
      { selector: ([name]) => name, maxLength: 5 },
    ),
    body: fc.array(data(1, 300), { minLength: 1, maxLength: 3 }),
  })
  .map(({ seed, lines, body }) => {
    const block = lines.map(
      ([name, value, folded]) => `${name}: ${value}${folded === null ? '' : `\r\n ${folded}`}\r\n`,
    );
    return { seed, headers: `${block.join('')}Sender: ann@origin.example\r\n\r\n`, body };
  });

/** The mail as a naked message, right unless something of it is made otherwise. */
export function nakedOf(mail: Mail, ways: Partial<NakedWays> = {}, other: Partial<NakedInput> = {}): Octets {
  const known = parties('prime');
  const name = `naked ${mail.seed}`;
  return buildNaked(
    {
      points: { destination: known.destination.point, recipient: known.recipient.point },
      organizationKey: known.destination.identity.signing,
      ephemeralKey: parties('prime', 'strangers').author.identity.signing,
      ephemeral: ephemeralOf(mail.seed),
      headers: mail.headers,
      body: mail.body,
      random: sourceFrom(name),
      ...other,
    },
    ways,
  );
}
