/** The state table of a session, section 12.3 of the DMTP digest as data. */
import type { Verb } from '../../grammar/dmtp.js';
import type { ReplyName } from './reply-writer.js';

/** `no-tls` to `rcpt`: the columns of the table. */
export const states = ['no-tls', 'tls', 'greeted', 'mail', 'rcpt'] as const;
export type State = (typeof states)[number];

/** What a line is for the table: a command, a greeting in SMTP's form, a command of SMTP only, or nothing known. */
export type Line = Verb | 'bare greeting' | 'smtp only' | 'unknown';

/**
 * `next` is the state after success. `for-smtp`: the SMTP service takes the connection, or the line is refused with one
 * of two replies that hang on what was before (12.4).
 */
export type Cell = { readonly next: State } | { readonly refuse: ReplyName } | 'for-smtp';

type Row = Readonly<Record<State, Cell>>;

const to = (state: State): Cell => ({ next: state });
const refuse = (reply: ReplyName): Cell => ({ refuse: reply });
const row = (noTls: Cell, tls: Cell, greeted: Cell, mail: Cell, rcpt: Cell): Row => ({
  'no-tls': noTls,
  tls,
  greeted,
  mail,
  rcpt,
});

const needsTls = refuse('tlsRequired');
const encrypted = refuse('alreadyEncrypted');
const unknown = refuse('invalidCommand');
const greeting = row(needsTls, to('greeted'), to('greeted'), to('mail'), to('rcpt'));
const anyTimeInTls = row(needsTls, to('tls'), to('greeted'), to('mail'), to('rcpt'));
const anyTime = row(to('no-tls'), to('tls'), to('greeted'), to('mail'), to('rcpt'));

export const stateTable: Readonly<Record<Line, Row>> = {
  STARTTLS: row(to('tls'), encrypted, encrypted, encrypted, encrypted),
  EHLO: greeting,
  HELO: greeting,
  'bare greeting': row('for-smtp', 'for-smtp', 'for-smtp', 'for-smtp', 'for-smtp'),
  MAIL: row(needsTls, refuse('mailBeforeEhlo'), to('mail'), to('mail'), to('mail')),
  RCPT: row(needsTls, refuse('rcptBeforeEhlo'), refuse('rcptBeforeMail'), to('rcpt'), to('rcpt')),
  DATA: row(needsTls, refuse('dataBeforeEhlo'), refuse('dataBeforeMail'), refuse('dataBeforeRcpt'), to('greeted')),
  SGNT: anyTimeInTls,
  HIST: anyTimeInTls,
  VRFY: anyTimeInTls,
  STATS: anyTimeInTls,
  HELP: anyTimeInTls,
  NOOP: anyTimeInTls,
  VERB: anyTimeInTls,
  RSET: row(needsTls, to('tls'), to('greeted'), to('greeted'), to('greeted')),
  MODE: anyTime,
  QUIT: anyTime,
  'smtp only': row('for-smtp', unknown, unknown, unknown, unknown),
  unknown: row(unknown, unknown, unknown, unknown, unknown),
};

/** Commands of SMTP (RFC 5321 and its extensions) that DMTP does not know. */
export const smtpOnlyCommands: ReadonlySet<string> = new Set([
  'AUTH',
  'BDAT',
  'BURL',
  'ETRN',
  'EXPN',
  'SAML',
  'SEND',
  'SOML',
  'TURN',
]);
