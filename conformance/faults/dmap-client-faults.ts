/** Seeded faults of a DMAP client: the reference's, with its octets or what it is told bent on the way. */
import { faultsOf } from './dmap-client-bending.js';
import { rows as lineRows } from './dmap-client-line-faults.js';
import { rows as mailboxRows } from './dmap-client-mailbox-faults.js';
import { rows as responseRows } from './dmap-client-response-faults.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = faultsOf([...lineRows, ...responseRows, ...mailboxRows]);
