/**
 * A DMTP server as the digest describes the authors' early one (its columns [early], sections 1.1, 1.2 and 5.4 to 7), with
 * the defects OQ-99 to OQ-126 as far as they show on the wire. Written from the digest alone.
 */
import { randomBytes } from 'node:crypto';
import { Arguments, isDomain, isName, readMailParameters } from './early-arguments.js';
import { helpOn } from './early-help.js';
import { type EarlySignet, EarlySignets } from './early-signets.js';
import { listen, type PeerTls, type RunningPeer } from './listen.js';
import { type Effect, Inbox, type PeerSession, say } from './session.js';
import { SmtpService } from './smtp-service.js';

export interface EarlyPeerOptions {
  readonly tls: PeerTls;
  readonly host?: string;
  /** The server's name: the only host that it has a certificate for. */
  readonly name: string;
  /** SMTP and DMTP on one port; a switch of the whole server. */
  readonly dual: boolean;
  readonly signets: readonly EarlySignet[];
  /** Octets. */
  readonly sizeLimit: number;
  /** Wrong commands after which it says goodbye. */
  readonly violations?: number;
}

/** Starts it on a TLS port and a plain one. */
export async function startEarlyPeer(options: EarlyPeerOptions): Promise<RunningPeer> {
  const { tls, host = '127.0.0.1' } = options;
  return await listen({ tls, host, plain: true, session: (secured) => new EarlySession(options, secured) });
}

/** How many wrong commands it bears unless told otherwise. */
const usualViolations = 50;

/** What an SMTP client may begin with that DMTP does not know; EHLO and STARTTLS have rules of their own. */
const smtpCommands = /^(?:HELO|AUTH|EXPN|ETRN|BDAT|TURN)(?![A-Z])/i;
/** MAIL FROM and RCPT TO are names of two words with one space. */
const names =
  /^(MAIL FROM|RCPT TO|STARTTLS|EHLO|MODE|NOOP|RSET|HELP|QUIT|DATA|SGNT|HIST|VRFY|STATS|VERB)(?![A-Za-z0-9])/i;
const inTheClear: ReadonlySet<string> = new Set(['QUIT', 'MODE', 'STARTTLS']);
const withoutParameters: ReadonlySet<string> = new Set(['MODE', 'NOOP', 'RSET', 'VERB', 'QUIT']);

class EarlySession implements PeerSession {
  readonly #inbox = new Inbox();
  readonly #signets: EarlySignets;
  #state: 'commands' | 'message' | 'rest of the line' | 'handshake' | 'closed' = 'commands';
  #smtp: SmtpService | null = null;
  #greeted = false;
  #size: number | null = null;
  #nonce: string | null = null;
  #violations = 0;
  #established = false;

  constructor(
    private readonly options: EarlyPeerOptions,
    private secure: boolean,
  ) {
    this.#signets = new EarlySignets(options.signets);
  }

  start(): Effect[] {
    const { name, dual } = this.options;
    return say(`220 <${name}> ${dual ? 'ESMTP ' : ''}DMTPv1 Magma`);
  }

