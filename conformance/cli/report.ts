/** `dime-conformance report`: what can be made of a report that was written before. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type ReportFormat, renderReport, reportFormats } from '../../reports/render.js';
import { parseReport, ReportError } from '../../reports/validate.js';
import { Misuse } from './misuse.js';
import { terminalOf } from './terminal.js';

interface RenderFlags {
  readonly format: ReportFormat;
  readonly output?: string;
  readonly verbose?: true;
}

const examples = `
Examples:
  dime-conformance report render reports/out/report.json
  dime-conformance report render report.json --format html --output report.html
  dime-conformance report render report.json --format markdown >> "$GITHUB_STEP_SUMMARY"`;

export function reportCommand(): Command {
  const parent = new Command('report').description('Work with written reports.').addHelpText('after', examples);
  parent
    .command('render')
    .description('Render a report.json in another form.')
    .argument('<file>', 'a report.json that `run --out` wrote')
    .addOption(new Option('--format <format>', 'what it is rendered to').choices(reportFormats).default('console'))
    .option('--output <file>', 'write it there instead of to standard output')
    .option('--verbose', 'with transcripts, on the console')
    .addHelpText('after', examples)
    .action((file: string, flags: RenderFlags) => render(file, flags));
  return parent;
}

function render(file: string, { format, output, verbose }: RenderFlags): void {
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

function read(file: string) {
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
