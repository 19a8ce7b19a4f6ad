import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../requirements/load.js';
import { SelectionError } from '../runner/plan.js';
import type { Fault } from './fault.js';
import { problemsOf, runSelftest } from './selftest-run.js';
import { selftestJson, selftestText } from './selftest-text.js';
import { answerLines, bendSessions, says } from './session-bending.js';
import { tryFault } from './trial.js';

const some = ['dmtp/noop-drops-the-transaction', 'transport/chacha20-refused', 'dmtp-codec/empty-value-refused'];

describe('the selftest of three faults', async () => {
  const result = await runSelftest({ seed: 1, only: some, lanes: 2 });

  it('finds each caught by a case that names its requirement', () => {
    expect(result.problems).toEqual([]);
    const caught = result.trials.map(({ fault, cells }) => [
      fault.id,
      cells.filter((cell) => cell.caught).map((cell) => cell.case),
    ]);
    expect(caught).toEqual([
      ['dmtp-codec/empty-value-refused', ['dmtp-codec/arguments/parsed-with-any-value']],
      ['dmtp/noop-drops-the-transaction', ['dmtp/noop/changes-nothing']],
      ['transport/chacha20-refused', ['transport/tls/ecdhe-rsa-chacha20-poly1305']],
    ]);
  });

  it('counts an option of the reference that is not taken as caught', () => {
    const [cell] = result.trials.find(({ fault }) => fault.breaks === 'DMTP-005')?.cells ?? [];
    expect(cell).toMatchObject({ caught: true, how: 'the option is not taken' });
  });

  it('runs the same cases on the reference as it is', () => {
    expect(result.baseline.length).toBeGreaterThan(3);
    expect(result.baseline.filter(({ trouble }) => trouble !== null)).toEqual([]);
  });

  it('is printed as a matrix', () => {
    expect(selftestText(result)).toMatch(
      /^DMTP-029 {2}\[1\] dmtp\/noop\/changes-nothing\n {2}dmtp\/noop-drops-the-transaction {2}\[1\] caught {2}controls \d+\/\d+$/m,
    );
    expect(selftestText(result)).toMatch(/\npassed: 3 of 3 seeded faults caught, .*\n$/);
  });

  it('is printed for programs', () => {
    const document = JSON.parse(selftestJson(result)) as { faults: { id: string }[]; problems: string[] };
    expect(document.faults.map(({ id }) => id).sort()).toEqual([...some].sort());
    expect(document.problems).toEqual([]);
  });
});

describe('a selection', () => {
  it('of what does not exist is refused', async () => {
    await expect(runSelftest({ seed: 1, only: ['DMTP-0'], lanes: 1 })).rejects.toThrow(SelectionError);
  });
});

describe('a fault that is no good', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'dime-selftest-'));
  const options = { catalogue: loadCatalogue(), version: '0', seed: 1, dir };
  const problems = async (fault: Fault): Promise<string> =>
    problemsOf(await tryFault(fault, options, new Set())).join('\n');

  it('is told when no case catches it', async () => {
    const harmless: Fault = { id: 'test/none', breaks: 'DMTP-026', title: 'does nothing wrong', hooks: {} };
    expect(await problems(harmless)).toBe('test/none (DMTP-026) is caught by no case; dmtp/helo/is-accepted: passed');
  });

  it('is told when it breaks much beside its requirement', async () => {
    const broad: Fault = {
      id: 'test/broad',
      breaks: 'DMTP-027',
      title: 'answers everything alike',
      hooks: answerLines(/./, says('250 OK')),
    };
    expect(await problems(broad)).toMatch(/^test\/broad breaks too much: \d+ of 9 controls; dmtp\//);
  });

  it('is told when it shows no sign of life', async () => {
    const mute: Fault = {
      id: 'test/mute',
      breaks: 'DMTP-120',
      title: 'does not answer NOOP',
      hooks: bendSessions(() => ({ line: (line, ask) => (/^NOOP/.test(line) ? '' : ask(line)) })),
      limits: { replyMs: 200, connectMs: 500 },
    };
    expect(await problems(mute)).toMatch(
      /test\/mute: no sign of life from the start: 127\.0\.0\.1:\d+: no answer within/,
    );
    await rm(dir, { recursive: true, force: true });
  });
});
