/** META of messages in a store file. Whoever goes through a mailbox gets it from a few questions, not one a message. */
import type { MailboxId } from './mail-store.js';
import type { StoreFile } from './store-file.js';
import { numberIn, octetsIn } from './store-row.js';

/** UIDs that are read at once. */
const windowUids = 128;
/** Longer ones are not read ahead: at most half a MiB is held. */
const mostAhead = 4096;

export interface SqliteMetas {
  read(mailbox: MailboxId, uid: number): Uint8Array | null;
  /** To be called when any META was written or removed, or was not after all. */
  forget(): void;
}

export function sqliteMetas(file: StoreFile): SqliteMetas {
  let last = { mailbox: 0, uid: 0 };
  let ahead: { readonly mailbox: MailboxId; readonly from: number; readonly metas: Map<number, Uint8Array> } | null =
    null;

  const readAhead = (mailbox: MailboxId, from: number): Map<number, Uint8Array> => {
    const metas = new Map<number, Uint8Array>();
    const sql = 'SELECT uid, octets FROM meta WHERE mailbox = ? AND uid >= ? AND uid < ? AND length(octets) <= ?';
    file.each(sql, [mailbox, from, from + windowUids, mostAhead], (row) =>
      metas.set(numberIn(row, 'uid'), octetsIn(row, 'octets')),
    );
    ahead = { mailbox, from, metas };
    return metas;
  };
  const readOne = (mailbox: MailboxId, uid: number): Uint8Array | null => {
    const row = file.row('SELECT octets FROM meta WHERE mailbox = ? AND uid = ?', [mailbox, uid]);
    return row === null ? null : octetsIn(row, 'octets');
  };

  return {
    read(mailbox, uid) {
      const goesOn = last.mailbox === mailbox && uid > last.uid && uid <= last.uid + windowUids;
      last = { mailbox, uid };
      const inside = ahead?.mailbox === mailbox && uid >= ahead.from && uid < ahead.from + windowUids;
      if (!goesOn && !inside) return readOne(mailbox, uid);
      const metas = inside && ahead !== null ? ahead.metas : readAhead(mailbox, uid);
      // What is not among them has none, or a long one.
      return metas.get(uid) ?? readOne(mailbox, uid);
    },
    forget() {
      ahead = null;
    },
  };
}
