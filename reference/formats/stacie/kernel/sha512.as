/**
 * SHA-512's compression of one block, for words that are in the machine's order already. Two forms: `compress` makes
 * the message schedule while it goes, for a block that was not seen before; `compressPrepared` takes a schedule that was
 * made once, for a block that comes again and again.
 *
 * The schedule is made two words at a time in vectors, between the rounds, which stay in plain registers: the processor
 * does both at once. The 80 rounds of `compressPrepared` are written out, which measured a sixth faster than a loop.
 * Written out in `compress` too, the pair measured slower than before, though each of them alone was faster.
 */

/** The running digest: eight words, as they are hashed (section 6.4 of FIPS 180-4). */
export const state = memory.data(64, 16);
/**
 * The next 16 words of the schedule, each with its constant added, and then negated: V8 subtracts in place, but makes an
 * addition of one with three registers, of which there are too few in a round. Measured, it is worth some percent.
 */
const ring = memory.data(128, 16);
/** The schedule that `compressPrepared` reads, in the same form; at a fixed place, which saves a register. */
const prepared = memory.data(640, 16);
/** Where it was copied from. */
let preparedFrom: usize = 0;

/** Octets of a block, and of its schedule. */
export const blockOctets: usize = 128;
export const scheduleOctets: usize = 640;

const constants = memory.data<u64>(
  [
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
  ],
  16,
);

/** The same, negated. */
const negated = memory.data(640, 16);
for (let at: usize = 0; at < scheduleOctets; at += 8) store<u64>(negated + at, 0 - load<u64>(constants + at));

/** The digest of nothing yet. */
export function resetState(): void {
  store<u64>(state, 0x6a09e667f3bcc908, 0);
  store<u64>(state, 0xbb67ae8584caa73b, 8);
  store<u64>(state, 0x3c6ef372fe94f82b, 16);
  store<u64>(state, 0xa54ff53a5f1d36f1, 24);
  store<u64>(state, 0x510e527fade682d1, 32);
  store<u64>(state, 0x9b05688c2b3e6c1f, 40);
  store<u64>(state, 0x1f83d9abfb41bd6b, 48);
  store<u64>(state, 0x5be0cd19137e2179, 56);
}

/** Forgets what the compressions left behind. */
export function wipeState(): void {
  memory.fill(state, 0, 64);
  memory.fill(ring, 0, 128);
  memory.fill(prepared, 0, scheduleOctets);
  preparedFrom = 0;
}

@inline function sum0(x: u64): u64 { return rotr(x, 28) ^ rotr(x, 34) ^ rotr(x, 39); }
@inline function sum1(x: u64): u64 { return rotr(x, 14) ^ rotr(x, 18) ^ rotr(x, 41); }
@inline function choose(e: u64, f: u64, g: u64): u64 { return g ^ (e & (f ^ g)); }
@inline function majority(a: u64, b: u64, c: u64): u64 { return b ^ ((a ^ b) & (b ^ c)); }
@inline function rotate(x: v128, by: i32): v128 { return v128.or(v128.shr<u64>(x, by), v128.shl<u64>(x, 64 - by)); }

/** Two words of the schedule from the sixteen before them, which are the pairs x0 to x7. */
@inline function nextPair(x0: v128, x1: v128, x4: v128, x5: v128, x7: v128): v128 {
  const second = v128.shuffle<u64>(x0, x1, 1, 2);
  const tenth = v128.shuffle<u64>(x4, x5, 1, 2);
  const small0 = v128.xor(v128.xor(rotate(second, 1), rotate(second, 8)), v128.shr<u64>(second, 7));
  const small1 = v128.xor(v128.xor(rotate(x7, 19), rotate(x7, 61)), v128.shr<u64>(x7, 6));
  return v128.add<u64>(v128.add<u64>(small1, tenth), v128.add<u64>(small0, x0));
}

