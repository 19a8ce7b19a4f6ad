/**
 * The commands of the named dialect as a table (section 5 of the DMTP digest, column [table]), and lines made from it.
 * A case builds its line from values that it holds in its hands, so that what a right codec gives is known.
 */
import fc from 'fast-check';
import type { Verb } from '../../../grammar/dmtp.js';
import { addresses, fingerprints, hostNames } from '../../../grammar/leaves.js';

/** How a value is written (section 5.1): `<...>`, `[...]`, or bare up to white space. */
export type Form = 'angle' | 'square' | 'word';

/** Member of `arguments` in the adapter protocol. */
export type Member = 'host' | 'mode' | 'from' | 'to' | 'user' | 'domain' | 'fingerprint' | 'start' | 'stop';

export interface ArgumentRow {
  /** Before the equals sign. */
  readonly name: string;
  readonly member: Member;
  readonly form: Form;
  readonly needed: boolean;
}

const row = (name: string, form: Form, needed: boolean): ArgumentRow => ({
  name,
  member: name.toLowerCase() as Member,
  form,
  needed,
});

/** Of USER and DOMAIN exactly one is needed, which no column of the table says: givenArguments knows it. */
const name = [row('USER', 'angle', false), row('DOMAIN', 'angle', false)];

/** Arguments in the order that the table demands. NOOP is left out: what stands behind it is an accident (OQ-87). */
export const commandTable = {
  STARTTLS: [row('HOST', 'angle', true), row('MODE', 'word', false)],
  HELO: [row('HOST', 'angle', true)],
  EHLO: [row('HOST', 'angle', true)],
  MODE: [],
  RSET: [],
  HELP: [],
  QUIT: [],
  DATA: [],
  MAIL: [row('FROM', 'angle', true), row('FINGERPRINT', 'square', true)],
  RCPT: [row('TO', 'angle', true), row('FINGERPRINT', 'square', true)],
  SGNT: [...name, row('FINGERPRINT', 'square', false)],
  HIST: [row('USER', 'angle', true), row('START', 'square', false), row('STOP', 'square', false)],
  VRFY: [...name, row('FINGERPRINT', 'square', true)],
} as const satisfies Partial<Record<Verb, readonly ArgumentRow[]>>;

export type NamedVerb = keyof typeof commandTable;

export const namedVerbs = Object.keys(commandTable) as NamedVerb[];
export const bareVerbs = namedVerbs.filter((verb) => commandTable[verb].length === 0);
export const verbsWithArguments = namedVerbs.filter((verb) => commandTable[verb].length > 0);

export interface GivenArgument extends ArgumentRow {
  readonly value: string;
}

export interface NamedCommand {
  readonly verb: NamedVerb;
  readonly given: readonly GivenArgument[];
}

/** A value that means something. */
export function plausible({ member }: ArgumentRow): fc.Arbitrary<string> {
  switch (member) {
    case 'user':
      return addresses;
    case 'mode':
      return fc.constantFrom('DMTP', 'SMTP', 'DMTPv1');
    case 'fingerprint':
    case 'start':
    case 'stop':
      return fingerprints;
    default:
      return hostNames;
  }
}

const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/**
 * Every value that the syntax takes: empty, with spaces, with characters outside ASCII, with brackets other than the
 * one that ends it. A bare word has none of that.
 */
export function anything(argument: ArgumentRow): fc.Arbitrary<string> {
  if (argument.form === 'word') return plausible(argument);
  const end = argument.form === 'angle' ? '>' : ']';
  const characters = [...printable.filter((character) => character !== end), 'é', 'ß', 'Ω', '漢'];
  return fc.oneof(
    { weight: 1, arbitrary: plausible(argument) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...characters), maxLength: 24 }) },
    { weight: 2, arbitrary: fc.constantFrom('', ' two words ', '<[(', 'HOST=a') },
  );
}

type Values = (argument: ArgumentRow) => fc.Arbitrary<string>;

/** Right commands of the verbs, with and without what is optional. */
export function commands(verbs: readonly NamedVerb[], values: Values = plausible): fc.Arbitrary<NamedCommand> {
  return fc
    .constantFrom(...verbs)
    .chain((verb) =>
      givenArguments(commandTable[verb]).chain((rows) =>
        fc
          .tuple(...rows.map((argument) => values(argument).map((value) => ({ ...argument, value }))))
          .map((given) => ({ verb, given })),
      ),
    );
}

/** The rows that a command gives, in the order of the table. */
function givenArguments(rows: readonly ArgumentRow[]): fc.Arbitrary<readonly ArgumentRow[]> {
  const optional = rows.filter(({ needed, member }) => !needed && member !== 'user' && member !== 'domain');
  const names = rows.filter(({ needed, member }) => !needed && (member === 'user' || member === 'domain'));
  return fc
    .tuple(fc.subarray(optional), names.length === 0 ? fc.constant(null) : fc.constantFrom(...names))
    .map(([extras, name]) =>
      rows.filter((argument) => argument.needed || argument === name || extras.includes(argument)),
    );
}

/** `NAME=<value>`. */
export function writtenArgument({ name, form, value }: GivenArgument): string {
  const brackets = { angle: ['<', '>'], square: ['[', ']'], word: ['', ''] }[form];
  return `${name}=${brackets[0]}${value}${brackets[1]}`;
}

/** The parts of a line: the name of the command and its arguments as they are written. */
export function partsOf({ verb, given }: NamedCommand): string[] {
  return [verb, ...given.map(writtenArgument)];
}

/** A line in the plainest spelling. */
export function lineOf(parts: readonly string[], end: LineEnd = '\r\n'): string {
  return parts.join(' ') + end;
}

/** `arguments` as an adapter gives and takes them. */
export function argumentsOf({ given }: NamedCommand): Record<string, string> {
  return Object.fromEntries(given.map(({ member, value }) => [member, value]));
}

export type LineEnd = '\r\n' | '\n';

/** The named dialect takes both. */
export const lineEnds: fc.Arbitrary<LineEnd> = fc.constantFrom('\r\n', '\n');
