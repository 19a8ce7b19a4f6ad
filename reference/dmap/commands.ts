/** Which function carries out which command. */
import type { Command, CommandName } from '../../grammar/dmap.js';
import { type Answer, bad, ok, type Steps } from './answer.js';
import { authenticate } from './authenticate.js';
import { capabilitiesOf } from './capabilities.js';
import type { Conversation } from './conversation.js';
import { copy } from './copy.js';
import { fetch } from './fetch.js';
import { list } from './list.js';
import { create, deleteMailbox, rename, status, subscribe, unsubscribe } from './mailboxes.js';
import { addKey, addSignet, deleteKey, deleteSignet, getKey, getSignet, listKeys, listSignets } from './rings.js';
import { search } from './search.js';
import { close, expunge, leaveMailbox, select } from './select.js';
import { storeFlags } from './store-command.js';
import { submit } from './submit.js';
import type { CommandOf } from './understand.js';

/** Carries out a command that the grammar and the legality table let through. Other throws are internal errors. */
type Handler<Name extends CommandName> = (conversation: Conversation, command: CommandOf<Name>) => Answer | Steps;

/** APPEND is apart: it is carried out while it is read (append.ts). */
const handlers: { readonly [Name in Exclude<CommandName, 'APPEND'>]: Handler<Name> } = {
  CAPABILITY: capability,
  // Whatever there is to be told goes out before the completion, as after any command.
  NOOP: () => ok('Nothing was done.'),
  LOGOUT: logout,
  AUTHENTICATE: authenticate,
  SELECT: select,
  EXAMINE: select,
  CREATE: create,
  DELETE: deleteMailbox,
  RENAME: rename,
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: unsubscribe,
  LIST: list,
  STATUS: status,
  GETKEY: getKey,
  ADDKEY: addKey,
  DELETEKEY: deleteKey,
  LISTKEYS: listKeys,
  GETSIGNET: getSignet,
  ADDSIGNET: addSignet,
  DELETESIGNET: deleteSignet,
  LISTSIGNETS: listSignets,
  CLOSE: close,
  EXPUNGE: expunge,
  SEARCH: search,
  FETCH: fetch,
  STORE: storeFlags,
  COPY: copy,
  SUBMIT: submit,
  // None is known (DMAP-I-26).
  X: () => bad('There is no such command.'),
};

export function handle(conversation: Conversation, command: Exclude<Command, { name: 'APPEND' }>): Answer | Steps {
  // The table gives each name the handler for its own command, which the compiler cannot follow through a look-up.
  const handler = handlers[command.name] as (conversation: Conversation, command: Command) => Answer | Steps;
  return handler(conversation, command);
}

/**
 * Whether EXPUNGE responses may come with the answer: not with FETCH, STORE and SEARCH by sequence number, whose numbers
 * they would change (DMAP-I-82).
 */
export function letsExpungesOut(command: Command): boolean {
  const { name } = command;
  return !(name === 'FETCH' || name === 'STORE' || name === 'SEARCH') || command.uid;
}

function* capability(conversation: Conversation): Steps {
  yield { kind: 'capability', capabilities: capabilitiesOf(conversation) };
  return ok('Those are the capabilities.');
}

/** The selected mailbox is closed, and nothing in it removed (DMAP-294). */
function* logout(conversation: Conversation): Steps {
  leaveMailbox(conversation);
  conversation.state = 'logout';
  yield { kind: 'status', status: 'BYE', code: null, text: 'Good bye.' };
  return ok('You are logged out.');
}
