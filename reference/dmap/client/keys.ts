/** The key ring as one connection knows it, so that no id is added twice (DMAP-280). */
import type { Command } from '../../../grammar/dmap.js';
import { DmapClientError } from './client-error.js';
import { dataOf, type Outcome, type Run } from './outcome.js';

export class KnownKeys {
  readonly #ids = new Set<string>();

  has(keyId: string): boolean {
    return this.#ids.has(keyId);
  }

  /** Takes note of what a command did. */
  record(command: Command, outcome: Outcome): void {
    for (const { keyId } of dataOf(outcome, 'key')) this.#ids.add(keyId);
    if (outcome.status !== 'OK') return;
    if (command.name === 'ADDKEY') this.#ids.add(command.keyId);
    if (command.name === 'DELETEKEY') this.#ids.delete(command.keyId);
  }
}

/**
 * Adds a key; with `replace` one of that id goes first.
 *
 * @returns how ADDKEY ended; of DELETEKEY, when the server keeps the old key
 * @throws DmapClientError `declined` for an id that is known to be there, without `replace`
 */
export async function addKey(
  run: Run,
  known: KnownKeys,
  command: Extract<Command, { readonly name: 'ADDKEY' }>,
  replace: boolean,
): Promise<Outcome> {
  const { keyId } = command;
  if (!replace && known.has(keyId)) {
    const what = 'a key of that id is in the ring: it has to be deleted before it is added again';
    throw new DmapClientError('declined', what, { requirement: 'DMAP-280' });
  }
  if (!replace) return await run(command);
  const listed = await run({ name: 'LISTKEYS' });
  if (listed.status !== 'OK') return listed;
  if (dataOf(listed, 'key').some((key) => key.keyId === keyId)) {
    const deleted = await run({ name: 'DELETEKEY', keyId });
    if (deleted.status !== 'OK') return deleted;
  }
  return await run(command);
}
