/**
 * Who has a store file open. SQLite's own lock on it is a folder beside it that a killed process leaves behind, so it
 * cannot tell the dead from the living; this can.
 *
 * Each process first leaves its mark, a file whose name says who it is, and then looks for the marks of others. Of two
 * that come at once at least the later one sees the other, so never do both go on.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StoreFileError } from './store-file-error.js';

/** Where the system does not tell when a process began. */
const unknownStart = '0';

/**
 * Makes this process the only one that has the file. Gives what ends that.
 *
 * @throws StoreFileError `in-use`, `unusable`
 */
export function ownFile(path: string): () => void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.held-by-`;
  const mine = `${prefix}${process.pid}-${startOf(process.pid)?.start ?? unknownStart}-${randomUUID().slice(0, 8)}`;
  const release = (): void => rmSync(join(folder, mine), { force: true });
  try {
    closeSync(openSync(join(folder, mine), 'wx', 0o600));
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(prefix) || name === mine) continue;
      const [pid, start] = name.slice(prefix.length).split('-');
      if (lives(Number(pid), start ?? unknownStart)) {
        const whose = Number(pid) === process.pid ? 'this process already' : `process ${pid}`;
        throw new StoreFileError('in-use', path, `it is in use by ${whose} (${name} says so)`);
      }
      rmSync(join(folder, name), { force: true });
    }
    removeLock(`${path}.lock`);
  } catch (error) {
    release();
    if (error instanceof StoreFileError) throw error;
    throw new StoreFileError('unusable', path, `its folder cannot be used: ${told(error)}`);
  }
  return release;
}

/** The lock that a killed process left; nobody else can have it now. */
function removeLock(lock: string): void {
  try {
    rmdirSync(lock);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function lives(pid: number, start: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const there = startOf(pid);
  if (there === null) return true;
  // A process that ended and was not yet waited for is dead; one that began at another time only has the same number.
  return !there.ended && (start === unknownStart || there.start === start);
}

/** When a process began, in the system's own count (Linux: /proc); null where that cannot be known. */
function startOf(pid: number): { readonly start: string; readonly ended: boolean } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in parentheses, may hold anything; the state is the field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const start = fields[19];
    return start === undefined ? null : { start, ended: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return null;
  }
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
