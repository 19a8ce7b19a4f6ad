/** All cases of the class `dmap-client`. */
import type { Case } from '../case.js';
import { cases as connection } from './connection.js';
import { cases as lines } from './lines.js';
import { cases as literals } from './literals.js';
import { cases as order } from './order.js';
import { cases as responses } from './responses.js';

export const dmapClientCases: readonly Case[] = [...connection, ...lines, ...literals, ...order, ...responses];
