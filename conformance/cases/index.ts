/** Every case of the suite, in the order in which a report lists them. */
import type { Case } from './case.js';
import { dmapClientCases } from './dmap-client/index.js';
import { dmapServerCases } from './dmap-server/index.js';
import { dmapSignetCases } from './dmap-signet/index.js';
import { dmapSubmissionCases } from './dmap-submission/index.js';
import { dmapSyncCases } from './dmap-sync/index.js';
import { cases as dmtpArguments } from './dmtp/arguments.js';
import { cases as dmtpLines } from './dmtp/command-lines.js';
import { cases as dmtpCommands } from './dmtp/global-commands.js';
import { cases as dmtpCrowd } from './dmtp/mail-crowd.js';
import { cases as dmtpInbox } from './dmtp/mail-inbox.js';
import { cases as dmtpNumbered } from './dmtp/mail-numbered.js';
import { cases as dmtpRefusals } from './dmtp/mail-refusals.js';
import { cases as dmtpMessage } from './dmtp/message.js';
import { cases as dmtpReplies } from './dmtp/replies.js';
import { cases as dmtpSequence } from './dmtp/sequence.js';
import { cases as dmtpSession } from './dmtp/session-model.js';
import { dmtpClientCases } from './dmtp-client/index.js';
import { dmtpCodecCases } from './dmtp-codec/index.js';
import { dmtpDualModeCases } from './dmtp-dual-mode/index.js';
import { dmtpSignetCases } from './dmtp-signet/index.js';
import { messageCodecCases } from './message-codec/index.js';
import { recordCases } from './record/index.js';
import { resolverCases } from './resolver/index.js';
import { cases as hostilePeers } from './robustness/hostile-peers.js';
import { cases as limits } from './robustness/limits.js';
import { signetCodecCases } from './signet-codec/index.js';
import { stacieClientCases } from './stacie-client/index.js';
import { stacieDerivationCases } from './stacie-derivation/index.js';
import { stacieServerCases } from './stacie-server/index.js';
import { cases as tls } from './transport/tls.js';

export const allCases: readonly Case[] = [
  ...recordCases,
  ...resolverCases,
  ...signetCodecCases,
  ...messageCodecCases,
  ...dmtpCodecCases,
  ...dmtpReplies,
  ...dmtpLines,
  ...dmtpCommands,
  ...dmtpSequence,
  ...dmtpArguments,
  ...dmtpMessage,
  ...dmtpRefusals,
  ...dmtpNumbered,
  ...dmtpInbox,
  ...dmtpCrowd,
  ...dmtpSession,
  ...dmtpSignetCases,
  ...dmtpDualModeCases,
  ...dmtpClientCases,
  ...stacieDerivationCases,
  ...stacieServerCases,
  ...stacieClientCases,
  ...dmapServerCases,
  ...dmapSyncCases,
  ...dmapSubmissionCases,
  ...dmapSignetCases,
  ...dmapClientCases,
  ...tls,
  ...hostilePeers,
  ...limits,
];
