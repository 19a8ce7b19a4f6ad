/** How users reach their mail: the DMAP server of a reference server, the store behind it, and what fills it. */
import { randomBytes } from 'node:crypto';
import { utcDateTime } from '../grammar/dmap-dates.js';
import type { MailStore } from './account/mail-store.js';
import { createMemoryMailStore } from './account/memory-mail-store.js';
import type { DmtpStore, MemoryStacieStore } from './account/store.js';
import { type DmapEndpoint, startDmap } from './dmap/endpoint.js';
import { putInInbox } from './dmap/local-delivery.js';
import { type HouseKeys, organizationOf } from './dmap/parties.js';
import type { Deliver } from './dmap/submission-contract.js';
import type { DmtpClient } from './dmtp/client.js';
import { fingerprintOf, fingerprintText } from './formats/signet/index.js';
import type { KeyFolder } from './key-folder.js';
import type { ReferenceOptions } from './reference-options.js';
import type { StacieEndpoint } from './stacie/endpoint.js';

/** Mail and STACIE accounts that are kept together. */
export interface AccountStores {
  readonly mail: MailStore;
  /** Null: in memory, as the STACIE endpoint makes its own. */
  readonly stacie: MemoryStacieStore | null;
  close(): void;
}

/**
 * Opens a store file, or begins in memory.
 *
 * @throws StoreFileError for a file that is none of this program's, is damaged, or in use
 */
export async function openAccountStores(file: string | undefined): Promise<AccountStores> {
  if (file === undefined) {
    const mail = createMemoryMailStore();
    return { mail, stacie: null, close: () => mail.close() };
  }
  // Loaded for those who ask: the library takes longer to load than a server to start.
  const [{ openStoreFile }, { createSqliteMailStore }, { createSqliteStacieStore }] = await Promise.all([
    import('./account/store-file.js'),
    import('./account/sqlite-mail-store.js'),
    import('./account/sqlite-stacie-store.js'),
  ]);
  const opened = openStoreFile(file);
  try {
    const mail = createSqliteMailStore(opened);
    const stacie = createSqliteStacieStore(opened);
    const close = (): void => {
      mail.close();
      opened.close();
    };
    return { mail, stacie, close };
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** A DMTP store whose committed messages are in the INBOX of their recipient before they are acknowledged. */
export function intoMailboxes(store: DmtpStore, mail: MailStore, now: () => Date): DmtpStore {
  return {
    signets: (name) => store.signets(name),
    hasAccount: (address) => store.hasAccount(address),
    lockOf: (address) => store.lockOf(address),
    holds: (fingerprint) => store.holds(fingerprint),
    receive(envelope) {
      const sink = store.receive(envelope);
      return {
        write: (octets) => sink.write(octets),
        pieces: () => sink.pieces(),
        abort: () => sink.abort(),
        commit(id, fingerprint, recipient) {
          if (recipient != null && mail.account(recipient) !== null) {
            putInInbox(mail, recipient, sink.pieces(), utcDateTime(now().getTime() / 1000));
          }
          sink.commit(id, fingerprint, recipient);
        },
      };
    },
  };
}

export interface MailAccessParts {
  readonly folder: KeyFolder;
  readonly stores: AccountStores;
  readonly house: HouseKeys;
  readonly accounts: readonly string[];
  readonly stacie: StacieEndpoint;
  /** Carries mail to other domains and finds their signets; null: neither is possible. */
  readonly client: DmtpClient | null;
}

/** Starts the DMAP server. @throws Error for a port that cannot be had */
export async function startMailAccess(options: ReferenceOptions, parts: MailAccessParts): Promise<DmapEndpoint> {
  const { folder, stores, house, accounts, stacie, client } = parts;
  const { hooks = {}, mode = 'TRUSTFUL' } = options;
  return await startDmap({
    accounts: accounts.map((name) => ({ name, mode })),
    mode,
    stacie: stacie.sessions['03'],
    store: stores.mail,
    house,
    samples: options.sampleMail !== false,
    ...(options.deliveryOptions === undefined ? {} : { deliveryOptions: options.deliveryOptions }),
    ...(client === null ? {} : { deliver: deliverBy(client, house), lookUpSignet: lookUpBy(client) }),
    tls: { key: folder.certificate.privateKeyPem, cert: folder.certificate.pem },
    host: options.host ?? '127.0.0.1',
    port: options.ports?.dmap ?? 0,
    random: randomBytes,
    ...(options.now === undefined ? {} : { date: options.now }),
    ...(options.dmapLimits === undefined ? {} : { limits: options.dmapLimits }),
    ...(options.dmapSessionLimits === undefined ? {} : { sessionLimits: options.dmapSessionLimits }),
    ...(hooks.dmap === undefined ? {} : { hooks: hooks.dmap }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
}

/** Hands what users submit to the hosts of other domains. */
function deliverBy(client: DmtpClient, house: HouseKeys): Deliver {
  return async ({ read, origin, destination }) => {
    const { accepted, reply } = await client.deliver({
      message: Buffer.concat([...read()]),
      origin,
      destination,
      // Commands carry full fingerprints (DMTP-048), messages cryptographic ones. The client finds the destination's.
      fingerprints: { origin: fingerprintText(fingerprintOf(organizationOf(house).signet, 'full')) },
    });
    return accepted
      ? { delivered: true }
      : { delivered: false, text: `the host of ${destination} refused it with ${reply.code}` };
  };
}

/** Finds signets that are in no ring (DMAP-I-102); whatever keeps them from being found, they were not. */
function lookUpBy(client: DmtpClient): (address: string) => Promise<Uint8Array | null> {
  return async (address) => {
    try {
      return (await client.lookup({ name: address })).signet;
    } catch {
      return null;
    }
  };
}
