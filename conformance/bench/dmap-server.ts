/** Our DMAP server as the benchmarks need it: mailboxes of known sizes, and a user who need not log in. */

import type { MailStore } from '../../reference/account/mail-store.js';
import { startDmapServer } from '../../reference/dmap/server.js';
import { createDmapSession } from '../../reference/dmap/session.js';
import type { DmapSession } from '../../reference/dmap/session-contract.js';
import { openKeyFolder } from '../../reference/key-folder.js';
import { letterWithLargestChunk } from './dmap-letter.js';
import { makeMailbox, openBenchStore, user } from './dmap-mailbox.js';
import { domain, type MailKind } from './server-messages.js';

/** Messages in `many`. */
export const manyMessages = 1000;
const mebi = 1024 * 1024;
/** Octets of the first message of `large`; the second has the largest chunk that there can be. */
export const largeOctets = 20 * mebi;

/** @returns the port of a server with the mailboxes `many`, of which each message has META, and `large` */
export async function startDmapBench(folder: string, kind: MailKind): Promise<number> {
  const { certificate } = await openKeyFolder(folder, `dx.${domain}`, new Date());
  const { store } = openBenchStore(kind, folder);
  const many = makeMailbox(store, 'many', manyMessages);
  store.storeMeta(many, store.uids(many), Buffer.from('a block of META, which may hold octets of any kind: \0'));
  const large = store.createMailbox(user, 'large');
  for (const octets of [Buffer.alloc(largeOctets, 'x'), letterWithLargestChunk()]) {
    const sink = store.append(large, { internalDate: noon() });
    sink.write(octets);
    sink.commit();
  }
  const server = await startDmapServer({
    createSession: (changed) => openDmapSession(store, changed),
    submit: async () => ({ accepted: false, text: 'Nothing is submitted here.' }),
    lookUpSignet: async () => null,
    checkPassword: async () => null,
    tls: { key: certificate.privateKeyPem, cert: certificate.pem },
    host: '127.0.0.1',
    port: 0,
  });
  return server.port;
}

/** A session of the user, who is known from the beginning. */
export function openDmapSession(store: MailStore, changed: () => void = () => undefined): DmapSession {
  return createDmapSession({
    store,
    beginStacie: () => {
      throw new Error('the benchmarks do not log in');
    },
    mode: 'TRUSTFUL',
    clock: noon,
    changed,
    greeting: { kind: 'preauth', username: user },
  });
}

const noon = () => ({ year: 2026, month: 11, day: 2, hour: 12, minute: 0, second: 0, zone: '+0000' });
