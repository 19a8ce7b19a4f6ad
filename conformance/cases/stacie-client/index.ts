/** All cases of the class `stacie-client`. */
import type { Case } from '../case.js';
import { cases as hostileAnswers } from './hostile-answers.js';
import { cases as offers } from './offers.js';
import { cases as requests } from './requests.js';
import { cases as secrets } from './secrets.js';

export const stacieClientCases: readonly Case[] = [...requests, ...offers, ...secrets, ...hostileAnswers];
