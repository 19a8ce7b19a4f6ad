/**
 * How a fault bends the DMAP sessions of the reference server: between the peer and a right session, response by
 * response and line by line, or beneath it, in the store.
 */
import type { ReferenceHooks } from '../target/embedded.js';

type DmapHooks = NonNullable<ReferenceHooks['dmap']>;
type Given<Hook> = NonNullable<Hook> extends (right: infer Right) => unknown ? Right : never;
export type DmapSession = Given<DmapHooks['session']>;
type DmapSessionOptions = Given<DmapHooks['sessionOptions']>;
export type MailStore = Given<DmapHooks['store']>;
type SubmitOutcome = Parameters<DmapSession['submitted']>[0];
type Effect = ReturnType<DmapSession['start']>[number];

/** Hands octets, one character each, to the right session, and gives what it sends at once. */
export type DmapAsk = (octets: string) => string;

/** What stands between a peer and its session. Everything is text, one character an octet. */
interface DmapBend {
  /**
   * One whole response with its literals and line end; gives what goes out in its place, nothing for ''.
   *
   * @param command the first line of the command that the session read last, with its line end; '' before the first
   */
  readonly response?: (response: string, command: string) => string;
  /** One line of a command with its line end, never octets of a literal. Gives what the peer is answered. */
  readonly line?: (line: string, ask: DmapAsk) => string;
  /** Octets of a literal, as they come. */
  readonly literal?: (octets: string) => string;
  /** Something changed in the selected mailbox and no command is under way; `said` is what the session says to that. */
  readonly refreshed?: (said: string) => string;
  /** Nothing came for too long; `lastWord` is what the session says to that. */
  readonly expired?: (lastWord: string) => string;
  /** What became of a submission. */
  readonly submitted?: (outcome: SubmitOutcome) => SubmitOutcome;
  /** Whether the connection is closed where the session closes it; it is when not given. */
  readonly closes?: () => boolean;
}

class BentDmapSession implements DmapSession {
  #line = '';
  #command = '';
  /** Octets of a literal that are still to come. */
  #literal = 0;
  /** The next line belongs to the command before it, whose literal came. */
  #goesOn = false;
  /** Of a response that is not whole yet. */
  #sent = '';
  #others: Effect[] = [];

  constructor(
    private readonly inner: DmapSession,
    private readonly bend: DmapBend,
  ) {}

  get awaiting(): DmapSession['awaiting'] {
    return this.inner.awaiting;
  }

  get authenticated(): boolean {
    return this.inner.authenticated;
  }

  start(): Effect[] {
    return this.#effects(this.#collect(this.inner.start()));
  }

  receive(octets: Uint8Array): Effect[] {
    let rest = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
    let answers = '';
    while (rest !== '') {
      const length = this.#literal > 0 ? Math.min(this.#literal, rest.length) : lineLength(rest);
      const piece = rest.slice(0, length);
      rest = rest.slice(length);
      if (this.#literal > 0) {
        this.#literal -= length;
        answers += this.#pass(this.bend.literal?.(piece) ?? piece);
      } else {
        this.#line += piece;
        if (!piece.endsWith('\n')) continue;
        const line = this.#line;
        this.#line = '';
        answers += this.bend.line === undefined ? this.#ask(line) : this.bend.line(line, this.#ask);
      }
    }
    return this.#effects(answers);
  }

  more(): Effect[] {
    return this.#effects(this.#collect(this.inner.more()));
  }

  submitted(outcome: SubmitOutcome): Effect[] {
    return this.#effects(this.#collect(this.inner.submitted(this.bend.submitted?.(outcome) ?? outcome)));
  }

  found(...signet: Parameters<DmapSession['found']>): Effect[] {
    return this.#effects(this.#collect(this.inner.found(...signet)));
  }

  checked(...username: Parameters<DmapSession['checked']>): Effect[] {
    return this.#effects(this.#collect(this.inner.checked(...username)));
  }

  resume(): Effect[] {
    return this.#effects(this.#collect(this.inner.resume()));
  }

  refresh(): Effect[] {
    const said = this.#collect(this.inner.refresh());
    return this.#effects(this.bend.refreshed?.(said) ?? said);
  }

  expire(): Effect[] {
    const lastWord = this.#collect(this.inner.expire());
    return this.#effects(this.bend.expired?.(lastWord) ?? lastWord);
  }

  shutdown(): Effect[] {
    return this.#effects(this.#collect(this.inner.shutdown()));
  }

  end(): void {
    this.inner.end();
  }

