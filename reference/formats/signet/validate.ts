/** Full validation of signets and signing requests: the checks of section 7.3 (and 11.5 for prime) in their order. */
import type { KeyObject } from 'node:crypto';
import { publicKeyOf } from './ed25519.js';
import { headerOctets, mostFieldOctets } from './field-table.js';
import { type Profile, profileRules } from './profile.js';
import { selfSignatureId, verifyField } from './signatures.js';
import { parseSignet } from './signet.js';
import { SignetError } from './signet-error.js';
import type { Signet } from './signet-object.js';
import { signingKeyOf, signingKeysFor } from './signing-keys.js';
import { forms, lastFieldOf, missingField, type Structure, structureOf } from './structure.js';

/** Section 7.1, the worst first; OVERFLOW is left out, as nobody returns it (OQ-33). */
export const signetStates = [
  'unknown',
  'malformed',
  'incomplete',
  'broken-chain',
  'invalid',
  'signing-request',
  'cryptographic',
  'full',
  'identifiable',
] as const;
export type SignetState = (typeof signetStates)[number];

export interface Validation {
  readonly state: SignetState;
  /** Why it is no better, or what could not be checked. */
  readonly reason?: string;
  /** The row of the catalogue that demands the state. */
  readonly requirement?: string;
}

/** What a signet is validated against. */
export interface ValidationContext {
  /** Of the user's organization, validated before (SIG-084). */
  readonly organization?: Signet;
  /** The signet before this one, of the same user, when the key was rotated. */
  readonly previous?: Signet;
  /** Primary organizational keys of the management record, raw, 32 octets each. */
  readonly primaryKeys?: readonly Uint8Array[];
}

/** The same, as octets that may not load. */
export interface OctetsContext {
  readonly organization?: Uint8Array;
  readonly previous?: Uint8Array;
  readonly primaryKeys?: readonly Uint8Array[];
}

/** Whether a state is at least as good as another (section 7.1). */
export function isAtLeast(state: SignetState, wanted: SignetState): boolean {
  return signetStates.indexOf(state) >= signetStates.indexOf(wanted);
}

/** Validates octets; those that do not load have a state too (section 7.2). Never throws for octets. */
export function validateOctets(profile: Profile, octets: Uint8Array, context: OctetsContext = {}): Validation {
  const { organization, previous, ...rest } = context;
  let signet: Signet;
  try {
    signet = parseSignet(profile, octets);
  } catch (error) {
    return loadingState(error, octets);
  }
  const others: { organization?: Signet; previous?: Signet } = {};
  if (organization !== undefined) {
    const loaded = load(profile, organization);
    if (loaded instanceof SignetError)
      return unknown(`the organizational signet does not load: ${loaded.message}`, 'SIG-054');
    others.organization = loaded;
  }
  if (previous !== undefined) {
    const loaded = load(profile, previous);
    if (!(loaded instanceof SignetError)) others.previous = loaded;
    else {
      // What is worse than a broken chain is found without the previous signet.
      const without = validateSignet(signet, { ...rest, ...others });
      if (!isAtLeast(without.state, 'broken-chain') || without.state === 'invalid') return without;
      return broken(`the previous signet does not load: ${loaded.message}`, 'SIG-061');
    }
  }
  return validateSignet(signet, { ...rest, ...others });
}

/**
 * The state of a signet or signing request. The organization's signet and the previous one are taken as valid
 * themselves (SIG-054).
 */
export function validateSignet(signet: Signet, context: ValidationContext = {}): Validation {
  const structure = structureOf(signet);
  if (structure === 'incomplete') {
    return incomplete(`field ${missingField(signet)} is missing`);
  }
  if (signet.type === 'signing-request') return validateRequest(signet, context);
  return signet.type === 'organization'
    ? validateOrganization(signet, structure, context)
    : validateUser(signet, structure, context);
}

function validateRequest(request: Signet, { previous }: ValidationContext): Validation {
  const own = signingKeyOf(request);
  if (own === null) return invalid('field 1 is no signing key, so field 5 cannot be verified', 'SIG-039');
  if (!verifyField(request, 5, own)) return invalid('the self-signature in field 5 does not hold', 'SIG-039');
  return judgeCustody(request, previous) ?? { state: 'signing-request' };
}

