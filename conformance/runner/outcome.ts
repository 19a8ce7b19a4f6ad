/** The ways in which a run of a property ends badly. Anything else that is thrown is a defect of the suite. */

/** The peer broke a requirement. */
export class Breach extends Error {
  override readonly name = 'Breach';
  constructor(
    readonly requirement: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${requirement}: expected ${expected}, got ${actual}`);
  }
}

/** No answer within the limit, on a connection that had answered before. */
export class PeerSilent extends Error {
  override readonly name = 'PeerSilent';
  constructor(
    readonly waitedMs: number,
    /** Octets of an unfinished answer, if any. */
    readonly partial: string,
  ) {
    super(
      partial === ''
        ? `no answer within ${waitedMs} ms`
        : `an answer was begun and not finished within ${waitedMs} ms: ${JSON.stringify(partial.slice(0, 200))}`,
    );
  }
}

/** The peer ended the connection where an answer was due. */
export class PeerGone extends Error {
  override readonly name = 'PeerGone';
  constructor(
    readonly how: 'closed' | 'reset',
    readonly partial: string,
  ) {
    super(
      `the connection was ${how === 'reset' ? 'reset' : 'closed'} instead of an answer${partial === '' ? '' : ` after ${JSON.stringify(partial.slice(0, 200))}`}`,
    );
  }
}

/** The peer sent more than any answer can hold. */
export class PeerFlood extends Error {
  override readonly name = 'PeerFlood';
  constructor(readonly octets: number) {
    super(`an answer of more than ${octets} octets`);
  }
}

/** The environment failed: no connection, no handshake, no greeting. Never a verdict on a requirement. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The peer itself said that it does not do this. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}
