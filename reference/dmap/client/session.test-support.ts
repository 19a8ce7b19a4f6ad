/** A client session to talk with in tests, without a socket: the test is the server. */
import type { Command } from '../../../grammar/dmap.js';
import { clientLimits, type DmapClientLimits } from './client-limits.js';
import { type ClientEffect, ClientSession } from './client-session.js';
import type { Outcome } from './outcome.js';

export const capabilities = '[CAPABILITY DMAP=TRUSTFUL AUTH=STACIE]';

export class Serving {
  readonly session: ClientSession;
  readonly effects: ClientEffect[] = [];
  /** All that the client sent, one character an octet, since the last look. */
  #sent = '';

  /** @param cut octets of a piece in which the client gets everything */
  constructor(
    limits: Partial<DmapClientLimits> = {},
    private readonly cut = Number.POSITIVE_INFINITY,
  ) {
    this.session = new ClientSession(clientLimits(limits));
  }

  /** Says this to the client and gives what it sends. */
  say(...lines: string[]): string {
    const octets = Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
    for (let at = 0; at < octets.length; at += this.cut) {
      this.#perform(this.session.receive(new Uint8Array(octets.subarray(at, at + this.cut))));
    }
    return this.sent();
  }

  /** Lets the client send a command and gives what it sends. */
  ask(command: Command): string {
    this.#perform(this.session.begin(command));
    return this.sent();
  }

  respond(octets: Uint8Array | null): string {
    this.#perform(this.session.respond(octets));
    return this.sent();
  }

  sent(): string {
    const text = this.#sent;
    this.#sent = '';
    return text;
  }

  perform(effects: ClientEffect[]): void {
    this.#perform(effects);
  }

  /** How the last command ended. */
  get outcome(): Outcome {
    const completed = this.effects.filter((effect) => effect.kind === 'completed').at(-1);
    if (completed?.kind !== 'completed') throw new Error('no command has ended');
    return completed.outcome;
  }

  /** Why the connection is over: the message of the error, null after LOGOUT, undefined while it is not. */
  get over(): string | null | undefined {
    const last = this.effects.at(-1);
    return last?.kind === 'close' ? (last.error?.message ?? null) : undefined;
  }

  #perform(effects: ClientEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#sent += Buffer.from(effect.octets).toString('latin1');
      else this.effects.push(effect);
    }
  }
}

/** A session that is logged in. */
export function authenticated(limits: Partial<DmapClientLimits> = {}, cut?: number): Serving {
  const serving = new Serving(limits, cut);
  serving.say(`* PREAUTH ${capabilities} hello`);
  return serving;
}

/** A session with a mailbox of so many messages. */
export function selected(exists: number, limits: Partial<DmapClientLimits> = {}, cut?: number): Serving {
  const serving = authenticated(limits, cut);
  serving.ask({ name: 'SELECT', mailbox: 'INBOX' });
  serving.say(
    '* FLAGS (\\Seen \\Deleted)',
    `* ${exists} EXISTS`,
    '* OK [UIDVALIDITY 7] .',
    '* OK [UIDNEXT 100] .',
    '* OK [PERMANENTFLAGS (\\Seen \\*)] .',
    'c1 OK [READ-WRITE] .',
  );
  return serving;
}
