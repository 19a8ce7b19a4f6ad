/** How the record cases ask an adapter and judge what it says. */
import type { CaseContext } from '../../runner/context.js';
import { base64url } from './record-inputs.js';

export type Answer = Awaited<ReturnType<CaseContext['call']>>;

/** What a right parser gives; members that a case says nothing about are left out. Keys and signatures as written. */
export interface ExpectedRecord {
  readonly version?: number;
  readonly primary?: readonly string[];
  readonly tls?: readonly string[];
  readonly policy?: string;
  readonly deliver?: readonly string[];
  readonly subdomain?: string;
}

export async function parseRecordText(context: CaseContext, text: string): Promise<Answer> {
  context.covered('record', text);
  return await context.call('record.parse', { text });
}

/** States that the text is a record and reads as `expected`. */
export async function mustRead(
  context: CaseContext,
  requirement: string,
  text: string,
  expected: ExpectedRecord,
): Promise<void> {
  const answer = await parseRecordText(context, text);
  const holds = answer.kind === 'result' && Object.entries(asAnswered(expected)).every(same(answer.value));
  context.require(
    requirement,
    holds,
    `${quote(text)} to be read as ${JSON.stringify(asAnswered(expected))}`,
    show(answer),
  );
}

/** States that the text is refused: as invalid, since an internal error is never a right answer. */
export async function mustRefuse(
  context: CaseContext,
  requirement: string,
  text: string,
  because: string,
): Promise<void> {
  const answer = await parseRecordText(context, text);
  context.require(requirement, isRefusal(answer), `${quote(text)} to be refused as invalid: ${because}`, show(answer));
}

/** Whether an operation refused its input as a right implementation refuses a wrong input. */
export function isRefusal(answer: Answer): boolean {
  return answer.kind === 'error' && answer.code === 'invalid';
}

/** An answer for a reader of the report. */
export function show(answer: Answer): () => string {
  return () =>
    answer.kind === 'result'
      ? JSON.stringify(answer.value).slice(0, 600)
      : `error ${answer.code}: ${answer.message}`.slice(0, 600);
}

/** A text for a reader of the report, on one line and not endless. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length <= 600 ? quoted : `${quoted.slice(0, 600)}... (${text.length} characters)`;
}

function asAnswered({ primary, tls, ...rest }: ExpectedRecord): Record<string, unknown> {
  return {
    ...rest,
    ...(primary === undefined ? {} : { primary: primary.map(base64url) }),
    ...(tls === undefined ? {} : { tls: tls.map(base64url) }),
  };
}

const same =
  (value: Record<string, unknown>) =>
  ([member, expected]: readonly [string, unknown]): boolean =>
    JSON.stringify(value[member]) === JSON.stringify(expected);
