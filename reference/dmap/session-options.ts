/** How a DMAP session is set up. */
import type { DateTime } from '../../grammar/dmap.js';
import type { AccountMode, MailStore } from '../account/mail-store.js';
import type { Mechanism } from '../stacie/mechanism.js';
import { type Conversation, type Extension, extensions } from './conversation.js';
import type { DeliveryPolicy } from './delivery-options.js';
import { KeyUse } from './key-use.js';
import type { DmapSessionLimits } from './limits.js';

export type Greeting =
  | { readonly kind: 'ok' }
  /** Authenticated by other means: the account of that name (DMAP-414). */
  | { readonly kind: 'preauth'; readonly username: string }
  /** Refused; `text` says why. */
  | { readonly kind: 'bye'; readonly text: string };

export interface DmapSessionOptions {
  readonly store: MailStore;
  /** Begins an attempt to log in: `createStacieMechanism` over the session that serves everywhere. */
  readonly beginStacie: () => Mechanism;
  /** What is told before the login (DMAP-I-06). */
  readonly mode: AccountMode;
  /** The time for messages that come without one. */
  readonly clock: () => DateTime;
  /** Called when the selected mailbox was changed by somebody; `refresh` may follow. */
  readonly changed: () => void;
  readonly limits?: Partial<DmapSessionLimits>;
  /** `ok` when not given. */
  readonly greeting?: Greeting;
  /** Whether PLAIN may be used, which is for tests (DMAP-189, DMAP-I-31); not when not given. */
  readonly plain?: boolean;
  /** All of them when not given. */
  readonly extensions?: readonly Extension[];
  /** By name, in upper case; none when not given. */
  readonly deliveryOptions?: ReadonlyMap<string, DeliveryPolicy>;
  /** Shared by the sessions of a server. */
  readonly keyUse?: KeyUse;
  /** Whether signets are looked for outside of the ring; not when not given. */
  readonly looksUpSignets?: boolean;
}

/** A conversation in which nobody has said anything yet. */
export function openConversation(options: DmapSessionOptions, limits: DmapSessionLimits): Conversation {
  return {
    store: options.store,
    limits,
    mode: options.mode,
    beginStacie: options.beginStacie,
    plain: options.plain ?? false,
    extensions: new Set(options.extensions ?? extensions),
    deliveryOptions: options.deliveryOptions ?? new Map(),
    keyUse: options.keyUse ?? new KeyUse(),
    looksUpSignets: options.looksUpSignets ?? false,
    clock: options.clock,
    changed: options.changed,
    state: 'not-authenticated',
    account: null,
    view: null,
    failedLogins: 0,
    wantsModseq: false,
  };
}
