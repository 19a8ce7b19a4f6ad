/**
 * The server's side of STACIE, without socket, clock, randomness or storage: the text of a request in, the text of the
 * answer out. One session serves all peers: what ties requests together are nonces, not connections (STACIE-I-78).
 * Behaviour: sections 3.3 to 3.7 of the STACIE digest.
 */
import type { StacieAccount, StacieStore } from '../account/store.js';
import { equalSecrets, isLoginToken, isPasswordKey } from '../formats/stacie/index.js';
import {
  type AnswerKind,
  formatStacieMessage,
  keyRingKind,
  type Proof,
  parseStacieRequest,
  type RealmEntry,
  type RequestKind,
  type StacieMessage,
  StacieMessageError,
  type StacieMessages,
  type StacieRevision,
} from '../formats/stacie/messages/index.js';
import { Attempts } from './attempts.js';
import { createDecoys } from './decoys.js';
import { addedShard, changedAccount, entriesOf, KeyRingRefusal } from './key-ring.js';
import { type StacieSessionLimits, sessionLimits } from './limits.js';
import { Nonces } from './nonces.js';
import { Recruits } from './recruits.js';
import { normaliseUsername, UsernameError, type UsernamePolicy } from './usernames.js';

export interface StacieReply {
  /** For HTTP: 200 for every answer of the protocol, error included (STACIE-I-79); 503 when the store failed. */
  readonly status: 200 | 503;
  readonly text: string;
  readonly kind: AnswerKind;
  /** Whom this request has proved to be, by a right token; null for everything else. */
  readonly authenticated: string | null;
}

export interface ReceiveOptions {
  /** The requests that are taken; all when not given. */
  readonly only?: readonly RequestKind[];
}

export interface StacieSession {
  readonly revision: StacieRevision;
  /**
   * Answers one request. Never throws for what a peer sends.
   *
   * @param text characters, or octets that should be UTF-8
   */
  receive(text: string | Uint8Array, options?: ReceiveOptions): StacieReply;
}

export interface StacieSessionPolicy extends UsernamePolicy {
  /** The bonus of new accounts, 0 to 16,777,216 (STACIE-046). */
  readonly bonus: number;
  /** Whether new accounts are made; yes when not given. */
  readonly registration?: boolean;
}

export interface StacieSessionOptions {
  readonly revision: StacieRevision;
  readonly store: StacieStore;
  /** Gives as many random octets as it is asked for. */
  readonly random: (octets: number) => Uint8Array;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** 32 octets and up; the same over restarts, or the salts of unknown users change (STACIE-I-84). */
  readonly siteSecret: Uint8Array;
  readonly policy: StacieSessionPolicy;
  readonly limits?: Partial<StacieSessionLimits>;
}

/** The texts of errors. The first serves for unknown users, wrong tokens and unusable nonces alike (STACIE-I-69). */
const texts = {
  failed: 'The authentication attempt failed.',
  exhausted: 'There were too many failed attempts. Try again later.',
  disabled: 'New accounts are not made here.',
  taken: 'That name is taken.',
  busy: 'There are too many registrations. Try again later.',
  noRecruit: 'This name was not recruited with this salt, or too long ago. Register again.',
  unavailable: 'The service is temporarily unavailable. Try again later.',
} as const;

/** @throws RangeError for a limit, a bonus or a site secret out of its bounds */
export function createStacieSession(options: StacieSessionOptions): StacieSession {
  return new Session(options);
}

