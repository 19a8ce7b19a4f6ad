/** What the handlers of the commands share: the server's settings, and what a connection is about. */
import type { DateTime } from '../../grammar/dmap.js';
import type { AccountMode, MailAccount, MailStore } from '../account/mail-store.js';
import type { Mechanism } from '../stacie/mechanism.js';
import type { DeliveryPolicy } from './delivery-options.js';
import type { KeyUse } from './key-use.js';
import type { DmapSessionLimits } from './limits.js';
import type { State } from './states.js';
import type { MailboxView } from './view.js';

/** What a server can offer beyond the base document. */
export const extensions = ['LITERAL+', 'UIDPLUS', 'CONDSTORE', 'SPECIAL-USE'] as const;
export type Extension = (typeof extensions)[number];

export interface Conversation {
  readonly store: MailStore;
  readonly limits: DmapSessionLimits;
  /** Told before anybody has logged in (DMAP-I-06). */
  readonly mode: AccountMode;
  /** Begins an attempt to log in. */
  readonly beginStacie: () => Mechanism;
  /** Whether PLAIN may be used: only in tests (DMAP-I-31). */
  readonly plain: boolean;
  /** Those that are advertised. */
  readonly extensions: ReadonlySet<Extension>;
  readonly deliveryOptions: ReadonlyMap<string, DeliveryPolicy>;
  readonly keyUse: KeyUse;
  /** Whether signets are looked for outside of the ring. */
  readonly looksUpSignets: boolean;
  readonly clock: () => DateTime;
  /** Called when the selected mailbox was changed by somebody. */
  readonly changed: () => void;

  state: State;
  account: MailAccount | null;
  /** The selected mailbox. */
  view: MailboxView | null;
  failedLogins: number;
  /** The client has asked for MODSEQ, so that flag updates tell it as well. */
  wantsModseq: boolean;
}

/** The account and the mailbox that a legal command has. @throws Error when the legality table let it through wrongly */
export function accountOf({ account }: Conversation): MailAccount {
  if (account === null) throw new Error('a command for users was let through before the login');
  return account;
}

export function viewOf({ view }: Conversation): MailboxView {
  if (view === null) throw new Error('a command for messages was let through without a selected mailbox');
  return view;
}
