/** What a client may send when (section 1.5 of the DMAP digest). */
import { type Command, type CommandName, extensionsUsed } from '../../../grammar/dmap.js';
import { DmapClientError } from './client-error.js';
import type { MailboxView } from './mailbox-view.js';

export type SessionState = 'greeting' | 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

const always: ReadonlySet<CommandName> = new Set(['CAPABILITY', 'NOOP', 'LOGOUT', 'X']);
const selectedOnly: ReadonlySet<CommandName> = new Set([
  'CLOSE',
  'EXPUNGE',
  'SEARCH',
  'FETCH',
  'STORE',
  'COPY',
  'SUBMIT',
]);

/** What the session knows when a command is about to be sent. */
export interface Standing {
  readonly state: SessionState;
  readonly mailbox: MailboxView | null;
  /** Null when the server has not told. */
  readonly capabilities: readonly string[] | null;
}

/**
 * Refuses what a right client does not send.
 *
 * @throws DmapClientError `wrong-state` or `declined`
 */
export function requireLegal(command: Command, { state, mailbox, capabilities }: Standing): void {
  const { name } = command;
  if (!isLegal(name, state)) {
    const requirement = selectedOnly.has(name) && state === 'authenticated' ? 'DMAP-099' : requirementOf(state);
    throw new DmapClientError('wrong-state', `${name} is not valid in the state ${state}`, { requirement });
  }
  if (usesUids(command) && mailbox?.uidValidity === null) {
    const what = 'the server told no UIDVALIDITY, so it has no UIDs';
    throw new DmapClientError('declined', what, { requirement: 'DMAP-207' });
  }
  if (command.name === 'STATUS' && mailbox !== null && sameMailbox(command.mailbox, mailbox.name)) {
    const what = 'STATUS is not for the mailbox that is selected: NOOP brings its news';
    throw new DmapClientError('declined', what, { requirement: 'DMAP-257' });
  }
  for (const extension of extensionsUsed(command)) requireCapability(capabilities, extension);
  if (command.name !== 'SUBMIT') return;
  for (const option of command.options) requireCapability(capabilities, `SUBMIT=${option.name}`);
}

/** Whether a capability was announced, in any letter case (DMAP-I-05). */
export function hasCapability(capabilities: readonly string[] | null, name: string): boolean {
  return capabilities?.some((each) => each.toUpperCase() === name.toUpperCase()) === true;
}

/** INBOX is one in every letter case; of other names only the server knows. */
export function sameMailbox(one: string, other: string): boolean {
  return one === other || (one.toUpperCase() === 'INBOX' && other.toUpperCase() === 'INBOX');
}

function requireCapability(capabilities: readonly string[] | null, name: string): void {
  if (!hasCapability(capabilities, name)) {
    throw new DmapClientError('declined', `the server has not announced ${name}`, { requirement: 'DMAP-018' });
  }
}

function isLegal(name: CommandName, state: SessionState): boolean {
  if (state === 'greeting' || state === 'logout') return false;
  if (always.has(name)) return true;
  if (state === 'not-authenticated') return name === 'AUTHENTICATE';
  return name !== 'AUTHENTICATE' && (state === 'selected' || !selectedOnly.has(name));
}

const requirementOf = (state: SessionState): string => (state === 'not-authenticated' ? 'DMAP-096' : 'DMAP-092');

function usesUids(command: Command): boolean {
  return command.name === 'EXPUNGE' ? command.set !== null : 'uid' in command && command.uid;
}
