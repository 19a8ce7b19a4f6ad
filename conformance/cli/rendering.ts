/** What `dime-conformance report render` does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { renderReport } from '../../reports/render.js';
import type { Report } from '../../reports/report.js';
import { parseReport, ReportError } from '../../reports/validate.js';
import type { RenderFlags } from './flags.js';
import { Misuse } from './misuse.js';
import { terminalOf } from './terminal.js';

/** Reads a report and writes it in another form. */
export function render(file: string, { format, output, verbose }: RenderFlags): void {
  const text = renderReport(read(file), format, {
    console: { ...terminalOf(process.stdout, process.env), verbose: verbose === true },
  });
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
