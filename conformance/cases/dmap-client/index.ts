/** All cases of the class `dmap-client`. */
import type { Case } from '../case.js';
import { cases as connection } from './connection.js';
import { cases as lines } from './lines.js';
import { cases as literals } from './literals.js';
import { cases as logins } from './logins.js';
import { cases as messages } from './messages.js';
import { cases as order } from './order.js';
import { cases as records } from './records.js';
import { cases as responseForms } from './response-forms.js';
import { cases as responses } from './responses.js';
import { cases as selection } from './selection.js';
import { cases as states } from './states.js';
import { cases as submissions } from './submissions.js';

export const dmapClientCases: readonly Case[] = [
  ...connection,
  ...lines,
  ...literals,
  ...order,
  ...responseForms,
  ...responses,
  ...records,
  ...states,
  ...logins,
  ...selection,
  ...messages,
  ...submissions,
];
