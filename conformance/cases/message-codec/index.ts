/** All cases of the class `message-codec`. */
import type { Case } from '../case.js';
import { cases as layout } from './layout.js';
import { cases as naked } from './naked.js';
import { cases as nakedWriting } from './naked-writing.js';
import { cases as opening } from './opening.js';
import { cases as payloads } from './payloads.js';
import { cases as signatures } from './signatures.js';
import { cases as signing } from './signing.js';
import { cases as texts } from './texts.js';
import { cases as writing } from './writing.js';
import { cases as writingKeys } from './writing-keys.js';

export const messageCodecCases: readonly Case[] = [
  ...layout,
  ...opening,
  ...payloads,
  ...signatures,
  ...texts,
  ...writing,
  ...writingKeys,
  ...signing,
  ...naked,
  ...nakedWriting,
];
