/**
 * Every reply of the server, section 12.4 of the DMTP digest as data.
 *
 * Braces mark what is filled in. `{host}`, `{software}` and `{limit}` (octets of the largest message) are the server's
 * own and known from the start; the rest comes with each reply.
 */

export interface ReplyRow {
  readonly code: number;
  /** One for each line. */
  readonly texts: readonly string[];
}

const row = (code: number, ...texts: string[]): ReplyRow => ({ code, texts });
const notAvailable = row(554, '{host} SMTP SERVICE NOT AVAILABLE');
const relayDenied = row(
  551,
  'RELAY ACCESS DENIED - THE DOMAIN IS NOT HOSTED LOCALLY AND RELAY ACCESS REQUIRES AUTHENTICATION',
);
const sizeExceeded = row(
  552,
  'OUTBOUND SIZE LIMIT EXCEEDED - THIS ACCOUNT MAY ONLY SEND MESSAGES UP TO {limit} BYTES IN LENGTH',
);
const signetNotFound = row(450, 'SIGNET NOT FOUND.');
const badMessage = row(554, 'INVALID DMIME DATA RECEIVED.');
const tryLater = row(451, 'INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER');
const ok = row(250, 'OK');

export const replies = {
  // Connection
  banner: row(220, '<{host}> DMTPv1 {software}'),
  bannerDual: row(220, '<{host}> ESMTP DMTPv1 {software}'),
  tlsRequired: row(503, 'DMTP COMMAND REQUIRES STARTTLS FIRST.'),
  smtpNotAvailable: notAvailable,
  noFallback: row(554, 'DMTP SESSION CANNOT FALLBACK AFTER ESTABLISHMENT.'),
  invalidCommand: row(500, 'INVALID COMMAND'),
  lineTooLong: row(500, 'LINE TOO LONG'),
  tooManyViolations: row(221, 'BYE'),
  // The code is the one of DMTP-023; the digest names no text, the early code's skeleton has this one.
  disabled: row(502, '{verb} COMMAND DISABLED'),
  internalError: row(451, 'Unexpected internal error occurred.'),
  closing: row(421, '{host} CLOSING CONNECTION'),
  // The early code's words; the digest has no row of its own (section 1.2).
  smtpUnreachable: row(421, '{host} SMTP SERVICE CONFIGURATION ERROR'),

  // STARTTLS
  alreadyEncrypted: row(454, 'SESSION IS ALREADY ENCRYPTED.'),
  badStartTls: row(501, 'BAD STARTTLS SYNTAX.'),
  invalidStartTlsDomain: row(501, 'INVALID STARTTLS DOMAIN.'),
  noCertificate: row(554, 'CERTIFICATE NOT FOUND FOR DOMAIN.'),
  startTls: row(220, 'SENDING CERTIFICATE FOR DOMAIN <{host}>', 'READY'),
  secured: row(250, 'OK DMTPv1'),

  // EHLO, HELO
  ehlo: row(250, 'PIPELINING', '8BITMIME', '8BITDIME', 'RETURN', 'SIZE {limit}', 'OK'),
  helo: ok,
  badEhlo: row(501, 'BAD EHLO SYNTAX.'),
  invalidEhloDomain: row(501, 'INVALID EHLO DOMAIN.'),

  // MAIL
  mailBeforeEhlo: row(503, 'MAIL FROM REJECTED - PLEASE PROVIDE AN EHLO AND TRY AGAIN'),
  badMail: row(501, 'BAD MAIL FROM SYNTAX.'),
  invalidMail: row(501, 'INVALID MAIL FROM PARAMETER.'),
  unsupportedMail: row(501, 'UNSUPPORTED MAIL FROM PARAMETER.'),
  mailTooLarge: sizeExceeded,
  mail: ok,

  // RCPT
  rcptBeforeEhlo: row(503, 'RCPT TO REJECTED - PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN'),
  rcptBeforeMail: row(503, 'RCPT TO REJECTED - PLEASE PROVIDE A MAIL FROM AND TRY AGAIN'),
  badRcpt: row(501, 'BAD RCPT TO SYNTAX.'),
  invalidRcpt: row(501, 'INVALID RCPT TO PARAMETER.'),
  rcptNotServed: relayDenied,
  secondDestination: row(503, 'RCPT TO REJECTED - ONE DESTINATION PER MESSAGE'),
  rcpt: ok,

  // DATA
  dataBeforeEhlo: row(503, 'DATA REJECTED - PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN'),
  dataBeforeMail: row(503, 'DATA REJECTED - PLEASE PROVIDE A MAIL FROM AND TRY AGAIN'),
  dataBeforeRcpt: row(503, 'DATA REJECTED - PLEASE PROVIDE A RCPT TO AND TRY AGAIN'),
  badData: row(501, 'BAD DATA SYNTAX.'),
  invalidData: row(501, 'INVALID DATA PARAMETER.'),
  goAhead: row(354, 'CONTINUE [{hash}]'),
  dataTimedOut: row(421, 'DATA FAILED - THE CONNECTION TIMED OUT WHILE WAITING FOR DATA - GOOD BYE'),

  // After the message
  badMessage,
  messageTooLarge: sizeExceeded,
  wrongSignature: badMessage,
  originUnavailable: tryLater,
  originUnknown: badMessage,
  invalidOriginSignet: badMessage,
  outdatedRecipientSignet: badMessage,
  messageInternalError: tryLater,
  lockedByAdministrator: row(550, 'ACCOUNT LOCKED - THE ACCOUNT HAS BEEN ADMINISTRATIVELY LOCKED'),
  lockedForInactivity: row(550, 'ACCOUNT LOCKED - THE ACCOUNT HAS BEEN LOCKED FOR INACTIVITY'),
  lockedForAbuse: row(550, 'ACCOUNT LOCKED - THE ACCOUNT HAS BEEN LOCKED FOR ABUSE POLICY VIOLATIONS'),
  lockedByOwner: row(550, 'ACCOUNT LOCKED - THE ACCOUNT HAS BEEN LOCKED AT THE REQUEST OF THE OWNER'),
  recipientNotServed: relayDenied,
  recipientUnknown: row(554, 'INVALID RECIPIENT - THE EMAIL ADDRESS DOES NOT MATCH AN ACCOUNT ON THIS SYSTEM'),
  stored: row(250, 'OK [{id}]'),

  // SGNT
  badSgnt: row(501, 'BAD SGNT SYNTAX.'),
  invalidSgnt: row(501, 'INVALID SGNT PARAMETER.'),
  signetNotFound,
  signetOfDomain: row(250, 'OK [{signet}]'),
  signetOfAddress: row(250, 'OK [{signet}]'),

  // HIST; a line `[{signet}]` for each signet goes before.
  badHist: row(501, 'BAD HIST SYNTAX.'),
  invalidHist: row(501, 'INVALID HIST PARAMETER.'),
  history: ok,
  historyOfNewest: ok,

  // VRFY
  badVrfy: row(501, 'BAD VRFY SYNTAX.'),
  invalidVrfy: row(501, 'INVALID VRFY PARAMETER.'),
  currentOfDomain: row(250, 'CURRENT'),
  currentOfAddress: row(250, 'CURRENT'),
  updateOfDomain: row(250, 'UPDATE [{fingerprint}]'),
  updateOfAddress: row(250, 'UPDATE [{fingerprint}]'),

  // Others; in the list of HELP a line for each command goes between.
  stats: row(200, 'ONCE [{nonce}]'),
  badNonce: row(450, 'BAD NONCE.'),
  statsUnimplemented: row(502, 'Command not implemented'),
  badStats: row(501, 'BAD STATS SYNTAX.'),
  help: row(214, 'AVAILABLE COMMANDS', 'OK'),
  helpOn: row(214, '{command}', '{text}', 'OK'),
  helpUnknown: row(214, 'HELP SPECIFIED INVALID COMMAND: {word}'),
  mode: row(200, 'OK DMTPv1'),
  modeDual: row(200, 'OK ESMTP'),
  verb: row(200, 'OK'),
  noop: ok,
  rset: ok,
  quit: row(221, 'BYE'),
} as const satisfies Record<string, ReplyRow>;

export type CanonicalReply = keyof typeof replies;
