/**
 * Resynchronisation of a client that was away (DMAP-I-42). Select; drop the cache when its UIDs are not those of the
 * server; read what changed, came and went; replay what was done offline; read again what became of it.
 */
import { DmapClientError } from './client-error.js';
import { hasCapability } from './legality.js';
import { ended, replay } from './sync-actions.js';
import type { SyncClient } from './sync-client.js';
import { requireOk, SyncRefused } from './sync-fetch.js';
import { changesSince, isUnchanged, readMessages, readParts } from './sync-reading.js';
import { SyncState } from './sync-state.js';
import type { ActionResult, MailboxCache, SyncRequest, SyncResult } from './sync-types.js';

export type { SyncRequest, SyncResult } from './sync-types.js';

/**
 * Brings a cache up to date and does what was done offline. What stops it is told in the result, with what was done so
 * far; the mailbox stays selected.
 *
 * @throws DmapClientError only for what may not be asked: nobody is authenticated, for example
 */
export async function synchronize(client: SyncClient, request: SyncRequest): Promise<SyncResult> {
  return await new Synchronization(client, request).run();
}

class Synchronization {
  readonly #results: ActionResult[] = [];
  #reset: SyncResult['reset'] = null;
  /** What is read so far, once all messages are known. */
  #state: SyncState | null = null;
  /**
   * The numbers of the selection, not later ones: what this session does is read again the next time, and nothing is
   * missed.
   */
  #selected: Omit<MailboxCache, 'messages'> | null = null;

  constructor(
    private readonly client: SyncClient,
    private readonly request: SyncRequest,
  ) {}

  async run(): Promise<SyncResult> {
    try {
      await this.#select();
      await this.#synchronize();
      return this.#result(null);
    } catch (error) {
      if (error instanceof DmapClientError && error.isLocal && this.#selected === null) throw error;
      if (!(error instanceof DmapClientError || error instanceof SyncRefused)) throw error;
      return this.#result(error.message);
    }
  }

  async #select(): Promise<void> {
    const { client, request } = this;
    if (client.capabilities === null) await client.run({ name: 'CAPABILITY' });
    const name = request.actions.length > 0 ? 'SELECT' : 'EXAMINE';
    requireOk(await client.run({ name, mailbox: request.mailbox }), name);
    const { uidValidity = null, uidNext = null, highestModseq = null } = client.mailbox ?? {};
    if (uidValidity === null) throw new SyncRefused('the server told no UIDVALIDITY, so it has no UIDs (DMAP-207)');
    this.#selected = { uidValidity, uidNext, highestModseq };
  }

  async #synchronize(): Promise<void> {
    const { client, request } = this;
    this.#reset = resetReason(request.cache, client);
    const base = this.#reset === null ? request.cache : null;
    const state = new SyncState(base);
    const condstore = hasCapability(client.capabilities, 'CONDSTORE');
    const unchanged = isUnchanged(client, base, condstore) && !lacksSomething(base, request.meta);
    const since = changesSince(client, base, condstore);
    if (!unchanged) await readMessages(client, state, request.meta, since);
    this.#state = state;

    const stale = this.#reset !== null && this.#reset !== 'no-cache';
    const done = { client, mailbox: request.mailbox, state, stale };
    for (const action of request.actions) {
      // Until it is known how it ended.
      const place = this.#results.push(ended(action, 'unknown', { detail: 'how it ended is not known' })) - 1;
      this.#results[place] = await replay(done, action);
    }
    const acted = this.#results.some((result) => result.state === 'done' || result.state === 'refused');
    if (acted) await readMessages(client, state, request.meta, since);
    await readParts(client, state, request.want);
  }

  #result(failure: string | null): SyncResult {
    const { request } = this;
    const { actions } = request;
    const pending = actions.slice(this.#results.length).map((action) => ended(action, 'pending'));
    const state = this.#state;
    const differences = state?.differences() ?? { added: [], changed: [], gone: [] };
    const gone = this.#reset === null || request.cache === null ? differences.gone : uidsOf(request.cache);
    return {
      complete: failure === null,
      failure,
      cache:
        state === null || this.#selected === null ? request.cache : { ...this.#selected, messages: state.messages },
      reset: this.#reset,
      ...differences,
      gone: state === null ? [] : gone,
      actions: [...this.#results, ...pending],
    };
  }
}

/** UIDs that were given out are given out once: a server that would do it again has forgotten them (section 3.2). */
function resetReason(cache: MailboxCache | null, { mailbox }: SyncClient): SyncResult['reset'] {
  if (cache === null) return 'no-cache';
  if (mailbox?.uidValidity !== cache.uidValidity) return 'uid-validity';
  const highest = cache.messages.reduce((most, { uid }) => Math.max(most, uid), 0);
  return mailbox.uidNext !== null && mailbox.uidNext <= highest ? 'uid-next' : null;
}

/** Whether more is to be known of the messages than the cache has. */
function lacksSomething(cache: MailboxCache | null, meta: boolean): boolean {
  return (cache?.messages ?? []).some(({ size, ...message }) => size === null || (meta && message.meta === undefined));
}

const uidsOf = ({ messages }: MailboxCache): number[] => messages.map(({ uid }) => uid);
