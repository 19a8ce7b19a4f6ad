/** Texts with a meaning for the rules of dmap.peggy that leave it open, and octets for the literals that a text announces. */
import fc from 'fast-check';
import type { FramedText } from './dmap-framed.js';
import { arbitraryOf, type Leaves } from './generate.js';
import { breakText, type NearMiss } from './mutate.js';

const numbers = fc.oneof(fc.nat({ max: 99 }), fc.nat({ max: 4_294_967_295 }));
const positives = fc.oneof(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 4_294_967_295 }));
const twoDigits = (max: number): fc.Arbitrary<string> =>
  fc.nat({ max }).map((number) => String(number).padStart(2, '0'));
const months = fc.constantFrom('Jan', 'Feb', 'mar', 'Apr', 'May', 'Jun', 'Jul', 'AUG', 'Sep', 'Oct', 'Nov', 'Dec');
const years = fc.constantFrom('1970', '1999', '2000', '2024', '2038', '9999');
const days = fc.integer({ min: 1, max: 28 });
const dateTexts = fc.tuple(days, months, years).map((parts) => parts.join('-'));
const dateTimes = fc
  .tuple(dateTexts, twoDigits(23), twoDigits(59), twoDigits(60), fc.constantFrom('+0000', '-0000', '+1459', '-0330'))
  .map(([date, hour, minute, second, zone]) => `"${date.padStart(11)} ${hour}:${minute}:${second} ${zone}"`);
const statusItems = fc
  .subarray(['MESSAGES', 'UIDNEXT', 'uidvalidity', 'UNSEEN', 'HIGHESTMODSEQ'], { minLength: 1 })
  .map((items) => `(${items.join(' ')})`);
const keyStrings = fc.constantFrom('"request"', '""', '{12}\r\n', '~{40}\r\n');

/**
 * For dmap.peggy. What fits with them is read: numbers are within their ranges, dates are in the calendar, items are known
 * ones. Literals have at most 40 octets.
 */
export const dmapLeaves: Leaves = {
  Number: fc.oneof(
    numbers.map(String),
    fc.nat({ max: 99 }).map((number) => `00${number}`),
  ),
  Positive: positives.map(String),
  PositiveModseq: fc.oneof(positives.map(String), fc.constant('9223372036854775807')),
  LiteralSize: fc.oneof(fc.nat({ max: 40 }).map(String), fc.constant('007')),
  ChunkType: fc.nat({ max: 255 }).map(String),
  ChunkRecords: fc.constantFrom('""', '"text"', '{8}\r\n', '~{12}\r\n'),
  DateText: dateTexts,
  DateTime: dateTimes,
  StatusItems: statusItems,
  SelectionOptions: fc
    .subarray(['SUBSCRIBED', 'recursivematch', 'REMOTE', 'SPECIAL-USE'])
    .map((options) => `(${options.join(' ')})`),
  ReturnOption: fc.oneof(
    fc.constantFrom('SUBSCRIBED', 'children', 'SPECIAL-USE'),
    statusItems.map((items) => `STATUS ${items}`),
  ),
  KeyId: fc.constantFrom('signing-2015', '"a-key"', '2D8F', 'k]', '"\\"\\\\"'),
  KeyData: fc.oneof(
    keyStrings,
    keyStrings.map((text) => `(public ${text})`),
    fc.tuple(keyStrings, keyStrings).map(([one, other]) => `(PRIVATE ${one} PUBLIC ${other})`),
  ),
};

const sizes = fc.nat({ max: 40 });

/** The same for responses, whose literals have no plus sign: framing takes one with it as text. */
export const dmapResponseLeaves: Leaves = {
  ...dmapLeaves,
  Literal: sizes.map((size) => `{${size}}\r\n`),
  Literal8: sizes.map((size) => `~{${size}}\r\n`),
};

const headers = /(~?)\{([0-9]+)\+?\}\r\n/g;

/**
 * Gives each literal that `text` announces octets: a NUL and high octets in binary ones, letters in others. Literals of
 * more than `most` octets get none, nor do those behind them.
 */
export function filledText(text: string, most = 1_000_000): FramedText {
  const literals: Uint8Array[] = [];
  for (const [, binary, size] of text.matchAll(headers)) {
    const length = Number(size);
    if (length > most) break;
    literals.push(Uint8Array.from({ length }, (_, at) => (binary === '~' ? (at * 37) % 256 : 0x61 + (at % 26))));
  }
  return { text, literals };
}

/** Whole commands, responses or greetings, with octets in their literals. */
export function dmapTexts(rule: 'Command' | 'Response' | 'Greeting'): fc.Arbitrary<FramedText> {
  const leaves = rule === 'Command' ? dmapLeaves : dmapResponseLeaves;
  return arbitraryOf('dmap', rule, { leaves }).map((text) => filledText(text));
}

const quotedTexts = fc.constantFrom('""', '"Sent"', '"a b"', '"\\"\\\\"', '"100%"');
const lineLeaves: Leaves = {
  ...dmapLeaves,
  String: quotedTexts,
  Bstring: quotedTexts,
  KeyData: quotedTexts.map((text) => `(PUBLIC ${text})`),
};

/**
 * Commands without their tag, on one line and with its end, that fit but for one thing: a server says BAD to them behind
 * any tag.
 */
export const commandNearMisses: fc.Arbitrary<NearMiss> = fc
  .tuple(
    arbitraryOf('dmap', 'CommandRest', { leaves: lineLeaves }).filter((text) => text.indexOf('\n') === text.length - 1),
    fc.record({ breach: fc.nat(), site: fc.nat(), variant: fc.nat() }),
  )
  .map(([origin, choices]) => breakText('dmap', 'CommandRest', origin, choices, { keepLineEnd: true }))
  .filter((miss) => miss !== null);
