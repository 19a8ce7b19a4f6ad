/** The DMTP session without a socket: commands answered a second. */
import { randomBytes } from 'node:crypto';
import { createMemoryStore, sampleSignets } from '../../reference/account/store.js';
import { createDmtpSession, type DmtpSession } from '../../reference/dmtp/session.js';
import type { Figure, Goal } from './figures.js';
import { type Effort, inProcess, type Measure, median } from './rounds.js';
import { domain } from './server-messages.js';

const fingerprint = 'A'.repeat(86);

/** A session as a client would lead it: the kinds of command, in both dialects. */
const mixed = [
  'EHLO <origin.example>',
  'NOOP',
  'MODE',
  `SGNT <alice@${domain}>`,
  `VRFY <${domain}> [${fingerprint}]`,
  `HIST <alice@${domain}> [${fingerprint}]`,
  'HELP',
  'STATS',
  `MAIL FROM: <origin.example> [${fingerprint}] SIZE=4096`,
  `RCPT TO: <${domain}> [${fingerprint}]`,
  'RSET',
  `SGNT USER=<alice@${domain}> FINGERPRINT=[${fingerprint}]`,
];
/** A line in the form of SMTP: refused by the grammar, then looked at again for what is wrong with it. */
const wrong = ['EHLO origin.example'];

/** Commands a second of processor time, one thread. */
export async function sessionExchanges({ rounds, shortSliceMs }: Effort): Promise<Figure[]> {
  const goal: Goal = { of: 'ours', bound: 'at least', value: 100_000 };
  const sliceMs = 5 * shortSliceMs;
  return [
    { name: 'session, NOOP', goal, ours: await alone(exchanges(['NOOP']), rounds, sliceMs) },
    { name: `session, ${mixed.length} mixed commands`, goal, ours: await alone(exchanges(mixed), rounds, sliceMs) },
    { name: 'session, a wrong line', goal: null, ours: await alone(exchanges(wrong), rounds, sliceMs) },
  ].map((figure) => ({ unit: '/s', other: null, ratio: null, ...figure }));
}

async function alone(measure: Measure, rounds: number, sliceMs: number): Promise<number> {
  // The compiler works beside the first slices, and its time would count.
  for (let slice = 0; slice < rounds; slice++) await measure(sliceMs);
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) rates.push(await measure(sliceMs));
  return median(rates);
}

function exchanges(lines: readonly string[]): Measure {
  const session = openSession();
  const octets = lines.map((line) => Buffer.from(`${line}\r\n`, 'latin1'));
  return inProcess(() => {
    for (const line of octets) {
      const [effect] = session.receive(line);
      if (effect?.kind !== 'send') throw new Error(`no answer to ${line.toString('latin1')}`);
    }
    return octets.length;
  });
}

function openSession(): DmtpSession {
  const session = createDmtpSession({
    host: `dx.${domain}`,
    software: 'dime-conformance',
    domains: [domain],
    store: createMemoryStore(sampleSignets(domain, randomBytes)),
    transport: 'tls',
    dualMode: false,
    limits: { messageOctets: 1024 * 1024, violations: 100 },
    disabled: new Set(),
    random: randomBytes,
  });
  session.start();
  return session;
}
