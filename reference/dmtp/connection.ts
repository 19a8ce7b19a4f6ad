/** One connection of a DMTP server: carries octets between a socket and a session, in plain text and over TLS. */
import type { Socket } from 'node:net';
import type { ConnectionHost, Transport } from './connection-host.js';
import type { ArrivedMail, Judgement } from './judgement.js';
import type { DmtpSession, SessionEffect } from './session.js';
import { startRelay } from './smtp-relay.js';

/**
 * `silent`: TLS port, no octet yet. `relayed`: an SMTP service has it. `closing`: our end is closed, the peer's octets are
 * thrown away.
 */
type Phase = 'silent' | 'plain' | 'handshake' | 'secure' | 'relayed' | 'closing' | 'closed';

/**
 * How many octets a session gets at once, by what it awaits. A few octets of commands can ask for kilobytes of signets,
 * so the replies are looked at between slices; for a message a slice is what a TLS record holds.
 */
const sliceOctets = { command: 4096, message: 16_384, judgement: 0 } as const;

const nothing = new Uint8Array(0);

export class Connection {
  #phase: Phase;
  /** The socket in use: the TCP socket, later the TLS socket on it. */
  #stream: Socket;
  #session: DmtpSession | null = null;
  #since: number;
  #heard: number;
  #outbox: Uint8Array[] = [];
  #outboxOctets = 0;
  /** Octets read but not given to the session, because the peer does not take its replies. */
  #held: Uint8Array | null = null;
  #inputEnded = false;
  /** The judgement that is awaited, and since when; null when there is none. */
  #judging: { readonly since: number } | null = null;
  readonly #raw: Socket;
  readonly #host: ConnectionHost<Connection>;

