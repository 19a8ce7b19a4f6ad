/** Parts on their way into chunks: compressed if wanted, split where they are too long for one. (Section 4.4) */
import { gzipSync } from 'node:zlib';
import { chunkTables, definitionNamed } from './chunk-table.js';
import { checkFlags, flagBits } from './flags.js';
import { MessageError } from './message-error.js';
import { mostData, paddingAlgorithm } from './padding.js';

/** Octets, or something that gives any range of them: a long part need not be in memory. A Uint8Array is one. */
export interface Octets {
  readonly length: number;
  /** The octets from `start` up to `end`, always the same. */
  subarray(start: number, end: number): Uint8Array;
}

export interface PartInput {
  readonly data: Octets;
  /** 1 alternate padding, 4 compressed: the data is compressed here, in memory. The others are not for the caller. */
  readonly flags?: number;
}

/** A piece of a part that fits in one chunk. */
export interface ContentSegment {
  readonly name: 'display' | 'attachment';
  readonly flags: number;
  readonly length: number;
  readonly read: () => Uint8Array;
}

/** @throws MessageError `unsupported-flag`, `empty-data` */
export function segmentsOf(
  name: ContentSegment['name'],
  { data, flags = 0 }: PartInput,
  most = Number.POSITIVE_INFINITY,
): ContentSegment[] {
  checkFlags('dime-2015', definitionNamed(chunkTables['dime-2015'], name), flags & ~flagBits.continued, 0);
  if (data.length === 0) {
    throw new MessageError({
      code: 'empty-data',
      requirement: 'MSG-022',
      offset: 0,
      what: `a ${name} part is empty`,
      section: '4.3',
    });
  }
  const octets = (flags & flagBits.compressed) === 0 ? data : gzipSync(data.subarray(0, data.length));
  const algorithm = paddingAlgorithm('dime-2015', flags) === 'alternate' ? 'alternate' : 'primary';
  return splitInto(octets, Math.min(most, mostData(algorithm))).map(({ from, to, last }) => ({
    name,
    flags: (flags & ~flagBits.continued) | (last ? 0 : flagBits.continued),
    length: to - from,
    read: () => octets.subarray(from, to),
  }));
}

/** Ranges of at most `most` octets that follow each other. */
export function splitInto({ length }: Octets, most: number): { from: number; to: number; last: boolean }[] {
  const count = Math.ceil(length / most);
  return Array.from({ length: count }, (_, at) => ({
    from: at * most,
    to: Math.min(length, (at + 1) * most),
    last: at === count - 1,
  }));
}
