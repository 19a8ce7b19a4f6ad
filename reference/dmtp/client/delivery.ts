/** One delivery over a connection whose peer was found good. (Section 6 of the DMTP digest) */
import { createHash } from 'node:crypto';
import type { Command } from '../../../grammar/dmtp.js';
import { type ClientReply, DmtpClientError, shownReply } from './client-error.js';
import type { ClientConnection } from './connection.js';
import { isRefusal, isSuccess, transactionIn } from './reply-readings.js';

export interface Transaction {
  readonly message: Uint8Array;
  /** Domains, as commands carry them. */
  readonly origin: string;
  readonly destination: string;
  /** Full fingerprints of the organizations' signets (DMTP-048). */
  readonly fingerprints: { readonly origin: string; readonly destination: string };
  /** What the server has to return when it cannot deliver after all; nothing is said when not given (DMTP-049). */
  readonly bounce?: 'FULL' | 'DISPLAY' | 'HEADER';
}

export interface Delivery {
  readonly accepted: boolean;
  /** How the server names the message; not there when it accepts without a name. */
  readonly transaction?: string;
  /** The last reply: to the message, or the refusal that ended the transaction. */
  readonly reply: ClientReply;
}

/**
 * Says EHLO, MAIL, RCPT and DATA (DMTP-046) and sends the message once; nothing is ever sent again. A refusal by the
 * server is a result, not an error.
 *
 * @throws DmtpClientError with `outcome` `unknown` when the message was sent and its fate was not told
 */
export async function deliverOnce(connection: ClientConnection, transaction: Transaction): Promise<Delivery> {
  const { message, origin, destination, fingerprints, bounce } = transaction;
  // The named dialect has neither SIZE nor an argument of DATA (section 5 of the DMTP digest).
  const positional = connection.dialect === 'positional';
  const envelope: readonly Omit<Command, 'dialect'>[] = [
    { verb: 'EHLO', arguments: { host: origin } },
    {
      verb: 'MAIL',
      arguments: {
        from: origin,
        fingerprint: fingerprints.origin,
        ...(positional ? { size: message.length } : {}),
        ...(positional && bounce !== undefined ? { return: bounce } : {}),
      },
    },
    { verb: 'RCPT', arguments: { to: destination, fingerprint: fingerprints.destination } },
  ];
  for (const command of envelope) {
    const reply = await connection.ask(command);
    if (isRefusal(reply)) return { accepted: false, reply };
    if (!isSuccess(reply)) throw unexpected(command.verb, reply, '200 to 299');
  }
  const goAhead = await connection.ask({ verb: 'DATA', arguments: positional ? { hash: commitHash(message) } : {} });
  if (isRefusal(goAhead)) return { accepted: false, reply: goAhead };
  if (goAhead.code < 300 || goAhead.code > 399) throw unexpected('DATA', goAhead, '300 to 399');
  const reply = await connection.give(message);
  if (isRefusal(reply)) return { accepted: false, reply };
  if (!isSuccess(reply)) throw unexpected('the message', reply, '200 to 299').withUnknownOutcome();
  const name = transactionIn(reply);
  return { accepted: true, reply, ...(name === undefined ? {} : { transaction: name }) };
}

/** What the argument of DATA is a hash of is not known (OQ-60, OQ-103); here it is the message: SHA-512, as fingerprints are written. */
function commitHash(message: Uint8Array): string {
  return createHash('sha512').update(message).digest('base64').replace(/=+$/, '');
}

function unexpected(subject: string, reply: ClientReply, right: string): DmtpClientError {
  const what = `${subject} is answered with ${shownReply(reply)}; right is a code from ${right}, or a refusal`;
  return new DmtpClientError('malformed-reply', what, { requirement: 'DMTP-019', reply });
}
