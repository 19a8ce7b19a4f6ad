/** `dime-conformance list`: what the suite knows; its options. */
import { Command } from 'commander';
import { levelList, list } from './arguments.js';
import type { ListFlags } from './flags.js';

const examples = `
Examples:
  dime-conformance list classes
  dime-conformance list requirements --class dmtp-server --level MUST
  dime-conformance list cases --json`;

export function listCommand(): Command {
  const parent = new Command('list').description('List requirements, cases or classes.').addHelpText('after', examples);
  const add = (name: 'requirements' | 'cases' | 'classes', description: string): void => {
    parent
      .command(name)
      .description(description)
      .option('--class <id>', 'only this conformance class', list, [])
      .option('--level <level>', 'only this level: MUST, SHOULD, MAY', levelList, [])
      .option('--json', 'print JSON')
      .addHelpText('after', examples)
      .action(async (flags: ListFlags) => (await import('./listing.js')).printList(name, flags));
  };
  add('requirements', 'Every requirement, with its source and what decides it.');
  add('cases', 'Every case, with the requirements that it decides.');
  add('classes', 'The conformance classes.');
  return parent;
}
