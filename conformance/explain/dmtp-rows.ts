/** DMTP command lines and replies: what each says, argument by argument. */
import {
  type BreachKind,
  type Command,
  type CommandArguments,
  diagnoseCommand,
  LineTooLongError,
  longestCommandLine,
  parseCommand,
  parseReply,
  type ReplyReadings,
  readReply,
  type Verb,
  verbs,
} from '../../grammar/dmtp.js';
import { GrammarError } from '../../grammar/parse.js';
import { brokenRequirement } from '../target/adapter/named-refusal.js';
import { type Explanation, Sheet, type Wishes } from './explanation.js';
import { quoted } from './shown.js';
import { explainSignet } from './signet-rows.js';

/** A person explains a line, or what one session said. */
const mostLines = 1000;
/** The grammar needs a hundred octets of memory and more for each octet of a reply. */
const mostOctets = 262_144;

const verbMeanings: Readonly<Record<Verb, string>> = {
  STARTTLS: 'asks for TLS on a dual mode port',
  HELO: 'greets, and names the host of the client',
  EHLO: 'greets, and asks what the server can do',
  MODE: 'asks which protocol is spoken',
  NOOP: 'does nothing',
  RSET: 'drops the transaction',
  HELP: 'asks for help',
  QUIT: 'ends the session',
  MAIL: 'begins a transaction: names the origin, its signet and the size',
  RCPT: 'names the destination and its signet',
  DATA: 'sends the message',
  SGNT: 'asks for a signet',
  HIST: 'asks for a chain of signets',
  VRFY: 'asks whether a fingerprint is of the current signet',
  STATS: 'asks for statistics',
  VERB: 'asks which commands there are',
};

const argumentMeanings: Readonly<Record<keyof CommandArguments, string>> = {
  host: 'host of the client or the server',
  mode: 'protocol',
  from: 'origin, a domain',
  to: 'destination, a domain',
  fingerprint: 'fingerprint of a signet',
  size: 'octets of the message to come',
  return: 'what is to be returned on failure',
  data: 'kind of data',
  user: 'address',
  domain: 'domain',
  start: 'fingerprint of the oldest signet wanted',
  stop: 'fingerprint of the newest signet wanted',
  nonce: 'nonce',
  hash: 'commit hash',
  topic: 'topic',
  text: 'text, ignored',
};

/** Section 12.4 of the DMTP digest. */
const breachMeanings: Readonly<Record<BreachKind, string>> = {
  smtp: 'a line for SMTP: no angle brackets, or a bare STARTTLS',
  syntax: 'the first argument is missing or not in brackets',
  domain: 'what stands in the brackets is no domain',
  parameter: 'a later argument is missing or wrong',
  unsupported: 'MAIL has no such parameter',
  surplus: 'an argument where none belongs',
  unknown: 'no command of DMTP',
};

const replyReadings: readonly (keyof ReplyReadings)[] = [
  'BannerReply',
  'StartTlsReply',
  'SecuredReply',
  'EhloReply',
  'ModeReply',
  'ContinueReply',
  'StoredReply',
  'NumberedStoredReply',
  'SignetReply',
  'VerifyReply',
  'HistoryReply',
  'StatsReply',
  'HelpReply',
  'RefusalReply',
];

/** @param input lines of commands and replies, one character an octet */
export function explainDmtp(input: Uint8Array, wishes: Wishes): Explanation {
  const sheet = new Sheet();
  const whole = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  const read = whole.slice(0, mostOctets);
  if (read !== whole) sheet.wrong(`more than ${mostOctets} octets; those behind were not read`, null, mostOctets);
  const text = read.endsWith('\n') ? read : `${read}\r\n`;
  if (text !== read) sheet.note('there is no line end; CRLF was taken as meant');
  else if (!/\r\n/.test(whole)) sheet.note('line ends are LF; peers send CRLF and may read both', 'DMTP-011');
  const said: string[] = [];
  for (const { text: piece, offset, isReply } of pieces(text, sheet)) {
    said.push(isReply ? replyRows(piece, offset, wishes, sheet) : commandRows(piece, offset, sheet));
  }
  const title = said.length === 1 ? `DMTP ${said[0]}` : `DMTP, ${said.length} commands and replies`;
  return sheet.done({ kind: 'dmtp', title, profile: null, octets: whole.length });
}

interface Piece {
  readonly text: string;
  readonly offset: number;
  readonly isReply: boolean;
}

