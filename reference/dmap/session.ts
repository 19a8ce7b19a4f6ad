/**
 * The server's side of one DMAP connection, without socket, clock, randomness or storage: octets in, effects out.
 * Behaviour: chapters 1 to 3 of the DMAP digest under the interpretations of its chapter 5.
 */

import type { Command, FramedText } from '../../grammar/dmap.js';
import { CommandFramer, type LiteralOffer } from '../../grammar/dmap-command-framing.js';
import { type Answer, bad, no, type SaslLine, type Step, type Steps } from './answer.js';
import type { Appending } from './append.js';
import { capabilitiesOf } from './capabilities.js';
import { handle, letsExpungesOut } from './commands.js';
import type { Conversation } from './conversation.js';
import { sessionLimits } from './limits.js';
import { judgeOffer, unfitCommand } from './literal-offers.js';
import { Outbox } from './outbox.js';
import { readSaslLine } from './sasl-line.js';
import type { Awaiting, DmapSession, SessionEffect, SubmitOutcome } from './session-contract.js';
import { type DmapSessionOptions, type Greeting, openConversation } from './session-options.js';
import { openingOf, type Understood, understand } from './understand.js';

/** @throws RangeError for a limit that is none */
export function createDmapSession(options: DmapSessionOptions): DmapSession {
  return new Session(options);
}

/** A command under way. */
interface Task {
  readonly tag: string;
  readonly steps: Steps;
  /** What the last step waits for. */
  waits: 'nothing' | 'line' | 'outcome';
}

const failure = no('Something went wrong in the server.', 'SERVERBUG');

class Session implements DmapSession {
  readonly #conversation: Conversation;
  readonly #greeting: Greeting;
  readonly #framer: CommandFramer;
  readonly #out: Outbox;
  #task: Task | null = null;
  /** An APPEND whose message comes. */
  #arrival: Appending | null = null;
  /** Faults in a row. */
  #garbage = 0;
  /** Part of a response is out: nothing else may follow than the rest of it. */
  #within = false;
  #over = false;

