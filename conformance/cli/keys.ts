/** `dime-conformance keys`: private keys by hand; its options. */
import { Command, Option } from 'commander';
import type { KeysCipherFlags, KeysGenerateFlags, KeysParseFlags } from './by-hand-flags.js';
import { profileNames } from './explain.js';

const examples = `
Examples:
  dime-conformance keys generate --type organization --output example.keys
  dime-conformance keys generate --type organization --signing primary.key --output example.keys
  dime-conformance keys generate --type user --profile prime --output alice.keys
  dime-conformance keys parse alice.keys
  dime-conformance keys encrypt alice.keys --realm-key realm.txt --output alice.encrypted
  dime-conformance keys decrypt alice.encrypted --realm-key realm.txt --output alice.keys

Files are armored unless --binary is given, and readable by their owner only.`;

export function keysCommand(finish: (status: number) => void): Command {
  const keys = new Command('keys')
    .description('Make, read, encrypt and decrypt private keys.')
    .addHelpText('after', examples);
  const output = (command: Command): Command =>
    command
      .requiredOption('--output <file>', 'file to write, mode 0600; "-" for standard output')
      .option('--binary', 'without armor')
      .option('--force', 'write over a file that is there');
  output(
    keys
      .command('generate')
      .description('Make new keys: Ed25519 for signing, secp256k1 for encryption.')
      .addOption(new Option('--type <type>', 'whose keys').choices(['organization', 'user']).makeOptionMandatory())
      .addOption(new Option('--profile <profile>', 'dialect of the file').choices(profileNames).default('dime-2015'))
      .option('--signing <file>', 'take the signing key from there: PEM (as "serve" writes primary.key) or other keys'),
  )
    .addHelpText('after', examples)
    .action(async (flags: KeysGenerateFlags) => finish(await (await import('./keys-by-hand.js')).generate(flags)));
  keys
    .command('parse')
    .description('Print the public halves of private keys.')
    .argument('<file>', 'private keys; "-" for standard input')
    .addOption(new Option('--profile <profile>', 'dialect; detected when not given').choices(profileNames))
    .option('--secrets', 'print the private halves too')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples)
    .action(async (file: string, flags: KeysParseFlags) =>
      finish(await (await import('./keys-by-hand.js')).parse(file, flags)),
    );
  const realmKey = 'file with the realm key: base64url, as "stacie derive" prints it; or 64 octets';
  output(
    keys
      .command('encrypt')
      .description('Encrypt private keys of profile prime with a realm key of STACIE.')
      .argument('<file>', 'private keys; "-" for standard input')
      .requiredOption('--realm-key <file>', realmKey),
  )
    .addHelpText('after', examples)
    .action(async (file: string, flags: KeysCipherFlags) =>
      finish(await (await import('./keys-by-hand.js')).encrypt(file, flags)),
    );
  output(
    keys
      .command('decrypt')
      .description('Decrypt private keys of profile prime with a realm key of STACIE.')
      .argument('<file>', 'encrypted private keys; "-" for standard input')
      .requiredOption('--realm-key <file>', realmKey),
  )
    .addHelpText('after', examples)
    .action(async (file: string, flags: KeysCipherFlags) =>
      finish(await (await import('./keys-by-hand.js')).decrypt(file, flags)),
    );
  return keys;
}
