/** DNSSEC: what signatures cost the mock DNS, and how many records a second the resolver proves. */
import { createDimeResolver } from '../../reference/dmtp/resolver.js';
import { connect, windowed } from './dns-speed.js';
import type { Figure } from './figures.js';
import { compare, type Effort, oneByOne } from './rounds.js';
import { domain } from './server-messages.js';
import { withServers } from './servers.js';

export async function dnssec({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }], async (reference) => {
    const { dnsPort = 0, trustAnchor = '' } = reference ?? {};
    // Answers that are under way when a measurement ends come in the next one of the same socket.
    const sockets = [await connect(dnsPort), await connect(dnsPort)] as const;
    /** With an empty cache each time: the whole chain from the root is asked for. */
    const resolving = (anchors: readonly string[], wanted: 'secure' | 'unsigned') =>
      oneByOne(async () => {
        const resolver = createDimeResolver({ server: { host: '127.0.0.1', port: dnsPort }, anchors });
        const { addresses, dnssec } = await resolver.addresses(`dx.${domain}`);
        if (addresses.length === 0 || (wanted === 'secure') !== (dnssec === 'secure')) {
          throw new Error(`${addresses.length} addresses, ${dnssec}, where ${wanted} was expected`);
        }
      });
    try {
      return await compare(
        [
          {
            name: 'DNS queries, with signatures : without',
            unit: '/s',
            goal: null,
            ours: windowed(sockets[0], 2, true),
            other: windowed(sockets[1], 1),
            remark: 'the same record over UDP',
          },
          {
            name: 'resolver, proven from the root : not proven',
            unit: '/s',
            goal: null,
            ours: resolving([trustAnchor], 'secure'),
            other: resolving([], 'unsigned'),
            remark:
              'addresses of a host; the chain is asked for anew each time, what its signatures came to is remembered',
          },
        ],
        rounds,
        sliceMs / 4,
      );
    } finally {
      for (const socket of sockets) socket.close();
    }
  });
}
