/** dmtp.command.parse, dmtp.command.format and dmtp.reply.parse, on the grammar of DMTP. */
import {
  type Command,
  type CommandArguments,
  type Dialect,
  formatCommand,
  LineTooLongError,
  parseCommand,
  parseReply,
  type Verb,
  verbs,
} from '../../../grammar/dmtp.js';
import { GrammarError } from '../../../grammar/parse.js';
import { brokenRequirement, unwritableRequirement } from './named-refusal.js';
import { type ImmediateOperation, OperationRefusal } from './serve.js';
import { octetMembers, octetText, plainText, textMember } from './texts.js';

export const dmtpOperations: Readonly<
  Record<'dmtp.command.parse' | 'dmtp.command.format' | 'dmtp.reply.parse', ImmediateOperation>
> = {
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
  try {
    return parseCommand(line, dialect);
  } catch (error) {
    if (error instanceof LineTooLongError) {
      throw new OperationRefusal(error.message, { requirement: 'DMTP-013', offset: error.limit });
    }
    throw refusal(error, dialect === 'named' ? brokenRequirement(line) : undefined);
  }
}

/** @throws OperationRefusal */
function formatLine(command: Command): string {
  try {
    return formatCommand(command);
  } catch (error) {
    if (error instanceof LineTooLongError) throw new OperationRefusal(error.message, { requirement: 'DMTP-014' });
    if (!(error instanceof RangeError)) throw error;
    const { dialect, verb, arguments: args } = command;
    const requirement = dialect === 'named' ? unwritableRequirement(verb, Object.keys(args)) : undefined;
    throw new OperationRefusal(error.message, { requirement });
  }
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
