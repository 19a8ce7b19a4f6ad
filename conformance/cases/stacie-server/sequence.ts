/** Sequences of legal and illegal requests for one account, against the model of a right server. */
import fc from 'fast-check';
import type { Octets } from '../../model/stacie-derivation.js';
import {
  type ModelCommand,
  type ModelProof,
  type ModelShard,
  modelRequirements,
  StacieSessionModel,
} from '../../model/stacie-session.js';

import type { Case } from '../case.js';
import { base64url, type Entry, entriesOf, shown } from './messages.js';
import { type Account, accountOf, fresh, readOffer, type Server } from './server.js';
import { serverCase } from './server-case.js';

const proof = {
  nonce: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) }),
  token: fc.oneof(
    { weight: 5, arbitrary: fc.constant('right' as const) },
    { weight: 1, arbitrary: fc.constantFrom('wrong' as const, 'old' as const, 'verification token' as const) },
  ),
};
const mostly = fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

const commands: fc.Arbitrary<ModelCommand> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('login' as const), nobody: mostly.map((own) => !own) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('authenticate' as const), ...proof }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fetch' as const), ...proof }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('add' as const), label: fc.constantFrom('mail', 'keys'), ...proof }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('change' as const), key: mostly, complete: mostly, ...proof }),
  },
);

/** Most of them have a nonce to work with: a login stands before. */
const sequences = fc
  .array(fc.tuple(mostly, commands), { minLength: 1, maxLength: 10 })
  .map((all) =>
    all.flatMap(([prepared, command]): ModelCommand[] =>
      prepared && command.kind !== 'login' ? [{ kind: 'login', nobody: false }, command] : [command],
    ),
  );

const right = { nonce: 0, token: 'right' } as const;
const login: ModelCommand = { kind: 'login', nobody: false };

/** What every run ends with, wherever the sequence has led: each rule of the model once. */
const tour: readonly ModelCommand[] = [
  login,
  { kind: 'add', label: 'mail', ...right },
  login,
  { kind: 'add', label: 'mail', ...right },
  { kind: 'authenticate', ...right },
  login,
  { kind: 'authenticate', nonce: 0, token: 'wrong' },
  login,
  { kind: 'fetch', ...right },
  login,
  { kind: 'change', key: false, complete: true, ...right },
  login,
  { kind: 'change', key: true, complete: false, ...right },
  login,
  { kind: 'change', key: true, complete: true, ...right },
  login,
  { kind: 'authenticate', nonce: 0, token: 'old' },
  login,
  { kind: 'authenticate', ...right },
  { kind: 'authenticate', ...right },
];

/** Failures in a row before the driver logs in rightly, so that no lock stands in the way. */
const mostFailures = 3;

/** Drives a server and the model side by side, and gives the model's numbers their values. */
class Driver {
  readonly model = new StacieSessionModel();
  #nonces: Octets[] = [];
  #account: Account;
  #old: Account | null = null;
  #failures = 0;
  /** The first index of each realm. */
  readonly #starts = new Map<string, number>();
  readonly #shards = new Map<string, string>();

  constructor(
    readonly server: Server,
    account: Account,
  ) {
    this.#account = account;
  }

  async run(command: ModelCommand): Promise<void> {
    if (this.#failures >= mostFailures) {
      await this.login(false);
      await this.prove({ kind: 'authenticate', nonce: 0, token: 'right' });
    }
    await (command.kind === 'login' ? this.login(command.nobody) : this.prove(command));
  }

