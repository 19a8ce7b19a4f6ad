/** Accounts, keys and signets to try a server with, when no real ones are at hand. */
import {
  createOrganizationSignet,
  createSigningRequest,
  type FieldValue,
  fingerprintOf,
  fingerprintText,
  generateKeys,
  keysOf,
  type PrivateKeys,
  type Random,
  type Signet,
  signSignet,
  splitSignet,
} from '../formats/signet/index.js';
import type { LockReason, StoredSignet } from './dmtp-store.js';

/** By domain and address in lower case; oldest first. */
export type SampleKeys = ReadonlyMap<string, readonly PrivateKeys[]>;

export interface SampleSignets {
  readonly accounts: readonly string[];
  /** Accounts that take no mail: one for each reason. */
  readonly locked: ReadonlyMap<string, LockReason>;
  /** What the store publishes: chains of three, oldest first, for the domain and each account; of locked ones one signet. */
  readonly signets: ReadonlyMap<string, readonly StoredSignet[]>;
  /** The same signets in their identifiable form, which the full one that is published is cut from. */
  readonly identifiable: ReadonlyMap<string, readonly Signet[]>;
}

/** Another domain, with one user, that mail can be written from: its signets are known to the server, not published. */
export interface SampleOrigin {
  readonly domain: string;
  readonly author: string;
  /** One for each of the two, in their identifiable form. */
  readonly identifiable: ReadonlyMap<string, readonly Signet[]>;
}

const profile = 'dime-2015';
const chainLength = 3;
const locals = ['alice', 'bob'];
const lockedLocals = [
  ['locked', 'administrator'],
  ['idle', 'inactivity'],
  ['abuser', 'abuse'],
  ['paused', 'owner'],
] as const satisfies (readonly [string, LockReason])[];

/** `alice@` and `bob@` of a domain. */
export function sampleAccounts(domain: string): string[] {
  return locals.map((local) => `${local}@${domain}`);
}

/** `locked@`, `idle@`, `abuser@` and `paused@` of a domain, with the reason for which each is locked. */
export function sampleLocks(domain: string): Map<string, LockReason> {
  return new Map(lockedLocals.map(([local, reason]) => [`${local}@${domain}`, reason]));
}

/** The domain that mail to `domain` can be written from. */
export function sampleOriginOf(domain: string): string {
  return domain === 'origin.example' ? 'another.example' : 'origin.example';
}

/**
 * Makes the keys of a domain and its accounts. The organization keeps its signing key, which the management record
 * names; its encryption key is another in each signet. Users rotate both.
 *
 * @param primary seed (32 octets) of the primary organizational key; a new one when not given
 */
export function sampleKeys(domain: string, random: Random, primary: Uint8Array = random(32)): SampleKeys {
  const users = sampleAccounts(domain).map((name) => [name, chain(chainLength, () => userKeys(random))] as const);
  const locked = [...sampleLocks(domain).keys()].map((name) => [name, [userKeys(random)]] as const);
  const organization = chain(chainLength, () => organizationKeys(primary, random));
  return new Map<string, readonly PrivateKeys[]>([[domain, organization], ...users, ...locked]);
}

/**
 * Makes the keys of the domain `sampleOriginOf(domain)` and of its user, one of each.
 *
 * @param primary seed (32 octets) of its primary organizational key; a new one when not given
 */
export function sampleOriginKeys(domain: string, random: Random, primary: Uint8Array = random(32)): SampleKeys {
  const origin = sampleOriginOf(domain);
  return new Map([
    [origin, [organizationKeys(primary, random)]],
    [authorOf(origin), [userKeys(random)]],
  ]);
}

const chain = (length: number, make: () => PrivateKeys): PrivateKeys[] => Array.from({ length }, make);
const userKeys = (random: Random): PrivateKeys => generateKeys(profile, 'user', random);
const organizationKeys = (primary: Uint8Array, random: Random): PrivateKeys =>
  keysOf(profile, 'organization', primary, generateKeys(profile, 'organization', random).encryptionPrivate);
const authorOf = (origin: string): string => `ann@${origin}`;

/**
 * Makes the signets of a domain and its accounts. The same keys always give the same signets: nothing in them is
 * random, and Ed25519 is deterministic. Those of users are bound to the ones before by custody signatures.
 *
 * @param keys those of `sampleKeys` for this domain; new ones when not given
 */
