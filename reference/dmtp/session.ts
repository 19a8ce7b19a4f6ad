/**
 * The server's side of one DMTP connection, without socket, clock, randomness or storage: octets in, effects out.
 * Behaviour: section 12 of the DMTP digest.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Breach, Command, Verb } from '../../grammar/dmtp.js';
import { DeliveryRefused, type DmtpStore, type RefusalReason } from '../account/store.js';
import { CommandLines } from './command-lines.js';
import { breachReplies, handlers } from './commands.js';
import { type Answer, type Conversation, refuse, refuseForSmtp } from './conversation.js';
import { MessageIntake } from './message-intake.js';
import { createReplyWriter, type ReplyName } from './reply-writer.js';
import { type State, stateTable } from './states.js';
import { understand } from './understand.js';

/** What the transport has to do, in this order. */
export type SessionEffect =
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** Once what was sent before is written: drop plain octets, shake hands for `host`, then call `secured`. */
  | { readonly kind: 'secure'; readonly host: string }
  | { readonly kind: 'close' };

export interface DmtpSession {
  /** The banner. */
  start(): SessionEffect[];
  /** Takes octets, cut anywhere. They may be reused after the call. */
  receive(octets: Uint8Array): SessionEffect[];
  /** The handshake after `secure` is done. @throws Error when none was asked for */
  secured(): SessionEffect[];
  /** Nothing came for the configured time. */
  expire(): SessionEffect[];
  /** The server goes down. */
  shutdown(): SessionEffect[];
  /** The peer is gone: an unfinished message leaves no trace. */
  end(): void;
  /** Which time limit applies. */
  readonly awaiting: 'command' | 'message';
}

export interface DmtpSessionOptions {
  /** The server's name; its certificate is the only one. */
  readonly host: string;
  /** For the banner: printable ASCII. */
  readonly software: string;
  /** The domains served, in any case. */
  readonly domains: readonly string[];
  readonly store: DmtpStore;
  /** `tls`: TLS from the first octet. `plain`: STARTTLS is needed. */
  readonly transport: 'tls' | 'plain';
  /** A plain port whose banner offers SMTP too; lines for SMTP are refused, since there is no SMTP service here. */
  readonly dualMode: boolean;
  readonly limits: {
    /** The largest message in octets. */
    readonly messageOctets: number;
    /** How many 500s are answered before the peer is sent away. */
    readonly violations: number;
  };
  /** Answered with 502. */
  readonly disabled: ReadonlySet<Verb>;
  /** Gives as many random octets as it is asked for. */
  readonly random: (octets: number) => Uint8Array;
  /** The reading of section 12.5. */
  readonly numberedCodes?: boolean;
}

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

/** Octets of a message id before base64url: never the same twice. */
const idOctets = 15;

class Session implements DmtpSession {
  readonly #conversation: Conversation;
  #state: State;
  #phase: 'open' | 'handshake' | 'closed' = 'open';
  #intake: MessageIntake | null = null;
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

  get awaiting(): 'command' | 'message' {
    return this.#intake === null ? 'command' : 'message';
  }

  start(): SessionEffect[] {
    this.#reply(this.#conversation.dualPort ? 'bannerDual' : 'banner');
    return this.#takeEffects();
  }

  receive(octets: Uint8Array): SessionEffect[] {
    const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    // What comes after STARTTLS in the clear, or after QUIT, is not looked at (rule 6 of section 12.1).
    for (let at = 0; at < buffer.length && this.#phase === 'open'; ) {
      at = this.#intake === null ? this.#takeLine(buffer, at) : this.#takeMessage(this.#intake, buffer, at);
    }
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
    return this.#closeWith(this.#intake === null ? 'closing' : 'dataTimedOut');
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
    if (this.#phase === 'open') this.#reply(reply);
    this.#close();
    return this.#takeEffects();
  }

  #takeLine(buffer: Buffer, at: number): number {
    const next = this.#lines.take(buffer, at);
    if (this.#lines.tooLong) this.#answer(refuse('lineTooLong'));
    if (this.#lines.line !== null) this.#carryOut(this.#lines.line);
    return next;
  }

  /** Checks in the order of rule 4 of section 12.1, then does what the line says. */
  #carryOut(line: string): void {
    const { row, verb, said } = understand(line);
    if (row === 'MAIL') this.#dropTransaction();
    const cell = stateTable[row][this.#state];
    if (cell === 'for-smtp') {
      this.#answer(refuseForSmtp(this.#conversation));
    } else if ('refuse' in cell && cell.refuse === 'tlsRequired') {
      this.#answer(refuse(cell.refuse));
    } else if (verb !== null && this.options.disabled.has(verb)) {
      this.#answer(refuse('disabled', { verb }));
    } else if ('refuse' in cell) {
      this.#answer(refuse(cell.refuse));
    } else if ('breach' in said) {
      this.#answer(this.#answerBreach(said.breach));
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

  #answerBreach({ verb, breach }: Breach): Answer {
    const reply = verb === null ? undefined : breachReplies[verb][breach];
    return typeof reply === 'function' ? reply(this.#conversation) : refuse(reply ?? 'invalidCommand');
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
    const { origin, destination, octets } = transaction;
    const digest = numberedCodes ? createHash('sha512') : null;
    this.#digest = digest;
    this.#conversation.transaction = null;
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
    if (outcome === null) return next;
    this.#intake = null;
    this.#answer(outcome === 'whole' ? this.#commit(intake) : refuse(intakeReplies[outcome]));
    return next;
  }

  #commit(intake: MessageIntake): Answer {
    const fingerprint = this.#digest?.digest('base64').replace(/=+$/, '');
    try {
      if (fingerprint !== undefined && this.options.store.holds(fingerprint)) {
        intake.abandon();
        return refuse('duplicate', { fingerprint });
      }
      const id = Buffer.from(this.options.random(idOctets)).toString('base64url');
      intake.sink?.commit(id, fingerprint);
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
