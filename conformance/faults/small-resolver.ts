/**
 * A small resolver of management records whose every decision is a rule, so that a fault replaces one of them and nothing
 * else. With the rules as they stand it is a right resolver; it shares no code with the reference resolver, but for the
 * reading of the record's text.
 */
import type { Answer } from 'dns-packet';
import { type ManagementRecord, parseRecord } from '../../reference/formats/record/index.js';
import { OperationRefusal } from '../target/adapter/serve.js';
import { ask, type DnsServer, type Reply } from './small-dns.js';
import { type Copy, type Found, type ResolverRules, refuse, rightRules, type State } from './small-resolver-rules.js';
import { plain, setIn, stateOf } from './small-validator.js';

export interface ResolveInput {
  readonly domain: string;
  readonly dns: DnsServer & { readonly anchors?: readonly string[] };
}

/** The operation `dns.resolve-record`; what it finds it keeps from call to call. */
export function smallResolver(
  changed: Partial<ResolverRules>,
): (input: ResolveInput) => Promise<Record<string, unknown>> {
  const rules = { ...rightRules, ...changed };
  const copies = new Map<string, Copy>();
  return async ({ domain, dns }) => {
    const name = rules.normalise(domain);
    const key = JSON.stringify([name, dns]);
    const found = await cachedLookup(key, copies, rules, () => firstFound(name, dns, rules, last(copies)));
    const { record, dnssec, ttl } = found;
    const octets = (values: readonly Uint8Array[]) => values.map((value) => Buffer.from(value).toString('base64url'));
    const texts = { primary: octets(record.primary), tls: octets(record.tls) };
    return { ...record, ...texts, dnssec, ttl: rules.toldTtl(ttl) };
  };
}

const last = (copies: ReadonlyMap<string, Copy>): Found | null => [...copies.values()].at(-1) ?? null;

async function cachedLookup(
  key: string,
  copies: Map<string, Copy>,
  rules: ResolverRules,
  lookUp: () => Promise<Found>,
): Promise<Found> {
  const now = Date.now() / 1000;
  const kept = copies.get(key);
  const copy = kept === undefined ? null : rules.cached(kept);
  if (copy !== null) {
    const left = copy.at + rules.lifetime(copy.ttl) - now;
    if (left > 0 || !rules.refreshes(copy, now)) return { ...copy, ttl: Math.max(0, Math.ceil(left)) };
  }
  const usable = copy !== null && rules.usedOn(copy, now) ? { ...copy, ttl: 0 } : null;
  try {
    const found = await lookUp();
    if (usable !== null && !rules.replaces(found, usable)) return usable;
    if (found.dnssec === 'bogus') return rules.failed(found);
    const days = found.record.expiry;
    copies.set(key, { ...found, at: now, expires: copy?.expires ?? (days > 0 ? now + days * 86_400 : null) });
    return found;
  } catch (error) {
    if (!(error instanceof OperationRefusal) || usable === null) throw error;
    return usable;
  }
}

async function firstFound(
  domain: string,
  dns: ResolveInput['dns'],
  rules: ResolverRules,
  before: Found | null,
): Promise<Found> {
  const places = rules.places(domain);
  for (const place of places.slice(0, -1)) {
    try {
      return await lookUp(place, dns, rules, before);
    } catch (error) {
      if (!(error instanceof OperationRefusal)) throw error;
    }
  }
  return await lookUp(places.at(-1) ?? domain, dns, rules, before);
}

async function lookUp(
  owner: string,
  { anchors = [], ...server }: ResolveInput['dns'],
  rules: ResolverRules,
  before: Found | null,
): Promise<Found> {
  const question = async (name: string, type: 'TXT' | 'DS' | 'DNSKEY') => await ask(server, { name, type }, rules);
  const states: State[] = [];
  let name = owner;
  let reply = await question(name, 'TXT');
  for (let followed = 0; ; followed++) {
    checkReply(reply, rules);
    const set = textsIn(reply, name, rules);
    const alias = setIn(reply.answers, name, 'CNAME');
    const present = set.records.length > 0 ? set : alias;
    if (present.records.length === 0) return rules.without(before);
    states.push(await stateOf(present, anchors, question as Parameters<typeof stateOf>[2], rules));
    if (present === set) {
      const dnssec = rules.told(rules.together(states), reply);
      return { record: recordIn(set.records, rules), dnssec, ttl: Math.min(...set.records.map(ttlOf)) };
    }
    if (followed === rules.aliases) return rules.tooManyAliases();
    const [target] = alias.records;
    name = target?.type === 'CNAME' ? plain(target.data) : '';
    if (textsIn(reply, name, rules).records.length + setIn(reply.answers, name, 'CNAME').records.length === 0) {
      reply = await question(name, 'TXT');
    }
  }
}

function checkReply({ rcode, additional }: Reply, rules: ResolverRules): void {
  if (!rules.rightCode(rcode)) refuse(`response code ${rcode}`);
  if (rules.needsAdditional && !additional) refuse('no additional section');
}

/** The TXT records of a name, or, where owners are not looked at, of whoever they are. */
function textsIn(reply: Reply, name: string, { checks }: ResolverRules) {
  const first = reply.answers.find(({ type }) => type === 'TXT');
  return setIn(reply.answers, checks.owner || first === undefined ? name : plain(first.name), 'TXT');
}

function recordIn(answers: readonly Answer[], rules: ResolverRules): ManagementRecord {
  const read: ManagementRecord[] = [];
  for (const answer of answers) {
    if (answer.type !== 'TXT') continue;
    const strings = [answer.data].flat().map((part) => Buffer.from(part).toString('latin1'));
    try {
      read.push(parseRecord(rules.join(strings)));
    } catch {
      // One that is no management record; there may be another.
    }
  }
  return rules.choose(read);
}

const ttlOf = (answer: Answer): number => ('ttl' in answer ? (answer.ttl ?? 0) : 0);
