/**
 * Input of the STACIE cases. Passwords are long, since short ones cost rounds: 16 characters and more are 256 rounds and
 * fewer. What only few characters show is asked of `stacie.rounds`, which derives nothing.
 */
import fc from 'fast-check';
import type { Octets, RealmInput, Revision } from '../../model/stacie-derivation.js';
import type { EnvelopeKeys } from '../../model/stacie-envelope.js';
import type { Asked, Rotation } from './stacie-calls.js';

/** Random octets; which ones decides nothing, so they are not shrunk. */
export const exactly = (length: number): fc.Arbitrary<Octets> =>
  fc.noShrink(fc.integer({ min: 1, max: 0x7fffffff })).map((seed) => randomOctets(seed, length));

const between = (min: number, max: number): fc.Arbitrary<Octets> =>
  fc.integer({ min, max }).chain((length) => exactly(length));

/** A 32-bit xorshift generator: quicker than to draw each octet, and the same for a seed. */
function randomOctets(seed: number, length: number): Octets {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

/** Lengths that the drafts recommend: multiples of 32 from 64 to 1,024. */
export const saltLengths = [64, 96, 128, 160, 256, 1024] as const;
/** Outside the recommended shape, but to be taken with a warning. */
export const oddLengths = [65, 100, 127, 129, 1023, 1025, 1056, 2048] as const;
export const shortLengths = [0, 1, 32, 63] as const;

export const ofLengths = (lengths: readonly number[]): fc.Arbitrary<Octets> =>
  fc.constantFrom(...lengths).chain(exactly);

export const salts = ofLengths(saltLengths);
export const nonces = ofLengths([64, 96, 128, 1024]);
export const maybe = (octets: fc.Arbitrary<Octets>): fc.Arbitrary<Octets | null> => fc.option(octets, { freq: 4 });

/** Any code point that UTF-8 can write and that every reading counts (STACIE-I-03). */
const anyCodePoint = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((value) => String.fromCodePoint(value < 0xd800 ? value : value + 0x800))
  .filter((character) => !/\p{Default_Ignorable_Code_Point}/u.test(character));

/** Characters that are counted or changed wrongly by those who count in octets, units or graphemes, or fold or trim. */
export const trickyCharacters = fc.constantFrom(
  ...['é', 'Å', 'ﬁ', 'ǅ', 'ß', 'İ', '한', 'q\u0300', 'क्ष', '\u0600', '\u00a0', '\u2028'],
  ...['😀', '🇩🇪', '👍🏽', '𝔘', '\u{10ffff}', '\uffff', ' ', '\t', '\n', '\0', '"', '\\', 'A', 'Z'],
);

/** Default-ignorable: one reading counts them, the other does not (STACIE-I-03). */
export const ignorableCharacters = fc.constantFrom('\u200d', '\ufe0f', '\ufeff', '\u00ad', '\u{e0100}');

const characters = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: trickyCharacters },
  { weight: 1, arbitrary: anyCodePoint },
);

/** Text of so many code points: the last character of several may be cut. */
export function texts(min: number, max: number): fc.Arbitrary<string> {
  return textsOf(fc.integer({ min, max }), max);
}

/** The same, but shrinking to the longest, which costs the fewest rounds. */
export function longTexts(min: number, max: number): fc.Arbitrary<string> {
  return textsOf(
    fc.integer({ min: 0, max: max - min }).map((less) => max - less),
    max,
  );
}

/** A plain text where that fails too; otherwise the characters stay, which may be what it fails for. */
function textsOf(lengths: fc.Arbitrary<number>, max: number): fc.Arbitrary<string> {
  const pieces = fc.noShrink(fc.array(characters, { minLength: max, maxLength: max }));
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: lengths.map(plainText) },
    {
      weight: 6,
      arbitrary: fc.tuple(lengths, pieces).map(([length, list]) => composed(list.join('') + plainText(max), length)),
    },
  );
}

/** The beginning of a text, composed: a client may do that to a password (STACIE-I-02), so nothing must depend on it. */
function composed(text: string, length: number): string {
  return [...text.normalize('NFC')].slice(0, length).join('');
}

/** So many letters and spaces. */
export function plainText(length: number): string {
  return 'correct horse battery staple '.repeat(Math.ceil(length / 29)).slice(0, length);
}

export const usernames = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('user@example.tld', 'ann', 'Ann.Example@EXAMPLE.tld') },
  { weight: 2, arbitrary: texts(1, 24) },
);

export const passwords = fc.oneof(
  { weight: 6, arbitrary: longTexts(16, 26) },
  { weight: 1, arbitrary: longTexts(27, 90) },
);

/** What every client has to take. */
export const bonuses = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 41, max: 1024 }) },
);

export const revisions: fc.Arbitrary<Revision> = fc.constantFrom('00', '03');

/** Passwords that are no UTF-8 are written by the case itself. */
type Drawn = Omit<Asked, 'passwordOctets'>;

/** Inputs of a derivation; `parts` take the place of the usual ones. */
export function derivations(
  parts: { readonly [Part in keyof Drawn]?: fc.Arbitrary<Drawn[Part]> } = {},
): fc.Arbitrary<Asked> {
  return fc.record({
    revision: revisions,
    username: usernames,
    password: passwords,
    salt: maybe(salts),
    nonce: maybe(nonces),
    bonus: bonuses,
    ...parts,
  });
}

/** In the form of section 5 of the digest (STACIE-I-35). */
export const labels = fc.oneof(
  fc.constantFrom('mail', 'contacts', 'keys', 'm', 'files.2018_b-c'),
  fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,15}$/),
);

export function realms(
  parts: { readonly [Part in keyof RealmInput]?: fc.Arbitrary<RealmInput[Part]> } = {},
): fc.Arbitrary<RealmInput> {
  return fc.record({
    masterKey: exactly(64),
    realm: labels,
    shard: exactly(64),
    salt: maybe(salts),
    ...parts,
  });
}

/** A change of password: accounts with a salt get another, those without keep none. */
export const rotations: fc.Arbitrary<Rotation> = fc
  .record({ old: realms(), masterKey: exactly(64), salt: salts })
  .map(({ old, masterKey, salt }) => ({ old, next: { masterKey, salt: old.salt === null ? null : salt } }));

export const envelopeKeys: fc.Arbitrary<EnvelopeKeys> = fc.record({
  vectorKey: exactly(16),
  tagKey: exactly(16),
  cipherKey: exactly(32),
});

export const serials = fc.oneof(fc.constantFrom(0, 1, 255, 256, 65_535), fc.integer({ min: 0, max: 65_535 }));

/** Every place in a block of 16 octets, none short of what all decryptors take (section 1.8, STACIE-I-38). */
export const plainTexts = fc.oneof(
  { weight: 8, arbitrary: between(12, 80) },
  { weight: 1, arbitrary: between(81, 5000) },
);
export const shortTexts = between(1, 11);
