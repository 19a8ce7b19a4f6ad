/** Lines that come from the grammar of the named dialect, and lines that miss it by one element. */
import { arbitraryOf } from '../../../grammar/generate.js';
import { dmtpLeaves } from '../../../grammar/leaves.js';
import { nearMissOf } from '../../../grammar/mutate.js';
import { type Case, defineCase } from '../case.js';
import { mustNotParse, parseLine, quote, sameMembers, show } from './command-calls.js';

const codec = { class: 'dmtp-codec', needs: ['adapter'] } as const;

/** What stands behind NOOP is an accident of its table (OQ-87), so that nothing is demanded of it. */
const notNoop = (line: string): boolean => !/^\s*noop/i.test(line);

const inverse = defineCase({
  ...codec,
  operation: 'dmtp.command.format',
  id: 'dmtp-codec/arguments/formatted-line-reads-the-same',
  title: 'A command that was read is written as a line that reads as the same command again.',
  decides: ['DMTP-035'],
  given: () => arbitraryOf('dmtp', 'NamedLine', { leaves: dmtpLeaves }).filter(notNoop),
  check: async (line, context) => {
    const read = await parseLine(context, line);
    const name = /^[A-Z]+/.exec(line)?.[0];
    const known = read.kind === 'result' && read.value.verb === name;
    context.require('DMTP-035', known, `${quote(line)} to be read as ${name}`, show(read));
    if (read.kind !== 'result') return;
    const { verb, arguments: args } = read.value;
    const written = await context.call('dmtp.command.format', { dialect: 'named', verb, arguments: args });
    const text = written.kind === 'result' && typeof written.value.line === 'string' ? written.value.line : null;
    context.require('DMTP-035', text !== null, `the line for ${JSON.stringify(read.value)}`, show(written));
    if (text === null) return;
    const again = await parseLine(context, text);
    context.require(
      'DMTP-035',
      again.kind === 'result' && again.value.verb === verb && sameMembers(again.value.arguments, args),
      `${quote(text)} to be read as ${JSON.stringify(read.value)}, as ${quote(line)} was`,
      show(again),
    );
  },
});

const nearMisses = defineCase({
  ...codec,
  operation: 'dmtp.command.parse',
  id: 'dmtp-codec/lines/near-misses-refused',
  title: 'A line that misses the syntax by one element is refused where the line without the slip is accepted.',
  decides: ['DMTP-035'],
  given: () =>
    nearMissOf('dmtp', 'NamedLine', { leaves: dmtpLeaves }).filter(
      ({ text, origin }) => notNoop(text) && notNoop(origin),
    ),
  check: async ({ text, origin, breach, element }, context) => {
    const right = await parseLine(context, origin);
    context.require('DMTP-035', right.kind === 'result', `${quote(origin)} to be accepted`, show(right));
    await mustNotParse(context, 'DMTP-035', text, `of ${quote(origin)}, ${element} is broken (${breach})`);
  },
});

export const cases: readonly Case[] = [inverse, nearMisses];
