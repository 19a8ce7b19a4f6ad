/**
 * The two long stages of STACIE: the seed, which is an HMAC over a password that is repeated, and the chain of rounds
 * that makes a key. (Sections 1.4 and 1.5 of the STACIE digest)
 *
 * The caller writes the inputs at `input`, begins a stage, calls `step` until nothing is left, and finds 64 octets at
 * `input` after `finish`. Lengths are checked by the caller. Nothing is allocated; `wipe` clears everything.
 */
import {
  blockOctets,
  compress,
  compressPrepared,
  prepareSchedule,
  resetState,
  scheduleOctets,
  state,
  takeSchedule,
  wipeState,
} from './sha512';

/** Username, salt and password have 4,096 octets at most, the base and the digest before it 64 each. */
const mostInput: usize = 64 + 3 * 4096;
/** With the digest, counter and padding in whole blocks. */
const mostBlocks: usize = 99;

/** Where inputs are written and the outcome stands. */
export const input = memory.data(64 + 3 * 4096, 16);

/** The message of a round, or of a piece of the HMAC: words in the machine's order. */
const words = memory.data(99 * 128, 16);
const schedules = memory.data(99 * 640, 16);
/** The password again and again, so that a block can be read from any place in it. */
const repeated = memory.data(4096 + 2 * 128, 16);
const hmacKey = memory.data(128, 16);

const seedStage = 1;
const keyStage = 2;

let stage = 0;
/** Of the key stage: the next counter, where it stands in the message, and the blocks that it touches. */
let counter: u32 = 0;
let counterAt: usize = 0;
let blocks: usize = 0;
let firstVaried: usize = 0;
let lastVaried: usize = 0;
/** Of the seed stage: octets of the password and of the whole message, where the next block begins in the password. */
let period: usize = 0;
let messageOctets: u64 = 0;
let place: usize = 0;
let left: u32 = 0;

/**
 * Begins a key stage.
 *
 * @param octets of base, username, salt and password, which stand at `input` in this order
 * @param rounds how many digests are chained, 2 or more
 * @returns the steps that are left
 */
export function beginKey(octets: u32, rounds: u32): u32 {
  stage = keyStage;
  // The first round has no digest in front.
  layOut(0, octets);
  writeCounter(0);
  resetState();
  for (let block: usize = 0; block < blocks; block++) compress(words + block * blockOctets);

  layOut(64, octets);
  for (let block: usize = 1; block < blocks; block++) {
    if (block < firstVaried || block > lastVaried) {
      prepareSchedule(words + block * blockOctets, schedules + block * scheduleOctets);
    }
  }
  counter = 1;
  left = rounds - 1;
  return left;
}

/**
 * Begins a seed stage.
 *
 * @param octets of the password, which stands at `input` after the 128 octets of the HMAC's key
 * @param rounds how often it is repeated
 * @returns the steps that are left
 */
export function beginSeed(octets: u32, rounds: u32): u32 {
  stage = seedStage;
  period = octets;
  messageOctets = <u64>octets * <u64>rounds;
  place = 0;
  left = <u32>(messageOctets / 128);
  memory.copy(hmacKey, input, 128);
  for (let at: usize = 0, from: usize = 0; at < period + 2 * 128; at++) {
    store<u8>(repeated + at, load<u8>(input + 128 + from));
    from = from + 1 == period ? 0 : from + 1;
  }
  resetState();
  compressKey(0x36);
  return left;
}

/** Does so many steps, or what is left of them: rounds of a key stage, blocks of a seed stage. Returns what is left. */
export function step(most: u32): u32 {
  const steps = min(most, left);
  if (stage == keyStage) for (let done: u32 = 0; done < steps; done++) chain();
  else for (let done: u32 = 0; done < steps; done++) takeRepeated();
  left -= steps;
  return left;
}

/** Ends the stage after its last step: 64 octets at `input`. */
export function finish(): void {
  if (stage == seedStage) finishSeed();
  for (let at: usize = 0; at < 64; at += 8) store<u64>(input + at, bswap(load<u64>(state + at)));
}

/** Clears all memory that saw a secret. */
export function wipe(): void {
  memory.fill(input, 0, mostInput);
  memory.fill(words, 0, mostBlocks * blockOctets);
  memory.fill(schedules, 0, mostBlocks * scheduleOctets);
  memory.fill(repeated, 0, 4096 + 2 * 128);
  memory.fill(hmacKey, 0, 128);
  wipeState();
}

/** Lays out what a round hashes: a gap for the digest, the inputs, a gap for the counter, padding and length. */
function layOut(gap: usize, octets: usize): void {
  counterAt = gap + octets;
  const length = counterAt + 3;
  blocks = (length + 17 + blockOctets - 1) / blockOctets;
  firstVaried = counterAt / blockOctets;
  lastVaried = (counterAt + 2) / blockOctets;
  memory.fill(words, 0, blocks * blockOctets);
  for (let at: usize = 0; at < octets; at++) storeOctet(gap + at, load<u8>(input + at));
  storeOctet(length, 0x80);
  store<u64>(words + blocks * blockOctets - 8, <u64>length * 8);
}

function writeCounter(value: u32): void {
  storeOctet(counterAt, <u8>(value >> 16));
  storeOctet(counterAt + 1, <u8>(value >> 8));
  storeOctet(counterAt + 2, <u8>value);
}

/** Octets of a message come with the highest of each word first, the machine's with the lowest. */
@inline function storeOctet(at: usize, octet: u8): void {
  store<u8>(words + (at ^ 7), octet);
}

/** One round: the digest before it moves to the front of the message. */
function chain(): void {
  writeCounter(counter++);
  // Not memory.copy, which leaves the compiled code for such a call.
  v128.store(words, v128.load(state, 0), 0);
  v128.store(words, v128.load(state, 16), 16);
  v128.store(words, v128.load(state, 32), 32);
  v128.store(words, v128.load(state, 48), 48);
  resetState();
  compress(words);
  for (let block: usize = 1; block < blocks; block++) {
    if (block < firstVaried || block > lastVaried) {
      takeSchedule(schedules + block * scheduleOctets);
      compressPrepared();
    } else {
      compress(words + block * blockOctets);
    }
  }
}

/** The next whole block of the repeated password. */
function takeRepeated(): void {
  const from = repeated + place;
  for (let at: usize = 0; at < blockOctets; at += 8) store<u64>(words + at, bswap(load<u64>(from + at)));
  compress(words);
  place = (place + blockOctets) % period;
}

/** The rest of the message, then the outer hash. */
function finishSeed(): void {
  const rest = <usize>(messageOctets % 128);
  memory.fill(words, 0, 2 * blockOctets);
  for (let at: usize = 0; at < rest; at++) storeOctet(at, load<u8>(repeated + place + at));
  compressLast(rest, 128 + messageOctets);

  memory.copy(schedules, state, 64);
  resetState();
  compressKey(0x5c);
  memory.fill(words, 0, 2 * blockOctets);
  memory.copy(words, schedules, 64);
  compressLast(64, 128 + 64);
}

/** Pads what stands in `words` and compresses it: one block or two. */
function compressLast(octets: usize, total: u64): void {
  storeOctet(octets, 0x80);
  const end: usize = octets + 17 > blockOctets ? 2 * blockOctets : blockOctets;
  store<u64>(words + end - 8, total * 8);
  for (let at: usize = 0; at < end; at += blockOctets) compress(words + at);
}

function compressKey(pad: u8): void {
  for (let at: usize = 0; at < blockOctets; at++) storeOctet(at, load<u8>(hmacKey + at) ^ pad);
  compress(words);
}
