/** How cases of the DMAP classes state what the answer to a command has to be. */
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection, DmapResult } from '../../target/dmap-connection.js';

export type Status = 'OK' | 'NO' | 'BAD';

/** Refused in either way: section 4 of the draft leaves the choice to the server (DMAP-I-23). */
export const refused: readonly Status[] = ['BAD', 'NO'];

/** What a result was, for people. */
export const shown = ({ raw }: Pick<DmapResult, 'raw'>): string => JSON.stringify(raw.slice(0, 300));

/** @throws Breach unless the command ended in one of these ways */
export function requireStatus(
  context: CaseContext,
  requirement: string,
  result: DmapResult,
  allowed: readonly Status[],
  what: string,
): void {
  const { status } = result;
  context.require(
    requirement,
    status !== null && allowed.includes(status),
    `${allowed.join(' or ')} in answer to ${what}`,
    () => shown(result),
  );
}

/** Sends one line as a command and states how it has to end. */
export async function asks(
  context: CaseContext,
  connection: DmapConnection,
  requirement: string,
  line: string,
  allowed: readonly Status[],
): Promise<DmapResult> {
  const result = await connection.command(line);
  requireStatus(context, requirement, result, allowed, JSON.stringify(line.slice(0, 100)));
  return result;
}
