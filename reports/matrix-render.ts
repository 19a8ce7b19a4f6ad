/** Every rendering of a matrix by name. */

import type { MatrixFormat } from './formats.js';
import type { Matrix } from './matrix.js';
import { renderMatrixHtml } from './matrix-html.js';
import { renderMatrixMarkdown } from './matrix-markdown.js';

/** Renders a matrix; the text ends with a line feed, and the same matrix gives the same text. */
export function renderMatrix(matrix: Matrix, format: MatrixFormat): string {
  switch (format) {
    case 'html':
      return renderMatrixHtml(matrix);
    case 'markdown':
      return renderMatrixMarkdown(matrix);
    case 'json':
      return `${JSON.stringify(matrix, null, 1)}\n`;
  }
}
