/** What an authoritative server says to a question. Pure: zones and question in, records out. (RFC 1034 section 4.3.2) */
import { proofOfNoData, proofOfNoName } from './denial.js';
import { nameKey, parent } from './name.js';
import type { Question } from './query.js';
import { recordTypes } from './record-codec.js';
import type { IndexedZone, Node, RecordSet, ZoneIndex } from './zone.js';

export const rcodes = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5, badVers: 16 } as const;

export interface Answer {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly RecordSet[];
  readonly authority: readonly RecordSet[];
  /** Addresses of the servers that a referral names. */
  readonly additional: readonly RecordSet[];
}

export type AskedFor = Pick<Question, 'key' | 'type' | 'class'>;

const classIn = 1;
const typeAny = 255;
/** Types from here to 255 are for questions only: transfers and the like. (RFC 6895 section 3.1) */
const firstMetaType = 128;
/** Aliases that are followed; a chain that is longer, or a ring, is given as far as that. */
const longestChain = 8;

/**
 * Answers one question. Refused are names outside all zones, other classes than IN, and zone transfers. Aliases are
 * followed through all zones that are served, as a resolver would. ANY gets one set of records (RFC 8482). Nothing is
 * added that was not asked for.
 *
 * @param proofs add to negative answers and referrals what proves them, in a signed zone (the DO bit)
 */
export function answer(zones: ZoneIndex, question: AskedFor, proofs = false): Answer {
  const { key, type } = question;
  if (question.class !== classIn || (type >= firstMetaType && type < typeAny)) return failure(rcodes.refused);
  const answers: RecordSet[] = [];
  let name = key;
  for (let followed = 0; ; followed++) {
    const zone = zoneFor(zones, name, type);
    // Behind an alias somebody else may know more.
    if (zone === null) return answers.length === 0 ? failure(rcodes.refused) : positive(answers);
    const cut = cutAbove(zone, name, type);
    if (cut !== null) return referral(zone, cut, answers, proofs);
    const node = zone.nodes.get(name);
    if (node === undefined) return negative(zone, name, rcodes.nxDomain, answers, proofs);
    const alias = aliasFor(node, type);
    if (alias === null) {
      const found = setFor(node, type);
      return found === null ? negative(zone, name, rcodes.noError, answers, proofs) : positive([...answers, found]);
    }
    if (followed === longestChain || answers.includes(alias.set)) return positive(answers);
    answers.push(alias.set);
    name = alias.target;
  }
}

/** The answer that there is no such name, or no such type, whatever the zones hold; a refusal outside all zones. */
export function deny(zones: ZoneIndex, { key, type }: AskedFor, rcode: number, proofs: boolean): Answer {
  const zone = zoneFor(zones, key, type);
  return zone === null ? failure(rcodes.refused) : negative(zone, key, rcode, [], proofs);
}

/** An answer that holds nothing but its code. */
export function failure(rcode: number): Answer {
  return { rcode, authoritative: false, answers: [], authority: [], additional: [] };
}

/** The zone nearest above a name that is served; for DS the one above that, which alone knows (RFC 4035 section 3.1.4.1). */
export function zoneFor(zones: ZoneIndex, key: string, type: number): IndexedZone | null {
  const own = zoneOf(zones, key);
  if (type !== recordTypes.DS || own?.origin !== key) return own;
  const above = parent(key);
  return (above === null ? null : zoneOf(zones, above)) ?? own;
}

function zoneOf(zones: ZoneIndex, key: string): IndexedZone | null {
  for (let name: string | null = key; name !== null; name = parent(name)) {
    const zone = zones.get(name);
    if (zone !== undefined) return zone;
  }
  return null;
}

/** The delegation that a name is at or below; the highest, since what is below it is not the zone's. */
function cutAbove({ cuts, origin }: IndexedZone, key: string, type: number): string | null {
  if (cuts.size === 0) return null;
  let highest: string | null = null;
  for (let name: string | null = key; name !== null && name !== origin; name = parent(name)) {
    if (cuts.has(name) && !(name === key && type === recordTypes.DS)) highest = name;
  }
  return highest;
}

function referral(zone: IndexedZone, cut: string, answers: readonly RecordSet[], proofs: boolean): Answer {
  const node = zone.nodes.get(cut);
  const servers = node?.get(recordTypes.NS);
  const signer = node?.get(recordTypes.DS);
  const proof = signer === undefined ? proofOfNoData(zone, cut) : [signer];
  const hosts = (servers?.records ?? []).flatMap(({ record }) => (record.type === 'NS' ? [nameKey(record.host)] : []));
  const addresses = hosts.flatMap((host) => {
    const found = host === null ? undefined : zone.nodes.get(host);
    return [found?.get(recordTypes.A), found?.get(recordTypes.AAAA)];
  });
  return {
    rcode: rcodes.noError,
    authoritative: answers.length > 0,
    answers,
    authority: [...(servers === undefined ? [] : [servers]), ...(proofs ? proof : [])],
    additional: addresses.filter((set) => set !== undefined),
  };
}

/** Types that a name with an alias has itself, and so are not looked for behind it. (RFC 4034 section 3, RFC 4035 section 2.5) */
const besideAlias: ReadonlySet<number> = new Set([typeAny, recordTypes.CNAME, recordTypes.NSEC, recordTypes.RRSIG]);

function aliasFor(node: Node, type: number): { readonly set: RecordSet; readonly target: string } | null {
  const set = besideAlias.has(type) ? undefined : node.get(recordTypes.CNAME);
  const record = set?.records[0]?.record;
  if (set === undefined || record?.type !== 'CNAME') return null;
  // indexZones has checked that the target is a name.
  return { set, target: nameKey(record.target) ?? '' };
}

function setFor(node: Node, type: number): RecordSet | null {
  // The first set that the zone gives for the name, so that the same question has the same answer.
  if (type === typeAny) return node.values().next().value ?? null;
  if (type !== recordTypes.RRSIG) return node.get(type) ?? null;
  const signatures = [...node.values()].flatMap((set) => set.signatures);
  return signatures.length === 0 ? null : { records: signatures, signatures: [] };
}

function positive(answers: readonly RecordSet[]): Answer {
  return { rcode: rcodes.noError, authoritative: true, answers, authority: [], additional: [] };
}

/** NXDOMAIN or no data: the SOA tells for how long that may be kept (RFC 2308 section 3). */
function negative(
  zone: IndexedZone,
  name: string,
  rcode: number,
  answers: readonly RecordSet[],
  proofs: boolean,
): Answer {
  const missing = rcode === rcodes.nxDomain && !zone.nodes.has(name);
  const proof = proofs ? (missing ? proofOfNoName(zone, name) : proofOfNoData(zone, name)) : [];
  return { rcode, authoritative: true, answers, authority: [zone.negative, ...proof], additional: [] };
}
