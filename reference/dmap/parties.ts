/** The users of an organization with their keys: who writes sample mail, and who is delivered to within the house. */
import type { SampleKeys } from '../account/store.js';
import { identityOf, type Party } from '../formats/message/index.js';
import type { Signet } from '../formats/signet/index.js';
import type { OriginOrganization } from './submission.js';

/** Signets and keys by domain and address in lower case, the oldest first; the newest of both belong together. */
export interface HouseKeys {
  readonly domain: string;
  readonly signets: ReadonlyMap<string, readonly Signet[]>;
  readonly keys: SampleKeys;
}

/** The newest signet of a name; null when there is none. */
export function newestSignet({ signets }: HouseKeys, name: string): Signet | null {
  return signets.get(name)?.at(-1) ?? null;
}

/** @throws RangeError when there are no keys of the domain */
export function organizationOf(house: HouseKeys): OriginOrganization {
  const { domain } = house;
  const signet = newestSignet(house, domain);
  const keys = [...(house.keys.get(domain) ?? [])].reverse();
  const [newest] = keys;
  if (signet === null || newest === undefined) throw new RangeError(`there are no keys of ${domain}`);
  const encryptionPrivates = keys.map(({ encryptionPrivate }) => encryptionPrivate);
  return { domain, signet, encryptionPrivates, signingSeed: newest.signingPrivate };
}

/** One of the four of a message. @throws RangeError when there is no signet of that name */
export function partyOf(
  house: HouseKeys,
  actor: 'author' | 'origin' | 'destination' | 'recipient',
  name: string,
): Party {
  const signet = newestSignet(house, name);
  if (signet === null) throw new RangeError(`there is no signet of ${name}`);
  return { ...identityOf(actor, signet), name };
}
