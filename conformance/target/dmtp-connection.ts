/** The suite's own DMTP client: reads leniently, so that one defect of a peer shows in the case about it and no other. */
import { PeerFlood } from '../runner/outcome.js';
import { PeerConnection, type Wire } from './peer-connection.js';

/** Larger than any reply of a right server without large signets; what is longer is a flood. */
const longestReply = 4 * 1024 * 1024;

export interface PeerLine {
  /** Null when the line does not begin with three digits. */
  readonly code: number | null;
  /** What stands behind the code: a hyphen on lines before the last, a space on the last. */
  readonly separator: string;
  readonly text: string;
  readonly end: 'crlf' | 'lf';
}

/** One reply as it came. */
export interface PeerReply {
  /** Code of the last line. */
  readonly code: number | null;
  readonly lines: readonly PeerLine[];
  /** All octets, one character each. */
  readonly raw: string;
}

export class DmtpConnection extends PeerConnection {
  constructor(wire: Wire) {
    super(wire, longestReply);
  }

  /**
   * Reads one reply: lines up to the first that has no hyphen behind its code.
   *
   * @throws PeerSilent, PeerGone, PeerFlood
   */
  async reply(withinMs?: number): Promise<PeerReply> {
    const wait = this.waiting(withinMs);
    const lines: PeerLine[] = [];
    let raw = '';
    for (;;) {
      const line = await this.takeLine(wait, raw);
      raw += line;
      if (raw.length > longestReply) throw new PeerFlood(longestReply);
      const parsed = parseLine(line);
      lines.push(parsed);
      if (parsed.separator !== '-') return { code: parsed.code, lines, raw };
    }
  }

  /** Sends one command line and reads its reply. */
  async ask(line: string): Promise<PeerReply> {
    await this.send(line.endsWith('\n') ? line : `${line}\r\n`);
    return await this.reply();
  }

  /** Reads replies until `count` are there. */
  async replies(count: number): Promise<PeerReply[]> {
    const all: PeerReply[] = [];
    while (all.length < count) all.push(await this.reply());
    return all;
  }
}

function parseLine(line: string): PeerLine {
  const end = line.endsWith('\r\n') ? 'crlf' : 'lf';
  const content = line.slice(0, end === 'crlf' ? -2 : -1);
  const match = /^(\d{3})(.?)(.*)$/s.exec(content);
  if (match === null) return { code: null, separator: '', text: content, end };
  return { code: Number(match[1]), separator: match[2] ?? '', text: match[3] ?? '', end };
}