  receive(octets: Buffer): Effect[] {
    if (this.#state === 'closed') return [];
    this.#inbox.add(octets);
    const effects: Effect[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) effects.push(...next);
    if (this.#inbox.flooded && this.#state === 'commands') effects.push(...this.#quit());
    return effects;
  }

  secured(): Effect[] {
    this.secure = true;
    this.#state = 'commands';
    return say('250 OK DMTPv1');
  }

  /** In the clear (OQ-118). */
  handshakeFailed(): Effect[] {
    this.#state = 'commands';
    return say('454 STARTTLS FAILED');
  }

  /** Deals with one line or one message; null when there is none yet. */
  #next(): Effect[] | null {
    switch (this.#state) {
      case 'closed':
        return null;
      case 'handshake':
        // Plain text that came along with STARTTLS.
        this.#inbox.drop();
        return null;
      case 'message':
        if (this.#inbox.octets(this.#size ?? 0) === null) return null;
        this.#state = 'rest of the line';
        return [];
      case 'rest of the line':
        if (this.#inbox.restOfLine() === null) return null;
        this.#state = 'commands';
        // Before anything is looked at (OQ-101, OQ-102). Then it decrypts as the author, which it is not.
        return say('250 OK [randid]', '554 INVALID DMIME DATA RECEIVED.');
      case 'commands': {
        const line = this.#inbox.line()?.replace(/[ \t]*\r?\n$/, '');
        if (line === undefined) return null;
        return this.#smtp === null ? this.#command(line) : this.#toSmtp(line);
      }
    }
  }

  #command(line: string): Effect[] {
    const name = names.exec(line)?.[0] ?? '';
    const command = name.toUpperCase();
    const given = new Arguments(line.slice(name.length));
    if (command === 'EHLO' && this.#asksSmtp(given.tail)) return this.#fallBack(line);
    if (command === '') {
      if (!this.secure && smtpCommands.test(line)) return this.#fallBack(line);
      return this.#unknown();
    }
    if (withoutParameters.has(command) && given.tail !== '') return this.#unknown();
    if (!this.secure && !inTheClear.has(command)) return say('503 DMTP COMMAND REQUIRES STARTTLS FIRST.');
    switch (command) {
      case 'STARTTLS':
        return this.#startTls(given, line);
      case 'EHLO':
        return this.#ehlo(given);
      case 'MAIL FROM':
        return this.#mail(given);
      case 'RCPT TO':
        return this.#rcpt(given);
      case 'DATA':
        return this.#data(given);
      case 'SGNT':
      case 'HIST':
      case 'VRFY':
        return this.#signetCommand(command, given);
      case 'STATS':
        return this.#stats(given.squared());
      case 'HELP':
        return say(...helpOn(given.tail));
      case 'RSET':
        this.#reset();
        return say('250 OK');
      case 'NOOP':
        return say('250 OK');
      case 'VERB':
        return say('200 OK');
      case 'MODE':
        return say(this.options.dual && !this.secure ? '200 OK ESMTP DMTPv1' : '200 OK DMTPv1');
      default:
        return this.#quit();
    }
  }

  /** In the clear any bracket makes EHLO one of DMTP; inside TLS an at sign or a broken pair leads to SMTP too (5.5). */
  #asksSmtp(argument: string): boolean {
    if (!/[<>]/.test(argument)) return true;
    return this.secure && (argument.includes('@') || !/^<[^>]+>/.test(argument));
  }

  #fallBack(line: string): Effect[] {
    if (this.#established) return say('554 DMTP SESSION CANNOT FALLBACK AFTER ESTABLISHMENT.');
    if (!this.options.dual) return say(`554 ${this.options.name} SMTP SERVICE NOT AVAILABLE`);
    this.#smtp = new SmtpService();
    return this.#toSmtp(line);
  }

  #toSmtp(line: string): Effect[] {
    const answer = this.#smtp?.answer(line) ?? null;
    if (answer === null) return [];
    const said: Effect = { kind: 'say', text: answer.text };
    return answer.ends ? [said, this.#close()] : [said];
  }

  #startTls(given: Arguments, line: string): Effect[] {
    if (given.tail === '') return this.#fallBack(line);
    const host = given.angled();
    if (host === null) return say('501 BAD STARTTLS SYNTAX.');
    if (!isDomain(host)) return say('501 INVALID STARTTLS DOMAIN.');
    this.#established = true;
    if (this.secure) return say('454 SESSION IS ALREADY ENCRYPTED.');
    if (host.toLowerCase() !== this.options.name) return say('554 CERTIFICATE NOT FOUND FOR DOMAIN.');
    this.#state = 'handshake';
    return [...say(`220-SENDING CERTIFICATE FOR DOMAIN <${this.options.name}>`, '220 READY'), { kind: 'secure' }];
  }

  #ehlo(given: Arguments): Effect[] {
    if (!isDomain(given.angled() ?? '')) return say('501 INVALID EHLO DOMAIN.');
    this.#greeted = true;
    const offers = ['PIPELINING', '8BITMIME', '8BITDIME', 'RETURN', `SIZE ${this.options.sizeLimit}`];
    return say(...offers.map((offer) => `250-${offer}`), '250 OK');
  }

