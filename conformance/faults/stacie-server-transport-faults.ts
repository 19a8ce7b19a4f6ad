/** Seeded faults of a STACIE server: TLS. */
import { makeServerCertificate } from '../target/hostile-certificate.js';
import type { Fault } from './fault.js';

const modern = 'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256';
const right = `${modern}:ECDHE-RSA-AES256-GCM-SHA384`;

/** Ended yesterday. */
const ended = await makeServerCertificate(['127.0.0.1', '::1', 'localhost'], -1);

export const faults: readonly Fault[] = [
  {
    id: 'stacie-server/anonymous-suites',
    breaks: 'STACIE-210',
    title: 'has suites without authentication',
    hooks: { stacieTls: (tls) => ({ ...tls, ciphers: `${right}:AECDH-AES256-SHA:@SECLEVEL=0` }) },
  },
  {
    id: 'stacie-server/tls-1-1',
    breaks: 'STACIE-212',
    title: 'negotiates TLS 1.0 and 1.1',
    hooks: { stacieTls: (tls) => ({ ...tls, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }) },
  },
  {
    id: 'stacie-server/no-forward-secrecy',
    breaks: 'STACIE-213',
    title: 'has suites without forward secrecy',
    hooks: { stacieTls: (tls) => ({ ...tls, ciphers: `${right}:AES256-GCM-SHA384` }) },
  },
  {
    id: 'stacie-server/certificate-ended',
    breaks: 'STACIE-214',
    title: 'presents a certificate that ended yesterday',
    hooks: { stacieTls: (tls) => ({ ...tls, ...ended, ciphers: modern }) },
  },
  {
    id: 'stacie-server/no-aes-256-gcm',
    breaks: 'STACIE-217',
    title: 'has no suite of TLS 1.2 with AES-256-GCM',
    hooks: { stacieTls: (tls) => ({ ...tls, ciphers: `${modern}:ECDHE-RSA-CHACHA20-POLY1305` }) },
  },
];
