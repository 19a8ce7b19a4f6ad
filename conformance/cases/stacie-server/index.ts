/** All cases of the class `stacie-server`. */
import type { Case } from '../case.js';
import { cases as accounts } from './accounts.js';
import { cases as keyRing } from './key-ring.js';
import { cases as lengths } from './lengths.js';
import { cases as loginAnswer } from './login-answer.js';
import { cases as nonces } from './nonces.js';
import { cases as passwordChange } from './password-change.js';
import { cases as requests } from './requests.js';
import { cases as sequence } from './sequence.js';
import { cases as tokens } from './tokens.js';
import { cases as transport } from './transport.js';
import { cases as unknownUsers } from './unknown-users.js';

export const stacieServerCases: readonly Case[] = [
  ...loginAnswer,
  ...lengths,
  ...nonces,
  ...tokens,
  ...keyRing,
  ...passwordChange,
  ...accounts,
  ...unknownUsers,
  ...requests,
  ...sequence,
  ...transport,
];
