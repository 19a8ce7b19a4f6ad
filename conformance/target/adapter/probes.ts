/**
 * Plain requests that every adapter with the operation answers alike, with a number in them that tells answers apart.
 * Where there are dialects, each has its own: an adapter may do one alone.
 */

export interface Probe {
  readonly operation: string;
  /** `number`: 1 to 99. */
  readonly input: (number: number) => Record<string, unknown>;
  /** Whether a result is the one for the input of `number`. */
  readonly right: (value: Readonly<Record<string, unknown>>, number: number) => boolean;
}

/** The key of the example in section 3.11 of the management record digest: as the record writes it, and base64url. */
const recordKey = 'POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms';
const binaryKey = 'POBPl5Z0Jtq3_8QK8FkWKAlkRyny2J0dXqY3xh0i3ms';

const host = (number: number): string => `dx${number}.example.com`;

export const probes: readonly Probe[] = [
  {
    operation: 'record.parse',
    input: (number) => ({ text: `ver=1 pok=${recordKey} dx=${host(number)}` }),
    right: ({ primary, deliver }, number) => only(primary) === binaryKey && only(deliver) === host(number),
  },
  {
    operation: 'record.format',
    input: (number) => ({
      version: 1,
      primary: [binaryKey],
      tls: [],
      policy: 'experimental',
      deliver: [host(number)],
      expiry: 0,
      subdomain: 'strict',
    }),
    right: ({ text }, number) => typeof text === 'string' && text.includes(recordKey) && text.includes(host(number)),
  },
  {
    operation: 'dmtp.command.parse',
    input: (number) => ({ dialect: 'named', line: `EHLO HOST=<${host(number)}>\r\n` }),
    right: ({ verb, arguments: args }, number) => verb === 'EHLO' && member(args, 'host') === host(number),
  },
  {
    operation: 'dmtp.command.parse',
    input: (number) => ({ dialect: 'positional', line: `EHLO <${host(number)}>\r\n` }),
    right: ({ verb, arguments: args }, number) => verb === 'EHLO' && member(args, 'host') === host(number),
  },
  {
    operation: 'dmtp.command.format',
    input: (number) => ({ dialect: 'named', verb: 'EHLO', arguments: { host: host(number) } }),
    right: ({ line }, number) => typeof line === 'string' && line.trimEnd() === `EHLO HOST=<${host(number)}>`,
  },
  {
    operation: 'dmtp.command.format',
    input: (number) => ({ dialect: 'positional', verb: 'EHLO', arguments: { host: host(number) } }),
    right: ({ line }, number) => typeof line === 'string' && line.trimEnd() === `EHLO <${host(number)}>`,
  },
  {
    operation: 'dmtp.reply.parse',
    input: (number) => ({ text: `250 OK ${number}\r\n` }),
    right: ({ code, lines }, number) => code === 250 && only(lines) === `OK ${number}`,
  },
];

/** The one element of a list; undefined when it is no list of one. */
function only(list: unknown): unknown {
  return Array.isArray(list) && list.length === 1 ? list[0] : undefined;
}

function member(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null
    ? Object.entries(object).find(([key]) => key === name)?.[1]
    : undefined;
}
