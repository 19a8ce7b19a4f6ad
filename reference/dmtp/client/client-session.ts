/**
 * The client's side of one DMTP connection: octets in, effects out; no socket, clock or randomness. It says STARTTLS at
 * most once and never inside TLS (DMTP-067), throws away what comes in plain text after it (DMTP-071), sends nothing
 * inside TLS before the certificate was found good (DMTP-068), and waits for each reply before it sends a command.
 */
import { type Command, type Dialect, formatCommand, LineTooLongError } from '../../../grammar/dmtp.js';
import { type ClientReply, DmtpClientError, shownReply } from './client-error.js';
import type { DmtpClientLimits } from './client-limits.js';
import { type ReplyBounds, ReplyReader } from './reply-reader.js';
import { checkGreeting, checkMode, isSuccess } from './reply-readings.js';

/** `tls`: TLS from the first octet, port 26. `dual`: plain text until STARTTLS, ports 25 and 587. */
export type ClientStart = 'tls' | 'dual';

export type ClientEffect =
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** Do the handshake now on the same connection; then call `secured`. */
  | { readonly kind: 'secure' }
  /** The peer speaks DMTP inside TLS: judge its certificate; then call `trust`, or close. */
  | { readonly kind: 'judge' }
  | { readonly kind: 'reply'; readonly reply: ClientReply }
  /** The connection is over; null after QUIT. */
  | { readonly kind: 'close'; readonly error: DmtpClientError | null };

/** What the session waits for. */
export type Awaiting =
  | 'greeting'
  | 'starttls'
  | 'handshake'
  /** The first line inside TLS. */
  | 'mode'
  /** A call of `trust`. */
  | 'judgement'
  /** The next command. */
  | 'nothing'
  | 'reply'
  /** The reply to a message. */
  | 'fate'
  | 'goodbye'
  | 'end';

/** Which replies are longer than others. */
export type ReplySize = 'ordinary' | 'signet' | 'history';

export interface ClientSessionOptions {
  readonly start: ClientStart;
  /** The delivery host as STARTTLS names it. */
  readonly host: string;
  readonly dialect: Dialect;
  readonly limits: DmtpClientLimits;
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const lineEnd = latin1('\r\n');

export class ClientSession {
  readonly #options: ClientSessionOptions;
  #reader = new ReplyReader();
  #awaiting: Awaiting = 'greeting';
  #subject = 'the greeting';
  #bounds: ReplyBounds;

  constructor(options: ClientSessionOptions) {
    this.#options = options;
    this.#bounds = replyBounds('ordinary', options.limits);
  }

  get awaiting(): Awaiting {
    return this.#awaiting;
  }

