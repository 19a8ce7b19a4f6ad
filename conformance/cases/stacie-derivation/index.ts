/** All cases of the class `stacie-derivation`. */
import type { Case } from '../case.js';
import { cases as decryption } from './decryption.js';
import { cases as encryption } from './encryption.js';
import { cases as keys } from './keys.js';
import { cases as texts } from './names-and-passwords.js';
import { cases as published } from './published-examples.js';
import { cases as realms } from './realms.js';
import { cases as rounds } from './rounds.js';
import { cases as salts } from './salts-and-nonces.js';
import { cases as seed } from './seed.js';
import { cases as rotation } from './shard-rotation.js';
import { cases as tokens } from './tokens.js';

export const stacieDerivationCases: readonly Case[] = [
  ...rounds,
  ...texts,
  ...salts,
  ...seed,
  ...keys,
  ...tokens,
  ...realms,
  ...encryption,
  ...decryption,
  ...rotation,
  ...published,
];
