/** Markdown (GitHub's) that its content cannot leave. */
import { visible, visibleBlock } from './visible.js';

/** A code span that no run of backticks in `text` ends. Empty texts become words, since an empty span is none. */
export function codeSpan(text: string, most?: number): string {
  const shown = visible(text, most);
  if (shown.trim() === '') return shown === '' ? '(empty)' : '(blank)';
  const fence = '`'.repeat(longestRun(shown) + 1);
  // The reader takes one space off either end when both are there.
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return fence + pad + shown + pad + fence;
}

/** As codeSpan, for a table's cell: a pipe would end the cell even inside a span. */
export function codeCell(text: string, most?: number): string {
  return codeSpan(text, most).replaceAll('|', '\\x7c');
}

/** A fenced block; `text` may have several lines. */
export function codeBlock(text: string, most?: number): string {
  const shown = visibleBlock(text, most);
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

/** Prose of one line, with everything escaped that would be markup, a mention or a reference. Stands behind a word. */
export function prose(text: string, most?: number): string {
  return visible(text, most)
    .replace(/[\\`*_[\]<>&~|$!]/g, '\\$&')
    .replace(/:(?=\/)|(?<=www)\./gi, '\\$&')
    .replace(/[@#](?=[\p{L}\p{N}])/gu, '`$&`');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
