/** What a connection needs from the server that holds it. */
import type { Socket } from 'node:net';
import type { Judge } from './judgement.js';
import type { DmtpServerLimits } from './limits.js';
import type { DmtpSession } from './session.js';
import type { SmtpService } from './smtp-relay.js';

/** How a connection begins: with TLS, or in plain text. */
export type Transport = 'tls' | 'plain';

export interface ConnectionHost<Connection> {
  readonly limits: DmtpServerLimits;
  readonly createSession: (transport: Transport) => DmtpSession;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly judge: Judge;
  /** Takes the connections that turn out to be SMTP; null when sessions never ask for it. */
  readonly smtpService: SmtpService | null;
  /** Starts TLS on the socket; the server calls `secured` when the handshake is done. */
  readonly handshake: (raw: Socket) => void;
  /** The peer said something before its handshake was done. */
  readonly heard: (connection: Connection) => void;
  /** Called once, at the end. */
  readonly closed: (connection: Connection) => void;
  /** For the log; it never holds what the peer sent. */
  readonly notice: (connection: Connection, event: string, code?: string) => void;
}
