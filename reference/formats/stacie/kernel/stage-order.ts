/** What the kernel is told to do: one of STACIE's two long stages, with its inputs in the order the kernel wants them. */

export interface StageOrder {
  readonly kind: 'seed' | 'key';
  /** Seed: the 128 octets of the HMAC's key, then the password. Key: base, username, salt and password. Zeroed after use. */
  readonly input: Uint8Array;
  /** What `beginSeed` or `beginKey` calls `octets`: of the password, or of the whole input. */
  readonly octets: number;
  readonly rounds: number;
}

/** How many blocks of SHA-512 the stage takes: the measure of its length. */
export function blocksOf({ kind, octets, rounds }: StageOrder): number {
  if (kind === 'seed') return Math.ceil((octets * rounds) / 128);
  // A digest of 64 octets in front; counter, padding and length behind.
  return rounds * Math.ceil((64 + octets + 3 + 17) / 128);
}
