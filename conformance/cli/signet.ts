/** `dime-conformance signet`: signets by hand; its options. */
import { Command, Option } from 'commander';
import type {
  FingerprintFlags,
  OrganizationFlags,
  RequestFlags,
  SignFlags,
  SplitFlags,
  VerifyFlags,
} from './by-hand-flags.js';
import { profileNames } from './explain.js';

const formNames = ['cryptographic', 'full', 'identifiable'];

const examples = `
Examples:
  dime-conformance signet organization --keys example.keys --as identifiable --identifier example.com --output example.signet
  dime-conformance signet request --keys alice.keys --output alice.request
  dime-conformance signet sign alice.request --keys example.keys --organization example.signet \\
    --as identifiable --field 16=Alice --identifier alice@example.com --output alice.signet
  dime-conformance signet request --keys new.keys --previous-keys alice.keys --previous alice.signet
  dime-conformance signet request --keys prime.keys --profile prime --output prime.request
  dime-conformance signet split alice.signet --as cryptographic
  dime-conformance signet verify alice.signet --organization example.signet
  dime-conformance signet fingerprint alice.signet --kind full

Signets are armored unless --binary is given, and go to standard output unless --output names a file.`;

const each = (text: string, before: readonly string[]): string[] => [...before, text];
const output = (command: Command): Command =>
  command
    .option('--output <file>', 'file to write; standard output when not given')
    .option('--binary', 'without armor')
    .option('--force', 'write over a file that is there')
    .addHelpText('after', examples);
const form = (): Option => new Option('--as <form>', 'the form to make').choices(formNames);
const profile = (): Option =>
  new Option('--profile <profile>', 'dialect; detected when not given').choices(profileNames);
/** Key files of two profiles are alike, and what is made of them is not. */
const ofKeys = (): Option =>
  new Option(
    '--profile <profile>',
    'dialect of the signet; that of the keys, dime-2015-magma rather than prime',
  ).choices(profileNames);
const details = (command: Command): Command =>
  command
    .addOption(form().default('cryptographic'))
    .option('--identifier <name>', 'domain or mail address, for the identifiable form')
    .option(
      '--field <id=text>',
      'informational field, ids 16 to 252; "id=@file" takes a file; may be repeated',
      each,
      [],
    );

export function signetCommand(finish: (status: number) => void): Command {
  const signet = new Command('signet')
    .description('Make, sign, split, verify and fingerprint signets.')
    .addHelpText('after', examples);
  const act = () => import('./signet-by-hand.js');
  output(
    signet
      .command('request')
      .description('Make a signing request from the keys of a user.')
      .requiredOption('--keys <file>', 'private keys of the user')
      .addOption(ofKeys())
      .option('--previous-keys <file>', 'keys before these: adds the custody signature')
      .option('--previous <file>', 'signet before this one, to see that the keys belong to it'),
  ).action(async (flags: RequestFlags) => finish(await (await act()).request(flags)));
  output(
    details(
      signet
        .command('organization')
        .description('Make the signet of an organization from its keys.')
        .requiredOption('--keys <file>', 'private keys of the organization')
        .addOption(ofKeys()),
    ).option(
      '--secondary <key=purposes>',
      'secondary key in base64, and what it may sign: "<key>=signet,message"',
      each,
      [],
    ),
  ).action(async (flags: OrganizationFlags) => finish(await (await act()).organization(flags)));
  output(
    details(
      signet
        .command('sign')
        .description('Sign a signing request, or a signet as a higher form.')
        .argument('<file>', 'signing request or signet; "-" for standard input')
        .requiredOption('--keys <file>', 'private keys of the organization, or PEM with the signing key'),
    )
      .option('--organization <file>', 'its signet: refuses keys that may not sign')
      .option('--previous <file>', 'signet before this one: verifies the custody signature')
      .option('--trust-custody', 'sign a request with a custody signature that was not verified'),
  ).action(async (file: string, flags: SignFlags) => finish(await (await act()).sign(file, flags)));
  output(
    signet
      .command('split')
      .description('Cut a signet down to a lower form; nothing is signed anew.')
      .argument('<file>', 'signet; "-" for standard input')
      .addOption(form().makeOptionMandatory())
      .addOption(profile()),
  ).action(async (file: string, flags: SplitFlags) => finish(await (await act()).split(file, flags)));
  signet
    .command('verify')
    .description('Validate a signet or signing request; exit status 0 when it is valid, 1 when it is not.')
    .argument('<file>', 'signet or signing request; "-" for standard input')
    .addOption(profile())
    .option('--organization <file>', 'signet of the organization, for user signets')
    .option('--previous <file>', 'signet before this one')
    .option('--record <file>', 'management record, for organizational signets')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples)
    .action(async (file: string, flags: VerifyFlags) => finish(await (await act()).verify(file, flags)));
  signet
    .command('fingerprint')
    .description('Print the fingerprints of a signet: base64 without padding, as on the wire.')
    .argument('<file>', 'signet or signing request; "-" for standard input')
    .addOption(profile())
    .addOption(new Option('--kind <kind>', 'only this one').choices(['signing-request', ...formNames]))
    .option('--hex', 'in hexadecimal, as for people')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples)
    .action(async (file: string, flags: FingerprintFlags) => finish(await (await act()).fingerprint(file, flags)));
  return signet;
}
