/** Seeded faults of a parser and formatter of DMTP command lines in the named dialect. */
import type { Fault } from './fault.js';
import { bend, bendInput, bendResult, refuse } from './record-and-codec-bending.js';

const parse = 'dmtp.command.parse';
const format = 'dmtp.command.format';

/** The parser sees another line. */
const reads = (change: (line: string) => string) => bendInput(parse, 'line', change);
const refuses = (when: RegExp) => refuse(parse, 'line', (line) => when.test(line));
const writes = (change: (line: string) => string) =>
  bendResult(format, (result) => ({ ...result, line: change(String(result.line)) }));

/** Puts the arguments of HIST or MAIL into the order of the table. */
function ordered(line: string, names: readonly string[]): string {
  const [verb, ...rest] = line.replace(/\r?\n$/, '').split(' ');
  const place = (part: string): number => names.indexOf(part.split('=', 1)[0] ?? '');
  if (rest.some((part) => place(part) === -1)) return line;
  return `${[verb, ...rest.toSorted((a, b) => place(a) - place(b))].join(' ')}\r\n`;
}

/** Takes a line without the argument, by giving it one and then taking that away again. */
const parsesWithout = (verb: RegExp, argument: string, name: string, member: string) =>
  bend(parse, (operation) => async (input) => {
    const line = String(input.line);
    if (!verb.test(line) || line.includes(name)) return operation(input);
    const result = await operation({
      ...input,
      line: line.replace(/^(\S+)((?: FROM=\S+| TO=\S+| USER=\S+| DOMAIN=\S+)?)/, `$1$2 ${argument}`),
    });
    return { ...result, arguments: left(result.arguments, member) };
  });

const formatsWithout = (verb: string, member: string, value: string, written: string) =>
  bend(format, (operation) => async (input) => {
    const given = input.arguments as Readonly<Record<string, unknown>>;
    if (input.verb !== verb || Object.hasOwn(given, member)) return operation(input);
    const result = await operation({ ...input, arguments: { ...given, [member]: value } });
    return { ...result, line: String(result.line).replace(` ${written}`, '') };
  });

function left(members: unknown, member: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members as object).filter(([name]) => name !== member));
}

const valueFaults: readonly Fault[] = [
  {
    id: 'dmtp-codec/blanks-in-values-cut',
    breaks: 'DMTP-035',
    title: 'cuts blanks from the ends of values',
    operations: reads((line) => line.replace(/=<\s*([^>]*?)\s*>/g, '=<$1>')),
  },
  {
    id: 'dmtp-codec/empty-value-refused',
    breaks: 'DMTP-035',
    title: 'refuses an empty value',
    operations: refuses(/=(?:<>|\[\])/),
  },
  {
    id: 'dmtp-codec/values-in-lower-case',
    breaks: 'DMTP-035',
    title: 'puts values in angle brackets into lower case',
    operations: reads((line) => line.replace(/=<[^>]*>/g, (value) => value.toLowerCase())),
  },
  {
    id: 'dmtp-codec/missing-line-end-taken',
    breaks: 'DMTP-035',
    title: 'takes a line without a line end',
    operations: reads((line) => (line.endsWith('\n') ? line : `${line}\r\n`)),
  },
  {
    id: 'dmtp-codec/missing-brackets-taken',
    breaks: 'DMTP-035',
    title: 'takes a fingerprint without brackets',
    operations: reads((line) => line.replace(/ FINGERPRINT=([A-Za-z0-9+/]{86})(?=[ \r\n])/, ' FINGERPRINT=[$1]')),
  },
  {
    id: 'dmtp-codec/wrong-brackets-written',
    breaks: 'DMTP-035',
    title: 'writes fingerprints in angle brackets',
    operations: writes((line) => line.replace(/\[([^\]]*)\]/g, '<$1>')),
  },
  {
    id: 'dmtp-codec/positional-dialect-written',
    breaks: 'DMTP-035',
    title: 'writes HELO and EHLO in the positional dialect',
    operations: writes((line) => line.replace(/^(HELO|EHLO) HOST=/, '$1 ')),
  },
];

