/** How a fault bends the sessions of the reference server: line by line, between the peer and a right session. */
import type { DmtpSession, Judgement, ReferenceHooks, SessionEffect } from '../target/embedded.js';

/** Hands octets, one character each, to the right session, and gives its answer: empty while there is none. */
export type Ask = (octets: string) => string;

/** What stands between a peer and its session. Each member gives what the peer is answered. */
export interface SessionBend {
  readonly banner?: (banner: string) => string;
  /** The first line inside the TLS of STARTTLS. */
  readonly secured?: (line: string, ask: Ask) => string;
  /** Sees octets as they come, before they are cut into lines. */
  readonly chunk?: (octets: string) => string;
  /** One command line with its line end. */
  readonly line?: (line: string, ask: Ask) => string;
  /**
   * Octets of a message and what stands behind it, up to an LF or as far as they came. When the answer comes later than
   * these, it is called once more without any, and the first `ask` gives that answer.
   */
  readonly message?: (octets: string, ask: Ask) => string;
  /** Nothing came for too long; `lastWord` is what the session says to that. */
  readonly expired?: (lastWord: string, awaiting: DmtpSession['awaiting']) => string;
}

/** A session that does what the one in it does. */
export class WrappedSession implements DmtpSession {
  constructor(protected readonly inner: DmtpSession) {}

  get awaiting(): DmtpSession['awaiting'] {
    return this.inner.awaiting;
  }

  start(): SessionEffect[] {
    return this.inner.start();
  }

  receive(octets: Uint8Array): SessionEffect[] {
    return this.inner.receive(octets);
  }

  secured(): SessionEffect[] {
    return this.inner.secured();
  }

  judged(judgement: Judgement): SessionEffect[] {
    return this.inner.judged(judgement);
  }

  handOverFailed(): SessionEffect[] {
    return this.inner.handOverFailed();
  }

  expire(): SessionEffect[] {
    return this.inner.expire();
  }

  shutdown(): SessionEffect[] {
    return this.inner.shutdown();
  }

  end(): void {
    this.inner.end();
  }
}

/** More than this of a line without its end goes to the session as it comes. */
const longestHeld = 8192;

class BentSession extends WrappedSession {
  #partial = '';
  /** The session got the beginning of a line that was too long to hold. */
  #passing = false;
  /** Came while the right session awaited the judgement of a message. */
  #waiting = '';
  #others: SessionEffect[] = [];

  constructor(
    inner: DmtpSession,
    private readonly bend: SessionBend,
  ) {
    super(inner);
  }

  override start(): SessionEffect[] {
    const banner = this.#collect(this.inner.start());
    return this.#effects(this.bend.banner?.(banner) ?? banner);
  }

  override secured(): SessionEffect[] {
    const line = this.#collect(this.inner.secured());
    return this.#effects(this.bend.secured?.(line, this.#ask) ?? line);
  }

  override receive(octets: Uint8Array): SessionEffect[] {
    const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
    let answers = '';
    for (const piece of (this.bend.chunk?.(text) ?? text).split(/(?<=\n)/)) answers += this.#take(piece);
    return this.#effects(answers);
  }

  override judged(judgement: Judgement): SessionEffect[] {
    const answer = this.#collect(this.inner.judged(judgement));
    let first = true;
    const ask: Ask = (octets) => {
      if (!first) return this.#ask(octets);
      first = false;
      return answer;
    };
    let answers = (this.bend.message ?? unbent)('', ask);
    const waiting = this.#waiting;
    this.#waiting = '';
    for (const piece of waiting.split(/(?<=\n)/)) answers += this.#take(piece);
    return this.#effects(answers);
  }

  override expire(): SessionEffect[] {
    const { awaiting } = this.inner;
    const lastWord = this.#collect(this.inner.expire());
    return this.#effects(this.bend.expired?.(lastWord, awaiting) ?? lastWord);
  }

  /** `piece` has no LF but at its end. */
  #take(piece: string): string {
    if (this.inner.awaiting === 'judgement') {
      this.#waiting += piece;
      return '';
    }
    if (this.inner.awaiting === 'message') return (this.bend.message ?? unbent)(piece, this.#ask);
    const complete = piece.endsWith('\n');
    if (this.#passing) {
      this.#passing = !complete;
      return this.#ask(piece);
    }
    const line = this.#partial + piece;
    this.#partial = '';
    if (complete) return (this.bend.line ?? unbent)(line, this.#ask);
    if (line.length > longestHeld) {
      this.#passing = true;
      return this.#ask(line);
    }
    this.#partial = line;
    return '';
  }

  #ask: Ask = (octets) => this.#collect(this.inner.receive(Buffer.from(octets, 'latin1')));

  /** Gives what is sent, and keeps the other effects for later. */
  #collect(effects: readonly SessionEffect[]): string {
    let text = '';
    for (const effect of effects) {
      if (effect.kind === 'send') text += Buffer.from(effect.octets).toString('latin1');
      else this.#others.push(effect);
    }
    return text;
  }

  #effects(text: string): SessionEffect[] {
    const others = this.#others;
    this.#others = [];
    return text === '' ? others : [{ kind: 'send', octets: Buffer.from(text, 'latin1') }, ...others];
  }
}

const unbent = (octets: string, ask: Ask): string => ask(octets);

/** Every session of the server is bent; `make` is called for each, so that a bend can remember. */
export function bendSessions(make: () => SessionBend): ReferenceHooks {
  return { session: (session) => new BentSession(session, make()) };
}

/** Lines that fit are answered by `answer`. */
export function answerLines(which: RegExp, answer: (line: string, ask: Ask) => string): ReferenceHooks {
  return bendSessions(() => ({ line: (line, ask) => (which.test(line) ? answer(line, ask) : ask(line)) }));
}

/** The session reads another line than was sent. */
export function rewriteLines(which: RegExp, change: (line: string) => string): ReferenceHooks {
  return answerLines(which, (line, ask) => ask(change(line)));
}

/** Lines that fit are carried out, and answered in another way. */
export function rewriteReplies(to: RegExp, change: (reply: string) => string): ReferenceHooks {
  return answerLines(to, (line, ask) => change(ask(line)));
}

/** The answer to a message becomes another; `change` sees no empty answers. */
export function rewriteMessageReplies(change: (reply: string) => string): ReferenceHooks {
  return bendSessions(() => ({
    message: (octets, ask) => {
      const reply = ask(octets);
      return reply === '' ? '' : change(reply);
    },
  }));
}

/** A reply of one line. */
export const says = (reply: string) => (): string => `${reply}\r\n`;

export const succeeded = (reply: string): boolean => reply.startsWith('2');
