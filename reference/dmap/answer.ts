/** What handlers of commands give: steps on the way, and the answer that completes the command. */
import type { Completion, ResponseCode, UntaggedResponse } from '../../grammar/dmap.js';
import { MailStoreError, type MailStoreErrorCode } from '../account/mail-store.js';
import type { SessionEffect, SubmitOutcome, SubmitRequest } from './session-contract.js';

/** The completion of a command. */
export interface Answer {
  readonly status: Completion;
  readonly code: ResponseCode | null;
  readonly text: string;
}

/** What was said inside AUTHENTICATE (section 2.3). `bad`: not base64. */
export type SaslLine =
  | { readonly kind: 'response'; readonly octets: Uint8Array }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'bad' };

export type Step =
  | UntaggedResponse
  /** Part of a response that is too large to be put together; after the last one other responses may follow. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array; readonly last: boolean }
  /** A continuation request; the outcome is a SaslLine. */
  | { readonly kind: 'challenge'; readonly octets: Uint8Array }
  | Exclude<SessionEffect, { kind: 'send' | 'close' }>;

/** A handler that sends or waits on the way. What `yield` gives back is the outcome of the step. */
export type Steps<Result = Answer> = Generator<Step, Result, unknown>;

// Each kind of step has one kind of outcome; the session keeps to that.
export function* challenged(octets: Uint8Array): Steps<SaslLine> {
  return (yield { kind: 'challenge', octets }) as SaslLine;
}
export function* submitted(request: SubmitRequest): Steps<SubmitOutcome> {
  return (yield { kind: 'submit', request }) as SubmitOutcome;
}
export function* lookedUp(address: string): Steps<Uint8Array | null> {
  return (yield { kind: 'look-up', address }) as Uint8Array | null;
}
export function* passwordChecked(username: string, password: string): Steps<string | null> {
  return (yield { kind: 'check-password', username, password }) as string | null;
}

export const ok = (text: string, code: ResponseCode | null = null): Answer => ({ status: 'OK', code, text });
export const no = (text: string, code: ResponseCode | string | null = null): Answer => ({
  status: 'NO',
  code: typeof code === 'string' ? plainCode(code) : code,
  text,
});
export const bad = (text: string): Answer => ({ status: 'BAD', code: null, text });

/** A code without arguments. */
export const plainCode = (word: string): ResponseCode => ({ name: 'OTHER', word, text: null });

/** An untagged OK with a code. */
export const untaggedOk = (code: ResponseCode, text: string): UntaggedResponse => ({
  kind: 'status',
  status: 'OK',
  code,
  text,
});

/** The codes of DMAP-I-99. */
const refusalCodes: Readonly<Record<MailStoreErrorCode, string | null>> = {
  nonexistent: 'NONEXISTENT',
  noselect: 'NONEXISTENT',
  exists: 'ALREADYEXISTS',
  cannot: 'CANNOT',
  limit: 'LIMIT',
  'over-quota': 'OVERQUOTA',
  'too-big': 'TOOBIG',
  empty: null,
};

/** NO for what the store refuses; every other error is thrown on. */
export function refusedBy(error: unknown): Answer {
  if (!(error instanceof MailStoreError)) throw error;
  return no(sentence(error.message), refusalCodes[error.code]);
}

/** Runs what the store may refuse. */
export function attempt(action: () => Answer): Answer {
  try {
    return action();
  } catch (error) {
    return refusedBy(error);
  }
}

/** One line of text, whatever it was made from: names in it are a client's own words. */
export function sentence(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
  return line === '' ? 'Refused.' : `${line.charAt(0).toUpperCase()}${line.slice(1)}${line.endsWith('.') ? '' : '.'}`;
}
