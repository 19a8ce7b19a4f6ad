/** How a line of the named dialect is written (section 5.1 of the DMTP digest). */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { mustFormat, mustNotParse, mustParse } from './command-calls.js';
import {
  anything,
  bareVerbs,
  commands,
  type GivenArgument,
  lineEnds,
  lineOf,
  type NamedVerb,
  namedVerbs,
  partsOf,
  plausible,
  verbsWithArguments,
  writtenArgument,
} from './named-commands.js';

const codec = { class: 'dmtp-codec', needs: ['adapter'] } as const;
const parses = { ...codec, operation: 'dmtp.command.parse' } as const;

const parsedValues = defineCase({
  ...parses,
  id: 'dmtp-codec/arguments/parsed-with-any-value',
  title: 'Arguments are read as they stand between their brackets, also empty, with spaces, and outside ASCII.',
  decides: ['DMTP-035'],
  given: () => fc.record({ command: commands(verbsWithArguments, anything), end: lineEnds }),
  check: async ({ command, end }, context) => {
    await mustParse(context, 'DMTP-035', lineOf(partsOf(command), end), command);
    await mustNotParse(context, 'DMTP-035', partsOf(command).join(' '), 'it has no line end');
  },
});

/** An argument whose brackets are wrong. Only the last one can be left open: an earlier one would end later. */
function misbracketed(argument: GivenArgument): readonly { readonly text: string; readonly because: string }[] {
  const { name, form, value } = argument;
  const [right, other] = form === 'angle' ? ['<>', '[]'] : ['[]', '<>'];
  return [
    {
      text: `${name}=${other?.[0]}${value}${other?.[1]}`,
      because: `the value of ${name} stands in the wrong brackets`,
    },
    { text: `${name}=${value}`, because: `the value of ${name} stands in no brackets` },
    { text: `${name}=${right?.[0]}${value}`, because: `the bracket of ${name} is not closed` },
    { text: `${name}${right?.[0]}${value}${right?.[1]}`, because: `no equals sign stands behind ${name}` },
    { text: `${name}= ${right?.[0]}${value}${right?.[1]}`, because: `a space stands behind ${name}=` },
  ];
}

const brackets = defineCase({
  ...parses,
  id: 'dmtp-codec/arguments/brackets-demanded',
  title: 'A value in the wrong brackets, in none, or in brackets that are not closed is refused.',
  decides: ['DMTP-035'],
  given: () => commands(verbsWithArguments),
  check: async (command, context) => {
    const { verb, given } = command;
    await mustParse(context, 'DMTP-035', lineOf(partsOf(command)), command);
    const last = given.findLast(({ form }) => form !== 'word');
    for (const { text, because } of last === undefined ? [] : misbracketed(last)) {
      const parts = given.map((argument) => (argument === last ? text : writtenArgument(argument)));
      await mustNotParse(context, 'DMTP-035', lineOf([verb, ...parts]), because);
    }
  },
});

const formatted = defineCase({
  ...codec,
  operation: 'dmtp.command.format',
  id: 'dmtp-codec/arguments/formatted-with-one-space-between',
  title: 'A command is written with its arguments in the order of the table, in their brackets, one space apart.',
  decides: ['DMTP-035'],
  given: () => commands(namedVerbs),
  check: async (command, context) => {
    await mustFormat(context, 'DMTP-035', command);
  },
});

/** The word with at least one letter in lower case. */
const withLowerCase = (word: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(word.toLowerCase()),
    fc.nat(word.length - 1).map((at) => word.slice(0, at) + word.charAt(at).toLowerCase() + word.slice(at + 1)),
  );

const upperCase = defineCase({
  ...parses,
  id: 'dmtp-codec/names/upper-case-demanded',
  title: 'Names of commands and arguments are upper case; any letter in lower case refuses the line.',
  decides: ['DMTP-036'],
  given: () =>
    commands(namedVerbs).chain((command) =>
      fc.record({
        command: fc.constant(command),
        verb: withLowerCase(command.verb),
        names: fc.tuple(...command.given.map(({ name }) => withLowerCase(name))),
      }),
    ),
  check: async ({ command, verb, names }, context) => {
    const { given } = command;
    await mustParse(context, 'DMTP-036', lineOf(partsOf(command)), command);
    await mustNotParse(context, 'DMTP-036', lineOf([verb, ...given.map(writtenArgument)]), `${verb} is no command`);
    for (const [place, name] of names.entries()) {
      const parts = given.map((argument, index) => writtenArgument(index === place ? { ...argument, name } : argument));
      await mustNotParse(context, 'DMTP-036', lineOf([command.verb, ...parts]), `${name} is no argument`);
    }
  },
});

/** A command of the verb with two arguments or more, and the same arguments in another order. */
const disordered = (verb: NamedVerb) =>
  commands([verb])
    .filter(({ given }) => given.length > 1)
    .chain((command) =>
      fc
        .shuffledSubarray([...command.given], { minLength: command.given.length })
        .filter((given) => given.some((argument, index) => argument !== command.given[index]))
        .map((given) => ({ command, given })),
    );