  constructor(options: DmapSessionOptions) {
    const { greeting = { kind: 'ok' } } = options;
    const limits = sessionLimits(options.limits);
    this.#greeting = greeting;
    this.#out = new Outbox(limits.burstOctets);
    this.#framer = new CommandFramer({
      text: limits.lineOctets,
      literals: limits.literalsPerCommand,
      kept: limits.commandLiteralOctets,
      saslLine: limits.saslOctets,
      skipped: limits.skippedOctets,
    });
    this.#conversation = openConversation(options, limits);
  }

  get awaiting(): Awaiting {
    if (this.#over) return 'nothing';
    if (this.#task?.waits === 'outcome') return 'outcome';
    return this.#out.full ? 'room' : 'input';
  }

  get authenticated(): boolean {
    return this.#conversation.account !== null;
  }

  start(): SessionEffect[] {
    const greeting = this.#greeting;
    const account = greeting.kind === 'preauth' ? this.#conversation.store.account(greeting.username) : null;
    if (greeting.kind === 'bye' || (greeting.kind === 'preauth' && account === null)) {
      this.#bye(greeting.kind === 'bye' ? greeting.text : 'There is no account for you here.');
      return this.#out.take();
    }
    if (account !== null) {
      this.#conversation.account = account;
      this.#conversation.state = 'authenticated';
    }
    this.#out.respond({
      kind: 'status',
      status: account === null ? 'OK' : 'PREAUTH',
      code: { name: 'CAPABILITY', capabilities: capabilitiesOf(this.#conversation) },
      text: 'DMAP server ready.',
    });
    return this.#out.take();
  }

  receive(octets: Uint8Array): SessionEffect[] {
    if (this.#over) return [];
    this.#framer.push(octets);
    if (this.awaiting !== 'input' && this.#framer.waiting > this.#conversation.limits.heldOctets) {
      this.#bye('Too much was sent ahead.');
    }
    return this.#goOn();
  }

  more(): SessionEffect[] {
    this.#out.hasRoom();
    return this.#goOn();
  }

  submitted(outcome: SubmitOutcome): SessionEffect[] {
    return this.#outcome(outcome);
  }

  found(signet: Uint8Array | null): SessionEffect[] {
    return this.#outcome(signet);
  }

  checked(username: string | null): SessionEffect[] {
    return this.#outcome(username);
  }

  resume(): SessionEffect[] {
    return this.#outcome(undefined);
  }

  refresh(): SessionEffect[] {
    const { view } = this.#conversation;
    const idle = this.#task === null && this.#arrival === null && this.awaiting === 'input';
    // A command that has begun to come tells it all the better with its completion.
    if (view === null || !idle || this.#framer.begun) return [];
    try {
      for (const update of view.updates(false)) this.#out.respond(update);
    } catch {
      // The store failed. What could not be told now is told, or fails, with the next command.
    }
    return this.#out.take();
  }

  expire(): SessionEffect[] {
    return this.#closeWith('You were silent for too long.');
  }

  shutdown(): SessionEffect[] {
    return this.#closeWith('The server goes down.');
  }

  end(): void {
    this.#over = true;
    this.#out.close();
    this.#arrival?.abandon();
    this.#arrival = null;
    this.#conversation.view?.leave();
    const task = this.#task;
    // A submission that is under way comes to its end, and how it ended has to be kept.
    if (task !== null && task.waits !== 'outcome') this.#drop(task);
  }

  #closeWith(text: string): SessionEffect[] {
    if (this.#over) return [];
    if (this.#within) this.#close();
    else this.#bye(text);
    return this.#out.take();
  }

  #bye(text: string): void {
    this.#out.respond({ kind: 'status', status: 'BYE', code: null, text });
    this.#close();
  }

  #close(): void {
    this.#out.ask({ kind: 'close' });
    this.end();
  }

  #outcome(value: unknown): SessionEffect[] {
    const task = this.#task;
    if (task?.waits !== 'outcome') throw new Error('a session was told an outcome that it did not wait for');
    this.#advance(task, value);
    if (this.#over && this.#task !== null) this.#drop(this.#task);
    return this.#goOn();
  }

  /** Takes commands until more octets, an outcome or room is needed. */
  #goOn(): SessionEffect[] {
    while (!this.#over && !this.#out.full && this.#step());
    return this.#out.take();
  }

  /** False when nothing can be done now. */
  #step(): boolean {
    const task = this.#task;
    if (task === null) return this.#takeCommand();
    switch (task.waits) {
      case 'outcome':
        return false;
      case 'line':
        return this.#takeSaslLine(task);
      case 'nothing':
        this.#advance(task, undefined);
        return true;
    }
  }

  #takeCommand(): boolean {
    const event = this.#framer.nextCommand();
    if (event === null) return false;
    switch (event.kind) {
      case 'literal':
        this.#offered(event);
        break;
      case 'command':
        this.#understood(this.#read(event.framed));
        break;
      case 'bad':
        this.#understood({ tag: openingOf(event.text).tag, fault: bad(badLineTexts[event.reason]) });
        break;
      case 'endless':
        this.#bye('What was sent has no end.');
    }
    return true;
  }

  /** Reads what can be a command here; for all else the grammar, and its search for what is wrong, is not needed. */
  #read(framed: FramedText): Understood {
    const { tag, word } = openingOf(framed.text);
    const fault = tag === null || word === '' ? null : unfitCommand(this.#conversation, word);
    return fault === null ? understand(framed) : { tag, fault };
  }

  #takeSaslLine(task: Task): boolean {
    const event = this.#framer.nextSaslLine();
    if (event === null) return false;
    if (event.kind === 'endless') this.#bye('What was sent has no end.');
    else this.#advance(task, event.kind === 'line' ? readSaslLine(event.line) : ({ kind: 'bad' } satisfies SaslLine));
    return true;
  }

  /** Decides on a literal before its octets come (DMAP-020, DMAP-022). */
  #offered(offer: LiteralOffer): void {
    const { tag } = openingOf(offer.opening.text);
    if (offer.nonSync && !this.#conversation.extensions.has('LITERAL+')) {
      // Octets that nobody asked for follow, so the two sides have lost step (DMAP-I-17).
      this.#answer(tag, bad('Literals are sent when they are asked for.'));
      this.#bye('You sent a literal that was not asked for.');
      return;
    }
    const judged = this.#judge(offer);
    if (judged !== null && 'status' in judged) {
      this.#framer.refuseLiteral();
      this.#dropArrival();
      this.#complete(tag, judged);
      return;
    }
    this.#arrival = judged;
    // The message of an APPEND goes to the store; other literals are kept.
    this.#framer.acceptLiteral(judged === null ? null : (piece) => judged.write(piece));
    if (!offer.nonSync) this.#out.respond({ kind: 'continue', text: 'Go on.' });
  }

  #judge(offer: LiteralOffer): Answer | Appending | null {
    // Behind a message no literal has a place.
    if (this.#arrival !== null) return bad('That is no command.');
    try {
      return judgeOffer(this.#conversation, offer);
    } catch {
      return failure;
    }
  }

  #dropArrival(): void {
    this.#arrival?.abandon();
    this.#arrival = null;
  }

  #understood(said: Understood): void {
    const arrival = this.#arrival;
    this.#arrival = null;
    if ('command' in said) {
      this.#garbage = 0;
      this.#carryOut(said, arrival);
      return;
    }
    arrival?.abandon();
    this.#garbage += 1;
    this.#complete(said.tag, 'fault' in said ? said.fault : bad('That command is not whole.'));
    if (!this.#over && this.#garbage > this.#conversation.limits.garbageLines) this.#bye('That is no DMAP.');
  }

  #carryOut({ tag, command, uses }: Extract<Understood, { command: Command }>, arrival: Appending | null): void {
    const missing = uses.find((extension) => !this.#conversation.extensions.has(extension));
    if (missing !== undefined) {
      this.#complete(tag, bad(`${missing} is not offered here.`));
    } else {
      this.#task = { tag, steps: this.#steps(command, arrival), waits: 'nothing' };
    }
  }

  /** A command from its first step to its completion, with what has to be told before that. */
  *#steps(command: Command, arrival: Appending | null): Steps {
    const conversation = this.#conversation;
    let answer: Answer | Steps;
    if (command.name !== 'APPEND') answer = handle(conversation, command);
    else if (arrival === null) throw new Error('an APPEND came without its message');
    else answer = arrival.finish();
    const result = 'status' in answer ? answer : yield* answer;
    const expunges = letsExpungesOut(command);
    if (conversation.view !== null) yield* conversation.view.updates(expunges);
    return result;
  }

  #advance(task: Task, value: unknown): void {
    task.waits = 'nothing';
    let result: IteratorResult<Step, Answer>;
    try {
      result = task.steps.next(value);
    } catch {
      this.#fail(task);
      return;
    }
    if (result.done === true) {
      this.#task = null;
      this.#answer(task.tag, result.value);
      this.#afterCommand();
    } else {
      this.#perform(task, result.value);
    }
  }

  /** The store, or something else that is not the peer's doing, failed: the peer is told so and the session goes on. */
  #fail(task: Task): void {
    this.#task = null;
    if (this.#within) this.#close();
    else this.#answer(task.tag, failure);
  }

  #perform(task: Task, step: Step): void {
    switch (step.kind) {
      case 'octets':
        this.#within = !step.last;
        this.#out.write(step.octets);
        return;
      case 'challenge':
        task.waits = 'line';
        this.#out.respond({ kind: 'continue', text: Buffer.from(step.octets).toString('base64') });
        return;
      case 'submit':
      case 'look-up':
      case 'check-password':
      case 'pause':
        task.waits = 'outcome';
        this.#out.ask(step);
        return;
      default:
        this.#out.respond(step);
    }
  }

  /** Completes a command that was not carried out. */
  #complete(tag: string | null, answer: Answer): void {
    const { view } = this.#conversation;
    try {
      // It is not known what the client meant, and so whether its numbers may change.
      if (view !== null) for (const update of view.updates(false)) this.#out.respond(update);
    } catch {
      // The store failed; the client is told of the changes with the next command.
    }
    this.#answer(tag, answer);
  }

  /** Untagged when no tag could be read (DMAP-I-24). */
  #answer(tag: string | null, { status, code, text }: Answer): void {
    if (tag === null) this.#out.respond({ kind: 'status', status, code, text });
    else this.#out.respond({ kind: 'tagged', tag, status, code, text });
  }

  #afterCommand(): void {
    const { state, account, failedLogins, limits } = this.#conversation;
    if (this.#over) return;
    if (state === 'logout') this.#close();
    else if (account === null && failedLogins >= limits.authenticationAttempts) this.#bye('Too many attempts failed.');
  }

  #drop(task: Task): void {
    this.#task = null;
    try {
      task.steps.return(failure);
    } catch {
      // What was to be cleaned up could not be; nobody can be told.
    }
  }
}

const badLineTexts = {
  'bare-cr': 'A carriage return stands alone in the line.',
  'bare-lf': 'A line feed stands alone in the line.',
  nul: 'There is a NUL in the line.',
  'too-long': 'The line is too long.',
} as const;
