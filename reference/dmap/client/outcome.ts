/** How a command ended, and what came with it. */
import type { Command, Completion, ResponseCode, UntaggedResponse } from '../../../grammar/dmap.js';

/** One that is a request and its completion, without an exchange in between. */
export type PlainCommand = Exclude<Command, { readonly name: 'AUTHENTICATE' }>;

/** Sends a command and waits for its completion. @throws DmapClientError */
export type Run = (command: PlainCommand) => Promise<Outcome>;

export interface Outcome {
  readonly status: Completion;
  /** Of the completion. */
  readonly code: ResponseCode | null;
  readonly text: string;
  /** Untagged responses since the command began, in their order: in answer to it or unasked, which nothing tells apart. */
  readonly data: readonly UntaggedResponse[];
  /** Those that came before it, since the end of the last command. */
  readonly before: readonly UntaggedResponse[];
  /** Texts that a user has to see (DMAP-398), and texts of untagged NO and BAD. */
  readonly alerts: readonly string[];
  readonly warnings: readonly string[];
  /** Responses that fit nothing, and were passed over. */
  readonly ignored: number;
}

/** The responses of one kind that came while the command ran. */
export function dataOf<Kind extends UntaggedResponse['kind']>(
  { data }: Pick<Outcome, 'data'>,
  kind: Kind,
): Extract<UntaggedResponse, { kind: Kind }>[] {
  return data.filter((response): response is Extract<UntaggedResponse, { kind: Kind }> => response.kind === kind);
}

/** The word of a code, `TRYCREATE` for example; null when there is none. */
export function codeWord(code: ResponseCode | null): string | null {
  return code === null ? null : code.name === 'OTHER' ? code.word : code.name;
}
