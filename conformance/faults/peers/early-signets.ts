/** The signets of the early server: stored and served whole, each found by one kind of fingerprint (section 5.7). */

/** As its store holds it. Fingerprints are named as in the signets digest, section 8. */
export interface EarlySignet {
  /** Domain or address, in lower case. */
  readonly name: string;
  /** The whole signet, through field 255. */
  readonly base64: string;
  readonly identifiable: string;
  readonly full: string;
  /** Full fingerprint of the one that follows; null for the newest. */
  readonly successor: string | null;
}

const notFound = '450 SIGNET NOT FOUND.';

export class EarlySignets {
  constructor(private readonly all: readonly EarlySignet[]) {}

  /** SGNT: the newest, or the one with this id fingerprint; no other kind finds it (OQ-112). */
  signet(name: string, fingerprint: string | null): string[] {
    const own = this.#of(name);
    const found =
      fingerprint === null
        ? own.find(({ successor }) => successor === null)
        : own.find(({ identifiable }) => identifiable === fingerprint);
    return [found === undefined ? notFound : `250 OK [${found.base64}]`];
  }

  /** HIST: full fingerprints only; from start along the successors to stop, or to the newest. */
  history(name: string, start: string, stop: string | null): string[] {
    const own = this.#of(name);
    const lines: string[] = [];
    let next = own.find(({ full }) => full === start);
    // A chain that leads back into itself would have no end.
    while (next !== undefined && lines.length < own.length) {
      const { base64, full, successor } = next;
      lines.push(`250-[${base64}]`);
      if (full === stop || (stop === null && successor === null)) return [...lines, '250 OK'];
      next = own.find((signet) => signet.full === successor);
    }
    return [notFound];
  }

  /** VRFY: id or full fingerprint, without regard to case (OQ-113); UPDATE gives the id fingerprint. */
  verify(name: string, fingerprint: string): string[] {
    const own = this.#of(name);
    const wanted = fingerprint.toLowerCase();
    const found = own.find(({ identifiable, full }) =>
      [identifiable, full].some((known) => known.toLowerCase() === wanted),
    );
    const newest = own.find(({ successor }) => successor === null);
    if (found === undefined || newest === undefined) return [notFound];
    return [found === newest ? '250 CURRENT' : `250 UPDATE [${newest.identifiable}]`];
  }

  #of(name: string): EarlySignet[] {
    return this.all.filter((signet) => signet.name === name.toLowerCase());
  }
}
