/** All cases of the class `resolver`. */
import type { Case } from '../case.js';
import { cases as cache } from './cache.js';
import { cases as names } from './names.js';
import { cases as proofs } from './proofs.js';
import { cases as replies } from './replies.js';
import { cases as signets } from './signets.js';
import { cases as states } from './states.js';
import { cases as texts } from './texts.js';

/** Those that wait for something come early, so that others run meanwhile. */
export const resolverCases: readonly Case[] = [
  ...names,
  ...replies,
  ...cache,
  ...texts,
  ...states,
  ...proofs,
  ...signets,
];
