/** What is wrong with a management record: one error class for reading, writing and publishing. */

export type RecordErrorCode =
  | 'too-long'
  | 'no-equals'
  | 'empty-value'
  | 'bad-version'
  | 'wrong-version'
  | 'bad-key'
  | 'bad-signature'
  | 'padding'
  | 'bad-policy'
  | 'bad-subdomain'
  | 'bad-host'
  | 'bad-expiry'
  | 'bad-syndicates'
  | 'no-primary'
  | 'no-record'
  | 'several-records'
  | 'bad-string'
  | 'bad-domain';

export interface RecordFault {
  readonly code: RecordErrorCode;
  /** The row of the catalogue that is broken; undefined for a bound that no row states. */
  readonly requirement?: string;
  /** Where, in characters from the start of the text; 0 for what is wrong with the whole. */
  readonly offset: number;
  /** What and why: the key, the value as `quote` shows it, and what would have been right. */
  readonly what: string;
  /** The section of the management record digest that says so. */
  readonly section: string;
}

/** A management record that cannot be read, or must not be written. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code: RecordErrorCode;
  readonly requirement: string | undefined;
  readonly offset: number;

  constructor({ code, requirement, offset, what, section }: RecordFault) {
    const source = requirement === undefined ? `section ${section}` : `section ${section}, ${requirement}`;
    super(`management record, offset ${offset}: ${what} (${source})`);
    this.code = code;
    this.requirement = requirement;
    this.offset = offset;
  }
}

const longestQuote = 60;

/** Shows a peer's text in a message: quoted, cut, and with nothing but visible ASCII. */
export function quote(text: string): string {
  const cut = text.length > longestQuote;
  const shown = (cut ? text.slice(0, longestQuote) : text).replace(/[^ !#-[\]-~]/g, escapeCharacter);
  return cut ? `"${shown}"... (${text.length} characters)` : `"${shown}"`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
