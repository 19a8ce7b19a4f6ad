/** Messages over TLS on connections that stay open: the reference server against nodemailer's smtp-server. */
import type { Figure, Goal } from './figures.js';
import { LineClient } from './line-client.js';
import { compare, type Effort, type Measure, sideBySide } from './rounds.js';
import { domain } from './server-messages.js';
import { withServers } from './servers.js';

/** Of the whole message; the one for SMTP has as many, line ends included. */
const messageOctets = 4096;
const headerOctets = 6;
/** Connections at once. */
const connections = 4;

/** 4 KiB and what is needed around it: each command waits for its reply, or as many go together as may. */
export async function messages({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }, { kind: 'smtp' }, { kind: 'nod' }], async (...servers) => {
    const [reference, smtp, nod] = servers.map(({ port }) => port);
    const opened: LineClient[] = [];
    const open = async (port: number | undefined, form: 'dmtp' | 'smtp' | null): Promise<LineClient[]> => {
      const one = (): Promise<LineClient> =>
        form === null ? LineClient.connect(port ?? 0) : LineClient.greeted(port ?? 0, form);
      const clients = await Promise.all(Array.from({ length: connections }, one));
      opened.push(...clients);
      return clients;
    };
    const goal: Goal = { of: 'ratio', bound: 'at least', value: 1.5 };
    try {
      const smtpOneByOne = oneCommandAWrite(await open(smtp, 'smtp'), smtpMail(), answers);
      const smtpPipelined = await pipelined(await open(smtp, 'smtp'), smtpMail(), answers);
      return await compare(
        [
          {
            name: 'messages, one by one : smtp-server',
            goal,
            ours: oneCommandAWrite(await open(reference, 'dmtp'), dmtpMail(), answers),
            other: smtpOneByOne,
          },
          {
            name: 'messages, pipelined : smtp-server',
            goal,
            ours: await pipelined(await open(reference, 'dmtp'), dmtpMail(), answers),
            other: smtpPipelined,
          },
          {
            name: 'ceiling, one by one: node:tls alone : smtp-server',
            goal: null,
            ours: oneCommandAWrite(await open(nod, null), dmtpMail(), nods),
            other: smtpOneByOne,
            remark: 'a server that nods at whatever comes; no server on node:tls can be further ahead',
          },
          {
            name: 'ceiling, pipelined: node:tls alone : smtp-server',
            goal: null,
            ours: await pipelined(await open(nod, null), dmtpMail(), nods),
            other: smtpPipelined,
          },
        ].map((comparison) => ({ unit: '/s', ...comparison })),
        rounds,
        sliceMs,
      );
    } finally {
      for (const client of opened) client.close();
    }
  });
}

/** The beginnings of the replies to each write. */
interface Answers {
  readonly mail: readonly string[];
  readonly rcpt: readonly string[];
  readonly data: readonly string[];
  readonly message: readonly string[];
  /** To MAIL, RCPT and DATA in one. */
  readonly envelope: readonly string[];
  /** To a message with the next envelope behind it. */
  readonly next: readonly string[];
}

const answers: Answers = {
  mail: ['250'],
  rcpt: ['250'],
  data: ['354'],
  message: ['250'],
  envelope: ['250', '250', '354'],
  next: ['250', '250', '250', '354'],
};
const nod = ['250'];
const nods: Answers = { mail: nod, rcpt: nod, data: nod, message: nod, envelope: nod, next: nod };

interface Mail {
  readonly mail: Buffer;
  readonly rcpt: Buffer;
  readonly data: Buffer;
  /** With what ends it. */
  readonly message: Buffer;
}

/** Lines of 80 octets, so that SMTP's rules for text are kept; the DMTP message is made of them too. */
const text = Buffer.from(`${'x'.repeat(78)}\r\n`.repeat(Math.ceil(messageOctets / 80)), 'latin1');

function dmtpMail(): Mail {
  // Magic 1847 and the length of what follows: section 1 of the messages digest.
  const header = Buffer.alloc(headerOctets);
  header.writeUInt16BE(1847, 0);
  header.writeUInt32BE(messageOctets - headerOctets, 2);
  // As long as a real one: SHA-512 in base64.
  const fingerprint = 'A'.repeat(86);
  return {
    mail: Buffer.from(`MAIL FROM: <origin.example> [${fingerprint}] SIZE=${messageOctets}\r\n`),
    rcpt: Buffer.from(`RCPT TO: <${domain}> [${fingerprint}]\r\n`),
    data: Buffer.from('DATA\r\n'),
    message: Buffer.concat([header, text.subarray(0, messageOctets - headerOctets), Buffer.from('\r\n')]),
  };
}

function smtpMail(): Mail {
  return {
    mail: Buffer.from('MAIL FROM:<alice@origin.example>\r\n'),
    rcpt: Buffer.from(`RCPT TO:<alice@${domain}>\r\n`),
    data: Buffer.from('DATA\r\n'),
    message: Buffer.concat([text.subarray(0, messageOctets), Buffer.from('\r\n.\r\n')]),
  };
}

function oneCommandAWrite(clients: readonly LineClient[], mail: Mail, expected: Answers): Measure {
  return sideBySide(
    clients.map((client) => async () => {
      await client.expect(mail.mail, expected.mail);
      await client.expect(mail.rcpt, expected.rcpt);
      await client.expect(mail.data, expected.data);
      await client.expect(mail.message, expected.message);
    }),
  );
}

/** DATA may only stand last in a group, and a message only first (RFC 2920 section 3.1): one write a message. */
async function pipelined(clients: readonly LineClient[], mail: Mail, expected: Answers): Promise<Measure> {
  const envelope = Buffer.concat([mail.mail, mail.rcpt, mail.data]);
  const next = Buffer.concat([mail.message, envelope]);
  for (const client of clients) await client.expect(envelope, expected.envelope);
  return sideBySide(clients.map((client) => () => client.expect(next, expected.next)));
}
