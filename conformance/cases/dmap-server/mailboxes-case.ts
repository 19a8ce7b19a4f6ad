/** How the cases about mailboxes are written: in a fresh mailbox, with a session that has selected nothing. */
import fc from 'fast-check';
import type { ListResponse } from '../../../grammar/dmap.js';
import type { CaseContext } from '../../runner/context.js';
import { type CommandPiece, type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import { type Case, defineCase } from '../case.js';
import { fetchedItems, inMailbox, mustDo, type Room } from '../dmap/session.js';

/** Each run costs a login. */
const usualRuns = 4;

export interface MailboxCase<Input> {
  /** What follows `dmap-server/`. */
  readonly id: string;
  readonly title: string;
  readonly decides: readonly [string, ...string[]];
  readonly touches?: readonly string[];
  readonly mostRuns?: number;
  readonly alone?: true;
  /** A login for each run. */
  readonly given?: fc.Arbitrary<Input>;
  /** In place of `given`: each of these is tried, in a mailbox of its own, with one login for all. */
  readonly over?: readonly Input[];
  readonly check: (room: Room, input: Input, context: CaseContext) => Promise<void>;
}

export function mailboxCase<const Input = null>(facts: MailboxCase<Input>): Case {
  const { id, given, over, check, mostRuns = given === undefined ? 1 : usualRuns, ...rest } = facts;
  return defineCase<Input>({
    ...rest,
    id: `dmap-server/${id}`,
    class: 'dmap-server',
    needs: ['dmap'],
    mostRuns,
    given: () => given ?? (fc.constant(null) as fc.Arbitrary<never>),
    check: async (input, context) =>
      await inMailbox(context, async (room) => {
        if (over === undefined) return await check(room, input, context);
        for (const [at, each] of over.entries()) {
          const mailbox = `${room.mailbox}/${String.fromCharCode(0x61 + at)}`;
          await mustDo(room.connection, `CREATE ${mailbox}`);
          await check({ ...room, mailbox }, each, context);
        }
      }),
  });
}

/** A name of any characters, as a literal in UTF-8. */
export const named = (name: string): CommandPiece => ({ literal: name });

/** How a command ended, for a report. */
export const ending = ({ completion }: DmapResult): string => JSON.stringify(completion.raw.slice(0, 300));

/** All that a command brought, for a report. */
export const everything = ({ raw }: DmapResult): string => JSON.stringify(raw.slice(0, 400));

/** NO or BAD. */
export const refused = ({ status }: DmapResult): boolean => status === 'NO' || status === 'BAD';

/** The word of the code that a completion begins with, in upper case. */
export function codeWord({ code }: DmapResult): string | null {
  if (code === null) return null;
  return code.name === 'OTHER' ? code.word : code.name;
}

/** LIST with a pattern of any characters; `options` stand before it, `returns` behind. */
export async function list(
  connection: DmapConnection,
  pattern: string,
  { options = '', returns = '' }: { readonly options?: string; readonly returns?: string } = {},
): Promise<DmapResult> {
  return await connection.command(`LIST ${options}`, named(pattern), returns);
}

/** The names of LIST responses with their attributes in lower case. */
export function listed(result: Pick<DmapResult, 'data'>): Map<string, ReadonlySet<string>> {
  const lower = ({ attributes }: ListResponse): Set<string> => new Set(attributes.map((each) => each.toLowerCase()));
  return new Map(untagged(result, 'list').map((response) => [response.mailbox, lower(response)]));
}

/** Whether a name stands for a mailbox, by its attributes in a LIST. */
export function isMailbox(attributes: ReadonlySet<string> | undefined): boolean {
  return attributes !== undefined && !attributes.has('\\noselect') && !attributes.has('\\nonexistent');
}

/** Whether LIST shows a mailbox of this name, which has no wildcards. @throws Unreachable when LIST is refused */
export async function isThere(connection: DmapConnection, name: string): Promise<boolean> {
  return isMailbox(listed(await mustDo(connection, 'LIST ', named(name))).get(name));
}

/** How many messages a mailbox has, by STATUS. Null when there is no such mailbox. */
export async function messagesIn(connection: DmapConnection, name: string): Promise<number | null> {
  const result = await connection.command('STATUS ', named(name), ' (MESSAGES)');
  const [status] = untagged(result, 'mailbox-status');
  const count = status?.values.find((value) => value.name === 'MESSAGES');
  return result.status === 'OK' && count !== undefined ? Number(count.value) : null;
}

/** The flags of each message of the selected mailbox in lower case, without `\Recent` (DMAP-I-38). */
export async function flagsOfAll(connection: DmapConnection): Promise<Map<number, ReadonlySet<string>>> {
  const flags = fetchedItems(await mustDo(connection, 'FETCH 1:* FLAGS'), 'FLAGS');
  return new Map([...flags].map(([number, item]) => [number, flagSet(item.flags)]));
}

/** Flags as they are compared. */
export function flagSet(flags: readonly string[]): ReadonlySet<string> {
  return new Set(flags.map((flag) => flag.toLowerCase()).filter((flag) => flag !== '\\recent'));
}

export const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each));

export const shown = (names: Iterable<string>): string =>
  `[${[...names].map((name) => JSON.stringify(name)).join(' ')}]`;

/** One level of a name: spaces, quotes, specials of the grammar, other scripts. No wildcards, and no upper case (DMAP-128). */
export const levels: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z0-9._-]{1,12}$/),
  fc.constantFrom('nil', 'inbox', 'a b', 'say "so"', 'back\\slash', '(list)', '{3}', ']', '&aok-', '~', '+', '#news'),
  fc.constantFrom('entwürfe', 'отправленные', '受信箱', 'é', '📬', 'שלום'),
);
