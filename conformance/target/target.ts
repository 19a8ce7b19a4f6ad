/** A target that is ready to be judged. */
import type { AdapterClient } from './adapter/client.js';
import type { TargetProfile } from './profile.js';

export interface Target {
  readonly profile: TargetProfile;
  readonly adapter: AdapterClient | null;
  /** How a person starts the adapter by hand; null when it is not a program of its own. */
  readonly adapterCommand: readonly string[] | null;
  /** Where each endpoint is, for the report. */
  readonly endpoints: readonly { readonly role: string; readonly address: string }[];
  /** Ends what was started for it. */
  close(): Promise<void>;
}

/** The target file or the target itself is not usable: exit status 2, one line that says what, where, why. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}
