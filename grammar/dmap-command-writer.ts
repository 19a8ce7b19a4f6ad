/** Commands in their canonical form (section 6.8 of the DMAP digest). */
import {
  type Command,
  type DeliveryOption,
  type FetchItem,
  plainReturnOptions,
  type SearchKey,
  type StoreChange,
  selectionOptions,
  statusItems,
  type TaggedCommand,
} from './dmap-commands.js';
import { dateText, dateTimeText } from './dmap-dates.js';
import { largestModseq, largestNumber } from './dmap-numbers.js';
import type { Section, SequenceNumber, SequenceSet, Value } from './dmap-values.js';
import { digits, type WireWriter } from './dmap-writer.js';

/** @throws RangeError when a part of the command cannot be written; the message names it */
export function writeCommand(writer: WireWriter, { tag, command }: TaggedCommand): void {
  writer.tag(tag).raw(' ');
  writeRest(writer, command);
  writer.raw('\r\n');
}

function writeRest(writer: WireWriter, command: Command): void {
  const { name } = command;
  const byUid = ('uid' in command && command.uid) || (name === 'EXPUNGE' && command.set !== null);
  writer.raw(byUid ? `UID ${name}` : name === 'X' ? '' : name);
  switch (name) {
    case 'CAPABILITY':
    case 'NOOP':
    case 'LOGOUT':
    case 'CLOSE':
    case 'LISTKEYS':
      return;
    case 'AUTHENTICATE':
      writer.raw(` ${word(command.mechanism, /^[A-Z0-9_-]{1,20}$/, 'mechanism')}`);
      if (command.initial !== null) writer.raw(` ${Buffer.from(command.initial).toString('base64') || '='}`);
      return;
    case 'SELECT':
    case 'EXAMINE':
    case 'CREATE':
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      writer.raw(' ').astring(command.mailbox, 'mailbox name');
      return;
    case 'RENAME':
      writer.raw(' ').astring(command.from, 'mailbox name').raw(' ').astring(command.to, 'mailbox name');
      return;
    case 'LIST':
      writeList(writer, command);
      return;
    case 'STATUS':
      writer.raw(' ').astring(command.mailbox, 'mailbox name').raw(' ');
      writeStatusItems(writer, command.items);
      return;
    case 'APPEND':
      writeAppend(writer, command);
      return;
    case 'GETKEY':
      writeKeyId(writer, command.keyId);
      writer.raw(` ${oneOf(command.part, ['PRIVATE', 'PUBLIC', 'BOTH'], 'part')}`);
      return;
    case 'ADDKEY':
      writeKeyId(writer, command.keyId);
      writer.raw(' (PUBLIC ').bstring(command.public);
      if (command.private !== null) writer.raw(' PRIVATE ').bstring(command.private);
      writer.raw(')');
      return;
    case 'DELETEKEY':
      writeKeyId(writer, command.keyId);
      return;
    case 'GETSIGNET':
    case 'DELETESIGNET':
      writer.raw(' ').astring(command.address, 'address');
      return;
    case 'ADDSIGNET':
      writer.raw(' ').astring(command.address, 'address').raw(' ').bstring(command.signet);
      return;
    case 'LISTSIGNETS':
      if (command.pattern !== null) writer.raw(' ').pattern(command.pattern);
      return;
    case 'SEARCH':
      writer.raw(' ').separated(some(command.keys, 'search keys'), (key) => writeSearchKey(writer, key));
      return;
    case 'FETCH':
      writer.raw(` ${sequenceSetText(command.set)} `);
      if (typeof command.what === 'string') writer.raw(oneOf(command.what, ['FAST', 'FULL'], 'macro'));
      else writeFetchItems(writer, command.what);
      if (command.changedSince !== null) writer.raw(` (CHANGEDSINCE ${modseqText(command.changedSince, 1)})`);
      return;
    case 'STORE':
      writer.raw(` ${sequenceSetText(command.set)} `);
      if (command.unchangedSince !== null) writer.raw(`(UNCHANGEDSINCE ${modseqText(command.unchangedSince, 0)}) `);
      writeStoreChange(writer, command.change);
      return;
    case 'COPY':
      writer.raw(` ${sequenceSetText(command.set)} `).astring(command.mailbox, 'mailbox name');
      return;
    case 'SUBMIT':
      writer.raw(` ${digits(command.number, 1, largestNumber, 'message number')}`);
      if (command.options.length > 0) {
        writer.raw(' ').list(command.options, (option) => writeDeliveryOption(writer, option));
      }
      return;
    case 'EXPUNGE':
      if (command.set !== null) writer.raw(` ${sequenceSetText(command.set)}`);
      return;
    case 'X':
      writer.raw(word(command.word, /^X[!#$&'+-`{|}~]*$/, 'name of an X command'));
      for (const value of command.values) writeValue(writer.raw(' '), value);
      return;
  }
}

/** @throws RangeError */
export function writeValue(writer: WireWriter, value: Value): void {
  if (value.kind === 'list') writer.list(value.items, (item) => writeValue(writer, item));
  else if (value.kind === 'string') writer.bstring(value.octets);
  else writer.valueAtom(value.text);
}

/** `[67.1]`, or `[]` for the whole message. @throws RangeError */
export function sectionText(section: Section | null): string {
  if (section === null) return '[]';
  return `[${digits(section.type, 0, 255, 'chunk type')}.${digits(section.index, 1, largestNumber, 'chunk number')}]`;
}

/** @throws RangeError */
export function modseqText(modseq: bigint, least: 0 | 1): string {
  return digits(modseq, least, largestModseq, 'modification sequence number');
}

/** @throws RangeError when it is empty or has a number that is none */
function sequenceSetText(set: SequenceSet): string {
  const end = (of: SequenceNumber): string =>
    of === '*' ? of : digits(of, 1, largestNumber, 'number of a sequence set');
  return some(set, 'sequence set')
    .map(({ first, last }) => (first === last ? end(first) : `${end(first)}:${end(last)}`))
    .join(',');
}

/** @throws RangeError when there is none; `what` names them */
export function some<Item>(items: readonly Item[], what: string): readonly Item[] {
  if (items.length > 0) return items;
  throw new RangeError(`${what}: at least one is needed`);
}

function writeList(writer: WireWriter, { selection, pattern, returns }: Command & { name: 'LIST' }): void {
  writer.raw(' ');
  if (selection.length > 0) {
    writer.list(selection, (option) => writer.raw(oneOf(option, selectionOptions, 'LIST option'))).raw(' ');
  }
  writer.pattern(pattern);
  if (returns.length === 0) return;
  writer.raw(' RETURN ').list(returns, (returned) => {
    if (returned.option === 'STATUS') writeStatusItems(writer.raw('STATUS '), returned.items);
    else writer.raw(oneOf(returned.option, plainReturnOptions, 'return option'));
  });
}

function writeStatusItems(writer: WireWriter, items: readonly (typeof statusItems)[number][]): void {
  writer.list(some(items, 'STATUS items'), (item) => writer.raw(oneOf(item, statusItems, 'STATUS item')));
}

function writeAppend(writer: WireWriter, { mailbox, flags, date, message }: Command & { name: 'APPEND' }): void {
  if (message.octets === null) throw new RangeError('APPEND: the octets of the message are not there');
  writer.raw(' ').astring(mailbox, 'mailbox name').raw(' ');
  if (flags.length > 0) writer.flags(flags).raw(' ');
  if (date !== null) writer.raw(`${dateTimeText(date)} `);
  writer.literal(message.octets, message.octets.includes(0));
}

function writeKeyId(writer: WireWriter, keyId: string): void {
  writer.raw(' ').astring(word(keyId, /^[!-~]{1,255}$/, 'key id'), 'key id');
}

function writeSearchKey(writer: WireWriter, key: SearchKey): void {
  switch (key.key) {
    case 'AND':
      writer.list(some(key.of, 'search keys'), (each) => writeSearchKey(writer, each));
      return;
    case 'NOT':
      writeSearchKey(writer.raw('NOT '), key.of);
      return;
    case 'OR':
      writer.raw('OR ').separated(key.of, (each) => writeSearchKey(writer, each));
      return;
    case 'UID':
      writer.raw(`UID ${sequenceSetText(key.set)}`);
      return;
    case 'SEQUENCE':
      writer.raw(sequenceSetText(key.set));
      return;
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
      writer.raw(`${key.key} ${dateText(key.date)}`);
      return;
    case 'LARGER':
    case 'SMALLER':
      writer.raw(`${key.key} ${digits(key.size, 0, largestNumber, key.key)}`);
      return;
    case 'MODSEQ':
      writer.raw(`MODSEQ ${modseqText(key.modseq, 0)}`);
      return;
    default:
      writer.raw(oneOf(key.key, ['ALL', 'DELETED', 'UNDELETED', 'SEEN', 'UNSEEN'], 'search key'));
  }
}

function writeFetchItems(writer: WireWriter, items: readonly FetchItem[]): void {
  const texts = some(items, 'FETCH items').map(fetchItemText);
  writer.raw(texts.length === 1 ? texts.join('') : `(${texts.join(' ')})`);
}

function fetchItemText(item: FetchItem): string {
  if (item.item !== 'BODY') {
    return oneOf(item.item, ['BODYSTRUCTURE', 'FLAGS', 'INTERNALDATE', 'SIZE', 'META', 'MODSEQ', 'UID'], 'FETCH item');
  }
  const { peek, section, partial } = item;
  const name = `BODY${peek ? '.PEEK' : ''}${sectionText(section)}`;
  if (partial === null) return name;
  const start = digits(partial.start, 0, largestNumber, 'start of a partial');
  return `${name}<${start}.${digits(partial.count, 1, largestNumber, 'count of a partial')}>`;
}

function writeStoreChange(writer: WireWriter, change: StoreChange): void {
  const silent = change.silent ? '.SILENT ' : ' ';
  if (change.item === 'META') {
    writer.raw(`META${silent}`).nbstring(change.value);
    return;
  }
  const sign = change.mode === 'add' ? '+' : change.mode === 'remove' ? '-' : '';
  writer.raw(`${sign}FLAGS${silent}`).flags(change.flags);
}

function writeDeliveryOption(writer: WireWriter, { name, values }: DeliveryOption): void {
  writer.atom(name, 'delivery option');
  for (const value of values) {
    if (value.kind === 'atom') throw new RangeError(`delivery option ${name}: an atom outside a list`);
    writeDeliveryValue(writer.raw(' '), value);
  }
}

function writeDeliveryValue(writer: WireWriter, value: Value): void {
  if (value.kind === 'atom') writer.atom(value.text, 'value of a delivery option');
  else if (value.kind === 'string') writer.string(value.octets, 'value of a delivery option');
  else writer.list(some(value.items, 'list in a delivery option'), (item) => writeDeliveryValue(writer, item));
}

function oneOf<Name extends string>(text: Name, names: readonly Name[], what: string): Name {
  if (names.includes(text)) return text;
  throw new RangeError(`${what}: ${JSON.stringify(text)} is none of ${names.join(', ')}`);
}

function word(text: string, allowed: RegExp, what: string): string {
  if (allowed.test(text)) return text;
  throw new RangeError(`${what}: ${JSON.stringify(text)} cannot be written`);
}
