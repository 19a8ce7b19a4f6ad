/** A signet or a signing request, field by field, with what its signatures are worth. */
import {
  alternateKeysOf,
  detectProfiles,
  encryptionKeyOf,
  type Form,
  fieldTable,
  fingerprintHex,
  fingerprintKinds,
  fingerprintOf,
  fingerprintText,
  forms,
  headerOctets,
  highestForm,
  lastFieldOf,
  type Profile,
  parseSignet,
  profileRules,
  profiles,
  purposeBits,
  purposes,
  type Signet,
  SignetError,
  type SignetType,
  signingKeyOf,
  signingKeysFor,
  structureOf,
  typeOfMagic,
  validateSignet,
  verifyField,
} from '../../reference/formats/signet/index.js';
import { type Explanation, type Row, Sheet, type Wishes } from './explanation.js';
import { headerOf, type SeenField, seenFields } from './object-fields.js';
import { base64, hex, text, utf8 } from './shown.js';

const typeNames: Readonly<Record<SignetType, string>> = {
  organization: 'organizational signet',
  user: 'user signet',
  'signing-request': 'signing request',
};

/** @param octets of the binary object */
export function explainSignet(octets: Uint8Array, wishes: Wishes): Explanation {
  const sheet = new Sheet();
  const { magic, length } = headerOf(octets);
  const type = signetTypeOf(magic);
  const { profile, signet } = load(octets, wishes.profile, sheet);
  sheet.row('magic number', type === null ? `${magic}, that of no signet` : `${magic}, ${typeNames[type]}`, {
    offset: 0,
    octets: Math.min(2, octets.length),
  });
  if (length !== null) sheet.row('length of the fields', String(length), { offset: 2, octets: 3 });
  const signatures = signet === null ? new Map<number, Row['signature']>() : judgeSignatures(signet, wishes, sheet);
  if (type !== null) fieldRows(octets, profile, type, signatures, sheet);
  if (signet !== null) wholeRows(signet, wishes, sheet);
  const form = signet === null ? null : highestForm(signet);
  const title =
    type === null ? 'signet' : `${typeNames[type]}${form === null || form === type ? '' : `, ${form} form`}`;
  return sheet.done({ kind: 'signet', title, profile, octets: octets.length });
}

function signetTypeOf(magic: number): SignetType | null {
  const type = typeOfMagic(magic);
  return type === 'organization' || type === 'user' || type === 'signing-request' ? type : null;
}

/** Read in the profile that was asked for, else in the first possible one that takes it. */
function load(
  octets: Uint8Array,
  asked: Profile | undefined,
  sheet: Sheet,
): { readonly profile: Profile; readonly signet: Signet | null } {
  const detected = detectProfiles(octets);
  const possible = asked !== undefined ? [asked] : detected.length === 0 ? profiles.slice(0, 1) : detected;
  if (asked !== undefined && detected.length > 0 && !detected.includes(asked)) {
    sheet.note(`read as ${asked}, which was asked for; it looks like ${detected.join(' or ')}`);
  } else if (asked === undefined && detected.length > 1) {
    sheet.note(`it can be of the profiles ${detected.join(' and ')}; --profile says which one is meant`);
  }
  let first: { readonly profile: Profile; readonly error: unknown } | null = null;
  for (const profile of possible) {
    try {
      return { profile, signet: parseSignet(profile, octets) };
    } catch (error) {
      if (!(error instanceof SignetError)) throw error;
      first ??= { profile, error };
    }
  }
  sheet.refused(first?.error);
  return { profile: first?.profile ?? 'dime-2015', signet: null };
}

function fieldRows(
  octets: Uint8Array,
  profile: Profile,
  type: SignetType,
  signatures: ReadonlyMap<number, Row['signature']>,
  sheet: Sheet,
): void {
  const fields = seenFields(fieldTable(profile, type), octets);
  let step = fields.next();
  for (; step.done !== true; step = fields.next()) {
    if (sheet.isFull) {
      sheet.leaveOut();
      continue;
    }
    const { definition, offset, end, data } = step.value;
    const { id, content } = definition;
    const place = { offset, octets: end - offset };
    sheet.row(`${id} ${definition.name ?? '(no name)'}`, fieldText(step.value, profile), place, signatures.get(id));
    if ((content === 'text' || content === 'undefined') && utf8(data) === null) {
      sheet.note(`field ${id} is not UTF-8; readers leave it as it is (SIG-086)`, 'SIG-085', offset);
    }
  }
  if (step.value < octets.length && octets.length >= headerOctets) {
    const rest = octets.subarray(step.value);
    sheet.row('(not read)', hex(rest), { offset: step.value, octets: rest.length });
  }
}

function fieldText({ definition, name, data }: SeenField, profile: Profile): string {
  const prefix = profileRules[profile].signingKeyPrefix;
  switch (definition.content) {
    case 'signing-key':
      return prefix !== null && data[0] === prefix ? `40 ${hex(data.subarray(1))}` : hex(data);
    case 'secondary-key': {
      const permitted = data[0] ?? 0;
      const may = purposes.filter((purpose) => (permitted & purposeBits[purpose]) !== 0);
      return `may sign ${may.join(', ') || 'nothing'}: ${hex(data)}`;
    }
    case 'encryption-key':
      return hex(data);
    case 'text':
      return text(data);
    case 'undefined':
      return `${text(name ?? new Uint8Array())} = ${text(data)}`;
    default:
      return hex(data);
  }
}

