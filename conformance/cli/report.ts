/** `dime-conformance report`: what can be made of a report that was written before; its options. */
import { Command, Option } from 'commander';
import { matrixFormats, reportFormats } from '../../reports/formats.js';
import type { MatrixFlags, RenderFlags } from './flags.js';

const examples = `
Examples:
  dime-conformance report render reports/out/report.json
  dime-conformance report render report.json --format html --output report.html
  dime-conformance report render report.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  dime-conformance report matrix one/report.json two/report.json --format html --output matrix.html`;

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
    .action(async (file: string, flags: RenderFlags) => (await import('./rendering.js')).render(file, flags));
  parent
    .command('matrix')
    .description('Put several reports beside each other: a column an implementation, a row a requirement.')
    .argument('<files...>', 'report.json files that `run --out` wrote, two at least, a column each')
    .addOption(new Option('--format <format>', 'what it is rendered to').choices(matrixFormats).default('markdown'))
    .option('--output <file>', 'write it there instead of to standard output')
    .addHelpText('after', examples)
    .action(async (files: string[], flags: MatrixFlags) => (await import('./rendering.js')).compare(files, flags));
  return parent;
}
