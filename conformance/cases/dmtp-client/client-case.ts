/** How a case of the class `dmtp-client` is written: a stage, a call, and what has to come of it. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type Case, type CaseDefinition, defineCase } from '../case.js';
import { type Answer, isRefusal, show } from '../record/record-calls.js';
import { binary } from './parties.js';
import { type Plan, type Rules, Stage } from './stage.js';

/** Each run sets a stage, so that few are made. */
const usualRuns = 4;

type ClientCase<Input> = Omit<CaseDefinition<Input>, 'class' | 'needs' | 'operation' | 'given'> & {
  readonly given: fc.Arbitrary<Input>;
  readonly operation?: string;
};

export function clientCase<Input>({ given, ...facts }: ClientCase<Input>): Case {
  return defineCase<Input>({
    mostRuns: usualRuns,
    operation: 'dmtp.lookup',
    ...facts,
    class: 'dmtp-client',
    needs: ['adapter'],
    given: () => given,
  });
}

/** All of them, in some order: for what can be tried one after the other on one stage. */
export const each = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

/** The answer, and where the client was. */
export function fate(stage: Stage, answer: Answer): () => string {
  const visited = stage.visited.length === 0 ? 'nowhere' : stage.visited.join(', ');
  return () => `${show(answer)()}; it connected to: ${visited}`.slice(0, 800);
}

/** Whether a lookup gave what is served for the name. */
export function isFound(stage: Stage, answer: Answer, name = stage.user): boolean {
  return answer.kind === 'result' && answer.value.signet === binary(stage.newest(name).octets);
}

/** The client finds the newest signet of the user. */
export function mustFind(
  context: CaseContext,
  row: string,
  stage: Stage,
  answer: Answer,
  what: string,
  name = stage.user,
): void {
  context.require(row, isFound(stage, answer, name), `${what}: the signet to be found`, fate(stage, answer));
}

/** The client refuses the whole call as invalid. */
export function mustRefuse(context: CaseContext, row: string, stage: Stage, answer: Answer, what: string): void {
  context.require(row, isRefusal(answer), `${what}: to be refused as invalid`, fate(stage, answer));
}

/** A lookup of the user on such a stage succeeds. */
export async function finds(context: CaseContext, row: string, changes: Partial<Plan>, what: string): Promise<Stage> {
  const stage = await Stage.set(context, changes);
  mustFind(context, row, stage, await stage.lookup(), what);
  return stage;
}

/** A lookup on hosts with these rules is refused before any command inside TLS. */
export async function refuses(
  context: CaseContext,
  row: string,
  stage: Stage,
  rules: Rules,
  what: string,
): Promise<void> {
  const before = stage.connections.length;
  stage.change(rules);
  mustRefuse(context, row, stage, await stage.lookup(), what);
  mustAskNothing(context, row, stage, what, before);
}

/** Once the hosts are right again, a lookup succeeds: a client that refuses everything is not right. */
export async function findsAgain(context: CaseContext, row: string, stage: Stage, what: string): Promise<void> {
  stage.change({});
  mustFind(context, row, stage, await stage.lookup(), `all right, instead of ${what}`);
}

/** No command but QUIT was sent inside TLS, on the connections from this one on. */
export function mustAskNothing(context: CaseContext, row: string, stage: Stage, what: string, from = 0): void {
  const lines = stage.connections.slice(from).flatMap((seen) => seen.lines);
  const asked = lines.filter((line) => !/^QUIT\r?\n?$/i.test(line));
  context.require(row, asked.length === 0, `${what}: no command inside TLS`, JSON.stringify(asked).slice(0, 400));
}
