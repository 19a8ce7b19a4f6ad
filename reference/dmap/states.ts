/** The state of a connection, and which command is legal in which state (sections 1.4 and 1.5 of the DMAP digest). */

export type State = 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

type Legal = readonly State[];

const always: Legal = ['not-authenticated', 'authenticated', 'selected'];
const afterLogin: Legal = ['authenticated', 'selected'];
const selected: Legal = ['selected'];

/** In which states each command is legal. Experimental ones (X...) are unknown here, and refused in every state. */
export const legality = {
  CAPABILITY: always,
  NOOP: always,
  LOGOUT: always,
  AUTHENTICATE: ['not-authenticated'],
  SELECT: afterLogin,
  EXAMINE: afterLogin,
  CREATE: afterLogin,
  DELETE: afterLogin,
  RENAME: afterLogin,
  SUBSCRIBE: afterLogin,
  UNSUBSCRIBE: afterLogin,
  LIST: afterLogin,
  STATUS: afterLogin,
  APPEND: afterLogin,
  GETKEY: afterLogin,
  ADDKEY: afterLogin,
  DELETEKEY: afterLogin,
  LISTKEYS: afterLogin,
  GETSIGNET: afterLogin,
  ADDSIGNET: afterLogin,
  DELETESIGNET: afterLogin,
  LISTSIGNETS: afterLogin,
  CLOSE: selected,
  EXPUNGE: selected,
  SEARCH: selected,
  FETCH: selected,
  STORE: selected,
  COPY: selected,
  SUBMIT: selected,
  UID: selected,
} as const satisfies Readonly<Record<string, Legal>>;

export type KnownCommand = keyof typeof legality;

/** The command that a word names, in any case; null for one that is not known here. */
export function knownCommand(word: string): KnownCommand | null {
  const name = word.toUpperCase();
  return Object.hasOwn(legality, name) ? (name as KnownCommand) : null;
}

export function isLegal(command: KnownCommand, state: State): boolean {
  return (legality[command] as Legal).includes(state);
}
