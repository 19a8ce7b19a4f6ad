/**
 * - `in-use`: another process, or this one, has the file open
 * - `foreign`: it is something else than a store file; it was not touched
 * - `newer`: a later version of this program made it; it was not touched
 * - `damaged`: it is a store file, and cannot be read
 * - `unusable`: file or folder cannot be read or written
 * - `failed`: a read or a write did not succeed; what was being written is undone
 */
export type StoreFileErrorCode = 'in-use' | 'foreign' | 'newer' | 'damaged' | 'unusable' | 'failed';

/** What is wrong with a store file. Names the file, never contents. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';
  constructor(
    readonly code: StoreFileErrorCode,
    readonly path: string,
    what: string,
  ) {
    super(`store file ${path}: ${what}`);
  }
}
