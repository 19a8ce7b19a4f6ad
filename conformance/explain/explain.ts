/** Explains a thing of DIME: what it is, what it says field by field, and what is wrong with it. */
import { armorLabelOf } from '../../reference/formats/armor.js';
import { explainDmtp } from './dmtp-rows.js';
import { type AskedKind, type Explanation, type Finding, Sheet, type Wishes } from './explanation.js';
import { explainKeys } from './keys-rows.js';
import { explainMessage } from './message-rows.js';
import { kindOfObject, type Recognised, recognise } from './recognise.js';
import { explainRecord } from './record-rows.js';
import { explainSignet } from './signet-rows.js';
import { explainStacie } from './stacie-rows.js';

const explainers: Readonly<Record<AskedKind, (octets: Uint8Array, wishes: Wishes) => Explanation>> = {
  signet: explainSignet,
  keys: explainKeys,
  message: explainMessage,
  record: explainRecord,
  dmtp: explainDmtp,
  stacie: explainStacie,
};

/** The largest thing that is explained, in octets. */
export const mostInputOctets = 16 * 1024 * 1024;

/**
 * Never throws for octets, whatever they are; the time it takes grows with their number.
 *
 * @param input a file as it is: armored, in base64, binary, or text
 */
export function explain(input: Uint8Array, wishes: Wishes = {}): Explanation {
  const recognised = recognise(input, wishes.as);
  const { kind, octets, refusal } = recognised;
  if (refusal !== null) return unreadableArmor(recognised);
  if (kind === null) return unknown(input);
  // Whatever it was said to be, private keys are never printed as something else.
  const isKeys = kindOfObject(octets) === 'keys';
  const explanation = explainers[isKeys ? 'keys' : kind](octets, wishes);
  const misnamed = isKeys && kind !== 'keys' ? [misnamedKeys(kind)] : [];
  const findings = [...explanation.findings, ...misnamed, ...wrappingNotes(recognised)];
  return { ...explanation, findings, valid: explanation.valid && misnamed.length === 0 };
}

function misnamedKeys(kind: AskedKind): Finding {
  const text = `it was said to be a ${kind}, but the magic number is that of keys`;
  return { severity: 'wrong', requirement: 'SIG-001', offset: 0, text };
}

function wrappingNotes({ octets, wrapping, label }: Recognised): Finding[] {
  const note = (text: string, requirement: string | null): Finding[] => [
    { severity: 'note', requirement, offset: null, text },
  ];
  if (wrapping === 'base64') return note('base64 without armor; offsets are those of the binary object', null);
  if (wrapping === 'none') return [];
  const right = armorLabelOf(octets);
  const told = `armored as ${label}; offsets are those of the binary object`;
  if (right === null || right === label) return note(told, null);
  return note(`${told}. A writer would say ${right}: the magic number counts, not the label`, 'SIG-079');
}

function unreadableArmor({ kind, octets, refusal }: Recognised): Explanation {
  const sheet = new Sheet();
  sheet.refused(refusal);
  return sheet.done({ kind: kind ?? 'unknown', title: 'armored object', profile: null, octets: octets.length });
}

function unknown(input: Uint8Array): Explanation {
  const sheet = new Sheet();
  sheet.wrong(
    'it begins like no signet, key, message, record, DMTP line or STACIE message; --as says what it should be',
  );
  return sheet.done({ kind: 'unknown', title: 'nothing of DIME', profile: null, octets: input.length });
}
