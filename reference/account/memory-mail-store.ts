/** A mail store in memory. Nothing of it outlives the process. */
import type { BodyWriter, MailBacking } from './mail-backing.js';
import { PieceGatherer, readPieces } from './mail-pieces.js';
import type { AccountKey } from './mail-rings.js';
import type { MailboxId, MailStore } from './mail-store.js';
import { createMailStore, type MailStoreOptions } from './mail-store-on.js';

export interface MemoryMailStoreOptions extends MailStoreOptions {
  /** Octets of all messages together, unfinished ones included; 1 GiB. Beyond it a write throws. */
  readonly totalOctets?: number;
}

/** The octets of a message; several messages have the same after a copy. */
interface Body {
  readonly pieces: readonly Uint8Array[];
  readonly size: number;
  readonly chunks: Uint8Array;
  references: number;
}

const defaultTotalOctets = 1024 * 1024 * 1024;

/** Makes an empty store. */
export function createMemoryMailStore(options: MemoryMailStoreOptions = {}): MailStore {
  return createMailStore(memoryBacking(options.totalOctets ?? defaultTotalOctets), options);
}

/** What the store itself holds in memory is not held again. A write never fails, so no transaction needs undoing. */
function memoryBacking(totalOctets: number): MailBacking {
  const bodies = new Map<number, Body>();
  const metas = new Map<MailboxId, Map<number, Uint8Array>>();
  const keys = new Map<string, Map<string, AccountKey>>();
  const signets = new Map<string, Map<string, { address: string; octets: Uint8Array }>>();
  let lastBody = 0;
  let heldOctets = 0;

  const bodyOf = (number: number): Body => {
    const body = bodies.get(number);
    if (body === undefined) throw new Error(`the memory mail store has no octets with the number ${number}`);
    return body;
  };
  const removeMessage = (mailbox: MailboxId, { uid, body: number }: { uid: number; body: number }): void => {
    metas.get(mailbox)?.delete(uid);
    const body = bodyOf(number);
    body.references -= 1;
    if (body.references > 0) return;
    // Whoever reads them still has the pieces.
    bodies.delete(number);
    heldOctets -= body.size;
  };
  const metaOf = (mailbox: MailboxId, uid: number): Uint8Array | null => metas.get(mailbox)?.get(uid) ?? null;
  const setMeta = (mailbox: MailboxId, uid: number, meta: Uint8Array): void => {
    const ofMailbox = metas.get(mailbox) ?? new Map<number, Uint8Array>();
    metas.set(mailbox, ofMailbox.set(uid, meta));
  };

  return {
    load: () => undefined,
    transaction: (work) => work(),
    saveAccount: () => undefined,
    saveSubscription: () => undefined,
    saveMailbox: () => undefined,
    removeMailbox(mailbox, messages) {
      for (const message of messages) removeMessage(mailbox, message);
      metas.delete(mailbox);
    },
    addMessage(mailbox, message, from) {
      bodyOf(message.body).references += 1;
      const meta = from === null ? null : metaOf(from.mailbox, from.uid);
      if (meta !== null) setMeta(mailbox, message.uid, meta);
    },
    saveFlags: () => undefined,
    saveMeta(mailbox, uid, meta) {
      if (meta === null) metas.get(mailbox)?.delete(uid);
      else setMeta(mailbox, uid, Uint8Array.from(meta));
    },
    removeMessages(mailbox, messages) {
      for (const message of messages) removeMessage(mailbox, message);
    },
    saveRemoval: () => undefined,

    meta: metaOf,
    writeBody(): BodyWriter {
      const gatherer = new PieceGatherer();
      const pieces: Uint8Array[] = [];
      let size = 0;
      let number: number | null = null;
      return {
        write(octets) {
          if (heldOctets + octets.length > totalOctets) {
            const there = `${heldOctets} of ${totalOctets} octets held`;
            throw new Error(`the memory mail store is full: ${there}, ${octets.length} more refused`);
          }
          heldOctets += octets.length;
          size += octets.length;
          gatherer.write(octets, (piece) => pieces.push(piece));
        },
        finish(chunks) {
          const rest = gatherer.rest();
          if (rest.length > 0) pieces.push(rest);
          lastBody += 1;
          number = lastBody;
          bodies.set(number, { pieces, size, chunks, references: 0 });
          return number;
        },
        discard() {
          if (number !== null) bodies.delete(number);
          heldOctets -= size;
          size = 0;
        },
      };
    },
    chunks: (body) => bodyOf(body).chunks,
    readBody(body, size) {
      const { pieces } = bodyOf(body);
      return { ...readPieces(size, (at) => pieces[at] ?? new Uint8Array()), close: () => undefined };
    },

    keyIds: (account) => [...(keys.get(account)?.keys() ?? [])],
    key: (account, id) => keys.get(account)?.get(id) ?? null,
    addKey(account, id, { publicPart, privatePart }) {
      const ring = keys.get(account) ?? new Map<string, AccountKey>();
      const key = {
        publicPart: Uint8Array.from(publicPart),
        privatePart: privatePart === null ? null : Uint8Array.from(privatePart),
      };
      keys.set(account, ring.set(id, key));
    },
    removeKey: (account, id) => keys.get(account)?.delete(id) ?? false,
    signetAddresses: (account) => [...(signets.get(account)?.values() ?? [])].map(({ address }) => address),
    signet: (account, folded) => signets.get(account)?.get(folded) ?? null,
    addSignet(account, folded, address, octets) {
      const ring = signets.get(account) ?? new Map<string, { address: string; octets: Uint8Array }>();
      signets.set(account, ring.set(folded, { address, octets: Uint8Array.from(octets) }));
    },
    removeSignet: (account, folded) => signets.get(account)?.delete(folded) ?? false,
    close: () => undefined,
  };
}
