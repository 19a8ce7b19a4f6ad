/**
 * A validating resolver without sockets: it asks, follows aliases, and says of what it found whether the trust anchors
 * prove it. (RFC 4035 section 5)
 */
import type { TrustAnchors } from './anchors.js';
import { type Ask, type Chain, chainTo, denialIn, provenNsec, provenNsec3, Unanswered } from './chain.js';
import { signatureOf } from './data.js';
import { nsecDeniesName } from './denial.js';
import { nsec3DeniesName } from './hashed-denial.js';
import { defaultValidationLimits, type ValidationLimits } from './limits.js';
import { type Question, type Reply, typeName, types, type WireRecord } from './message.js';
import { isWithin, labelsOf, readName, shownName } from './name.js';
import { type Costs, judgeSet, type RecordSet, setOf, type Zone } from './record-set.js';
import { bogus, insecure, secure, type Verdict, weaker } from './verdict.js';

interface ValidationOptions {
  /** None: nothing is ever secure, nor bogus. */
  readonly anchors: TrustAnchors;
  readonly ask: Ask;
  /** Seconds since 1970. */
  readonly now: number;
  readonly limits?: Partial<ValidationLimits>;
}

export interface Resolution {
  /** Of the last reply: 0, 3 for a name that is not there, or another failure. */
  readonly rcode: number;
  /** What stands at the end of the aliases; empty when nothing of the type does. */
  readonly records: readonly WireRecord[];
  /** Seconds for which all of it may be kept; 0 when there are no records. */
  readonly ttl: number;
  readonly verdict: Verdict;
  /** Whether the answer, or an alias that led to it, has signatures and is not secure all the same. */
  readonly signedInVain: boolean;
  /** Whether every reply that it was taken from had an OPT record with the DO bit. */
  readonly dnssecOk: boolean;
}

/** More aliases than are followed, or aliases in a ring. */
export class AliasError extends Error {
  override readonly name = 'AliasError';
}

/**
 * Resolves one question.
 *
 * @throws Unanswered when the question itself, or that of an alias's target, gets no reply; AliasError
 */
export async function resolve(question: Question, options: ValidationOptions): Promise<Resolution> {
  return await new Lookup(options).run(question);
}

class Lookup {
  readonly #anchors: TrustAnchors;
  readonly #costs: Costs;
  readonly #ask: Ask;
  readonly #chains = new Map<string, Promise<Chain>>();

