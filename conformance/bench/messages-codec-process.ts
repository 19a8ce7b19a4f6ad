/** Writes a long message to a file and opens it from there, in a process of its own, and says how much memory that took. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encryptMessage, messagePieces, openMessage, readMessage } from '../../reference/formats/message/index.js';
import { correspondence } from './messages-codec-letter.js';

/** Resident memory in octets. */
export interface MemoryReport {
  readonly before: number;
  readonly peak: number;
}

const chunkOctets = 1024 * 1024;

/** Octets that are made when they are asked for, as those of a file would be read. */
const pattern = (length: number): { length: number; subarray: (start: number, end: number) => Uint8Array } => ({
  length,
  subarray: (start, end) => new Uint8Array(end - start).fill(start % 251),
});

/** @throws Error when other octets come back than were written */
function measure(octets: number, file: number): MemoryReport {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const { input, keys } = correspondence();
  const written = encryptMessage({
    ...input,
    display: [{ data: new Uint8Array([72, 105]) }],
    attachments: [{ data: pattern(octets) }],
    mostKept: chunkOctets,
    mostSegment: chunkOctets,
  });
  look();
  for (const piece of messagePieces(written)) {
    writeSync(file, piece);
    look();
  }
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; ; ) {
      const piece = new Uint8Array(64 * 1024);
      const count = readSync(file, piece, 0, piece.length, at);
      if (count === 0) return;
      at += count;
      look();
      yield piece.subarray(0, count);
    }
  };
  const { encryptionPrivate } = keys.author;
  const opened = openMessage(readMessage('dime-2015', pieces), {
    actor: 'author',
    encryptionPrivate,
    identities: input,
  });
  let read = 0;
  for (const { kind, data } of opened.segments()) if (kind === 'attachment') read += data.length;
  look();
  if (read !== octets) throw new Error(`${read} of ${octets} octets were read back`);
  return { before, peak };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { octets } = JSON.parse(process.argv[2] ?? '{}') as { readonly octets: number };
  process.on('disconnect', () => process.exit());
  const folder = mkdtempSync(path.join(tmpdir(), 'dime-bench-'));
  const file = openSync(path.join(folder, 'message'), 'w+');
  try {
    process.send?.(measure(octets, file));
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
