import { describe, expect, it } from 'vitest';
import { createStacieMechanism } from '../stacie/mechanism.js';
import { desk } from '../stacie/session.test-support.js';
import { alice, put, Talk, testStore } from './session.test-support.js';
import { isLegal, type KnownCommand, legality, type State } from './states.js';

/** A command of each name that is right, and how it ends where it is legal. */
const examples: Readonly<Record<KnownCommand, { line: string; ends: string }>> = {
  CAPABILITY: { line: 'CAPABILITY', ends: 'OK' },
  NOOP: { line: 'NOOP', ends: 'OK' },
  LOGOUT: { line: 'LOGOUT', ends: 'OK' },
  AUTHENTICATE: { line: 'AUTHENTICATE NONE', ends: 'NO' },
  SELECT: { line: 'SELECT INBOX', ends: 'OK' },
  EXAMINE: { line: 'EXAMINE INBOX', ends: 'OK' },
  CREATE: { line: 'CREATE new', ends: 'OK' },
  DELETE: { line: 'DELETE INBOX', ends: 'NO' },
  RENAME: { line: 'RENAME none other', ends: 'NO' },
  SUBSCRIBE: { line: 'SUBSCRIBE INBOX', ends: 'OK' },
  UNSUBSCRIBE: { line: 'UNSUBSCRIBE INBOX', ends: 'OK' },
  LIST: { line: 'LIST *', ends: 'OK' },
  STATUS: { line: 'STATUS INBOX (MESSAGES)', ends: 'OK' },
  APPEND: { line: 'APPEND INBOX {1+}\r\nx', ends: 'OK' },
  GETKEY: { line: 'GETKEY none BOTH', ends: 'NO' },
  ADDKEY: { line: 'ADDKEY id "octets"', ends: 'OK' },
  DELETEKEY: { line: 'DELETEKEY none', ends: 'NO' },
  LISTKEYS: { line: 'LISTKEYS', ends: 'OK' },
  GETSIGNET: { line: 'GETSIGNET none@example.org', ends: 'NO' },
  ADDSIGNET: { line: 'ADDSIGNET a@example.org "none"', ends: 'NO' },
  DELETESIGNET: { line: 'DELETESIGNET none@example.org', ends: 'NO' },
  LISTSIGNETS: { line: 'LISTSIGNETS', ends: 'OK' },
  CLOSE: { line: 'CLOSE', ends: 'OK' },
  EXPUNGE: { line: 'EXPUNGE', ends: 'OK' },
  SEARCH: { line: 'SEARCH ALL', ends: 'OK' },
  FETCH: { line: 'FETCH 1 FLAGS', ends: 'OK' },
  STORE: { line: 'STORE 1 +FLAGS (\\Seen)', ends: 'OK' },
  COPY: { line: 'COPY 1 INBOX', ends: 'OK' },
  SUBMIT: { line: 'SUBMIT 1', ends: 'NO' },
  UID: { line: 'UID FETCH 1 FLAGS', ends: 'OK' },
};

/** Section 1.5 of the digest, column by column. */
const afterLogin =
  'SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST STATUS APPEND GETKEY ADDKEY DELETEKEY LISTKEYS GETSIGNET ADDSIGNET DELETESIGNET LISTSIGNETS';
const legal: Readonly<Record<Exclude<State, 'logout'>, string>> = {
  'not-authenticated': 'CAPABILITY NOOP LOGOUT AUTHENTICATE',
  authenticated: `CAPABILITY NOOP LOGOUT ${afterLogin}`,
  selected: `CAPABILITY NOOP LOGOUT ${afterLogin} CLOSE EXPUNGE SEARCH FETCH STORE COPY SUBMIT UID`,
};

function inState(state: State): Talk {
  const store = testStore();
  put(store, 'a message');
  const beginStacie = () => createStacieMechanism(desk().session);
  const greeting =
    state === 'not-authenticated' ? { kind: 'ok' as const } : { kind: 'preauth' as const, username: alice };
  const talk = new Talk({ store, beginStacie, greeting });
  talk.start();
  if (state === 'selected') talk.say('select SELECT INBOX');
  return talk;
}

describe.each(Object.entries(legal))('in the state %s', (state, names) => {
  const allowed = new Set(names.split(' '));

  it.each(Object.entries(examples))('%s', (name, { line, ends }) => {
    const completion = inState(state as State)
      .say(`tag ${line}`)
      .split('\r\n')
      .at(-1);
    expect(completion?.split(' ').slice(0, 2)).toEqual(['tag', allowed.has(name) ? ends : 'BAD']);
  });
});

it('has a row for every command, and none in which a closed connection goes on', () => {
  expect(Object.keys(legality).sort()).toEqual(Object.keys(examples).sort());
  expect(Object.keys(legality).filter((name) => isLegal(name as KnownCommand, 'logout'))).toEqual([]);
});

it('refuses experimental commands, which it has none of, in every state', () => {
  for (const state of Object.keys(legal)) expect(inState(state as State).say('t XPING 1')).toMatch(/^t BAD /);
});

it('decides before a literal comes: what has no place is not asked for', () => {
  const talk = inState('not-authenticated');
  expect(talk.say('a SELECT {5}')).toMatch(/^a BAD /);
  expect(talk.say('b APPEND INBOX {100000}')).toMatch(/^b BAD /);
  expect(talk.say('c FROB {5}')).toMatch(/^c BAD /);
  expect(talk.say('d NOOP')).toMatch(/^d OK /);
});
