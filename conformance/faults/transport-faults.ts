/** Seeded faults of a DMTP server: TLS. */
import type { Fault } from './fault.js';
import { relay } from './relay.js';

/** How long the impatient server waits for a peer to begin its handshake; the case listens for longer. */
const impatienceMs = 25;

const modern = 'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256';

export const faults: readonly Fault[] = [
  {
    id: 'transport/greets-in-the-clear',
    breaks: 'DMTP-001',
    title: 'greets in plain text a peer that does not begin a handshake at once',
    front: relay(() => (peer) => {
      let heard = false;
      peer.once('data', () => {
        heard = true;
      });
      const timer = setTimeout(() => {
        // What lies in the socket already is read before this.
        setImmediate(() => setImmediate(() => !heard && peer.writable && peer.write('220 <dx> DMTPv1 STARTTLS\r\n')));
      }, impatienceMs);
      peer.once('close', () => clearTimeout(timer));
    }),
  },
  {
    id: 'transport/tls-1-1-negotiated',
    breaks: 'DMTP-003',
    title: 'negotiates TLS 1.0 and 1.1 with a peer that offers nothing later',
    hooks: { tls: (tls) => ({ ...tls, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }) },
  },
  {
    id: 'transport/aes256-gcm-refused',
    breaks: 'DMTP-004',
    title: 'has every suite of TLS 1.2 but those with AES-256-GCM',
    hooks: {
      tls: (tls) => ({ ...tls, ciphers: `${modern}:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256` }),
    },
  },
  {
    id: 'transport/chacha20-refused',
    breaks: 'DMTP-005',
    title: 'does not have ECDHE-RSA-CHACHA20-POLY1305',
    hooks: { tls: (tls) => ({ ...tls, ciphers: `${modern}:ECDHE-RSA-AES256-GCM-SHA384` }) },
  },
];
