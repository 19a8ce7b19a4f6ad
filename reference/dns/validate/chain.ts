/** From a trust anchor down to the zone that a name is in: DS and DNSKEY sets, zone by zone. (RFC 4035 section 5) */

import { knowsAlgorithm } from './algorithms.js';
import type { TrustAnchors } from './anchors.js';
import { type DelegationSigner, delegationSigner, isDigestOf, knowsDigest, nsec3Of, nsecOf, zoneKey } from './data.js';
import { type Denial, denialByNsec } from './denial.js';
import { denialByNsec3 } from './hashed-denial.js';
import { type Reply, types } from './message.js';
import { isWithin, labelsOf, lastLabels, shownName } from './name.js';
import { type Costs, judgeSet, setOf, setsOf, type Zone } from './record-set.js';
import { bogus, insecure, type Verdict } from './verdict.js';

/**
 * Asks one question.
 *
 * @throws Unanswered when no reply can be had
 */
export type Ask = (name: string, type: number) => Promise<Reply>;

/** No reply to a question can be had, or may be asked for any more. The message is visible ASCII. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(
    /** `costly`: the lookup has had all the questions that it may have. */
    readonly kind: 'silent' | 'costly',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type Chain =
  | { readonly zone: Zone }
  /** Never secure: it says why there is no zone with trusted keys. */
  | { readonly verdict: Verdict };

/**
 * Finds the zone with trusted keys that `name` is in.
 *
 * @param target how far down: `name`, or a zone above it whose signature is going to be judged; the anchor is the one
 *   nearest to `name` all the same, so that a signer that is named wrongly leads past none
 */
export async function chainTo(
  name: string,
  target: string,
  anchors: TrustAnchors,
  ask: Ask,
  costs: Costs,
): Promise<Chain> {
  const start = closestAnchor(name, anchors);
  if (start === null) return { verdict: insecure('anchor', `no trust anchor is above ${shownName(name)}`) };
  let chain = await keysOf(start.zone, start.signers, 'the trust anchor', ask, costs);
  for (let count = labelsOf(start.zone).length + 1; count <= labelsOf(target).length; count++) {
    if (!('zone' in chain)) return chain;
    const step = await delegation(chain.zone, lastLabels(target, count), ask, costs);
    if (step === 'nothing-below') return chain;
    if (step !== 'same-zone') chain = step;
  }
  return chain;
}

function closestAnchor(name: string, anchors: TrustAnchors) {
  for (let count = labelsOf(name).length; count >= 0; count--) {
    const zone = lastLabels(name, count);
    const signers = anchors.get(zone);
    if (signers !== undefined) return { zone, signers };
  }
  return null;
}

/** What the parent says about a name below it: a signed zone, an unsigned one, or none. */
async function delegation(
  parent: Zone,
  child: string,
  ask: Ask,
  costs: Costs,
): Promise<Chain | 'same-zone' | 'nothing-below'> {
  const asked = await tried(ask, child, types.DS);
  if (!('answers' in asked)) return asked;
  const set = setOf(asked.answers, child, types.DS);
  if (set !== null) {
    const judged = judgeSet(set, parent, costs);
    if (!judged.holds) return { verdict: bogus('delegation', judged.why) };
    if (judged.wildcardLabels !== null) {
      return { verdict: bogus('delegation', `DS of ${shownName(child)} is from a wildcard, which delegates nothing`) };
    }
    const signers = set.records.flatMap(({ data }) => delegationSigner(data) ?? []);
    return await keysOf(child, signers, 'the DS set of its parent', ask, costs);
  }
  // An alias stands alone at its name, so no zone begins there.
  const alias = setOf(asked.answers, child, types.CNAME);
  if (alias !== null) {
    const judged = judgeSet(alias, parent, costs);
    return judged.holds ? 'same-zone' : { verdict: bogus('delegation', judged.why) };
  }
  const denial = denialIn(asked, parent, child, types.DS, costs);
  switch (denial.kind) {
    case 'no-name':
      return 'nothing-below';
    case 'no-data':
      if (!denial.types.has(types.NS)) return 'same-zone';
      return {
        verdict: insecure('delegation', `${shownName(parent.name)} proves that ${shownName(child)} has no DS record`),
      };
    case 'opt-out':
      return {
        verdict: insecure('delegation', `${shownName(parent.name)} leaves open by opt-out what ${shownName(child)} is`),
      };
    case 'too-many-iterations':
      return {
        verdict: insecure('delegation', `NSEC3 of ${shownName(parent.name)} asks for more rounds than are done`),
      };
    case 'unproven':
      return {
        verdict: bogus(
          'delegation',
          `no DS record of ${shownName(child)} came, and no proof by ${shownName(parent.name)} that there is none`,
        ),
      };
  }
}

