/** dmtp.command.parse, dmtp.command.format and dmtp.reply.parse, on the grammar of DMTP. */
import {
  type Command,
  type CommandArguments,
  type Dialect,
  formatCommand,
  longestCommandLine,
  parseCommand,
  parseReply,
  type Verb,
  verbs,
} from '../../../grammar/dmtp.js';
import { GrammarError } from '../../../grammar/parse.js';
import { brokenRequirement } from './named-refusal.js';
import { OperationRefusal, type Operations } from './serve.js';
import { octetMembers, octetText, plainText, textMember } from './texts.js';

export const dmtpOperations: Operations = {
  'dmtp.command.parse': (input) => {
    const { line } = octetMembers(input) as { line: string };
    const { verb, arguments: args } = parseLine(line, input.dialect as Dialect);
    return { verb, arguments: argumentMembers(args) };
  },
  'dmtp.command.format': (input) => {
    const dialect = input.dialect as Dialect;
    const verb = verbs.find((known) => known === input.verb);
    if (verb === undefined) throw unknownVerb(input.verb as string, dialect);
    const args = octetMembers(input.arguments as Record<string, unknown>) as CommandArguments;
    return textMember('line', formatLine({ verb, dialect, arguments: args }));
  },
  'dmtp.reply.parse': (input) => {
    try {
      const { code, lines } = parseReply(octetText(input.text as string));
      // A line of a UTF-8 text is UTF-8.
      return { code, lines: lines.map((line) => plainText(line) ?? line) };
    } catch (error) {
      throw refusal(error);
    }
  },
};

/** @throws OperationRefusal */
function parseLine(line: string, dialect: Dialect): Command {
  if (line.length > longestCommandLine) {
    throw new OperationRefusal(
      `the line has ${line.length} octets with its line end, more than the ${longestCommandLine} of section 2 of the DMTP digest`,
      { requirement: 'DMTP-013', offset: longestCommandLine },
    );
  }
  try {
    return parseCommand(line, dialect);
  } catch (error) {
    throw refusal(error, dialect === 'named' ? brokenRequirement(line) : undefined);
  }
}

/**
 * Writes a command and reads it again: what is read has to be what was given, so that no argument is dropped, and none
 * breaks out of its brackets or its line.
 *
 * @throws OperationRefusal
 */
function formatLine(command: Command): string {
  const line = formatCommand(command);
  if (line.length > longestCommandLine) {
    throw new OperationRefusal(
      `the line would have ${line.length} octets with its line end, more than the ${longestCommandLine} of section 2 of the DMTP digest`,
      { requirement: 'DMTP-014' },
    );
  }
  const { dialect, verb } = command;
  let read: CommandArguments;
  try {
    read = parseCommand(line, dialect).arguments;
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    throw new OperationRefusal(
      `${verb} with these arguments would read ${JSON.stringify(line)}, which is no ${dialect} command: ${error.message}`,
      { requirement: dialect === 'named' ? brokenRequirement(line) : undefined },
    );
  }
  const changed = [...changedArguments(command.arguments, read)];
  if (changed.length > 0) {
    throw new OperationRefusal(
      `${verb} cannot carry ${changed.join(', ')} as given: the ${dialect} line would read ${JSON.stringify(line)}`,
      { requirement: dialect === 'named' ? 'DMTP-039' : undefined },
    );
  }
  return line;
}

/** Names of the arguments that differ. */
function changedArguments(given: CommandArguments, read: CommandArguments): Set<string> {
  const before = new Map(Object.entries(given));
  const after = new Map(Object.entries(read));
  return new Set([...before.keys(), ...after.keys()].filter((name) => before.get(name) !== after.get(name)));
}

function unknownVerb(verb: string, dialect: Dialect): OperationRefusal {
  const lowerCase = verbs.includes(verb.toUpperCase() as Verb);
  return new OperationRefusal(
    `no command ${JSON.stringify(verb.slice(0, 100))}${lowerCase ? '; verbs are given in upper case' : ''}`,
    { requirement: lowerCase && dialect === 'named' ? 'DMTP-036' : undefined },
  );
}

function argumentMembers(args: CommandArguments): Record<string, unknown> {
  const members = Object.entries(args).map(([name, value]) =>
    typeof value === 'string' ? textMember(name, value) : { [name]: value },
  );
  return Object.assign({}, ...members) as Record<string, unknown>;
}

/** What the grammar refuses is a wrong input; any other error stays what it is. */
function refusal(error: unknown, requirement?: string): unknown {
  if (!(error instanceof GrammarError)) return error;
  return new OperationRefusal(error.message, { requirement, offset: error.offset });
}
