/** What the runner costs: a run of a property against a bare loop that does the same exchanges. */
import { type Case, defineCase, nothing } from '../cases/case.js';
import { CommandLineCoverage } from '../runner/coverage.js';
import { runCase } from '../runner/run-case.js';
import type { Target } from '../target/target.js';
import type { Figure } from './figures.js';
import { LineClient } from './line-client.js';
import { asDurations, compare, type Effort, type Measure, oneByOne } from './rounds.js';
import { domain } from './server-messages.js';
import { withServers } from './servers.js';

/** NOOPs of one run, after the connection, its handshake and the greeting. */
const noops = 5;
const requirement = 'DMTP-030';
/** Runs of the property before the runner begins anew, which costs something too. */
const runsACase = 40;
/** For the time limit of a case: never reached. */
const longestMs = 60_000;

/** Milliseconds a run: a connection of its own, the greeting, five NOOPs, the end. */
export async function runnerOverhead({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }], async (server) => {
    const port = server?.port ?? 0;
    const figures = await compare(
      [
        {
          name: 'a run of a property : bare loop',
          unit: 'ms',
          goal: { of: 'ratio', bound: 'at most', value: 1.2 },
          ours: runsOf(noopCase, targetAt(port)),
          other: oneByOne(() => bareRun(port)),
        },
      ],
      rounds,
      sliceMs,
    );
    return figures.map(asDurations);
  });
}

const noopCase: Case = defineCase({
  id: 'bench/noop/is-answered',
  title: 'NOOP is answered with 250.',
  class: 'dmtp-server',
  decides: [requirement],
  needs: ['dmtp'],
  given: nothing,
  async check(_, context) {
    const { connection } = await context.open();
    for (let count = 0; count < noops; count++) {
      const reply = await context.ask(connection, 'NOOP');
      context.require(requirement, reply.code === 250, '250', reply);
    }
  },
});

function runsOf(subject: Case, target: Target): Measure {
  // Made once for a whole run of the suite.
  const coverage = new CommandLineCoverage();
  return async (forMs) => {
    const began = performance.now();
    let count = 0;
    do {
      const { runs, failure, undecided } = await runCase(subject, target, {
        seed: count,
        runs: runsACase,
        timeLimitMs: longestMs,
        coverage,
        command: 'bench',
      });
      if (failure !== null || undecided !== null) throw new Error(failure?.actual ?? undecided?.reason);
      count += runs;
    } while (performance.now() - began < forMs);
    return (count / (performance.now() - began)) * 1000;
  };
}

async function bareRun(port: number): Promise<void> {
  const client = await LineClient.connect(port);
  await client.replies(1);
  for (let count = 0; count < noops; count++) await client.expect('NOOP\r\n', ['250']);
  client.socket.end();
}

function targetAt(port: number): Target {
  return {
    profile: {
      name: 'bench',
      kind: 'network',
      domain,
      foreignDomain: 'foreign.invalid',
      dmtp: { host: '127.0.0.1', port, name: `dx.${domain}` },
      dns: null,
      hasAdapter: false,
      claims: ['dmtp-server'],
      readings: [],
      limits: { replyMs: 5000, connectMs: 5000, idleMs: null, messageOctets: null },
      disabled: [],
      messages: null,
    },
    adapter: null,
    adapterCommand: null,
    endpoints: [],
    close: async () => undefined,
  };
}
