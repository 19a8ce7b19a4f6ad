/** What `dime-conformance serve` does: starts the reference, says where it is, and waits for a signal. */
import pino from 'pino';
import { type Reference, startReference } from '../../reference/server.js';
import type { ServeFlags } from './flags.js';
import { Misuse } from './misuse.js';

/** Gives the exit status. */
export async function serve(flags: ServeFlags): Promise<number> {
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
        stacie: flags.staciePort,
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
  const { domain, dxName, dmtp, plain, dns, record, primaryKey, folder, files, accounts, signets } = reference;
  const { host, port, urls, bonus, credentials } = reference.stacie;
  const stacie = { host, port, urls, bonus, credentials };
  return { domain, dxName, dmtp, plain, dns, stacie, record, primaryKey, folder, files, accounts, signets };
}

function describe(reference: Reference): string {
  const { domain, dxName, dmtp, plain, dns, stacie, record, folder, files, accounts, signets } = reference;
  const at = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`;
  const rows: (readonly [string, string])[] = [
    ['domain', domain],
    ['DX host', dxName],
    ['DMTP, TLS', at(dmtp)],
    ...(plain === null ? [] : [['DMTP, STARTTLS', at(plain)] as const]),
    ['STACIE 03', stacie.urls['03']],
    ['STACIE 00', stacie.urls['00']],
    ['passwords', 'of STACIE accounts, new at each start'],
    ...stacie.credentials.map(({ username, password }) => ['', `${username}  ${password}`] as const),
    ['DNS', `${at(dns)}, UDP and TCP`],
    ['record', `TXT _dx.${domain}`],
    ['', record],
    ['accounts', accounts.join(', ')],
    ['signets', 'the current ones, with their full fingerprints; those before are beside them'],
    ...currentOf(signets).map(({ signet, fingerprint }) => ['', `${signet}  ${fingerprint}`] as const),
    ['folder', folder],
    ...files.map(({ path, what }) => ['', `${path}  ${what}`] as const),
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(15)} ${value}`.trimEnd()).join('\n')}\n`;
}

/** The last of each chain. */
function currentOf(signets: Reference['signets']): Reference['signets'] {
  return signets.filter(({ name }, index) => signets[index + 1]?.name !== name);
}
