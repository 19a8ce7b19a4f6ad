/**
 * The client's side of a STACIE login: it believes nothing of what a server says before it has looked at it (section
 * 3.6 of the STACIE digest). Neither password nor master key nor password key leaves it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ephemeralLoginToken, rounds } from '../formats/stacie/index.js';
import {
  formatStacieMessage,
  type PasswordMethod,
  parseStacieAnswer,
  type RealmEntry,
  StacieMessageError,
  type StacieRevision,
} from '../formats/stacie/messages/index.js';
import { malformedAnswer, StacieClientError } from './client-error.js';
import { abortError, type Exchange, openExchange, type StacieTrust } from './client-http.js';
import { clientLimits, type StacieClientLimits } from './client-limits.js';
import { StacieClientMemory } from './client-memory.js';
import { deriveVerificationToken, type VerificationTokenDerivation } from './derive-token.js';

export type { StacieClientErrorCode } from './client-error.js';
export { StacieClientError } from './client-error.js';
export type { Exchange, StacieTrust } from './client-http.js';
export type { StacieClientLimits } from './client-limits.js';
export { StacieClientMemory } from './client-memory.js';

export interface StacieLoginOptions {
  /** An https address. */
  readonly endpoint: string;
  /** As typed: the server normalises it (STACIE-148). */
  readonly username: string;
  readonly password: string;
  readonly revision: StacieRevision;
  readonly trust: StacieTrust;
  readonly limits?: Partial<StacieClientLimits>;
  readonly signal?: AbortSignal;
  /** Kept by the caller from login to login; without it only this one is remembered. */
  readonly memory?: StacieClientMemory;
  /** Goes on when the server asks for less work or salt than before; no when not given (STACIE-I-14). */
  readonly acceptWeaker?: boolean;
  /** The stages up to the verification token; those of this project when not given. */
  readonly derive?: VerificationTokenDerivation;
}

export interface StacieLogin {
  readonly authenticated: boolean;
  /** As the server normalised it. */
  readonly username: string;
  /** The key ring; empty when the login failed. */
  readonly keys: readonly RealmEntry[];
  /** Optional methods that were offered and are not known here (STACIE-I-67). */
  readonly skipped: readonly string[];
}

/**
 * Logs in once. A wrong password is no error: `authenticated` is false.
 *
 * @throws StacieClientError with a code of its own for each thing that is wrong with server or answer; StacieError for
 * a password that is none
 */
export async function stacieLogin(options: StacieLoginOptions): Promise<StacieLogin> {
  const limits = clientLimits(options.limits);
  const budget = AbortSignal.timeout(limits.totalMs);
  const signal = options.signal === undefined ? budget : AbortSignal.any([options.signal, budget]);
  const { exchange, close } = openExchange(options.endpoint, options.trust, limits, signal);
  try {
    return await logIn(options, limits, exchange, signal);
  } finally {
    close();
  }
}

/**
 * The same login over another carrier of messages, DMAP's AUTHENTICATE for one (DMAP-I-30). `endpoint` names the peer to
 * the memory and may be any text. What `exchange` throws ends the login.
 *
 * @throws StacieClientError, StacieError
 */
export async function stacieLoginOver(
  exchange: Exchange,
  options: Omit<StacieLoginOptions, 'trust'>,
): Promise<StacieLogin> {
  const limits = clientLimits(options.limits);
  const budget = AbortSignal.timeout(limits.totalMs);
  const signal = options.signal === undefined ? budget : AbortSignal.any([options.signal, budget]);
  return await logIn(options, limits, exchange, signal);
}

