/** Commands and messages over TLS: the reference server against a bare echo and against nodemailer's smtp-server. */
import type { Figure } from './figures.js';
import { LineClient } from './line-client.js';
import { compare, type Effort, oneByOne, sideBySide } from './rounds.js';
import { domain } from './server-messages.js';
import { withServers } from './servers.js';

const noop = Buffer.from('NOOP\r\n');

/** NOOP and its reply, one at a time on one connection. */
export async function roundTrips({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }, { kind: 'echo' }, { kind: 'smtp' }], async (...servers) => {
    const [reference, echo, smtp] = servers.map(({ port }) => port);
    const ours = await LineClient.greeted(reference ?? 0, 'dmtp');
    const bare = await LineClient.connect(echo ?? 0);
    const theirs = await LineClient.greeted(smtp ?? 0, 'smtp');
    const dmtpNoop = oneByOne(() => ours.expect(noop, '250'));
    try {
      return await compare(
        [
          {
            name: 'DMTP round trips : node:tls echo',
            unit: '/s',
            goal: { of: 'ratio', bound: 'at least', value: 0.8 },
            ours: dmtpNoop,
            other: oneByOne(() => bare.expect(noop, 'NOOP')),
          },
          {
            name: 'DMTP round trips : smtp-server NOOP',
            unit: '/s',
            goal: { of: 'ratio', bound: 'at least', value: 1.5 },
            ours: dmtpNoop,
            other: oneByOne(() => theirs.expect(noop, '250')),
          },
        ],
        rounds,
        sliceMs,
      );
    } finally {
      for (const client of [ours, bare, theirs]) client.close();
    }
  });
}

/** Of the message with its header; the SMTP message has as many, line ends included. */
const messageOctets = 4096;
const headerOctets = 6;
/** Connections at once, each used again for message after message. */
const connections = 4;

/** A message and what is needed around it, on connections that stay open. */
export async function messages({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }, { kind: 'smtp' }], async (...servers) => {
    const [reference, smtp] = servers.map(({ port }) => port);
    const ours = await clients(reference ?? 0, 'dmtp');
    const theirs = await clients(smtp ?? 0, 'smtp');
    const dmtp = envelope('dmtp');
    const mail = envelope('smtp');
    try {
      return await compare(
        [
          {
            name: `messages of 4 KiB : smtp-server`,
            unit: '/s',
            goal: { of: 'ratio', bound: 'at least', value: 1.5 },
            ours: sideBySide(ours.map((client) => () => deliver(client, dmtp))),
            other: sideBySide(theirs.map((client) => () => deliver(client, mail))),
          },
        ],
        rounds,
        sliceMs,
      );
    } finally {
      for (const client of [...ours, ...theirs]) client.close();
    }
  });
}

const clients = (port: number, form: 'dmtp' | 'smtp'): Promise<LineClient[]> =>
  Promise.all(Array.from({ length: connections }, () => LineClient.greeted(port, form)));

interface Envelope {
  readonly mail: Buffer;
  readonly rcpt: Buffer;
  readonly data: Buffer;
  readonly message: Buffer;
}

/** Lines of 78 characters, so that SMTP's rules for text are kept; the same octets make up the DMTP message. */
function envelope(form: 'dmtp' | 'smtp'): Envelope {
  const lines = Buffer.from(`${'x'.repeat(78)}\r\n`.repeat(60), 'latin1');
  if (form === 'smtp') {
    const text = lines.subarray(0, messageOctets);
    return {
      mail: Buffer.from('MAIL FROM:<origin@bench.example>\r\n'),
      rcpt: Buffer.from(`RCPT TO:<alice@${domain}>\r\n`),
      data: Buffer.from('DATA\r\n'),
      message: Buffer.concat([text, Buffer.from('\r\n.\r\n')]),
    };
  }
  // Magic 1847 and the length of what follows: section 1 of the messages digest.
  const header = Buffer.alloc(headerOctets);
  header.writeUInt16BE(1847, 0);
  header.writeUInt32BE(messageOctets - headerOctets, 2);
  const fingerprint = 'A'.repeat(86);
  return {
    mail: Buffer.from(`MAIL FROM: <origin.example> [${fingerprint}] SIZE=${messageOctets}\r\n`),
    rcpt: Buffer.from(`RCPT TO: <${domain}> [${fingerprint}]\r\n`),
    data: Buffer.from('DATA\r\n'),
    message: Buffer.concat([header, lines.subarray(0, messageOctets - headerOctets), Buffer.from('\r\n')]),
  };
}

async function deliver(client: LineClient, { mail, rcpt, data, message }: Envelope): Promise<void> {
  await client.expect(mail, '250');
  await client.expect(rcpt, '250');
  await client.expect(data, '354');
  await client.expect(message, '250');
}
