/** What judging costs: real messages to a server that judges them, and to one that takes whatever has the layout. */
import type { Figure } from './figures.js';
import { LineClient } from './line-client.js';
import { compare, type Effort, type Measure, oneByOne } from './rounds.js';
import { type BenchLetter, domain } from './server-messages.js';
import { withServers } from './servers.js';

export async function judgedMessages({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference', judges: true }, { kind: 'reference' }], async (judging, taking) => {
    const letter = judging?.letter ?? null;
    if (letter === null) throw new Error('the server that judges gave no letter');
    const clients = [
      await LineClient.greeted(judging?.port ?? 0, 'dmtp'),
      await LineClient.greeted(taking?.port ?? 0, 'dmtp'),
    ] as const;
    try {
      return await compare(
        [
          {
            name: 'messages, judged : taken unseen',
            unit: '/s',
            goal: null,
            ours: await sending(clients[0], letter),
            other: await sending(clients[1], letter),
            remark: 'one connection, pipelined; judged are envelope, signatures, fingerprints and recipient',
          },
        ],
        rounds,
        sliceMs / 4,
      );
    } finally {
      for (const client of clients) client.close();
    }
  });
}

/** A message and the next envelope in one write, as RFC 2920 allows. */
async function sending(client: LineClient, { message, origin, fingerprints }: BenchLetter): Promise<Measure> {
  const octets = Buffer.from(message, 'base64');
  const envelope = Buffer.from(
    [
      `MAIL FROM: <${origin}> [${fingerprints.origin}] SIZE=${octets.length}`,
      `RCPT TO: <${domain}> [${fingerprints.destination}]`,
      'DATA',
      '',
    ].join('\r\n'),
  );
  const next = Buffer.concat([octets, Buffer.from('\r\n'), envelope]);
  await client.expect(envelope, ['250', '250', '354']);
  return oneByOne(() => client.expect(next, ['250', '250', '250', '354']));
}
