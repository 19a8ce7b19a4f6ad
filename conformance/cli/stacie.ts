/** `dime-conformance stacie`: STACIE by hand, for a person who compares an implementation's values with the reference's. */
import { Command, Option } from 'commander';
import { wholeNumber } from './arguments.js';
import type { DecryptFlags, DeriveFlags, RealmFlags } from './stacie-flags.js';

const examples = `
Examples:
  dime-conformance stacie derive --username user@example.tld --salt lyrtpz... --bonus 131072
  dime-conformance stacie realm --master-key SDt67Z... --realm mail --shard gD65Kd... --salt lyrtpz...
  dime-conformance stacie decrypt --realm-key v53LS2... --envelope AACS5P...
Binary values are base64url without padding. "stacie <command> --help" tells more.`;

const deriveExamples = `
The password is asked for at a terminal, without showing it. Elsewhere it is the first line of standard input, without
its line end (LF or CRLF); with --whole-input it is all of standard input, octet by octet. It is never an argument.
Revisions 00 and 03 derive alike; --revision says how the keys of --realm are made.

Examples:
  dime-conformance stacie derive --username user@example.tld --salt lyrtpz... --nonce oDdYAH...
  printf 'password\\n' | dime-conformance stacie derive --username user@example.tld --bonus 1024 --json
  dime-conformance stacie derive --username user@example.tld --realm mail --shard gD65Kd... --revision 00`;

const realmExamples = `
Examples:
  dime-conformance stacie realm --master-key SDt67Z... --realm mail --shard gD65Kd... --salt lyrtpz...
  dime-conformance stacie realm --master-key SDt67Z... --realm mail --shard gD65Kd... --revision 00 --json`;

const decryptExamples = `
Examples:
  dime-conformance stacie decrypt --realm-key v53LS2... --envelope AACS5P...
  dime-conformance stacie decrypt --vector-key v53LS2... --tag-key 751jG1... --cipher-key 3ET0ku... --file key.bin --json`;

const revisions = 'revision of the draft, or "shard" for data of its older variant';

export function stacieCommand(finish: (status: number) => void): Command {
  const stacie = new Command('stacie')
    .description('Derive STACIE values from a password, make the keys of a realm, open an envelope.')
    .addHelpText('after', examples);
  const revision = () => new Option('--revision <revision>', revisions).choices(['00', '03', 'shard']).default('03');
  stacie
    .command('derive')
    .description('Derive seed, keys and tokens from a password.')
    .requiredOption('--username <name>', 'username as the server normalized it; nothing is changed in it')
    .option('--salt <base64url>', 'salt, 64 octets or more')
    .option('--nonce <base64url>', "the server's nonce, for the ephemeral login token")
    .option('--bonus <n>', 'rounds to add', wholeNumber(0), 0)
    .option('--ceiling <rounds>', 'refuse to do more rounds than this', wholeNumber(1))
    .option('--whole-input', 'the password is all of standard input, not its first line')
    .option('--realm <label>', 'also make the keys of this realm; needs --shard')
    .option('--shard <base64url>', 'shard of the realm, 64 octets')
    .addOption(revision())
    .option('--json', 'print JSON')
    .addHelpText('after', deriveExamples)
    .action(async (flags: DeriveFlags) => finish(await (await import('./stacie-inspecting.js')).deriveByHand(flags)));
  stacie
    .command('realm')
    .description('Make the keys of a realm from a master key.')
    .requiredOption('--master-key <base64url>', 'master key, 64 octets')
    .requiredOption('--realm <label>', 'label of the realm')
    .requiredOption('--shard <base64url>', 'shard of the realm, 64 octets')
    .option('--salt <base64url>', 'the salt of the master key, if it has one (revision 03)')
    .addOption(revision())
    .option('--json', 'print JSON')
    .addHelpText('after', realmExamples)
    .action(async (flags: RealmFlags) => finish((await import('./stacie-inspecting.js')).realmByHand(flags)));
  stacie
    .command('decrypt')
    .description('Open an envelope of revision 03.')
    .option('--realm-key <base64url>', 'realm key, 64 octets; or the three that it is cut into:')
    .option('--vector-key <base64url>', 'vector key, 16 octets')
    .option('--tag-key <base64url>', 'tag key, 16 octets')
    .option('--cipher-key <base64url>', 'cipher key, 32 octets')
    .option('--envelope <base64url>', 'the encrypted data')
    .option('--file <file>', 'file with the encrypted data, as octets')
    .option('--json', 'print JSON')
    .addHelpText('after', decryptExamples)
    .action(async (flags: DecryptFlags) => finish((await import('./stacie-inspecting.js')).decryptByHand(flags)));
  return stacie;
}
