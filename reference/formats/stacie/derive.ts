/** The whole derivation, from a password to the tokens. (Sections 1.3 to 1.6 of the STACIE digest) */
import { checkNonce, checkSalt, type StacieWarning, shapeWarnings } from './checks.js';
import { runStage } from './kernel/kernel.js';
import { KernelThread } from './kernel/kernel-thread.js';
import { blocksOf, type StageOrder } from './kernel/stage-order.js';
import { masterKeyOrder, passwordKeyOrder } from './keys.js';
import { mostRounds } from './limits.js';
import { checkCeiling, roundsOfLength } from './rounds.js';
import { seedOrder } from './seed.js';
import { countCharacters, passwordOctets, type Text, usernameOctets } from './text.js';
import { ephemeralLoginToken, verificationToken } from './tokens.js';

export interface DeriveInputs {
  /** As the server returned it: nothing is normalized here. */
  readonly username: Text;
  readonly password: Text;
  readonly salt?: Uint8Array | undefined;
  readonly nonce?: Uint8Array | undefined;
  /** Rounds that are added; 0 when not given. */
  readonly bonus?: number;
}

/** All but `rounds` and `warnings` have 64 octets. Revisions 00 and 03 derive alike. */
export interface Derivation {
  readonly rounds: number;
  readonly seed: Uint8Array;
  readonly masterKey: Uint8Array;
  readonly passwordKey: Uint8Array;
  readonly verificationToken: Uint8Array;
  /** With a nonce only. */
  readonly ephemeralLoginToken?: Uint8Array;
  readonly warnings: readonly StacieWarning[];
}

export interface DeriveProgress {
  readonly stage: 'seed' | 'master-key' | 'password-key';
  /** Of the whole derivation, from 0 to 1. */
  readonly part: number;
}

export interface DeriveLimits {
  /** The most rounds that this client does (STACIE-I-13); 16,777,216 when not given. */
  readonly ceiling?: number;
}

export interface DeriveOptions extends DeriveLimits {
  /** Ends the work early; its memory is zeroed all the same. A signal of `AbortSignal.timeout` is a time budget. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DeriveProgress) => void;
}

/** Blocks of SHA-512 that are done at once in the caller's thread: some ten milliseconds, less than a thread costs. */
const shortWork = 1 << 16;

/**
 * Derives in the caller's thread and returns when all is done, which may be many seconds.
 *
 * @throws StacieError for an input outside its limits, before anything is hashed
 */
export function deriveNow(inputs: DeriveInputs, { ceiling }: DeriveLimits = {}): Derivation {
  const work = stages(inputs, ceiling);
  let next = work.next();
  while (next.done !== true) next = work.next(runStage(next.value.order));
  return next.value;
}

/**
 * Derives; long work is done in a thread of its own.
 *
 * @throws StacieError for an input outside its limits, before anything is hashed; what the signal was aborted with
 */
export async function derive(
  inputs: DeriveInputs,
  { ceiling, signal, onProgress }: DeriveOptions = {},
): Promise<Derivation> {
  signal?.throwIfAborted();
  const work = stages(inputs, ceiling);
  let next = work.next();
  if (next.done === true || next.value.allBlocks <= shortWork) {
    while (next.done !== true) next = work.next(runStage(next.value.order));
    return next.value;
  }
  const { allBlocks } = next.value;
  const thread = new KernelThread();
  try {
    let before = 0;
    while (next.done !== true) {
      const { stage, order } = next.value;
      const blocks = blocksOf(order);
      const onDone = (part: number): void => onProgress?.({ stage, part: (before + part * blocks) / allBlocks });
      const outcome = await thread.run(order, { signal, onDone });
      before += blocks;
      next = work.next(outcome);
    }
    return next.value;
  } finally {
    work.return(undefined as never);
    await thread.close();
  }
}

interface Stage {
  readonly stage: DeriveProgress['stage'];
  readonly order: StageOrder;
  /** Of all three stages. */
  readonly allBlocks: number;
}

/** The stages in their order, each asked for when the one before is known. */
function* stages(
  { username, password, salt, nonce, bonus = 0 }: DeriveInputs,
  ceiling = mostRounds,
): Generator<Stage, Derivation, Uint8Array> {
  const name = usernameOctets(username);
  checkSalt(salt);
  checkNonce(nonce);
  const text = passwordOctets(password);
  try {
    const rounds = roundsOfLength(countCharacters(text), bonus);
    checkCeiling(rounds, ceiling);
    const inputs = { rounds, username: name, password: text, salt };
    const keyOctets = 64 + name.length + (salt?.length ?? 0) + text.length;
    const seedWork = seedOrder(inputs);
    const allBlocks = blocksOf(seedWork) + 2 * blocksOf({ ...seedWork, kind: 'key', octets: keyOctets });

    const seed = yield { stage: 'seed', order: seedWork, allBlocks };
    const masterKey = yield { stage: 'master-key', order: masterKeyOrder(seed, inputs), allBlocks };
    const passwordKey = yield { stage: 'password-key', order: passwordKeyOrder(masterKey, inputs), allBlocks };
    const account = { username: name, salt };
    const verification = verificationToken({ ...account, passwordKey });
    const tokens =
      nonce === undefined
        ? {}
        : { ephemeralLoginToken: ephemeralLoginToken({ ...account, verificationToken: verification, nonce }) };
    const warnings = shapeWarnings({ salt, nonce });
    return { rounds, seed, masterKey, passwordKey, verificationToken: verification, ...tokens, warnings };
  } finally {
    text.fill(0);
  }
}