export function sampleSignets(
  domain: string,
  random: Random,
  keys: SampleKeys = sampleKeys(domain, random),
): SampleSignets {
  const accounts = sampleAccounts(domain);
  const locked = sampleLocks(domain);
  const identifiable = chainsOf(domain, [...accounts, ...locked.keys()], keys);
  const signets = new Map([...identifiable].map(([name, chain]) => [name, chain.map(storedSignet)]));
  return { accounts, locked, signets, identifiable };
}

/**
 * Makes the signets of the domain that mail to `domain` can be written from, in the same manner.
 *
 * @param keys those of `sampleOriginKeys` for `domain`; new ones when not given
 */
export function sampleOrigin(
  domain: string,
  random: Random,
  keys: SampleKeys = sampleOriginKeys(domain, random),
): SampleOrigin {
  const origin = sampleOriginOf(domain);
  const author = authorOf(origin);
  return { domain: origin, author, identifiable: chainsOf(origin, [author], keys) };
}

/**
 * A key rotation of a domain or one of its accounts: new keys, and the signet that follows the newest one.
 *
 * @param keys those of `sampleKeys` for this domain, rotated before or not
 * @throws RangeError for a name that has none of them
 */
export function rotate(
  domain: string,
  name: string,
  keys: SampleKeys,
  random: Random,
): { readonly keys: SampleKeys; readonly signet: Signet } {
  const before = keys.get(name);
  const organization = keys.get(domain)?.at(-1);
  if (before === undefined || organization === undefined) throw new RangeError(`there are no keys of ${name}`);
  const fresh = name === domain ? organizationKeys(organization.signingPrivate, random) : userKeys(random);
  const next = new Map([...keys, [name, [...before, fresh]]]);
  const signet = chainsOf(domain, name === domain ? [] : [name], next)
    .get(name)
    ?.at(-1);
  if (signet === undefined) throw new RangeError(`there is no chain of ${name}`);
  return { keys: next, signet };
}

function chainsOf(domain: string, users: readonly string[], keys: SampleKeys): Map<string, readonly Signet[]> {
  const organizationKeys = keys.get(domain) ?? [];
  const organizations = organizationKeys.map((own) => organizationSignet(domain, own));
  const [newestKeys, newest] = [organizationKeys.at(-1), organizations.at(-1)];
  if (newestKeys === undefined || newest === undefined) throw new RangeError(`there are no keys of ${domain}`);
  const signer = { signingPrivate: newestKeys.signingPrivate, organization: newest };
  return new Map([
    [domain, organizations],
    ...users.map((address) => [address, userChain(address, keys.get(address) ?? [], signer)] as const),
  ]);
}

function organizationSignet(domain: string, keys: PrivateKeys): Signet {
  const fields = [text(16, domain), text(160, `https://www.${domain}/`), text(200, `abuse@${domain}`)];
  return createOrganizationSignet(keys, { as: 'identifiable', fields, identifier: domain });
}

interface Signer {
  readonly signingPrivate: Uint8Array;
  readonly organization: Signet;
}

function userChain(address: string, chain: readonly PrivateKeys[], signer: Signer): Signet[] {
  const local = address.slice(0, address.indexOf('@'));
  const fields = [text(16, local.charAt(0).toUpperCase() + local.slice(1))];
  const signets: Signet[] = [];
  let before: { readonly signingPrivate: Uint8Array; readonly signet: Signet } | null = null;
  for (const keys of chain) {
    const request = createSigningRequest(keys, before === null ? {} : { previous: before });
    const signet = signSignet(request, {
      ...signer,
      as: 'identifiable',
      fields,
      identifier: address,
      ...(before === null ? {} : { previous: before.signet }),
    });
    signets.push(signet);
    before = { signingPrivate: keys.signingPrivate, signet };
  }
  return signets;
}

const text = (id: number, value: string): FieldValue => ({ id, data: Buffer.from(value) });

/**
 * A signet, full or identifiable, as it is published: the full form, and the three fingerprints of section 8 of the signets
 * digest.
 */
export function storedSignet(signet: Signet): StoredSignet {
  const fingerprint = (kind: 'cryptographic' | 'full' | 'identifiable'): string =>
    fingerprintText(fingerprintOf(signet, kind));
  return {
    octets: splitSignet(signet, 'full').octets,
    fingerprints: {
      cryptographic: fingerprint('cryptographic'),
      full: fingerprint('full'),
      identifiable: fingerprint('identifiable'),
    },
  };
}
