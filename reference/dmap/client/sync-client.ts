/** As much of a client as a synchronisation needs. */
import type { DmapClientLimits } from './client-limits.js';
import type { MailboxView } from './mailbox-view.js';
import type { Outcome, Run } from './outcome.js';
import type { SubmitRequest } from './submit.js';

export interface SyncClient {
  readonly limits: Pick<DmapClientLimits, 'synchronizedOctets'>;
  readonly capabilities: readonly string[] | null;
  readonly mailbox: MailboxView | null;
  readonly run: Run;
  submit(request: SubmitRequest): Promise<Outcome>;
}
