/** What a line is: a command, or what is wrong with it, and so its row in the state table. */
import { type Breach, type Command, diagnoseCommand, parseCommand, type Verb } from '../../grammar/dmtp.js';
import { GrammarError } from '../../grammar/parse.js';
import { type Line, smtpOnlyCommands } from './states.js';

export interface Understood {
  readonly row: Line;
  /** Null when the line is no DMTP command at all. */
  readonly verb: Verb | null;
  readonly said: { readonly command: Command } | { readonly breach: Breach };
}

/**
 * Two domains that exchange mail name the same hosts and fingerprints over and over, and parsing costs more than all else
 * that a line needs: so the last lines understood are kept. Lines are at most 512 octets, so this is at most 256 KiB.
 */
const recent = new Map<string, Understood>();
const mostRecent = 512;

/** Never throws for text, whatever it is. */
export function understand(line: string): Understood {
  const known = recent.get(line);
  if (known !== undefined) return known;
  const understood = parse(line);
  if (recent.size >= mostRecent) forgetOldest();
  recent.set(line, understood);
  return understood;
}

/** A map keeps its keys in the order in which they came. */
function forgetOldest(): void {
  for (const oldest of recent.keys()) {
    recent.delete(oldest);
    return;
  }
}

function parse(line: string): Understood {
  try {
    const command = parseCommand(line);
    return { row: command.verb, verb: command.verb, said: { command } };
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    const breach = diagnoseCommand(line);
    return { row: brokenRow(breach, line), verb: breach.verb, said: { breach } };
  }
}

function brokenRow({ verb, breach }: Breach, line: string): Line {
  if (verb === null) {
    const word = /^[A-Za-z]+(?=[ \t\r\n])/.exec(line)?.[0].toUpperCase() ?? '';
    return smtpOnlyCommands.has(word) ? 'smtp only' : 'unknown';
  }
  // A bare STARTTLS is for SMTP too, but only where STARTTLS is possible at all.
  return breach === 'smtp' && verb !== 'STARTTLS' ? 'bare greeting' : verb;
}
