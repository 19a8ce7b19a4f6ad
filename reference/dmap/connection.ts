/** One connection of a DMAP server: carries octets between a TLS socket and a session, and its effects out. */
import type { Socket } from 'node:net';
import type { DmapServerLimits } from './server-limits.js';
import type { DmapSession, SessionEffect, SubmitOutcome, SubmitRequest } from './session-contract.js';

/** `silent`: no octet yet. `closing`: our end is closed, the peer's octets are thrown away. */
type Phase = 'silent' | 'handshake' | 'secure' | 'closing' | 'closed';

/** What is done outside of a session for it. Rejections count as a failure, never as the end of the connection. */
export interface SessionServices {
  /** Called after the handshake. `changed` is to be called when something happened that the session could tell. */
  readonly createSession: (changed: () => void) => DmapSession;
  readonly submit: (request: SubmitRequest) => Promise<SubmitOutcome>;
  /** A signet of somebody who is not in the ring; null when there is none to be found. */
  readonly lookUpSignet: (address: string) => Promise<Uint8Array | null>;
  /** The account that the password is right for; null when it is wrong. */
  readonly checkPassword: (username: string, password: string) => Promise<string | null>;
}

/** What a connection needs from the server that holds it. */
export interface ConnectionHost {
  readonly limits: DmapServerLimits;
  readonly services: SessionServices;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Starts TLS on the socket; the server calls `secured` when the handshake is done. */
  readonly handshake: (raw: Socket) => void;
  /** The peer said something before its handshake was done. */
  readonly heard: (connection: Connection) => void;
  /** Called once, at the end. */
  readonly closed: (connection: Connection) => void;
  /** For the log; it never holds what the peer sent. */
  readonly notice: (connection: Connection, event: string, code?: string) => void;
}

/** How many octets a session gets at once: what a TLS record holds. */
const sliceOctets = 16_384;
/** Answers below this size are put together before they are written; larger ones go as they are, without a copy. */
const gatheredOctets = 32_768;

export class Connection {
  #phase: Phase = 'silent';
  /** The socket in use: the TCP socket, later the TLS socket on it. */
  #stream: Socket;
  #session: DmapSession | null = null;
  #since: number;
  /** When an octet came from the peer, or when it took some. */
  #heard: number;
  #outbox: Uint8Array[] = [];
  #outboxOctets = 0;
  /** Octets read but not given to the session. */
  #held: Uint8Array[] = [];
  #inputEnded = false;
  #advancing = false;
  #refreshing = false;
  /** Something went wrong in here before. */
  #failed = false;
  #pause: NodeJS.Timeout | null = null;
  readonly #raw: Socket;
  readonly #host: ConnectionHost;

  constructor(
    raw: Socket,
    readonly address: string,
    /** Tells it from all other connections that are open. */
    readonly name: string,
    host: ConnectionHost,
  ) {
    this.#raw = raw;
    this.#stream = raw;
    this.#host = host;
    this.#since = host.now();
    this.#heard = this.#since;
    raw.on('error', (error) => this.#broken(error));
    raw.once('close', () => this.#closed());
  }

  /** Waits for the first octet, which has to be one of TLS: nothing is said before the handshake (DMAP-011). */
  start(): void {
    this.#raw.once('readable', () => {
      if (this.#raw.readableLength === 0) {
        this.destroy('closed without an octet');
        return;
      }
      this.#phase = 'handshake';
      this.#host.heard(this);
      // A peer that closes its end inside the handshake will not finish it; the socket inside TLS takes this over.
      this.#raw.allowHalfOpen = false;
      this.#guard(() => this.#host.handshake(this.#raw));
    });
  }

