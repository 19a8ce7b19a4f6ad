/** The token by which one counterexample is run again: `<case id>:<seed>:<path>`, the path being fast-check's. */
export interface ReplayToken {
  readonly caseId: string;
  readonly seed: number;
  readonly path: string;
}

export function formatReplay({ caseId, seed, path }: ReplayToken): string {
  return `${caseId}:${seed}:${path}`;
}

/** @throws RangeError in one line when the text is no token */
export function parseReplay(text: string): ReplayToken {
  const match = /^([a-z0-9/-]+):(\d{1,10}):(\d+(?::\d+)*)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) {
    throw new RangeError(
      `replay token ${JSON.stringify(text.slice(0, 80))}: not of the form <case>:<seed>:<path>, as a report prints it`,
    );
  }
  return { caseId: match[1], seed: Number(match[2]), path: match[3] };
}
