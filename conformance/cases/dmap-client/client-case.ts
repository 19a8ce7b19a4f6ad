/** How a case of the class `dmap-client` is written: a play, and what has to come of it. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import type { Members } from '../stacie-server/messages.js';
import { isObject } from '../stacie-server/messages.js';
import type { Heard } from './heard.js';
import { type Outcome, type Play, play } from './stage.js';

/** Each run is a connection of its own, so that few are made. */
const usualRuns = 3;

interface ClientCase<Input> {
  /** Behind `dmap-client/`. */
  readonly id: string;
  readonly title: string;
  readonly decides: readonly [string, ...string[]];
  readonly touches?: readonly string[];
  readonly mostRuns?: number;
  readonly given: fc.Arbitrary<Input>;
  readonly check: (input: Input, context: CaseContext) => Promise<void>;
}

export function clientCase<Input>({ id, given, mostRuns = usualRuns, ...facts }: ClientCase<Input>): Case {
  return defineCase<Input>({
    ...facts,
    id: `dmap-client/${id}`,
    class: 'dmap-client',
    needs: ['adapter'],
    operation: 'dmap.run',
    mostRuns,
    given: () => given,
  });
}

/** For a case with one input. */
export const once = { given: fc.constant(null), mostRuns: 1 } as const;

/** What was said and heard, for the reader of a report. */
export function fate({ steps, error, commands, rest, peer }: Outcome): string {
  const heard = commands.map(({ text }) => JSON.stringify(text.slice(0, 120)));
  if (rest !== '') heard.push(`and unfinished ${JSON.stringify(rest.slice(0, 120))}`);
  const said = error ?? JSON.stringify(steps.map(({ do: name, status, reason }) => ({ do: name, status, reason })));
  const gone = peer === null ? 'there was no connection with TLS; ' : '';
  return `${gone}heard ${heard.join(', ') || 'nothing'}; the client says ${said}`.slice(0, 1_200);
}

/** How each step ended. */
export const statuses = ({ steps }: Outcome): string => steps.map(({ status }) => String(status)).join(' ');

/** Steps that send nothing. */
const silent = ['view', 'wait'];

/** All steps ended in this way: `ok no bad`. Whoever says so has sent a command for each. */
export function mustEnd(context: CaseContext, row: string, outcome: Outcome, expected: string, what: string): void {
  const { steps, commands } = outcome;
  const due = steps.filter(({ do: name, status }) => !silent.includes(String(name)) && status !== 'refused').length;
  const right = expected !== '' && statuses(outcome) === expected && commands.length >= due;
  context.require(row, right, `${what}: ${steps.length} steps to end with ${expected}`, () => fate(outcome));
}

/** The client does all of it without harm, whatever the server says beside what is due. */
export async function mustDo(
  context: CaseContext,
  row: string,
  script: Partial<Play> & Pick<Play, 'steps'>,
  what: string,
): Promise<Outcome> {
  const outcome = await play(context, script);
  mustEnd(context, row, outcome, script.steps.map(() => 'ok').join(' '), what);
  return outcome;
}

/** The commands of that name. */
export const named = ({ commands }: Outcome, ...names: readonly string[]): Heard[] =>
  commands.filter(({ name }) => names.includes(name));

/** What the client takes for true of the selected mailbox after a step. */
export function mailboxAfter({ steps }: Outcome, at: number): Members {
  const mailbox = steps[at]?.mailbox;
  return isObject(mailbox) ? mailbox : {};
}

/** An item of the messages that a step gives: `UID`, `FLAGS` and so on, by sequence number. */
export function items(outcome: Outcome, at: number, wanted: string): Map<number, Members> {
  const messages = outcome.steps[at]?.messages;
  const found = new Map<number, Members>();
  for (const message of Array.isArray(messages) ? messages.filter(isObject) : []) {
    const list = Array.isArray(message.items) ? message.items.filter(isObject) : [];
    for (const item of list) if (item.item === wanted) found.set(Number(message.number), item);
  }
  return found;
}
