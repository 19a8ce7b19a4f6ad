/** All cases of the class `dmtp-codec`. */
import type { Case } from '../case.js';
import { cases as lines } from './command-lines.js';
import { cases as generated } from './generated-lines.js';
import { cases as needed } from './needed-arguments.js';

/** They cost little, and a line has many sides. */
const timesRuns = 4;

export const dmtpCodecCases: readonly Case[] = [...lines, ...generated, ...needed].map((subject) => ({
  timesRuns,
  ...subject,
}));
