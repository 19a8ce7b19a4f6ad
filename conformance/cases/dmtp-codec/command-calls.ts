/** How the cases of the command codec ask an adapter and judge what it says. */
import type { CaseContext } from '../../runner/context.js';
import { argumentsOf, lineOf, type NamedCommand, partsOf } from './named-commands.js';

export type Answer = Awaited<ReturnType<CaseContext['call']>>;

const dialect = 'named';

export async function parseLine(context: CaseContext, line: string): Promise<Answer> {
  context.covered('command', line);
  return await context.call('dmtp.command.parse', { dialect, line });
}

/** States that the line is read as this command and these arguments, and no others. */
export async function mustParse(
  context: CaseContext,
  requirement: string,
  line: string,
  command: NamedCommand,
): Promise<void> {
  const answer = await parseLine(context, line);
  const expected = { verb: command.verb, arguments: argumentsOf(command) };
  const holds =
    answer.kind === 'result' &&
    answer.value.verb === expected.verb &&
    sameMembers(answer.value.arguments, expected.arguments);
  context.require(requirement, holds, `${quote(line)} to be read as ${JSON.stringify(expected)}`, show(answer));
}

/** States that the line is refused: as invalid, since an internal error is never a right answer. */
export async function mustNotParse(
  context: CaseContext,
  requirement: string,
  line: string,
  because: string,
): Promise<void> {
  const answer = await context.call('dmtp.command.parse', { dialect, line });
  context.require(requirement, isRefusal(answer), `${quote(line)} to be refused as invalid: ${because}`, show(answer));
}

/** States that the command is written in the plainest spelling. The line end is the implementation's choice. */
export async function mustFormat(context: CaseContext, requirement: string, command: NamedCommand): Promise<void> {
  const input = { dialect, verb: command.verb, arguments: argumentsOf(command) };
  const answer = await context.call('dmtp.command.format', input);
  const line = answer.kind === 'result' ? lineIn(answer.value) : null;
  const expected = partsOf(command);
  context.require(
    requirement,
    line === lineOf(expected, '\r\n') || line === lineOf(expected, '\n'),
    `the line ${quote(expected.join(' '))} and its line end`,
    show(answer),
  );
}

/** States that these arguments make no command of this verb. */
export async function mustNotFormat(
  context: CaseContext,
  requirement: string,
  command: NamedCommand,
  because: string,
): Promise<void> {
  const input = { dialect, verb: command.verb, arguments: argumentsOf(command) };
  const answer = await context.call('dmtp.command.format', input);
  const what = `${command.verb} with ${JSON.stringify(input.arguments)}`;
  context.require(requirement, isRefusal(answer), `${what} to be refused as invalid: ${because}`, show(answer));
}

export function isRefusal(answer: Answer): boolean {
  return answer.kind === 'error' && answer.code === 'invalid';
}

function lineIn({ line, lineOctets }: Record<string, unknown>): string | null {
  if (typeof line === 'string') return line;
  return typeof lineOctets === 'string' ? Buffer.from(lineOctets, 'base64url').toString('utf8') : null;
}

/** Whether two objects of arguments say the same, in whatever order and form. */
export function sameMembers(one: unknown, other: unknown): boolean {
  return JSON.stringify(texts(one)) === JSON.stringify(texts(other));
}

/** Members by name. Those that are null are as good as absent; one that is given as octets is read as UTF-8. */
function texts(members: unknown): readonly (readonly [string, unknown])[] {
  if (typeof members !== 'object' || members === null) return [];
  return Object.entries(members)
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      name.endsWith('Octets') && typeof value === 'string'
        ? ([name.slice(0, -'Octets'.length), Buffer.from(value, 'base64url').toString('utf8')] as const)
        : ([name, value] as const),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** An answer for a reader of the report. */
export function show(answer: Answer): () => string {
  return () =>
    (answer.kind === 'result' ? JSON.stringify(answer.value) : `error ${answer.code}: ${answer.message}`).slice(0, 600);
}

export function quote(text: string): string {
  return JSON.stringify(text).slice(0, 600);
}
