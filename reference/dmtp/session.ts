/**
 * The server's side of one DMTP connection, without socket, clock, randomness or storage: octets in, effects out.
 * Behaviour: section 12 of the DMTP digest.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Breach, Command, Verb } from '../../grammar/dmtp.js';
import { DeliveryRefused, type RefusalReason } from '../account/store.js';
import { CommandLines } from './command-lines.js';
import { breachReplies, handlers } from './commands.js';
import { type Answer, type Conversation, refuse, type Transaction } from './conversation.js';
import type { Judgement } from './judgement.js';
import { MessageIntake } from './message-intake.js';
import { createReplyWriter, type ReplyName } from './reply-writer.js';
import type { DmtpSession, DmtpSessionOptions, SessionEffect } from './session-contract.js';
import { type State, stateTable } from './states.js';
import { understand } from './understand.js';

export type { DmtpSession, DmtpSessionOptions, SessionEffect } from './session-contract.js';

/** @throws TypeError when a text for the banner would break its line */
export function createDmtpSession(options: DmtpSessionOptions): DmtpSession {
  for (const text of [options.host, options.software]) {
    if (!/^[!-~]+( [!-~]+)*$/.test(text)) throw new TypeError(`not fit for a banner: ${JSON.stringify(text)}`);
  }
  return new Session(options);
}

/** Replies that count as violations (rule 8 of section 12.1): those with code 500. */
const violations: ReadonlySet<ReplyName> = new Set<ReplyName>(['invalidCommand', 'lineTooLong']);

const refusalReplies: Readonly<Record<RefusalReason, ReplyName>> = {
  'invalid message': 'badMessage',
  'wrong signature': 'wrongSignature',
  'origin unavailable': 'originUnavailable',
  'origin unknown': 'originUnknown',
  'invalid origin signet': 'invalidOriginSignet',
  'outdated recipient signet': 'outdatedRecipientSignet',
  'domain not served': 'recipientNotServed',
  'recipient unknown': 'recipientUnknown',
  'locked by administrator': 'lockedByAdministrator',
  'locked for inactivity': 'lockedForInactivity',
  'locked for abuse': 'lockedForAbuse',
  'locked by owner': 'lockedByOwner',
};

const intakeReplies = {
  invalid: 'badMessage',
  'too large': 'messageTooLarge',
  'internal error': 'messageInternalError',
} as const satisfies Record<string, ReplyName>;

/** What is kept while a judgement is awaited; a transport gives no more than one slice of a message. */
const mostKept = 64 * 1024;

/** Octets of a message id before base64url: never the same twice. */
const idOctets = 15;

class Session implements DmtpSession {
  readonly #conversation: Conversation;
  #state: State;
  #phase: 'open' | 'handshake' | 'judgement' | 'handed over' | 'closed' = 'open';
  #intake: MessageIntake | null = null;
  /** MAIL and RCPT of the message that is taken or judged. */
  #carried: Transaction | null = null;
  /** Came while a judgement is awaited. */
  #kept: Buffer = Buffer.alloc(0);
  #digest: Hash | null = null;
  readonly #lines = new CommandLines();
  #violations = 0;
  /** Replies not yet among the effects: those of one call leave together. */
  #unsent = '';
  #effects: SessionEffect[] = [];

