/**
 * Plain requests that every adapter with the operation answers alike, with a number in them that tells answers apart.
 * Where there are dialects, each has its own: an adapter may do one alone.
 */

import { realmKeys } from '../../model/stacie-derivation.js';
import { padded, payloadOctets, seal } from '../../model/stacie-envelope.js';

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

/** A key, salt, shard or text of so many octets that are all `value`. */
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const text = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
const octets = (length: number, value: number): string => text(filled(length, value));
const sealing = { vectorKey: filled(16, 1), tagKey: filled(16, 2), cipherKey: filled(32, 3) };
const envelopeKeys = { vectorKey: octets(16, 1), tagKey: octets(16, 2), cipherKey: octets(32, 3) };

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
  {
    operation: 'dmap.command.parse',
    input: (number) => ({ octets: text(Buffer.from(`t${number} SELECT {3}\r\nbox\r\n`)) }),
    right: ({ tag, command, arguments: args }, number) =>
      tag === `t${number}` && command === 'SELECT' && member(args, 'mailbox') === 'box',
  },
  {
    operation: 'dmap.response.parse',
    input: (number) => ({ octets: text(Buffer.from(`* ${number} EXISTS\r\n`)) }),
    right: ({ kind, value }, number) => kind === 'exists' && member(value, 'count') === number,
  },
  {
    operation: 'stacie.rounds',
    input: (number) => ({ password: 'correct horse battery staple', bonus: number + 8 }),
    right: ({ rounds }, number) => rounds === number + 10,
  },
  ...(['00', '03'] as const).flatMap((revision): Probe[] => [
    {
      operation: 'stacie.derive',
      input: (number) => ({ revision, username: 'ann', password: 'correct horse battery staple', bonus: number + 8 }),
      right: ({ rounds, seed }, number) => rounds === number + 10 && typeof seed === 'string' && seed.length === 86,
    },
    {
      operation: 'stacie.realm',
      input: (number) => ({
        revision,
        masterKey: octets(64, 1),
        realm: 'mail',
        shard: octets(64, number),
        salt: octets(128, 4),
      }),
      right: ({ cipherKey }, number) => {
        const input = { masterKey: filled(64, 1), realm: 'mail', shard: filled(64, number), salt: filled(128, 4) };
        return cipherKey === text(realmKeys(revision, input).cipherKey);
      },
    },
    {
      operation: 'stacie.message.parse',
      input: (number) => ({
        revision,
        message: 'login-request',
        text: JSON.stringify({ login: { username: host(number) } }),
      }),
      right: ({ value }, number) => member(member(value, 'login'), 'username') === host(number),
    },
  ]),
  {
    operation: 'stacie.encrypt',
    input: (number) => ({ ...envelopeKeys, serial: number, data: octets(20, 5), vectorShard: octets(16, 6) }),
    right: ({ envelope }, number) =>
      typeof envelope === 'string' && Buffer.from(envelope, 'base64url').readUInt16BE(0) === number,
  },
  {
    operation: 'stacie.decrypt',
    // The serial is not authenticated, so that it may be any (STACIE-I-42).
    input: (number) => ({
      ...envelopeKeys,
      envelope: text(seal(sealing, number, filled(16, 6), payloadOctets(padded(filled(20, 5), 8)))),
    }),
    right: ({ serial, data }, number) => serial === number && data === octets(20, 5),
  },
  {
    operation: 'stacie.shard-rotate',
    input: (number) => ({
      realm: 'mail',
      oldMasterKey: octets(64, 1),
      oldShard: octets(64, number),
      newMasterKey: octets(64, 1),
    }),
    // Under the same master key the shard stays as it is.
    right: ({ newShard }, number) => newShard === octets(64, number),
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
