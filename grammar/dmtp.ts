/** DMTP command lines and replies: the typed face of dmtp.peggy, and the formatters that are its inverse. */
import { GrammarError, parseRule } from './parse.js';

/** `positional`: `SGNT <name> [fp]`. `named`: `SGNT USER=<name> FINGERPRINT=[fp]`. (DMTP digest section 5) */
export type Dialect = 'positional' | 'named';

export const verbs = [
  'STARTTLS',
  'HELO',
  'EHLO',
  'MODE',
  'NOOP',
  'RSET',
  'HELP',
  'QUIT',
  'MAIL',
  'RCPT',
  'DATA',
  'SGNT',
  'HIST',
  'VRFY',
  'STATS',
  'VERB',
] as const;
export type Verb = (typeof verbs)[number];

/** The arguments of every verb; which ones a verb has stands in the grammar. */
export interface CommandArguments {
  readonly host?: string;
  readonly mode?: string;
  readonly from?: string;
  readonly to?: string;
  readonly fingerprint?: string;
  /** Octets of the message to come. */
  readonly size?: number;
  readonly return?: 'FULL' | 'DISPLAY' | 'HEADER';
  readonly data?: '7BIT' | '8BIT';
  /** An address; given by SGNT, VRFY and HIST when the name has an at sign. */
  readonly user?: string;
  readonly domain?: string;
  readonly start?: string;
  readonly stop?: string;
  readonly nonce?: string;
  /** The commit hash of DATA. */
  readonly hash?: string;
  readonly topic?: string;
  /** What stood behind NOOP. */
  readonly text?: string;
}

export interface Command {
  readonly verb: Verb;
  readonly dialect: Dialect;
  readonly arguments: CommandArguments;
}

/** What is wrong with a line that is no command (the classes that section 12.4 answers differently). */
export type BreachKind = 'smtp' | 'syntax' | 'domain' | 'parameter' | 'unsupported' | 'surplus' | 'unknown';

export interface Breach {
  readonly verb: Verb | null;
  readonly breach: BreachKind;
}

export interface ReplyLine {
  readonly code: number;
  readonly text: string;
  readonly end: 'crlf' | 'lf';
  readonly offset: number;
}

export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
  /** How the lines ended; `mixed` when they differ. */
  readonly end: 'crlf' | 'lf' | 'mixed';
}

/** The longest command line, with its line end, in octets (DMTP-013). */
export const longestCommandLine = 512;

/** A command line that is refused for its length, before anything else is looked at (section 12.1 rule 7). */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
  constructor(
    /** How long the line is, with its line end. */
    readonly octets: number,
    readonly limit: number,
  ) {
    super(`command line: ${octets} octets with the line end, but at most ${limit} are allowed`);
  }
}

/**
 * Parses one command line with its line end, one character an octet, in either dialect or in the one given.
 *
 * @throws LineTooLongError when it is longer than longestCommandLine
 * @throws GrammarError when it is no command
 */
export function parseCommand(line: string, dialect?: Dialect): Command {
  if (line.length > longestCommandLine) throw new LineTooLongError(line.length, longestCommandLine);
  const rule = dialect === undefined ? 'CommandLine' : dialect === 'named' ? 'NamedLine' : 'PositionalLine';
  return parseRule('dmtp', rule, line) as Command;
}

/** Says what is wrong with a line that parseCommand refused. Never throws for text. */
export function diagnoseCommand(line: string): Breach {
  return parseRule('dmtp', 'Breach', line) as Breach;
}

/**
 * Parses one whole reply, all its lines with their line ends.
 *
 * @throws GrammarError, also when the codes of the lines differ (DMTP-016)
 */
export function parseReply(text: string): Reply {
  const { lines } = parseRule('dmtp', 'Reply', text) as { lines: readonly ReplyLine[] };
  const [first] = lines;
  if (first === undefined) throw new Error('the grammar gives every reply a last line');
  const differing = lines.find((line) => line.code !== first.code);
  if (differing !== undefined) {
    const expected = [`"${first.code}" as on the first line`];
    throw new GrammarError('dmtp', 'Reply', differing.offset, expected, String(differing.code));
  }
  const ends = new Set(lines.map((line) => line.end));
  return {
    code: first.code,
    lines: lines.map((line) => line.text),
    end: ends.size === 1 ? first.end : 'mixed',
  };
}