/** The keys of a zone, if the set is signed by one that the parent or an anchor names. */
async function keysOf(
  zone: string,
  signers: readonly DelegationSigner[],
  source: string,
  ask: Ask,
  costs: Costs,
): Promise<Chain> {
  const usable = usableSigners(signers);
  if (usable.length === 0) {
    return {
      verdict: insecure('keys', `${source} names only unknown algorithms or digests for ${shownName(zone)}`),
    };
  }
  const asked = await tried(ask, zone, types.DNSKEY);
  if (!('answers' in asked)) return asked;
  const set = setOf(asked.answers, zone, types.DNSKEY);
  if (set === null) return { verdict: bogus('keys', `no DNSKEY of ${shownName(zone)} came`) };
  const keys = set.records.flatMap((record) => zoneKey(record) ?? []);
  const entries = keys.filter((key) => usable.some((signer) => isDigestOf(signer, zone, key)));
  if (entries.length === 0) {
    return { verdict: bogus('keys', `no DNSKEY of ${shownName(zone)} is one that ${source} names`) };
  }
  const judged = judgeSet(set, { name: zone, keys: entries }, costs);
  return judged.holds ? { zone: { name: zone, keys } } : { verdict: bogus('keys', judged.why) };
}

/** Those that can be followed; SHA-1 only where there is no better one (RFC 4509 section 3). */
function usableSigners(signers: readonly DelegationSigner[]): DelegationSigner[] {
  const known = signers.filter(({ algorithm, digestType }) => knowsAlgorithm(algorithm) && knowsDigest(digestType));
  const strong = known.filter(({ digestType }) => digestType !== 1);
  return strong.length > 0 ? strong : known;
}

async function tried(ask: Ask, name: string, type: number): Promise<Reply | { readonly verdict: Verdict }> {
  const what = `${type === types.DS ? 'DS' : 'DNSKEY'} of ${shownName(name)}`;
  try {
    const reply = await ask(name, type);
    // NXDOMAIN is judged by its proof.
    if (reply.rcode === 0 || reply.rcode === 3) return reply;
    return { verdict: bogus('keys', `${what}: the server answers with code ${reply.rcode}`) };
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return { verdict: bogus(error.kind === 'costly' ? 'bounds' : 'keys', `${what} cannot be had: ${error.message}`) };
  }
}

/** What the signed NSEC and NSEC3 records of a reply prove; NSEC first. */
export function denialIn(reply: Reply, zone: Zone, name: string, type: number, costs: Costs): Denial {
  const plain = denialByNsec(provenNsec(reply, zone, costs), name, type);
  if (plain.kind !== 'unproven') return plain;
  return denialByNsec3(provenNsec3(reply, zone, costs), zone.name, name, type, costs.limits.nsec3Iterations);
}

export function provenNsec(reply: Reply, zone: Zone, costs: Costs) {
  return provenRecords(reply, types.NSEC, zone, costs).flatMap((record) => nsecOf(record) ?? []);
}

export function provenNsec3(reply: Reply, zone: Zone, costs: Costs) {
  return provenRecords(reply, types.NSEC3, zone, costs).flatMap((record) => nsec3Of(record) ?? []);
}

function provenRecords(reply: Reply, type: number, zone: Zone, costs: Costs) {
  return setsOf(reply.authority, type)
    .filter(({ name }) => isWithin(name, zone.name))
    .flatMap((set) => {
      const judged = judgeSet(set, zone, costs);
      // One that was made from a wildcard speaks of the wildcard alone.
      return judged.holds && judged.wildcardLabels === null ? set.records : [];
    });
}
