/** Seeded faults of a DMTP server that meets a hostile peer: it fails others, or loses patience in the wrong way. */
import type { DmtpSession, ReferenceHooks, SessionEffect } from '../target/embedded.js';
import type { Fault } from './fault.js';
import { relay } from './relay.js';
import { answerLines, bendSessions, rewriteLines, says, WrappedSession } from './session-bending.js';

const crashes = 'the fault is a crash: a server that is down answers nobody';

/** What the sessions of one server share: a crash, and peers that keep it from serving others. */
class Shared {
  crashed = false;
  readonly hogs = new Set<unknown>();

  /** Whether a new peer is served. */
  get serves(): boolean {
    return !this.crashed && this.hogs.size === 0;
  }
}

/** A session of a server that may be down: nothing is said to a new peer, it is sent away. */
class MortalSession extends WrappedSession {
  constructor(
    inner: DmtpSession,
    protected readonly shared: Shared,
  ) {
    super(inner);
  }

  override start(): SessionEffect[] {
    return this.shared.serves ? this.inner.start() : [{ kind: 'close' }];
  }

  override end(): void {
    this.shared.hogs.delete(this);
    this.inner.end();
  }
}

const mortal = (Session: new (inner: DmtpSession, shared: Shared) => DmtpSession) => (): ReferenceHooks => {
  const shared = new Shared();
  return { session: (inner) => new Session(inner, shared) };
};

class DiesOfControlOctets extends MortalSession {
  override receive(octets: Uint8Array): SessionEffect[] {
    if (this.awaiting === 'command') this.shared.crashed ||= octets.some((octet) => octet > 0 && octet < 8);
    return this.shared.crashed ? [{ kind: 'close' }] : this.inner.receive(octets);
  }
}

const hugeLine = 256 * 1024;

class SearchesLongLines extends MortalSession {
  #length = 0;

  override receive(octets: Uint8Array): SessionEffect[] {
    this.#length = octets.includes(0x0a) ? 0 : this.#length + octets.length;
    if (this.#length > hugeLine) this.shared.hogs.add(this);
    return this.inner.receive(octets);
  }
}

class DiesOfUnfinishedMessages extends MortalSession {
  #begun = false;

  override receive(octets: Uint8Array): SessionEffect[] {
    this.#begun = this.awaiting === 'message';
    return this.inner.receive(octets);
  }

