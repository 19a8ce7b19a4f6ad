/** What cases of the DMAP classes begin with: connections in each state, and a mailbox that is theirs alone. */
import { randomBytes } from 'node:crypto';
import type { UntaggedResponse } from '../../../grammar/dmap.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import { type CommandPiece, type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import { logIn } from '../../target/dmap-login.js';
import type { DmapAccount, DmapEndpoint } from '../../target/profile.js';

export function endpointOf({ profile }: CaseContext): DmapEndpoint {
  if (profile.dmap === undefined) throw new Unreachable('the target has no DMAP endpoint');
  return profile.dmap;
}

/** @param at the same one again when there are fewer accounts */
export function accountOf(context: CaseContext, at = 0): DmapAccount {
  const { accounts } = endpointOf(context);
  const account = accounts[at % accounts.length];
  if (account === undefined) throw new Unreachable('the target has no account for DMAP');
  return account;
}

/** A connection on which nobody has logged in, the greeting read. */
export async function greeted(context: CaseContext): Promise<DmapConnection> {
  const { connection, greeting } = await context.openDmap();
  if (!/^\* OK[ \r]/i.test(greeting.text)) {
    throw new Unreachable(`the greeting lets nobody in: ${JSON.stringify(greeting.text.slice(0, 120))}`);
  }
  return connection;
}

/** A connection in the authenticated state. @throws Unreachable when the account is not let in */
export async function loggedIn(context: CaseContext, account = accountOf(context)): Promise<DmapConnection> {
  const connection = await greeted(context);
  await logIn(connection, account);
  return connection;
}

/** A command that the case is not about. @throws Unreachable unless it is answered with OK */
export async function mustDo(connection: DmapConnection, ...pieces: readonly CommandPiece[]): Promise<DmapResult> {
  const result = await connection.command(...pieces);
  if (result.status !== 'OK') {
    const what = pieces.map((piece) => (typeof piece === 'string' ? piece : '{...}')).join('');
    throw new Unreachable(
      `${JSON.stringify(what.slice(0, 120))} was refused, so this could not be tried: ${JSON.stringify(result.completion.raw.slice(0, 160))}`,
    );
  }
  return result;
}

/** An atom that names a mailbox that nobody else has. */
export function freshName(prefix = 'suite'): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** A fresh mailbox and a session for it. */
export interface Room {
  /** Authenticated; nothing is selected yet. */
  readonly connection: DmapConnection;
  readonly account: DmapAccount;
  /** An atom. */
  readonly mailbox: string;
}

/**
 * Makes a mailbox, lets the case use it and takes it away again, with what the case made below it by `mailbox/...`.
 * Commands that prepare are not judged.
 */
export async function inMailbox(
  context: CaseContext,
  use: (room: Room) => Promise<void>,
  account = accountOf(context),
): Promise<void> {
  const connection = await loggedIn(context, account);
  const mailbox = freshName();
  await mustDo(connection, `CREATE ${mailbox}`);
  let sound = false;
  try {
    await use({ connection, account, mailbox });
    sound = connection.ended === null && connection.unread === '';
  } finally {
    // What a case left half said would be taken for the rest of a command.
    await removeTree(context, account, mailbox, sound ? connection : null);
  }
}

/** Best effort: what cannot be removed stays and is told, and decides nothing. */
async function removeTree(
  context: CaseContext,
  account: DmapAccount,
  mailbox: string,
  open: DmapConnection | null,
): Promise<void> {
  try {
    const connection = open ?? (await loggedIn(context, account));
    const listed = untagged(await connection.command(`LIST ${mailbox}*`), 'list').map(({ mailbox: name }) => name);
    for (const name of ownNames(mailbox, listed)) {
      await connection.command('UNSUBSCRIBE ', { literal: name });
      await connection.command('DELETE ', { literal: name });
    }
    connection.close();
  } catch (error) {
    context.note(`${mailbox} was not removed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * What may be removed after a case: its mailbox and what was listed with that name in front, the lowest first, since a name
 * with inferiors may stay. A server that lists too much must not cost its user a mailbox.
 */
export function ownNames(mailbox: string, listed: readonly string[]): string[] {
  const own = listed.filter((name) => name.startsWith(mailbox));
  return [...new Set([...own, mailbox])].sort().reverse();
}

/** Appends a message. @throws Unreachable when it is refused */
export async function append(
  connection: DmapConnection,
  mailbox: string,
  message: Uint8Array,
  flags: readonly string[] = [],
): Promise<DmapResult> {
  const list = flags.length === 0 ? '' : `(${flags.join(' ')}) `;
  return await mustDo(connection, `APPEND ${mailbox} ${list}`, { literal: message, binary: true });
}

/** Selects a mailbox and tells what came. @throws Unreachable when it is refused */
export async function select(connection: DmapConnection, mailbox: string): Promise<Selected> {
  return selectedBy(await mustDo(connection, `SELECT ${mailbox}`));
}

export interface Selected {
  readonly result: DmapResult;
  readonly exists: number | null;
  readonly uidValidity: number | null;
  readonly uidNext: number | null;
  readonly flags: readonly string[] | null;
  readonly permanentFlags: readonly string[] | null;
  readonly highestModseq: bigint | null;
}

export function selectedBy(result: DmapResult): Selected {
  const codes = untagged(result, 'status').flatMap(({ code }) => (code === null ? [] : [code]));
  const number = (name: 'UIDNEXT' | 'UIDVALIDITY'): number | null => {
    const code = codes.find((one) => one.name === name);
    return code !== undefined && 'number' in code ? code.number : null;
  };
  const permanent = codes.find((code) => code.name === 'PERMANENTFLAGS');
  const modseq = codes.find((code) => code.name === 'HIGHESTMODSEQ');
  return {
    result,
    exists: untagged(result, 'exists').at(-1)?.count ?? null,
    uidValidity: number('UIDVALIDITY'),
    uidNext: number('UIDNEXT'),
    flags: untagged(result, 'flags').at(-1)?.flags ?? null,
    permanentFlags: permanent !== undefined && 'flags' in permanent ? permanent.flags : null,
    highestModseq: modseq !== undefined && 'modseq' in modseq ? modseq.modseq : null,
  };
}

export type Fetched = Extract<UntaggedResponse, { kind: 'fetch' }>;

/** The values of one item in FETCH responses, by message number; the last counts. */
export function fetchedItems<Item extends Fetched['items'][number]['item']>(
  result: Pick<DmapResult, 'data'>,
  item: Item,
): Map<number, Extract<Fetched['items'][number], { item: Item }>> {
  const found = new Map<number, Extract<Fetched['items'][number], { item: Item }>>();
  for (const { number, items } of untagged(result, 'fetch')) {
    for (const value of items) {
      if (value.item === item) found.set(number, value as Extract<Fetched['items'][number], { item: Item }>);
    }
  }
  return found;
}