  async login(nobody: boolean): Promise<void> {
    const offer = await this.server.login(nobody ? this.server.freshName() : this.#account.username);
    this.#offered(offer.nonce, nobody);
  }

  async prove(command: Exclude<ModelCommand, { kind: 'login' }>): Promise<void> {
    const { context } = this.server;
    const request = this.#request(command);
    const { requirement, answer: expected } = this.model.expect(command);
    const answer = await this.server.ask(command.kind, request.content);
    if (expected === 'refused') {
      this.#failures += 1;
      context.require(requirement, entriesOf(answer) === null, `${describe(command)} to be refused`, shown(answer));
      const offer = readOffer(answer);
      if (offer !== null) this.#offered(offer.nonce, offer.username !== this.#account.username);
      return;
    }
    this.#failures = 0;
    const entries = entriesOf(answer);
    context.require(
      requirement,
      entries !== null && this.server.succeeded(answer),
      `${describe(command)} to succeed`,
      shown(answer),
    );
    request.done(entries ?? []);
    const wanted = expected.shards.map((shard) => this.#written(shard)).sort();
    const came = (entries ?? []).map(({ label, index, shard }) => `${label} ${index} ${shard}`).sort();
    context.require(requirement, came.join() === wanted.join(), `the shards ${wanted.join(', ')}`, () =>
      came.join(', '),
    );
  }

  #offered(nonce: Octets, nobody: boolean): void {
    this.#nonces.push(nonce);
    this.model.offered(nobody);
  }

  /** `done`: what the driver remembers when the request has succeeded. */
  #request(command: Exclude<ModelCommand, { kind: 'login' }>): {
    content: Record<string, unknown>;
    done: (entries: readonly Entry[]) => void;
  } {
    const content = this.#proof(command);
    if (command.kind === 'add') {
      const shard = base64url(fresh(64));
      return {
        content: { ...content, label: command.label, shard },
        done: ([entry]) => {
          if (!this.#starts.has(command.label)) this.#starts.set(command.label, entry?.index ?? 0);
          const last = this.model.shards.at(-1);
          if (last !== undefined) this.#shards.set(nameOf(last), shard);
        },
      };
    }
    if (command.kind !== 'change') return { content, done: () => undefined };
    const salt = this.#account.salt === null ? null : fresh(128);
    const next = accountOf(this.#account.username, salt, fresh(64));
    const shards = this.model.shards.map((shard) => ({
      shard: { ...shard, version: shard.version + 1 },
      value: base64url(fresh(64)),
    }));
    return {
      content: {
        ...content,
        'password-key': base64url(command.key ? this.#account.passwordKey : fresh(64)),
        ...(salt === null ? {} : { salt: base64url(salt) }),
        'verification-token': base64url(next.verificationToken),
        realms: shards
          .slice(command.complete ? 0 : 1)
          .map(({ shard, value }) => ({ label: shard.label, index: String(this.#index(shard)), shard: value })),
      },
      done: () => {
        this.#old = this.#account;
        this.#account = next;
        this.#nonces = [];
        for (const { shard, value } of shards) this.#shards.set(nameOf(shard), value);
      },
    };
  }

  #proof(command: ModelProof): Record<string, unknown> {
    const { username, salt, verificationToken } = this.#account;
    const number = this.model.nonceOf(command);
    const nonce = (number === null ? undefined : this.#nonces[number]) ?? fresh(128);
    const from = {
      right: verificationToken,
      old: this.#old?.verificationToken ?? fresh(64),
      wrong: fresh(64),
      'verification token': null,
    }[command.token];
    const token =
      from === null
        ? verificationToken
        : this.server.tokenFor({ ...this.#account, salt, verificationToken: from }, nonce);
    return { username, nonce: base64url(nonce), token: base64url(token) };
  }

  #index({ label, index }: ModelShard): number {
    return (this.#starts.get(label) ?? 0) + index;
  }

  #written(shard: ModelShard): string {
    return `${shard.label} ${this.#index(shard)} ${this.#shards.get(nameOf(shard)) ?? ''}`;
  }
}

const nameOf = ({ label, index, version }: ModelShard): string => `${label} ${index} ${version}`;

function describe(command: Exclude<ModelCommand, { kind: 'login' }>): string {
  const { kind, nonce, token } = command;
  const key =
    kind === 'change'
      ? `, ${command.key ? 'right' : 'wrong'} password key, ${command.complete ? 'all' : 'not all'} shards`
      : '';
  return `${kind} with nonce ${nonce} from the last, ${token} token${key}`;
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/sequence/generated',
    title: 'Sequences of right and wrong requests are answered as the model of a right server says.',
    decides: modelRequirements,
    accounts: true,
    mostRuns: 10,
    given: sequences,
    async check(server, all, context) {
      const driver = new Driver(server, await server.account());
      for (const command of [...all, ...tour]) await driver.run(command);
      context.follows('stacie-proposed-messages', 'the messages that the digest proposes');
    },
  }),
];
