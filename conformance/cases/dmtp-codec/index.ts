/** All cases of the class `dmtp-codec`. */
import type { Case } from '../case.js';
import { cases as lines } from './command-lines.js';
import { cases as generated } from './generated-lines.js';
import { cases as needed } from './needed-arguments.js';

export const dmtpCodecCases: readonly Case[] = [...lines, ...generated, ...needed];
