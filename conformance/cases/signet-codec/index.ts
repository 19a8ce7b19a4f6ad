/** All cases of the class `signet-codec`. */
import type { Case } from '../case.js';
import { cases as armor } from './armor.js';
import { cases as custody } from './custody.js';
import { cases as dialects } from './dialects.js';
import { cases as encryptedKeys } from './encrypted-keys.js';
import { cases as encryptionKeys } from './encryption-keys.js';
import { cases as fieldIds } from './field-ids.js';
import { cases as fields } from './fields.js';
import { cases as forms } from './forms.js';
import { cases as keyObjects } from './key-objects.js';
import { cases as objects } from './objects.js';
import { cases as prime } from './prime.js';
import { cases as signatures } from './signatures.js';
import { cases as signing } from './signing.js';
import { cases as signingKeys } from './signing-keys.js';
import { cases as states } from './states.js';
import { cases as validation } from './validation.js';
import { cases as writtenFields } from './written-fields.js';

export const signetCodecCases: readonly Case[] = [
  ...objects,
  ...fields,
  ...fieldIds,
  ...dialects,
  ...signingKeys,
  ...encryptionKeys,
  ...writtenFields,
  ...signing,
  ...forms,
  ...signatures,
  ...states,
  ...validation,
  ...custody,
  ...prime,
  ...keyObjects,
  ...encryptedKeys,
  ...armor,
];
