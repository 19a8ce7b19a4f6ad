/** The octets of one message: in memory while they are few, then in a file of the spool folder. */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** First buffer of a body; it doubles, so that one octet a write costs neither time nor memory. */
const firstCapacity = 4 * 1024;
/** What is gathered before each write to the file. */
const spoolBlock = 64 * 1024;

export class MessageBody {
  #held = Buffer.alloc(0);
  #heldLength = 0;
  #size = 0;
  #file: { descriptor: number | null; path: string } | null = null;

  constructor(
    private readonly spoolFolder: string | undefined,
    private readonly largestInMemory: number,
  ) {}

  /** Octets taken so far. */
  get size(): number {
    return this.#size;
  }

  /** @throws the error of the file system when the spool cannot be written; nothing of `octets` counts then */
  write(octets: Uint8Array): void {
    if (this.#file === null && this.spoolFolder !== undefined && this.#size + octets.length > this.largestInMemory) {
      // The name is random since stores of several servers may share a folder; 'wx' never follows what lies there.
      const path = join(this.spoolFolder, `${randomUUID()}.part`);
      this.#file = { descriptor: openSync(path, 'wx', 0o600), path };
    }
    if (this.#file !== null && this.#heldLength + octets.length > spoolBlock) {
      this.#flush();
      if (octets.length > spoolBlock) this.#append(octets);
      else this.#hold(octets);
    } else {
      this.#hold(octets);
    }
    this.#size += octets.length;
  }

  /** The octets taken so far, in pieces that nothing changes afterwards: not while `write` is called. */
  *pieces(): Generator<Uint8Array, void> {
    if (this.#file === null) {
      if (this.#heldLength > 0) yield this.#held.subarray(0, this.#heldLength);
      return;
    }
    this.#flush();
    const descriptor = openSync(this.#file.path, 'r');
    try {
      for (let at = 0; at < this.#size; ) {
        const piece = Buffer.allocUnsafe(Math.min(spoolBlock, this.#size - at));
        const read = readSync(descriptor, piece, 0, piece.length, at);
        if (read === 0) throw new Error('a message spool is shorter than what was written to it');
        yield piece.subarray(0, read);
        at += read;
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** No octets follow; a spooled body gets its lasting name, `<id>.message`. */
  finish(id: string): void {
    if (this.#file === null) {
      this.#held = Buffer.from(this.#held.subarray(0, this.#heldLength));
      return;
    }
    this.#flush();
    this.#close();
    const path = join(this.spoolFolder ?? '', `${id}.message`);
    renameSync(this.#file.path, path);
    this.#file.path = path;
    this.#held = Buffer.alloc(0);
  }

  /** Lets go of everything, the file included. */
  discard(): void {
    if (this.#file !== null) {
      this.#close();
      rmSync(this.#file.path, { force: true });
      this.#file = null;
    }
    this.#held = Buffer.alloc(0);
    this.#heldLength = 0;
    this.#size = 0;
  }

  /** A copy of the whole body, after `finish`. */
  octets(): Uint8Array {
    return this.#file === null ? Uint8Array.from(this.#held) : new Uint8Array(readFileSync(this.#file.path));
  }

  #hold(octets: Uint8Array): void {
    const needed = this.#heldLength + octets.length;
    if (needed > this.#held.length) {
      const grown = Buffer.alloc(Math.max(needed, firstCapacity, this.#held.length * 2));
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    this.#held.set(octets, this.#heldLength);
    this.#heldLength = needed;
  }

  #flush(): void {
    this.#append(this.#held.subarray(0, this.#heldLength));
    this.#heldLength = 0;
  }

  #append(octets: Uint8Array): void {
    const descriptor = this.#file?.descriptor;
    if (descriptor === null || descriptor === undefined) throw new Error('message spool written after its end');
    for (let written = 0; written < octets.length; ) written += writeSync(descriptor, octets, written);
  }

  #close(): void {
    if (this.#file?.descriptor == null) return;
    closeSync(this.#file.descriptor);
    this.#file.descriptor = null;
  }
}
