/** `dime-conformance report`: what can be made of a report that was written before; its options. */
import { Command, Option } from 'commander';
import { reportFormats } from '../../reports/formats.js';
import type { RenderFlags } from './flags.js';

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
    .action(async (file: string, flags: RenderFlags) => (await import('./rendering.js')).render(file, flags));
  return parent;
}
