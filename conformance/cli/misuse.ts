/** Exit statuses, and the errors that are one line to the person at the terminal. */
import { CatalogueError } from '../requirements/load.js';
import { SelectionError } from '../runner/plan.js';
import { Unreachable } from '../runner/outcome.js';
import { TargetError } from '../target/target.js';

/** 0: all MUST passed. 1: a MUST failed. 2: misuse, or a broken file. 3: the target could not be judged. */
export const exitStatus = { passed: 0, failed: 1, misuse: 2, unjudged: 3 } as const;

/** A wrong argument, or a file that cannot be read or written. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** What to print and how to exit for an error; null for a defect of the suite, which shows its stack. */
export function explain(error: unknown): { readonly line: string; readonly status: number } | null {
  if (error instanceof Unreachable) return { line: `the target cannot be judged: ${error.message}`, status: exitStatus.unjudged };
  if (
    error instanceof Misuse ||
    error instanceof TargetError ||
    error instanceof SelectionError ||
    error instanceof CatalogueError
  ) {
    return { line: error.message, status: exitStatus.misuse };
  }
  // What the operating system refuses (a port in use, a folder that may not be written) names itself.
  if (error instanceof Error && 'code' in error && 'syscall' in error) return { line: error.message, status: exitStatus.misuse };
  return null;
}

/** One line, whatever the message holds. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
