/** All cases of the class `dmap-sync`. */
import type { Case } from '../case.js';
import { cases as changes } from './changes.js';
import { cases as offline } from './offline.js';
import { cases as oneSession } from './one-session.js';
import { cases as reusedNames } from './reused-names.js';
import { cases as sequenceNumbers } from './sequence-numbers.js';
import { cases as severalSessions } from './several-sessions.js';
import { cases as sizes } from './sizes.js';
import { cases as staticItems } from './static-items.js';
import { cases as uidCommands } from './uid-commands.js';
import { cases as uids } from './uids.js';

export const dmapSyncCases: readonly Case[] = [
  ...uids,
  ...reusedNames,
  ...sequenceNumbers,
  ...uidCommands,
  ...staticItems,
  ...sizes,
  ...changes,
  ...oneSession,
  ...severalSessions,
  ...offline,
];
