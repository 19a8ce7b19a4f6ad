/**
 * The client's side of DMAP: TLS with the name checked, login by STACIE, every command of the protocol, the client's part of
 * the submission protocol, and resynchronisation after a time offline. It believes a server only as far as it has to.
 */
export { DmapClientError, type DmapClientErrorCode } from './client/client-error.js';
export type { DmapClientLimits } from './client/client-limits.js';
export { DmapClient, type DmapClientOptions } from './client/dmap-client.js';
export type { SessionState } from './client/legality.js';
export type { KnownMessage, MailboxView } from './client/mailbox-view.js';
export { dataOf, type Outcome, type PlainCommand } from './client/outcome.js';
export type { SubmitRequest } from './client/submit.js';
export type {
  ActionResult,
  ActionState,
  CachedMessage,
  CachedPart,
  MailboxCache,
  OfflineAction,
  SyncRequest,
  SyncResult,
} from './client/sync-types.js';
export type { DmapTrust } from './client/transport.js';
