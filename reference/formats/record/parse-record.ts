/** Reads the text of a management record: grammar/record.ts gives the tokens, here they are judged. */
import { GrammarError } from '../../../grammar/parse.js';
import { longestRecordText, parseRecordFields, type RecordField } from '../../../grammar/record.js';
import { explainSyntax } from './explain-syntax.js';
import { type ManagementRecord, recordDefaults } from './record.js';
import { RecordError } from './record-error.js';

/**
 * Reads a record. Of a repeated single-valued key the last value counts, but each has to be right (section 2.3); excess
 * bits behind a key or signature are ignored (section 3.3).
 *
 * @param text one character an octet, at most `longestRecordText`
 * @throws RecordError
 */
export function parseRecord(text: string): ManagementRecord {
  if (text.length > longestRecordText) {
    throw new RecordError({
      code: 'too-long',
      offset: longestRecordText,
      what: `the text has ${text.length} octets, more than the ${longestRecordText} that are read`,
      section: '2.4',
    });
  }
  const fields = tokens(text);
  const primary: Uint8Array[] = [];
  const tls: Uint8Array[] = [];
  const deliver: string[] = [];
  const single: { -readonly [Key in keyof typeof recordDefaults]: ManagementRecord[Key] } = { ...recordDefaults };
  for (const field of fields) {
    switch (field.field) {
      case 'version':
        single.version = judgeVersion(field.value, field);
        break;
      case 'primary':
        primary.push(octets(field.value));
        break;
      case 'tls':
        tls.push(octets(field.value));
        break;
      case 'policy':
        single.policy = field.value;
        break;
      case 'syndicates':
        single.syndicates = field.value;
        break;
      case 'deliver':
        deliver.push(field.value);
        break;
      case 'expiry':
        single.expiry = field.value;
        break;
      case 'subdomain':
        single.subdomain = field.value;
        break;
      case 'unknown':
        break;
    }
  }
  if (primary.length === 0) {
    throw new RecordError({
      code: 'no-primary',
      requirement: 'REC-024',
      offset: text.length,
      what: 'no "pok" (or "primary"); a record needs at least one',
      section: '4',
    });
  }
  return { ...single, primary, tls, deliver };
}

function tokens(text: string): RecordField[] {
  try {
    return parseRecordFields(text);
  } catch (error) {
    throw error instanceof GrammarError ? explainSyntax(text, error) : error;
  }
}

function judgeVersion(value: number, { key, offset }: RecordField): 1 {
  if (value === 1) return 1;
  const tooLarge = value > 0xffff;
  throw new RecordError({
    code: 'wrong-version',
    requirement: tooLarge ? 'REC-023' : 'REC-022',
    offset: offset + key.length + 1,
    what: `${key} is ${value}, ${tooLarge ? 'above 65535' : 'and only version 1 is known'}`,
    section: '3.2',
  });
}

// The grammar has counted the characters; bits that fill no octet are dropped by the decoder, as section 3.3 wants it.
function octets(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
