/** The small resolver's proofs: DNSSEC from an anchor down to a record. It shares no code with the reference resolver. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  type Answer,
  type DnskeyAnswer,
  type DSAnswer,
  encode,
  type NsecAnswer,
  type RecordType,
  type RrsigAnswer,
} from 'dns-packet';
import type { Reply } from './small-dns.js';
import type { ResolverRules, State } from './small-resolver-rules.js';

type Ask = (name: string, type: RecordType) => Promise<Reply>;
type Ds = Pick<DSAnswer['data'], 'keyTag' | 'algorithm' | 'digestType' | 'digest'>;

/** Records of one name and type, with their signatures. */
export interface RecordSet {
  readonly name: string;
  readonly type: RecordType;
  readonly records: readonly Answer[];
  readonly signatures: readonly RrsigAnswer['data'][];
}

interface Zone {
  readonly name: string;
  readonly keys: readonly DnskeyAnswer['data'][];
}

export const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

export function setIn(records: readonly Answer[], name: string, type: RecordType): RecordSet {
  const own = records.filter((record) => plain(record.name) === name);
  const signatures = own.flatMap((record) =>
    record.type === 'RRSIG' && record.data.typeCovered === type ? [record.data] : [],
  );
  return { name, type, records: own.filter((record) => record.type === type), signatures };
}

/** What the anchors (DS records in text) say about a set of records. */
export async function stateOf(
  set: RecordSet,
  anchors: readonly string[],
  ask: Ask,
  rules: ResolverRules,
): Promise<State> {
  const [signature] = set.signatures;
  const signer = plain(signature?.signersName ?? set.name);
  const anchor = nearestAnchor(anchors, set.name);
  if (anchor === null) return signature === undefined ? 'insecure' : rules.signedWithoutAnchor;
  let zone = await keysOf(anchor.zone, anchor.signers, ask, rules);
  for (const name of namesBetween(anchor.zone, isWithin(set.name, signer) ? signer : set.name)) {
    if (zone === null) return 'bogus';
    const below = await delegation(zone, name, ask, rules);
    if (below === 'bogus') return 'bogus';
    if (below === 'end') break;
    if (below === 'unsigned') return signature === undefined ? 'insecure' : rules.signedIsland;
    if (below !== 'same') zone = below;
  }
  if (zone === null) return 'bogus';
  if (signature === undefined && !rules.checks.missing) return 'insecure';
  return holds(set, zone, rules) ? 'secure' : 'bogus';
}

function nearestAnchor(anchors: readonly string[], name: string): { zone: string; signers: Ds[] } | null {
  const read = anchors.map((text) => {
    const [zone = '', , , tag, algorithm, digestType, ...digest] = text.split(/\s+/);
    const octets = Buffer.from(digest.join(''), 'hex');
    const data = { keyTag: Number(tag), algorithm: Number(algorithm), digestType: Number(digestType), digest: octets };
    return { zone: plain(zone), data };
  });
  const above = read.filter(({ zone }) => isWithin(name, zone)).sort((a, b) => b.zone.length - a.zone.length);
  const zone = above[0]?.zone;
  return zone === undefined
    ? null
    : { zone, signers: above.filter((each) => each.zone === zone).map(({ data }) => data) };
}

/** What the zone above says about a name below it; `end`: there is nothing there. */
async function delegation(
  zone: Zone,
  name: string,
  ask: Ask,
  rules: ResolverRules,
): Promise<Zone | 'same' | 'end' | 'unsigned' | 'bogus'> {
  const reply = await tried(ask, name, 'DS');
  if (reply === null) return 'bogus';
  const set = setIn(reply.answers, name, 'DS');
  if (set.records.length > 0) {
    const signers = set.records.flatMap((record) => (record.type === 'DS' ? [record.data] : []));
    return holds(set, zone, rules) ? ((await keysOf(name, signers, ask, rules)) ?? 'bogus') : 'bogus';
  }
  if (setIn(reply.answers, name, 'CNAME').records.length > 0) return 'same';
  for (const record of reply.authority) {
    if (record.type !== 'NSEC' || !holds(setIn(reply.authority, plain(record.name), 'NSEC'), zone, rules)) continue;
    const said = denial(record, name);
    if (said !== null) return said;
  }
  return rules.checks.missing ? 'bogus' : 'unsigned';
}

/** What one proven NSEC record says about a name that has no DS record. */
function denial({ name: owner, data }: NsecAnswer, name: string): 'same' | 'end' | 'unsigned' | null {
  const next = plain(data.nextDomain);
  if (plain(owner) === name) {
    if (data.rrtypes.includes('DS')) return null;
    return data.rrtypes.includes('NS') && !data.rrtypes.includes('SOA') ? 'unsigned' : 'same';
  }
  const covers = isBefore(plain(owner), name) && (isBefore(name, next) || !isBefore(plain(owner), next));
  if (!covers) return null;
  return isWithin(next, name) ? 'same' : 'end';
}

async function keysOf(name: string, signers: readonly Ds[], ask: Ask, rules: ResolverRules): Promise<Zone | null> {
  const reply = await tried(ask, name, 'DNSKEY');
  if (reply === null) return null;
  const set = setIn(reply.answers, name, 'DNSKEY');
  const keys = set.records.flatMap((record) => (record.type === 'DNSKEY' ? [record] : []));
  const named = rules.checks.digest
    ? keys.filter((key) => signers.some((signer) => isNamedBy(key, name, signer)))
    : keys;
  return holds(set, { name, keys: named.map(({ data }) => data) }, rules)
    ? { name, keys: keys.map(({ data }) => data) }
    : null;
}

