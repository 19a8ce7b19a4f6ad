/** What `dime-conformance report render` and `report matrix` do. */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildMatrix } from '../../reports/matrix-build.js';
import { renderMatrix } from '../../reports/matrix-render.js';
import { renderReport } from '../../reports/render.js';
import type { Report } from '../../reports/report.js';
import { parseReport, ReportError } from '../../reports/validate.js';
import type { MatrixFlags, RenderFlags } from './flags.js';
import { Misuse } from './misuse.js';
import { terminalOf } from './terminal.js';

/** More columns than anyone reads. */
const mostReports = 32;

/** Reads a report and writes it in another form. */
export function render(file: string, { format, output, verbose }: RenderFlags): void {
  const text = renderReport(read(file), format, {
    console: { ...terminalOf(process.stdout, process.env), verbose: verbose === true },
  });
  write(text, output);
}

/** Reads several reports and writes them beside each other. */
export function compare(files: readonly string[], { format, output }: MatrixFlags): void {
  if (files.length < 2) throw new Misuse('report matrix: it compares two reports at least');
  if (files.length > mostReports) throw new Misuse(`report matrix: ${files.length} reports; at most ${mostReports}`);
  write(renderMatrix(buildMatrix(files.map(read)), format), output);
}

function write(text: string, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw new Misuse(`--output ${output}: ${(error as Error).message}`);
  }
}

function read(file: string): Report {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misuse(`report ${file}: ${(error as Error).message}`);
  }
  try {
    return parseReport(text);
  } catch (error) {
    if (error instanceof ReportError) throw new Misuse(`report ${file}: ${error.message}`);
    throw error;
  }
}