/** What a client reads out of replies: the rules of dmtp.peggy named `...Reply`, with the type each gives. */
export interface ReplyReadings {
  BannerReply: { kind: 'banner'; code: number; host: string; words: string[] };
  StartTlsReply: { kind: 'starttls'; code: number; texts: string[] };
  SecuredReply: { kind: 'secured'; code: number; mode: string };
  EhloReply: { kind: 'ehlo'; code: number; capabilities: { name: string; limit?: number }[] };
  ModeReply: { kind: 'mode'; code: number; mode: string; second?: string };
  ContinueReply: { kind: 'continue'; code: number; hash: string };
  StoredReply: { kind: 'stored'; code: number; transaction: string };
  NumberedStoredReply: { kind: 'accepted' | 'duplicate'; code: number; fingerprint: string };
  SignetReply: { kind: 'signet'; code: number; signet: string };
  VerifyReply: { kind: 'current'; code: number } | { kind: 'update'; code: number; fingerprint: string };
  HistoryReply: { kind: 'history'; code: number; signets: string[] };
  StatsReply: { kind: 'once'; code: number; nonce: string };
  HelpReply: { kind: 'help'; code: number; texts: string[] };
  RefusalReply: { kind: 'refusal'; code: number; text: string };
}

/**
 * Reads one whole reply as the answer that `rule` describes.
 *
 * @throws GrammarError when it is another
 */
export function readReply<Rule extends keyof ReplyReadings>(rule: Rule, text: string): ReplyReadings[Rule] {
  return parseRule('dmtp', rule, text) as ReplyReadings[Rule];
}

/**
 * Writes a command in its canonical spelling, with CRLF. Inverse of parseCommand for every command it gives.
 *
 * @throws RangeError when the line would not be read back as the same command: an argument with text that its place
 *   cannot hold, one that is missing, or one that the command does not have; the message names it
 * @throws LineTooLongError
 */
export function formatCommand(command: Command): string {
  const { verb, dialect, arguments: args } = command;
  const words = dialect === 'named' ? namedWords(verb, args) : positionalWords(verb, args);
  const line = `${words.join(' ')}\r\n`;
  let back: Command;
  try {
    back = parseCommand(line, dialect);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    throw new RangeError(`${verb} (${dialect}) cannot be written: ${unfitArgument(command) ?? error.message}`);
  }
  const names = new Set([...Object.keys(args), ...Object.keys(back.arguments)]) as Set<keyof CommandArguments>;
  const changed = [...names].find((name) => args[name] !== back.arguments[name]);
  if (back.verb === verb && changed === undefined) return line;
  const what = changed === undefined ? `it reads as ${back.verb}` : `argument ${changed} would be lost or changed`;
  throw new RangeError(`${verb} (${dialect}) cannot be written: ${unfitArgument(command) ?? what}`);
}

/**
 * Writes a reply of one or more lines with CRLF.
 *
 * @throws RangeError when the code or a text has no place in a reply
 */
export function formatReply(code: number, texts: readonly string[]): string {
  if (!Number.isInteger(code) || code < 100 || code > 599) throw new RangeError(`reply: ${code} is no reply code`);
  if (texts.length === 0) throw new RangeError(`reply ${code}: no text, but a reply has at least one line`);
  const broken = texts.find((text) => /[\r\n]/.test(text));
  if (broken !== undefined) throw new RangeError(`reply ${code}: a line end within the text ${JSON.stringify(broken)}`);
  const last = texts.length - 1;
  return texts.map((text, index) => `${code}${index === last ? ' ' : '-'}${text}\r\n`).join('');
}

