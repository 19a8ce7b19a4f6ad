/** Seeded faults of a DMAP server in what it does with mailboxes. */
import { faults as append } from './dmap-mailbox-append-faults.js';
import { faults as list } from './dmap-mailbox-list-faults.js';
import { faults as selection } from './dmap-mailbox-selection-faults.js';
import { faults as tree } from './dmap-mailbox-tree-faults.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = [...selection, ...tree, ...list, ...append];
