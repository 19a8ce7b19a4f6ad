/** Every seeded fault of the suite, in the order of the cases. */
import { faults as argumentsFaults } from './arguments-faults.js';
import { faults as commandsFaults } from './commands-faults.js';
import { faults as dmapClientFaults } from './dmap-client-faults.js';
import { faults as dmapMessageFaults } from './dmap-message-faults.js';
import { faults as dmapMailboxFaults } from './dmap-server-mailbox-faults.js';
import { faults as dmapServerProtocolFaults } from './dmap-server-protocol-faults.js';
import { faults as dmapSignetFaults } from './dmap-signet-faults.js';
import { faults as dmapSubmissionFaults } from './dmap-submission-faults.js';
import { faults as dmapSyncFaults } from './dmap-sync-faults.js';
import { faults as dmtpClientFaults } from './dmtp-client-faults.js';
import { faults as codecFaults } from './dmtp-codec-faults.js';
import { faults as dmtpDualModeFaults } from './dmtp-dual-mode-faults.js';
import { faults as dmtpInboxFaults } from './dmtp-inbox-faults.js';
import { faults as dmtpMailFaults } from './dmtp-mail-faults.js';
import { faults as dmtpSignetFaults } from './dmtp-signet-faults.js';
import type { Fault } from './fault.js';
import { faults as linesFaults } from './lines-faults.js';
import { faults as messageCodecFaults } from './message-codec-faults.js';
import { faults as messageFaults } from './message-faults.js';
import { faults as recordFaults } from './record-faults.js';
import { faults as publisherFaults } from './record-publisher-faults.js';
import { faults as repliesFaults } from './replies-faults.js';
import { faults as resolverFaults } from './resolver-faults.js';
import { faults as robustnessFaults } from './robustness-faults.js';
import { faults as sequenceFaults } from './sequence-faults.js';
import { faults as signetCodecFaults } from './signet-codec-faults.js';
import { faults as stacieClientFaults } from './stacie-client-faults.js';
import { faults as stacieDerivationFaults } from './stacie-derivation-faults.js';
import { faults as stacieServerFaults } from './stacie-server-faults.js';
import { faults as transportFaults } from './transport-faults.js';

export const allFaults: readonly Fault[] = [
  ...recordFaults,
  ...publisherFaults,
  ...resolverFaults,
  ...signetCodecFaults,
  ...messageCodecFaults,
  ...codecFaults,
  ...repliesFaults,
  ...linesFaults,
  ...commandsFaults,
  ...sequenceFaults,
  ...argumentsFaults,
  ...messageFaults,
  ...dmtpMailFaults,
  ...dmtpInboxFaults,
  ...dmtpSignetFaults,
  ...dmtpDualModeFaults,
  ...dmtpClientFaults,
  ...dmapServerProtocolFaults,
  ...stacieDerivationFaults,
  ...stacieServerFaults,
  ...stacieClientFaults,
  ...dmapMailboxFaults,
  ...dmapMessageFaults,
  ...dmapSyncFaults,
  ...dmapSubmissionFaults,
  ...dmapSignetFaults,
  ...dmapClientFaults,
  ...transportFaults,
  ...robustnessFaults,
];
