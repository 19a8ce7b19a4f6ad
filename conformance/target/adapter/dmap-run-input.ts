/** The steps of dmap.run as the schemas have them, and the commands that they stand for. */
import {
  type Command,
  type DateTime,
  DmapValueError,
  type KeyPart,
  parseCommand,
  type Section,
  type SequenceSet,
} from '../../../grammar/dmap.js';
import { utcDateTime } from '../../../grammar/dmap-dates.js';
import { PendingLiteral } from '../../../grammar/dmap-framed.js';
import { GrammarError } from '../../../grammar/parse.js';
import type { MailboxCache, OfflineAction } from '../../../reference/dmap/client.js';
import { fromBase64url } from './binary.js';

/** A moment: in its zone, or seconds since 1970. */
export type DateInput = DateTime | number;

interface NamedMailbox {
  readonly mailbox: string;
}

interface CacheInput {
  readonly uidValidity: number;
  readonly uidNext?: number | null;
  readonly highestModseq?: string | null;
  readonly messages: readonly {
    readonly uid: number;
    readonly flags: readonly string[];
    readonly modseq?: string | null;
    readonly size?: number | null;
    readonly date?: DateTime | null;
    readonly chunks?: readonly { readonly type: number; readonly size: number }[] | null;
    readonly meta?: string | null;
    readonly parts?: readonly { readonly section: Section | null; readonly octets: string | null }[];
  }[];
}

interface ActionInput {
  readonly id: string;
  readonly kind: OfflineAction['kind'];
  readonly uid?: number;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly message?: string;
  readonly flags?: readonly string[];
  readonly date?: DateInput;
  readonly to?: string;
  readonly create?: boolean;
  readonly attempted?: boolean;
}

export interface SynchronizeInput extends NamedMailbox {
  readonly cache?: CacheInput | null;
  readonly want?: readonly (Section | null)[];
  readonly meta?: boolean;
  readonly actions?: readonly ActionInput[];
}

/** What each step has besides `do`. */
export interface StepInputs {
  readonly authenticate: { readonly username: string; readonly password: string };
  readonly capability: object;
  readonly noop: object;
  readonly select: NamedMailbox;
  readonly examine: NamedMailbox;
  readonly create: NamedMailbox;
  readonly delete: NamedMailbox;
  readonly rename: { readonly from: string; readonly to: string };
  readonly subscribe: NamedMailbox;
  readonly unsubscribe: NamedMailbox;
  readonly list: {
    readonly pattern: string;
    readonly selection?: readonly string[];
    readonly return?: readonly string[];
  };
  readonly status: NamedMailbox & { readonly items: readonly string[] };
  readonly append: NamedMailbox & {
    readonly message: string;
    readonly flags?: readonly string[];
    readonly date?: DateInput;
    readonly create?: boolean;
    readonly anyFormat?: boolean;
  };
  readonly fetch: {
    readonly set: string;
    readonly uid?: boolean;
    readonly items: readonly string[];
    readonly changedSince?: string;
  };
  readonly store: {
    readonly set: string;
    readonly uid?: boolean;
    readonly mode?: 'replace' | 'add' | 'remove';
    readonly flags?: readonly string[];
    readonly meta?: string | null;
    readonly silent?: boolean;
    readonly unchangedSince?: string;
  };
  readonly copy: NamedMailbox & { readonly set: string; readonly uid?: boolean; readonly create?: boolean };
  readonly expunge: { readonly set?: string };
  readonly close: object;
  readonly search: { readonly keys: string; readonly uid?: boolean };
  readonly submit: {
    readonly number: number;
    readonly uid?: boolean;
    readonly options?: string;
    readonly decide?: boolean;
  };
  readonly getkey: { readonly keyId: string; readonly part?: KeyPart | 'BOTH' };
  readonly addkey: {
    readonly keyId: string;
    readonly public: string;
    readonly private?: string;
    readonly replace?: boolean;
  };
  readonly deletekey: { readonly keyId: string };
  readonly listkeys: object;
  readonly getsignet: { readonly address: string };
  readonly addsignet: { readonly address: string; readonly signet: string };
  readonly deletesignet: { readonly address: string };
  readonly listsignets: { readonly pattern?: string };
  readonly synchronize: SynchronizeInput;
  readonly wait: { readonly milliseconds: number };
  readonly raw: { readonly line: string };
  readonly view: object;
  readonly logout: object;
}

export type StepName = keyof StepInputs;

/** A text of a step that the grammar of commands does not have. */
export class StepTextError extends Error {
  override readonly name = 'StepTextError';
}

type CommandNamed<Name extends Command['name']> = Extract<Command, { readonly name: Name }>;

export function fetchCommand({ set, uid = false, items, changedSince }: StepInputs['fetch']): CommandNamed<'FETCH'> {
  // A macro stands alone, one item too; what a list may hold is for the grammar to say.
  const what = items.length === 1 ? items[0] : `(${items.join(' ')})`;
  const since = changedSince === undefined ? '' : ` (CHANGEDSINCE ${changedSince})`;
  return { ...written('FETCH', `${set} ${what}${since}`), uid };
}