const digests: Readonly<Record<number, string>> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };

function isNamedBy(key: DnskeyAnswer, name: string, { keyTag, algorithm, digestType, digest }: Ds): boolean {
  const hash = digests[digestType];
  if (hash === undefined || algorithm !== key.data.algorithm || keyTag !== tagOf(key)) return false;
  return createHash(hash).update(nameOctets(name)).update(dataOctets(key)).digest().equals(digest);
}

function holds(set: RecordSet, zone: Zone, rules: ResolverRules): boolean {
  return set.records.length > 0 && set.signatures.some((signature) => isSignedBy(set, signature, zone, rules));
}

/** Whether one of the keys of the zone made the signature, which counts now. */
function isSignedBy(set: RecordSet, signature: RrsigAnswer['data'], zone: Zone, rules: ResolverRules): boolean {
  const { checks, algorithms } = rules;
  const now = Date.now() / 1000;
  if (!algorithms.includes(signature.algorithm)) return false;
  if (checks.signer && plain(signature.signersName) !== zone.name) return false;
  if (checks.inception && now < signature.inception) return false;
  if (checks.expiration && now > signature.expiration) return false;
  if (!checks.signature) return true;
  const octets = signedOctets(set, signature);
  return zone.keys.some((data) => {
    const key: DnskeyAnswer = { type: 'DNSKEY', name: zone.name, data };
    if (data.algorithm !== signature.algorithm || tagOf(key) !== signature.keyTag) return false;
    return isSignature(data.algorithm, data.key, octets, signature.signature);
  });
}

/** RFC 4034 section 3.1.8.1. */
function signedOctets({ name, type, records }: RecordSet, signature: RrsigAnswer['data']): Buffer {
  const head = dataOctets({
    type: 'RRSIG',
    name: '.',
    data: { ...signature, signersName: plain(signature.signersName) },
  });
  const written = records.map((record) => {
    const data = dataOctets(record);
    const facts = Buffer.alloc(10);
    facts.writeUInt16BE(typeNumbers[type] ?? 0, 0);
    facts.writeUInt16BE(1, 2);
    facts.writeUInt32BE(signature.originalTTL, 4);
    facts.writeUInt16BE(data.length, 8);
    return { data, octets: Buffer.concat([nameOctets(name), facts, data]) };
  });
  written.sort((one, other) => Buffer.compare(one.data, other.data));
  const unsigned = head.subarray(0, head.length - signature.signature.length);
  return Buffer.concat([unsigned, ...written.map(({ octets }) => octets)]);
}

const typeNumbers: Readonly<Record<string, number>> = { CNAME: 5, TXT: 16, DS: 43, NSEC: 47, DNSKEY: 48 };

function isSignature(algorithm: number, key: Buffer, octets: Buffer, signature: Buffer): boolean {
  const text = (part: Buffer): string => part.toString('base64url');
  const from = (jwk: Record<string, string>) => createPublicKey({ key: jwk, format: 'jwk' });
  if (algorithm === 15) return verify(null, octets, from({ kty: 'OKP', crv: 'Ed25519', x: text(key) }), signature);
  if (algorithm > 10) {
    const half = key.length / 2;
    const point = { x: text(key.subarray(0, half)), y: text(key.subarray(half)) };
    const publicKey = from({ kty: 'EC', crv: algorithm === 13 ? 'P-256' : 'P-384', ...point });
    return verify(
      algorithm === 13 ? 'sha256' : 'sha384',
      octets,
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      signature,
    );
  }
  const length = key[0] ?? 0;
  const publicKey = from({ kty: 'RSA', e: text(key.subarray(1, 1 + length)), n: text(key.subarray(1 + length)) });
  return verify({ 5: 'sha1', 8: 'sha256' }[algorithm] ?? 'sha512', octets, publicKey, signature);
}

/** RFC 4034 appendix B. */
function tagOf(key: DnskeyAnswer): number {
  let sum = 0;
  for (const [at, octet] of dataOctets(key).entries()) sum += at % 2 === 0 ? octet << 8 : octet;
  return (sum + (sum >> 16)) & 0xffff;
}

/** What stands behind the name, type, class, TTL and length of a record whose name is the root. */
function dataOctets(record: Answer): Buffer {
  const rootRecord = 12 + 1 + 10;
  return encode({ type: 'response', answers: [{ ...record, name: '.' } as Answer] }).subarray(rootRecord);
}

function nameOctets(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  return Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]), Buffer.of(0)]);
}

async function tried(ask: Ask, name: string, type: RecordType): Promise<Reply | null> {
  try {
    const reply = await ask(name, type);
    return reply.rcode === 0 || reply.rcode === 3 ? reply : null;
  } catch {
    return null;
  }
}

const isWithin = (name: string, above: string): boolean => above === '' || name === above || name.endsWith(`.${above}`);

/** The names below `above` down to `name`, from the shortest. */
function namesBetween(above: string, name: string): string[] {
  const labels = name === '' ? [] : name.split('.');
  const count = above === '' ? 0 : above.split('.').length;
  return labels.map((_, at) => labels.slice(labels.length - at - 1).join('.')).slice(count);
}

/** RFC 4034 section 6.1, for names of letters, digits, hyphens and underscores. */
function isBefore(one: string, other: string): boolean {
  const [left, right] = [one, other].map((name) => (name === '' ? [] : name.split('.').reverse()));
  for (const [at, label] of (left ?? []).entries()) {
    const against = right?.[at];
    if (against === undefined) return false;
    if (label !== against) return Buffer.compare(Buffer.from(label), Buffer.from(against)) < 0;
  }
  return (left ?? []).length < (right ?? []).length;
}
