/** Commands over TLS: the reference server against a bare echo and against nodemailer's smtp-server. */
import type { Figure, Goal } from './figures.js';
import { LineClient } from './line-client.js';
import { compare, type Effort, type Measure, oneByOne } from './rounds.js';
import { withServers } from './servers.js';

const noop = Buffer.from('NOOP\r\n');
/** Commands in one write where they are pipelined. */
const group = 10;
const noops = Buffer.from('NOOP\r\n'.repeat(group));
const answers = Array.from({ length: group }, () => '250');

/** NOOP and its reply on one connection: one at a time, and pipelined. */
export async function roundTrips({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }, { kind: 'echo' }, { kind: 'smtp' }], async (...servers) => {
    const [reference, echo, smtp] = servers.map(({ port }) => port);
    const ours = await LineClient.greeted(reference ?? 0, 'dmtp');
    const bare = await LineClient.connect(echo ?? 0);
    const theirs = await LineClient.greeted(smtp ?? 0, 'smtp');
    const dmtpNoop = oneByOne(() => ours.expect(noop, ['250']));
    const echoed = oneByOne(() => bare.expect(noop, ['NOOP']));
    const smtpNoop = oneByOne(() => theirs.expect(noop, ['250']));
    const dmtpNoops = inGroups(() => ours.expect(noops, answers));
    const smtpNoops = inGroups(() => theirs.expect(noops, answers));
    const atLeast = (value: number): Goal => ({ of: 'ratio', bound: 'at least', value });
    try {
      return await compare(
        [
          { name: 'NOOP, one by one : node:tls echo', goal: atLeast(0.8), ours: dmtpNoop, other: echoed },
          { name: 'NOOP, one by one : smtp-server', goal: atLeast(1.5), ours: dmtpNoop, other: smtpNoop },
          { name: 'NOOP, ten in a write : smtp-server', goal: atLeast(1.5), ours: dmtpNoops, other: smtpNoops },
          {
            name: 'ceiling: node:tls echo : smtp-server',
            goal: null,
            ours: echoed,
            other: smtpNoop,
            remark: 'no server on node:tls can be further ahead of smtp-server, one by one, than the echo is',
          },
        ].map((comparison) => ({ unit: '/s', ...comparison })),
        rounds,
        sliceMs,
      );
    } finally {
      for (const client of [ours, bare, theirs]) client.close();
    }
  });
}

function inGroups(operation: () => Promise<void>): Measure {
  const groups = oneByOne(operation);
  return async (forMs) => group * (await groups(forMs));
}