  /** The handshake is done; `stream` is the socket inside TLS. */
  secured(stream: Socket): void {
    stream.on('error', (error) => this.#broken(error));
    if (this.#phase !== 'handshake') {
      stream.destroy();
      return;
    }
    this.#phase = 'secure';
    this.#stream = stream;
    stream.allowHalfOpen = true;
    this.#heard = this.#host.now();
    this.#guard(() => {
      stream.on('data', this.#data);
      stream.on('end', this.#end);
      this.#session = this.#host.services.createSession(this.#changed);
      this.#perform(this.#session.start());
      this.#advance();
    });
  }

  /** Ends what has lasted too long. */
  sweep(now: number): void {
    this.#guard(() => this.#enforce(now));
  }

  #enforce(now: number): void {
    const { handshakeMs, loginIdleMs, idleMs, stallMs, lingerMs } = this.#host.limits;
    const session = this.#session;
    if (this.#phase === 'silent' || this.#phase === 'handshake') {
      if (now - this.#since > handshakeMs) this.destroy('no handshake in time');
    } else if (this.#phase === 'closing') {
      if (now - this.#since > lingerMs) this.destroy('not closed by the peer in time');
    } else if (session !== null && this.#stream.writableLength > 0 && now - this.#heard > stallMs) {
      this.destroy('nothing taken by the peer in time');
    } else if (session?.awaiting === 'input' && now - this.#heard > (session.authenticated ? idleMs : loginIdleMs)) {
      this.#finish('nothing received in time', () => session.expire());
    }
  }

  /** The server goes down: says so, if there is a session to say it in, and closes. */
  shutdown(): void {
    if (this.#phase === 'closing') return;
    const session = this.#session;
    if (session === null) this.destroy('server going down');
    else this.#finish('last word', () => session.shutdown());
  }

  /** Another one needs the place. */
  evict(): void {
    this.destroy('gave way to another connection');
  }

  destroy(event: string, code?: string): void {
    if (this.#phase === 'closed') return;
    this.#host.notice(this, event, code);
    this.#stream.destroy();
    this.#raw.destroy();
    this.#closed();
  }

  #data = (octets: Uint8Array): void => {
    if (this.#phase !== 'secure') return;
    this.#heard = this.#host.now();
    this.#held.push(octets);
    this.#guard(() => this.#advance());
  };

  #end = (): void => {
    this.#inputEnded = true;
    if (this.#phase === 'secure') this.#guard(() => this.#advance());
  };

  /** Somebody else changed what the session shows. Many changes in one turn are told once. */
  #changed = (): void => {
    if (this.#refreshing || this.#phase !== 'secure') return;
    this.#refreshing = true;
    setImmediate(() => {
      this.#refreshing = false;
      const session = this.#session;
      if (this.#phase !== 'secure' || session === null) return;
      this.#guard(() => {
        this.#perform(session.refresh());
        this.#advance();
      });
    });
  };

  /**
   * Goes on until the peer does not take its answers, the session waits for an outcome, or there is no more input. Then
   * nothing is read from the peer, or the next octets are awaited.
   */
  #advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    try {
      while (this.#phase === 'secure' && this.#session !== null && this.#step(this.#session));
      this.#flush();
    } finally {
      this.#advancing = false;
    }
    if (this.#phase !== 'secure' || this.#session === null) return;
    if (this.#session.awaiting !== 'input' || this.#held.length > 0) this.#stream.pause();
    else if (this.#inputEnded) this.#close();
    else this.#stream.resume();
  }

  /** @returns whether there may be more to do at once */
  #step(session: DmapSession): boolean {
    if (this.#outboxOctets > this.#host.limits.writeBufferOctets) this.#flush();
    if (this.#choked) return false;
    if (session.awaiting === 'room') {
      this.#perform(session.more());
      return true;
    }
    if (session.awaiting !== 'input') return false;
    const octets = this.#held.shift();
    if (octets === undefined) return false;
    if (octets.length > sliceOctets) this.#held.unshift(octets.subarray(sliceOctets));
    this.#perform(session.receive(octets.subarray(0, sliceOctets)));
    return true;
  }

  get #choked(): boolean {
    return this.#stream.writableLength > this.#host.limits.writeBufferOctets;
  }

  /** A write is done: the peer takes its answers. */
  #written = (): void => {
    this.#heard = this.#host.now();
    if (this.#phase === 'secure') this.#guard(() => this.#advance());
  };

  #perform(effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') {
        this.#outbox.push(effect.octets);
        this.#outboxOctets += effect.octets.length;
      } else if (effect.kind === 'close') {
        this.#close();
        return;
      } else {
        this.#serve(effect);
      }
    }
  }

  #serve(effect: Exclude<SessionEffect, { kind: 'send' | 'close' }>): void {
    const { submit, lookUpSignet, checkPassword } = this.#host.services;
    switch (effect.kind) {
      case 'submit':
        this.#await(
          () => submit(effect.request),
          { accepted: false, text: 'The message could not be handed on.' },
          (session, outcome) => session.submitted(outcome),
        );
        break;
      case 'look-up':
        this.#await(
          () => lookUpSignet(effect.address),
          null,
          (session, signet) => session.found(signet),
        );
        break;
      case 'check-password':
        this.#await(
          () => checkPassword(effect.username, effect.password),
          null,
          (session, username) => session.checked(username),
        );
        break;
      case 'pause':
        this.#pause = setTimeout(() => this.#goOn(this.#session, (session) => session.resume()), effect.milliseconds);
    }
  }

  /** Other connections go on while this one waits. */
  #await<Outcome>(
    ask: () => Promise<Outcome>,
    failure: Outcome,
    tell: (session: DmapSession, outcome: Outcome) => SessionEffect[],
  ): void {
    const session = this.#session;
    const asked = new Promise<Outcome>((resolve) => resolve(ask()));
    asked.then(
      (outcome) => this.#goOn(session, (asking) => tell(asking, outcome)),
      (error: unknown) => {
        this.#host.notice(this, 'a request of a session failed', error instanceof Error ? error.name : undefined);
        this.#goOn(session, (asking) => tell(asking, failure));
      },
    );
  }

  /** Tells the session that asked, which may have ended since: then nobody hears what it says. */
  #goOn(asking: DmapSession | null, tell: (session: DmapSession) => SessionEffect[]): void {
    if (asking === null) return;
    this.#heard = this.#host.now();
    this.#guard(() => {
      const effects = tell(asking);
      if (this.#session !== asking) return;
      this.#perform(effects);
      this.#advance();
    });
  }

  /** Writes all answers that wait. */
  #flush(): void {
    if (this.#outbox.length === 0) return;
    const pieces = gather(this.#outbox);
    this.#outbox = [];
    this.#outboxOctets = 0;
    if (!this.#stream.writable) return;
    this.#stream.cork();
    for (const [index, piece] of pieces.entries()) {
      this.#stream.write(piece, index === pieces.length - 1 ? this.#written : undefined);
    }
    this.#stream.uncork();
  }

  /** A last word of the session, then our end is closed whatever it said. */
  #finish(event: string, lastWord: () => readonly SessionEffect[]): void {
    if (this.#phase !== 'secure') return;
    this.#host.notice(this, event);
    this.#guard(() => {
      this.#perform(lastWord());
      this.#close();
    });
  }

  /** Closes our end; the peer's is read on for a while, so that the last answer is not lost to a reset. */
  #close(): void {
    if (this.#phase !== 'secure') return;
    this.#flush();
    this.#phase = 'closing';
    this.#since = this.#host.now();
    this.#held = [];
    this.#endSession();
    this.#stream.end();
    this.#stream.resume();
  }

  #broken(error: Error): void {
    this.destroy('connection failed', 'code' in error ? String(error.code) : error.name);
  }

  #closed(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#held = [];
    this.#endSession();
    this.#host.closed(this);
  }

  #endSession(): void {
    const session = this.#session;
    this.#session = null;
    if (this.#pause !== null) clearTimeout(this.#pause);
    if (session !== null) this.#guard(() => session.end());
  }

  /** A failure in one session ends that connection only. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      // The message could quote the peer; the place in the code cannot.
      const place = error instanceof Error ? /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] : undefined;
      if (this.#failed || this.#phase !== 'secure') {
        this.destroy('internal error', place);
        return;
      }
      // A server does not close without a BYE (DMAP-105), if its session still knows how to say it.
      this.#failed = true;
      this.#host.notice(this, 'internal error', place);
      this.shutdown();
    }
  }
}

/** Joins neighbours that are small. */
function gather(pieces: readonly Uint8Array[]): Uint8Array[] {
  const gathered: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    const [only] = small;
    if (only !== undefined) gathered.push(small.length === 1 ? only : Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < gatheredOctets) {
      small.push(piece);
    } else {
      join();
      gathered.push(piece);
    }
  }
  join();
  return gathered;
}
