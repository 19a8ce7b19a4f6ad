/** Which arguments a command of the named dialect needs (section 5 of the DMTP digest), read and written. */
import fc from 'fast-check';
import { addresses, fingerprints, hostNames } from '../../../grammar/leaves.js';
import { type Case, defineCase } from '../case.js';
import { mustFormat, mustNotFormat, mustNotParse, mustParse } from './command-calls.js';
import {
  commands,
  commandTable,
  lineEnds,
  lineOf,
  type Member,
  type NamedCommand,
  type NamedVerb,
  partsOf,
} from './named-commands.js';

const codec = { class: 'dmtp-codec', needs: ['adapter'] } as const;
const parses = { ...codec, operation: 'dmtp.command.parse' } as const;
const formats = { ...codec, operation: 'dmtp.command.format' } as const;

function without({ verb, given }: NamedCommand, ...members: readonly Member[]): NamedCommand {
  return { verb, given: given.filter(({ member }) => !members.includes(member)) };
}

/** A command that needs a name, with both of them. */
const withBothNames = fc
  .record({
    verb: fc.constantFrom<NamedVerb[]>('SGNT', 'VRFY'),
    user: addresses,
    domain: hostNames,
    fingerprint: fingerprints,
    optional: fc.boolean(),
  })
  .map(
    ({ verb, optional, ...values }): NamedCommand => ({
      verb,
      given: commandTable[verb]
        .filter(({ member, needed }) => member !== 'fingerprint' || needed || optional)
        .map((argument) => ({ ...argument, value: values[argument.member as keyof typeof values] })),
    }),
  );

const oneNameParsed = defineCase({
  ...parses,
  id: 'dmtp-codec/names/one-of-user-and-domain-parsed',
  title: 'SGNT and VRFY are read with USER or with DOMAIN, and refused with both or neither.',
  decides: ['DMTP-040'],
  given: () => fc.record({ both: withBothNames, end: lineEnds }),
  check: async ({ both, end }, context) => {
    for (const other of ['domain', 'user'] as const) {
      const one = without(both, other);
      await mustParse(context, 'DMTP-040', lineOf(partsOf(one), end), one);
    }
    await mustNotParse(context, 'DMTP-040', lineOf(partsOf(both), end), 'it has both USER and DOMAIN');
    const neither = partsOf(without(both, 'user', 'domain'));
    await mustNotParse(context, 'DMTP-040', lineOf(neither, end), 'it has neither USER nor DOMAIN');
  },
});

const oneNameFormatted = defineCase({
  ...formats,
  id: 'dmtp-codec/names/one-of-user-and-domain-formatted',
  title: 'SGNT and VRFY are written with a user or a domain, and refused with both or neither.',
  decides: ['DMTP-040'],
  given: () => withBothNames,
  check: async (both, context) => {
    for (const other of ['domain', 'user'] as const) await mustFormat(context, 'DMTP-040', without(both, other));
    await mustNotFormat(context, 'DMTP-040', both, 'a user and a domain are given');
    await mustNotFormat(context, 'DMTP-040', without(both, 'user', 'domain'), 'neither user nor domain is given');
  },
});

/** Reading and writing of commands that need one argument. */
function needed(requirement: string, area: string, member: Member, verbs: readonly NamedVerb[]): readonly Case[] {
  const name = member.toUpperCase();
  const listed = verbs.join(', ');
  return [
    defineCase({
      ...parses,
      id: `dmtp-codec/${area}/demanded-in-what-is-parsed`,
      title: `${listed}: read with ${name}, refused without it.`,
      decides: [requirement],
      given: () => fc.record({ command: commands(verbs), end: lineEnds }),
      check: async ({ command, end }, context) => {
        await mustParse(context, requirement, lineOf(partsOf(command), end), command);
        const line = lineOf(partsOf(without(command, member)), end);
        await mustNotParse(context, requirement, line, `${command.verb} needs ${name}`);
      },
    }),
    defineCase({
      ...formats,
      id: `dmtp-codec/${area}/demanded-in-what-is-formatted`,
      title: `${listed}: written with ${name}, refused without it.`,
      decides: [requirement],
      given: () => commands(verbs),
      check: async (command, context) => {
        await mustFormat(context, requirement, command);
        await mustNotFormat(context, requirement, without(command, member), `${command.verb} needs ${name}`);
      },
    }),
  ];
}

const historyBounds = defineCase({
  ...parses,
  id: 'dmtp-codec/history/start-and-stop-allowed',
  title: 'HIST is read with USER and any of START and STOP, and refused with DOMAIN in place of USER.',
  decides: ['DMTP-042'],
  given: () => fc.record({ command: commands(['HIST']), domain: hostNames }),
  check: async ({ command, domain }, context) => {
    for (const left of [[], ['start'], ['stop'], ['start', 'stop']] as const) {
      const shorter = without(command, ...left);
      await mustParse(context, 'DMTP-042', lineOf(partsOf(shorter)), shorter);
    }
    const [verb, ...rest] = partsOf(without(command, 'user'));
    const line = lineOf([verb ?? 'HIST', `DOMAIN=<${domain}>`, ...rest]);
    await mustNotParse(context, 'DMTP-042', line, 'HIST needs USER');
  },
});

const hostName = defineCase({
  ...parses,
  id: 'dmtp-codec/hosts/name-of-the-argument-demanded',
  title: 'STARTTLS, HELO and EHLO are refused when their host stands without HOST= or under another name.',
  decides: ['DMTP-043'],
  given: () =>
    fc.record({ command: commands(['STARTTLS', 'HELO', 'EHLO']), instead: fc.constantFrom('', 'DOMAIN=', 'NAME=') }),
  check: async ({ command, instead }, context) => {
    const line = lineOf(partsOf(command));
    await mustParse(context, 'DMTP-043', line, command);
    await mustNotParse(context, 'DMTP-043', line.replace('HOST=', instead), 'it has no HOST');
  },
});

export const cases: readonly Case[] = [
  oneNameParsed,
  oneNameFormatted,
  ...needed('DMTP-041', 'fingerprints', 'fingerprint', ['MAIL', 'RCPT', 'VRFY']),
  ...needed('DMTP-042', 'history', 'user', ['HIST']),
  historyBounds,
  ...needed('DMTP-043', 'hosts', 'host', ['STARTTLS', 'HELO', 'EHLO']),
  hostName,
];
