/** All cases of the class `signet-codec`. */
import type { Case } from '../case.js';
import { cases as armor } from './armor.js';
import { cases as custody } from './custody.js';
import { cases as dialects } from './dialects.js';
import { cases as fields } from './fields.js';
import { cases as forms } from './forms.js';
import { cases as keyObjects } from './key-objects.js';
import { cases as making } from './making.js';
import { cases as objects } from './objects.js';
import { cases as prime } from './prime.js';
import { cases as validation } from './validation.js';

export const signetCodecCases: readonly Case[] = [
  ...objects,
  ...fields,
  ...dialects,
  ...making,
  ...forms,
  ...validation,
  ...custody,
  ...prime,
  ...keyObjects,
  ...armor,
];
