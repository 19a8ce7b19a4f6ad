/** Writes a management record as text: the inverse of parseRecord. */
import { formatRecordFields, longestRecordText, type RecordField } from '../../../grammar/record.js';
import { type ManagementRecord, primaryOctets, recordDefaults, signatureOctets } from './record.js';
import { quote, RecordError, type RecordErrorCode } from './record-error.js';

type Written = Pick<RecordField, 'field' | 'key' | 'value'>;

/**
 * Writes the fields in the order of section 3.10 under their short names, one space apart. What holds by default is left
 * out, except `ver=1`: section 3.10 counts it among what is needed, and it tells a reader what the text is.
 *
 * @throws RecordError for values that a reader would refuse or read otherwise
 */
export function formatRecord(record: ManagementRecord): string {
  check(record);
  const fields: Written[] = [
    { field: 'version', key: 'ver', value: record.version },
    ...record.primary.map((key) => ({ field: 'primary', key: 'pok', value: base64(key) }) as const),
    ...record.tls.map((signature) => ({ field: 'tls', key: 'tls', value: base64(signature) }) as const),
  ];
  if (record.policy !== recordDefaults.policy) fields.push({ field: 'policy', key: 'pol', value: record.policy });
  if (record.syndicates !== null) fields.push({ field: 'syndicates', key: 'syn', value: record.syndicates });
  fields.push(...record.deliver.map((host) => ({ field: 'deliver', key: 'dx', value: host }) as const));
  if (record.expiry !== recordDefaults.expiry) fields.push({ field: 'expiry', key: 'exp', value: record.expiry });
  if (record.subdomain !== recordDefaults.subdomain) {
    fields.push({ field: 'subdomain', key: 'sub', value: record.subdomain });
  }
  const text = formatRecordFields(fields);
  if (text.length > longestRecordText) {
    refuse('too-long', undefined, '2.4', `the text has ${text.length} octets, more than ${longestRecordText}`);
  }
  return text;
}

/** Values come from other programs too (an adapter, a file), so the types are not taken at their word. */
function check(record: ManagementRecord): void {
  if (record.version !== 1) refuse('wrong-version', 'REC-022', '3.2', `ver is ${record.version}, not 1`);
  if (record.primary.length === 0) refuse('no-primary', 'REC-024', '4', 'no primary key; a record needs at least one');
  for (const key of record.primary) checkPrimary(key);
  for (const signature of record.tls) {
    if (signature.length !== signatureOctets) {
      refuse('bad-signature', 'REC-029', '3.4', `a tls value has ${signature.length} octets, not ${signatureOctets}`);
    }
  }
  if (!['experimental', 'mixed', 'strict'].includes(record.policy)) {
    refuse('bad-policy', 'REC-035', '3.5', `pol is ${quote(record.policy)}, not experimental, mixed or strict`);
  }
  if (!['strict', 'relaxed', 'explicit'].includes(record.subdomain)) {
    refuse('bad-subdomain', 'REC-038', '3.7', `sub is ${quote(record.subdomain)}, not strict, relaxed or explicit`);
  }
  if (record.syndicates !== null && !isWritable(record.syndicates)) {
    refuse('bad-syndicates', 'REC-008', '2.1', `syn is ${quote(record.syndicates)}${unwritable}`);
  }
  for (const host of record.deliver) {
    if (!isWritable(host)) refuse('bad-host', 'REC-008', '2.1', `dx is ${quote(host)}${unwritable}`);
  }
  if (!Number.isInteger(record.expiry) || record.expiry < 0 || record.expiry > 999_999_999) {
    refuse('bad-expiry', 'REC-040', '3.9', `exp is ${record.expiry}, not a whole number of days from 0 to 999999999`);
  }
}

function checkPrimary(key: Uint8Array): void {
  if (key.length === primaryOctets + 1 && key[0] === 0x40) {
    refuse('bad-key', 'REC-028', '3.3', 'a primary key has 33 octets with the prefix 0x40 of signet fields');
  }
  if (key.length !== primaryOctets) {
    refuse('bad-key', 'REC-026', '3.3', `a primary key has ${key.length} octets, not ${primaryOctets}`);
  }
}

const unwritable = ', which is empty or has a space, a semicolon or an invisible character; nothing escapes them';

/** Section 2.1: a written value is visible ASCII without semicolon. Readers take more. */
function isWritable(value: string): boolean {
  return /^[!-:<-~]+$/.test(value);
}

function refuse(code: RecordErrorCode, requirement: string | undefined, section: string, what: string): never {
  throw new RecordError({ code, offset: 0, what, section, ...(requirement === undefined ? {} : { requirement }) });
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64').replace(/=+$/, '');
}
