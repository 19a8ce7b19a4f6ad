/** The text of a management record: the typed face of record.peggy, and its formatter. */
import { parseRule } from './parse.js';

export type MessagePolicy = 'experimental' | 'mixed' | 'strict';
export type SubdomainPolicy = 'strict' | 'relaxed' | 'explicit';

/** One token of a record; `key` as it was written, `offset` in characters from the start of the text. */
export type RecordField = { readonly key: string; readonly offset: number } & (
  | { readonly field: 'version'; readonly value: number }
  | { readonly field: 'primary'; readonly value: string }
  | { readonly field: 'tls'; readonly value: string }
  | { readonly field: 'policy'; readonly value: MessagePolicy }
  | { readonly field: 'syndicates'; readonly value: string }
  | { readonly field: 'deliver'; readonly value: string }
  | { readonly field: 'expiry'; readonly value: number }
  | { readonly field: 'subdomain'; readonly value: SubdomainPolicy }
  /** `value` is the whole token, with or without an equals sign. */
  | { readonly field: 'unknown'; readonly value: string }
);

/** The longest record text that is read, in octets: the reply buffer of the reference resolver (section 2.4). */
export const longestRecordText = 4096;

/**
 * Parses the text of a record to its tokens in order. Whether they make a valid record is for
 * reference/formats/record to say.
 *
 * @throws GrammarError
 */
export function parseRecordFields(text: string): RecordField[] {
  return parseRule('record', 'Record', text) as RecordField[];
}

/** Writes tokens with one space between them (section 3.10), each under the key that it was read with. */
export function formatRecordFields(fields: readonly Pick<RecordField, 'field' | 'key' | 'value'>[]): string {
  return fields.map((field) => (field.field === 'unknown' ? field.value : `${field.key}=${field.value}`)).join(' ');
}
