/** Mailboxes with known messages, and what FETCH says about them. */
import fc from 'fast-check';
import type { DateTime, FetchValue } from '../../../grammar/dmap.js';
import { dateTimeText } from '../../../grammar/dmap-dates.js';
import { type SealedMessage, sealedMessages } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import { fetchedItems, inMailbox, mustDo, type Room, type Selected, select } from './session.js';

/** A message that is to be appended. */
export interface Letter {
  readonly sealed: SealedMessage;
  readonly flags: readonly string[];
  /** Null: APPEND without a date. */
  readonly date: DateTime | null;
}

/** One that stands in the selected mailbox. */
export interface Placed extends Letter {
  /** Its sequence number. */
  readonly number: number;
  readonly uid: number;
}

export interface Filled extends Room {
  readonly selected: Selected;
  /** In their order. */
  readonly messages: readonly Placed[];
}

/** Flags that neither submit a message nor remove it at a wrong moment. */
const plainFlags = ['\\Seen', '\\Answered', '\\Forwarded', '\\Flagged', '\\Deleted', '\\Draft'] as const;

export const flagSets: fc.Arbitrary<readonly string[]> = fc.subarray([...plainFlags]);

export const dates: fc.Arbitrary<DateTime> = fc.record({
  year: fc.integer({ min: 1995, max: 2030 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
  second: fc.integer({ min: 0, max: 59 }),
  zone: fc.constantFrom('+0000', '-0500', '+0930', '+1400', '-1200'),
});

/** @param longestPayload octets of one chunk */
export function letters(least: number, most: number, longestPayload = 60): fc.Arbitrary<readonly Letter[]> {
  const letter = fc.record({ sealed: sealedMessages(longestPayload), flags: flagSets, date: fc.option(dates) });
  return fc.array(letter, { minLength: least, maxLength: most, size: 'max' });
}

/** A letter without flags and date. */
export const bare = (sealed: SealedMessage): Letter => ({ sealed, flags: [], date: null });

/** Appends a message as it is to be. @throws Unreachable when it is refused */
export async function put(connection: DmapConnection, mailbox: string, letter: Letter): Promise<DmapResult> {
  const flags = letter.flags.length === 0 ? '' : `(${letter.flags.join(' ')}) `;
  const date = letter.date === null ? '' : `${dateTimeText(letter.date)} `;
  const literal = { literal: letter.sealed.octets, binary: true };
  return await mustDo(connection, `APPEND ${mailbox} ${flags}${date}`, literal);
}

/** A fresh mailbox with these messages, selected; it goes away afterwards. */
export async function inFilled(
  context: CaseContext,
  messages: readonly Letter[],
  use: (filled: Filled) => Promise<void>,
): Promise<void> {
  await inMailbox(context, async (room) => {
    for (const letter of messages) await put(room.connection, room.mailbox, letter);
    const selected = await select(room.connection, room.mailbox);
    await use({ ...room, selected, messages: await placed(room.connection, messages) });
  });
}

/** UIDs and numbers of the messages of the selected mailbox. @throws Unreachable when there are others than these */
export async function placed(connection: DmapConnection, messages: readonly Letter[]): Promise<Placed[]> {
  const uids = messages.length === 0 ? new Map<number, number>() : await uidsByNumber(connection);
  const found = messages.flatMap((letter, index) => {
    const uid = uids.get(index + 1);
    return uid === undefined ? [] : [{ ...letter, number: index + 1, uid }];
  });
  if (found.length !== messages.length || uids.size !== messages.length) {
    throw new Unreachable(`${messages.length} messages were appended, and ${uids.size} have a UID`);
  }
  return found;
}

/** UIDs of the selected mailbox, which is not empty, by sequence number. */
export async function uidsByNumber(connection: DmapConnection): Promise<Map<number, number>> {
  const items = fetchedItems(await mustDo(connection, 'FETCH 1:* UID'), 'UID');
  return new Map([...items].map(([number, { uid }]) => [number, uid]));
}

type ItemName = FetchValue['item'];
type ItemOf<Item extends ItemName> = Extract<FetchValue, { item: Item }>;

/** All values of an item for one message, in their order. */
export function valuesOf<Item extends ItemName>(
  result: Pick<DmapResult, 'data'>,
  number: number,
  item: Item,
): ItemOf<Item>[] {
  return untagged(result, 'fetch')
    .filter((fetched) => fetched.number === number)
    .flatMap(({ items }) => items)
    .filter((value): value is ItemOf<Item> => value.item === item);
}

/** The text of BODY by its section and, for a partial, its start; undefined when it did not come. */
export function bodyOf(
  result: Pick<DmapResult, 'data'>,
  number: number,
  section: string,
  start: number | null = null,
): Uint8Array | null | undefined {
  return valuesOf(result, number, 'BODY').findLast(
    (value) => sectionText(value.section) === section && value.start === start,
  )?.value;
}

const sectionText = (section: ItemOf<'BODY'>['section']): string =>
  section === null ? '' : `${section.type}.${section.index}`;

/** Flags as a set to compare, whatever their order and letter case; `\Recent` says nothing (DMAP-I-38). */
export function flagText(flags: readonly string[] | undefined): string {
  if (flags === undefined) return 'not told';
  const names = new Set(flags.map((flag) => flag.toLowerCase()));
  names.delete('\\recent');
  return `(${[...names].sort().join(' ')})`;
}

/** The flags that the last response told of a message. */
export function flagsOf(result: Pick<DmapResult, 'data'>, number: number): readonly string[] | undefined {
  return valuesOf(result, number, 'FLAGS').at(-1)?.flags;
}

/** What FETCH says now. */
export async function flagsNow(connection: DmapConnection, number: number): Promise<string> {
  return flagText(flagsOf(await mustDo(connection, `FETCH ${number} FLAGS`), number));
}

/** How a report shows a result. */
export const shown = (result: DmapResult): string => JSON.stringify(result.raw.slice(0, 400));

/** Requires the completion of a command. */
export function answered(
  context: CaseContext,
  requirement: string,
  result: DmapResult,
  status: 'OK' | 'NO' | 'refusal',
  what: string,
): void {
  const right = status === 'refusal' ? result.status === 'NO' || result.status === 'BAD' : result.status === status;
  context.require(requirement, right, `${status === 'refusal' ? 'NO or BAD' : status} to ${what}`, () => shown(result));
}

export const hex = (octets: Uint8Array | null | undefined): string =>
  octets == null ? String(octets) : `${octets.length} octets ${Buffer.from(octets).toString('hex').slice(0, 80)}`;

export const same = (one: Uint8Array | null | undefined, other: Uint8Array): boolean =>
  one != null && Buffer.from(one).equals(other);
