/** The DMTP client: signets looked up a second, against a connection with nothing but greeting and SGNT on it. */
import { createDmtpClient } from '../../reference/dmtp/client.js';
import { createDimeResolver } from '../../reference/dmtp/resolver.js';
import type { Figure } from './figures.js';
import { LineClient } from './line-client.js';
import { compare, type Effort, oneByOne } from './rounds.js';
import { domain } from './server-messages.js';
import { withServers } from './servers.js';

export async function clientLookups({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }], async (reference) => {
    const { port = 0, dnsPort = 0, trustAnchor = '' } = reference ?? {};
    const server = { host: '127.0.0.1', port: dnsPort };
    const client = createDmtpClient({
      resolver: createDimeResolver({ server, anchors: [trustAnchor] }),
      ports: { 26: port },
    });
    return await compare(
      [
        {
          name: 'DMTP client, a lookup : bare connection',
          unit: '/s',
          goal: null,
          ours: oneByOne(async () => {
            const { state, dnssec } = await client.lookup({ name: domain });
            if (dnssec !== 'secure') throw new Error(`a signet (${state}) by a record that is ${dnssec}`);
          }),
          other: oneByOne(async () => {
            const bare = await LineClient.greeted(port, 'dmtp');
            await bare.expect(`SGNT <${domain}>\r\n`, ['250']);
            bare.close();
          }),
          remark:
            'the record is kept; addresses are asked for and proven, certificate and signet are judged, each time',
        },
      ],
      rounds,
      sliceMs / 4,
    );
  });
}
