/**
 * What a right DMTP server answers, as a small state machine: the table of section 12.3 of the digest on a TLS port, with
 * the codes of 12.4 and the answers that 12.6 calls right as well. Written from the digest, without the server's code.
 */

/** How far a session has come. `foreign`: RCPT for a domain that is not served was accepted, which some servers do. */
export type SessionState = 'secured' | 'greeted' | 'mail' | 'rcpt' | 'foreign' | 'message';

export type ModelCommand =
  | 'ehlo'
  | 'ehlo-without-brackets'
  | 'ehlo-without-domain'
  | 'helo'
  | 'mail'
  | 'mail-without-size'
  | 'rcpt'
  | 'rcpt-without-fingerprint'
  | 'rcpt-elsewhere'
  | 'data'
  | 'octets'
  | 'noop'
  | 'rset'
  | 'mode'
  | 'stats'
  | 'signet'
  | 'verify'
  | 'starttls'
  | 'unknown';

export interface Expectation {
  /** The requirement that another answer breaks. */
  readonly requirement: string;
  readonly accepts: (code: number) => boolean;
  /** The same in words. */
  readonly expected: string;
  /** The state after an answer with this code, which is accepted. */
  readonly next: (code: number) => SessionState;
}

/** Every requirement that an expectation of this model rests on. */
export const modelRequirements = [
  'DMTP-020',
  'DMTP-021',
  'DMTP-025',
  'DMTP-027',
  'DMTP-029',
  'DMTP-031',
  'DMTP-052',
  'DMTP-079',
  'DMTP-082',
  'DMTP-086',
  'DMTP-087',
  'DMTP-089',
  'DMTP-091',
  'DMTP-096',
  'DMTP-101',
  'DMTP-103',
] as const;

export interface ModelOptions {
  /** Codes of 12.5 beside those of 12.4. */
  readonly numberedCodes: boolean;
  /** Commands that are switched off may be answered with 502. */
  readonly disabled: readonly string[];
}

/** What `command` gets in `state`. */
export function expectAnswer(state: SessionState, command: ModelCommand, options: ModelOptions): Expectation {
  const row = answerIn(state, command, options);
  const verb = verbOf[command];
  return verb !== undefined && options.disabled.includes(verb)
    ? {
        ...row,
        accepts: (code) => code === 502 || row.accepts(code),
        expected: `${row.expected} or 502`,
        next: (code) => (code === 502 ? state : row.next(code)),
      }
    : row;
}

const verbOf: Partial<Record<ModelCommand, string>> = {
  helo: 'HELO',
  mode: 'MODE',
  stats: 'STATS',
  signet: 'SGNT',
  verify: 'VRFY',
};

function answerIn(state: SessionState, command: ModelCommand, { numberedCodes }: ModelOptions): Expectation {
  const to = (next: Expectation['next'], requirement: string, ...codes: number[]): Expectation => ({
    requirement,
    accepts: (code) => codes.includes(code),
    expected: codes.join(' or '),
    next,
  });
  const stay = (requirement: string, ...codes: number[]): Expectation => to(() => state, requirement, ...codes);
  const go = (next: SessionState, requirement: string, ...codes: number[]): Expectation =>
    to((code) => (code < 400 ? next : state), requirement, ...codes);
  const early = state === 'secured';
  /** MAIL and RCPT are kept by what does not concern them. */
  const greeted: SessionState = early ? 'greeted' : state;
  switch (command) {
    case 'ehlo':
      return go(greeted, 'DMTP-025', 250);
    case 'ehlo-without-brackets':
      return stay('DMTP-020', 554);
    case 'ehlo-without-domain':
      return stay('DMTP-082', 501);
    case 'helo':
      return go(greeted, 'DMTP-020', 250, 500);
    case 'mail':
      return early ? stay('DMTP-086', 503) : go('mail', 'DMTP-020', 250);
    case 'mail-without-size':
      // A refused MAIL drops the transaction (12.1, rule 5).
      return early ? stay('DMTP-086', 503) : to(() => 'greeted', 'DMTP-091', 501);
    case 'rcpt':
      if (early) return stay('DMTP-086', 503);
      if (state === 'greeted') return stay('DMTP-087', 503);
      return state === 'foreign' ? stay('DMTP-020', 503, 250, 551) : go('rcpt', 'DMTP-020', 250);
    case 'rcpt-without-fingerprint':
      if (early) return stay('DMTP-086', 503);
      return state === 'greeted' ? stay('DMTP-087', 503) : stay('DMTP-096', 501);
    case 'rcpt-elsewhere':
      if (early) return stay('DMTP-086', 503);
      if (state === 'greeted') return stay('DMTP-087', 503);
      if (state === 'mail') return go('foreign', 'DMTP-020', 551, 250, ...(numberedCodes ? [510] : []));
      return stay('DMTP-020', 503, 551, ...(numberedCodes ? [431, 510] : []), ...(state === 'foreign' ? [250] : []));
    case 'data':
      if (early) return stay('DMTP-086', 503);
      if (state === 'greeted') return stay('DMTP-087', 503);
      return state === 'mail' ? go('message', 'DMTP-020', 503, 354) : go('message', 'DMTP-052', 354);
    case 'octets':
      return to(() => 'greeted', 'DMTP-101', 554, 551, ...(numberedCodes ? [451, 510] : []));
    case 'noop':
      return stay('DMTP-029', 250);
    case 'rset':
      return to(() => (early ? 'secured' : 'greeted'), 'DMTP-031', 250);
    case 'mode':
      return stay('DMTP-027', 200, ...(numberedCodes ? [250] : []));
    case 'stats':
      return {
        ...stay('DMTP-089'),
        accepts: (code) => (code >= 200 && code <= 299) || code === 500 || code === 502,
        expected: 'a 2xx code, 500 or 502',
      };
    case 'signet':
    case 'verify':
      // Nobody's name. How that is refused is free (12.6); that the command is in sequence is not.
      return {
        ...stay('DMTP-089'),
        accepts: (code) => code >= 400 && code <= 599 && code !== 503,
        expected: 'a 4xx or 5xx code other than 503',
      };
    case 'starttls':
      return stay('DMTP-079', 454);
    case 'unknown':
      return stay('DMTP-021', 500);
  }
}
