/** The octets of messages in a store file, in pieces: none of them is ever in memory as a whole. */
import type { BodyWriter } from './mail-backing.js';
import { PieceGatherer, readPieces } from './mail-pieces.js';
import type { MessageReader } from './mail-store.js';
import type { StoreFile } from './store-file.js';
import { numberIn, octetsIn } from './store-row.js';

export interface SqliteBodies {
  write(): BodyWriter;
  chunks(body: number): Uint8Array;
  read(body: number, size: number): MessageReader;
  /** Lets go of all octets of no message, but for those that are being written or read. Within a transaction. */
  sweep(): void;
}

export function sqliteBodies(file: StoreFile): SqliteBodies {
  /** How many write or read a body. What nobody does when the file is opened is a leftover. */
  const held = new Map<number, number>();
  const hold = (body: number): void => void held.set(body, (held.get(body) ?? 0) + 1);
  /** Bodies of no message that were held when they could have gone. */
  const doomed = new Set<number>();
  const letGo = (body: number): void => {
    const others = (held.get(body) ?? 0) - 1;
    if (others > 0) held.set(body, others);
    else held.delete(body);
  };

  const sweep = (): void => {
    const unused: number[] = [];
    file.each('SELECT id FROM body WHERE message_count = 0', [], (row) => {
      const body = numberIn(row, 'id');
      if (held.has(body)) doomed.add(body);
      else unused.push(body);
    });
    for (const body of unused) file.run('DELETE FROM body WHERE id = ?', [body]);
  };
  const dropIfDoomed = (body: number): void => {
    if (held.has(body) || !doomed.delete(body)) return;
    file.transaction(sweep);
  };

  const write = (): BodyWriter => {
    const gatherer = new PieceGatherer();
    let body: number | null = null;
    let pieces = 0;
    let finished = false;
    const keep = (piece: Uint8Array): void => {
      if (body === null) {
        const row = file.row('INSERT INTO body (message_count, chunks) VALUES (0, ?) RETURNING id', [new Uint8Array()]);
        body = numberIn(row ?? {}, 'id');
        hold(body);
      }
      file.run('INSERT INTO piece VALUES (?, ?, ?)', [body, pieces, piece]);
      pieces += 1;
    };
    return {
      // Short messages are written with the transaction that adds them; long ones go to the file as they come.
      write: (octets) => gatherer.write(octets, (piece) => file.relaxed(() => keep(piece))),
      finish(chunks) {
        const rest = gatherer.rest();
        if (rest.length > 0 || body === null) keep(rest);
        if (body === null) throw new RangeError('a body without a piece');
        file.run('UPDATE body SET chunks = ? WHERE id = ?', [chunks, body]);
        finished = true;
        letGo(body);
        doomed.delete(body);
        return body;
      },
      discard() {
        if (body === null) return;
        if (!finished) letGo(body);
        finished = true;
        try {
          file.transaction(sweep);
        } catch {
          // The file cannot be written: what lies there is swept when it is opened again.
        }
      },
    };
  };

  return {
    sweep,
    write,
    chunks: (body) => octetsIn(file.row('SELECT chunks FROM body WHERE id = ?', [body]) ?? {}, 'chunks'),
    read(body, size) {
      hold(body);
      let open = true;
      let last: { readonly nth: number; readonly octets: Uint8Array } | null = null;
      const piece = (nth: number): Uint8Array => {
        if (!open) throw new Error('a message is read after its reader was closed');
        if (last?.nth === nth) return last.octets;
        const row = file.row('SELECT octets FROM piece WHERE body = ? AND nth = ?', [body, nth]);
        const octets = row === null ? new Uint8Array() : octetsIn(row, 'octets');
        last = { nth, octets };
        return octets;
      };
      return {
        ...readPieces(size, piece),
        close() {
          if (!open) return;
          open = false;
          last = null;
          letGo(body);
          dropIfDoomed(body);
        },
      };
    },
  };
}
