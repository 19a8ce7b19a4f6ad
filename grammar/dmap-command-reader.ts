/** From what the grammar gives of a command to what it says: ranges, dates, names, UTF-8 (section 6.6). */
import {
  type Command,
  type CommandExtension,
  type DeliveryOption,
  type FetchItem,
  plainReturnOptions,
  type ReturnOption,
  type SearchKey,
  type StatusItem,
  type StoreChange,
  selectionOptions,
  statusItems,
} from './dmap-commands.js';
import { dateOf, dateTimeOf } from './dmap-dates.js';
import { DmapValueError } from './dmap-error.js';
import { spelledFlag } from './dmap-flags.js';
import type { LiteralOctets } from './dmap-framed.js';
import { chunkTypeOf, modseqOf, numberOf, sequenceSetOf } from './dmap-numbers.js';
import type {
  RawCommand,
  RawDeliveryOption,
  RawFetchItem,
  RawKeyPart,
  RawOption,
  RawSearchKey,
  RawStoreChange,
  RawText,
} from './dmap-raw.js';
import { octetsOf, type RawString, readValue, textOf } from './dmap-strings.js';

/**
 * @throws DmapValueError
 * @throws PendingLiteral when octets of a literal are needed that are not there; APPEND needs none of its message
 */
export function readCommand(raw: RawCommand, literals: LiteralOctets): Command {
  const mailbox = (name: RawString): string => {
    const text = textOf(name, literals, 'mailbox name');
    return /^inbox$/i.test(text) ? 'INBOX' : text;
  };
  const address = (of: RawString): string => textOf(of, literals, 'address');
  switch (raw.name) {
    case 'CAPABILITY':
    case 'NOOP':
    case 'LOGOUT':
    case 'CLOSE':
    case 'LISTKEYS':
      return { name: raw.name };
    case 'EXPUNGE':
      return { name: 'EXPUNGE', set: raw.set === undefined ? null : sequenceSetOf(raw.set) };
    case 'AUTHENTICATE':
      return { ...raw, initial: raw.initial === null ? null : base64Octets(raw.initial) };
    case 'SELECT':
    case 'EXAMINE':
    case 'CREATE':
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return { name: raw.name, mailbox: mailbox(raw.mailbox) };
    case 'RENAME':
      return { name: 'RENAME', from: mailbox(raw.from), to: mailbox(raw.to) };
    case 'LIST':
      return {
        name: 'LIST',
        selection: raw.selection.map((option) => known(option, selectionOptions, 'LIST option', 'DMAP-I-54')),
        pattern: textOf(raw.pattern, literals, 'pattern'),
        returns: raw.returns.map(returnOption),
      };
    case 'STATUS':
      return { name: 'STATUS', mailbox: mailbox(raw.mailbox), items: raw.items.map(statusItem) };
    case 'APPEND':
      return {
        name: 'APPEND',
        mailbox: mailbox(raw.mailbox),
        flags: raw.flags.map(spelledFlag),
        date: raw.date === null ? null : dateTimeOf(raw.date),
        message: { size: numberOf(raw.message.size, 'size of a literal'), octets: literals.ifThere(raw.message) },
      };
    case 'GETKEY':
      return { name: 'GETKEY', keyId: keyId(raw.keyId, literals), part: raw.part };
    case 'ADDKEY':
      return { name: 'ADDKEY', keyId: keyId(raw.keyId, literals), ...keyParts(raw.parts, literals) };
    case 'DELETEKEY':
      return { name: 'DELETEKEY', keyId: keyId(raw.keyId, literals) };
    case 'GETSIGNET':
    case 'DELETESIGNET':
      return { name: raw.name, address: address(raw.address) };
    case 'ADDSIGNET':
      return { name: 'ADDSIGNET', address: address(raw.address), signet: octetsOf(raw.signet, literals) };
    case 'LISTSIGNETS':
      return { name: 'LISTSIGNETS', pattern: raw.pattern === null ? null : textOf(raw.pattern, literals, 'pattern') };
    case 'SEARCH':
      return { name: 'SEARCH', uid: raw.uid, keys: raw.keys.map(searchKey) };
    case 'FETCH':
      return {
        name: 'FETCH',
        uid: raw.uid,
        set: sequenceSetOf(raw.set),
        what: typeof raw.what === 'string' ? raw.what : raw.what.map(fetchItem),
        changedSince: raw.changedSince === null ? null : modseqOf(raw.changedSince, 'CHANGEDSINCE'),
      };
    case 'STORE':
      return {
        name: 'STORE',
        uid: raw.uid,
        set: sequenceSetOf(raw.set),
        unchangedSince: raw.unchangedSince === null ? null : modseqOf(raw.unchangedSince, 'UNCHANGEDSINCE'),
        change: storeChange(raw.change, literals),
      };
    case 'COPY':
      return { name: 'COPY', uid: raw.uid, set: sequenceSetOf(raw.set), mailbox: mailbox(raw.mailbox) };
    case 'SUBMIT':
      return {
        name: 'SUBMIT',
        uid: raw.uid,
        number: numberOf(raw.number, 'message number'),
        options: raw.options.map((option) => deliveryOption(option, literals)),
      };
    case 'X':
      return { name: 'X', word: raw.word, values: raw.values.map((value) => readValue(value, literals)) };
  }
}

