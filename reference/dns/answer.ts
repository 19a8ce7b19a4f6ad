/** What an authoritative server says to a question. Pure: zones and question in, records out. (RFC 1034 section 4.3.2) */
import { parent } from './name.js';
import type { Question } from './query.js';
import { recordTypes } from './record-codec.js';
import type { IndexedRecord, IndexedZone, Node, ZoneIndex } from './zone.js';

export const rcodes = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5, badVers: 16 } as const;

export interface Answer {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly IndexedRecord[];
  readonly authority: readonly IndexedRecord[];
}

const refused: Answer = { rcode: rcodes.refused, authoritative: false, answers: [], authority: [] };

const classIn = 1;
const typeAny = 255;
/** Types from here to 255 are for questions only: transfers and the like. (RFC 6895 section 3.1) */
const firstMetaType = 128;
/** Aliases that are followed; a chain that is longer, or a ring, is given as far as that. */
const longestChain = 8;

/**
 * Answers one question. Refused are names outside all zones, other classes than IN, and zone transfers. Aliases are
 * followed inside the zone. ANY gets one set of records (RFC 8482). Nothing is added that was not asked for.
 */
export function answer(zones: ZoneIndex, question: Pick<Question, 'key' | 'type' | 'class'>): Answer {
  const { key, type } = question;
  if (question.class !== classIn || (type >= firstMetaType && type < typeAny)) return refused;
  const zone = zoneOf(zones, key);
  if (zone === null) return refused;
  const answers: IndexedRecord[] = [];
  let name = key;
  for (let followed = 0; ; followed++) {
    const node = zone.nodes.get(name);
    if (node === undefined) {
      // Behind an alias that leads out of the zone somebody else knows more (RFC 6604 section 3 speaks of our own names).
      const ours = zoneOf(zones, name) === zone;
      return ours ? negative(zone, rcodes.nxDomain, answers) : positive(answers);
    }
    const alias = type === recordTypes.CNAME || type === typeAny ? undefined : node.get(recordTypes.CNAME)?.[0];
    if (alias?.record.type !== 'CNAME') {
      const found = type === typeAny ? anySet(node) : node.get(type);
      return found === undefined ? negative(zone, rcodes.noError, answers) : positive([...answers, ...found]);
    }
    if (followed === longestChain || answers.includes(alias)) return positive(answers);
    answers.push(alias);
    name = aliasTarget(alias.record.target);
  }
}

/** The zone nearest above a name. */
function zoneOf(zones: ZoneIndex, key: string): IndexedZone | null {
  for (let name: string | null = key; name !== null; name = parent(name)) {
    const zone = zones.get(name);
    if (zone !== undefined) return zone;
  }
  return null;
}

/** The first set that the zone gives for the name, so that the same question has the same answer. */
function anySet(node: Node): readonly IndexedRecord[] | undefined {
  return node.values().next().value;
}

/** indexZones has checked that the target is a name; this is its key. */
function aliasTarget(target: string): string {
  return target.replace(/\.$/, '').toLowerCase();
}

function positive(answers: readonly IndexedRecord[]): Answer {
  return { rcode: rcodes.noError, authoritative: true, answers, authority: [] };
}

/** NXDOMAIN or no data: the SOA tells for how long that may be kept (RFC 2308 section 3). */
function negative(zone: IndexedZone, rcode: number, answers: readonly IndexedRecord[]): Answer {
  return { rcode, authoritative: true, answers, authority: [zone.negative] };
}
