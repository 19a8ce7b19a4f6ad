/** A relay before the DMTP port: what a fault does to the connections themselves, below TLS. */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Endpoint, Front } from '../target/embedded.js';

/** What happens to one peer. `server` is the connection made for it; what either side sends is passed on. */
export type RelayBehaviour = (peer: Socket, server: Socket) => void;

/**
 * Makes the relay of a fault.
 *
 * @param make called once for each server, for what its connections share
 */
export const relay =
  (make: () => RelayBehaviour) =>
  async (target: Endpoint): Promise<Front> => {
    const behaviour = make();
    const open = new Set<Socket>();
    const listener = net.createServer({ noDelay: true, allowHalfOpen: true }, (peer) => {
      const server = net.connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true });
      for (const socket of [peer, server]) {
        open.add(socket);
        socket.once('close', () => open.delete(socket));
      }
      behaviour(peer, server);
      pass(peer, server);
      pass(server, peer);
    });
    listener.listen({ host: target.host, port: 0 });
    await once(listener, 'listening');
    return {
      host: target.host,
      port: (listener.address() as AddressInfo).port,
      close: async () => {
        const closed = once(listener, 'close');
        listener.close();
        for (const socket of open) socket.destroy();
        await closed;
      },
    };
  };

/** Without regard to whether `to` takes what it is sent: the relay is to stand in for a careless server. */
function pass(from: Socket, to: Socket): void {
  from.on('data', (octets) => !from.destroyed && to.writable && to.write(octets));
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
}
