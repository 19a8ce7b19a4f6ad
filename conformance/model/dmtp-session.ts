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
  readonly codes: readonly number[];
  /** The state after an answer with this code, which is one of `codes`. */
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
    ? { ...row, codes: [...row.codes, 502], next: (code) => (code === 502 ? state : row.next(code)) }
    : row;
}

const verbOf: Partial<Record<ModelCommand, string>> = { helo: 'HELO', mode: 'MODE', stats: 'STATS', signet: 'SGNT', verify: 'VRFY' };

function answerIn(state: SessionState, command: ModelCommand, { numberedCodes }: ModelOptions): Expectation {
  const stay = (requirement: string, ...codes: number[]): Expectation => ({ requirement, codes, next: () => state });
  const go = (next: SessionState, requirement: string, ...codes: number[]): Expectation => ({
    requirement,
    codes,
    next: (code) => (code < 400 ? next : state),
  });
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
      return early
        ? stay('DMTP-086', 503)
        : { requirement: 'DMTP-091', codes: [501], next: () => 'greeted' };
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
      return {
        requirement: 'DMTP-101',
        codes: [554, 551, ...(numberedCodes ? [451, 510] : [])],
        next: () => 'greeted',
      };
    case 'noop':
      return stay('DMTP-029', 250);
    case 'rset':
      return { requirement: 'DMTP-031', codes: [250], next: () => (early ? 'secured' : 'greeted') };
    case 'mode':
      return stay('DMTP-027', 200, ...(numberedCodes ? [250] : []));
    case 'stats':
      return stay('DMTP-089', 200, 250, 500, 502);
    case 'signet':
    case 'verify':
      // Nobody's name: not found, by 450 in section 12, and by any refusal that is neither of syntax nor of sequence.
      return stay('DMTP-089', 450, 451, 550, 551, 553, 554, 576, 476);
    case 'starttls':
      return stay('DMTP-079', 454);
    case 'unknown':
      return stay('DMTP-021', 500);
  }
}
