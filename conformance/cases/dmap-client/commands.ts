/** Steps with generated arguments, whose commands are looked at on the wire. */
import fc from 'fast-check';
import { sealedMessages } from '../../model/dmap-message.js';
import { base64url } from '../stacie-server/messages.js';
import type { Step } from './stage.js';

/** Characters that make a name no atom, and those that only look so. */
const special = ['(', ')', '{', ' ', '%', '*', '"', '\\', ']', '[', '+', '~', '{3}', '}', "'", '&', ',', '.', '#', '!'];
const beyond = ['ü', 'é', '日', '😀', 'ß', '\u00a0'];

const letters = fc.string({ unit: fc.constantFrom(...'abcdeXYZ012'), minLength: 1, maxLength: 6 });

/** Names of mailboxes: plain, with special characters, like NIL, beyond ASCII. */
export const names: fc.Arbitrary<string> = fc.oneof(
  letters,
  fc.constantFrom('NIL', 'nil', '+', '~', 'a/b', 'INBOX', '"', '\\', '\\"', ' ', '{5}', 'a]b'),
  specialNames(special),
  specialNames(beyond),
);

function specialNames(characters: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(letters, fc.constantFrom(...characters), letters).map((parts) => parts.join(''));
}

/** With at least one character that an atom must not have. */
export const namesInNeedOfQuotes: fc.Arbitrary<string> = specialNames(['(', ')', '{', ' ', '%', '*', '"', '\\', '{3}']);

export const namesBeyondAscii: fc.Arbitrary<string> = specialNames(beyond);

const binary = fc.uint8Array({ minLength: 1, maxLength: 24 }).map((octets) => base64url(octets));
const keyIds = fc.oneof(letters, specialNames([' ', '"', '(', '%', '\\']));
const flags = fc.subarray(['\\Seen', '\\Flagged', '\\Draft', 'Keyword', '$Mine'], { minLength: 1 });
const sets = fc.constantFrom('1', '1:*', '1:2', '3,1', '2:3,1');

const step = <Given extends Readonly<Record<string, unknown>>>(
  name: string,
  given: { readonly [Member in keyof Given]: fc.Arbitrary<Given[Member]> },
): fc.Arbitrary<Step> => fc.record(given).map((made) => ({ ...made, do: name }));

export const messages = sealedMessages(40).map(({ octets }) => base64url(octets));

/** One step of every kind that has an argument worth a look; a mailbox with three messages is selected. */
const kinds: readonly fc.Arbitrary<Step>[] = [
  step('noop', {}),
  step('capability', {}),
  step('list', { pattern: fc.oneof(names, fc.constantFrom('*', '%', 'a/%', '')) }),
  step('list', { pattern: letters, selection: fc.constant(['SUBSCRIBED']), return: fc.constant(['CHILDREN']) }),
  step('status', { mailbox: names.filter((name) => name !== 'INBOX'), items: fc.constant(['MESSAGES', 'UIDNEXT']) }),
  step('create', { mailbox: names }),
  step('delete', { mailbox: names.filter((name) => name !== 'INBOX') }),
  step('rename', { from: names, to: names }),
  step('subscribe', { mailbox: names }),
  step('unsubscribe', { mailbox: names }),
  step('append', { mailbox: names, message: messages, flags }),
  step('append', { mailbox: names, message: messages, date: fc.integer({ min: 0, max: 2_000_000_000 }) }),
  step('fetch', { set: sets, items: fc.constantFrom(['FLAGS'], ['UID', 'SIZE'], ['BODY.PEEK[67.1]<0.4>'], ['FULL']) }),
  step('fetch', { set: sets, uid: fc.constant(true), items: fc.constantFrom(['FLAGS', 'INTERNALDATE'], ['BODY[]']) }),
  step('store', { set: sets, flags, mode: fc.constantFrom('replace', 'add', 'remove'), silent: fc.boolean() }),
  step('store', { set: sets, meta: fc.oneof(binary, fc.constant(null)), uid: fc.boolean() }),
  step('search', { keys: fc.constantFrom('ALL', 'OR SEEN NOT DELETED', '(LARGER 10 UNSEEN) 1:2', 'ON 14-Nov-2015') }),
  step('copy', { set: sets, mailbox: names, uid: fc.boolean() }),
  step('expunge', {}),
  step('getkey', { keyId: keyIds, part: fc.constantFrom('PUBLIC', 'BOTH') }),
  step('addkey', { keyId: keyIds, public: binary, private: binary }),
  step('deletekey', { keyId: keyIds }),
  step('listkeys', {}),
  step('getsignet', { address: fc.constantFrom('ann@example.tld', 'b"o b@example.tld') }),
  step('addsignet', { address: fc.constant('ann@example.tld'), signet: binary }),
  step('listsignets', { pattern: fc.constantFrom('*', '*@example.tld', 'a b%') }),
];

/** Steps on a selected mailbox: `count` of the kinds, in any order. */
export const someSteps = (count: number): fc.Arbitrary<Step[]> =>
  fc
    .shuffledSubarray([...kinds], { minLength: count, maxLength: count })
    .chain((chosen) => fc.tuple(...chosen))
    .map((chosen) => [{ do: 'select', mailbox: 'INBOX' }, ...chosen]);
