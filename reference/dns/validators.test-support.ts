/** Validating resolvers that others wrote, asked about a server: `delv` of BIND and `unbound-host` of Unbound. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export type Verdict = 'secure' | 'insecure' | 'bogus';

/** Where to ask, and what to trust. */
export interface Setup {
  readonly port: number;
  /** A DS record: `. IN DS 12345 13 2 0A1B...`. */
  readonly trustAnchor: string;
  /** A folder for files of the validators. */
  readonly folder: string;
}

export interface Validator {
  readonly program: 'delv' | 'unbound-host';
  /** What it thinks of the answer; an error for what it does not say. */
  readonly judge: (setup: Setup, name: string, type: string) => Promise<Verdict>;
}

const run = promisify(execFile);

const delv: Validator = {
  program: 'delv',
  judge: async ({ port, trustAnchor, folder }, name, type) => {
    const [, , , tag, algorithm, digestType, digest] = trustAnchor.split(' ');
    const file = join(folder, 'delv.conf');
    await writeFile(file, `trust-anchors { "." static-ds ${tag} ${algorithm} ${digestType} "${digest}"; };\n`);
    const said = await output('delv', ['@127.0.0.1', '-p', String(port), '-a', file, '+root=.', name, type]);
    if (said.includes('fully validated')) return 'secure';
    if (said.includes('unsigned answer')) return 'insecure';
    if (
      /broken trust chain|no valid RRSIG|insecurity proof failed|got insecure response|no valid NSEC|RRSIG failed to verify|RRSIG has expired|RRSIG validity period/.test(
        said,
      )
    ) {
      return 'bogus';
    }
    throw new Error(`delv on ${name} ${type}: ${said}`);
  },
};

const unboundHost: Validator = {
  program: 'unbound-host',
  judge: async ({ port, trustAnchor, folder }, name, type) => {
    const anchorFile = join(folder, 'anchor.ds');
    const configuration = join(folder, 'unbound.conf');
    await writeFile(anchorFile, `${trustAnchor}\n`);
    await writeFile(
      configuration,
      `server:
  do-not-query-localhost: no
  trust-anchor-file: "${anchorFile}"
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@${port}
`,
    );
    const said = await output('unbound-host', ['-C', configuration, '-v', '-t', type, name]);
    if (said.includes('(BOGUS (security failure))')) return 'bogus';
    if (said.includes('(insecure)')) return 'insecure';
    if (said.includes('(secure)')) return 'secure';
    throw new Error(`unbound-host on ${name} ${type}: ${said}`);
  },
};

/** Those that are installed. */
export const validators: readonly Validator[] = [delv, unboundHost].filter(({ program }) => isInstalled(program));

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What it prints, also when it fails: a bogus answer is a failure to delv. */
async function output(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, args, { timeout: 15_000 });
    return `${stdout}\n${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return `${stdout}\n${stderr}\n${String(error)}`;
  }
}