  override end(): void {
    this.shared.crashed ||= this.#begun && this.awaiting === 'message';
    super.end();
  }
}

/** More than any right peer leaves unread. */
const unreadOctets = 1024 * 1024;

const serviceFaults: readonly Fault[] = [
  {
    id: 'robustness/dies-of-control-octets',
    breaks: 'ROB-001',
    title: 'crashes when a command line holds certain control octets',
    freshHooks: mortal(DiesOfControlOctets),
    kills: crashes,
  },
  {
    id: 'robustness/searches-endless-lines',
    breaks: 'ROB-002',
    title: 'serves nobody else while it looks for the end of a line of 256 KiB and more',
    freshHooks: mortal(SearchesLongLines),
  },
  {
    id: 'robustness/sixty-connections',
    breaks: 'ROB-003',
    title: 'takes sixty connections and keeps the silent ones',
    hooks: { limits: (limits) => ({ ...limits, connectionsPerAddress: 60 }) },
  },
  {
    id: 'robustness/dies-of-unfinished-messages',
    breaks: 'ROB-004',
    title: 'crashes when a connection breaks off in the middle of a message',
    freshHooks: mortal(DiesOfUnfinishedMessages),
    kills: crashes,
  },
  {
    id: 'robustness/dies-of-junk-handshakes',
    breaks: 'ROB-005',
    title: 'crashes when the first octet of a connection begins no TLS handshake',
    front: relay(() => {
      let crashed = false;
      return (peer) => {
        peer.once('data', (octets) => {
          crashed ||= octets[0] !== 0x16;
          if (crashed) peer.destroy();
        });
      };
    }),
    kills: crashes,
  },
  {
    id: 'robustness/one-handshake-at-a-time',
    breaks: 'ROB-005',
    title: 'serves nobody else while a handshake is under way',
    front: relay(() => {
      const underWay = new Set<unknown>();
      return (peer, server) => {
        const done = (): void => {
          underWay.delete(peer);
        };
        peer.once('data', () => {
          if (underWay.size > 0) peer.destroy();
          else underWay.add(peer);
        });
        server.once('data', done);
        peer.once('close', done);
      };
    }),
  },
  {
    id: 'robustness/writes-to-one-peer-only',
    breaks: 'ROB-010',
    title: 'serves nobody else while a peer leaves its replies unread',
    front: relay(() => {
      const unread = new Set<unknown>();
      return (peer, server) => {
        peer.once('data', () => unread.size > 0 && peer.destroy());
        server.on('data', () => {
          if (!peer.destroyed && peer.writableLength > unreadOctets) unread.add(peer);
        });
        peer.on('drain', () => unread.delete(peer));
        peer.once('close', () => unread.delete(peer));
      };
    }),
  },
];

/** So many commands in one piece are answered. */
const burst = 50;

const answerFaults: readonly Fault[] = [
  {
    id: 'robustness/nul-ignored',
    breaks: 'ROB-006',
    title: 'reads over NUL and octets above 127 in a command line',
    hooks: rewriteLines(/[\0\x80-\xff]/, (line) => line.replace(/[\0\x80-\xff]/g, '')),
  },
  {
    id: 'robustness/nul-ends-the-line',
    breaks: 'ROB-006',
    title: 'gives no answer to a line with NUL',
    hooks: answerLines(/\0/, () => ''),
    limits: { replyMs: 400 },
  },
  {
    id: 'robustness/size-overflows',
    breaks: 'ROB-007',
    title: 'reads a SIZE of more than 19 digits as a small number',
    hooks: rewriteLines(/SIZE=\d{20}/i, (line) => line.replace(/SIZE=\d+/i, 'SIZE=1')),
  },
  {
    id: 'robustness/bursts-cut',
    breaks: 'ROB-008',
    title: `turns away what stands behind ${burst} commands in one piece`,
    hooks: bendSessions(() => {
      let count = 0;
      return {
        chunk: (octets) => {
          count = 0;
          return octets;
        },
        line: (line, ask) => (++count > burst ? '451 TOO FAST\r\n' : ask(line)),
      };
    }),
  },
  {
    id: 'robustness/single-octets-taken-for-lines',
    breaks: 'ROB-009',
    title: 'takes a single octet for a whole line',
    hooks: bendSessions(() => ({ chunk: (octets) => (/^[ -~]$/.test(octets) ? `${octets}\r\n` : octets) })),
  },
];

const patienceFaults: readonly Fault[] = [
  {
    id: 'robustness/endless-patience-with-wrong-commands',
    breaks: 'DMTP-069',
    title: 'answers unknown commands and empty lines without end',
    hooks: answerLines(/^(?:WRONG)?\s*$/, says('500 INVALID COMMAND')),
    limits: { replyMs: 400 },
  },
  {
    id: 'robustness/endless-patience-with-empty-lines',
    breaks: 'DMTP-069',
    title: 'does not count empty lines',
    hooks: answerLines(/^\s*$/, says('500 INVALID COMMAND')),
    limits: { replyMs: 400 },
  },
  {
    id: 'robustness/silent-end-of-silence',
    breaks: 'DMTP-070',
    title: 'closes a silent connection without 421',
    hooks: bendSessions(() => ({ expired: () => '' })),
    limits: { replyMs: 400, idleMs: 300 },
  },
  {
    id: 'robustness/late-message-damaged',
    breaks: 'DMTP-070',
    title: 'answers 451 when a message does not come in time',
    hooks: bendSessions(() => ({
      expired: (lastWord, awaiting) => (awaiting === 'message' ? lastWord.replace(/^421/, '451') : lastWord),
    })),
    limits: { replyMs: 400, idleMs: 300 },
  },
  {
    id: 'robustness/endless-patience-with-silence',
    breaks: 'DMTP-070',
    title: 'bears a silent connection without end',
    hooks: { limits: (limits) => ({ ...limits, idleMs: 3_600_000 }) },
    limits: { replyMs: 400, idleMs: 300 },
  },
];

export const faults: readonly Fault[] = [...serviceFaults, ...answerFaults, ...patienceFaults];
