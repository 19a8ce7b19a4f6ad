/** The reference behind the adapter protocol: the embedded default, and what `dime-conformance adapter` serves. */
import { dmtpOperations } from './dmtp-operations.js';
import { recordOperations } from './record-operations.js';
import type { AdapterIdentity, Operations } from './serve.js';
import { stacieMessageOperations } from './stacie-message-operations.js';
import { stacieOperations } from './stacie-operations.js';
import { suiteVersion } from './suite-version.js';

export const referenceOperations: Operations = {
  ...recordOperations,
  ...dmtpOperations,
  ...stacieOperations,
  ...stacieMessageOperations,
};

/** How the reference adapter names itself. It does no signets and messages yet, so it names no profile of theirs. */
export const referenceIdentity: AdapterIdentity = {
  name: 'dime-conformance reference',
  version: suiteVersion(),
  language: 'TypeScript',
  profiles: [],
  stacie: ['00', '03'],
};