  #ask: DmapAsk = (octets) => {
    if (octets === '') return '';
    if (!this.#goesOn) this.#command = octets;
    const answer = this.#pass(octets);
    const announced = /\{(\d+)(\+?)\}\r\n$/.exec(octets);
    // A refused literal does not come.
    this.#goesOn = announced !== null && (announced[2] === '+' || answer.includes('+ '));
    if (this.#goesOn) this.#literal = Number(announced?.[1]);
    return answer;
  };

  #pass(octets: string): string {
    return octets === '' ? '' : this.#collect(this.inner.receive(Buffer.from(octets, 'latin1')));
  }

  /** Gives the responses that are whole, bent, and keeps the other effects for later. */
  #collect(effects: readonly Effect[]): string {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#sent += Buffer.from(effect.octets).toString('latin1');
      else this.#others.push(effect);
    }
    let text = '';
    for (let length = responseLength(this.#sent); length > 0; length = responseLength(this.#sent)) {
      const response = this.#sent.slice(0, length);
      this.#sent = this.#sent.slice(length);
      text += this.bend.response?.(response, this.#command) ?? response;
    }
    return text;
  }

  #effects(text: string): Effect[] {
    const stays = this.bend.closes?.() === false;
    const others = stays ? this.#others.filter(({ kind }) => kind !== 'close') : this.#others;
    this.#others = [];
    return text === '' ? others : [{ kind: 'send', octets: Buffer.from(text, 'latin1') }, ...others];
  }
}

function lineLength(text: string): number {
  return text.indexOf('\n') + 1 || text.length;
}

/** Octets of the first response, 0 when it is not whole. */
function responseLength(sent: string): number {
  // In a status response braces are text.
  const holdsLiterals = /^\* (?!(?:OK|NO|BAD|PREAUTH|BYE) )/.test(sent);
  for (let at = 0; ; ) {
    const end = sent.indexOf('\r\n', at);
    if (end < 0) return 0;
    const literal = holdsLiterals ? /\{(\d+)\}$/.exec(sent.slice(at, end)) : null;
    at = end + 2 + Number(literal?.[1] ?? 0);
    if (at > sent.length) return 0;
    if (literal === null) return at;
  }
}

/** Every session of the server is bent; `make` is called for each, so that a bend can remember. */
export function bendDmap(make: () => DmapBend): ReferenceHooks {
  return { dmap: { session: (session) => new BentDmapSession(session, make()) } };
}

/**
 * Responses that fit go out as something else; '' keeps them back.
 *
 * @param to the commands whose responses are meant, as the session read them; all when not given
 */
export function replaceResponse(
  which: RegExp,
  by: string | ((response: string, command: string) => string),
  to?: RegExp,
): ReferenceHooks {
  return bendDmap(() => ({
    response: (response, command) => {
      if (!which.test(response) || (to !== undefined && !to.test(command))) return response;
      return typeof by === 'string' ? by : by(response, command);
    },
  }));
}

/** The session reads another line than was sent. */
export function replaceCommand(which: RegExp, change: (line: string) => string): ReferenceHooks {
  return answerCommand(which, (line, ask) => ask(change(line)));
}

/** Lines that fit are answered by `answer`; the responses that `ask` gives are whole. */
export function answerCommand(which: RegExp, answer: (line: string, ask: DmapAsk) => string): ReferenceHooks {
  return bendDmap(() => ({ line: (line, ask) => (which.test(line) ? answer(line, ask) : ask(line)) }));
}

/**
 * What a session would be told of the mailbox is not told: lines that fit, between commands and in the answers to all
 * commands but some.
 */
export function dropNews(which: RegExp, unless: RegExp): ReferenceHooks {
  return bendDmap(() => ({
    response: (response, command) => (which.test(response) && !unless.test(command) ? '' : response),
    refreshed: (said) => said.replace(/.*\r\n/g, (line) => (which.test(line) ? '' : line)),
  }));
}

/** Some functions of the store are others; all sessions of one server share it. */
export function bendStore(change: (store: MailStore) => Partial<MailStore>): ReferenceHooks {
  return { dmap: { store: (store) => ({ ...store, ...change(store) }) } };
}

/** Sessions are set up in another way. */
export function bendSessionOptions(change: (options: DmapSessionOptions) => DmapSessionOptions): ReferenceHooks {
  return { dmap: { sessionOptions: change } };
}

/** The tag of a command line. */
export const dmapTag = (line: string): string => line.slice(0, line.indexOf(' '));
