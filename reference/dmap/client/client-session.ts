/**
 * The client's side of one DMAP connection: octets in, effects out; no socket, clock or randomness. It takes any response
 * at any time (DMAP-035), has one command under way at a time (DMAP-151), and sends nothing that is not valid in the
 * present state (DMAP-092).
 */
import {
  type Command,
  type Completion,
  commandSegments,
  DmapValueError,
  formatSaslLine,
  parseGreeting,
  parseResponse,
  type Response,
  type UntaggedResponse,
} from '../../../grammar/dmap.js';
import type { FramedText } from '../../../grammar/dmap-framed.js';
import { type ResponseEvent, ResponseFramer } from '../../../grammar/dmap-response-framing.js';
import { GrammarError } from '../../../grammar/parse.js';
import { DmapClientError, shown } from './client-error.js';
import type { DmapClientLimits } from './client-limits.js';
import { Inbox } from './inbox.js';
import { hasCapability, requireLegal, type SessionState } from './legality.js';
import type { MailboxView } from './mailbox-view.js';
import type { Outcome } from './outcome.js';
import { Selection } from './selection.js';

export type ClientEffect =
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** The greeting came: commands may follow. */
  | { readonly kind: 'greeted' }
  /** Inside AUTHENTICATE: answer with `respond`. Null when the challenge is no base64. */
  | { readonly kind: 'challenge'; readonly octets: Uint8Array | null }
  /** Inside IDLE: the server tells news until `endIdle`. */
  | { readonly kind: 'idling' }
  | { readonly kind: 'completed'; readonly outcome: Outcome }
  /** The connection is over; null after LOGOUT. */
  | { readonly kind: 'close'; readonly error: DmapClientError | null };

/** What the session waits for. */
export type Awaiting = 'greeting' | 'completion' | 'caller' | 'goodbye' | 'end';

type Running =
  | { readonly kind: 'command'; readonly tag: string; readonly command: Command; readonly rest: Uint8Array[] }
  | { readonly kind: 'idle'; readonly tag: string; going: boolean };

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

export class ClientSession {
  readonly #framer: ResponseFramer;
  readonly #inbox: Inbox;
  readonly #selection: Selection;
  #state: SessionState = 'greeting';
  #awaiting: Awaiting = 'greeting';
  #capabilities: readonly string[] | null = null;
  #running: Running | null = null;
  #tags = 0;
  /** What ends the connection once the server has closed it. */
  #farewell: DmapClientError | null = null;

  constructor(limits: DmapClientLimits) {
    const { responseOctets, responseLiterals, literalOctets } = limits;
    this.#framer = new ResponseFramer({ text: responseOctets, literals: responseLiterals, kept: literalOctets });
    this.#inbox = new Inbox(limits);
    this.#selection = new Selection(limits);
  }

  get state(): SessionState {
    return this.#state;
  }

  get awaiting(): Awaiting {
    return this.#awaiting;
  }

  /** Null when the server has not told, or they may be others now (DMAP-197). */
  get capabilities(): readonly string[] | null {
    return this.#capabilities;
  }

  get mailbox(): MailboxView | null {
    return this.#selection.mailbox;
  }