const lineFaults: readonly Fault[] = [
  {
    id: 'dmtp-codec/commands-in-lower-case-taken',
    breaks: 'DMTP-036',
    title: 'takes names of commands in any case',
    operations: reads((line) => line.replace(/^[A-Za-z]+/, (verb) => verb.toUpperCase())),
  },
  {
    id: 'dmtp-codec/arguments-in-lower-case-taken',
    breaks: 'DMTP-036',
    title: 'takes names of arguments in any case',
    operations: reads((line) => line.replace(/(?<= )[A-Za-z]+(?==)/g, (name) => name.toUpperCase())),
  },
  {
    id: 'dmtp-codec/mail-in-any-order-taken',
    breaks: 'DMTP-037',
    title: 'takes the arguments of MAIL in any order',
    operations: reads((line) => (line.startsWith('MAIL ') ? ordered(line, ['FROM', 'FINGERPRINT']) : line)),
  },
  {
    id: 'dmtp-codec/history-in-any-order-taken',
    breaks: 'DMTP-037',
    title: 'takes the arguments of HIST in any order',
    operations: reads((line) => (line.startsWith('HIST ') ? ordered(line, ['USER', 'START', 'STOP']) : line)),
  },
  {
    id: 'dmtp-codec/tabs-refused',
    breaks: 'DMTP-038',
    title: 'refuses a tab between parts',
    operations: refuses(/\t/),
  },
  {
    id: 'dmtp-codec/runs-of-blanks-refused',
    breaks: 'DMTP-038',
    title: 'refuses two blanks in a row before an argument',
    operations: refuses(/[ \t]{2}[A-Z]+=/),
  },
  {
    id: 'dmtp-codec/blank-before-line-end-refused',
    breaks: 'DMTP-038',
    title: 'refuses a blank before the line end',
    operations: refuses(/[ \t]\r?\n$/),
  },
  {
    id: 'dmtp-codec/missing-blank-taken',
    breaks: 'DMTP-038',
    title: 'takes arguments with nothing between them',
    operations: reads((line) => line.replace(/>(?=[A-Z]+=)/g, '> ')),
  },
  {
    id: 'dmtp-codec/repeated-fingerprint-taken',
    breaks: 'DMTP-039',
    title: 'takes a fingerprint that is given twice',
    operations: reads((line) => line.replace(/( FINGERPRINT=\[[^\]]*\])+( FINGERPRINT=\[)/, '$2')),
  },
  {
    id: 'dmtp-codec/unknown-argument-ignored',
    breaks: 'DMTP-039',
    title: 'ignores an argument that the command does not have',
    operations: reads((line) => line.replace(/ (?:SIZE|NONCE|NAME)=\S*/, '')),
  },
  {
    id: 'dmtp-codec/text-behind-quit-ignored',
    breaks: 'DMTP-039',
    title: 'ignores what stands behind QUIT',
    operations: reads((line) => line.replace(/^QUIT [^\r\n]*/, 'QUIT')),
  },
  {
    id: 'dmtp-codec/second-line-ignored',
    breaks: 'DMTP-044',
    title: 'ignores what stands behind the line end',
    operations: reads((line) => /^[^\n]*\n/.exec(line)?.[0] ?? line),
  },
  {
    id: 'dmtp-codec/second-line-end-ignored',
    breaks: 'DMTP-044',
    title: 'ignores a second line end',
    operations: reads((line) => line.replace(/(?<=\n)\r?\n$/, '')),
  },
];

const neededFaults: readonly Fault[] = [
  {
    id: 'dmtp-codec/user-and-domain-taken',
    breaks: 'DMTP-040',
    title: 'takes USER and DOMAIN together and forgets DOMAIN',
    operations: reads((line) => line.replace(/^((?:SGNT|VRFY) USER=<[^>]*>) DOMAIN=<[^>]*>/, '$1')),
  },
  {
    id: 'dmtp-codec/no-name-taken',
    breaks: 'DMTP-040',
    title: 'takes SGNT with neither USER nor DOMAIN',
    operations: reads((line) => line.replace(/^SGNT(?! USER=| DOMAIN=)/, 'SGNT DOMAIN=<>')),
  },
  {
    id: 'dmtp-codec/user-and-domain-written',
    breaks: 'DMTP-040',
    title: 'writes SGNT and VRFY of a user and a domain',
    operations: bend(format, (operation) => (input) => {
      const given = input.arguments as Readonly<Record<string, unknown>>;
      const both = Object.hasOwn(given, 'user') && Object.hasOwn(given, 'domain');
      return operation(both ? { ...input, arguments: left(given, 'domain') } : input);
    }),
  },
  ...(
    [
      ['MAIL', 'the origin'],
      ['RCPT', 'the destination'],
      ['VRFY', 'a name'],
    ] as const
  ).map(
    ([verb, of]): Fault => ({
      id: `dmtp-codec/${verb.toLowerCase()}-without-fingerprint-taken`,
      breaks: 'DMTP-041',
      title: `takes ${verb} without the fingerprint of ${of}`,
      operations: parsesWithout(new RegExp(`^${verb}\\b`), 'FINGERPRINT=[x]', 'FINGERPRINT=', 'fingerprint'),
    }),
  ),
  {
    id: 'dmtp-codec/mail-without-fingerprint-written',
    breaks: 'DMTP-041',
    title: 'writes MAIL without a fingerprint',
    operations: formatsWithout('MAIL', 'fingerprint', 'x', 'FINGERPRINT=[x]'),
  },
  {
    id: 'dmtp-codec/history-without-user-taken',
    breaks: 'DMTP-042',
    title: 'takes HIST without USER',
    operations: parsesWithout(/^HIST\b/, 'USER=<x@y.example>', 'USER=', 'user'),
  },
  {
    id: 'dmtp-codec/history-needs-start',
    breaks: 'DMTP-042',
    title: 'refuses HIST with STOP and no START',
    operations: refuses(/^HIST USER=\S+ STOP=/),
  },
  {
    id: 'dmtp-codec/history-of-domains-taken',
    breaks: 'DMTP-042',
    title: 'takes DOMAIN in place of USER in HIST',
    operations: reads((line) => line.replace(/^HIST DOMAIN=/, 'HIST USER=')),
  },
  {
    id: 'dmtp-codec/history-without-user-written',
    breaks: 'DMTP-042',
    title: 'writes HIST without a user',
    operations: formatsWithout('HIST', 'user', 'x@y.example', 'USER=<x@y.example>'),
  },
  {
    id: 'dmtp-codec/greeting-without-host-taken',
    breaks: 'DMTP-043',
    title: 'takes EHLO without HOST',
    operations: parsesWithout(/^EHLO\b/, 'HOST=<x.example>', 'HOST=', 'host'),
  },
  {
    id: 'dmtp-codec/positional-host-taken',
    breaks: 'DMTP-043',
    title: 'takes the host of EHLO, HELO and STARTTLS without its name',
    operations: reads((line) => line.replace(/^(EHLO|HELO|STARTTLS) </, '$1 HOST=<')),
  },
  {
    id: 'dmtp-codec/starttls-without-host-written',
    breaks: 'DMTP-043',
    title: 'writes STARTTLS without a host',
    operations: formatsWithout('STARTTLS', 'host', 'x.example', 'HOST=<x.example>'),
  },
];

export const faults: readonly Fault[] = [...valueFaults, ...lineFaults, ...neededFaults];