/** The rule that the text of an argument has to fit, where there is one for it alone. */
const argumentRules: Readonly<Record<Dialect, Readonly<Partial<Record<keyof CommandArguments, string>>>>> = {
  positional: {
    host: 'Domain',
    mode: 'ModeWord',
    from: 'Domain',
    to: 'Domain',
    fingerprint: 'BracketText',
    size: 'PositiveDecimal',
    return: 'ReturnWord',
    data: 'DataWord',
    user: 'Address',
    domain: 'Domain',
    start: 'BracketText',
    stop: 'BracketText',
    nonce: 'BracketText',
    hash: 'BracketText',
    topic: 'HelpTopic',
    text: 'NoopText',
  },
  named: {
    host: 'NamedAngleText',
    mode: 'NamedWord',
    from: 'NamedAngleText',
    to: 'NamedAngleText',
    fingerprint: 'NamedSquareText',
    user: 'NamedAngleText',
    domain: 'NamedAngleText',
    start: 'NamedSquareText',
    stop: 'NamedSquareText',
  },
};

/** The first argument whose own text is wrong, and why; null when each is right by itself. */
function unfitArgument({ dialect, arguments: args }: Command): string | null {
  for (const [name, value] of Object.entries(args) as [keyof CommandArguments, string | number | undefined][]) {
    const rule = argumentRules[dialect][name];
    if (rule === undefined || value === undefined) continue;
    try {
      parseRule('dmtp', rule, String(value));
    } catch (error) {
      if (!(error instanceof GrammarError)) throw error;
      return `argument ${name} ${JSON.stringify(value)}: ${error.message}`;
    }
  }
  return null;
}

function positionalWords(verb: Verb, args: CommandArguments): string[] {
  const name = args.user ?? args.domain;
  switch (verb) {
    case 'STARTTLS':
      return [verb, ...angle(args.host), ...pair('MODE', args.mode)];
    case 'EHLO':
    case 'HELO':
      return [verb, ...angle(args.host)];
    case 'MAIL':
      return [
        'MAIL FROM:',
        ...angle(args.from),
        ...square(args.fingerprint),
        ...pair('SIZE', args.size),
        ...pair('RETURN', args.return),
        ...pair('DATA', args.data),
      ];
    case 'RCPT':
      return ['RCPT TO:', ...angle(args.to), ...square(args.fingerprint)];
    case 'DATA':
      return [verb, ...square(args.hash)];
    case 'SGNT':
    case 'VRFY':
      return [verb, ...angle(name), ...square(args.fingerprint)];
    case 'HIST':
      return [verb, ...angle(name), ...square(args.start), ...square(args.stop)];
    case 'STATS':
      return [verb, ...square(args.nonce)];
    case 'HELP':
      return [verb, ...(args.topic === undefined ? [] : [args.topic])];
    case 'NOOP':
      // The text keeps the white space that stood behind the name, so that it parses to the same.
      return [args.text === undefined ? verb : `${verb}${args.text}`];
    default:
      return [verb];
  }
}

function namedWords(verb: Verb, args: CommandArguments): string[] {
  const name = [...named('USER', angle(args.user)), ...named('DOMAIN', angle(args.domain))];
  const fingerprint = named('FINGERPRINT', square(args.fingerprint));
  switch (verb) {
    case 'STARTTLS':
      return [verb, ...named('HOST', angle(args.host)), ...pair('MODE', args.mode)];
    case 'EHLO':
    case 'HELO':
      return [verb, ...named('HOST', angle(args.host))];
    case 'MAIL':
      return [verb, ...named('FROM', angle(args.from)), ...fingerprint];
    case 'RCPT':
      return [verb, ...named('TO', angle(args.to)), ...fingerprint];
    case 'SGNT':
    case 'VRFY':
      return [verb, ...name, ...fingerprint];
    case 'HIST':
      return [
        verb,
        ...named('USER', angle(args.user)),
        ...named('START', square(args.start)),
        ...named('STOP', square(args.stop)),
      ];
    case 'NOOP':
      return [verb, ...(args.text === undefined ? [] : [args.text])];
    default:
      return [verb];
  }
}

const angle = (value: string | undefined): string[] => (value === undefined ? [] : [`<${value}>`]);
const square = (value: string | undefined): string[] => (value === undefined ? [] : [`[${value}]`]);
const pair = (key: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${key}=${value}`];
const named = (key: string, values: string[]): string[] => values.map((value) => `${key}=${value}`);