  /** Takes octets, cut anywhere. They must not change afterwards. */
  receive(octets: Uint8Array): ClientEffect[] {
    const effects: ClientEffect[] = [];
    try {
      this.#inbox.countOctets(octets.length);
      this.#framer.push(octets);
      while (this.#awaiting !== 'end') {
        const event = this.#framer.next();
        if (event === null) break;
        effects.push(...this.#take(event));
      }
    } catch (error) {
      if (error instanceof DmapClientError) return [...effects, ...this.#close(error)];
      throw error;
    }
    return effects;
  }

  /**
   * Sends a command: up to its first literal, unless LITERAL+ was seen.
   *
   * @throws DmapClientError that is local, when it must not or cannot be sent; then nothing has changed
   */
  begin(command: Command): ClientEffect[] {
    this.#requireFree(command.name);
    requireLegal(command, { state: this.#state, mailbox: this.mailbox, capabilities: this.#capabilities });
    const tag = this.#nextTag();
    const [first = latin1(''), ...rest] = this.#segments(tag, command);
    this.#run({ kind: 'command', tag, command, rest });
    if (command.name === 'SELECT' || command.name === 'EXAMINE') this.#selection.begin(command);
    return [{ kind: 'send', octets: first }];
  }

  /** Asks for news until `endIdle` (DMAP-I-45). @throws DmapClientError that is local */
  beginIdle(): ClientEffect[] {
    this.#requireFree('IDLE');
    requireLegal({ name: 'LISTKEYS' }, { state: this.#state, mailbox: this.mailbox, capabilities: this.#capabilities });
    if (!hasCapability(this.#capabilities, 'IDLE')) {
      throw new DmapClientError('declined', 'the server has not announced IDLE', { requirement: 'DMAP-381' });
    }
    const tag = this.#nextTag();
    this.#run({ kind: 'idle', tag, going: false });
    return [{ kind: 'send', octets: latin1(`${tag} IDLE\r\n`) }];
  }

  endIdle(): ClientEffect[] {
    if (this.#running?.kind !== 'idle' || !this.#running.going) return [];
    this.#running.going = false;
    this.#awaiting = 'completion';
    return [{ kind: 'send', octets: latin1('DONE\r\n') }];
  }

  /** Answers a challenge with octets, or with null cancels the exchange (DMAP-181, DMAP-182). */
  respond(octets: Uint8Array | null): ClientEffect[] {
    if (this.#running === null || this.#awaiting !== 'caller') throw new Error('no challenge waits for a response');
    this.#awaiting = 'completion';
    return [{ kind: 'send', octets: latin1(formatSaslLine(octets)) }];
  }

  /** What came between commands, which the next outcome then no longer has. */
  takeNews(): ReturnType<Inbox['take']> {
    return this.#inbox.take();
  }

  /** The server closed the connection, or it broke. */
  end(reason: string): ClientEffect[] {
    if (this.#awaiting === 'end') return [];
    if (this.#state === 'logout') return this.#close(this.#farewell);
    const where = this.#framer.begun ? 'within a response' : `while ${this.#expected} was awaited`;
    return this.#close(new DmapClientError('closed', `the connection ended ${where}: ${reason}`));
  }

  /** What is awaited did not come in time. */
  expire(ms: number): ClientEffect[] {
    if (this.#awaiting === 'end') return [];
    if (this.#awaiting === 'goodbye') return this.#close(this.#farewell);
    return this.#close(new DmapClientError('timeout', `${this.#expected} did not come within ${ms} ms`));
  }

  /** Ends the connection for a reason that lies outside the session. */
  abandon(error: DmapClientError): ClientEffect[] {
    return this.#awaiting === 'end' ? [] : this.#close(error);
  }

  #take(event: ResponseEvent): ClientEffect[] {
    if (event.kind === 'bad') {
      const what = `what came is no response: ${event.reason} in ${shown(event.text)}`;
      throw new DmapClientError('malformed-response', what, { requirement: 'DMAP-014' });
    }
    this.#inbox.countResponse();
    if (this.#state === 'greeting') return this.#greet(event.framed);
    const response = this.#read(event.framed);
    if (response === null) {
      this.#inbox.ignore();
      return [];
    }
    switch (response.kind) {
      case 'continue':
        return this.#goOn(response.text);
      case 'tagged':
        return this.#complete(response);
      default:
        return this.#record(response);
    }
  }

  /** Null for what fits nothing: it is passed over (section 6.7, step 4). @throws DmapClientError for our own completion */
  #read(framed: FramedText): Response | null {
    try {
      return parseResponse(framed);
    } catch (error) {
      if (!(error instanceof GrammarError || error instanceof DmapValueError)) throw error;
      const tag = this.#running?.tag;
      if (tag === undefined || framed.text.split(/[ \r]/, 1)[0] !== tag) return null;
      const what = `the completion cannot be read: ${shown(framed.text)}`;
      throw new DmapClientError('malformed-response', what, { requirement: 'DMAP-031', cause: error });
    }
  }

  #greet(framed: FramedText): ClientEffect[] {
    let greeting: ReturnType<typeof parseGreeting>;
    try {
      greeting = parseGreeting(framed);
    } catch (error) {
      const what = `the greeting is ${shown(framed.text)}; right is untagged OK, PREAUTH or BYE`;
      throw new DmapClientError('bad-greeting', what, { requirement: 'DMAP-012', cause: error });
    }
    this.#inbox.add(greeting);
    if (greeting.status === 'BYE') return this.#turnAway(greeting.text);
    this.#state = greeting.status === 'PREAUTH' ? 'authenticated' : 'not-authenticated';
    this.#awaiting = 'caller';
    if (greeting.code?.name === 'CAPABILITY') this.#capabilities = greeting.code.capabilities;
    return [{ kind: 'greeted' }];
  }

  #record(response: UntaggedResponse): ClientEffect[] {
    const known = response.kind !== 'unknown' && this.#selection.record(response);
    if (known) this.#inbox.add(response);
    else this.#inbox.ignore();
    if (response.kind === 'capability') this.#capabilities = response.capabilities;
    if (response.kind !== 'status') return [];
    if (response.code?.name === 'CAPABILITY') this.#capabilities = response.code.capabilities;
    if (this.#state === 'selected' && this.mailbox === null && !this.#selects) this.#state = 'authenticated';
    return response.status === 'BYE' ? this.#turnAway(response.text) : [];
  }

  /** BYE: what follows is read until the server closes (DMAP-418). */
  #turnAway(text: string): ClientEffect[] {
    this.#farewell = new DmapClientError('turned-away', `the server said BYE: ${shown(text)}`);
    this.#state = 'logout';
    this.#awaiting = 'goodbye';
    return [];
  }

  #goOn(text: string): ClientEffect[] {
    const running = this.#running;
    if (running?.kind === 'idle' && this.#awaiting === 'completion' && !running.going) {
      running.going = true;
      this.#awaiting = 'caller';
      return [{ kind: 'idling' }];
    }
    if (running?.kind === 'command' && this.#state !== 'logout') {
      const next = running.rest.shift();
      if (next !== undefined) return [{ kind: 'send', octets: next }];
      if (running.command.name === 'AUTHENTICATE' && this.#awaiting === 'completion') {
        this.#awaiting = 'caller';
        return [{ kind: 'challenge', octets: fromBase64(text) }];
      }
    }
    this.#inbox.ignore();
    return [];
  }

  #complete({ tag, status, code, text }: Response & { readonly kind: 'tagged' }): ClientEffect[] {
    const running = this.#running;
    if (running === null || running.tag !== tag) {
      this.#inbox.ignore();
      return [];
    }
    if (status === 'OK' && running.kind === 'command' && running.rest.length > 0) {
      const what = `${running.command.name} is answered with OK before its literals were sent`;
      throw new DmapClientError('malformed-response', what, { requirement: 'DMAP-020' });
    }
    this.#running = null;
    this.#inbox.note(code, text);
    if (running.kind === 'command') this.#settle(running.command, status);
    if (code?.name === 'CAPABILITY') this.#capabilities = code.capabilities;
    if (this.#state === 'selected') this.mailbox?.recordCode(code);
    const completed: ClientEffect = { kind: 'completed', outcome: { status, code, text, ...this.#inbox.take() } };
    if (running.kind === 'command' && running.command.name === 'LOGOUT' && status === 'OK') {
      return [completed, ...this.#close(null)];
    }
    if (this.#state !== 'logout') this.#awaiting = 'caller';
    return [completed];
  }

  /** What the completion of a command changes (section 1.4). */
  #settle(command: Command, status: Completion): void {
    if (command.name === 'SELECT' || command.name === 'EXAMINE') {
      const selected = this.#selection.end(status);
      if (this.#state !== 'logout') this.#state = selected === null ? 'authenticated' : 'selected';
      return;
    }
    if (status !== 'OK' || this.#state === 'logout') return;
    if (command.name === 'AUTHENTICATE') {
      this.#state = 'authenticated';
      // What was told before may be otherwise now; the code of the completion comes after this.
      this.#capabilities = null;
    }
    if (command.name === 'CLOSE') {
      this.#selection.leave();
      this.#state = 'authenticated';
    }
  }

  get #selects(): boolean {
    const running = this.#running;
    return running?.kind === 'command' && (running.command.name === 'SELECT' || running.command.name === 'EXAMINE');
  }

  /** For messages. */
  get #expected(): string {
    if (this.#awaiting === 'greeting') return 'the greeting';
    const running = this.#running;
    if (running === null) return 'the next command';
    const name = running.kind === 'idle' ? 'IDLE' : running.command.name;
    const pending = running.kind === 'command' && running.rest.length > 0;
    return pending ? `the continuation request of ${name}` : `the completion of ${name}`;
  }

  #requireFree(name: string): void {
    if (this.#running !== null) throw new Error(`${name} while another command is under way`);
    if (this.#awaiting === 'goodbye' || this.#awaiting === 'end') {
      const what = `${name} after the end of the connection`;
      throw new DmapClientError('wrong-state', what, { requirement: 'DMAP-092' });
    }
  }

  #run(running: Running): void {
    this.#running = running;
    this.#awaiting = 'completion';
    this.#inbox.begin();
  }

  /** Never used before on this connection (DMAP-017). */
  #nextTag(): string {
    this.#tags += 1;
    return `c${this.#tags}`;
  }

  #segments(tag: string, command: Command): Uint8Array[] {
    try {
      return commandSegments({ tag, command }, { nonSync: hasCapability(this.#capabilities, 'LITERAL+') });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new DmapClientError('bad-input', `${command.name}: ${error.message}`, { cause: error });
    }
  }

  #close(error: DmapClientError | null): ClientEffect[] {
    this.#awaiting = 'end';
    this.#state = 'logout';
    this.#running = null;
    return [{ kind: 'close', error }];
  }
}

/** Strictly (DMAP-I-29); padding may be missing. */
function fromBase64(text: string): Uint8Array | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
