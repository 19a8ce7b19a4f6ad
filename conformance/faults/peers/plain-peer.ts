/**
 * A small server that does what section 12 of the DMTP digest recommends, without what is optional there and without an
 * SMTP service. It knows no signet of any origin, and so stores no message: each gets 554, or 451 when it may be one.
 * Written from the digest alone.
 */
import { listen, type PeerTls, type RunningPeer } from './listen.js';
import { host, isDomain, isName, isNamed, ofSignets, readArguments, readSize, toward } from './plain-lines.js';
import { history, type PlainChains, signet, verify } from './plain-signets.js';
import { type Effect, Inbox, type PeerSession, say } from './session.js';

export interface PlainPeerOptions {
  readonly tls: PeerTls;
  readonly host?: string;
  /** Of the delivery host. */
  readonly name: string;
  readonly domain: string;
  readonly chains: PlainChains;
  /** Octets. */
  readonly sizeLimit: number;
  readonly violations?: number;
}

/** Starts it on a TLS port and a plain one. */
export async function startPlainPeer(options: PlainPeerOptions): Promise<RunningPeer> {
  const { tls, host = '127.0.0.1' } = options;
  return await listen({ tls, host, plain: true, session: (secured) => new PlainSession(options, secured) });
}

/** With the line end. */
const longestLine = 512;
const usualViolations = 50;

