/**
 * Hostile messages against the session: it answers each, stays alive, and its memory stays flat. 8,000 by default;
 * DIME_STACIE_MESSAGES=100000 runs more (about half a minute), DIME_STACIE_MESSAGES with --expose-gc measures exactly.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryOf } from '../../grammar/generate.js';
import { stacieLeaves } from '../../grammar/leaves.js';
import { nearMissOf } from '../../grammar/mutate.js';
import { parseStacieAnswer, requestKinds } from '../formats/stacie/messages/index.js';
import { countingRandom, desk } from './session.test-support.js';

const wanted = Number(process.env.DIME_STACIE_MESSAGES ?? 8_000);
const mebibyte = 1024 * 1024;

const octets = fc
  .constantFrom(0, 1, 63, 64, 65, 128, 4096, 4097)
  .map((length) => Buffer.alloc(length, 0xa5).toString('base64url'));
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '__proto__',
    'user@example.tld',
    'USER',
    'a'.repeat(1_025),
    '\u{10ffff}',
    '\u0000',
    '../..',
    '%s%n',
  ),
);
const anything = fc.oneof(oddText, octets, fc.integer(), fc.double(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }));
const memberNames = [
  'username',
  'nonce',
  'token',
  'salt',
  'bonus',
  'password-key',
  'verification-token',
  'realms',
  'label',
  'shard',
  'index',
  'removed',
];
/** Requests that have some of the right members, each right or wrong. */
const shaped = fc
  .tuple(
    fc.constantFrom(...requestKinds, 'methods', '__proto__', ''),
    fc.dictionary(fc.constantFrom(...memberNames), anything),
  )
  .map(([kind, members]) => JSON.stringify({ [kind]: members }));
const fits = arbitraryOf('stacie', 'Json', { leaves: stacieLeaves });
const misses = nearMissOf('stacie', 'Json', { leaves: stacieLeaves }).map(({ text }) => text);
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '"\\'), fc.nat({ max: 5_000 }))
  .map(([piece, times]) => piece.repeat(times));
const logins = fc.nat({ max: 1_000_000 }).map((n) => JSON.stringify({ login: { username: `user${n}@example.tld` } }));
const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

const messages = fc.oneof(
  { weight: 6, arbitrary: shaped },
  { weight: 2, arbitrary: logins },
  { weight: 1, arbitrary: fits },
  { weight: 1, arbitrary: misses },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: noise },
);

const collected = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

it(`${wanted} of them are answered, and the memory stays flat`, { timeout: 300_000 }, () => {
  const { session, prove, send, account } = desk({
    random: countingRandom(),
    // Small enough to be full early, so that what is measured afterwards is growth and not filling.
    limits: { nonces: 500, failingUsernames: 500, recruits: 50 },
  });
  const before = account();
  // A pool is made once: generators keep what they made, and would be measured along with the session.
  const pool = fc
    .sample(messages, { numRuns: Math.min(wanted, 2_000), seed: 1 })
    .map((text) => Buffer.from(text, 'latin1'));
  const kinds = new Map<string, number>();
  const send1 = (index: number): void => {
    const text = pool[index % pool.length] ?? Buffer.alloc(0);
    const reply = session.receive(text);
    kinds.set(reply.kind, (kinds.get(reply.kind) ?? 0) + 1);
    if (index < pool.length) {
      expect(reply.status).toBe(200);
      expect(reply.authenticated).toBeNull();
      if (reply.kind === 'error') expect(reply.text).toMatch(/^[ -~]*$/);
      parseStacieAnswer('03', reply.text);
    }
  };
  for (let index = 0; index < pool.length; index += 1) send1(index);
  const warm = collected();
  for (let index = pool.length; index < wanted; index += 1) send1(index);
  const grown = collected() - warm;
  // Without a forced collection the heap holds what is not collected yet.
  expect(grown).toBeLessThan((globalThis.gc === undefined ? 64 : 4) * mebibyte);
  expect([...kinds.keys()].sort()).toEqual(['error', 'methods', 'recruit']);
  expect(account()).toBe(before);
  expect(send('authenticate', prove()).kind).toBe('realms');
  if (process.env.DIME_STACIE_MESSAGES !== undefined) {
    console.log(`${wanted} messages, heap ${(grown / mebibyte).toFixed(2)} MiB more`, Object.fromEntries(kinds));
  }
});
