/** All cases of the class `dmap-server`. */
import type { Case } from '../case.js';
import { mailboxCases } from './mailboxes.js';
import { messageCases } from './messages.js';
import { cases as protocol } from './protocol.js';

export const dmapServerCases: readonly Case[] = [...protocol, ...mailboxCases, ...messageCases];