  constructor(private readonly options: DmtpSessionOptions) {
    const { host, software, transport, limits, numberedCodes = false } = options;
    this.#state = transport === 'tls' ? 'tls' : 'no-tls';
    this.#conversation = {
      host,
      domains: new Set(options.domains.map((domain) => domain.toLowerCase())),
      store: options.store,
      dualPort: options.dualMode && transport === 'plain',
      messageOctets: limits.messageOctets,
      disabled: options.disabled,
      numberedCodes,
      random: options.random,
      write: createReplyWriter({ host, software, limit: limits.messageOctets, numberedCodes }),
      encrypted: transport === 'tls',
      established: false,
      transaction: null,
      nonce: null,
    };
  }

  get awaiting(): DmtpSession['awaiting'] {
    if (this.#phase === 'judgement') return 'judgement';
    return this.#intake === null ? 'command' : 'message';
  }

  start(): SessionEffect[] {
    this.#reply(this.#conversation.dualPort ? 'bannerDual' : 'banner');
    return this.#takeEffects();
  }

  receive(octets: Uint8Array): SessionEffect[] {
    this.#take(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength));
    return this.#takeEffects();
  }

  judged(judgement: Judgement): SessionEffect[] {
    if (this.#phase === 'closed') return [];
    const intake = this.#intake;
    if (this.#phase !== 'judgement' || intake === null) throw new Error('judged() without a judgement under way');
    this.#phase = 'open';
    this.#endMessage(this.#conclude(intake, judgement));
    const kept = this.#kept;
    this.#kept = Buffer.alloc(0);
    this.#take(kept);
    return this.#takeEffects();
  }

  handOverFailed(): SessionEffect[] {
    this.#reply('smtpUnreachable');
    this.#close();
    return this.#takeEffects();
  }

  secured(): SessionEffect[] {
    if (this.#phase === 'closed') return [];
    if (this.#phase !== 'handshake') throw new Error('secured() without a handshake under way');
    this.#phase = 'open';
    this.#state = 'tls';
    this.#conversation.encrypted = true;
    this.#reply('secured');
    return this.#takeEffects();
  }

  expire(): SessionEffect[] {
    return this.#closeWith(this.awaiting === 'message' ? 'dataTimedOut' : 'closing');
  }

  shutdown(): SessionEffect[] {
    return this.#closeWith('closing');
  }

  end(): void {
    this.#phase = 'closed';
    this.#intake?.abandon();
    this.#intake = null;
  }

  #closeWith(reply: ReplyName): SessionEffect[] {
    if (this.#phase === 'closed') return [];
    // Plain text would be read as part of the handshake.
    if (this.#phase === 'open' || this.#phase === 'judgement') this.#reply(reply);
    this.#close();
    return this.#takeEffects();
  }

  #take(buffer: Buffer): void {
    let at = 0;
    while (at < buffer.length && this.#phase === 'open') {
      at = this.#intake === null ? this.#takeLine(buffer, at) : this.#takeMessage(this.#intake, buffer, at);
    }
    // What comes after STARTTLS in the clear, or after QUIT, is not looked at (rule 6 of section 12.1).
    if (this.#phase !== 'judgement' || at === buffer.length) return;
    if (this.#kept.length + buffer.length - at > mostKept) {
      throw new RangeError(`more than ${mostKept} octets came while a judgement was awaited`);
    }
    this.#kept = Buffer.concat([this.#kept, buffer.subarray(at)]);
  }

  #takeLine(buffer: Buffer, at: number): number {
    const next = this.#lines.take(buffer, at);
    if (this.#lines.tooLong) this.#answer(refuse('lineTooLong'));
    if (this.#lines.line === null) return next;
    this.#carryOut(this.#lines.line);
    if (this.#phase !== 'handed over') return next;
    // Whatever came behind the line is for SMTP as well.
    const octets = Buffer.concat([Buffer.from(this.#lines.line, 'latin1'), buffer.subarray(next)]);
    this.#flush();
    this.#effects.push({ kind: 'hand-over', octets });
    return buffer.length;
  }

  /** Checks in the order of rule 4 of section 12.1, then does what the line says. */
  #carryOut(line: string): void {
    const { row, verb, said } = understand(line);
    if (row === 'MAIL') this.#dropTransaction();
    const cell = stateTable[row][this.#state];
    if (cell === 'for-smtp') {
      this.#serveSmtp();
    } else if ('refuse' in cell && cell.refuse === 'tlsRequired') {
      this.#answer(refuse(cell.refuse));
    } else if (verb !== null && this.options.disabled.has(verb)) {
      this.#answer(refuse('disabled', { verb }));
    } else if ('refuse' in cell) {
      this.#answer(refuse(cell.refuse));
    } else if ('breach' in said) {
      this.#answerBreach(said.breach);
    } else {
      const answer = this.#handle(said.command);
      this.#answer(answer);
      if (answer.accepted) this.#proceed(said.command.verb, cell.next);
    }
  }

  /** Rule 5: MAIL drops an earlier transaction, even when it is refused. */
  #dropTransaction(): void {
    if (this.#conversation.transaction === null) return;
    this.#conversation.transaction = null;
    this.#state = 'greeted';
  }

  #answerBreach({ verb, breach }: Breach): void {
    const reply = verb === null ? undefined : breachReplies[verb][breach];
    if (reply === 'for-smtp') this.#serveSmtp();
    else this.#answer(refuse(reply ?? 'invalidCommand'));
  }

  /** A line that is for SMTP: the service takes the connection, where there is one and it still may (section 12.3). */
  #serveSmtp(): void {
    const { dualPort, encrypted, established } = this.#conversation;
    if (dualPort && !encrypted && !established) this.#phase = 'handed over';
    else this.#answer(refuse(established ? 'noFallback' : 'smtpNotAvailable'));
  }

  #handle(command: Command): Answer {
    try {
      return handlers[command.verb](this.#conversation, command);
    } catch {
      // The store or the source of randomness failed: the peer is told so and the session goes on.
      return refuse('internalError');
    }
  }

  #proceed(verb: Verb, state: State): void {
    if (verb === 'STARTTLS') {
      this.#flush();
      this.#effects.push({ kind: 'secure', host: this.options.host });
      this.#phase = 'handshake';
      return;
    }
    this.#state = state;
    if (verb === 'QUIT') this.#close();
    if (verb === 'DATA') this.#openMessage();
  }

  #openMessage(): void {
    const { transaction, store, messageOctets, numberedCodes } = this.#conversation;
    if (transaction?.destination == null) throw new Error('DATA was let through without origin and destination');
    const { origin, octets } = transaction;
    const destination = transaction.destination.domain;
    const digest = numberedCodes ? createHash('sha512') : null;
    this.#digest = digest;
    this.#conversation.transaction = null;
    this.#carried = transaction;
    this.#intake = new MessageIntake({
      openSink: () => store.receive({ origin, destination, octets }),
      size: octets,
      limit: messageOctets,
      ...(digest === null ? {} : { observe: (piece) => digest.update(piece) }),
    });
  }

  #takeMessage(intake: MessageIntake, buffer: Buffer, at: number): number {
    const next = intake.take(buffer, at);
    const { outcome } = intake;
    if (outcome === 'whole') this.#awaitJudgement(intake);
    else if (outcome !== null) this.#endMessage(refuse(intakeReplies[outcome]));
    return next;
  }

  #awaitJudgement({ sink, received }: MessageIntake): void {
    const carried = this.#carried;
    if (sink === null || carried?.destination == null) throw new Error('a whole message without sink or destination');
    this.#phase = 'judgement';
    this.#flush();
    this.#effects.push({
      kind: 'judge',
      mail: {
        origin: carried.origin,
        originFingerprint: carried.originFingerprint,
        destination: carried.destination.domain,
        destinationFingerprint: carried.destination.fingerprint,
        octets: received,
        pieces: () => sink.pieces(),
      },
    });
  }

  /** The fate of the message is decided: the one reply goes out, and the transaction is over (DMTP-099, DMTP-103). */
  #endMessage(answer: Answer): void {
    this.#intake = null;
    this.#carried = null;
    this.#answer(answer);
  }

  #conclude(intake: MessageIntake, judgement: Judgement): Answer {
    if (judgement.accepted) return this.#commit(intake, judgement.recipient);
    intake.abandon();
    const { reason } = judgement;
    return refuse(reason === 'internal error' ? 'messageInternalError' : refusalReplies[reason]);
  }

  #commit(intake: MessageIntake, recipient: string | null): Answer {
    const fingerprint = this.#digest?.digest('base64').replace(/=+$/, '');
    try {
      if (fingerprint !== undefined && this.options.store.holds(fingerprint)) {
        intake.abandon();
        return refuse('duplicate', { fingerprint });
      }
      const id = Buffer.from(this.options.random(idOctets)).toString('base64url');
      intake.sink?.commit(id, fingerprint, recipient);
      return { accepted: true, reply: 'stored', values: { id, fingerprint: fingerprint ?? '' } };
    } catch (error) {
      intake.abandon();
      return refuse(error instanceof DeliveryRefused ? refusalReplies[error.reason] : 'messageInternalError');
    }
  }

  #answer({ reply, values, lines }: Answer): void {
    if (violations.has(reply) && ++this.#violations > this.options.limits.violations) {
      this.#reply('tooManyViolations');
      this.#close();
      return;
    }
    this.#unsent += this.#conversation.write(reply, values, lines);
  }

  #reply(name: ReplyName): void {
    this.#unsent += this.#conversation.write(name);
  }

  #close(): void {
    this.#flush();
    this.#effects.push({ kind: 'close' });
    this.end();
  }

  #flush(): void {
    if (this.#unsent === '') return;
    this.#effects.push({ kind: 'send', octets: Buffer.from(this.#unsent, 'latin1') });
    this.#unsent = '';
  }

  #takeEffects(): SessionEffect[] {
    this.#flush();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
