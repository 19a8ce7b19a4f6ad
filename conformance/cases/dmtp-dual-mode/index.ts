/** All cases of the class `dmtp-dual-mode`. */
import type { Case } from '../case.js';
import { cases as beforeTls } from './before-tls.js';
import { cases as smtp } from './smtp.js';
import { cases as starttls } from './starttls.js';

export const dmtpDualModeCases: readonly Case[] = [...starttls, ...beforeTls, ...smtp];