/** A refusal that is answered with its message. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

type Request<Kind extends RequestKind> = StacieMessages[Kind];
type Answer = { readonly [Kind in AnswerKind]: readonly [Kind, StacieMessages[Kind]] }[AnswerKind];

class Session implements StacieSession {
  readonly revision: StacieRevision;
  readonly #options: StacieSessionOptions;
  readonly #limits: StacieSessionLimits;
  readonly #nonces: Nonces;
  readonly #recruits: Recruits;
  readonly #attempts: Attempts;
  readonly #decoy: (username: string) => StacieAccount;

  constructor(options: StacieSessionOptions) {
    const { bonus } = options.policy;
    if (!Number.isInteger(bonus) || bonus < 0 || bonus > 16_777_216) {
      throw new RangeError(`the bonus of a STACIE session is ${bonus}; right is 0 to 16777216 (STACIE-I-11)`);
    }
    this.revision = options.revision;
    this.#options = options;
    this.#limits = sessionLimits(options.limits);
    this.#nonces = new Nonces(this.#limits, options.random, options.now);
    this.#recruits = new Recruits(this.#limits, options.random, options.now);
    this.#attempts = new Attempts(this.#limits, options.now);
    this.#decoy = createDecoys(options.siteSecret, bonus);
  }

  receive(text: string | Uint8Array, { only }: ReceiveOptions = {}): StacieReply {
    let request: StacieMessage & { readonly kind: RequestKind };
    try {
      request = parseStacieRequest(this.revision, text, { longest: this.#limits.requestOctets });
    } catch (error) {
      if (!(error instanceof StacieMessageError)) throw error;
      this.#spendNonceIn(text);
      return this.#reply(['error', error.message]);
    }
    try {
      if (only !== undefined && !only.includes(request.kind)) throw new Refusal(`no ${request.kind} is taken here`);
      return this.#answer(request);
    } catch (error) {
      if (error instanceof Refusal || error instanceof UsernameError || error instanceof KeyRingRefusal) {
        return this.#reply(['error', error.message]);
      }
      return { ...this.#reply(['error', texts.unavailable]), status: 503 };
    }
  }

  #answer(request: StacieMessage & { readonly kind: RequestKind }): StacieReply {
    switch (request.kind) {
      case 'login':
        return this.#reply(this.#login(request.value));
      case 'authenticate':
        return this.#authenticate(request.value);
      case 'register':
        return this.#reply(this.#register(request.value));
      case 'enroll':
        return this.#reply(this.#enroll(request.value));
      case 'change':
        return this.#change(request.value);
      case 'fetch':
        return this.#fetch(request.value);
      case 'add':
        return this.#add(request.value);
    }
  }

  #login({ username: typed }: Request<'login'>): Answer {
    const username = normaliseUsername(typed, this.#options.policy);
    if (this.#attempts.exhausted(username)) throw new Refusal(texts.exhausted);
    return this.#methods(username);
  }

  #methods(username: string): Answer {
    const { salt, bonus } = this.#accountOrDecoy(username).account;
    const nonce = this.#nonces.issue(username);
    const password = {
      username,
      ...(salt === undefined ? {} : { salt }),
      nonce,
      bonus,
      hash: 'sha2',
      cipher: 'aes',
      disposition: 'required',
    } as const;
    return ['methods', { password, skipped: [] }];
  }

  #authenticate(proof: Request<'authenticate'>): StacieReply {
    const account = this.#proved(proof);
    if (account !== null) return this.#reply(this.#keyRing(account.realms), account.username);
    if (this.#attempts.exhausted(proof.username)) throw new Refusal(texts.exhausted);
    // The name is a peer's own and may be none; then there is nobody to offer another attempt to.
    const username = normaliseUsername(proof.username, this.#options.policy);
    if (username !== proof.username) throw new Refusal(texts.failed);
    return this.#reply(this.#methods(username));
  }

  #register({ username: typed }: Request<'register'>): Answer {
    const { policy } = this.#options;
    if (policy.registration === false) throw new Refusal(texts.disabled);
    if (!this.#attempts.register()) throw new Refusal(texts.busy);
    const username = this.#ownUsername(typed);
    if (this.#options.store.stacieAccount(username) !== null) throw new Refusal(texts.taken);
    const recruit = this.#recruits.recruit(username, policy.bonus);
    if (recruit === null) throw new Refusal(texts.busy);
    const { salt, bonus } = recruit;
    return ['recruit', { username, salt, bonus, hash: 'sha2' }];
  }

  #enroll({ username, salt, verificationToken }: Request<'enroll'>): Answer {
    const { store } = this.#options;
    const recruit = this.#recruits.pending(username);
    if (store.stacieAccount(username) !== null) throw new Refusal(texts.taken);
    if (recruit === null || !equalSecrets(recruit.salt, salt)) throw new Refusal(texts.noRecruit);
    const { bonus } = recruit;
    const account = { username, salt: recruit.salt, bonus, verificationToken, realms: [], nextIndex: new Map() };
    if (!store.createStacieAccount(account)) throw new Refusal(texts.taken);
    this.#recruits.done(username);
    return this.#methods(username);
  }

  #change(request: Request<'change'>): StacieReply {
    const account = this.#provedOrFail(request);
    // STACIE-072: the key that is about to be replaced has to lead to the token that is stored.
    if (!isPasswordKey(request.passwordKey, account)) this.#fail(account.username);
    const next = changedAccount(account, request, this.#limits.shards);
    if (!this.#options.store.replaceStacieAccount(account, next)) throw new Refusal(texts.unavailable);
    this.#nonces.dropAll(account.username);
    return this.#reply(this.#keyRing(next.realms), account.username);
  }

  #fetch(request: Request<'fetch'>): StacieReply {
    const account = this.#provedOrFail(request);
    return this.#reply(this.#keyRing(entriesOf(account, request)), account.username);
  }

  #add(request: Request<'add'>): StacieReply {
    const account = this.#provedOrFail(request);
    const { next, entry } = addedShard(account, request, this.#limits.shards);
    if (!this.#options.store.replaceStacieAccount(account, next)) throw new Refusal(texts.unavailable);
    return this.#reply(this.#keyRing([entry]), account.username);
  }

  /** The account that the token proves, or null. The nonce is spent either way (STACIE-191). */
  #proved({ username, nonce, token }: Proof): StacieAccount | null {
    const open = this.#nonces.spend(nonce, username);
    // A known and an unknown name take the same steps.
    const { account, exists } = this.#accountOrDecoy(username);
    const right = isLoginToken(token, { ...account, nonce });
    if (open && exists && right && !this.#attempts.exhausted(username)) {
      this.#attempts.succeeded(username);
      return account;
    }
    this.#attempts.failed(username);
    return null;
  }

  #provedOrFail(proof: Proof): StacieAccount {
    const account = this.#proved(proof);
    if (account === null) throw new Refusal(texts.failed);
    return account;
  }

  #fail(username: string): never {
    this.#attempts.failed(username);
    throw new Refusal(texts.failed);
  }

  #accountOrDecoy(username: string): { readonly account: StacieAccount; readonly exists: boolean } {
    const decoy = this.#decoy(username);
    const account = this.#options.store.stacieAccount(username);
    return { account: account ?? decoy, exists: account !== null };
  }

  /** A name that an account may be made for. */
  #ownUsername(typed: string): string {
    const { policy } = this.#options;
    const username = normaliseUsername(typed, policy);
    if (!username.endsWith(`@${policy.domain}`)) throw new UsernameError(`new accounts are in ${policy.domain} only`);
    return username;
  }

  #keyRing(entries: readonly RealmEntry[]): Answer {
    return [keyRingKind(this.revision), entries];
  }

  #reply([kind, value]: Answer, authenticated: string | null = null): StacieReply {
    return { status: 200, text: formatStacieMessage(kind, this.revision, value), kind, authenticated };
  }

  /** A malformed request has no effect but this one (STACIE-I-70). */
  #spendNonceIn(text: string | Uint8Array): void {
    if (text.length > this.#limits.requestOctets) return;
    const read =
      typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
    const found = /"nonce"\s*:\s*"([A-Za-z0-9_-]{86,5462})"/.exec(read)?.[1];
    if (found !== undefined) this.#nonces.spendText(found);
  }
}
