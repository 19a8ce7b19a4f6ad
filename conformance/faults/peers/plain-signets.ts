/** The signets of the plain peer: found by each of the three fingerprints (sections 12.2 and 12.4 of the DMTP digest). */

export interface PlainSignet {
  /** Of the signet in its full form, through field 253. */
  readonly base64: string;
  /** Cryptographic, full, identifiable. */
  readonly fingerprints: readonly [string, string, string];
}

/** Oldest first, by name in lower case. */
export type PlainChains = ReadonlyMap<string, readonly PlainSignet[]>;

const notFound = '450 SIGNET NOT FOUND.';

/** SGNT: the newest, or the one that has the fingerprint. */
export function signet(chain: readonly PlainSignet[], fingerprint: string | undefined): string[] {
  const found = fingerprint === undefined ? chain.at(-1) : chain[indexOf(chain, fingerprint)];
  return [found === undefined ? notFound : `250 OK [${found.base64}]`];
}

/** VRFY: UPDATE gives the newest by the same kind of fingerprint. */
export function verify(chain: readonly PlainSignet[], fingerprint: string): string[] {
  const at = indexOf(chain, fingerprint);
  if (at === -1) return [notFound];
  if (at === chain.length - 1) return ['250 CURRENT'];
  const kind = chain[at]?.fingerprints.indexOf(fingerprint) ?? 0;
  return [`250 UPDATE [${chain.at(-1)?.fingerprints[kind]}]`];
}

/** HIST: from start, or the oldest, to stop, or the newest; both included. */
export function history(chain: readonly PlainSignet[], start: string | undefined, stop: string | undefined): string[] {
  const first = start === undefined ? 0 : indexOf(chain, start);
  const last = stop === undefined ? chain.length - 1 : indexOf(chain, stop);
  if (first === -1 || last < first) return [notFound];
  return [...chain.slice(first, last + 1).map(({ base64 }) => `250-[${base64}]`), '250 OK'];
}

function indexOf(chain: readonly PlainSignet[], fingerprint: string): number {
  return chain.findIndex(({ fingerprints }) => fingerprints.includes(fingerprint));
}
