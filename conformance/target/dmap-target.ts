/** From the DMAP server of a target file to what the suite knows of it. */

import { Unreachable } from '../runner/outcome.js';
import { trustIn } from './authorities.js';
import { readSubmission } from './mail-files.js';
import type { DmapEndpoint } from './profile.js';
import { certificateFault } from './stacie-trust.js';
import { TargetError } from './target.js';
import type { DmapTarget } from './target-file.js';

/** @throws TargetError when two accounts are one, or one that submits mail is none */
export function dmapEndpoint({ host, port, name = host, accounts, submission, idleMs }: DmapTarget): DmapEndpoint {
  const names = accounts.map(({ username }) => username);
  const twice = names.find((each, at) => names.indexOf(each) !== at);
  if (twice !== undefined) throw new TargetError(`dmap: accounts: ${twice} stands there twice`);
  for (const role of ['author', 'recipient'] as const) {
    const wanted = submission?.[role].name.toLowerCase();
    if (wanted !== undefined && !names.some((each) => each.toLowerCase() === wanted)) {
      throw new TargetError(`dmap: submission: ${role}: ${wanted} is none of the accounts`);
    }
  }
  return {
    host,
    port,
    name,
    ...(submission === undefined ? {} : { submission: readSubmission(submission) }),
    idleMs: idleMs ?? null,
    accounts: accounts.map(({ username, password, mode = 'trustful' }) => ({
      username,
      password: () => password,
      mode,
    })),
  };
}

/**
 * Whether it is the server that is meant, before any password is proved to it.
 *
 * @throws Unreachable when there is no server or it is not trusted, TargetError when the authorities cannot be read
 */
export async function checkDmapTrust({ host, port, name = host, trust }: DmapTarget, timeoutMs: number): Promise<void> {
  const wrong = await certificateFault({ host, port, name, trust: trustIn('dmap', trust) }, timeoutMs);
  if (wrong !== null && trust !== 'none') {
    throw new Unreachable(`the certificate of ${host}:${port} is not trusted (${wrong})`);
  }
}
