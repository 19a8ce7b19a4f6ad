/**
 * Three servers that share nothing with the reference, judged: the suite says of each what is known to be wrong with it, and
 * no more; and a matrix of their reports shows where they differ.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { buildMatrix } from '../../../reports/matrix-build.js';
import { renderMatrix } from '../../../reports/matrix-render.js';
import type { Report } from '../../../reports/report.js';
import { makeServerCertificate } from '../../target/hostile-certificate.js';
import { startEarlyPeer } from './early-peer.js';
import { earlyPeerFaults } from './early-peer-faults.js';
import { domain, judgedRequirements, judgePeer, name, publishedChains, sizeLimit } from './judged-peer.test-support.js';
import type { KnownFaults } from './known-faults.js';
import type { PeerTls, RunningPeer } from './listen.js';
import { startPlainPeer } from './plain-peer.js';
import { startSkeletonPeer } from './skeleton-peer.js';
import { skeletonPeerFaults } from './skeleton-peer-faults.js';

/** Few, since whole classes are run. */
const runs = 1;
/** For the faults that few runs may miss. */
const manyRuns = 120;

const earlySignets = publishedChains.flatMap((chain) =>
  chain.map(({ name: who, identifiable, fingerprints }, at) => ({
    name: who,
    base64: Buffer.from(identifiable).toString('base64'),
    identifiable: fingerprints.identifiable,
    full: fingerprints.full,
    successor: chain[at + 1]?.fingerprints.full ?? null,
  })),
);

const plainChains = new Map(
  publishedChains.map((chain) => [
    chain[0]?.name ?? '',
    chain.map(({ full, fingerprints: { cryptographic, full: ofFull, identifiable } }) => ({
      base64: Buffer.from(full).toString('base64'),
      fingerprints: [cryptographic, ofFull, identifiable] as const,
    })),
  ]),
);

interface Judged {
  readonly title: string;
  readonly start: (tls: PeerTls) => Promise<RunningPeer>;
  readonly takesMail: boolean;
  readonly smtp: boolean;
  readonly known: KnownFaults;
}

const peers: readonly Judged[] = [
  {
    title: 'the early peer',
    start: (tls) => startEarlyPeer({ tls, name, dual: true, signets: earlySignets, sizeLimit }),
    takesMail: true,
    smtp: true,
    known: earlyPeerFaults,
  },
  {
    title: 'the skeleton peer',
    start: (tls) => startSkeletonPeer({ tls, domain }),
    takesMail: true,
    smtp: false,
    known: skeletonPeerFaults,
  },
  {
    title: 'the plain peer',
    start: (tls) => startPlainPeer({ tls, name, domain, chains: plainChains, sizeLimit }),
    takesMail: false,
    smtp: false,
    known: { faults: [], veiled: [], disputed: [] },
  },
];

const reports = new Map<string, readonly Report[]>();
beforeAll(async () => {
  const tls = await makeServerCertificate([name]);
  for (const { title, start, takesMail, smtp, known } of peers) {
    const peer = await start(tls);
    const seldom = known.faults
      .filter(({ requirement, seldom: rare }) => rare === true && judgedRequirements.has(requirement))
      .map(({ requirement }) => requirement);
    const all = await judgePeer(peer, { title, takesMail, smtp, runs, later: seldom });
    const more =
      seldom.length === 0 ? [] : [await judgePeer(peer, { title, takesMail, smtp, runs: manyRuns, only: seldom })];
    reports.set(title, [all, ...more]);
    await peer.close();
  }
}, 120_000);

describe.each(peers)('$title', ({ title, known: { faults, veiled, disputed } }) => {
  const withVerdict = (...decisions: readonly (string | null)[]): string[] => {
    const rows = (reports.get(title) ?? []).flatMap(({ requirements }) => requirements);
    return [...new Set(rows.filter(({ decision }) => decisions.includes(decision)).map(({ id }) => id))].sort();
  };
  const judged = (ids: readonly string[]): string[] => ids.filter((id) => judgedRequirements.has(id));
  const spared = new Set(judged([...veiled, ...disputed].flatMap(({ requirements }) => requirements)));

  it('is told of its known faults, and of no other', () => {
    const told = withVerdict('fail', 'warn').filter((id) => !spared.has(id));
    expect(told).toEqual(judged(faults.map(({ requirement }) => requirement)).sort());
  });

  it('is left without a verdict only where a known fault stands in the way', () => {
    const told = withVerdict('fail', 'warn');
    const open = withVerdict('inconclusive').filter((id) => !told.includes(id));
    expect(open.filter((id) => !spared.has(id))).toEqual([]);
    expect((reports.get(title) ?? []).flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('the matrix of the three', () => {
  const matrix = () => buildMatrix(peers.flatMap(({ title }) => (reports.get(title) ?? []).slice(0, 1)));
  const cells = (id: string) =>
    matrix()
      .rows.find((row) => row.id === id)
      ?.cells.map((cell) => cell?.decision);

  it('shows where they differ, first of all', () => {
    expect(matrix().rows[0]?.agreement).toBe('differs');
    expect(cells('DMTP-007')).toEqual(['pass', 'fail', 'pass']);
    expect(cells('DMTP-101')).toEqual(['fail', 'inconclusive', 'pass']);
    expect(cells('DMTP-021')).toEqual(['pass', 'pass', 'pass']);
    expect(matrix().unlike).toEqual([]);
  });

  it('has the evidence of each', () => {
    const page = renderMatrix(matrix(), 'html');
    expect(page).toContain('href="#evidence-2.2f.dmtp.2f.banner.2f.names-the-host-and-dmtpv1"');
    expect(page).toContain('220 peer.example DSMTP Magma');
  });
});
