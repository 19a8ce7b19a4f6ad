/**
 * Makes hostile text showable: whatever a terminal, an editor, an XML parser or a browser would act on becomes an escape
 * that a person can read. Markup is for each renderer to escape on top of this.
 */

/** What one field shows at most, in characters; the JSON document has the rest. */
export const longestField = 4000;

/** The same for a command line, which is of no use when it is cut. */
export const longestCommand = 20_000;

/** Controls, format characters (bidirectional overrides among them), lone surrogates, and what is invisible by design. */
const acted = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const actedButLineFeed =
  /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const notPlainAscii = /[^\x20-\x5b\x5d-\x7e]/gu;

/** One line: line ends are escaped as well. A backslash stays, since most texts were printed by the suite already. */
export function visible(text: string, most = longestField): string {
  return cut(text, most, (part) => part.replace(acted, escapeCharacter));
}

/** As `visible`, but line feeds stay, for the places where a renderer fences the text. */
export function visibleBlock(text: string, most = longestField): string {
  return cut(text, most, (part) => part.replace(actedButLineFeed, escapeCharacter));
}

/**
 * The octets of a transcript (one character an octet), each line of theirs a string. Only printable ASCII stands for
 * itself and a backslash is doubled, so that two different texts never look the same.
 */
export function octetLines(text: string, most = longestField): string[] {
  const lines = text.slice(0, most).match(/[^\n]*\n|[^\n]+/g) ?? [''];
  const shown = lines.map((line) => line.replace(notPlainAscii, escapeCharacter));
  return text.length <= most ? shown : [...shown, `… (${text.length - most} more characters)`];
}

function cut(text: string, most: number, show: (part: string) => string): string {
  if (text.length <= most) return show(text);
  return `${show(text.slice(0, most))} … (${text.length - most} more characters)`;
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function escapeCharacter(character: string): string {
  const name = named[character];
  if (name !== undefined) return name;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
