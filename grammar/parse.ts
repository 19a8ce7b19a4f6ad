/** Typed access to the compiled grammars, with syntax errors that say where, what was expected and what stood there. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse as parseArmor } from './generated/armor.js';
import { parse as parseDmap } from './generated/dmap.js';
import { parse as parseDmtp } from './generated/dmtp.js';
import { parse as parseRecord } from './generated/record.js';
import { parse as parseStacie } from './generated/stacie.js';

const parsers = {
  armor: parseArmor,
  dmap: parseDmap,
  dmtp: parseDmtp,
  record: parseRecord,
  stacie: parseStacie,
} as const;

/** The grammars of this folder. */
export type GrammarName = keyof typeof parsers;

export const grammarNames = Object.keys(parsers) as GrammarName[];

/** What a compiled parser throws; peggy's own class differs from grammar to grammar, so it is told by its members. */
interface PeggySyntaxError extends Error {
  readonly location: { readonly start: { readonly offset: number } };
  readonly found: string | null;
  readonly expected: readonly Expectation[] | null;
}

type Expectation =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'class' }
  | { readonly type: 'any' }
  | { readonly type: 'end' }
  | { readonly type: 'other'; readonly description: string };

/** A text that a grammar refuses. */
export class GrammarError extends Error {
  override readonly name = 'GrammarError';
  constructor(
    readonly grammar: GrammarName,
    /** The start rule. */
    readonly rule: string,
    /** Where it stopped fitting, in characters from the start of the text. */
    readonly offset: number,
    /** What could have stood there, each as a person would write it. */
    readonly expected: readonly string[],
    /** What stood there, mostly one character, or null at the end of the text. */
    readonly found: string | null,
  ) {
    super(
      `${grammar} ${rule}: at offset ${offset} expected ${expected.join(' or ')}, found ${found === null ? 'the end' : JSON.stringify(found)}`,
    );
  }
}

/**
 * Parses `text` (one character an octet) from `rule`. The result has the type that the grammar's action gives; callers
 * name it, each in one place (dmtp.ts, record.ts).
 *
 * @throws GrammarError when the text does not fit
 */
export function parseRule(grammar: GrammarName, rule: string, text: string): unknown {
  try {
    return parsers[grammar](text, { startRule: rule });
  } catch (error) {
    if (isSyntaxError(error)) {
      throw new GrammarError(
        grammar,
        rule,
        error.location.start.offset,
        [...new Set((error.expected ?? []).map(describe))].sort(),
        error.found,
      );
    }
    throw error;
  }
}

/** Whether `text` fits `rule`. */
export function fitsRule(grammar: GrammarName, rule: string, text: string): boolean {
  try {
    parseRule(grammar, rule, text);
    return true;
  } catch (error) {
    if (error instanceof GrammarError) return false;
    throw error;
  }
}

/** The text of a grammar, as the syntax tree, the diagrams and the report's hash are made from it. */
export function grammarSource(grammar: GrammarName): string {
  return readFileSync(new URL(`./${grammar}.peggy`, import.meta.url), 'utf8');
}

/** SHA-256 of a grammar's text in hexadecimal, so that a report tells which grammar judged. */
export function grammarHash(grammar: GrammarName): string {
  return createHash('sha256').update(grammarSource(grammar)).digest('hex');
}

function isSyntaxError(error: unknown): error is PeggySyntaxError {
  return error instanceof Error && 'location' in error && 'found' in error && 'expected' in error;
}

function describe(expectation: Expectation): string {
  switch (expectation.type) {
    case 'literal':
      return JSON.stringify(expectation.text);
    case 'other':
      return expectation.description;
    case 'end':
      return 'the end';
    case 'any':
      return 'any character';
    case 'class':
      return describeClass(expectation as unknown as ClassExpectation);
  }
}

interface ClassExpectation {
  readonly parts: readonly (string | readonly [string, string])[];
  readonly inverted: boolean;
}

function describeClass({ parts, inverted }: ClassExpectation): string {
  const members = parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : `${part[0]}-${part[1]}`));
  return `${inverted ? 'anything but ' : 'one of '}${members.join(' ')}`;
}
