/** Key ring and signet ring (sections 2.5, 2.6 and 5.10 of the DMAP digest). */
import type { KeyPart } from '../../grammar/dmap.js';
import { type Answer, attempt, lookedUp, no, ok, type Steps, sentence } from './answer.js';
import { accountOf, type Conversation } from './conversation.js';
import { createMatcher, PatternTooCostly } from './pattern.js';
import { isSignet, publicPartFault } from './ring-keys.js';
import type { CommandOf } from './understand.js';

const noKey = 'There is no such key.';
const noSignet = 'There is no such signet.';
const paranoid = 'No private parts are kept for this account.';

export function* getKey(conversation: Conversation, { keyId, part }: CommandOf<'GETKEY'>): Steps {
  const { name, mode } = accountOf(conversation);
  const key = conversation.store.key(name, keyId);
  if (key === null) return no(noKey, 'NONEXISTENT');
  if (mode === 'PARANOID' && part === 'PRIVATE') return no(paranoid, 'NOPERM');
  const privatePart = mode === 'PARANOID' ? null : key.privatePart;
  const both: { readonly part: KeyPart; readonly value: Uint8Array | null }[] = [
    { part: 'PUBLIC', value: key.publicPart },
    { part: 'PRIVATE', value: privatePart },
  ];
  yield { kind: 'key', keyId, parts: part === 'BOTH' ? both : both.filter((each) => each.part === part) };
  return ok('That is the key.');
}

export function addKey(conversation: Conversation, command: CommandOf<'ADDKEY'>): Answer {
  const { keyId, public: publicPart, private: privatePart } = command;
  const { name, mode } = accountOf(conversation);
  const { store } = conversation;
  if (mode === 'PARANOID' && privatePart !== null) return no(paranoid, 'NOPERM');
  if (store.key(name, keyId) !== null) return no('There is such a key already; delete it first.', 'ALREADYEXISTS');
  const fault = publicPartFault(publicPart);
  if (fault !== null) return no(sentence(fault), 'CANNOT');
  return attempt(() => {
    store.addKey(name, keyId, { publicPart, privatePart });
    return ok('The key is kept.');
  });
}

/** A key that a message was submitted under stays as long as the message does (DMAP-283). */
export function deleteKey(conversation: Conversation, { keyId }: CommandOf<'DELETEKEY'>): Answer {
  const { store, keyUse } = conversation;
  const { name } = accountOf(conversation);
  if (keyUse.isUsed(name, keyId, store)) return no('There are messages that were submitted under that key.', 'INUSE');
  return attempt(() => {
    store.deleteKey(name, keyId);
    keyUse.forget(name, keyId);
    return ok('The key is deleted.');
  });
}

export function* listKeys(conversation: Conversation): Steps {
  for (const keyId of conversation.store.keyIds(accountOf(conversation).name))
    yield { kind: 'key', keyId, parts: null };
  return ok('Those are the keys.');
}

/** The ring first, then wherever else the server can look; what is found there is not added (DMAP-I-102). */
export function* getSignet(conversation: Conversation, { address }: CommandOf<'GETSIGNET'>): Steps {
  const kept = conversation.store.signet(accountOf(conversation).name, address);
  if (kept !== null) {
    yield { kind: 'signet', address: kept.address, signet: kept.octets };
    return ok('That is the signet.');
  }
  const found = conversation.looksUpSignets ? yield* lookedUp(address) : null;
  if (found === null) return no(noSignet, 'NONEXISTENT');
  yield { kind: 'signet', address, signet: found };
  return ok('That is the signet; it is not in the ring.');
}

export function addSignet(conversation: Conversation, { address, signet }: CommandOf<'ADDSIGNET'>): Answer {
  const { store } = conversation;
  const { name } = accountOf(conversation);
  if (store.signet(name, address) !== null) {
    return no('There is a signet of that address already; delete it first.', 'ALREADYEXISTS');
  }
  if (!isSignet(signet)) return no('That is not a signet.', 'CANNOT');
  return attempt(() => {
    store.addSignet(name, address, signet);
    return ok('The signet is kept.');
  });
}

export function deleteSignet(conversation: Conversation, { address }: CommandOf<'DELETESIGNET'>): Answer {
  return attempt(() => {
    conversation.store.deleteSignet(accountOf(conversation).name, address);
    return ok('The signet is deleted.');
  });
}

export function* listSignets(conversation: Conversation, { pattern }: CommandOf<'LISTSIGNETS'>): Steps {
  const addresses = conversation.store.signetAddresses(accountOf(conversation).name);
  let listed: readonly string[];
  try {
    listed = pattern === null ? addresses : addresses.filter(createMatcher(pattern, '@', true));
  } catch (error) {
    if (error instanceof PatternTooCostly) return no('That pattern costs too much.', 'LIMIT');
    throw error;
  }
  for (const address of listed) yield { kind: 'signet', address, signet: null };
  return ok('Those are the signets.');
}