/** Command lines, and replies with all their lines. */
function pieces(text: string, sheet: Sheet): Piece[] {
  const found: Piece[] = [];
  // What stands behind the last line end is the empty text.
  const lines = text.split('\n', mostLines + 1).slice(0, -1);
  let offset = 0;
  let replyStart: number | null = null;
  for (const line of lines) {
    const end = offset + line.length + 1;
    if (isReplyLine(line)) {
      replyStart ??= offset;
      // Only a hyphen says that more lines come.
      if (line[3] !== '-') {
        found.push({ text: text.slice(replyStart, end), offset: replyStart, isReply: true });
        replyStart = null;
      }
    } else {
      if (replyStart !== null) found.push({ text: text.slice(replyStart, offset), offset: replyStart, isReply: true });
      replyStart = null;
      found.push({ text: text.slice(offset, end), offset, isReply: false });
    }
    offset = end;
  }
  if (replyStart !== null) found.push({ text: text.slice(replyStart, offset), offset: replyStart, isReply: true });
  if (offset < text.length) sheet.wrong(`more than ${mostLines} lines; those behind were not read`, null, offset);
  return found;
}

export function isReplyLine(line: string): boolean {
  return /^\d{3}(?!\d)/.test(line);
}

/** Whether the first word is a command's name; lower case counts too, as for the server. */
export function startsWithVerb(text: string): boolean {
  const word = /^[A-Za-z]+(?![A-Za-z0-9_-])/.exec(text)?.[0].toUpperCase();
  return verbs.some((verb) => verb === word);
}

function commandRows(line: string, offset: number, sheet: Sheet): string {
  let command: Command;
  try {
    command = parseCommand(line);
  } catch (error) {
    return refusedLine(line, offset, error, sheet);
  }
  const { verb, dialect } = command;
  sheet.row(verb, `${verbMeanings[verb]} (${dialect} arguments)`, { offset, octets: line.length });
  let from = verb.length;
  for (const [name, value] of Object.entries(command.arguments) as [
    keyof CommandArguments,
    string | number | undefined,
  ][]) {
    if (value === undefined) continue;
    const shown = String(value);
    const at = line.toUpperCase().indexOf(shown.toUpperCase(), from);
    const place = at === -1 ? {} : { offset: offset + at, octets: shown.length };
    if (at !== -1) from = at + shown.length;
    sheet.row(`  ${name}`, `${quoted(shown)}, ${argumentMeanings[name]}`, place);
  }
  return `command ${verb}`;
}

function refusedLine(line: string, offset: number, error: unknown, sheet: Sheet): string {
  const place = { offset, octets: line.length };
  if (error instanceof LineTooLongError) {
    sheet.row('(too long)', quoted(line.slice(0, 80)), place);
    sheet.wrong(error.message, 'DMTP-013', offset + longestCommandLine);
    return 'command line';
  }
  if (!(error instanceof GrammarError)) throw error;
  const { verb, breach } = diagnoseCommand(line);
  sheet.row(verb ?? '(unknown)', quoted(line), place);
  // Rules of the catalogue are about named arguments; for positional ones the table of section 12.4 is the rule.
  const named = /[ \t][A-Za-z]+=[<[]/.test(line);
  const found = error.found === null ? 'the end' : quoted(error.found);
  sheet.wrong(
    `${breachMeanings[breach]}: expected ${error.expected.join(' or ')}, found ${found} (section 12.4 of the DMTP digest)`,
    (named ? brokenRequirement(line) : undefined) ?? null,
    offset + error.offset,
  );
  return verb === null ? 'command line' : `command ${verb}`;
}

function replyRows(text: string, offset: number, wishes: Wishes, sheet: Sheet): string {
  const place = { offset, octets: text.length };
  try {
    const { code, lines } = parseReply(text);
    sheet.row(String(code), codeMeaning(code), place);
    let at = offset;
    for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
      sheet.row('  text', quoted(lines[index] ?? ''), { offset: at + 4, octets: (lines[index] ?? '').length });
      at += line.length + 1;
    }
    readingRows(text, wishes, sheet);
    return `reply ${code}`;
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    sheet.row('(wrong)', quoted(text), place);
    const differs = error.expected.some((expected) => expected.endsWith('as on the first line'));
    const found = error.found === null ? 'the end' : quoted(error.found);
    sheet.wrong(
      `no right reply: expected ${error.expected.join(' or ')}, found ${found}`,
      differs ? 'DMTP-016' : 'DMTP-015',
      offset + error.offset,
    );
    return 'reply';
  }
}

function codeMeaning(code: number): string {
  if (code < 200) return 'no class that DMTP uses';
  if (code < 300) return 'success';
  if (code < 400) return 'go on: the message may be sent';
  return code < 500 ? 'refused for now' : 'refused for good';
}

/** What a client can take the reply for; signets in it are explained too. */
function readingRows(text: string, wishes: Wishes, sheet: Sheet): void {
  for (const rule of replyReadings) {
    try {
      const reading = readReply(rule, text);
      sheet.row('  can answer', reading.kind);
      const signets = 'signet' in reading ? [reading.signet] : 'signets' in reading ? reading.signets : [];
      for (const base64 of signets) {
        sheet.include('  signet:', explainSignet(new Uint8Array(Buffer.from(base64, 'base64')), wishes));
      }
    } catch (error) {
      if (!(error instanceof GrammarError)) throw error;
    }
  }
}
