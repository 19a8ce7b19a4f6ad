/** Near misses: texts that fit a rule but for one broken element, labelled with what is broken. */
import fc from 'fast-check';
import { arbitraryOf, type GenerateOptions } from './generate.js';
import { derive } from './match.js';
import { fitsRule, type GrammarName } from './parse.js';
import { type BreachLabel, breachKinds, type Site, sitesOf } from './sites.js';
import { syntaxTree } from './tree.js';

export { type BreachLabel, breachKinds } from './sites.js';

export interface NearMiss {
  /** The broken text, one character an octet. It does not fit the rule. */
  readonly text: string;
  /** The text that it was made from. It fits. */
  readonly origin: string;
  readonly breach: BreachLabel;
  /** The rule, or the literal as the grammar writes it, that was broken. */
  readonly element: string;
  /** Where the two texts part, in characters. */
  readonly offset: number;
}

export interface NearMissOptions extends GenerateOptions {
  /**
   * For command lines: only what stands before the line end is broken, the line end stays, and no other line feed
   * comes in, so that a server sees exactly one line.
   */
  readonly keepLineEnd?: boolean;
  /** Break in these ways only. */
  readonly breaches?: readonly BreachLabel[];
  /** More rules that the broken text must not fit. */
  readonly against?: readonly string[];
}

/** What chooses among the ways to break a text; any whole numbers from 0. */
export interface Choices {
  readonly breach: number;
  readonly site: number;
  readonly variant: number;
}

/** Changes that still fit are passed over, but not more of them than this for one text. */
const mostTries = 60;

/**
 * Near misses of `rule`. The ways to break are as likely as each other as far as a text has room for them. They shrink
 * as their origins do, and to the plainest way.
 *
 * @throws RangeError when the grammar has no such rule
 */
export function nearMissOf(grammar: GrammarName, rule: string, options: NearMissOptions = {}): fc.Arbitrary<NearMiss> {
  const choices = fc.record({ breach: fc.nat(), site: fc.nat(), variant: fc.nat() });
  return fc
    .tuple(arbitraryOf(grammar, rule, options), choices)
    .map(([origin, choice]) => breakText(grammar, rule, origin, choice, options))
    .filter((miss) => miss !== null);
}

/**
 * Breaks one element of a text that fits `rule`; null when none of the changes tried makes it unfit.
 *
 * @throws RangeError when `origin` does not fit, or has no line end that could be kept
 */
export function breakText(
  grammar: GrammarName,
  rule: string,
  origin: string,
  choices: Choices,
  options: NearMissOptions = {},
): NearMiss | null {
  const piece = derive(syntaxTree(grammar), rule, origin);
  if (piece === null) throw new RangeError(`${grammar} ${rule}: not a text to break: ${JSON.stringify(origin)}`);
  const lineEnd = options.keepLineEnd === true ? lineEndOf(origin) : '';
  const bodyEnd = origin.length - lineEnd.length;
  const sites = sitesOf(piece, rule, bodyEnd).filter(({ end }) => end <= bodyEnd);
  const kinds = breachKinds.filter(
    (kind) => options.breaches?.includes(kind) !== false && sites.some(({ breach }) => breach === kind),
  );
  const rules = [rule, ...(options.against ?? [])];
  const refused = (text: string): boolean =>
    !rules.some((each) => fitsRule(grammar, each, text)) &&
    (lineEnd === '' || !text.slice(0, -lineEnd.length).includes('\n'));

  let tries = 0;
  for (const index of kinds.keys()) {
    const kind = kinds[(choices.breach + index) % kinds.length];
    const some = sites.filter(({ breach }) => breach === kind);
    for (let turn = 0; turn < some.length && tries < mostTries; turn += 1, tries += 1) {
      const site = some[(choices.site + turn) % some.length];
      if (site === undefined) continue;
      const miss = apply(origin, site, choices.variant + turn);
      if (miss !== null && refused(miss.text)) return miss;
    }
  }
  return null;
}

function apply(origin: string, site: Site, pick: number): NearMiss | null {
  const variant = site.variants[pick % site.variants.length];
  if (variant === undefined) return null;
  const text = origin.slice(0, site.at) + variant + origin.slice(site.end);
  if (text === origin) return null;
  let offset = 0;
  while (text.charAt(offset) === origin.charAt(offset)) offset += 1;
  return { text, origin, breach: site.breach, element: site.element, offset };
}

function lineEndOf(text: string): string {
  const found = /\r?\n$/.exec(text)?.[0];
  if (found === undefined || text.indexOf('\n') !== text.length - 1) {
    throw new RangeError(`not one line with its line end: ${JSON.stringify(text)}`);
  }
  return found;
}
