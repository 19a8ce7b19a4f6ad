/** All cases of the class `dmap-submission`. */
import type { Case } from '../case.js';
import { cases as options } from './options.js';
import { cases as race } from './race.js';
import { cases as refusals } from './refusals.js';
import { cases as submit } from './submit.js';

export const dmapSubmissionCases: readonly Case[] = [...submit, ...race, ...refusals, ...options];
