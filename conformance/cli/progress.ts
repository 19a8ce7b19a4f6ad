/** How far a run is: one line that renews itself on a terminal, plain lines elsewhere. */
import type { CaseResult } from '../../reports/report.js';

const mark: Record<CaseResult['decision'], string> = {
  pass: 'ok  ',
  info: 'info',
  fail: 'FAIL',
  warn: 'warn',
  skip: 'skip',
  inconclusive: '?   ',
};

export interface Progress {
  onCase(result: CaseResult, done: number, of: number): void;
  end(): void;
}

/** `quiet` shows nothing; off a terminal only cases that did not pass get a line, unless `verbose`. */
export function showProgress(
  stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown },
  { quiet, verbose }: { readonly quiet: boolean; readonly verbose: boolean },
): Progress {
  if (quiet) return { onCase: () => undefined, end: () => undefined };
  const terminal = stream.isTTY === true;
  const clear = terminal ? '\r\u001b[K' : '';
  return {
    onCase(result, done, of) {
      const bad = result.decision === 'fail' || result.decision === 'warn' || result.decision === 'inconclusive';
      if (bad || verbose) stream.write(`${clear}${mark[result.decision]} ${result.id}\n`);
      if (terminal) stream.write(`${clear}${`${done}/${of} ${result.id}`.slice(0, (stream.columns ?? 80) - 1)}`);
      else if (done === of || done % 50 === 0) stream.write(`${done} of ${of} cases\n`);
    },
    end() {
      if (terminal) stream.write(clear);
    },
  };
}
