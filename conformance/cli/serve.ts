/** `dime-conformance serve`: the reference server and its mock DNS, to develop against. */
import { Command } from 'commander';
import pino from 'pino';
import { type Reference, startReference } from '../../reference/server.js';
import { wholeNumber } from './arguments.js';
import { Misuse } from './misuse.js';

interface ServeFlags {
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly plainPort?: number;
  readonly dnsPort: number;
  readonly dir?: string;
  readonly maxMessage: number;
  readonly json?: true;
  readonly log: string;
}

const examples = `
Examples:
  dime-conformance serve                          any free ports, keys in a folder that goes with the server
  dime-conformance serve --dir ./reference-keys   keeps keys, certificate and record there
  dime-conformance serve --json --port 2626       the same facts as one line of JSON
It runs until it gets SIGINT or SIGTERM. Ask it: dig @127.0.0.1 -p <dns port> TXT _dx.reference.example`;

export function serveCommand(finish: (status: number) => void): Command {
  return new Command('serve')
    .description('Start the reference server and its mock DNS, print where they are, and run until a signal.')
    .option('--domain <name>', 'domain that is served', 'reference.example')
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--port <n>', 'DMTP port; 0 for any free one', wholeNumber(0, 65_535), 0)
    .option('--plain-port <n>', 'also listen in plain text with STARTTLS, dual mode', wholeNumber(0, 65_535))
    .option('--dns-port <n>', 'DNS port, UDP and TCP', wholeNumber(0, 65_535), 0)
    .option('--dir <dir>', 'folder for keys, certificate, record and messages; kept')
    .option('--max-message <octets>', 'the largest message', wholeNumber(1, 2 ** 32), 16 * 1024 * 1024)
    .option('--json', 'print the facts as one line of JSON')
    .option('--log <level>', 'log to standard error: silent, error, warn, info, debug', 'silent')
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => finish(await serve(flags)));
}

async function serve(flags: ServeFlags): Promise<number> {
  const levels = ['silent', 'error', 'warn', 'info', 'debug'];
  if (!levels.includes(flags.log)) throw new Misuse(`--log ${flags.log}: none of ${levels.join(', ')}`);
  const signal = signalled();
  const reference = await start(flags);
  try {
    process.stdout.write(flags.json === true ? `${JSON.stringify(factsOf(reference))}\n` : describe(reference));
    await signal;
  } finally {
    await reference.close();
  }
  return 0;
}

async function start(flags: ServeFlags): Promise<Reference> {
  try {
    return await startReference({
      domain: flags.domain,
      host: flags.host,
      messageOctets: flags.maxMessage,
      dualModePort: flags.plainPort !== undefined,
      ports: {
        dmtp: flags.port,
        dns: flags.dnsPort,
        ...(flags.plainPort === undefined ? {} : { plain: flags.plainPort }),
      },
      ...(flags.dir === undefined ? {} : { dir: flags.dir }),
      log: pino({ level: flags.log }, pino.destination(2)),
    });
  } catch (error) {
    // Every reason that startReference names is one of the flags: a domain, a folder, a port.
    throw new Misuse(`the server does not start: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function factsOf(reference: Reference) {
  const { domain, dxName, dmtp, plain, dns, record, primaryKey, folder, files, accounts } = reference;
  return { domain, dxName, dmtp, plain, dns, record, primaryKey, folder, files, accounts };
}

function describe(reference: Reference): string {
  const { domain, dxName, dmtp, plain, dns, record, folder, files, accounts } = reference;
  const at = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`;
  const rows: (readonly [string, string])[] = [
    ['domain', domain],
    ['DX host', dxName],
    ['DMTP, TLS', at(dmtp)],
    ...(plain === null ? [] : [['DMTP, STARTTLS', at(plain)] as const]),
    ['DNS', `${at(dns)}, UDP and TCP`],
    ['record', `TXT _dx.${domain}`],
    ['', record],
    ['accounts', accounts.join(', ')],
    ['folder', folder],
    ...files.map(({ path, what }) => ['', `${path}  ${what}`] as const),
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(15)} ${value}`.trimEnd()).join('\n')}\n`;
}
