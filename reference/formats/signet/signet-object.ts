/** A signet or signing request that was read. */
import type { FieldList } from './field-list.js';
import type { SignetType } from './field-rows.js';
import type { Profile } from './profile.js';

export interface Signet {
  readonly profile: Profile;
  readonly type: SignetType;
  /** The whole object, header included. */
  readonly octets: Uint8Array;
  readonly fields: FieldList;
}
