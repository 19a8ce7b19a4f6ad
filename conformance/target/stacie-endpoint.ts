/** From the STACIE server of a target file to what the suite knows of it. */
import { trustIn } from './authorities.js';
import type { StacieEndpoint } from './profile.js';
import { TargetError } from './target.js';
import type { StacieTarget } from './target-file.js';

/** @throws TargetError when the address or the file of authorities is not usable */
export function stacieEndpoint(target: StacieTarget): StacieEndpoint {
  const { revision, trust, account, canRegister = false } = target;
  const { username, password } = account;
  return {
    ...addressOf(target.endpoint),
    revision,
    trust: trustIn('stacie', trust),
    account: { username, password: () => password },
    canRegister,
  };
}

/** Where an https address leads. @throws TargetError */
export function addressOf(endpoint: string): Pick<StacieEndpoint, 'host' | 'port' | 'path'> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || url.protocol !== 'https:' || url.hostname === '') {
    throw new TargetError(`stacie: endpoint: ${JSON.stringify(endpoint.slice(0, 200))} is no https address`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: url.port === '' ? 443 : Number(url.port), path: url.pathname + url.search };
}
