/** A management record, token by token; also as `dig` prints it. */
import { GrammarError } from '../../grammar/parse.js';
import { longestRecordText, parseRecordFields, type RecordField } from '../../grammar/record.js';
import { messagePolicies, parseRecord, RecordError, subdomainPolicies } from '../../reference/formats/record/index.js';
import { type Explanation, Sheet, withoutOffset } from './explanation.js';
import { readRecordText, recordText } from './record-text.js';
import { count, quoted } from './shown.js';

/** @param input the text of the record, or character-strings in quotes, one TXT record a line */
export function explainRecord(input: Uint8Array): Explanation {
  const sheet = new Sheet();
  const file = recordText(input);
  const { text, answers } = file;
  if (answers !== null) {
    sheet.note(`character-strings of a TXT record, as dig prints them: ${count(answers[0]?.length ?? 0, 'string')}`);
  }
  try {
    readRecordText(file);
  } catch (error) {
    sheet.refused(error);
  }
  if (text.length <= longestRecordText) {
    for (const { token, offset } of tokensOf(text)) tokenRow(token, offset, sheet);
  }
  return sheet.done({ kind: 'record', title: 'management record', profile: null, octets: text.length });
}

/** Only space and semicolon separate (section 2.1 of the management record digest). */
function tokensOf(text: string): { readonly token: string; readonly offset: number }[] {
  return [...text.matchAll(/[^ ;]+/g)].map(({ 0: token, index }) => ({ token, offset: index }));
}

/** Each token is judged by itself, so that all that are wrong are told. */
function tokenRow(token: string, offset: number, sheet: Sheet): void {
  const place = { offset, octets: token.length };
  try {
    const [field] = parseRecordFields(token);
    if (field !== undefined) sheet.row(field.field === 'unknown' ? '(unknown)' : field.key, meaningOf(field), place);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    sheet.row('(wrong)', quoted(token), place);
    try {
      parseRecord(token);
    } catch (reason) {
      if (!(reason instanceof RecordError)) throw reason;
      // Its place in the token becomes one in the text.
      sheet.wrong(withoutOffset(reason), reason.requirement ?? null, offset + reason.offset);
    }
  }
}

function meaningOf(field: RecordField): string {
  switch (field.field) {
    case 'version':
      return `${field.value}, the version`;
    case 'primary':
      return `${field.value}, a primary organizational key: Ed25519, 32 octets`;
    case 'tls':
      return `${field.value}, a signature over a certificate: 64 octets`;
    case 'policy':
      return `${field.value}: ${messagePolicies[field.value].meaning}`;
    case 'subdomain':
      return `${field.value}: ${subdomainPolicies[field.value].meaning}`;
    case 'deliver':
      return `${quoted(field.value)}, a delivery host`;
    case 'expiry':
      return field.value === 0
        ? '0, a copy ends with its TTL'
        : `${count(field.value, 'day')}, then a copy is thrown away`;
    case 'syndicates':
      return `${quoted(field.value)}, free text`;
    case 'unknown':
      return `${quoted(field.value)}, ignored`;
  }
}
