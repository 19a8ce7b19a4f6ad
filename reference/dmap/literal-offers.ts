/** What becomes of a literal, decided before its octets come (section 6.7, step 2: DMAP-020, DMAP-022). */
import type { LiteralOffer } from '../../grammar/dmap-command-framing.js';
import { type Answer, bad, no } from './answer.js';
import { type Appending, openAppend } from './append.js';
import type { Conversation } from './conversation.js';
import { isLegal, knownCommand } from './states.js';
import { openingOf, understandOpening } from './understand.js';

/** A refusal; the place for the message of an APPEND; or null when the octets are to be kept. */
export function judgeOffer(
  conversation: Conversation,
  { opening, fault, size }: LiteralOffer,
): Answer | Appending | null {
  const { limits } = conversation;
  const { tag, word } = openingOf(opening.text);
  if (tag === null) return bad('That is no command.');
  const unfit = unfitCommand(conversation, word);
  if (unfit !== null) return unfit;
  if (fault === 'range' || fault === 'too-many') return bad('There are too many literals, or one is too large.');
  const said = understandOpening(opening);
  if ('fault' in said) return said.fault;
  if ('command' in said && said.command.name === 'APPEND') return openAppend(conversation, said.command);
  if (fault === 'too-large' || size > limits.literalOctets) {
    return no(`A literal has at most ${limits.literalOctets} octets here.`, 'TOOBIG');
  }
  return null;
}

/** Why a command of this name is refused whatever it says (DMAP-I-23); null when it can be right. */
export function unfitCommand({ state }: Conversation, word: string): Answer | null {
  const name = knownCommand(word);
  if (name === null) return /^X/i.test(word) ? null : bad('There is no such command.');
  return isLegal(name, state) ? null : bad('That command has no place here.');
}
