/** `dime-conformance serve`: the reference server and its mock DNS, to develop against; its options. */
import { Command, Option } from 'commander';
import { hostAndPort, texts, wholeNumber } from './arguments.js';
import type { ServeFlags } from './flags.js';

const examples = `
Examples:
  dime-conformance serve                          any free ports, keys in a folder that goes with the server
  dime-conformance serve --dir ./reference-keys   keeps keys, certificate and record there
  dime-conformance serve --dir ./reference-keys --store ./reference.db    keeps mail and passwords as well
  dime-conformance serve --json --port 2626       the same facts as one line of JSON
  dime-conformance serve --host ::1               the same over IPv6
  dime-conformance serve --plain-port 2525 --smtp 127.0.0.1:25    dual mode, before an SMTP server
It runs until it gets SIGINT or SIGTERM. Ask it: dig @127.0.0.1 -p <dns port> TXT _dx.reference.example`;

export function serveCommand(finish: (status: number) => void): Command {
  return new Command('serve')
    .description('Start the reference server and its mock DNS, print where they are, and run until a signal.')
    .option('--domain <name>', 'domain that is served', 'reference.example')
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--port <n>', 'DMTP port; 0 for any free one', wholeNumber(0, 65_535), 0)
    .option('--plain-port <n>', 'also listen in plain text with STARTTLS', wholeNumber(0, 65_535))
    .option('--smtp <host:port>', 'SMTP service that takes connections of the plain port over: dual mode', hostAndPort)
    .option('--numbered-codes', 'answer DMTP by the separate list of reply codes: the reading numbered-codes')
    .option('--resolver <host:port>', 'DNS server to find the signets of those who send by', hostAndPort)
    .option('--anchor <ds>', 'trust anchor for --resolver, a DS record in text; may be repeated', texts, [])
    .option('--dns-port <n>', 'DNS port, UDP and TCP', wholeNumber(0, 65_535), 0)
    .option('--stacie-port <n>', 'STACIE port, HTTPS', wholeNumber(0, 65_535), 0)
    .option('--dmap-port <n>', 'DMAP port', wholeNumber(0, 65_535), 0)
    .addOption(
      new Option('--mode <mode>', 'how far the DMAP server is trusted with keys')
        .choices(['trustful', 'cautious', 'paranoid'])
        .default('trustful'),
    )
    .option('--store <file>', 'file that keeps mail and STACIE accounts, SQLite; needs --dir')
    .option('--dir <dir>', 'folder for keys, certificate, record and messages; kept')
    .option('--max-message <octets>', 'the largest message', wholeNumber(1, 2 ** 32), 16 * 1024 * 1024)
    .option('--json', 'print the facts as one line of JSON')
    .option('--log <level>', 'log to standard error: silent, error, warn, info, debug', 'silent')
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => finish(await (await import('./serving.js')).serve(flags)));
}
