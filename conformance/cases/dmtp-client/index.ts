/** All cases of the class `dmtp-client`. */
import type { Case } from '../case.js';
import { cases as addresses } from './addresses.js';
import { cases as certificates } from './certificates.js';
import { cases as delivery } from './delivery.js';
import { cases as dualMode } from './dual-mode.js';
import { cases as greeting } from './greeting.js';
import { cases as hosts } from './hosts.js';
import { cases as lines } from './lines.js';
import { cases as replies } from './replies.js';
import { cases as revocation } from './revocation.js';
import { cases as signets } from './signets.js';

export const dmtpClientCases: readonly Case[] = [
  ...addresses,
  ...hosts,
  ...certificates,
  ...revocation,
  ...greeting,
  ...dualMode,
  ...lines,
  ...replies,
  ...signets,
  ...delivery,
];
