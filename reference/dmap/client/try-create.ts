/** Commands into a mailbox that may not be there (DMAP-272, DMAP-351). */
import type { Command } from '../../../grammar/dmap.js';
import { codeWord, type Outcome, type Run } from './outcome.js';

/**
 * Sends `command`; when the server says that CREATE may help, and the user wants it, creates the mailbox and sends it once
 * more.
 *
 * @throws DmapClientError
 */
export async function tryingCreate(
  run: Run,
  command: Extract<Command, { readonly name: 'APPEND' | 'COPY' }>,
  create: boolean,
): Promise<Outcome> {
  const first = await run(command);
  if (!create || first.status !== 'NO' || codeWord(first.code) !== 'TRYCREATE') return first;
  const created = await run({ name: 'CREATE', mailbox: command.mailbox });
  return created.status === 'OK' ? await run(command) : first;
}
