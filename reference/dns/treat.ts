/** Changes an answer as the conducts in force say: its signatures and its records. How it is sent is respond.ts's. */
import { type Answer, type AskedFor, answer, deny, failure, rcodes, zoneFor } from './answer.js';
import type { Conduct, Conducts, ConductTable, SignatureFault } from './conduct.js';
import { nameKey } from './name.js';
import { recordTypes } from './record-codec.js';
import { signSet } from './signing/sign-set.js';
import { keysFor } from './signing/sign-zone.js';
import { wrongSignature } from './signing/wrong-signature.js';
import { type IndexedRecord, type RecordSet, readyRecord, type ZoneIndex } from './zone.js';

/** An answer, and which conducts had a part in it. */
export interface Treated {
  readonly found: Answer;
  readonly served: readonly Conduct['kind'][];
}

/** Answers a question as `answer` does, but for the names that have conducts. */
export function treatedAnswer(zones: ZoneIndex, question: AskedFor, proofs: boolean, table: ConductTable): Treated {
  const own = table.find(question.key, question.type);
  const replaced = own === null ? null : replacement(zones, question, proofs, own);
  if (replaced !== null) return replaced;
  const failing = own?.find('failing');
  if (failing !== undefined) {
    return { found: { ...answer(zones, question, proofs), rcode: failing.rcode }, served: ['failing'] };
  }
  const found = answer(zones, question, proofs);
  // Signatures go out with proofs only.
  if (!proofs) return { found, served: [] };
  const served = new Set<Conduct['kind']>();
  const treat = (set: RecordSet, fault: SignatureFault | null): RecordSet => {
    if (fault === null || set.signatures.length === 0) return set;
    served.add(fault);
    return faulty(zones, set, fault);
  };
  // The proof of a negative answer is treated as the name that it is about, else as the names that stand in it.
  const negativeFault = found.authoritative && found.authority.length > 0 ? faultOf(own) : null;
  return {
    found: {
      ...found,
      answers: found.answers.map((set) => treat(set, faultOf(conductsOf(set, table)))),
      authority: found.authority.map((set) => treat(set, negativeFault ?? faultOf(conductsOf(set, table)))),
    },
    served: [...served],
  };
}

/** An answer that comes in place of the zone's, or null. */
function replacement(zones: ZoneIndex, question: AskedFor, proofs: boolean, own: Conducts): Treated | null {
  for (const conduct of own.list) {
    const code = codes.get(conduct.kind);
    if (code !== undefined) return { found: failure(code), served: [conduct.kind] };
    if (conduct.kind === 'withheld') {
      const rcode = conduct.as === 'no-name' ? rcodes.nxDomain : rcodes.noError;
      return { found: deny(zones, question, rcode, proofs), served: [conduct.kind] };
    }
    if (conduct.kind === 'spoofed') {
      const answers = spoofedSets(zones, own, conduct.signedBy);
      const found = { ...failure(rcodes.noError), authoritative: true, answers };
      return { found, served: [conduct.kind] };
    }
  }
  return null;
}

const codes: ReadonlyMap<Conduct['kind'], number> = new Map([
  ['format-error', rcodes.formErr],
  ['server-failure', rcodes.servFail],
  ['no-such-name', rcodes.nxDomain],
  ['not-implemented', rcodes.notImp],
  ['refused', rcodes.refused],
]);

const faults: readonly SignatureFault[] = [
  'unsigned',
  'expired',
  'not-yet-valid',
  'wrong-key',
  'broken-signature',
  'wrong-signer',
];

/** A set has one fault: a signature that is wrong in two ways proves nothing more. */
function faultOf(conducts: Conducts | null): SignatureFault | null {
  return faults.find((fault) => conducts?.has(fault)) ?? null;
}

function conductsOf({ records }: RecordSet, table: ConductTable): Conducts | null {
  const [first] = records;
  return first === undefined ? null : table.find(first.key, recordTypes[first.record.type]);
}

/** Signing takes time, and the same question should get the same answer: what was made is kept as long as its set. */
const made = new WeakMap<RecordSet, Map<SignatureFault, RecordSet>>();

function faulty(zones: ZoneIndex, set: RecordSet, fault: SignatureFault): RecordSet {
  const known = made.get(set) ?? new Map<SignatureFault, RecordSet>();
  made.set(set, known);
  const changed = known.get(fault) ?? { records: set.records, signatures: faultySignatures(zones, set, fault) };
  known.set(fault, changed);
  return changed;
}

function faultySignatures(zones: ZoneIndex, set: RecordSet, fault: SignatureFault): readonly IndexedRecord[] {
  if (fault === 'unsigned') return [];
  const records = set.records.map(({ record }) => record);
  return set.signatures.flatMap(({ record }) => {
    if (record.type !== 'RRSIG') return [];
    // By the signer, since NSEC stands on both sides of a delegation.
    const signing = zones.get(nameKey(record.signer) ?? '')?.signing;
    const wrong = signing === undefined || signing === null ? null : wrongSignature(record, records, signing, fault);
    return wrong === null ? [] : [readyRecord(wrong, `${fault} signature`)];
  });
}

const spoofs = new WeakMap<Conducts, { readonly zones: ZoneIndex; readonly sets: readonly RecordSet[] }>();

function spoofedSets(
  zones: ZoneIndex,
  conducts: Conducts,
  signedBy: 'nobody' | 'attacker' | 'zone',
): readonly RecordSet[] {
  const known = spoofs.get(conducts);
  if (known?.zones === zones) return known.sets;
  const groups = new Map<string, IndexedRecord[]>();
  for (const record of conducts.spoofed) {
    const id = `${record.record.type} ${record.key}`;
    groups.set(id, [...(groups.get(id) ?? []), record]);
  }
  const sets = [...groups.values()].map((records): RecordSet => {
    return { records, signatures: signedBy === 'nobody' ? [] : spoofedSignatures(zones, records, signedBy) };
  });
  spoofs.set(conducts, { zones, sets });
  return sets;
}

function spoofedSignatures(
  zones: ZoneIndex,
  records: readonly IndexedRecord[],
  signedBy: 'attacker' | 'zone',
): readonly IndexedRecord[] {
  const [first] = records;
  const zone = first === undefined ? null : zoneFor(zones, first.key, recordTypes[first.record.type]);
  if (first === undefined || zone === null || zone.signing === null) return [];
  const { keys, stranger, inception, expiration } = zone.signing;
  return keysFor(first.record.type, keys).map((key) => {
    // The attacker claims to be the zone's key, since another would be passed over.
    const terms = { signer: zone.origin, inception, expiration, keyTag: key.tag };
    const by = signedBy === 'zone' ? key : stranger;
    const signature = signSet(
      first.key,
      records.map(({ record }) => record),
      by,
      terms,
    );
    return readyRecord(signature, 'spoofed signature');
  });
}