export function searchCommand({ keys, uid = false }: StepInputs['search']): CommandNamed<'SEARCH'> {
  return { ...written('SEARCH', keys), uid };
}

export function listCommand({
  pattern,
  selection = [],
  return: returns = [],
}: StepInputs['list']): CommandNamed<'LIST'> {
  const { selection: options, returns: wanted } = written(
    'LIST',
    `(${selection.join(' ')}) "" RETURN (${returns.join(' ')})`,
  );
  return { name: 'LIST', selection: options, pattern, returns: wanted };
}

export function statusCommand({ mailbox, items }: StepInputs['status']): CommandNamed<'STATUS'> {
  return { name: 'STATUS', mailbox, items: written('STATUS', `m (${items.join(' ')})`).items };
}

export function storeCommand(step: StepInputs['store']): CommandNamed<'STORE'> {
  const { set, uid = false, mode = 'replace', flags, meta, silent = false, unchangedSince } = step;
  const change =
    flags !== undefined
      ? ({ item: 'FLAGS', mode, silent, flags } as const)
      : ({ item: 'META', silent, value: typeof meta === 'string' ? fromBase64url(meta) : null } as const);
  const since = unchangedSince === undefined ? null : BigInt(unchangedSince);
  return { name: 'STORE', uid, set: setNamed(set), unchangedSince: since, change };
}

export function optionsNamed(options: string | undefined): CommandNamed<'SUBMIT'>['options'] {
  return options === undefined ? [] : written('SUBMIT', `1 (${options})`).options;
}

/** Sets of numbers as commands have them. @throws StepTextError */
export function setNamed(set: string): SequenceSet {
  return written('FETCH', `${set} UID`).set;
}

/** Only what begins with X comes from outside of the specification (DMAP-381). @throws StepTextError */
export function experimentalCommand({ line }: StepInputs['raw']): CommandNamed<'X'> {
  const command = commandOf(line);
  if (command.name !== 'X') throw new StepTextError('a command of one’s own begins with X (DMAP-381)');
  return command;
}

export function appendCommand({ mailbox, message, flags = [], date }: StepInputs['append']): CommandNamed<'APPEND'> {
  const octets = fromBase64url(message);
  return { name: 'APPEND', mailbox, flags, date: dateGiven(date), message: { size: octets.length, octets } };
}

/** A cache as plain-json.ts wrote it. */
export function cacheGiven(cache: CacheInput | null | undefined): MailboxCache | null {
  if (cache === undefined || cache === null) return null;
  const { uidValidity, uidNext = null, highestModseq = null, messages } = cache;
  return {
    uidValidity,
    uidNext,
    highestModseq: numberGiven(highestModseq),
    messages: [...messages]
      .sort((one, other) => one.uid - other.uid)
      .map(({ uid, flags, modseq = null, size = null, date = null, chunks = null, meta, parts = [] }) => ({
        uid,
        flags,
        modseq: numberGiven(modseq),
        size,
        date,
        chunks,
        ...(meta === undefined ? {} : { meta: octetsGiven(meta) }),
        parts: parts.map(({ section, octets }) => ({ section, octets: octetsGiven(octets) })),
      })),
  };
}

/** The schema has seen to it that each kind has what it needs. */
export function actionGiven(action: ActionInput): OfflineAction {
  const { id, kind, uid = 0, add = [], remove = [], message = '', flags = [], date, to = '' } = action;
  switch (kind) {
    case 'flags':
      return { id, kind, uid, add, remove };
    case 'append':
      return { id, kind, message: fromBase64url(message), flags, date: dateGiven(date) };
    case 'move':
      return { id, kind, uid, to, create: action.create ?? false, attempted: action.attempted ?? false };
    case 'delete':
    case 'submit':
      return { id, kind, uid };
  }
}

function dateGiven(date: DateInput | undefined): DateTime | null {
  return date === undefined ? null : typeof date === 'number' ? utcDateTime(date) : date;
}

const numberGiven = (digits: string | null): bigint | null => (digits === null ? null : BigInt(digits));

const octetsGiven = (text: string | null): Uint8Array | null => (text === null ? null : fromBase64url(text));

/** What the grammar makes of a command of that name with these arguments. @throws StepTextError */
function written<Name extends 'FETCH' | 'SEARCH' | 'LIST' | 'STATUS' | 'SUBMIT'>(
  name: Name,
  text: string,
): CommandNamed<Name> {
  return commandOf(`${name} ${text}`) as CommandNamed<Name>;
}

function commandOf(text: string): Command {
  try {
    return parseCommand({ text: `x ${text}\r\n`, literals: [] }).command;
  } catch (error) {
    if (error instanceof GrammarError || error instanceof DmapValueError) throw new StepTextError(error.message);
    // Only octets can follow the header of a literal, and a text has none.
    if (error instanceof PendingLiteral) throw new StepTextError('a literal cannot stand in the text of a step');
    throw error;
  }
}
