/** An OCSP responder that others wrote: `openssl ocsp`, a process for each answer. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestCertificate } from './certificates.test-support.js';

const run = promisify(execFile);

/** Whether it is installed. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface OpensslResponder {
  /** Answers a request, valid for one day. */
  answer(request: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

/**
 * Makes a responder that knows these certificates.
 *
 * @param signer signs the answers; the authority itself when not given
 */
export function opensslResponder(
  authority: TestCertificate,
  known: { readonly good?: TestCertificate; readonly revoked?: TestCertificate },
  signer: TestCertificate = authority,
): OpensslResponder {
  const folder = mkdtempSync(join(tmpdir(), 'ocsp-'));
  const path = (name: string): string => join(folder, name);
  const row = (state: string, revoked: string, { x509 }: TestCertificate): string =>
    `${[state, '400101000000Z', revoked, x509.serialNumber, 'unknown', '/CN=test'].join('\t')}\n`;
  const rows = [
    known.good === undefined ? '' : row('V', '', known.good),
    known.revoked === undefined ? '' : row('R', '240101000000Z', known.revoked),
  ];
  writeFileSync(path('index'), rows.join(''));
  writeFileSync(path('authority'), authority.cert);
  writeFileSync(path('signer'), signer.cert);
  writeFileSync(path('key'), signer.key);
  const files = ['-index', 'index', '-CA', 'authority', '-rsigner', 'signer', '-rkey', 'key'];
  let requests = 0;
  return {
    answer: async (request) => {
      const number = requests++;
      writeFileSync(path(`request${number}`), request);
      const exchange = ['-reqin', `request${number}`, '-respout', `answer${number}`, '-ndays', '1'];
      await run('openssl', ['ocsp', ...files, ...exchange], { cwd: folder });
      return new Uint8Array(await readFile(path(`answer${number}`)));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
