/** What `dime-conformance serve` does: starts the reference, says where it is, and waits for a signal. */
import pino from 'pino';
import { type Reference, startReference } from '../../reference/server.js';
import { addressText } from '../target/address-text.js';
import type { ServeFlags } from './flags.js';
import { Misuse } from './misuse.js';

/** Gives the exit status. */
export async function serve(flags: ServeFlags): Promise<number> {
  const levels = ['silent', 'error', 'warn', 'info', 'debug'];
  if (!levels.includes(flags.log)) throw new Misuse(`--log ${flags.log}: none of ${levels.join(', ')}`);
  const signal = signalled();
  const reference = await start(flags);
  try {
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(factsOf(reference))}\n` : describe(reference, flags.store !== undefined),
    );
    await signal;
  } finally {
    await reference.close();
  }
  return 0;
}

const modes = { trustful: 'TRUSTFUL', cautious: 'CAUTIOUS', paranoid: 'PARANOID' } as const;

async function start(flags: ServeFlags): Promise<Reference> {
  try {
    return await startReference({
      domain: flags.domain,
      host: flags.host,
      messageOctets: flags.maxMessage,
      plainPort: flags.plainPort !== undefined,
      numberedCodes: flags.numberedCodes === true,
      ...(flags.smtp === undefined ? {} : { smtpService: flags.smtp }),
      ...(flags.resolver === undefined ? {} : { originLookup: { server: flags.resolver, anchors: flags.anchor } }),
      ports: {
        dmtp: flags.port,
        dns: flags.dnsPort,
        stacie: flags.staciePort,
        dmap: flags.dmapPort,
        ...(flags.plainPort === undefined ? {} : { plain: flags.plainPort }),
      },
      mode: modes[flags.mode],
      ...(flags.store === undefined ? {} : { store: flags.store }),
      ...(flags.dir === undefined ? {} : { dir: flags.dir }),
      log: pino({ level: flags.log }, pino.destination(2)),
    });
  } catch (error) {
    // Every reason that startReference names is one of the flags: a domain, a folder, a file, a port.
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
  const { domain, dxName, dmtp, plain, dns, trustAnchor, record, primaryKey, folder, files, accounts } = reference;
  const { signets } = reference;
  const locked = Object.fromEntries(reference.locked);
  const { domain: name, author, files: signetsOfOrigin } = reference.origin;
  const origin = { domain: name, author, signets: signetsOfOrigin };
  const { host, port, urls, bonus, credentials } = reference.stacie;
  const dmap = { host: reference.dmap.host, port: reference.dmap.port, accounts: reference.dmap.accounts };
  const stacie = { host, port, urls, bonus, credentials };
  return {
    domain,
    dxName,
    dmtp,
    plain,
    dns,
    trustAnchor,
    stacie,
    dmap,
    record,
    primaryKey,
    folder,
    files,
    accounts,
    locked,
    signets,
    origin,
  };
}

function describe(reference: Reference, kept: boolean): string {
  const { domain, dxName, dmtp, plain, dns, trustAnchor, stacie, record, folder, files, accounts, signets } = reference;
  const { locked, origin } = reference;
  const rows: (readonly [string, string])[] = [
    ['domain', domain],
    ['DX host', dxName],
    ['DMTP, TLS', addressText(dmtp)],
    ...(plain === null ? [] : [['DMTP, STARTTLS', addressText(plain)] as const]),
    ['STACIE 03', stacie.urls['03']],
    ['STACIE 00', stacie.urls['00']],
    ['DMAP, TLS', addressText(reference.dmap)],
    ['passwords', `of STACIE and DMAP accounts, ${kept ? 'kept with the store' : 'new at each start'}`],
    ...stacie.credentials.map(({ username, password }) => ['', `${username}  ${password}`] as const),
    ['DNS', `${addressText(dns)}, UDP and TCP, signed`],
    ['trust anchor', trustAnchor],
    ['record', `TXT _dx.${domain}`],
    ['', record],
    ['accounts', accounts.join(', ')],
    ['locked', [...locked].map(([address, reason]) => `${address} (${reason})`).join(', ')],
    ['mail from', `${origin.author} is taken; keys and signets, to write it with:`],
    ...origin.files.map(({ signet, keys }) => ['', `${signet}  ${keys}`] as const),
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