  constructor({ anchors, ask, now, limits: changes }: ValidationOptions) {
    const limits = { ...defaultValidationLimits, ...changes };
    this.#anchors = anchors;
    this.#costs = { limits, now, signatureChecks: 0 };
    let questions = 0;
    this.#ask = async (name, type) => {
      questions += 1;
      if (questions > limits.questions) {
        throw new Unanswered('costly', `the lookup has asked ${limits.questions} questions, and more are not asked`);
      }
      return await ask(name, type);
    };
  }

  async run({ name: first, type }: Question): Promise<Resolution> {
    const seen = new Set<string>();
    let name = first;
    let reply = await this.#ask(name, type);
    let asked = name;
    let verdict = secure;
    let ttl = Number.POSITIVE_INFINITY;
    let signedInVain = false;
    let { dnssecOk } = reply;
    for (;;) {
      if (reply.rcode !== 0 && reply.rcode !== 3) break;
      const found = setOf(reply.answers, name, type);
      const alias = found === null ? setOf(reply.answers, name, types.CNAME) : null;
      const set = found ?? alias;
      if (set === null) {
        if (asked !== name) {
          // What stands behind the alias was not told with it.
          reply = await this.#ask(name, type);
          dnssecOk &&= reply.dnssecOk;
          asked = name;
          continue;
        }
        const denied = await this.#judgeDenial(reply, name, type);
        return { rcode: reply.rcode, records: [], ttl: 0, verdict: weaker(verdict, denied), signedInVain, dnssecOk };
      }
      const judged = await this.#judge(set, reply);
      verdict = weaker(verdict, judged.verdict);
      ttl = Math.min(ttl, judged.ttl);
      signedInVain ||= judged.verdict.state !== 'secure' && set.signatures.length > 0;
      if (found !== null) return { rcode: reply.rcode, records: found.records, ttl, verdict, signedInVain, dnssecOk };
      seen.add(name);
      name = targetOf(set);
      if (seen.has(name)) throw new AliasError(`the aliases of ${shownName(first)} lead back to ${shownName(name)}`);
      if (seen.size > this.#costs.limits.aliases) {
        throw new AliasError(`${shownName(first)} leads through more than ${this.#costs.limits.aliases} aliases`);
      }
    }
    return { rcode: reply.rcode, records: [], ttl: 0, verdict: weaker(verdict, unspoken), signedInVain, dnssecOk };
  }

  async #judge(set: RecordSet, reply: Reply): Promise<{ readonly verdict: Verdict; readonly ttl: number }> {
    const ttl = Math.min(...set.records.map((record) => record.ttl));
    const signers = set.signatures.map(({ signer }) => signer);
    const chain = await this.#chain(set.name, signers);
    if (!('zone' in chain)) return { verdict: chain.verdict, ttl };
    const judged = judgeSet(set, chain.zone, this.#costs);
    if (!judged.holds) return { verdict: bogus('signature', judged.why), ttl };
    if (judged.wildcardLabels !== null && !this.#deniesName(reply, chain.zone, set.name, judged.wildcardLabels)) {
      const shown = `${typeName(set.type)} of ${shownName(set.name)}`;
      return { verdict: bogus('denial', `${shown} is from a wildcard, and no proof came that it may be used`), ttl };
    }
    return { verdict: secure, ttl: judged.ttl };
  }

  #deniesName(reply: Reply, zone: Zone, name: string, labels: number): boolean {
    if (nsecDeniesName(provenNsec(reply, zone, this.#costs), name, labels)) return true;
    const hashed = provenNsec3(reply, zone, this.#costs);
    const bounded = hashed.every(({ iterations }) => iterations <= this.#costs.limits.nsec3Iterations);
    return bounded && nsec3DeniesName(hashed, zone.name, name, labels);
  }

  async #judgeDenial(reply: Reply, name: string, type: number): Promise<Verdict> {
    const signers = reply.authority.flatMap((record) => {
      const { NSEC, NSEC3, SOA } = types;
      const signature = record.type === types.RRSIG ? signatureOf(record) : null;
      return signature !== null && [NSEC, NSEC3, SOA].some((covers) => covers === signature.covers)
        ? [signature.signer]
        : [];
    });
    const chain = await this.#chain(name, signers);
    if (!('zone' in chain)) return chain.verdict;
    const denial = denialIn(reply, chain.zone, name, type, this.#costs);
    const zone = shownName(chain.zone.name);
    switch (denial.kind) {
      case 'no-name':
      case 'no-data':
        return secure;
      case 'opt-out':
        return insecure('denial', `${zone} leaves open by opt-out whether ${shownName(name)} is there`);
      case 'too-many-iterations':
        return insecure('denial', `NSEC3 of ${zone} asks for more rounds than are done`);
      case 'unproven':
        return bogus(
          'denial',
          `no ${typeName(type)} of ${shownName(name)} came, and no proof by ${zone} that there is none`,
        );
    }
  }

  /**
   * The chain to the zone that signed something at `name`, or, where nobody that could have signed it did, as far down as
   * zones can lie: an unsigned one may be found there.
   */
  #chain(name: string, signers: readonly string[]): Promise<Chain> {
    const [deepest = name] = signers
      .filter((signer) => isWithin(name, signer))
      .sort((one, other) => labelsOf(other).length - labelsOf(one).length);
    const key = `${deepest} ${name}`;
    let chain = this.#chains.get(key);
    if (chain === undefined) {
      chain = chainTo(name, deepest, this.#anchors, this.#ask, this.#costs);
      this.#chains.set(key, chain);
    }
    return chain;
  }
}

/** Of a failure nothing is proven. */
const unspoken: Verdict = insecure('denial', 'the server answers with a failure, which nobody signs');

/** The data of the first CNAME; of several one is as wrong as another, and the set's signature is what counts. */
function targetOf(set: RecordSet): string {
  return readName(set.records[0]?.data ?? Buffer.of(0), 0, false)?.name ?? '';
}