  #mail(given: Arguments): Effect[] {
    if (!this.#greeted) return say('503 MAIL FROM REJECTED - PLEASE PROVIDE AN EHLO AND TRY AGAIN');
    this.#reset();
    given.skipOne();
    const domain = given.angled();
    if (domain === null) return say('501 BAD MAIL FROM SYNTAX.');
    if (!isDomain(domain) || given.squared() === null) return say('501 INVALID MAIL FROM PARAMETER.');
    const size = readMailParameters(given.tail, this.options.sizeLimit);
    if (typeof size === 'string') return say(size);
    this.#size = size;
    return say('250 OK');
  }

  /** Nothing is stored (OQ-105). */
  #rcpt(given: Arguments): Effect[] {
    const why = this.#outOfSequence();
    if (why !== null) return say(`503 RCPT TO REJECTED - ${why}`);
    given.skipOne();
    const domain = given.angled();
    if (domain === null) return say('501 BAD RCPT TO SYNTAX.');
    const right = isDomain(domain) && given.squared() !== null && given.tail === '';
    return say(right ? '250 OK' : '501 INVALID RCPT TO PARAMETER.');
  }

  #data(given: Arguments): Effect[] {
    const why = this.#outOfSequence();
    if (why !== null) return say(`503 DATA REJECTED - ${why}`);
    if (given.squared() === null) return say('501 BAD DATA SYNTAX.');
    if (given.tail !== '') return say('501 INVALID DATA PARAMETER.');
    const goAhead = say('354 CONTINUE [hash]');
    if (this.#size === 0) {
      // An empty message cannot be had (OQ-107).
      const failed = say('421 DATA FAILED - THE CONNECTION TIMED OUT WHILE WAITING FOR DATA - GOOD BYE');
      return [...goAhead, ...failed, this.#close()];
    }
    this.#state = 'message';
    return goAhead;
  }

  #outOfSequence(): string | null {
    if (!this.#greeted) return 'PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN';
    return this.#size === null ? 'PLEASE PROVIDE A MAIL FROM AND TRY AGAIN' : null;
  }

  #signetCommand(command: 'SGNT' | 'HIST' | 'VRFY', given: Arguments): Effect[] {
    const name = given.angled();
    if (name === null) return say(`501 BAD ${command} SYNTAX.`);
    if (!isName(name) || (command === 'HIST' && !name.includes('@'))) return say(`501 INVALID ${command} PARAMETER.`);
    const fingerprint = given.squared();
    if (command === 'SGNT') return say(...this.#signets.signet(name, fingerprint));
    const missing = fingerprint === null ? say(`501 INVALID ${command} PARAMETER.`) : [];
    // VRFY goes on with an empty fingerprint, which gives a second reply (OQ-100).
    if (command === 'VRFY') return [...missing, ...say(...this.#signets.verify(name, fingerprint ?? ''))];
    if (fingerprint === null) return missing;
    const bare = (text: string): string => text.replace(/[ \t]/g, '');
    const stop = given.squared();
    return say(...this.#signets.history(name, bare(fingerprint), stop === null ? null : bare(stop)));
  }

  /** A right nonce stays right (OQ-122), and is compared without regard to case (OQ-113). */
  #stats(nonce: string | null): Effect[] {
    if (nonce === null) {
      this.#nonce = randomBytes(32).toString('base64url');
      return say(`200 ONCE [${this.#nonce}]`);
    }
    const right = nonce.toLowerCase() === this.#nonce?.toLowerCase();
    return say(right ? '502 Command not implemented' : '450 BAD NONCE.');
  }

  #unknown(): Effect[] {
    this.#violations += 1;
    const { violations = usualViolations } = this.options;
    return this.#violations > violations ? this.#quit() : say('500 INVALID COMMAND');
  }

  #reset(): void {
    this.#size = null;
    this.#nonce = null;
  }

  #quit(): Effect[] {
    return [...say('221 BYE'), this.#close()];
  }

  #close(): Effect {
    this.#state = 'closed';
    return { kind: 'close' };
  }
}
