/** The forms of a signet, by the fields that are there; no signature is looked at. (Sections 6 and 7.2) */
import type { SignetType } from './field-rows.js';
import { fieldTable } from './field-table.js';
import { cutAbove } from './signet.js';
import { SignetError } from './signet-error.js';
import type { Signet } from './signet-object.js';

/** `full` is the form without an identifier; libdime prints it as "id-stripped signet". */
export type Form = 'cryptographic' | 'full' | 'identifiable';
export const forms: readonly Form[] = ['cryptographic', 'full', 'identifiable'];

/** The organization's signature that a form ends with. */
export function lastFieldOf(type: SignetType, form: Form): number {
  if (form === 'full') return 253;
  if (form === 'identifiable') return 255;
  return type === 'organization' ? 4 : 6;
}

export type Structure = 'incomplete' | 'signing-request' | Form;

/** The highest form whose signature is there, if all that it requires is there too (SIG-048, SIG-050). */
export function structureOf(signet: Signet): Structure {
  return missingField(signet) === null ? (highestForm(signet) ?? 'incomplete') : 'incomplete';
}

/** The form by its last signature alone; null when a signet has none of the organization's signatures. */
export function highestForm({ type, fields }: Signet): Exclude<Structure, 'incomplete'> | null {
  if (type === 'signing-request') return type;
  return [...forms].reverse().find((form) => fields.has(lastFieldOf(type, form))) ?? null;
}

/** The lowest required id that is missing for the highest signature present; null when none is. */
export function missingField(signet: Signet): number | null {
  const { profile, type, fields } = signet;
  const form = highestForm(signet) ?? 'cryptographic';
  const last = form === 'signing-request' ? 5 : lastFieldOf(type, form);
  const missing = fieldTable(profile, type).required.find(({ id }) => id <= last && !fields.has(id));
  return missing?.id ?? null;
}

/**
 * A lower form of a signet, without signing anew (SIG-047).
 *
 * @throws SignetError when the signet has not this form
 */
export function splitSignet(signet: Signet, form: Form): Signet {
  const last = lastFieldOf(signet.type, form);
  if (signet.type === 'signing-request' || !signet.fields.has(last)) {
    throw new SignetError({
      code: 'missing-field',
      requirement: 'SIG-047',
      offset: signet.octets.length,
      what: `a ${signet.type} without field ${last} has no ${form} form`,
      section: '6',
    });
  }
  return cutAbove(signet, last);
}
