/** The INBOX of somebody who is sent to, watched. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import { type DmapConnection, untagged } from '../../target/dmap-connection.js';
import type { DmapAccount } from '../../target/profile.js';
import { endpointOf, loggedIn, mustDo, select } from './session.js';

/** How long one message too many is waited for. */
const settleMs = 40;
const pollMs = 20;

/** @throws Unreachable when there is no account of that name */
export function accountNamed(context: CaseContext, name: string): DmapAccount {
  const account = endpointOf(context).accounts.find(({ username }) => username.toLowerCase() === name);
  if (account === undefined) throw new Unreachable(`there is no account ${name}`);
  return account;
}

/** What was asked for is taken away at the close, as far as the server lets it; other cases get mail there too. */
export class Letterbox {
  readonly #seen = new Map<number, Uint8Array>();
  /** UIDs of the messages that were asked for. */
  readonly #own = new Set<number>();

  private constructor(
    private readonly connection: DmapConnection,
    private readonly firstUid: number,
    private readonly patienceMs: number,
  ) {}

  static async open(context: CaseContext, account: DmapAccount): Promise<Letterbox> {
    const connection = await loggedIn(context, account);
    const { uidNext } = await select(connection, 'INBOX');
    return new Letterbox(connection, uidNext ?? 1, context.profile.limits.replyMs);
  }

  /** The messages with these octets in them: waits for so many, and then shortly for one too many. */
  async arrived(mark: Uint8Array, expected: number): Promise<readonly Uint8Array[]> {
    const end = performance.now() + this.patienceMs;
    while ((await this.#marked(mark)).length < expected && performance.now() < end) await wait(pollMs);
    await wait(settleMs);
    return await this.#marked(mark);
  }

  async #marked(mark: Uint8Array): Promise<Uint8Array[]> {
    await mustDo(this.connection, 'NOOP');
    const listed = await mustDo(this.connection, `UID SEARCH UID ${this.firstUid}:*`);
    const uids = untagged(listed, 'search').flatMap(({ numbers }) => numbers);
    for (const uid of uids) {
      if (uid >= this.firstUid && !this.#seen.has(uid)) await this.#read(uid);
    }
    const marked = [...this.#seen].filter(([, octets]) => Buffer.from(octets).includes(Buffer.from(mark)));
    for (const [uid] of marked) this.#own.add(uid);
    return marked.map(([, octets]) => octets);
  }

  /** Reads a message, unless another case, whose message it was, has taken it away in the meantime. */
  async #read(uid: number): Promise<void> {
    const result = await this.connection.command(`UID FETCH ${uid} BODY.PEEK[]`);
    for (const { items } of untagged(result, 'fetch')) {
      const body = items.find((item) => item.item === 'BODY');
      if (body?.item === 'BODY' && body.value !== null) this.#seen.set(uid, body.value);
    }
  }

  /** Best effort: a server without UID EXPUNGE keeps them. */
  async close(): Promise<void> {
    const uids = [...this.#own].join(',');
    try {
      if (uids !== '') {
        await this.connection.command(`UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`);
        await this.connection.command(`UID EXPUNGE ${uids}`);
      }
    } finally {
      this.connection.close();
    }
  }
}
