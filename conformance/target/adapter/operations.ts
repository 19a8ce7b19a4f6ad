/** The reference behind the adapter protocol: the embedded default, and what `dime-conformance adapter` serves. */
import { profiles } from '../../../reference/formats/signet/index.js';
import { armorOperations } from './armor-operations.js';
import { dmapCodecOperations } from './dmap-codec-operations.js';
import { dmapRunOperations } from './dmap-run-operation.js';
import { dmtpClientOperations } from './dmtp-client-operations.js';
import { dmtpOperations } from './dmtp-operations.js';
import { dnsOperations } from './dns-operations.js';
import { keysOperations } from './keys-operations.js';
import { messageOperations } from './message-operations.js';
import { recordOperations } from './record-operations.js';
import type { AdapterIdentity, Operations } from './serve.js';
import { signetOperations } from './signet-operations.js';
import { stacieLoginOperations } from './stacie-login.js';
import { stacieMessageOperations } from './stacie-message-operations.js';
import { stacieOperations } from './stacie-operations.js';
import { suiteVersion } from './suite-version.js';

export const referenceOperations: Operations = {
  ...recordOperations,
  ...dmtpOperations,
  ...dmtpClientOperations,
  ...dmapCodecOperations,
  ...dmapRunOperations,
  ...armorOperations,
  ...signetOperations,
  ...keysOperations,
  ...messageOperations,
  ...stacieOperations,
  ...stacieMessageOperations,
  ...stacieLoginOperations,
  ...dnsOperations,
};

/** How the reference adapter names itself. Its profiles are those of signets; messages are in two of them. */
export const referenceIdentity: AdapterIdentity = {
  name: 'dime-conformance reference',
  version: suiteVersion(),
  language: 'TypeScript',
  profiles,
  stacie: ['00', '03'],
};
