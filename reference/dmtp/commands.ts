/** Every command with its handler, and the replies to lines that are a command but a broken one. */
import { type BreachKind, type Verb, verbs } from '../../grammar/dmtp.js';
import { accept, type Handler, isDomain, printable, refuse } from './conversation.js';
import { helpTexts } from './help.js';
import type { ReplyName } from './reply-writer.js';
import { hist, sgnt, vrfy } from './signet-commands.js';
import { data, mail, rcpt, rset } from './transaction-commands.js';

const startTls: Handler = (conversation, command) => {
  const { host = '', mode } = command.arguments;
  const word = mode?.toUpperCase();
  if (word !== undefined && !['DMTPV1', 'DMTP', 'SMTP', 'ESMTP'].includes(word)) return refuse('badStartTls');
  if (!isDomain(command, host)) return refuse('invalidStartTlsDomain');
  conversation.established = true;
  if (host.toLowerCase() !== conversation.host.toLowerCase()) return refuse('noCertificate');
  if (word === 'SMTP' || word === 'ESMTP') return refuse('smtpNotAvailable');
  return accept('startTls');
};

const greeting =
  (reply: 'ehlo' | 'helo'): Handler =>
  (_, command) =>
    isDomain(command, command.arguments.host ?? '') ? accept(reply) : refuse('invalidEhloDomain');

const stats: Handler = (conversation, { arguments: { nonce } }) => {
  if (nonce === undefined) {
    conversation.nonce = Buffer.from(conversation.random(32)).toString('base64url');
    return accept('stats', { nonce: conversation.nonce });
  }
  if (nonce !== conversation.nonce) return refuse('badNonce');
  // Good once (OQ-122); there are no statistics to give (section 12.4).
  conversation.nonce = null;
  return refuse('statsUnimplemented');
};

const help: Handler = ({ disabled }, { arguments: { topic } }) => {
  if (topic === undefined) {
    const enabled = verbs.filter((verb) => !disabled.has(verb));
    return accept('help', undefined, enabled);
  }
  // `MAIL FROM` and `RCPT TO` are names of two words (section 5.4).
  const name = topic.toUpperCase().replace(/^(MAIL)[ \t]+FROM$|^(RCPT)[ \t]+TO$/, '$1$2');
  const command = verbs.find((verb) => verb === name);
  return command === undefined
    ? accept('helpUnknown', { word: printable(topic, '?') })
    : accept('helpOn', { command, text: helpTexts[command] });
};

const always =
  (reply: ReplyName): Handler =>
  () =>
    accept(reply);

export const handlers: Readonly<Record<Verb, Handler>> = {
  STARTTLS: startTls,
  HELO: greeting('helo'),
  EHLO: greeting('ehlo'),
  MODE: ({ dualPort, encrypted }) => accept(dualPort && !encrypted ? 'modeDual' : 'mode'),
  NOOP: always('noop'),
  RSET: rset,
  HELP: help,
  QUIT: always('quit'),
  MAIL: mail,
  RCPT: rcpt,
  DATA: data,
  SGNT: sgnt,
  HIST: hist,
  VRFY: vrfy,
  STATS: stats,
  VERB: always('verb'),
};

const surplusOnly = { surplus: 'invalidCommand' } as const;
/** Any text may follow these two, so only a stray CR breaks them; the digest has no reply of its own for that. */
const strayOnly = { syntax: 'invalidCommand' } as const;
const greetingBreaches = { syntax: 'badEhlo', domain: 'invalidEhloDomain', smtp: 'for-smtp' } as const;

/** What is answered to each kind of broken command (section 12.4). `for-smtp`: as any line that only SMTP could serve. */
export const breachReplies: Readonly<Record<Verb, Partial<Readonly<Record<BreachKind, ReplyName | 'for-smtp'>>>>> = {
  STARTTLS: { syntax: 'badStartTls', domain: 'invalidStartTlsDomain', smtp: 'for-smtp' },
  HELO: greetingBreaches,
  EHLO: greetingBreaches,
  MAIL: { syntax: 'badMail', parameter: 'invalidMail', unsupported: 'unsupportedMail' },
  RCPT: { syntax: 'badRcpt', parameter: 'invalidRcpt' },
  DATA: { syntax: 'badData', parameter: 'invalidData' },
  SGNT: { syntax: 'badSgnt', parameter: 'invalidSgnt' },
  HIST: { syntax: 'badHist', parameter: 'invalidHist' },
  VRFY: { syntax: 'badVrfy', parameter: 'invalidVrfy' },
  STATS: { syntax: 'badStats' },
  RSET: surplusOnly,
  VERB: surplusOnly,
  MODE: surplusOnly,
  QUIT: surplusOnly,
  HELP: strayOnly,
  NOOP: strayOnly,
};
