/** From the octets of a command to the command, or to why there is none. */
import {
  type Command,
  type CommandExtension,
  type CommandName,
  DmapValueError,
  extensionsUsed,
  type FramedText,
  parseCommand,
  parseOpening,
} from '../../grammar/dmap.js';
import { GrammarError } from '../../grammar/parse.js';
import { type Answer, bad, no, sentence } from './answer.js';

/** The command, or commands, with this name. */
export type CommandOf<Name extends CommandName> = Command extends infer Each
  ? Each extends { readonly name: CommandName }
    ? [Name & Each['name']] extends [never]
      ? never
      : Each
    : never
  : never;

export type Understood =
  | { readonly tag: string; readonly command: Command; readonly uses: readonly CommandExtension[] }
  /** The tag is null when none can be read. */
  | { readonly tag: string | null; readonly fault: Answer }
  /** Right as far as it goes; octets of a literal, or what is behind it, are needed. */
  | { readonly tag: string; readonly pending: true };

const tagged = /^((?!\+)[!#$&',-[\]-z|}~+]+) ?([!#$&'+-[^-z|}~]*)/;

/** The tag and the name of a command, as far as they can be read. */
export function openingOf(text: string): { readonly tag: string | null; readonly word: string } {
  const [, tag = '', word = ''] = tagged.exec(text) ?? [];
  return { tag: tag === '' || tag.includes('+') ? null : tag, word };
}

/** A whole command. */
export function understand(framed: FramedText): Understood {
  try {
    const { tag, command } = parseCommand(framed);
    return { tag, command, uses: [...extensionsUsed(command)] };
  } catch (error) {
    return { tag: openingOf(framed.text).tag, fault: faultOf(error) };
  }
}

/** A command that is read up to a literal, whose octets have not come. */
export function understandOpening(opening: FramedText): Understood {
  try {
    const { tag, command } = parseOpening(opening);
    return command === null ? { tag, pending: true } : { tag, command, uses: [...extensionsUsed(command)] };
  } catch (error) {
    return { tag: openingOf(opening.text).tag, fault: faultOf(error) };
  }
}

/** Nothing of what the peer wrote is told back. */
function faultOf(error: unknown): Answer {
  if (error instanceof GrammarError) {
    const expected = error.expected.slice(0, 4).join(', ');
    return bad(sentence(`syntax error at octet ${error.offset}: expected ${expected}`));
  }
  if (error instanceof DmapValueError) {
    const text = sentence(error.message);
    return error.answer === 'NO' ? no(text) : bad(text);
  }
  throw error;
}
