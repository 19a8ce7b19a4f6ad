import { describe, expect, it } from 'vitest';
import { type CertificateFacts, certificateTable, judgeCertificate, type OcspOutcome } from './index.js';

const flags = [false, true];
const outcomes: readonly OcspOutcome[] = [
  'good',
  'revoked',
  'unknown',
  'no-responder',
  'responder-error',
  'unreachable',
  'no-issuer',
  'nonce-differs',
  'bad-signature',
  'stale',
];

const everything: readonly CertificateFacts[] = (['secure', 'insecure', 'bogus'] as const).flatMap((dnssec) =>
  (['absent', 'unmatched', 'matched'] as const).flatMap((tls) =>
    flags.flatMap((selfSigned) =>
      flags.flatMap((hostName) =>
        flags.flatMap((chain) => outcomes.map((ocsp) => ({ dnssec, tls, selfSigned, hostName, chain, ocsp }))),
      ),
    ),
  ),
);

/** What section 7.5 lets pass, with OQ-4 (unknown refused) and REC-071. */
const passing: readonly OcspOutcome[] = ['good', 'no-responder', 'responder-error'];

/** The summary of section 7.3 as it stands there, a line each, and the step before it (REC-046). */
const summary: readonly {
  readonly row: string;
  readonly fits: (facts: CertificateFacts) => boolean;
  readonly accept: (facts: CertificateFacts) => boolean;
}[] = [
  {
    row: 'state -1: refused before',
    fits: ({ dnssec }) => dnssec === 'bogus',
    accept: () => false,
  },
  {
    row: 'tls, no pair: fail',
    fits: ({ dnssec, tls }) => dnssec !== 'bogus' && tls === 'unmatched',
    accept: () => false,
  },
  {
    row: 'tls, pair, DNSSEC 1: accept, nothing else checked',
    fits: ({ dnssec, tls }) => dnssec === 'secure' && tls === 'matched',
    accept: () => true,
  },
  {
    row: 'tls, pair, DNSSEC 0, self-signed or not: host name and chain, no OCSP',
    fits: ({ dnssec, tls }) => dnssec === 'insecure' && tls === 'matched',
    accept: ({ hostName, chain }) => hostName && chain,
  },
  {
    row: 'no tls, self-signed: fail',
    fits: ({ dnssec, tls, selfSigned }) => dnssec !== 'bogus' && tls === 'absent' && selfSigned,
    accept: () => false,
  },
  {
    row: 'no tls, not self-signed: host name, chain and OCSP',
    fits: ({ dnssec, tls, selfSigned }) => dnssec !== 'bogus' && tls === 'absent' && !selfSigned,
    accept: ({ hostName, chain, ocsp }) => hostName && chain && passing.includes(ocsp),
  },
];

describe('judgeCertificate', () => {
  it.each(summary)('$row', ({ fits, accept }) => {
    const concerned = everything.filter(fits);
    expect(concerned.length).toBeGreaterThan(0);
    const wrong = concerned.filter((facts) => judgeCertificate(facts).accept !== accept(facts));
    expect(wrong).toEqual([]);
  });

  it('knows a line of the summary for every combination of facts', () => {
    expect(everything.filter((facts) => summary.filter(({ fits }) => fits(facts)).length !== 1)).toEqual([]);
  });

  it('uses every row of its table', () => {
    const used = new Set(everything.map((facts) => judgeCertificate(facts).reason));
    expect(certificateTable.map(({ reason }) => reason).filter((reason) => !used.has(reason))).toEqual([]);
  });

  const sound: CertificateFacts = {
    dnssec: 'insecure',
    tls: 'absent',
    selfSigned: false,
    hostName: true,
    chain: true,
    ocsp: 'good',
  };
  it.each<[string, boolean, Partial<CertificateFacts>]>([
    ['REC-046', false, { dnssec: 'bogus', tls: 'matched' }],
    ['REC-065', false, { tls: 'unmatched' }],
    ['REC-066', true, { tls: 'matched', dnssec: 'secure', selfSigned: true, chain: false, hostName: false }],
    ['REC-067', false, { tls: 'matched', chain: false }],
    ['REC-067', true, { tls: 'matched', ocsp: 'revoked' }],
    ['REC-068', false, { selfSigned: true }],
    ['REC-069', false, { chain: false }],
    ['REC-069', true, {}],
    ['REC-070', false, { hostName: false }],
    ['REC-071', false, { ocsp: 'revoked' }],
    ['REC-072', true, { ocsp: 'no-responder' }],
    ['REC-073', false, { ocsp: 'nonce-differs' }],
    ['REC-073', false, { ocsp: 'bad-signature' }],
    ['REC-074', false, { ocsp: 'stale' }],
  ])('names %s when it decides (accept: %s, facts %o)', (requirement, accept, change) => {
    expect(judgeCertificate({ ...sound, ...change })).toMatchObject({ requirement, accept });
  });
});
