/** `dime-conformance explain`: what a thing of DIME says, and what is wrong with it; its options. */
import { Command, Option } from 'commander';
import type { ExplainFlags } from './by-hand-flags.js';

const kinds = ['signet', 'keys', 'message', 'record', 'dmtp', 'stacie'];
/** Named here too, so that the formats are not loaded for a command that only helps. */
export const profileNames = ['dime-2015', 'dime-2015-magma', 'prime'];
const actorNames = ['author', 'origin', 'destination', 'recipient'];

/** File names may have commas. */
const each = (text: string, before: readonly string[]): string[] => [...before, text];

const examples = `
Examples:
  dime-conformance explain alice.signet --organization example.signet
  dime-conformance explain example.signet --record record.txt --json
  dime-conformance explain message.bin --keys alice.keys --actor recipient --party author=bob.signet
  dig +short TXT _dx.example.com | dime-conformance explain -
  printf 'SGNT <alice@example.com>\\r\\n' | dime-conformance explain -

Exit status: 0 nothing is wrong with it, 1 something is wrong with it, 2 misuse. What could not be checked for lack of
another signet is noted, and does not count.`;

export function explainCommand(finish: (status: number) => void): Command {
  return new Command('explain')
    .description('Say what a signet, key, message, record, DMTP line or STACIE message is, field by field.')
    .argument('<file>', 'armored, base64, binary or text, up to 16 MiB; "-" for standard input')
    .addOption(new Option('--as <kind>', 'what it is; detected when not given').choices(kinds))
    .addOption(new Option('--profile <profile>', 'its dialect; detected when not given').choices(profileNames))
    .option('--organization <file>', 'signet of the organization that signed it')
    .option('--previous <file>', 'signet before this one, of the same user')
    .option('--record <file>', 'management record that names the primary keys')
    .option('--keys <file>', 'private keys that open the message')
    .addOption(new Option('--actor <actor>', 'whose keys they are').choices(actorNames))
    .option('--party <actor=file>', 'signet of an actor of the message; may be repeated', each, [])
    .option('--secrets', 'print private keys and shards')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples)
    .action(async (file: string, flags: ExplainFlags) =>
      finish(await (await import('./explaining.js')).explainFile(file, flags)),
    );
}