const verbs = /^(EHLO|HELO|MAIL|RCPT|DATA|SGNT|HIST|VRFY|STARTTLS|NOOP|RSET|MODE|QUIT|HELP|STATS|VERB)(?=[ \t<[]|$)/i;
const smtpOnly = /^(AUTH|EXPN|ETRN|BDAT|TURN)(?![A-Za-z0-9])/i;
const inTheClear: ReadonlySet<string> = new Set(['STARTTLS', 'MODE', 'QUIT']);
const invalidData = '554 INVALID DMIME DATA RECEIVED.';

interface Transaction {
  /** Null in the named dialect: the message's own headers tell. */
  readonly size: number | null;
  readonly recipient: boolean;
}

/**
 * What is awaited. With an answer: so many octets more of a message whose fate is decided, then the rest of the line, then
 * the answer is due.
 */
type Awaited =
  | 'line'
  | 'rest of a long line'
  | 'message'
  | 'handshake'
  | 'nothing'
  | { readonly octets: number; readonly answer: string };

class PlainSession implements PeerSession {
  readonly #inbox = new Inbox();
  #awaited: Awaited = 'line';
  #greeted = false;
  #transaction: Transaction | null = null;
  #established = false;
  #violations = 0;

  constructor(
    private readonly options: PlainPeerOptions,
    private secure: boolean,
  ) {}

  start(): Effect[] {
    return say(`220 <${this.options.name}> DMTPv1 plain`);
  }

  secured(): Effect[] {
    this.secure = true;
    this.#awaited = 'line';
    return say('250 OK DMTPv1');
  }

  handshakeFailed(): Effect[] {
    return [this.#close()];
  }

  receive(octets: Buffer): Effect[] {
    if (this.#awaited === 'nothing' || this.#awaited === 'handshake') return [];
    this.#inbox.add(octets);
    const effects: Effect[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) effects.push(...next);
    return effects;
  }

  #next(): Effect[] | null {
    const awaited = this.#awaited;
    if (typeof awaited === 'object') return this.#afterMessage(awaited);
    switch (awaited) {
      case 'message':
        return this.#message();
      case 'rest of a long line':
        if (this.#inbox.restOfLine() === null) return null;
        this.#awaited = 'line';
        return [];
      case 'line': {
        const line = this.#inbox.lineWithin(longestLine);
        if (line !== 'too long') return line === null ? null : this.#command(line.replace(/[ \t]*\r?\n$/, ''));
        this.#awaited = 'rest of a long line';
        return this.#wrong('500 LINE TOO LONG');
      }
      default:
        // Plain text that came along with STARTTLS, or anything after the end.
        this.#inbox.drop();
        return null;
    }
  }

  #command(line: string): Effect[] {
    const verb = verbs.exec(line)?.[1]?.toUpperCase() ?? '';
    const rest = line.slice(verb.length);
    const greeting = verb === 'EHLO' || verb === 'HELO';
    if ((greeting && !/[<>]/.test(rest)) || (!this.secure && smtpOnly.test(line))) return this.#smtp();
    if (verb === '') return this.#wrong('500 INVALID COMMAND');
    if (!this.secure && !inTheClear.has(verb)) return say('503 DMTP COMMAND REQUIRES STARTTLS FIRST.');
    switch (verb) {
      case 'STARTTLS':
        return this.#startTls(rest);
      case 'EHLO':
      case 'HELO':
        return this.#greet(verb, rest);
      case 'MAIL':
        return this.#mail(rest);
      case 'RCPT':
        return this.#rcpt(rest);
      case 'DATA':
        return this.#data(rest);
      case 'SGNT':
      case 'VRFY':
      case 'HIST':
        return this.#ofSignets(verb, rest);
      case 'NOOP':
        return say('250 OK');
      case 'HELP':
      case 'STATS':
      case 'VERB':
        return say(`502 ${verb} COMMAND DISABLED`);
    }
    if (rest !== '') return this.#wrong('500 INVALID COMMAND');
    if (verb === 'MODE') return say('200 OK DMTPv1');
    if (verb === 'QUIT') return this.#goodbye();
    this.#transaction = null;
    return say('250 OK');
  }

  /** There is none. */
  #smtp(): Effect[] {
    return say(
      this.#established
        ? '554 DMTP SESSION CANNOT FALLBACK AFTER ESTABLISHMENT.'
        : `554 ${this.options.name} SMTP SERVICE NOT AVAILABLE`,
    );
  }

  #startTls(rest: string): Effect[] {
    if (this.secure) return say('454 SESSION IS ALREADY ENCRYPTED.');
    if (rest === '') return this.#smtp();
    const [, before = '', mode = 'DMTPv1'] = /^(.*?)(?:[ \t]+MODE=(\S*))?$/i.exec(rest) ?? [];
    const values = readArguments(before, host);
    const word = mode.toUpperCase();
    if (values === null || !/^(?:DMTP|DMTPV1|SMTP|ESMTP)$/.test(word)) return say('501 BAD STARTTLS SYNTAX.');
    if (!isDomain(values.host ?? '')) return say('501 INVALID STARTTLS DOMAIN.');
    this.#established = true;
    if (values.host?.toLowerCase() !== this.options.name) return say('554 CERTIFICATE NOT FOUND FOR DOMAIN.');
    if (!word.startsWith('D')) return say(`554 ${this.options.name} SMTP SERVICE NOT AVAILABLE`);
    this.#awaited = 'handshake';
    return [...say(`220-SENDING CERTIFICATE FOR DOMAIN <${this.options.name}>`, '220 READY'), { kind: 'secure' }];
  }

  #greet(verb: 'EHLO' | 'HELO', rest: string): Effect[] {
    const values = readArguments(rest, host);
    if (values === null) return say(`501 BAD ${verb} SYNTAX.`);
    if (!isDomain(values.host ?? '')) return say(`501 INVALID ${verb} DOMAIN.`);
    this.#greeted = true;
    const offers = ['PIPELINING', '8BITMIME', '8BITDIME', 'RETURN', `SIZE ${this.options.sizeLimit}`];
    return say(...(verb === 'HELO' ? [] : offers.map((offer) => `250-${offer}`)), '250 OK');
  }

  #mail(rest: string): Effect[] {
    if (!this.#greeted) return say('503 MAIL FROM REJECTED - PLEASE PROVIDE AN EHLO AND TRY AGAIN');
    this.#transaction = null;
    let parameters = '';
    const behind = isNamed(rest) ? rest : rest.replace(/^[ \t]+FROM[ \t]*:?/i, '');
    if (behind === rest && !isNamed(rest)) return say('501 BAD MAIL FROM SYNTAX.');
    const values = readArguments(behind, toward('FROM'), (tail) => {
      parameters = tail;
    });
    if (values === null || !isDomain(values.domain ?? '')) return say('501 INVALID MAIL FROM PARAMETER.');
    const size = isNamed(rest) ? null : readSize(parameters, this.options.sizeLimit);
    if (size === 501) return say('501 INVALID MAIL FROM PARAMETER.');
    if (size === 552) return say(this.#overLimit());
    this.#transaction = { size, recipient: false };
    return say('250 OK');
  }

  #rcpt(rest: string): Effect[] {
    const why = this.#outOfSequence();
    if (why !== null) return say(`503 RCPT TO REJECTED - ${why}`);
    const behind = isNamed(rest) ? rest : rest.replace(/^[ \t]+TO[ \t]*:?/i, '');
    if (behind === rest && !isNamed(rest)) return say('501 BAD RCPT TO SYNTAX.');
    const values = readArguments(behind, toward('TO'));
    if (values === null || !isDomain(values.domain ?? '')) return say('501 INVALID RCPT TO PARAMETER.');
    const own = values.domain?.toLowerCase() === this.options.domain;
    if (!own && this.#transaction?.recipient === true) return say('503 RCPT TO REJECTED - ONE DESTINATION PER MESSAGE');
    if (!own) {
      return say('551 RELAY ACCESS DENIED - THE DOMAIN IS NOT HOSTED LOCALLY AND RELAY ACCESS REQUIRES AUTHENTICATION');
    }
    this.#transaction = { size: this.#transaction?.size ?? null, recipient: true };
    return say('250 OK');
  }

  #data(rest: string): Effect[] {
    const why =
      this.#outOfSequence() ??
      (this.#transaction?.recipient === true ? null : 'PLEASE PROVIDE A RCPT TO AND TRY AGAIN');
    if (why !== null) return say(`503 DATA REJECTED - ${why}`);
    const values = readArguments(rest, [['hash', { names: [], bracket: '[', optional: true }]]);
    if (values === null) return say('501 BAD DATA SYNTAX.');
    this.#awaited = 'message';
    return say(`354 CONTINUE [${(values.hash ?? 'NONE').replace(/[ \t]/g, '-')}]`);
  }

  #outOfSequence(): string | null {
    if (!this.#greeted) return 'PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN';
    return this.#transaction === null ? 'PLEASE PROVIDE A MAIL FROM AND TRY AGAIN' : null;
  }

  /** Who sent it cannot be known, since no origin's signet can be had: what may be a message has to wait. */
  #message(): Effect[] | null {
    const { size = null } = this.#transaction ?? {};
    const own = this.#inbox.messageLength();
    if (own === null && (size === null || this.#inbox.length < size)) return null;
    if (size === null && own === 'no message') this.#awaited = { octets: 0, answer: invalidData };
    else {
      const octets = size ?? Number(own);
      const within = octets <= this.options.sizeLimit;
      const answer = own === octets ? '451 INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER' : invalidData;
      this.#awaited = { octets, answer: within ? answer : this.#overLimit() };
    }
    return [];
  }

  #afterMessage({ octets, answer }: { readonly octets: number; readonly answer: string }): Effect[] | null {
    const left = octets - this.#inbox.skip(octets);
    this.#awaited = { octets: left, answer };
    if (left > 0) return null;
    const rest = this.#inbox.restOfLine();
    if (rest === null) return null;
    this.#awaited = 'line';
    this.#transaction = null;
    return say(rest === '' ? answer : invalidData);
  }

  #ofSignets(verb: 'SGNT' | 'VRFY' | 'HIST', rest: string): Effect[] {
    const values = readArguments(rest, ofSignets(verb, isNamed(rest)));
    if (values === null || !isName(values.name ?? '')) return say(`501 INVALID ${verb} PARAMETER.`);
    const chain = this.options.chains.get(values.name?.toLowerCase() ?? '') ?? [];
    if (verb === 'SGNT') return say(...signet(chain, values.first));
    return say(...(verb === 'VRFY' ? verify(chain, values.first ?? '') : history(chain, values.first, values.second)));
  }

  #overLimit(): string {
    return `552 OUTBOUND SIZE LIMIT EXCEEDED - THIS ACCOUNT MAY ONLY SEND MESSAGES UP TO ${this.options.sizeLimit} BYTES IN LENGTH`;
  }

  #wrong(reply: string): Effect[] {
    this.#violations += 1;
    return this.#violations > (this.options.violations ?? usualViolations) ? this.#goodbye() : say(reply);
  }

  #goodbye(): Effect[] {
    return [...say('221 BYE'), this.#close()];
  }

  #close(): Effect {
    this.#awaited = 'nothing';
    return { kind: 'close' };
  }
}
