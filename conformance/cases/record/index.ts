/** All cases of the class `record`. */
import type { Case } from '../case.js';
import { cases as formatted } from './formatted-record.js';
import { cases as keysAndSignatures } from './keys-and-signatures.js';
import { cases as policiesAndLists } from './policies-and-lists.js';
import { cases as published } from './published-record.js';
import { cases as fields } from './record-fields.js';
import { cases as version } from './version.js';
import { cases as wrongValues } from './wrong-values.js';

/** They cost little, and what a record may hold has many sides. */
const timesRuns = 2;

export const recordCases: readonly Case[] = [
  ...fields,
  ...wrongValues,
  ...version,
  ...keysAndSignatures,
  ...policiesAndLists,
  ...formatted,
  ...published,
].map((subject) => ({ timesRuns, ...subject }));