/** Whose key each signature is verified with. (Sections 5.2 and 7.3 of the signets digest) */
function judgeSignatures(
  signet: Signet,
  { organization, previous }: Wishes,
  sheet: Sheet,
): Map<number, Row['signature']> {
  const own = signingKeyOf(signet);
  const ownKeys = own === null ? [] : [own];
  const before = previous === undefined ? null : signingKeyOf(previous);
  const ofPrevious = previous === undefined ? null : before === null ? [] : [before];
  const ofOrganization = organization === undefined ? null : signingKeysFor(organization, 'signet');
  const judged = new Map<number, Row['signature']>();
  const judge = (id: number, keys: readonly Uint8Array[] | null, requirement: string, whose: string): void => {
    const field = signet.fields.first(id);
    if (field === undefined) return;
    if (keys === null) {
      judged.set(id, 'unchecked');
      sheet.note(`the signature in field ${id} was not checked: ${whose} was not given`, null, field.offset);
      return;
    }
    const holds = keys.some((key) => verifyField(signet, id, key));
    judged.set(id, holds ? 'holds' : 'fails');
    if (!holds) sheet.wrong(`the signature in field ${id} does not hold with ${whose}`, requirement, field.offset);
  };
  if (signet.type === 'organization') {
    for (const form of forms) judge(lastFieldOf(signet.type, form), ownKeys, 'SIG-053', 'the key in field 1');
    return judged;
  }
  judge(4, ofPrevious, 'SIG-058', 'the key of the previous signet (--previous)');
  judge(5, ownKeys, signet.type === 'user' ? 'SIG-056' : 'SIG-039', 'the key in field 1');
  if (signet.type === 'user') {
    for (const form of forms) {
      judge(lastFieldOf(signet.type, form), ofOrganization, 'SIG-053', 'a key of the organization (--organization)');
    }
  }
  return judged;
}

/** What is said of the whole: keys that can be used, the state, the fingerprints. */
function wholeRows(signet: Signet, wishes: Wishes, sheet: Sheet): void {
  const key = signingKeyOf(signet);
  if (signet.fields.has(1) && key === null) {
    sheet.wrong('field 1 is no usable signing key', 'SIG-030', signet.fields.first(1)?.offset ?? null);
  }
  const encryption = signet.fields.first(signet.type === 'organization' ? 3 : 2);
  if (encryption !== undefined && encryptionKeyOf(signet) === null) {
    sheet.wrong(
      `field ${encryption.id} is no compressed point of secp256k1`,
      encryption.data.length === 65 ? 'SIG-037' : 'SIG-036',
      encryption.offset,
    );
  }
  const alternates = signet.type === 'organization' ? [] : signet.fields.all(3);
  if (alternates.length > alternateKeysOf(signet).length) {
    sheet.note('not all alternate encryption keys can be used', signet.profile === 'dime-2015' ? 'OQ-21' : 'SIG-036');
  }
  const { state, reason, requirement } = validateSignet(signet, contextOf(wishes));
  sheet.row('state', reason === undefined ? state : `${state}: ${reason}`);
  const { organization, previous, primaryKeys } = wishes;
  const anchor = signet.type === 'organization' ? primaryKeys : organization;
  const lacking = (state === 'unknown' && anchor === undefined) || (state === 'broken-chain' && previous === undefined);
  if (['malformed', 'incomplete', 'invalid', 'unknown', 'broken-chain'].includes(state)) {
    const told = `the signet is ${state}: ${reason ?? ''}`;
    if (lacking) sheet.note(told, requirement ?? null);
    else sheet.wrong(told, requirement ?? null);
  }
  if (signet.type === 'organization' && key !== null) sheet.row('pok of the record', base64(key));
  for (const kind of fingerprintKinds) fingerprintRow(signet, kind, sheet);
}

function contextOf({ organization, previous, primaryKeys }: Wishes) {
  return {
    ...(organization === undefined ? {} : { organization }),
    ...(previous === undefined ? {} : { previous }),
    ...(primaryKeys === undefined ? {} : { primaryKeys }),
  };
}

/** Only for forms that are there. */
function fingerprintRow(signet: Signet, kind: 'signing-request' | Form, sheet: Sheet): void {
  const own = signet.type === 'signing-request';
  const there = kind === 'signing-request' ? own : !own && signet.fields.has(lastFieldOf(signet.type, kind));
  const known = kind === 'signing-request' || kind === 'cryptographic' || profileRules[signet.profile].hasFullForm;
  if (!there || !known || structureOf(signet) === 'incomplete') return;
  const fingerprint = fingerprintOf(signet, kind);
  sheet.row(`${kind} fingerprint`, fingerprintText(fingerprint));
  sheet.row('  in hexadecimal', fingerprintHex(fingerprint));
}
