/** What a session remembers stays within its bounds, whatever comes in whatever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attempts } from './attempts.js';
import { createDecoys } from './decoys.js';
import { defaultSessionLimits, sessionLimits } from './limits.js';
import { Nonces } from './nonces.js';
import { Recruits } from './recruits.js';
import { countingRandom } from './session.test-support.js';
import { normaliseUsername, UsernameError } from './usernames.js';

const user = fc.constantFrom('a', 'b', 'c');

describe('nonces', () => {
  // The oracle keeps all that were ever issued, and says of each whether it is still good.
  const step = fc.oneof(
    fc.record({ do: fc.constant('issue' as const), user }),
    fc.record({ do: fc.constant('spend' as const), user, which: fc.nat(30) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60) }),
    fc.record({ do: fc.constant('change' as const), user }),
  );
  it('are good once, for their user, for their time, and the newest ones are kept', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        const limits = { nonceMs: 100, noncesPerUsername: 3, nonces: 5 };
        const nonces = new Nonces(limits, countingRandom(), () => now);
        let open: { nonce: Uint8Array; user: string; until: number }[] = [];
        const issued: Uint8Array[] = [];
        for (const each of steps) {
          if (each.do === 'wait') now += each.ms;
          if (each.do === 'change') {
            nonces.dropAll(each.user);
            open = open.filter((one) => one.user !== each.user);
          }
          if (each.do === 'issue') {
            open = open.filter(({ until }) => now < until);
            const own = open.filter((one) => one.user === each.user);
            if (own.length === 3) open = open.filter((one) => one !== own[0]);
            if (open.length === 5) open.shift();
            const nonce = nonces.issue(each.user);
            issued.push(nonce);
            open.push({ nonce, user: each.user, until: now + 100 });
          }
          if (each.do === 'spend') {
            const nonce = issued[each.which];
            if (nonce === undefined) continue;
            const found = open.find((one) => one.nonce === nonce);
            open = open.filter((one) => one !== found);
            const good = found !== undefined && found.user === each.user && now < found.until;
            expect(nonces.spend(nonce, each.user)).toBe(good);
          }
          expect(nonces.size).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 300 },
    );
  });
  it('have 128 octets and never come twice', () => {
    const nonces = new Nonces(defaultSessionLimits, countingRandom(), () => 0);
    const texts = Array.from({ length: 50 }, () => Buffer.from(nonces.issue('a')).toString('hex'));
    expect(new Set(texts).size).toBe(50);
    expect(texts[0]).toHaveLength(256);
  });
});

describe('recruits', () => {
  it('have room for so many, and make it in time', () => {
    let now = 0;
    const recruits = new Recruits({ recruitMs: 10, recruits: 2 }, countingRandom(), () => now);
    expect([recruits.recruit('a', 0), recruits.recruit('b', 0)]).not.toContain(null);
    expect(recruits.recruit('c', 0)).toBeNull();
    expect(recruits.recruit('a', 0)).toBe(recruits.pending('a'));
    now = 10;
    expect(recruits.recruit('c', 0)).not.toBeNull();
    expect(recruits.size).toBe(1);
  });
});

describe('failed attempts', () => {
  it('are forgotten by the oldest name when there are too many', () => {
    const attempts = new Attempts(sessionLimits({ failures: 1, failingUsernames: 2 }), () => 0);
    for (const name of ['a', 'b', 'c']) attempts.failed(name);
    expect(['a', 'b', 'c'].map((name) => attempts.exhausted(name))).toEqual([false, true, true]);
  });
});

describe('usernames', () => {
  const policy = { domain: 'example.tld' };
  const normal = (text: string): string | null => {
    try {
      return normaliseUsername(text, policy);
    } catch (error) {
      if (error instanceof UsernameError) return null;
      throw error;
    }
  };
  it('come out the same when they go in again, and whatever their case and composition (STACIE-149)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const name = normal(text);
        if (name === null) return;
        expect(normal(name)).toBe(name);
        expect(normal(` ${text.normalize('NFD')} `)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });
  it('are bounded in octets', () => {
    expect(() => normaliseUsername('\u00e9'.repeat(507), policy)).toThrow('1026 octets; at most 1024');
  });
});

describe('decoys', () => {
  it('of the same name are equal, and of different names in every part', () => {
    const decoy = createDecoys(new Uint8Array(32).fill(1), 8);
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(decoy(one)).toEqual(decoy(one));
        if (one === other) return;
        expect(decoy(one).salt).not.toEqual(decoy(other).salt);
        expect(decoy(one).verificationToken).not.toEqual(decoy(other).verificationToken);
      }),
      { numRuns: 50 },
    );
  });
});
