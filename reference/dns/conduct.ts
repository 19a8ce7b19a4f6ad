/** How the server answers otherwise than right: what can be asked of it, for which names, and what is in force. */
import { nameKey } from './name.js';
import { recordTypes } from './record-codec.js';
import { type IndexedRecord, readyRecord, ZoneError } from './zone.js';
import type { ZoneRecord, ZoneRecordType } from './zone-record.js';

/**
 * What is wrong with the signatures of a set of records; of a negative answer to the name, with those of its proof. A
 * zone that is not signed is served as ever.
 *
 * - `unsigned`: none;
 * - `expired`, `not-yet-valid`: right, but for a time that is over, or still to come;
 * - `wrong-key`: of a key that is not in the zone, under that key's tag;
 * - `broken-signature`: one bit is wrong;
 * - `wrong-signer`: of the zone's key, in the name of the zone above (of "invalid" at the root).
 */
export type SignatureFault =
  | 'unsigned'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-key'
  | 'broken-signature'
  | 'wrong-signer';

/** One way to answer otherwise. Those of one name go together where they can: slow and expired, say. */
export type Conduct =
  | { readonly kind: SignatureFault }
  /**
   * Other records than the zone's, of any type: a spoofed text, an alias, a hundred records. Signed by `nobody`, by an
   * `attacker` who claims the zone's key, or by the `zone`.
   */
  | {
      readonly kind: 'spoofed';
      readonly records: readonly ZoneRecord[];
      readonly signedBy: 'nobody' | 'attacker' | 'zone';
    }
  /** The records are denied, with the zone's true proofs, which say otherwise. */
  | { readonly kind: 'withheld'; readonly as: 'no-data' | 'no-name' }
  /** Nothing but a code. */
  | { readonly kind: 'format-error' | 'server-failure' | 'no-such-name' | 'not-implemented' | 'refused' }
  /** The whole answer, under a code that says that there is none. */
  | { readonly kind: 'failing'; readonly rcode: number }
  /** The answer comes so much later. Over TCP the idle time of the connection goes on meanwhile. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** No answer, the next so many times or for ever, over both transports or one. */
  | { readonly kind: 'lost'; readonly times?: number; readonly over?: 'udp' | 'tcp' }
  /** Over UDP empty, with the TC bit; over TCP whole. */
  | { readonly kind: 'truncated' }
  /** Over UDP whole, without the TC bit, and filled up to so many octets, whatever the client takes. */
  | { readonly kind: 'oversized'; readonly octets: number }
  /** - `upper-case`: owner names in capitals;
   *  - `wrong-id`: another id than the query's;
   *  - `wrong-question`: the question section holds another name;
   *  - `wrong-owner`: the records belong to another name (answer.invalid);
   *  - `no-additional`: no OPT record, though the query has one;
   *  - `claims-authentic`: the AD bit, which no authority may set;
   *  - `cut`: the message ends in the middle;
   *  - `garbage`: the id and the QR bit, then noise. */
  | { readonly kind: WireFault };

export type WireFault =
  | 'upper-case'
  | 'wrong-id'
  | 'wrong-question'
  | 'wrong-owner'
  | 'no-additional'
  | 'claims-authentic'
  | 'cut'
  | 'garbage';

/** Which answers a conduct is for. */
export interface ConductTarget {
  /** Owner name, or "*" for every name. */
  readonly name: string;
  /** Every type without. */
  readonly type?: ZoneRecordType;
}

/** What is in force for a name and type. */
export class Conducts {
  readonly list: readonly Conduct[];
  /** The records of a spoofed conduct, ready for the wire. */
  readonly spoofed: readonly IndexedRecord[];
  #losses: number;

  /** @throws ZoneError for spoofed records that cannot be written, and for a number that is none */
  constructor(list: readonly Conduct[]) {
    this.list = list;
    for (const conduct of list) checkNumbers(conduct);
    const spoofed = this.find('spoofed');
    this.spoofed = (spoofed?.records ?? []).map((record) => readyRecord(record, `spoofed ${record.type}`));
    this.#losses = this.find('lost')?.times ?? Number.POSITIVE_INFINITY;
  }

  has(kind: Conduct['kind']): boolean {
    return this.list.some((conduct) => conduct.kind === kind);
  }

  find<Kind extends Conduct['kind']>(kind: Kind): Extract<Conduct, { kind: Kind }> | undefined {
    return this.list.find((conduct): conduct is Extract<Conduct, { kind: Kind }> => conduct.kind === kind);
  }

  /** Whether the answer to one query over this transport is lost; each that is lost counts. */
  loses(transport: 'udp' | 'tcp'): boolean {
    const lost = this.find('lost');
    if (lost === undefined || (lost.over ?? transport) !== transport || this.#losses === 0) return false;
    this.#losses--;
    return true;
  }
}

/** The conducts in force, by name and type. */
export class ConductTable {
  readonly #targets = new Map<string, Conducts>();

  /** Nothing is in force. */
  get isEmpty(): boolean {
    return this.#targets.size === 0;
  }

  /**
   * Puts conducts in force for a target, in place of those it had; an empty list makes it right again.
   *
   * @throws ZoneError for a target that is no name, and see Conducts
   */
  set(target: ConductTarget, conducts: readonly Conduct[]): void {
    const key = target.name === everyName ? everyName : nameKey(target.name);
    if (key === null) throw new ZoneError(`conduct of ${JSON.stringify(target.name)}: not a name`);
    const id = idOf(key, target.type === undefined ? everyType : recordTypes[target.type]);
    if (conducts.length === 0) this.#targets.delete(id);
    else this.#targets.set(id, new Conducts(conducts));
  }

  clear(): void {
    this.#targets.clear();
  }

  /** What is in force for a name: the nearest target alone. Its name with its type, its name, its type, everything. */
  find(key: string, type: number): Conducts | null {
    if (this.isEmpty) return null;
    for (const name of [key, everyName]) {
      const found = this.#targets.get(idOf(name, type)) ?? this.#targets.get(idOf(name, everyType));
      if (found !== undefined) return found;
    }
    return null;
  }
}

const everyName = '*';
const everyType = 0;

function idOf(key: string, type: number): string {
  return `${type} ${key}`;
}

/** Milliseconds of the longest delay: more than any client waits. */
const longestDelay = 60_000;
/** Of the codes that a header holds. */
const mostRcode = 15;
/** Octets of the largest message over UDP. */
const largestUdp = 65_507;

function checkNumbers(conduct: Conduct): void {
  if (conduct.kind === 'failing') checkNumber('failing: rcode', conduct.rcode, mostRcode);
  if (conduct.kind === 'slow') checkNumber('slow: ms', conduct.ms, longestDelay);
  if (conduct.kind === 'oversized') checkNumber('oversized: octets', conduct.octets, largestUdp);
  if (conduct.kind === 'lost' && conduct.times !== undefined) checkNumber('lost: times', conduct.times, 2 ** 31);
}

function checkNumber(what: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new ZoneError(`conduct ${what} is ${value}, not a whole number from 0 to ${most}`);
  }
}