/** Makes the schedule of the block at `words`, for `compressPrepared`: 80 words at `schedule`, both on 16 octets. */
export function prepareSchedule(words: usize, schedule: usize): void {
  preparedFrom = 0;
  memory.copy(schedule, words, blockOctets);
  for (let at = schedule + blockOctets, end = schedule + scheduleOctets; at < end; at += 8) {
    const first = load<u64>(at - 128);
    const second = load<u64>(at - 120);
    const fifteenth = load<u64>(at - 16);
    const small0 = rotr(second, 1) ^ rotr(second, 8) ^ (second >> 7);
    const small1 = rotr(fifteenth, 19) ^ rotr(fifteenth, 61) ^ (fifteenth >> 6);
    store<u64>(at, small1 + load<u64>(at - 56) + small0 + first);
  }
  for (let at: usize = 0; at < scheduleOctets; at += 8) {
    store<u64>(schedule + at, load<u64>(negated + at) - load<u64>(schedule + at));
  }
}

/** Takes the block at `words`, 16 words on a boundary of 16 octets, into the state. */
export function compress(words: usize): void {
  let a = load<u64>(state, 0);
  let b = load<u64>(state, 8);
  let c = load<u64>(state, 16);
  let d = load<u64>(state, 24);
  let e = load<u64>(state, 32);
  let f = load<u64>(state, 40);
  let g = load<u64>(state, 48);
  let h = load<u64>(state, 56);
  let t: u64;
  let x0 = v128.load(words, 0);
  let x1 = v128.load(words, 16);
  let x2 = v128.load(words, 32);
  let x3 = v128.load(words, 48);
  let x4 = v128.load(words, 64);
  let x5 = v128.load(words, 80);
  let x6 = v128.load(words, 96);
  let x7 = v128.load(words, 112);
  let constant = negated;
  v128.store(ring, v128.sub<u64>(v128.load(constant, 0), x0), 0);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 16), x1), 16);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 32), x2), 32);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 48), x3), 48);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 64), x4), 64);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 80), x5), 80);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 96), x6), 96);
  v128.store(ring, v128.sub<u64>(v128.load(constant, 112), x7), 112);
  for (const end = negated + 512; constant < end; ) {
    constant += 128;
    t = (h - load<u64>(ring, 0)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
    t = (g - load<u64>(ring, 8)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
    x0 = nextPair(x0, x1, x4, x5, x7);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 0), x0), 0);
    t = (f - load<u64>(ring, 16)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
    t = (e - load<u64>(ring, 24)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
    x1 = nextPair(x1, x2, x5, x6, x0);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 16), x1), 16);
    t = (d - load<u64>(ring, 32)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
    t = (c - load<u64>(ring, 40)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
    x2 = nextPair(x2, x3, x6, x7, x1);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 32), x2), 32);
    t = (b - load<u64>(ring, 48)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
    t = (a - load<u64>(ring, 56)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
    x3 = nextPair(x3, x4, x7, x0, x2);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 48), x3), 48);
    t = (h - load<u64>(ring, 64)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
    t = (g - load<u64>(ring, 72)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
    x4 = nextPair(x4, x5, x0, x1, x3);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 64), x4), 64);
    t = (f - load<u64>(ring, 80)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
    t = (e - load<u64>(ring, 88)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
    x5 = nextPair(x5, x6, x1, x2, x4);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 80), x5), 80);
    t = (d - load<u64>(ring, 96)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
    t = (c - load<u64>(ring, 104)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
    x6 = nextPair(x6, x7, x2, x3, x5);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 96), x6), 96);
    t = (b - load<u64>(ring, 112)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
    t = (a - load<u64>(ring, 120)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
    x7 = nextPair(x7, x0, x3, x4, x6);
    v128.store(ring, v128.sub<u64>(v128.load(constant, 112), x7), 112);
  }
  t = (h - load<u64>(ring, 0)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(ring, 8)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(ring, 16)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(ring, 24)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(ring, 32)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(ring, 40)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(ring, 48)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(ring, 56)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(ring, 64)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(ring, 72)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(ring, 80)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(ring, 88)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(ring, 96)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(ring, 104)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(ring, 112)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(ring, 120)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  addToState(a, b, c, d, e, f, g, h);
}

/** Takes the block into the state whose schedule `takeSchedule` took last. */
export function compressPrepared(): void {
  let a = load<u64>(state, 0);
  let b = load<u64>(state, 8);
  let c = load<u64>(state, 16);
  let d = load<u64>(state, 24);
  let e = load<u64>(state, 32);
  let f = load<u64>(state, 40);
  let g = load<u64>(state, 48);
  let h = load<u64>(state, 56);
  let t: u64;
  t = (h - load<u64>(prepared, 0)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 8)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 16)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 24)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 32)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 40)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 48)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 56)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 64)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 72)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 80)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 88)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 96)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 104)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 112)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 120)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 128)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 136)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 144)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 152)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 160)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 168)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 176)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 184)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 192)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 200)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 208)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 216)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 224)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 232)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 240)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 248)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 256)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 264)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 272)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 280)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 288)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 296)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 304)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 312)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 320)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 328)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 336)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 344)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 352)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 360)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 368)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 376)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 384)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 392)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 400)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 408)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 416)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 424)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 432)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 440)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 448)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 456)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 464)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 472)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 480)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 488)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 496)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 504)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 512)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 520)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 528)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 536)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 544)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 552)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 560)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 568)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  t = (h - load<u64>(prepared, 576)) + choose(e, f, g) + sum1(e); h = (t + majority(a, b, c)) + sum0(a); d += t;
  t = (g - load<u64>(prepared, 584)) + choose(d, e, f) + sum1(d); g = (t + majority(h, a, b)) + sum0(h); c += t;
  t = (f - load<u64>(prepared, 592)) + choose(c, d, e) + sum1(c); f = (t + majority(g, h, a)) + sum0(g); b += t;
  t = (e - load<u64>(prepared, 600)) + choose(b, c, d) + sum1(b); e = (t + majority(f, g, h)) + sum0(f); a += t;
  t = (d - load<u64>(prepared, 608)) + choose(a, b, c) + sum1(a); d = (t + majority(e, f, g)) + sum0(e); h += t;
  t = (c - load<u64>(prepared, 616)) + choose(h, a, b) + sum1(h); c = (t + majority(d, e, f)) + sum0(d); g += t;
  t = (b - load<u64>(prepared, 624)) + choose(g, h, a) + sum1(g); b = (t + majority(c, d, e)) + sum0(c); f += t;
  t = (a - load<u64>(prepared, 632)) + choose(f, g, h) + sum1(f); a = (t + majority(b, c, d)) + sum0(b); e += t;
  addToState(a, b, c, d, e, f, g, h);
}

@inline function addToState(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64): void {
  store<u64>(state, load<u64>(state, 0) + a, 0);
  store<u64>(state, load<u64>(state, 8) + b, 8);
  store<u64>(state, load<u64>(state, 16) + c, 16);
  store<u64>(state, load<u64>(state, 24) + d, 24);
  store<u64>(state, load<u64>(state, 32) + e, 32);
  store<u64>(state, load<u64>(state, 40) + f, 40);
  store<u64>(state, load<u64>(state, 48) + g, 48);
  store<u64>(state, load<u64>(state, 56) + h, 56);
}

/** Takes a schedule that `prepareSchedule` made, for `compressPrepared`. Nothing to do when it is the same as before. */
export function takeSchedule(schedule: usize): void {
  if (schedule == preparedFrom) return;
  preparedFrom = schedule;
  for (let at: usize = 0; at < scheduleOctets; at += 16) v128.store(prepared + at, v128.load(schedule + at));
}
