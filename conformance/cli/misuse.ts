/** Exit statuses, and the errors that are one line to the person at the terminal. */

/** 0: all MUST passed. 1: a MUST failed. 2: misuse, or a broken file. 3: the target could not be judged. */
export const exitStatus = { passed: 0, failed: 1, misuse: 2, unjudged: 3 } as const;

/** A wrong argument, or a file that cannot be read or written. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** Errors that are the caller's, by name: their classes are not loaded for a command that fails before it needs them. */
const callersErrors = ['Misuse', 'TargetError', 'SelectionError', 'CatalogueError'];

/** What to print and how to exit for an error; null for a defect of the suite, which shows its stack. */
export function explain(error: unknown): { readonly line: string; readonly status: number } | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'Unreachable' || error.name === 'HandshakeRefused') {
    return { line: `the target cannot be judged: ${error.message}`, status: exitStatus.unjudged };
  }
  // What the operating system refuses (a port in use, a folder that may not be written) names itself.
  const refused = 'code' in error && 'syscall' in error;
  return callersErrors.includes(error.name) || refused ? { line: error.message, status: exitStatus.misuse } : null;
}

/** One line, whatever the message holds. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
