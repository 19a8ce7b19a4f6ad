/** LIST (sections 2.4 and 5.6 of the DMAP digest: DMAP-I-54 to DMAP-I-57). */
import type { ListCommand, ListResponse, ReturnOption, StatusItem } from '../../grammar/dmap.js';
import { canonicalName } from '../account/mail-names.js';
import type { MailboxListing } from '../account/mail-store.js';
import { no, ok, type Steps } from './answer.js';
import { accountOf, type Conversation } from './conversation.js';
import { statusValues } from './mailboxes.js';
import { createMatcher, PatternTooCostly } from './pattern.js';

const delimiter = '/';

export function* list(conversation: Conversation, command: ListCommand): Steps {
  const { selection, pattern } = command;
  if (selection.includes('RECURSIVEMATCH') && !selection.includes('SUBSCRIBED')) {
    return no('RECURSIVEMATCH needs another selection option with it.');
  }
  // The delimiter is all that is asked for (DMAP-I-57).
  if (pattern === '') {
    yield entry({ attributes: ['\\Noselect'], mailbox: '' });
    return ok('That is the delimiter.');
  }
  try {
    const responses = selection.includes('SUBSCRIBED')
      ? subscribed(conversation, command)
      : existing(conversation, command);
    for (const response of responses) yield response;
  } catch (error) {
    if (error instanceof PatternTooCostly) return no('That pattern costs too much.', 'LIMIT');
    throw error;
  }
  return ok('That is the list.');
}

/** Mailboxes that match, and with a final "%" the levels above others (DMAP-250). */
function existing(conversation: Conversation, { selection, pattern, returns }: ListCommand): ListResponse[] {
  const matches = createMatcher(canonicalName(pattern), delimiter);
  const mailboxes = conversation.store.mailboxes(accountOf(conversation).name);
  const names = new Set(mailboxes.map(({ name }) => name));
  const found = mailboxes
    .filter(({ name, specialUse }) => matches(name) && (specialUse !== null || !selection.includes('SPECIAL-USE')))
    .map((mailbox) => described(conversation, mailbox, returns));
  if (!pattern.endsWith('%') || selection.includes('SPECIAL-USE')) return found;
  const levels = levelsAbove(mailboxes.map(({ name }) => name)).filter((level) => !names.has(level) && matches(level));
  const children = wants(returns, 'CHILDREN') ? ['\\HasChildren'] : [];
  return [...found, ...levels.map((mailbox) => entry({ attributes: ['\\Noselect', ...children], mailbox }))];
}

/** Subscribed names that match; a mailbox need not be there (DMAP-242). */
function subscribed(conversation: Conversation, { selection, pattern, returns }: ListCommand): ListResponse[] {
  const { store } = conversation;
  const account = accountOf(conversation).name;
  const matches = createMatcher(canonicalName(pattern), delimiter);
  const names = store.subscriptions(account);
  const mailboxes = new Map(store.mailboxes(account).map((mailbox) => [mailbox.name, mailbox]));
  const responses: ListResponse[] = [];
  for (const name of names.filter(matches)) {
    const mailbox = mailboxes.get(name);
    if (selection.includes('SPECIAL-USE') && (mailbox?.specialUse ?? null) === null) continue;
    if (mailbox === undefined) responses.push(entry({ attributes: ['\\NonExistent', '\\Subscribed'], mailbox: name }));
    else responses.push(described(conversation, mailbox, [...returns, { option: 'SUBSCRIBED' }]));
  }
  if (!selection.includes('RECURSIVEMATCH')) return responses;
  // Names above subscribed ones that do not match themselves (RFC 5258, section 3.5).
  const shown = new Set(responses.map(({ mailbox }) => mailbox));
  const below = names.filter((name) => !shown.has(name));
  const childInfo = { name: 'CHILDINFO', value: { kind: 'list', items: [quoted('SUBSCRIBED')] } } as const;
  for (const name of levelsAbove(below).filter((level) => !shown.has(level) && matches(level))) {
    const mailbox = mailboxes.get(name);
    const base = mailbox === undefined ? entry({ attributes: ['\\NonExistent'], mailbox: name }) : null;
    responses.push({ ...(base ?? described(conversation, mailbox as MailboxListing, returns)), extended: [childInfo] });
  }
  return responses;
}

function described(
  conversation: Conversation,
  { id, name, selectable, specialUse, hasChildren, subscribed: isSubscribed }: MailboxListing,
  returns: readonly ReturnOption[],
): ListResponse {
  const attributes = [
    ...(selectable ? [] : ['\\Noselect']),
    ...(wants(returns, 'CHILDREN') ? [hasChildren ? '\\HasChildren' : '\\HasNoChildren'] : []),
    ...(wants(returns, 'SUBSCRIBED') && isSubscribed ? ['\\Subscribed'] : []),
    ...(specialUse === null ? [] : [specialUse]),
  ];
  const items = returns.flatMap((each): readonly StatusItem[] => (each.option === 'STATUS' ? each.items : []));
  if (items.includes('HIGHESTMODSEQ')) conversation.wantsModseq = true;
  const status = items.length === 0 || !selectable ? null : statusValues(conversation.store, id, items);
  return { ...entry({ attributes, mailbox: name }), status };
}

function entry({ attributes, mailbox }: Pick<ListResponse, 'attributes' | 'mailbox'>): ListResponse {
  return { kind: 'list', attributes, delimiter, mailbox, status: null, extended: [] };
}

const wants = (returns: readonly ReturnOption[], option: ReturnOption['option']): boolean =>
  returns.some((each) => each.option === option);

const quoted = (text: string) => ({ kind: 'string', octets: Buffer.from(text) }) as const;

/** All proper beginnings of names that end before a delimiter, each once. */
function levelsAbove(names: readonly string[]): string[] {
  const levels = new Set<string>();
  for (const name of names) {
    for (let at = name.indexOf(delimiter); at !== -1; at = name.indexOf(delimiter, at + 1))
      levels.add(name.slice(0, at));
  }
  return [...levels].sort();
}