const order = defineCase({
  ...parses,
  id: 'dmtp-codec/arguments/order-of-the-table',
  title:
    'Arguments stand in the order of the table: optional ones may be left out, none may stand before an earlier one.',
  decides: ['DMTP-037'],
  given: () => fc.tuple(...(['MAIL', 'RCPT', 'SGNT', 'HIST', 'VRFY', 'STARTTLS'] as const).map(disordered)),
  check: async (all, context) => {
    for (const { command, given } of all) {
      await mustParse(context, 'DMTP-037', lineOf(partsOf(command)), command);
      const line = lineOf([command.verb, ...given.map(writtenArgument)]);
      await mustNotParse(context, 'DMTP-037', line, 'its arguments are not in the order of the table');
    }
  },
});

const blanks = (least: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(' ', '\t'), minLength: least, maxLength: 4 });

const whiteSpace = defineCase({
  ...parses,
  id: 'dmtp-codec/lines/runs-of-blanks-accepted',
  title:
    'Runs of spaces and tabs may stand between the parts and before the line end; between parts there has to be one.',
  decides: ['DMTP-038'],
  given: () =>
    commands(verbsWithArguments).chain((command) => {
      const { length } = command.given;
      return fc.record({
        command: fc.constant(command),
        between: fc.array(blanks(1), { minLength: length, maxLength: length }),
        before: blanks(0),
        end: lineEnds,
        joined: fc.nat(length - 1),
      });
    }),
  check: async ({ command, between, before, end, joined }, context) => {
    const spaced = (gaps: readonly string[]): string =>
      partsOf(command)
        .map((part, index) => part + (gaps[index] ?? ''))
        .join('') +
      before +
      end;
    await mustParse(context, 'DMTP-038', spaced(between), command);
    await mustNotParse(
      context,
      'DMTP-038',
      spaced(between.with(joined, '')),
      'nothing stands between two of its parts',
    );
  },
});

const unknownArguments = fc.constantFrom(
  'SIZE=5',
  'NONCE=[abc]',
  'NAME=<dx.example>',
  'EXTRA',
  'now',
  '[abc]',
  '<a.b>',
);

const surplus = defineCase({
  ...parses,
  id: 'dmtp-codec/arguments/repeated-and-unknown-refused',
  title: 'An argument that is repeated, or that the command does not have, refuses the line.',
  decides: ['DMTP-039'],
  given: () =>
    commands(verbsWithArguments).chain((command) =>
      fc.record({
        command: fc.constant(command),
        place: fc.nat(command.given.length),
        unknown: unknownArguments,
        repeated: fc
          .constantFrom(...command.given)
          .chain((argument) =>
            fc.oneof(fc.constant(argument.value), plausible(argument)).map((value) => ({ ...argument, value })),
          ),
      }),
    ),
  check: async ({ command, place, unknown, repeated }, context) => {
    const { verb, given } = command;
    await mustParse(context, 'DMTP-039', lineOf(partsOf(command)), command);
    const parts = given.map(writtenArgument);
    const withUnknown = lineOf([verb, ...parts.toSpliced(place, 0, unknown)]);
    await mustNotParse(context, 'DMTP-039', withUnknown, `${verb} has no argument ${unknown}`);
    const beside = given.findIndex(({ name }) => name === repeated.name) + 1;
    for (const at of new Set([beside, given.length])) {
      const line = lineOf([verb, ...parts.toSpliced(at, 0, writtenArgument(repeated))]);
      await mustNotParse(context, 'DMTP-039', line, `${repeated.name} is given twice`);
    }
  },
});

const none = defineCase({
  ...parses,
  id: 'dmtp-codec/arguments/none-behind-bare-commands',
  title: 'An argument of a command that has none refuses the line.',
  decides: ['DMTP-039'],
  given: () => fc.record({ argument: unknownArguments, end: lineEnds }),
  check: async ({ argument, end }, context) => {
    for (const verb of bareVerbs) {
      await mustParse(context, 'DMTP-039', lineOf([verb], end), { verb, given: [] });
      await mustNotParse(context, 'DMTP-039', lineOf([verb, argument], end), `${verb} has no argument`);
    }
  },
});

const lineEnd = defineCase({
  ...parses,
  id: 'dmtp-codec/lines/nothing-behind-the-line-end',
  title: 'Octets behind the line end refuse the line.',
  decides: ['DMTP-044'],
  given: () =>
    fc.record({
      command: commands(namedVerbs),
      end: lineEnds,
      behind: fc.string({ minLength: 1, maxLength: 8 }),
    }),
  check: async ({ command, end, behind }, context) => {
    const line = lineOf(partsOf(command), end);
    await mustParse(context, 'DMTP-044', line, command);
    for (const more of ['\n', '\r\n', ' ', 'QUIT\r\n', behind]) {
      await mustNotParse(context, 'DMTP-044', line + more, 'something stands behind its line end');
    }
  },
});

export const cases: readonly Case[] = [
  parsedValues,
  brackets,
  formatted,
  upperCase,
  order,
  whiteSpace,
  surplus,
  none,
  lineEnd,
];
