/** Seeded faults of a DMTP server: what its users get of the mail that it accepted. */
import { bendStore } from './dmtp-server-bending.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = [
  {
    id: 'dmtp/accepts-and-drops',
    breaks: 'DMTP-055',
    title: 'answers 250 and keeps nothing',
    hooks: bendStore((store) => ({
      receive: (envelope) => {
        const sink = store.receive(envelope);
        return {
          write: (octets) => sink.write(octets),
          pieces: () => sink.pieces(),
          commit: () => sink.abort(),
          abort: () => sink.abort(),
        };
      },
    })),
  },
  {
    id: 'dmtp/keeps-two-of-each',
    breaks: 'DMTP-055',
    title: 'puts each message twice in the INBOX',
    hooks: bendStore((store) => ({
      receive: (envelope) => {
        const [one, other] = [store.receive(envelope), store.receive(envelope)];
        return {
          write: (octets) => {
            one.write(octets);
            other.write(octets);
          },
          pieces: () => one.pieces(),
          commit: (id, fingerprint, recipient) => {
            one.commit(id, fingerprint, recipient);
            other.commit(`${id}-2`, fingerprint, recipient);
          },
          abort: () => {
            one.abort();
            other.abort();
          },
        };
      },
    })),
  },
];
