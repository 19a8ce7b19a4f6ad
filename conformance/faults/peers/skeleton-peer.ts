/**
 * A DMTP server as the digest describes magma's (section 8): a skeleton. Lines end with LF, the banner says DSMTP, names
 * match by prefix, and four of them never match for their wrong lengths. Written from the digest alone.
 */
import { listen, type PeerTls, type RunningPeer } from './listen.js';
import { type Effect, Inbox, type PeerSession } from './session.js';

export interface SkeletonPeerOptions {
  readonly tls: PeerTls;
  readonly host?: string;
  readonly domain: string;
  /** Wrong commands after which it says goodbye. */
  readonly violations?: number;
}

/** Starts it: on a TLS port only, as its model refuses any other. */
export async function startSkeletonPeer(options: SkeletonPeerOptions): Promise<RunningPeer> {
  const { tls, host = '127.0.0.1', domain, violations = 50 } = options;
  return await listen({ tls, host, plain: false, session: () => new SkeletonSession(domain, violations) });
}

class SkeletonSession implements PeerSession {
  readonly #inbox = new Inbox();
  #violations = 0;
  #closed = false;

  constructor(
    private readonly domain: string,
    private readonly mostViolations: number,
  ) {}

  start(): Effect[] {
    return [say(`220 ${this.domain} DSMTP Magma`)];
  }

  receive(octets: Buffer): Effect[] {
    if (this.#closed) return [];
    const effects: Effect[] = [];
    this.#inbox.add(octets);
    while (!this.#closed) {
      const line = this.#inbox.line();
      if (line === null) break;
      effects.push(...this.#answer(line.replace(/\r?\n$/, '')));
    }
    if (!this.#closed && this.#inbox.flooded) effects.push(...this.#goodbye());
    return effects;
  }

  secured(): Effect[] {
    return [];
  }

  handshakeFailed(): Effect[] {
    return [{ kind: 'close' }];
  }

  #answer(line: string): Effect[] {
    const upper = line.toUpperCase();
    const name = Object.keys(commands).find((prefix) => upper.startsWith(prefix));
    const answer = name === undefined ? undefined : commands[name];
    if (answer !== undefined) return [say(answer(this.domain))];
    if (upper.startsWith('QUIT')) return this.#goodbye();
    this.#violations += 1;
    return this.#violations > this.mostViolations ? this.#goodbye() : [say('500 INVALID COMMAND')];
  }

  #goodbye(): Effect[] {
    this.#closed = true;
    return [say('221 BYE'), { kind: 'close' }];
  }
}

const say = (text: string): Effect => ({ kind: 'say', text: `${text}\n` });

/** MAIL, RCPT, SGNT and HIST are missing: the lengths in the table (9, 7, 9 and 7) let no line match them. */
const commands: Readonly<Record<string, (domain: string) => string>> = {
  EHLO: (domain) => `250 ${domain}`,
  HELO: (domain) => `250 ${domain}`,
  NOOP: () => '250 NOOP COMMAND COMPLETE',
  MODE: () => '250 DMTP',
  RSET: () => '250 RSET COMMAND COMPLETE',
  VRFY: () => '250 VRFY COMMAND COMPLETE',
  DATA: () => '451 DATA FAILED - INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER',
  HELP: () => '502 HELP COMMAND DISABLED',
  VERB: () => '502 VERB COMMAND DISABLED',
};
