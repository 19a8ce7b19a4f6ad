/** dmap.command.parse and dmap.response.parse, on the grammar of DMAP. */
import { DmapValueError, parseCommand, parseResponse } from '../../../grammar/dmap.js';
import { GrammarError } from '../../../grammar/parse.js';
import { fromBase64url } from './binary.js';
import { plain } from './plain-json.js';
import { type ImmediateOperation, OperationRefusal } from './serve.js';

export const dmapCodecOperations: Readonly<Record<'dmap.command.parse' | 'dmap.response.parse', ImmediateOperation>> = {
  'dmap.command.parse': ({ octets }) =>
    refusing(() => {
      const { tag, command } = parseCommand(fromBase64url(octets as string));
      // The name of an X command is a word of its own.
      if (command.name === 'X') return { tag, command: command.word, arguments: { values: plain(command.values) } };
      const { name, ...args } = command;
      return { tag, command: name, arguments: plain(args) };
    }),
  'dmap.response.parse': ({ octets }) =>
    refusing(() => {
      const { kind, ...value } = parseResponse(fromBase64url(octets as string));
      return { kind, value: plain(value) };
    }),
};

/** What the grammar refuses is a wrong input; any other error stays what it is. */
function refusing<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof GrammarError) throw new OperationRefusal(error.message, { offset: error.offset });
    if (!(error instanceof DmapValueError)) throw error;
    throw new OperationRefusal(error.message, { requirement: error.requirement, offset: error.offset ?? undefined });
  }
}
