/** Whether a signet from the network is what was asked for, and holds. (Sections 7 and 8 of the signets digest) */
import {
  detectProfiles,
  type Form,
  fingerprintOf,
  fingerprintText,
  forms,
  parseSignet,
  type Signet,
  SignetError,
  structureOf,
  type Validation,
  validateSignet,
} from '../../formats/signet/index.js';
import { DmtpClientError } from './client-error.js';
import type { SignetName } from './names.js';

/** A signet that was validated up to the keys of the record. */
export interface CheckedSignet {
  readonly signet: Signet;
  /** The forms that a client takes from the network (SIG-082). */
  readonly state: 'full' | 'identifiable';
}

const identifierId = 254;
const custodyId = 4;

/** Loads a signet. @throws DmtpClientError when it does not load, or is for another name or kind of name */
export function loadSignet(octets: Uint8Array, name: SignetName): Signet {
  // The two dialects of 2015 have the forms that a client takes; prime has not.
  const profile = detectProfiles(octets).find((candidate) => candidate !== 'prime') ?? 'dime-2015';
  let signet: Signet;
  try {
    signet = parseSignet(profile, octets);
  } catch (error) {
    if (!(error instanceof SignetError)) throw error;
    const what = `the signet of ${name.text} does not load: ${error.message}`;
    throw new DmtpClientError('bad-signet', what, { requirement: error.requirement, cause: error });
  }
  if (signet.type !== name.kind) {
    const what = `the signet of ${name.text} is of type ${signet.type}, not ${name.kind}`;
    throw new DmtpClientError('wrong-name', what);
  }
  const identifier = signet.fields.first(identifierId);
  if (identifier !== undefined && !isNameOf(identifier.data, name)) {
    throw new DmtpClientError('wrong-name', `the signet that came for ${name.text} is that of another name`);
  }
  return signet;
}

/** Compares with the fingerprint asked for; any kind will do (OQ-30). @throws DmtpClientError */
export function requireMatch(signet: Signet, fingerprint: string, name: SignetName): void {
  if (hasFingerprint(signet, fingerprint)) return;
  const what = `the signet that came for ${name.text} has another fingerprint than the one asked for`;
  throw new DmtpClientError('wrong-fingerprint', what, { requirement: 'DMTP-059' });
}

/** Whether one of its forms that are there has the fingerprint. */
function hasFingerprint(signet: Signet, fingerprint: string): boolean {
  const highest = forms.indexOf(structureOf(signet) as Form);
  return forms.slice(0, highest + 1).some((kind) => fingerprintText(fingerprintOf(signet, kind)) === fingerprint);
}

/** The full fingerprint of a signet that was checked. */
export const fullFingerprint = (signet: Signet): string => fingerprintText(fingerprintOf(signet, 'full'));

/** Validates an organization's signet by the keys of the management record (REC-076, SIG-081). @throws DmtpClientError */
export function checkOrganization(signet: Signet, primaryKeys: readonly Uint8Array[], name: SignetName): CheckedSignet {
  return checked(signet, validateSignet(signet, { primaryKeys }), name);
}

/**
 * Validates a user's signet by the organization's, which was validated before (SIG-084). The custody signature of one
 * that was rotated can be verified only when the signet before it is known.
 *
 * @throws DmtpClientError
 */
export function checkUser(
  signet: Signet,
  organization: Signet,
  previous: Signet | undefined,
  name: SignetName,
): CheckedSignet {
  const validation = validateSignet(signet, { organization, ...(previous === undefined ? {} : { previous }) });
  // Custody is looked at last, when everything else holds (section 7.3).
  const unproven = validation.state === 'broken-chain' && previous === undefined && signet.fields.has(custodyId);
  return checked(signet, unproven ? { state: structureOf(signet) } : validation, name);
}

/**
 * Validates signets of one user, oldest first: each follows the one before, or has the same keys and other fields. What
 * the first one follows is not known.
 *
 * @throws DmtpClientError
 */
export function checkChain(signets: readonly Signet[], organization: Signet, name: SignetName): CheckedSignet[] {
  let previous: Signet | undefined;
  return signets.map((signet, index) => {
    const before = signets[index - 1];
    if (before !== undefined && !hasSameKeys(signet, before)) previous = before;
    return checkUser(signet, organization, previous, name);
  });
}

/** Whether the user's own part is the same: the organization may sign other fields over it without a new key. */
export function hasSameKeys(signet: Signet, other: Signet): boolean {
  const [own, others] = [signet, other].map((each) => fingerprintText(fingerprintOf(each, 'signing-request')));
  return own === others;
}

function checked(signet: Signet, { state, reason, requirement }: Validation, name: SignetName): CheckedSignet {
  if (state === 'full' || state === 'identifiable') return { signet, state };
  const code = state === 'broken-chain' ? 'broken-chain' : 'bad-signet';
  const what = `the signet of ${name.text} is ${state}, neither full nor identifiable${reason === undefined ? '' : `: ${reason}`}`;
  throw new DmtpClientError(code, what, { requirement });
}

function isNameOf(identifier: Uint8Array, { text }: SignetName): boolean {
  return Buffer.from(identifier).toString('utf8').toLowerCase() === text.toLowerCase();
}
