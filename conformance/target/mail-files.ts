/** Signets and keys that a target file names: read, and checked for what the suite will use them for. */
import { readFileSync } from 'node:fs';
import { ArmorError, decodeArmor } from '../../reference/formats/armor.js';
import {
  highestForm,
  isAtLeast,
  type PrivateKeys,
  parseKeys,
  parseSignet,
  rawPublicKey,
  type Signet,
  SignetError,
  signingKeyOf,
  splitSignet,
  validateSignet,
} from '../../reference/formats/signet/index.js';
import type { DmapSubmission, MailParty, MailProfile, SignetChain, SigningParty } from './profile.js';
import { fullFingerprint } from './sample-mail.js';
import { TargetError } from './target.js';
import type { ChainFiles, MailFiles, PartyFile, SubmissionFiles } from './target-file.js';

const profile = 'dime-2015';
/** No signet or key of ours comes near it. */
const longestFile = 1024 * 1024;

/** @throws TargetError in one line: which member, which file, what is wrong */
export function readMail(files: MailFiles, domain: string): MailProfile {
  const origin = readSigner(files.origin, 'mail.origin', 'organization');
  const destination = readParty({ ...files.destination, name: domain }, 'mail.destination', 'organization');
  const user = (file: PartyFile, where: string): Read => {
    const read = readParty(file, where, 'user');
    requireDomain(read.party.name, destination.party.name, where);
    requireSigned(read, destination, where, file.signet);
    return read;
  };
  const author = readSigner(files.author, 'mail.author', 'user');
  requireDomain(author.party.name, origin.party.name, 'mail.author');
  requireSigned(author, origin, 'mail.author', files.author.signet);
  if (origin.party.name === destination.party.name) {
    throw new TargetError(`mail.origin: ${origin.party.name} is the domain of the target; it has to be another one`);
  }
  return {
    origin: origin.party,
    author: author.party,
    destination: destination.party,
    recipients: files.recipients.map((file, index) => user(file, `mail.recipients[${index}]`).party),
    locked: (files.locked ?? []).map((file, index) => ({
      ...user(file, `mail.locked[${index}]`).party,
      reason: file.reason,
    })),
  };
}

/** @throws TargetError in one line: which member, which file, what is wrong */
export function readSubmission({ author, origin, recipient, options }: SubmissionFiles): DmapSubmission {
  const where = 'dmap.submission';
  const domain = author.name.slice(author.name.indexOf('@') + 1).toLowerCase();
  const organization = readParty({ ...origin, name: domain }, `${where}.origin`, 'organization');
  const writer = readSigner(author, `${where}.author`, 'user');
  const reader = readParty(recipient, `${where}.recipient`, 'user');
  for (const [read, role, file] of [
    [writer, 'author', author],
    [reader, 'recipient', recipient],
  ] as const) {
    requireDomain(read.party.name, domain, `${where}.${role}`);
    requireSigned(read, organization, `${where}.${role}`, file.signet);
  }
  if (writer.party.name === reader.party.name) {
    throw new TargetError(`${where}.recipient: ${reader.party.name} is the author too; it has to be another account`);
  }
  const earlier = (author.earlierKeys ?? []).map((file) => readPrivateKeys(file, `${where}.author.earlierKeys`));
  const { honoured = [], denied = [], misused = [] } = options ?? {};
  return {
    author: writer.party,
    earlierSeeds: earlier.map(
      ({ signingPrivate }) =>
        () =>
          signingPrivate,
    ),
    origin: organization.party,
    recipient: reader.party,
    options: { honoured, denied, misused },
  };
}

/** @throws TargetError */
export function readChains(chains: readonly ChainFiles[]): SignetChain[] {
  return chains.map(({ name, files }, index) => {
    const read = files.map((signet, at) => {
      const where = `signets[${index}].files[${at}]`;
      return readParty({ name, signet }, where, name.includes('@') ? 'user' : 'organization');
    });
    return {
      name: name.toLowerCase(),
      signets: read.map(({ party }) => party.signet),
      identifiable: read.map(({ signet }) => (highestForm(signet) === 'identifiable' ? signet.octets : null)),
    };
  });
}

interface Read<Party extends MailParty = MailParty> {
  readonly party: Party;
  readonly signet: Signet;
}

function readParty({ name, signet: file }: PartyFile, where: string, type: 'organization' | 'user'): Read {
  const signet = guarded(where, file, () => parseSignet(profile, readObject(file, where)));
  if (signet.type !== type) throw new TargetError(`${where}: ${file} is of type ${signet.type}, not ${type}`);
  const form = highestForm(signet);
  if (form !== 'full' && form !== 'identifiable') {
    throw new TargetError(`${where}: ${file} is no signet in the full or identifiable form`);
  }
  const identifier = signet.fields.first(254)?.data;
  const named = identifier === undefined ? name : Buffer.from(identifier).toString('utf8');
  if (named.toLowerCase() !== name.toLowerCase()) {
    throw new TargetError(`${where}: ${file} is the signet of ${JSON.stringify(named.slice(0, 80))}, not of ${name}`);
  }
  const { octets } = splitSignet(signet, 'full');
  return { signet, party: { name: name.toLowerCase(), signet: octets, fingerprint: fullFingerprint(octets) } };
}

function readSigner(
  file: PartyFile & { readonly keys: string },
  where: string,
  type: 'organization' | 'user',
): Read<SigningParty> {
  const { party, signet } = readParty(file, where, type);
  const keys = readPrivateKeys(file.keys, where);
  const own = signingKeyOf(signet);
  if (own === null || Buffer.compare(own, rawPublicKey(keys.signingPrivate)) !== 0) {
    throw new TargetError(`${where}: ${file.keys} does not hold the signing key of ${file.signet}`);
  }
  return { signet, party: { ...party, signingSeed: () => keys.signingPrivate } };
}

const readPrivateKeys = (file: string, where: string): PrivateKeys =>
  guarded(where, file, () => parseKeys(profile, readObject(file, where)));

function requireDomain(address: string, domain: string, where: string): void {
  if (!address.endsWith(`@${domain}`)) throw new TargetError(`${where}: ${address} is no address of ${domain}`);
}

function requireSigned({ signet }: Read, { signet: organization }: Read, where: string, file: string): void {
  const { state } = validateSignet(signet, { organization });
  // A custody signature can only be checked with the signet before.
  if (state !== 'broken-chain' && !isAtLeast(state, 'full')) {
    throw new TargetError(`${where}: ${file} does not hold with the signet of its organization: it is ${state}`);
  }
}

function readObject(file: string, where: string): Uint8Array {
  let octets: Buffer;
  try {
    octets = readFileSync(file);
  } catch (error) {
    throw new TargetError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (octets.length > longestFile) throw new TargetError(`${where}: ${file} has more than ${longestFile} octets`);
  const text = octets.toString('latin1');
  return text.trimStart().startsWith('-----BEGIN ') ? decodeArmor(text).data : new Uint8Array(octets);
}

function guarded<Value>(where: string, file: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SignetError || error instanceof ArmorError)) throw error;
    throw new TargetError(`${where}: ${file}: ${error.message}`);
  }
}
