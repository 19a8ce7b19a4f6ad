/** All cases of the class `dmtp-signet`. */
import type { Case } from '../case.js';
import { cases as codes } from './codes.js';
import { cases as fingerprints } from './fingerprints.js';
import { cases as hist } from './hist.js';
import { cases as sgnt } from './sgnt.js';
import { cases as vrfy } from './vrfy.js';

export const dmtpSignetCases: readonly Case[] = [...sgnt, ...vrfy, ...hist, ...fingerprints, ...codes];