/** What a server has to advertise before `command` may be used. LITERAL+ is for framing to see. */
export function extensionsUsed(command: Command): ReadonlySet<CommandExtension> {
  const used = new Set<CommandExtension>();
  switch (command.name) {
    case 'EXPUNGE':
      if (command.set !== null) used.add('UIDPLUS');
      break;
    case 'FETCH':
      if (command.changedSince !== null) used.add('CONDSTORE');
      break;
    case 'STORE':
      if (command.unchangedSince !== null) used.add('CONDSTORE');
      break;
    case 'SEARCH':
      if (command.keys.some(searchesModseq)) used.add('CONDSTORE');
      break;
    case 'STATUS':
      if (command.items.includes('HIGHESTMODSEQ')) used.add('CONDSTORE');
      break;
    case 'LIST':
      if (command.selection.includes('SPECIAL-USE')) used.add('SPECIAL-USE');
      for (const returned of command.returns) {
        if (returned.option === 'SPECIAL-USE') used.add('SPECIAL-USE');
        if (returned.option === 'STATUS' && returned.items.includes('HIGHESTMODSEQ')) used.add('CONDSTORE');
      }
      break;
  }
  return used;
}

function searchesModseq(key: SearchKey): boolean {
  if (key.key === 'NOT') return searchesModseq(key.of);
  return key.key === 'MODSEQ' || ((key.key === 'OR' || key.key === 'AND') && key.of.some(searchesModseq));
}

/** The grammar has seen to it that it is base64. */
function base64Octets(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function known<Name extends string>(
  { text, offset }: RawOption,
  names: readonly Name[],
  what: string,
  requirement: string,
): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new DmapValueError(
    `unknown ${what} ${JSON.stringify(text.slice(0, 64))}; known are ${names.join(', ')}`,
    requirement,
    offset,
  );
}

function statusItem(raw: RawOption): StatusItem {
  return known(raw, statusItems, 'STATUS item', 'DMAP-I-58');
}

function returnOption(raw: RawOption): ReturnOption {
  if (raw.items !== undefined) return { option: 'STATUS', items: raw.items.map(statusItem) };
  if (raw.text === 'STATUS') {
    throw new DmapValueError('the return option STATUS lacks its list of items', 'DMAP-I-55', raw.offset);
  }
  return { option: known(raw, plainReturnOptions, 'return option', 'DMAP-I-54') };
}

function keyId({ text: raw, offset }: RawText, literals: LiteralOctets): string {
  const text = typeof raw === 'string' ? raw : Buffer.from(literals.of(raw)).toString('latin1');
  if (/^[!-~]{1,255}$/.test(text)) return text;
  throw new DmapValueError('the key id is not 1 to 255 printable 7-bit characters without spaces', 'DMAP-I-93', offset);
}

function keyParts(
  parts: readonly RawKeyPart[],
  literals: LiteralOctets,
): { readonly public: Uint8Array; readonly private: Uint8Array | null } {
  const given = (name: RawKeyPart['part']): RawString | undefined => {
    const [first, second] = parts.filter(({ part }) => part === name);
    if (second === undefined) return first?.value;
    throw new DmapValueError(`the part ${name} of the key stands twice`, 'DMAP-I-95', second.offset);
  };
  const publicPart = given('PUBLIC');
  const privatePart = given('PRIVATE');
  if (publicPart === undefined) {
    throw new DmapValueError('the key lacks its part PUBLIC', 'DMAP-I-95', parts[0]?.offset ?? null);
  }
  return {
    public: octetsOf(publicPart, literals),
    private: privatePart === undefined ? null : octetsOf(privatePart, literals),
  };
}

function searchKey(raw: RawSearchKey): SearchKey {
  switch (raw.key) {
    case 'AND':
      return { key: 'AND', of: raw.of.map(searchKey) };
    case 'NOT':
      return { key: 'NOT', of: searchKey(raw.of) };
    case 'OR':
      return { key: 'OR', of: [searchKey(raw.of[0]), searchKey(raw.of[1])] };
    case 'UID':
    case 'SEQUENCE':
      return { key: raw.key, set: sequenceSetOf(raw.set) };
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
      return { key: raw.key, date: dateOf(raw.date) };
    case 'LARGER':
    case 'SMALLER':
      return { key: raw.key, size: numberOf(raw.size, raw.key) };
    case 'MODSEQ':
      return { key: 'MODSEQ', modseq: modseqOf(raw.modseq, 'MODSEQ') };
    default:
      return { key: raw.key };
  }
}

function fetchItem(raw: RawFetchItem): FetchItem {
  if (raw.item !== 'BODY') return { item: raw.item };
  const { peek, section, partial } = raw;
  return {
    item: 'BODY',
    peek,
    section:
      section === null ? null : { type: chunkTypeOf(section.type), index: numberOf(section.index, 'chunk number') },
    partial:
      partial === null
        ? null
        : {
            start: numberOf(partial.start, 'start of a partial'),
            count: numberOf(partial.count, 'count of a partial'),
          },
  };
}

function storeChange(raw: RawStoreChange, literals: LiteralOctets): StoreChange {
  if (raw.item === 'META') {
    return { item: 'META', silent: raw.silent, value: raw.value === null ? null : octetsOf(raw.value, literals) };
  }
  return { ...raw, flags: raw.flags.map(spelledFlag) };
}

function deliveryOption({ name, values }: RawDeliveryOption, literals: LiteralOctets): DeliveryOption {
  return { name, values: values.map((value) => readValue(value, literals)) };
}
