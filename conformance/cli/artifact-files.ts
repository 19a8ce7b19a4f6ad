/** Files of signets, keys, records and messages: read within bounds, written with care. */
import { createReadStream, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mostInputOctets } from '../explain/explain.js';
import { Misuse } from './misuse.js';

/** Standard input, as a file name. */
export const standardInput = '-';

/**
 * Reads a whole file, or standard input.
 *
 * @param option names the file in errors
 * @throws Misuse when it cannot be read, is empty, or has more than 16 MiB
 */
export async function readInput(file: string, option: string): Promise<Uint8Array> {
  const name = `${option} ${file === standardInput ? '(standard input)' : file}`;
  const pieces: Buffer[] = [];
  let octets = 0;
  try {
    // No more than is allowed is kept: a device or a pipe has no end.
    for await (const piece of file === standardInput ? process.stdin : createReadStream(file)) {
      octets += (piece as Buffer).length;
      if (octets > mostInputOctets) break;
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    throw new Misuse(`${name}: ${(error as Error).message}`);
  }
  if (octets > mostInputOctets) throw new Misuse(`${name}: more than ${mostInputOctets} octets`);
  if (octets === 0) throw new Misuse(`${name}: it is empty`);
  return new Uint8Array(Buffer.concat(pieces));
}

export interface OutputWishes {
  readonly output?: string;
  readonly force?: true;
}

/**
 * Writes to the file that was asked for, or to standard output. Nothing is written over unless `force` says so.
 *
 * @param secret readable by the owner only
 * @throws Misuse when there is such a file, or it cannot be written
 */
export function writeOutput(
  content: string | Uint8Array,
  { output, force }: OutputWishes,
  { secret = false }: { readonly secret?: boolean } = {},
): void {
  if (output === undefined || output === '-') {
    process.stdout.write(content);
    return;
  }
  try {
    const mode = secret ? 0o600 : 0o666;
    if (force === true && isFile(output)) replace(output, content, mode);
    else writeFileSync(output, content, { mode, flag: isDevice(output) ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Misuse(`--output ${output}: there is such a file; --force writes over it`);
    }
    throw new Misuse(`--output ${output}: ${(error as Error).message}`);
  }
}

/** Through a new file beside it, so that neither its mode nor a half-written file stays. */
function replace(output: string, content: string | Uint8Array, mode: number): void {
  const fresh = `${output}.${process.pid}.new`;
  try {
    writeFileSync(fresh, content, { mode, flag: 'wx' });
    renameSync(fresh, output);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

const statusOf = (path: string) => lstatSync(path, { throwIfNoEntry: false });
const isFile = (path: string): boolean =>
  statusOf(path)?.isFile() === true || statusOf(path)?.isSymbolicLink() === true;
/** /dev/null, a named pipe: there is nothing to write over. */
const isDevice = (path: string): boolean => {
  const status = statusOf(path);
  return status?.isCharacterDevice() === true || status?.isFIFO() === true;
};
