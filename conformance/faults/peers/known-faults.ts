/** What is known to be wrong with a peer: what the suite has to say of it, and nothing else. */

export interface KnownFault {
  readonly requirement: string;
  /** What it does, and where the digest says that its model does so. */
  readonly why: string;
  /** Only some of the inputs of a property show it, so that few runs may miss it. */
  readonly seldom?: true;
}

/** Requirements on which any verdict will do. */
export interface Spared {
  readonly requirements: readonly string[];
  readonly why: string;
}

export interface KnownFaults {
  readonly faults: readonly KnownFault[];
  /** Another fault may keep the suite from judging them. */
  readonly veiled: readonly Spared[];
  /** The digest can be read so that the peer is right, and the suite may read it otherwise. */
  readonly disputed: readonly Spared[];
}
