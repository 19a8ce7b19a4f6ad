/** One whole command or response, given as octets, framed. */
import { CommandFramer } from './dmap-command-framing.js';
import type { FramedText } from './dmap-framed.js';
import type { LineFault } from './dmap-lines.js';
import { ResponseFramer } from './dmap-response-framing.js';
import { GrammarError } from './parse.js';

const faults: Readonly<Record<LineFault, readonly [expected: string, found: string]>> = {
  'bare-cr': ['no carriage return without a line feed', '\r'],
  'bare-lf': ['no line feed without a carriage return', '\n'],
  nul: ['no NUL outside a literal', '\0'],
  'too-long': ['the end', 'more'],
};

/** @throws GrammarError when `octets` are not one command or response and nothing else */
export function frameWhole(octets: Uint8Array, rule: string): FramedText {
  return rule === 'Command' ? frameCommand(octets) : frameResponse(octets, rule);
}

function frameCommand(octets: Uint8Array): FramedText {
  const most = octets.length;
  const framer = new CommandFramer({ text: most, literals: most, kept: most, saslLine: 0, skipped: most });
  framer.push(octets);
  for (;;) {
    const event = framer.nextCommand();
    switch (event?.kind) {
      case undefined:
      case 'endless':
        throw new GrammarError('dmap', 'Command', most, ['the line end'], null);
      case 'command':
        if (framer.waiting > 0) throw surplus('Command', octets, most - framer.waiting);
        return event.framed;
      case 'bad':
        throw faulty('Command', event.reason, event.text, most - framer.waiting);
      case 'literal': {
        const left = framer.waiting;
        if (event.fault !== null || event.size > left) {
          throw new GrammarError('dmap', 'Command', most, [`${event.size} octets, of which ${left} are there`], null);
        }
        framer.acceptLiteral();
      }
    }
  }
}

function frameResponse(octets: Uint8Array, rule: string): FramedText {
  const most = octets.length;
  const framer = new ResponseFramer({ text: most, literals: most, kept: most });
  framer.push(octets);
  const event = framer.next();
  if (event === null) throw new GrammarError('dmap', rule, most, ['the line end'], null);
  if (event.kind === 'response') {
    if (framer.waiting > 0) throw surplus(rule, octets, most - framer.waiting);
    return event.framed;
  }
  const { reason } = event;
  if (reason === 'literal-too-large' || reason === 'too-many-literals') {
    throw new GrammarError('dmap', rule, most, ['the octets of the literal'], null);
  }
  throw faulty(rule, reason, event.text, most - framer.waiting);
}

const places: Readonly<Record<LineFault, RegExp>> = {
  'bare-cr': /\r(?!\n)/,
  'bare-lf': /(?<!\r)\n/,
  nul: /\0/,
  'too-long': /$/,
};

/** `text`: the command or response as far as it was read, its literals taken out. `read`: octets read until then. */
function faulty(rule: string, reason: LineFault, text: string, read: number): GrammarError {
  const [expected, found] = faults[reason];
  return new GrammarError('dmap', rule, read - text.length + text.search(places[reason]), [expected], found);
}

function surplus(rule: string, octets: Uint8Array, from: number): GrammarError {
  return new GrammarError('dmap', rule, from, ['the end'], String.fromCharCode(octets[from] ?? 0));
}
