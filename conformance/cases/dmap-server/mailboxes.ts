/** All cases about mailboxes: selection, names, the tree, APPEND, CLOSE and EXPUNGE. */
import type { Case } from '../case.js';
import { cases as append } from './mailboxes-append.js';
import { cases as create } from './mailboxes-create.js';
import { cases as remove } from './mailboxes-delete.js';
import { cases as expunge } from './mailboxes-expunge.js';
import { cases as flags } from './mailboxes-flags.js';
import { cases as inbox } from './mailboxes-inbox.js';
import { cases as list } from './mailboxes-list.js';
import { cases as rename } from './mailboxes-rename.js';
import { cases as select } from './mailboxes-select.js';
import { cases as status } from './mailboxes-status.js';
import { cases as subscribe } from './mailboxes-subscribe.js';
import { cases as tree } from './mailboxes-tree.js';

export const mailboxCases: readonly Case[] = [
  ...select,
  ...flags,
  ...create,
  ...remove,
  ...rename,
  ...inbox,
  ...subscribe,
  ...list,
  ...status,
  ...append,
  ...expunge,
  ...tree,
];
