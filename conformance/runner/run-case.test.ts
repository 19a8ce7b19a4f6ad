import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Case, defineCase } from '../cases/case.js';
import { lineServer, startTlsPeer, type TlsPeer, targetAt } from '../target/tls-peer.test-support.js';
import { CommandLineCoverage } from './coverage.js';
import { type CaseOutcome, runCase, suiteDefect } from './run-case.js';

const peers: TlsPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

/** A case that a peer passes by answering each number below a hundred with 250. */
const numbers: Case = defineCase({
  id: 'test/numbers/are-answered',
  title: 'Each number is answered with 250.',
  class: 'dmtp-server',
  decides: ['DMTP-029'],
  needs: ['dmtp'],
  given: () => fc.nat(99),
  async check(number, context) {
    const { connection } = await context.open();
    const reply = await context.ask(connection, `N ${number}`);
    context.require('DMTP-029', reply.code === 250, '250', reply);
  },
});

async function run(
  answer: (line: string, socket: Parameters<Parameters<typeof lineServer>[1]>[1]) => string | null,
  more: { subject?: Case; seed?: number; path?: string; runs?: number } = {},
): Promise<CaseOutcome> {
  const peer = await startTlsPeer(lineServer('220 <dx.peer.example> DMTPv1 peer\r\n', answer));
  peers.push(peer);
  const { subject = numbers, seed = 7, runs = 30, path } = more;
  return await runCase(subject, targetAt(peer.port), {
    seed,
    runs,
    timeLimitMs: 20_000,
    coverage: new CommandLineCoverage(),
    command: 'dime-conformance run',
    ...(path === undefined ? {} : { path }),
  });
}

const ok = '250 OK\r\n';

describe('a case', () => {
  it('passes when its property held on every run, and keeps one transcript', async () => {
    const outcome = await run(() => ok);
    expect(outcome).toMatchObject({ failure: null, undecided: null, runs: 30, ending: 'answered' });
    expect(outcome.transcript.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['connected', 'secured', 'sent', 'received']),
    );
  });

  it('fails with the smallest counterexample, its transcript and how to see it again', async () => {
    const outcome = await run((line) => (Number(line.slice(2)) >= 40 ? '550 NO\r\n' : ok));
    expect(outcome.failure).toMatchObject({
      requirement: 'DMTP-029',
      expected: '250',
      actual: JSON.stringify('550 NO\r\n'),
      counterexample: '40',
      repeats: { failed: 5, of: 5 },
    });
    expect(outcome.transcript.filter(({ event }) => event === 'sent').map(({ text }) => text)).toEqual(['N 40\r\n']);
    expect(outcome.failure?.replay).toMatch(/^test\/numbers\/are-answered:7:\d+/);
    expect(outcome.failure?.byHand[0]).toContain("printf 'N 40\\r\\n'");
  });

  it('finds the same counterexample again by the path of its replay token', async () => {
    const wrong = (line: string): string => (Number(line.slice(2)) >= 40 ? '550 NO\r\n' : ok);
    const path = (await run(wrong)).failure?.replay.split(':').slice(2).join(':') ?? '';
    const again = await run(wrong, { path });
    expect(again.failure?.counterexample).toBe('40');
    expect((await run(() => ok, { path })).failure).toBeNull();
  });

  it('counts how often a flaky peer fails', async () => {
    let count = 0;
    const outcome = await run(() => (++count === 3 ? '550 NO\r\n' : ok));
    expect(outcome.failure?.repeats).toEqual({ failed: 1, of: 5 });
  });

  it('fails, and does not pass, when the peer closes instead of answering', async () => {
    const outcome = await run((_, socket) => {
      socket.end();
      return null;
    });
    expect(outcome.failure).toMatchObject({ requirement: 'DMTP-029', expected: 'an answer' });
    expect(outcome.failure?.actual).toMatch(/closed instead of an answer/);
    expect(outcome.ending).toBe('closed');
  });

  it('fails when the peer is silent, or leaves its answer unfinished', async () => {
    expect((await run(() => null, { runs: 1 })).failure?.actual).toMatch(/no answer within 300 ms/);
    const unfinished = await run(() => '250-AND\r\n250', { runs: 1 });
    expect(unfinished.failure?.actual).toMatch(/begun and not finished/);
    expect(unfinished.ending).toBe('hung');
  });

  it('fails when the answer has no end', async () => {
    const line = `250-${'x'.repeat(4000)}\r\n`;
    const outcome = await run(
      (_, socket) => {
        const more = (): void => {
          while (socket.writable && socket.write(line.repeat(50)));
        };
        socket.on('drain', more);
        more();
        return null;
      },
      { runs: 1 },
    );
    expect(outcome.failure?.actual).toMatch(/an answer of more than \d+ octets/);
  });

  it('is inconclusive without a connection, and says why', async () => {
    const peer = await startTlsPeer(() => undefined);
    await peer.close();
    const outcome = await runCase(numbers, targetAt(peer.port), {
      seed: 1,
      runs: 5,
      timeLimitMs: 5000,
      coverage: new CommandLineCoverage(),
      command: '',
    });
    expect(outcome.failure).toBeNull();
    expect(outcome.undecided?.kind).toBe('inconclusive');
    expect(outcome.undecided?.reason).toMatch(/no connection to 127\.0\.0\.1:\d+: ECONNREFUSED/);
    expect(outcome.ending).toBe('unreachable');
  });

  it('is inconclusive when no run came to a check', async () => {
    const subject: Case = defineCase({
      id: 'test/nothing/is-checked',
      title: '',
      class: 'dmtp-server',
      decides: ['DMTP-029'],
      needs: ['dmtp'],
      given: () => fc.constant(0),
      check: async (_, context) => {
        await context.open();
      },
    });
    const outcome = await run(() => ok, { subject });
    expect(outcome.undecided).toEqual({
      kind: 'inconclusive',
      reason: 'no run came to the point where DMTP-029 is decided',
    });
  });

  it('never blames the peer for a defect of the suite', async () => {
    const subject: Case = defineCase({
      id: 'test/suite/is-wrong',
      title: '',
      class: 'dmtp-server',
      decides: ['DMTP-029'],
      needs: ['dmtp'],
      given: () => fc.constant(0),
      check: async () => {
        throw new TypeError('a slip');
      },
    });
    const outcome = await run(() => ok, { subject });
    expect(outcome.failure).toBeNull();
    expect(outcome.undecided?.reason).toContain(`${suiteDefect}: TypeError: a slip`);
  });

  it('ends at its time limit and says so when nothing was decided', async () => {
    const peer = await startTlsPeer(lineServer('220 <x> DMTPv1\r\n', () => null));
    peers.push(peer);
    const slow = targetAt(peer.port, {
      limits: { replyMs: 60_000, connectMs: 1000, idleMs: null, messageOctets: null },
    });
    const outcome = await runCase(numbers, slow, {
      seed: 1,
      runs: 5,
      timeLimitMs: 300,
      coverage: new CommandLineCoverage(),
      command: '',
    });
    expect(outcome.undecided?.reason).toBe('the time limit passed before one run was done');
    expect(outcome.durationMs).toBeLessThan(10_000);
  });
});
