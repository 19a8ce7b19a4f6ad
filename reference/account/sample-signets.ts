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
import type { StoredSignet } from './dmtp-store.js';

/** By domain and address in lower case; three of each, oldest first. */
export type SampleKeys = ReadonlyMap<string, readonly PrivateKeys[]>;

export interface SampleSignets {
  readonly accounts: readonly string[];
  /** What the store publishes: chains of three, oldest first, for the domain and each account. */
  readonly signets: ReadonlyMap<string, readonly StoredSignet[]>;
  /** The same signets in their identifiable form, which the full one that is published is cut from. */
  readonly identifiable: ReadonlyMap<string, readonly Signet[]>;
}

const profile = 'dime-2015';
const chainLength = 3;
const locals = ['alice', 'bob'];

/** `alice@` and `bob@` of a domain. */
export function sampleAccounts(domain: string): string[] {
  return locals.map((local) => `${local}@${domain}`);
}

/**
 * Makes the keys of a domain and its accounts. The organization keeps its signing key, which the management record
 * names; its encryption key is another in each signet. Users rotate both.
 *
 * @param primary seed (32 octets) of the primary organizational key; a new one when not given
 */
export function sampleKeys(domain: string, random: Random, primary: Uint8Array = random(32)): SampleKeys {
  const chain = (make: () => PrivateKeys): PrivateKeys[] => Array.from({ length: chainLength }, make);
  const organization = (): PrivateKeys => {
    const { encryptionPrivate } = generateKeys(profile, 'organization', random);
    return keysOf(profile, 'organization', primary, encryptionPrivate);
  };
  const users = sampleAccounts(domain).map(
    (name) => [name, chain(() => generateKeys(profile, 'user', random))] as const,
  );
  return new Map([[domain, chain(organization)], ...users]);
}

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
  const organizationKeys = keys.get(domain) ?? [];
  const organizations = organizationKeys.map((own) => organizationSignet(domain, own));
  const [newestKeys, newest] = [organizationKeys.at(-1), organizations.at(-1)];
  const identifiable = new Map([[domain, organizations]]);
  if (newestKeys === undefined || newest === undefined) throw new RangeError(`there are no keys of ${domain}`);
  for (const account of accounts) {
    const signer = { signingPrivate: newestKeys.signingPrivate, organization: newest };
    identifiable.set(account, userChain(account, keys.get(account) ?? [], signer));
  }
  const signets = new Map([...identifiable].map(([name, chain]) => [name, chain.map(stored)]));
  return { accounts, signets, identifiable };
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

/** As it is published: the full form, and the three fingerprints of section 8 of the signets digest. */
function stored(signet: Signet): StoredSignet {
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
