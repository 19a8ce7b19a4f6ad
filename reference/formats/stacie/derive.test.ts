import { describe, expect, it } from 'vitest';
import { type DeriveProgress, derive, deriveNow, StacieError } from './index.js';
import { octets, text, vectors } from './vectors.test-support.js';

const long = { username: 'user@example.tld', password: 'a pass', salt: new Uint8Array(128).fill(7) };
const short = { ...long, password: 'a password of many characters' };

describe('a derivation in a thread of its own', () => {
  it('gives what the same gives in this thread, and tells how far it is', async () => {
    const seen: DeriveProgress[] = [];
    // 8 characters: 65,536 rounds.
    const inputs = { ...long, password: 'a passwd', nonce: new Uint8Array(64) };
    const got = await derive(inputs, { onProgress: (progress) => seen.push(progress) });
    expect(got).toEqual(deriveNow(inputs));
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['seed', 'master-key', 'password-key']);
    const parts = seen.map(({ part }) => part);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts.at(-1)).toBe(1);
  });

  it('leaves this thread free', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await derive({ ...long, password: 'a passwd' });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const reason = new Error('the person changed her mind');
    // One character: 8,388,608 rounds, which nobody waits for here.
    const work = derive(
      { ...long, password: 'x' },
      { signal: controller.signal, onProgress: () => controller.abort(reason) },
    );
    await expect(work).rejects.toBe(reason);
    await expect(derive(long, { signal: controller.signal })).rejects.toBe(reason);
    await expect(derive({ ...long, password: 'x' }, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/);
  });
});

describe('a derivation', () => {
  it('refuses more rounds than the client allows, before it hashes', async () => {
    const costly = { ...short, bonus: 16_777_216 };
    expect(() => deriveNow(costly, { ceiling: 1_000_000 })).toThrow(
      'STACIE rounds would be 16,777,216; right is at most the 1,000,000 that this client allows (section 1.3, STACIE-I-13)',
    );
    await expect(derive(costly, { ceiling: 16_777_215 })).rejects.toThrow(StacieError);
    expect(deriveNow({ ...short, bonus: 992 }, { ceiling: 994 }).rounds).toBe(994);
  });

  it('takes a password as octets and as text alike', () => {
    const [, , vector] = vectors.derivation;
    if (vector === undefined) throw new Error('the fixture has too few vectors');
    const { username, password_octets, salt, bonus } = vector.inputs;
    const got = deriveNow({
      username: Buffer.from(username),
      password: octets(password_octets),
      salt: octets(salt ?? ''),
      bonus,
    });
    expect(text(got.masterKey)).toBe(vector.outputs.master_key);
  });

  it('leaves the inputs of its caller alone', () => {
    const password = Buffer.from(short.password);
    const salt = new Uint8Array(128).fill(7);
    deriveNow({ ...short, password, salt });
    expect(password.toString()).toBe(short.password);
    expect(salt).toEqual(short.salt);
  });

  it('warns twice of what is unaligned and over-long', () => {
    const { warnings } = deriveNow({ ...short, salt: new Uint8Array(1025), nonce: new Uint8Array(1056) });
    expect(warnings.map(({ field, code, length }) => `${field} ${code} ${length}`)).toEqual([
      'salt unaligned 1025',
      'salt over-long 1025',
      'nonce over-long 1056',
    ]);
    expect(() => deriveNow({ ...short, salt: new Uint8Array(4097) })).toThrow(
      'STACIE salt has 4,097 octets; right is at most 4,096 octets (section 1.2, STACIE-I-18)',
    );
  });
});