  /** Takes octets: in plain text until `secure`, from inside TLS after `secured`. */
  receive(octets: Uint8Array): ClientEffect[] {
    if (this.#awaiting === 'handshake' || this.#awaiting === 'end') return [];
    try {
      const got = this.#reader.receive(octets, this.#bounds, this.#subject);
      return got === null ? [] : this.#take(got.reply, got.rest);
    } catch (error) {
      if (error instanceof DmtpClientError) return this.#close(error);
      throw error;
    }
  }

  /** The handshake after STARTTLS is done. */
  secured(): ClientEffect[] {
    if (this.#awaiting !== 'handshake') throw new Error('the session asked for no handshake');
    this.#await('mode', 'the first line inside TLS');
    return [];
  }

  /** The certificate was found good: commands may follow. */
  trust(): ClientEffect[] {
    if (this.#awaiting === 'judgement') this.#await('nothing', 'a reply that answers no command');
    return [];
  }

  /**
   * Sends a command.
   *
   * @throws DmtpClientError `bad-input` when the line cannot hold an argument, or is longer than 512 octets (DMTP-014)
   */
  ask(command: Omit<Command, 'dialect'>, size: ReplySize = 'ordinary'): ClientEffect[] {
    if (this.#awaiting !== 'nothing') throw new Error(`a command while ${this.#awaiting} is awaited`);
    const line = this.#line(command);
    this.#await('reply', `the reply to ${command.verb}`, size);
    return [{ kind: 'send', octets: latin1(line) }];
  }

  /** Sends a message as it is, and CRLF (DMTP-053); to be called after the go-ahead of DATA. */
  give(message: Uint8Array): ClientEffect[] {
    if (this.#awaiting !== 'nothing') throw new Error(`a message while ${this.#awaiting} is awaited`);
    this.#await('fate', 'the reply to the message');
    return [
      { kind: 'send', octets: message },
      { kind: 'send', octets: lineEnd },
    ];
  }

  /** Says QUIT; the connection closes whatever comes (DMTP-033). */
  leave(): ClientEffect[] {
    if (this.#awaiting !== 'nothing') return this.#close(null);
    const line = this.#line({ verb: 'QUIT', arguments: {} });
    this.#await('goodbye', 'the reply to QUIT');
    return [{ kind: 'send', octets: latin1(line) }];
  }

  /** The peer closed the connection, or it broke. */
  end(reason: string): ClientEffect[] {
    if (this.#awaiting === 'end') return [];
    if (this.#awaiting === 'goodbye') return this.#close(null);
    const before = this.#awaiting === 'nothing' ? 'the next command' : this.#expected();
    const where = this.#reader.begun ? 'within' : 'before';
    return this.#close(new DmtpClientError('closed', `the connection ended ${where} ${before}: ${reason}`));
  }

  /** What is awaited did not come in time. */
  expire(ms: number): ClientEffect[] {
    if (this.#awaiting === 'goodbye') return this.#close(null);
    return this.#close(new DmtpClientError('timeout', `${this.#expected()} did not come within ${ms} ms`));
  }

  /** Ends the connection for a reason that lies outside the session. */
  abandon(error: DmtpClientError): ClientEffect[] {
    return this.#awaiting === 'end' ? [] : this.#close(error);
  }

  #take(reply: ClientReply, rest: Uint8Array): ClientEffect[] {
    const awaited = this.#awaiting;
    if (awaited === 'nothing' || awaited === 'judgement') return this.#close(unsolicited(reply));
    if (awaited === 'goodbye') return this.#close(null);
    if (awaited === 'starttls') return this.#startTls(reply);
    const effects = this.#answer(awaited, reply);
    // Each reply answers one command, and the next command was not sent yet.
    return rest.length === 0 || this.#awaiting === 'end' ? effects : [...effects, ...this.receive(rest)];
  }

  #answer(awaited: Awaiting, reply: ClientReply): ClientEffect[] {
    if (awaited === 'reply' || awaited === 'fate') {
      this.#await('nothing', 'a reply that answers no command');
      return [{ kind: 'reply', reply }];
    }
    if (awaited === 'mode') checkMode(reply);
    else checkGreeting(reply);
    if (awaited === 'greeting' && this.#options.start === 'dual') {
      const line = this.#line({ verb: 'STARTTLS', arguments: { host: this.#options.host, mode: 'DMTPv1' } });
      this.#await('starttls', 'the reply to STARTTLS');
      return [{ kind: 'send', octets: latin1(line) }];
    }
    this.#await('judgement', 'a reply that answers no command');
    return [{ kind: 'judge' }];
  }

  #startTls(reply: ClientReply): ClientEffect[] {
    if (!isSuccess(reply)) {
      const what = `STARTTLS is answered with ${shownReply(reply)}`;
      return this.#close(new DmtpClientError('no-tls', what, { reply }));
    }
    // What came behind the reply was sent in plain text, by whomever: it is not looked at (DMTP-071).
    this.#reader = new ReplyReader();
    this.#await('handshake', 'the TLS handshake');
    return [{ kind: 'secure' }];
  }

  #line(command: Omit<Command, 'dialect'>): string {
    try {
      return formatCommand({ ...command, dialect: this.#options.dialect });
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof LineTooLongError)) throw error;
      const requirement = error instanceof LineTooLongError ? 'DMTP-014' : undefined;
      throw new DmtpClientError('bad-input', error.message, { requirement, cause: error });
    }
  }

  #await(awaiting: Awaiting, subject: string, size: ReplySize = 'ordinary'): void {
    this.#awaiting = awaiting;
    this.#subject = subject;
    this.#bounds = replyBounds(size, this.#options.limits);
  }

  #expected(): string {
    return this.#awaiting === 'judgement' ? 'the judgement of the certificate' : this.#subject;
  }

  #close(error: DmtpClientError | null): ClientEffect[] {
    this.#awaiting = 'end';
    return [{ kind: 'close', error }];
  }
}

function unsolicited(reply: ClientReply): DmtpClientError {
  // A server that goes down says so unasked (section 12.1, rule 9).
  if (reply.code === 421) return new DmtpClientError('closed', `the server closes: ${shownReply(reply)}`, { reply });
  return new DmtpClientError('unsolicited', `the server says ${shownReply(reply)}, which answers nothing`, { reply });
}

/** Base64 takes four characters for three octets; beside it stand code, OK and brackets. */
const signetLine = (octets: number): number => Math.ceil(octets / 3) * 4 + 64;

function replyBounds(size: ReplySize, limits: DmtpClientLimits): ReplyBounds {
  const { replyOctets, replyLines, signetOctets, historySignets, historyOctets } = limits;
  const line = signetLine(signetOctets);
  switch (size) {
    case 'ordinary':
      return { lineOctets: replyOctets, octets: replyOctets, lines: replyLines };
    case 'signet':
      return { lineOctets: line, octets: line + replyOctets, lines: replyLines };
    case 'history':
      return { lineOctets: line, octets: historyOctets, lines: historySignets + 1 };
  }
}
