/** What the commands of `dime-conformance signet` do. Each gives the exit status. */
import {
  createOrganizationSignet,
  createSigningRequest,
  detectProfiles,
  type FieldValue,
  type FingerprintKind,
  fingerprintHex,
  fingerprintKinds,
  fingerprintOf,
  fingerprintText,
  isAtLeast,
  lastFieldOf,
  type OctetsContext,
  type Profile,
  purposes,
  type SecondaryKey,
  type Signet,
  signSignet,
  splitSignet,
  validateOctets,
} from '../../reference/formats/signet/index.js';
import { readInput } from './artifact-files.js';
import { asMisuse, readKeys, readObject, readSignet, readSigningSeed, writeObject } from './artifact-objects.js';
import type {
  FingerprintFlags,
  OrganizationFlags,
  RequestFlags,
  SignFlags,
  SplitFlags,
  VerifyFlags,
} from './by-hand-flags.js';
import { readPrimaryKeys } from './explaining.js';
import { exitStatus, Misuse } from './misuse.js';
import { printFacts } from './print-facts.js';

export async function request(flags: RequestFlags): Promise<number> {
  if (flags.previous !== undefined && flags.previousKeys === undefined) {
    throw new Misuse('--previous goes with --previous-keys: only those make the custody signature');
  }
  const keys = await readKeys(flags.keys, '--keys', { type: 'user', ...profileOf(flags) });
  const before = flags.previousKeys === undefined ? null : await readKeys(flags.previousKeys, '--previous-keys');
  const signet = flags.previous === undefined ? null : await readSignet(flags.previous, '--previous', keys.profile);
  const previous = before && { signingPrivate: before.signingPrivate, ...(signet === null ? {} : { signet }) };
  const made = asMisuse('signet request', () => createSigningRequest(keys, previous === null ? {} : { previous }));
  writeObject(made.octets, flags);
  return exitStatus.passed;
}

export async function organization(flags: OrganizationFlags): Promise<number> {
  const keys = await readKeys(flags.keys, '--keys', { type: 'organization', ...profileOf(flags) });
  const { as, identifier } = flags;
  const fields = await Promise.all(flags.field.map(readField));
  const secondaryKeys = flags.secondary.map(readSecondary);
  const made = asMisuse('signet organization', () =>
    createOrganizationSignet(keys, { as, fields, secondaryKeys, ...(identifier === undefined ? {} : { identifier }) }),
  );
  writeObject(made.octets, flags);
  return exitStatus.passed;
}

export async function sign(file: string, flags: SignFlags): Promise<number> {
  const signet = await readSignet(file, 'file');
  const { as, identifier, trustCustody } = flags;
  const signingPrivate = await readSigningSeed(flags.keys, '--keys');
  const signer = await optional(flags.organization, '--organization', signet.profile);
  const previous = await optional(flags.previous, '--previous', signet.profile);
  const fields = await Promise.all(flags.field.map(readField));
  const made = asMisuse(`signet sign ${file}`, () =>
    signSignet(signet, {
      signingPrivate,
      as,
      fields,
      ...(identifier === undefined ? {} : { identifier }),
      ...(signer === null ? {} : { organization: signer }),
      ...(previous === null ? {} : { previous }),
      ...(trustCustody === undefined ? {} : { trustCustody }),
    }),
  );
  writeObject(made.octets, flags);
  return exitStatus.passed;
}

export async function split(file: string, flags: SplitFlags): Promise<number> {
  const signet = await readSignet(file, 'file', flags.profile);
  writeObject(asMisuse(`signet split ${file}`, () => splitSignet(signet, flags.as)).octets, flags);
  return exitStatus.passed;
}

/** Valid is what is at least a signing request: the states above it say the form. (Section 7.1 of the signets digest) */
export async function verify(file: string, flags: VerifyFlags): Promise<number> {
  const octets = await readObject(file, 'file');
  const profile = flags.profile ?? detectProfiles(octets)[0] ?? 'dime-2015';
  const context: OctetsContext = {
    ...(flags.organization === undefined
      ? {}
      : { organization: (await readSignet(flags.organization, '--organization', profile)).octets }),
    ...(flags.previous === undefined
      ? {}
      : { previous: (await readSignet(flags.previous, '--previous', profile)).octets }),
    ...(flags.record === undefined ? {} : { primaryKeys: await readPrimaryKeys(flags.record) }),
  };
  const { state, reason, requirement } = validateOctets(profile, octets, context);
  const valid = isAtLeast(state, 'signing-request');
  printFacts({ valid, state, profile, reason: reason ?? null, requirement: requirement ?? null }, { json: flags.json });
  return valid ? exitStatus.passed : exitStatus.failed;
}

export async function fingerprint(file: string, { profile, kind, hex, json }: FingerprintFlags): Promise<number> {
  const signet = await readSignet(file, 'file', profile);
  const write = hex === true ? fingerprintHex : fingerprintText;
  const kinds = kind === undefined ? fingerprintKinds.filter((each) => hasForm(signet, each)) : [kind];
  if (kind !== undefined && !hasForm(signet, kind)) throw new Misuse(`file ${file}: the signet has no ${kind} form`);
  const facts = kinds.map(
    (each) => [each, asMisuse(`file ${file}`, () => write(fingerprintOf(signet, each)))] as const,
  );
  const [only] = facts;
  // A single one alone on its line, so that a script can take it.
  if (kind !== undefined && only !== undefined && json !== true) process.stdout.write(`${only[1]}\n`);
  else printFacts(Object.fromEntries(facts), { json });
  return exitStatus.passed;
}

function hasForm({ type, fields }: Signet, kind: FingerprintKind): boolean {
  if (kind === 'signing-request') return type === 'signing-request';
  return type !== 'signing-request' && fields.has(lastFieldOf(type, kind));
}

function profileOf({ profile }: { readonly profile?: Profile }): { readonly profile?: Profile } {
  return profile === undefined ? {} : { profile };
}

async function optional(file: string | undefined, option: string, profile: Profile): Promise<Signet | null> {
  return file === undefined ? null : await readSignet(file, option, profile);
}

/** `16=Alice`, or `252=@photo.png`; of undefined fields `251=Name=value`. */
async function readField(text: string): Promise<FieldValue> {
  const [, number, value = ''] = /^(\d{1,3})=(.*)$/s.exec(text) ?? [];
  const id = Number(number);
  if (number === undefined || id > 255) throw new Misuse(`--field ${text}: not an id, "=" and a text`);
  if (id !== 251) return { id, data: await contentOf(value) };
  const equals = value.indexOf('=');
  if (equals < 1) throw new Misuse(`--field ${text}: an undefined field is written 251=name=text`);
  return { id, name: Buffer.from(value.slice(0, equals)), data: await contentOf(value.slice(equals + 1)) };
}

async function contentOf(value: string): Promise<Uint8Array> {
  return value.startsWith('@') ? await readInput(value.slice(1), '--field') : Buffer.from(value);
}

function readSecondary(text: string): SecondaryKey {
  const equals = text.indexOf('=');
  const words = text.slice(equals + 1).split(',');
  const known = purposes.filter((purpose) => words.includes(purpose));
  if (equals < 1 || known.length !== words.length) {
    throw new Misuse(`--secondary ${text}: not a key in base64, "=" and some of ${purposes.join(',')}`);
  }
  return { key: new Uint8Array(Buffer.from(text.slice(0, equals), 'base64')), purposes: known };
}