function validateOrganization(signet: Signet, structure: Structure, { primaryKeys }: ValidationContext): Validation {
  const own = signingKeyOf(signet);
  // PRIME knows no management record; where one is at hand its keys count there too (OQ-15).
  if (primaryKeys === undefined && !profileRules[signet.profile].checksOnLoading) {
    return unknown('no primary keys of a management record were given', 'SIG-052');
  }
  const known = own !== null && (primaryKeys?.some((key) => Buffer.compare(key, own) === 0) ?? true);
  if (!known) return unknown('field 1 is none of the primary keys of the management record', 'SIG-052');
  const bad = badSignature(signet, structure, [own]);
  if (bad !== null) return invalid(`the signature in field ${bad} does not hold`, 'SIG-053');
  const note = 'no management record was compared';
  return { state: structure, ...(primaryKeys === undefined ? { reason: note } : {}) };
}

function validateUser(signet: Signet, structure: Structure, context: ValidationContext): Validation {
  const { organization, previous } = context;
  // PRIME checks a user signet against what it is given, and its self-signature in any case (section 11.5).
  const optional = profileRules[signet.profile].checksOnLoading;
  if (organization === undefined ? !optional : !isWholeOrganization(organization)) {
    return unknown('no organizational signet of at least the cryptographic form was given', 'SIG-054');
  }
  if (organization !== undefined) {
    const bad = badSignature(signet, structure, signingKeysFor(organization, 'signet'));
    if (bad !== null) {
      return invalid(`the signature in field ${bad} is by no key of the organization that may sign signets`, 'SIG-053');
    }
  }
  // libdime leaves this out and relies on the organization (OQ-28).
  const own = signingKeyOf(signet);
  if (own === null || !verifyField(signet, selfSignatureId(signet.type), own)) {
    return invalid('the self-signature in field 5 does not hold', 'SIG-056');
  }
  const custody = judgeCustody(signet, previous);
  if (custody !== null) return custody;
  return organization === undefined
    ? { state: structure, reason: 'field 6 was not checked: no organizational signet was given' }
    : { state: structure };
}

/** The chain of custody: null when it is whole, or when there is none and none is asked for. */
function judgeCustody(signet: Signet, previous: Signet | undefined): Validation | null {
  const rotated = signet.fields.has(4);
  if (previous === undefined) {
    if (!rotated || profileRules[signet.profile].checksOnLoading) return null;
    const requirement = signet.type === 'user' ? 'SIG-062' : 'SIG-059';
    return broken('field 4 cannot be verified: no previous signet was given', requirement);
  }
  if (!rotated) return broken('a previous signet was given, but field 4 is absent', 'SIG-057');
  if (previous.type !== 'user') return broken(`the previous signet is of type ${previous.type}, not user`, 'SIG-061');
  const key = signingKeyOf(previous);
  // Field 4, not field 5 as in libdime: OQ-27, SIG-060.
  if (key !== null && verifyField(signet, 4, key)) return null;
  return broken("the custody signature in field 4 does not hold with the previous signet's key", 'SIG-058');
}

/** The first of the organization's signatures up to this form that none of the keys made (SIG-055); null when all hold. */
function badSignature(signet: Signet, form: Structure, keys: readonly Uint8Array[]): number | null {
  const made: KeyObject[] = [];
  const keyAt = (index: number, raw: Uint8Array): KeyObject => {
    made[index] ??= publicKeyOf(raw);
    return made[index];
  };
  for (const step of forms) {
    const id = lastFieldOf(signet.type, step);
    // An identifiable signet has all three, a full one two: structureOf has seen to it.
    if (!keys.some((raw, index) => verifyField(signet, id, keyAt(index, raw)))) return id;
    if (step === form) break;
  }
  return null;
}

function isWholeOrganization(organization: Signet): boolean {
  return organization.type === 'organization' && structureOf(organization) !== 'incomplete';
}

function load(profile: Profile, octets: Uint8Array): Signet | SignetError {
  try {
    return parseSignet(profile, octets);
  } catch (error) {
    if (error instanceof SignetError) return error;
    throw error;
  }
}

function loadingState(error: unknown, octets: Uint8Array): Validation {
  if (!(error instanceof SignetError)) throw error;
  const { message, requirement } = error;
  if (octets.length > headerOctets + mostFieldOctets) return unknown(message, 'SIG-063');
  const states: Partial<Record<SignetError['code'], SignetState>> = {
    // Found while reading in prime only.
    'bad-signature': 'invalid',
    'missing-field': 'incomplete',
  };
  const state = states[error.code] ?? 'malformed';
  return { state, reason: message, ...(requirement === undefined ? {} : { requirement }) };
}

const unknown = (reason: string, requirement: string): Validation => ({ state: 'unknown', reason, requirement });
const invalid = (reason: string, requirement: string): Validation => ({ state: 'invalid', reason, requirement });
const broken = (reason: string, requirement: string): Validation => ({ state: 'broken-chain', reason, requirement });
const incomplete = (reason: string): Validation => ({ state: 'incomplete', reason, requirement: 'SIG-050' });
