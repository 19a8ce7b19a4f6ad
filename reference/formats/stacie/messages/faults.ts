/** What a message that is refused is refused with: from a schema's error, or a text's fault, to a place and a row. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { type Path, pathOf, pointerOf, type StacieDocument } from './document.js';
import type { StacieKind } from './message.js';
import { StacieMessageError } from './message-error.js';
import { type MemberNotes, notesAt } from './schemas.js';
import { labelFault, readDecimal, readOctets, type TextFault } from './texts.js';

/** What a schema's error says of the document. */
export function shapeFault(document: StacieDocument, kind: StacieKind, error: ErrorObject): StacieMessageError {
  const { keyword, params, message = 'is wrong', data } = error;
  const path = pathOf(error.instancePath);
  if (keyword === 'required' || keyword === 'dependentRequired') {
    const missing = [...path, String(params.missingProperty)];
    return faultAt(document, kind, missing.slice(1), {
      what: 'nothing',
      bound: `the member ${params.missingProperty}`,
    });
  }
  const inside = path.slice(1);
  const { octets, decimal } = notesAt(kind, path);
  const written = document.numberAt(path);
  if (octets !== undefined && typeof data === 'string') {
    const result = readOctets(data, octets);
    if ('fault' in result) return faultAt(document, kind, inside, result.fault);
  }
  if (decimal !== undefined && (typeof data === 'string' || written !== null)) {
    const result = readDecimal(written ?? String(data), written === null ? 'string' : 'number', decimal.max);
    if ('fault' in result) return faultAt(document, kind, inside, result.fault);
  }
  const last = path.at(-1);
  if ((last === 'label' || last === 'realm') && typeof data === 'string') {
    const fault = labelFault(data);
    if (fault !== null) return faultAt(document, kind, inside, fault);
  }
  return faultAt(document, kind, inside, {
    what: document.describe(path),
    bound: boundOf(keyword, params, message, last),
  });
}

function boundOf(keyword: string, params: ErrorObject['params'], message: string, member: string | undefined): string {
  if (keyword === 'type') return [params.type].flat().join(' or ');
  if (keyword === 'enum') return (params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(' or ');
  if (keyword === 'anyOf' && member === 'hash') return '"sha2", or {"sha2":{"block":512,"digest":512}}';
  if (keyword === 'anyOf' && member === 'cipher') return '"aes", or {"aes":{"mode":"gcm","key":256}}';
  if (keyword === 'minLength') return 'at least one character';
  return message.replace(/^must (NOT )?/, (_, not: string | undefined) => (not === undefined ? '' : 'not to '));
}

/** `path` begins inside the one member. */
export function faultAt(document: StacieDocument, kind: StacieKind, path: Path, fault: TextFault): StacieMessageError {
  const full = [kind, ...path];
  return new StacieMessageError({
    ...rowsOf(notesAt(kind, full)),
    ...fault,
    member: pointerOf(full),
    offset: document.offsetOf(full),
  });
}

/** The rows of the digest that a member's notes name. */
export function rowsOf({
  requirement,
  interpretation,
}: MemberNotes): Pick<MemberNotes, 'requirement' | 'interpretation'> {
  return {
    ...(requirement === undefined ? {} : { requirement }),
    ...(interpretation === undefined ? {} : { interpretation }),
  };
}
