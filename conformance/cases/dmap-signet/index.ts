/** All cases of the class `dmap-signet`. */
import type { Case } from '../case.js';
import { cases as keyRing } from './key-ring.js';
import { cases as keys } from './keys.js';
import { cases as signets } from './signets.js';

export const dmapSignetCases: readonly Case[] = [...keys, ...keyRing, ...signets];