async function logIn(
  options: Omit<StacieLoginOptions, 'trust'>,
  limits: StacieClientLimits,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<StacieLogin> {
  try {
    return await new Login(options, limits, exchange, signal).run();
  } catch (error) {
    if (signal.aborted && !(error instanceof StacieClientError)) throw abortError(signal);
    throw error;
  }
}

class Login {
  readonly #memory: StacieClientMemory;

  constructor(
    readonly options: Omit<StacieLoginOptions, 'trust'>,
    readonly limits: StacieClientLimits,
    readonly exchange: Exchange,
    readonly signal: AbortSignal,
  ) {
    this.#memory = options.memory ?? new StacieClientMemory();
  }

  async run(): Promise<StacieLogin> {
    const { revision, username: typed, endpoint } = this.options;
    const offer = await this.#ask(formatStacieMessage('login', revision, { username: typed }));
    const answered = performance.now();
    if (offer.kind === 'error')
      throw new StacieClientError('refused', `the server answers ${shown(offer.value)}`, 'STACIE-I-69');
    if (offer.kind !== 'methods') throw unexpected('login', offer.kind, 'methods');
    const { password: method, skipped } = offer.value;
    this.#check(method);
    if (!this.#memory.useNonce(method.nonce)) throw reusedNonce();
    const token = await this.#token(method);
    await this.#pace(answered);
    const { username, nonce } = method;
    const answer = await this.#ask(formatStacieMessage('authenticate', revision, { username, nonce, token }));
    if (answer.kind === 'keys' || answer.kind === 'realms') {
      this.#memory.remember(endpoint, username, { salt: method.salt ?? null, bonus: method.bonus });
      return { authenticated: true, username, keys: answer.value, skipped };
    }
    if (answer.kind === 'recruit') throw unexpected('authenticate', answer.kind, 'a key ring, methods or error');
    if (answer.kind === 'methods') this.#checkNextOffer(method, answer.value.password);
    return { authenticated: false, username, keys: [], skipped };
  }

  async #ask(request: string) {
    const octets = await this.exchange(request);
    try {
      return parseStacieAnswer(this.options.revision, octets, { longest: this.limits.answerOctets });
    } catch (error) {
      if (error instanceof StacieMessageError) throw malformedAnswer(error);
      throw error;
    }
  }

  /** Everything is looked at before the first round is done (STACIE-I-30). */
  #check({ username, salt, bonus }: PasswordMethod): void {
    const { username: typed, password, endpoint, acceptWeaker = false } = this.options;
    const [wanted, got] = [domainOf(typed), domainOf(username)];
    // The local part may be an alias of another one; a name of another domain is somebody else's.
    if (wanted !== null && wanted !== got) {
      throw new StacieClientError('wrong-user', `asked for ${shown(typed)}, and got ${shown(username)}`, 'STACIE-155');
    }
    const work = rounds(password, bonus);
    if (work > this.limits.rounds) {
      throw new StacieClientError(
        'too-costly',
        `with bonus ${bonus} the login takes ${work} rounds; this client does at most ${this.limits.rounds}`,
        'STACIE-I-13',
      );
    }
    const before = this.#memory.remembered(endpoint, username);
    if (before === null || acceptWeaker) return;
    if (before.salt !== null && salt === undefined) throw weakened('the salt is gone');
    if (bonus < before.bonus) throw weakened(`the bonus fell from ${before.bonus} to ${bonus}`);
  }

  /** A refused attempt comes with a nonce for another one; a server that gives the same again helps an attacker. */
  #checkNextOffer(used: PasswordMethod, next: PasswordMethod): void {
    if (Buffer.compare(used.nonce, next.nonce) === 0) throw reusedNonce();
    if (used.username !== next.username) {
      throw new StacieClientError('wrong-user', `the next offer is for ${shown(next.username)}`, 'STACIE-155');
    }
  }

  async #token({ username, salt, nonce, bonus }: PasswordMethod): Promise<Uint8Array> {
    const { password, derive = deriveVerificationToken } = this.options;
    const account = { username, ...(salt === undefined ? {} : { salt }) };
    const verificationToken = await derive({ ...account, password, bonus, signal: this.signal });
    try {
      return ephemeralLoginToken({ ...account, verificationToken, nonce });
    } finally {
      verificationToken.fill(0);
    }
  }

  async #pace(since: number): Promise<void> {
    const { paceMs } = this.limits;
    const until = since + Math.ceil((performance.now() - since) / paceMs) * paceMs;
    // Timers count from when this turn of the event loop began, which is before the derivation: one that is set after it
    // ends too early by just the time that is to be hidden.
    for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
      await delay(Math.ceil(left), undefined, { signal: this.signal });
    }
  }
}

/** Null without an at sign: then the server says which domain is meant. */
function domainOf(username: string): string | null {
  const at = username.lastIndexOf('@');
  return at === -1
    ? null
    : username
        .slice(at + 1)
        .trim()
        .normalize('NFC')
        .toLowerCase();
}

const reusedNonce = (): StacieClientError =>
  new StacieClientError('reused-nonce', 'the server gives a nonce that was used before', 'STACIE-183');

const weakened = (what: string): StacieClientError =>
  new StacieClientError('weakened', `${what} since the last login, which makes guessing easier`, 'STACIE-I-14');

const unexpected = (request: string, got: string, right: string): StacieClientError =>
  new StacieClientError('unexpected-answer', `${request} is answered with ${got}; right is ${right}`);

/** A server's text: cut and visible. */
const shown = (text: string): string =>
  JSON.stringify(text.slice(0, 120)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
