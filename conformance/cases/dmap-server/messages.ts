/** The cases of `dmap-server` about messages: FETCH, STORE, SEARCH and COPY. */
import type { Case } from '../case.js';
import { cases as bodies } from './messages-bodies.js';
import { cases as copies } from './messages-copy.js';
import { cases as fetching } from './messages-fetch.js';
import { cases as searching } from './messages-search.js';
import { cases as seen } from './messages-seen.js';
import { cases as storing } from './messages-store.js';
import { cases as structure } from './messages-structure.js';

export const messageCases: readonly Case[] = [
  ...fetching,
  ...bodies,
  ...seen,
  ...structure,
  ...storing,
  ...searching,
  ...copies,
];
