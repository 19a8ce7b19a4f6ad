/** A STACIE server in the hands of a case: what it is asked, and the accounts that the suite has there. */
import { randomBytes } from 'node:crypto';
import { derive, type Octets, tokenOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { StacieEndpoint } from '../../target/profile.js';
import { StacieExchange } from '../../target/stacie-exchange.js';
import {
  type Answer,
  base64url,
  entriesOf,
  type Members,
  numberOf,
  octetsOf,
  passwordMethods,
  readAnswer,
  shown,
} from './messages.js';

/** A password method, as far as the cases that are not about it need it. */
export interface Offer {
  readonly username: string;
  readonly salt: Octets | null;
  readonly nonce: Octets;
  readonly bonus: number;
  readonly raw: Members;
  readonly answer: Answer;
}

export interface Account {
  /** Normalised by the server. */
  readonly username: string;
  readonly salt: Octets | null;
  readonly passwordKey: Octets;
  readonly verificationToken: Octets;
}

export type Proof = { readonly username: string; readonly nonce: string; readonly token: string };

/** A derivation of the target's own account takes long where the password is short: once is enough. */
const derived = new WeakMap<StacieEndpoint, Map<string, Account>>();
/** One case at a time works with the target's own account: others would spend or drop its nonces. */
const queues = new WeakMap<StacieEndpoint, Promise<void>>();

/** Octets that a seed must not fix: the server remembers what it was given in an earlier run. */
export const fresh = (octets: number): Octets => new Uint8Array(randomBytes(octets));

export class Server {
  readonly #exchange: StacieExchange;
  #own: Promise<Account> | null = null;

  constructor(
    readonly context: CaseContext,
    readonly endpoint: StacieEndpoint,
  ) {
    const { transcript, profile } = context;
    this.#exchange = context.keep(new StacieExchange({ endpoint, transcript, limits: profile.limits }));
  }

  get revision(): '00' | '03' {
    return this.endpoint.revision;
  }

  /** The name of the message that hands out shards. */
  get ringKind(): 'keys' | 'realms' {
    return this.revision === '00' ? 'keys' : 'realms';
  }

  async send(text: string | Uint8Array): Promise<Answer> {
    return readAnswer(await this.#exchange.post(text));
  }

  async ask(kind: string, content: unknown): Promise<Answer> {
    return await this.send(JSON.stringify({ [kind]: content }));
  }

  /** As `ask`, and what comes has to be `right`, since another case is about that. @throws Unreachable */
  async step(kind: string, content: unknown, right: (answer: Answer) => boolean): Promise<Answer> {
    const answer = await this.ask(kind, content);
    if (!right(answer)) throw new Unreachable(`${kind} was not answered as this case needs it: ${shown(answer)}`);
    return answer;
  }

  /** @throws Unreachable without a usable password method, since other cases are about that */
  async login(username: string): Promise<Offer> {
    const answer = await this.ask('login', { username });
    const offer = readOffer(answer);
    if (offer === null) throw new Unreachable(`login was not answered with a password method: ${shown(answer)}`);
    return offer;
  }

  /** A name that nobody has, in the domain of the target's account. */
  freshName(): string {
    const { username } = this.endpoint.account;
    const at = username.lastIndexOf('@');
    return `suite-${Buffer.from(fresh(9)).toString('hex')}${at === -1 ? '' : username.slice(at)}`;
  }

  /** An account of this case alone where accounts may be made; otherwise the target's own, for this case alone. */
  async account(): Promise<Account> {
    if (this.endpoint.canRegister) return await this.enrolled();
    this.#own ??= this.#ownAccount();
    return await this.#own;
  }

  /** A new account. @throws Unreachable when the server makes none */
  async enrolled(): Promise<Account> {
    const recruit = await this.step('register', { username: this.freshName() }, ({ kind }) => kind === 'recruit');
    const { username, salt } = recruit.content as Members;
    const account = accountOf(String(username), octetsOf(salt), fresh(64));
    this.#hide(account);
    await this.step(
      'enroll',
      { username, salt, 'verification-token': base64url(account.verificationToken) },
      ({ kind }) => kind !== null && kind !== 'error',
    );
    return account;
  }

  tokenFor({ username, salt, verificationToken }: Account, nonce: Octets): Octets {
    return tokenOf(verificationToken, { username, salt, nonce });
  }

  /** A fresh nonce and the token for it. */
  async prove(account: Account): Promise<Proof> {
    const { nonce } = await this.login(account.username);
    return { username: account.username, nonce: base64url(nonce), token: base64url(this.tokenFor(account, nonce)) };
  }

  async authenticate(account: Account): Promise<Answer> {
    return await this.ask('authenticate', await this.prove(account));
  }

  /** Puts shards into the key ring of an account that the case has made. */
  async addShards(account: Account, labels: readonly string[]): Promise<{ label: string; shard: string }[]> {
    const added: { label: string; shard: string }[] = [];
    for (const label of labels) {
      const shard = base64url(fresh(64));
      await this.step('add', { ...(await this.prove(account)), label, shard }, (answer) => entriesOf(answer) !== null);
      added.push({ label, shard });
    }
    return added;
  }

  succeeded(answer: Answer): boolean {
    return answer.kind === this.ringKind;
  }

  /** @throws Unreachable when the server does not offer the method, since other cases are about that */
  async #ownAccount(): Promise<Account> {
    const before = queues.get(this.endpoint) ?? Promise.resolve();
    const done = new Promise<void>((resolve) => {
      this.context.keep({ close: resolve });
    });
    queues.set(
      this.endpoint,
      before.then(() => done),
    );
    await before;
    const { username, password } = this.endpoint.account;
    const offer = await this.login(username);
    const key = JSON.stringify([offer.username, offer.salt === null ? null : base64url(offer.salt), offer.bonus]);
    const known = derived.get(this.endpoint) ?? new Map<string, Account>();
    derived.set(this.endpoint, known);
    let account = known.get(key);
    if (account === undefined) {
      const input = {
        username: offer.username,
        password: password(),
        salt: offer.salt,
        nonce: null,
        bonus: offer.bonus,
      };
      const { passwordKey, verificationToken } = derive(input);
      account = { username: offer.username, salt: offer.salt, passwordKey, verificationToken };
      known.set(key, account);
    }
    this.#hide(account);
    return account;
  }

  #hide({ passwordKey, verificationToken }: Account): void {
    this.#exchange.mask(base64url(verificationToken), 'the verification token');
    this.#exchange.mask(base64url(passwordKey), 'the password key');
  }
}

export function readOffer(answer: Answer): Offer | null {
  const [raw] = passwordMethods(answer);
  const nonce = octetsOf(raw?.nonce);
  if (raw === undefined || typeof raw.username !== 'string' || nonce === null) return null;
  const salt = raw.salt === undefined ? null : octetsOf(raw.salt);
  return { username: raw.username, salt, nonce, bonus: numberOf(raw.bonus) ?? 0, raw, answer };
}

/** An account by its password key: what goes before that key no server can tell. */
export function accountOf(username: string, salt: Octets | null, passwordKey: Octets): Account {
  return { username, salt, passwordKey, verificationToken: tokenOf(passwordKey, { username, salt, nonce: null }) };
}
