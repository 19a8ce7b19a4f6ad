/** How the plain peer reads a command line, in either dialect (sections 5.1, 5.4, 12.1 and 12.2 of the DMTP digest). */

/** Letters, digits, dot and hyphen. */
export const isDomain = (text: string): boolean => /^[A-Za-z0-9.-]+$/.test(text);

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const address = new RegExp(`^${atom}(?:\\.${atom})*@[A-Za-z0-9.-]+$`);
export const isName = (text: string): boolean => (text.includes('@') ? address.test(text) : isDomain(text));

/** Null where brackets are missing, broken or empty, or text is left over. */
export type Values<Names extends string> = Readonly<Record<Names, string | undefined>> | null;

/** `<` for a name, `[` for a fingerprint or hash. */
interface Argument {
  /** In the named dialect. */
  readonly names: readonly string[];
  readonly bracket: '<' | '[';
  readonly optional?: boolean;
}

/** The arguments of a command in their order. */
type Layout<Names extends string> = readonly (readonly [Names, Argument])[];

const fingerprint: Argument = { names: ['FINGERPRINT'], bracket: '[' };

/** Of EHLO, HELO and STARTTLS. */
export const host: Layout<'host'> = [['host', { names: ['HOST'], bracket: '<' }]];

/** Of MAIL and RCPT. */
export const toward = (key: 'FROM' | 'TO'): Layout<'domain' | 'fingerprint'> => [
  ['domain', { names: [key], bracket: '<' }],
  ['fingerprint', fingerprint],
];

/** The start of HIST may be missing in the named dialect alone. */
export function ofSignets(verb: 'SGNT' | 'VRFY' | 'HIST', namedDialect: boolean): Layout<'name' | 'first' | 'second'> {
  const name = { names: verb === 'HIST' ? ['USER'] : ['USER', 'DOMAIN'], bracket: '<' } as const;
  if (verb !== 'HIST') {
    return [
      ['name', name],
      ['first', { ...fingerprint, optional: verb === 'SGNT' }],
    ];
  }
  return [
    ['name', name],
    ['first', { names: ['START'], bracket: '[', optional: namedDialect }],
    ['second', { names: ['STOP'], bracket: '[', optional: true }],
  ];
}

/** A line of the named dialect: its first argument is a name followed by `=`. */
export const isNamed = (rest: string): boolean => /^[ \t]+[A-Za-z]+[ \t]*=/.test(rest);

/** The arguments of a command in order; what stands behind the last is `tail`. */
export function readArguments<Names extends string>(
  rest: string,
  layout: Layout<Names>,
  tail?: (text: string) => void,
): Values<Names> {
  return isNamed(rest) ? readNamed(rest, layout) : readPositional(rest, layout, tail);
}

const open = { '<': '<([^>]+)>', '[': '\\[([^\\]]+)\\]' } as const;

function readPositional<Names extends string>(
  rest: string,
  layout: Layout<Names>,
  tail?: (text: string) => void,
): Values<Names> {
  const values: Partial<Record<string, string>> = {};
  let left = rest;
  for (const [key, { bracket, optional }] of layout) {
    const match = new RegExp(`^[ \\t]*${open[bracket]}`).exec(left);
    if (match === null) {
      if (optional !== true) return null;
      continue;
    }
    values[key] = match[1];
    left = left.slice(match[0].length);
  }
  if (tail !== undefined) tail(left);
  else if (left !== '') return null;
  return values as Values<Names>;
}

/** Upper-case names in their order, each behind a blank. */
function readNamed<Names extends string>(rest: string, layout: Layout<Names>): Values<Names> {
  const values: Partial<Record<string, string>> = {};
  let left = rest;
  for (const [key, { names, bracket, optional }] of layout) {
    const match = new RegExp(`^[ \\t]+(?:${names.join('|')})=${open[bracket]}(?=[ \\t]|$)`).exec(left);
    if (match === null) {
      if (optional !== true) return null;
      continue;
    }
    values[key] = match[1];
    left = left.slice(match[0].length);
  }
  return left.trim() === '' ? (values as Values<Names>) : null;
}

/** The SIZE among the parameters of MAIL, or the code that refuses them. */
export function readSize(text: string, limit: number): number | 501 | 552 {
  const known: Readonly<Record<string, RegExp>> = {
    SIZE: /^\d+$/,
    RETURN: /^(?:FULL|DISPLAY|HEADER)$/i,
    DATA: /^(?:7BIT|8BIT)$/i,
  };
  const values = new Map<string, string>();
  for (const word of text.split(/[ \t]+/).filter((part) => part !== '')) {
    const [key = '', value = ''] = word.split(/=(.*)/s);
    const name = key.toUpperCase();
    if (known[name]?.test(value) !== true || values.has(name)) return 501;
    values.set(name, value);
  }
  const size = BigInt(values.get('SIZE') ?? 0);
  if (size === 0n) return 501;
  return size > limit ? 552 : Number(size);
}
