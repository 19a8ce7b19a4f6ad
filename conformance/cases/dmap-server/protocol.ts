/** Cases of the class `dmap-server` on the protocol itself: connections, lines, forms, states, the login. */
import type { Case } from '../case.js';
import { cases as authentication } from './authentication.js';
import { cases as capabilities } from './capabilities.js';
import { cases as connection } from './connection.js';
import { cases as forms } from './forms.js';
import { cases as lines } from './lines.js';
import { cases as literals } from './literals.js';
import { cases as responses } from './responses.js';
import { cases as states } from './states.js';
import { cases as together } from './together.js';

export const cases: readonly Case[] = [
  ...connection,
  ...responses,
  ...lines,
  ...together,
  ...literals,
  ...forms,
  ...states,
  ...capabilities,
  ...authentication,
];
