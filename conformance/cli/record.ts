/** `dime-conformance record`: management records by hand; its options. */
import { Command, Option } from 'commander';
import { wholeNumber } from './arguments.js';
import type { MakeFlags, RecordVerifyFlags, SignCertificateFlags } from './by-hand-flags.js';

const examples = `
Examples:
  dime-conformance record make --keys example.keys --certificate dx.crt --deliver dx.example.com --policy mixed
  dime-conformance record make --primary RoGlvq... --tls pUxX5B... --zone example.com
  dime-conformance record verify record.txt --certificate dx.crt
  dig +short TXT _dx.example.com | dime-conformance record verify -
  dime-conformance record sign-certificate dx.crt --keys example.keys`;

const each = (text: string, before: readonly string[]): string[] => [...before, text];

export function recordCommand(finish: (status: number) => void): Command {
  const record = new Command('record')
    .description('Make and verify management records, sign certificates for them.')
    .addHelpText('after', examples);
  const act = () => import('./record-by-hand.js');
  const keys = 'private keys of the organization, or PEM';
  record
    .command('make')
    .description('Write a management record; at least one of --keys and --primary.')
    .option('--keys <file>', `${keys}: its signing key becomes a primary key, and signs --certificate`)
    .option('--primary <base64>', 'a primary key, 32 octets; may be repeated', each, [])
    .option('--certificate <file>', 'certificate of a delivery host, signed with --keys; may be repeated', each, [])
    .option('--tls <base64>', 'a signature over a certificate, 64 octets; may be repeated', each, [])
    .option('--deliver <host>', 'delivery host; may be repeated', each, [])
    .addOption(
      new Option('--policy <policy>', 'messages').choices(['experimental', 'mixed', 'strict']).default('experimental'),
    )
    .addOption(
      new Option('--subdomain <policy>', 'subdomains').choices(['strict', 'relaxed', 'explicit']).default('strict'),
    )
    .option('--expiry <days>', 'days after which a copy is thrown away; 0 for its TTL', wholeNumber(0, 999_999_999), 0)
    .option('--syndicates <text>', 'syndicates')
    .option('--zone <domain>', 'write a line for a zone file of this domain')
    .option('--output <file>', 'file to write; standard output when not given')
    .option('--force', 'write over a file that is there')
    .addHelpText('after', examples)
    .action(async (flags: MakeFlags) => finish(await (await act()).make(flags)));
  record
    .command('verify')
    .description('Read a record, and look for the signature over a certificate; exit status 1 when something is wrong.')
    .argument('<file>', 'text, or what dig prints; "-" for standard input')
    .option('--certificate <file>', 'certificate of the delivery host, PEM or DER')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples)
    .action(async (file: string, flags: RecordVerifyFlags) => finish(await (await act()).verify(file, flags)));
  record
    .command('sign-certificate')
    .description('Print the tls value for a certificate: a signature in base64.')
    .argument('<certificate>', 'PEM or DER; "-" for standard input')
    .requiredOption('--keys <file>', keys)
    .addHelpText('after', examples)
    .action(async (file: string, flags: SignCertificateFlags) => finish(await (await act()).signOne(file, flags)));
  return record;
}