  constructor(
    raw: Socket,
    readonly address: string,
    /** Tells it from all other connections that are open. */
    readonly name: string,
    transport: Transport,
    host: ConnectionHost<Connection>,
  ) {
    this.#raw = raw;
    this.#stream = raw;
    this.#host = host;
    this.#since = host.now();
    this.#heard = this.#since;
    this.#phase = transport === 'tls' ? 'silent' : 'plain';
    raw.on('error', (error) => this.#failed(error));
    raw.once('close', () => this.#closed());
  }

  /** Begins to read; on a plain port the banner goes out. */
  start(): void {
    if (this.#phase === 'plain') {
      this.#guard(() => {
        this.#listen(this.#raw);
        this.#session = this.#host.createSession('plain');
        this.#perform(this.#session.start());
        this.#flush();
      });
      return;
    }
    // TLS costs some 50 KB a connection, so it waits for the first octet.
    this.#raw.once('readable', () => {
      if (this.#raw.readableLength === 0) this.destroy('closed without an octet');
      else this.#handshake();
    });
  }

  /** The handshake is done; `stream` is the socket inside TLS. */
  secured(stream: Socket): void {
    stream.on('error', (error) => this.#failed(error));
    if (this.#phase !== 'handshake') {
      stream.destroy();
      return;
    }
    this.#phase = 'secure';
    this.#stream = stream;
    stream.allowHalfOpen = true;
    this.#heard = this.#host.now();
    this.#guard(() => {
      this.#listen(stream);
      if (this.#session === null) {
        this.#session = this.#host.createSession('tls');
        this.#perform(this.#session.start());
      } else {
        this.#perform(this.#session.secured());
      }
      this.#flush();
    });
  }

  /** Ends what has lasted too long. */
  sweep(now: number): void {
    this.#guard(() => this.#enforce(now));
  }

  #enforce(now: number): void {
    const { handshakeMs, idleMs, dataIdleMs, lingerMs } = this.#host.limits;
    const session = this.#session;
    if (this.#phase === 'silent' || this.#phase === 'handshake') {
      if (now - this.#since > handshakeMs) this.destroy('no handshake in time');
    } else if (this.#phase === 'closing') {
      if (now - this.#since > lingerMs) this.destroy('not closed by the peer in time');
    } else if (this.#judging !== null) {
      if (now - this.#judging.since > this.#host.limits.judgeMs) {
        this.#host.notice(this, 'a message was not judged in time');
        this.#judged({ accepted: false, reason: 'internal error' });
      }
    } else if (this.#phase === 'relayed') {
      if (now - this.#heard > idleMs) this.destroy('nothing relayed in time');
    } else if (session !== null && now - this.#heard > (session.awaiting === 'message' ? dataIdleMs : idleMs)) {
      this.#finish('nothing received in time', () => session.expire());
    }
  }

  /** The server goes down: says so, if there is a session to say it in, and closes. */
  shutdown(): void {
    if (this.#phase === 'closing') return;
    const session = this.#session;
    if (session === null || this.#phase === 'handshake' || this.#phase === 'relayed') this.destroy('server going down');
    else this.#finish('server going down', () => session.shutdown());
  }

  /** Makes room for another connection, at once. */
  evict(): void {
    if (this.#phase === 'plain') this.shutdown();
    this.destroy('gave way to another connection');
  }

  destroy(event: string, code?: string): void {
    if (this.#phase === 'closed') return;
    this.#host.notice(this, event, code);
    this.#stream.destroy();
    this.#raw.destroy();
    this.#closed();
  }

  #listen(stream: Socket): void {
    stream.on('data', this.#data);
    stream.on('end', this.#end);
  }

  #data = (octets: Uint8Array): void => this.#guard(() => this.#receive(octets));

  #end = (): void => {
    this.#inputEnded = true;
    if (this.#held === null && this.#judging === null) this.#close();
  };

  #receive(octets: Uint8Array): void {
    if (this.#phase !== 'plain' && this.#phase !== 'secure') return;
    this.#heard = this.#host.now();
    if (this.#phase === 'plain') this.#host.heard(this);
    this.#feed(octets);
  }

  /** Gives octets to the session until they are used up, the session ends, or too many replies wait to be taken. */
  #feed(octets: Uint8Array): void {
    const session = this.#session;
    let offset = 0;
    while (session !== null && offset < octets.length && (this.#phase === 'plain' || this.#phase === 'secure')) {
      if (this.#outboxOctets > this.#host.limits.writeBufferOctets) this.#flush();
      if (this.#blocked) break;
      const slice = octets.subarray(offset, offset + sliceOctets[session.awaiting]);
      offset += slice.length;
      this.#perform(session.receive(slice));
    }
    this.#flush();
    if (this.#blocked && (this.#phase === 'plain' || this.#phase === 'secure')) {
      this.#held = octets.subarray(offset);
      this.#stream.pause();
    }
  }

  /** The session must get nothing now. */
  get #blocked(): boolean {
    return this.#choked || this.#judging !== null;
  }

  get #choked(): boolean {
    return this.#stream.writableLength > this.#host.limits.writeBufferOctets;
  }

  /** A write is done, or a message judged: reading can go on, if nothing else stands against it. */
  #resume = (): void => {
    if (this.#held === null || this.#blocked) return;
    const rest = this.#held;
    this.#held = null;
    this.#heard = this.#host.now();
    this.#guard(() => {
      this.#feed(rest);
      if (this.#held !== null) return;
      if (this.#inputEnded) this.#close();
      else this.#stream.resume();
    });
  };

  #perform(effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') {
        this.#outbox.push(effect.octets);
        this.#outboxOctets += effect.octets.length;
      } else if (effect.kind === 'judge') {
        this.#judge(effect.mail);
      } else if (effect.kind === 'secure') {
        this.#secure();
        return;
      } else if (effect.kind === 'hand-over') {
        this.#handOver(effect.octets);
        return;
      } else {
        this.#close();
        return;
      }
    }
  }

  #judge(mail: ArrivedMail): void {
    const turn = { since: this.#host.now() };
    this.#judging = turn;
    const conclude = (judgement: Judgement): void => {
      // Another one may be awaited by now, or none, when this one came too late.
      if (this.#judging === turn) this.#guard(() => this.#judged(judgement));
    };
    this.#host.judge(mail).then(conclude, (error: unknown) => {
      this.#host.notice(this, 'a message could not be judged', error instanceof Error ? error.name : undefined);
      conclude({ accepted: false, reason: 'internal error' });
    });
  }

  #judged(judgement: Judgement): void {
    this.#judging = null;
    this.#heard = this.#host.now();
    this.#perform(this.#session?.judged(judgement) ?? []);
    this.#flush();
    this.#resume();
  }

  /** The SMTP service has the connection from now on; a session that it cannot be given to says its last word. */
  #handOver(octets: Uint8Array): void {
    const service = this.#host.smtpService;
    if (this.#phase !== 'plain' || service === null) throw new Error('a session handed over what is not for SMTP');
    const raw = this.#raw;
    raw.off('data', this.#data).off('end', this.#end).pause();
    this.#flush();
    this.#phase = 'relayed';
    this.#host.heard(this);
    startRelay({
      peer: raw,
      first: octets,
      service,
      connectMs: this.#host.limits.relayConnectMs,
      moved: () => {
        this.#heard = this.#host.now();
        // It never finishes a handshake; at the limit of connections an idle one makes room first.
        this.#host.heard(this);
      },
      ended: () => {
        if (this.#phase === 'relayed') this.#close();
      },
      failed: (code) => {
        if (this.#phase !== 'relayed') return;
        this.#host.notice(this, 'the SMTP service cannot be reached', code);
        this.#phase = 'plain';
        this.#guard(() => this.#perform(this.#session?.handOverFailed() ?? []));
      },
    });
  }

  /** Writes all replies that wait, in one piece. */
  #flush(done: (error?: Error | null) => void = this.#resume): void {
    const [only] = this.#outbox;
    if (only === undefined) return;
    const octets = this.#outbox.length === 1 ? only : Buffer.concat(this.#outbox);
    this.#outbox = [];
    this.#outboxOctets = 0;
    if (this.#stream.writable) this.#stream.write(octets, done);
  }

  /** After the go-ahead is written, whatever came in plain text is thrown away and TLS begins (section 12.1, rule 6). */
  #secure(): void {
    if (this.#phase !== 'plain') throw new Error('a session asked for TLS inside TLS');
    const raw = this.#raw;
    this.#phase = 'handshake';
    this.#since = this.#host.now();
    raw.off('data', this.#data).off('end', this.#end).pause();
    if (this.#outbox.length === 0) this.#outbox.push(nothing);
    this.#flush((error) => {
      if (error || this.#phase !== 'handshake') return;
      while (raw.read() !== null);
      this.#handshake();
    });
  }

  #handshake(): void {
    this.#phase = 'handshake';
    this.#host.heard(this);
    // A peer that closes its end inside the handshake will not finish it; the socket inside TLS takes this over.
    this.#raw.allowHalfOpen = false;
    this.#guard(() => this.#host.handshake(this.#raw));
  }

  /** A last word of the session, then our end is closed whatever it said. */
  #finish(event: string, lastWord: () => readonly SessionEffect[]): void {
    if (this.#phase !== 'plain' && this.#phase !== 'secure') return;
    this.#host.notice(this, event);
    this.#guard(() => {
      this.#perform(lastWord());
      this.#close();
    });
  }

  /** Closes our end; the peer's is read on for a while, so that the last reply is not lost to a reset. */
  #close(): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    this.#flush();
    this.#phase = 'closing';
    this.#since = this.#host.now();
    this.#held = null;
    this.#judging = null;
    this.#endSession();
    this.#stream.end();
    this.#stream.resume();
  }

  #failed(error: Error): void {
    this.destroy('connection failed', 'code' in error ? String(error.code) : error.name);
  }

  #closed(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#held = null;
    this.#judging = null;
    this.#endSession();
    this.#host.closed(this);
  }

  #endSession(): void {
    const session = this.#session;
    this.#session = null;
    if (session !== null) this.#guard(() => session.end());
  }

  /** A failure in one session ends that connection only. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      // The message could quote the peer; the place in the code cannot.
      const place = error instanceof Error ? /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] : undefined;
      this.destroy('internal error', place);
    }
  }
}
