/**
 * What a right STACIE server says to a sequence of requests for one account: sections 3.3 to 3.7 of the STACIE digest.
 * Written from the digest, without the server's code. Secrets and octets are numbers here: the case that drives a server
 * gives them values.
 */

export type ModelCommand =
  /** A login; its nonce gets the next number, from 0 after each change. `nobody` is a name without an account. */
  | { readonly kind: 'login'; readonly nobody: boolean }
  | ({ readonly kind: 'authenticate' | 'fetch' } & ModelProof)
  | ({ readonly kind: 'add'; readonly label: string } & ModelProof)
  /** `key`: whether the password key is right; `complete`: whether each shard is rewritten. */
  | ({ readonly kind: 'change'; readonly key: boolean; readonly complete: boolean } & ModelProof);

export interface ModelProof {
  /** Counts back from the last nonce, 0 for the last; beyond the first it is one that was never given. */
  readonly nonce: number;
  /** What the token is made from. `old`: the verification token before the last change. */
  readonly token: 'right' | 'wrong' | 'old' | 'verification token';
}

export interface ModelShard {
  readonly label: string;
  readonly index: number;
  /** How many changes have rewritten it. */
  readonly version: number;
}

export interface Expectation {
  /** The requirement that another answer breaks. */
  readonly requirement: string;
  /**
   * `shards`: exactly these; their indexes count from the first of their realm, which may be any (STACIE-I-44).
   * `refused`: anything that hands out nothing and lets nobody in.
   */
  readonly answer: 'refused' | { readonly shards: readonly ModelShard[] };
}

/** Every requirement that an expectation of this model rests on. */
export const modelRequirements = [
  'STACIE-183',
  'STACIE-186',
  'STACIE-072',
  'STACIE-193',
  'STACIE-195',
  'STACIE-197',
  'STACIE-199',
] as const;

/** A server with one account whose key ring is empty. */
export class StacieSessionModel {
  /** By number: whether it can still serve, and for whom. */
  #nonces: { open: boolean; readonly nobody: boolean }[] = [];
  #shards: ModelShard[] = [];
  #changes = 0;

  /** How often the verification token was replaced. */
  get changes(): number {
    return this.#changes;
  }

  get shards(): readonly ModelShard[] {
    return this.#shards;
  }

  /** The number of the nonce that a proof names; null when there is no such nonce. */
  nonceOf({ nonce }: ModelProof): number | null {
    const number = this.#nonces.length - 1 - nonce;
    return number < 0 ? null : number;
  }

  /** A nonce came, by a login or with the answer to a failed attempt (STACIE-190). */
  offered(nobody: boolean): void {
    this.#nonces.push({ open: true, nobody });
  }

  expect(command: Exclude<ModelCommand, { kind: 'login' }>): Expectation {
    const number = this.nonceOf(command);
    const nonce = number === null ? undefined : this.#nonces[number];
    const serves = nonce?.open === true && !nonce.nobody;
    // Whatever comes of it, the nonce is spent by the first request that names it.
    if (nonce !== undefined) nonce.open = false;
    if (!serves) return { requirement: 'STACIE-183', answer: 'refused' };
    const old = command.token === 'old' && this.#changes > 0;
    if (command.token !== 'right') return { requirement: old ? 'STACIE-193' : 'STACIE-186', answer: 'refused' };
    return this.#proved(command);
  }

  #proved(command: Exclude<ModelCommand, { kind: 'login' }>): Expectation {
    switch (command.kind) {
      case 'authenticate':
        return { requirement: this.#changes > 0 ? 'STACIE-193' : 'STACIE-186', answer: { shards: this.#shards } };
      case 'fetch':
        return { requirement: 'STACIE-197', answer: { shards: this.#shards } };
      case 'add': {
        const taken = this.#shards.filter(({ label }) => label === command.label).map(({ index }) => index);
        const added = { label: command.label, index: Math.max(-1, ...taken) + 1, version: 0 };
        this.#shards = [...this.#shards, added];
        return { requirement: 'STACIE-199', answer: { shards: [added] } };
      }
      case 'change': {
        if (!command.key) return { requirement: 'STACIE-072', answer: 'refused' };
        if (!command.complete && this.#shards.length > 0) return { requirement: 'STACIE-195', answer: 'refused' };
        this.#changes += 1;
        this.#shards = this.#shards.map((shard) => ({ ...shard, version: shard.version + 1 }));
        // Nonces from before belong to the old salt: whether they still serve is the server's own affair.
        this.#nonces = [];
        return { requirement: 'STACIE-195', answer: { shards: this.#shards } };
      }
    }
  }
}
