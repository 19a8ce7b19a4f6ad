/** Columns, folding and colours of the console report. Texts come here with their control characters escaped already. */

/** What a terminal does to a text; one of two sets, so that no renderer writes an escape sequence by itself. */
export type Style = Readonly<Record<(typeof styleNames)[number], (text: string) => string>>;

const styleNames = [
  'pass',
  'fail',
  'warn',
  'info',
  'skip',
  'inconclusive',
  'undecided',
  'bold',
  'dim',
  'command',
] as const;

const codes: Readonly<Record<(typeof styleNames)[number], string>> = {
  pass: '1;32',
  fail: '1;31',
  warn: '1;33',
  info: '34',
  skip: '2',
  inconclusive: '1;35',
  undecided: '1;35',
  bold: '1',
  dim: '2',
  command: '36',
};

function styles(dress: (code: string, text: string) => string): Style {
  return Object.fromEntries(styleNames.map((name) => [name, (text: string) => dress(codes[name], text)])) as Style;
}

export const plainStyle: Style = styles((_code, text) => text);
export const colourStyle: Style = styles((code, text) => `\u001b[${code}m${text}\u001b[0m`);

/** Folds at spaces; a word longer than the line is cut. Every line starts with `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const room = Math.max(20, width - indent.length);
  const folded: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => chunks(part, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      folded.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...folded, line].map((each) => indent + each);
}

/** A named text: the name, then the text folded beside it. */
export function field(name: string, text: string, width: number, indent: string): string[] {
  const [first = '', ...more] = wrap(text, width, ' '.repeat(indent.length + 10));
  return [`${indent}${name.padEnd(8)}  ${first.trimStart()}`, ...more];
}

/** A text of several lines behind a gutter, so that none of them can pass for a line of the report. */
export function lines(text: string, gutter: string): string[] {
  return text.split('\n').map((line) => gutter + line);
}

/** Columns two spaces apart; colours do not count. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, shownLength(cell));
  }
  return rows.map((row) =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - shownLength(cell))).join('  '),
  );
}

function shownLength(cell: string): number {
  return cell.replace(/\u001b\[[0-9;]*m/g, '').length;
}

function chunks(word: string, size: number): string[] {
  if (word.length <= size) return [word];
  const characters = [...word];
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
