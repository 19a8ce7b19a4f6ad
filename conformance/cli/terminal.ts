/** What the terminal can show. */

export interface Terminal {
  readonly colour: boolean;
  readonly width: number;
}

/** NO_COLOR turns colour off, FORCE_COLOR on; else a terminal has it. */
export function terminalOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): Terminal {
  const forced = (environment.FORCE_COLOR ?? '') !== '' && environment.FORCE_COLOR !== '0';
  const colour = (environment.NO_COLOR ?? '') === '' && (forced || stream.isTTY === true);
  return { colour, width: stream.columns ?? 100 };
}
