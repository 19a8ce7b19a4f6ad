/** What an organization signs: from a signing request or a lower form to a higher form. (Sections 5.2 and 5.3) */
import { writeObject } from './binary-object.js';
import { rawPublicKey, signWith } from './ed25519.js';
import type { FieldValue } from './field-list.js';
import type { SignetType } from './field-rows.js';
import { fieldTable, headerOctets } from './field-table.js';
import { type Profile, profileRules } from './profile.js';
import { signetOf } from './signet.js';
import { SignetError, type SignetErrorCode } from './signet-error.js';
import type { Signet } from './signet-object.js';
import { encryptionKeyOf, signingKeyOf, signingKeysFor } from './signing-keys.js';
import { type Form, lastFieldOf } from './structure.js';
import { validateSignet } from './validate.js';

/** What an organization says in the higher forms; profile prime has none of it. */
export interface Details {
  /** Informational fields, ids 16 to 252, in any order. One that may be there once replaces the one that was there. */
  readonly fields?: readonly FieldValue[];
  /** Field 254: the domain or the mail address. */
  readonly identifier?: string;
}

export interface SigningOptions extends Details {
  /** Seed (32 octets) of the organization's key: primary, or for user signets a secondary one that may sign signets. */
  readonly signingPrivate: Uint8Array;
  readonly as: Form;
  /** Of the signing organization: when given, the key has to be one of its keys for signets (SIG-043). */
  readonly organization?: Signet;
  /** The user's signet before this one; with it the custody signature of a request is verified. */
  readonly previous?: Signet;
  /** Sign a request with a custody signature without the previous signet: it was verified elsewhere. */
  readonly trustCustody?: boolean;
}

/**
 * Signs a request or a signet as the wanted form, and everything below it that is missing. Signatures that still hold
 * stay; those above a change are dropped (OQ-40). A request is validated first, and its octets stay as they are (SIG-044,
 * SIG-046).
 *
 * @throws SignetError, RangeError for a seed of a wrong size
 */
export function signSignet(signet: Signet, options: SigningOptions): Signet {
  const { profile, type, fields } = signet;
  if (type === 'signing-request') checkRequest(signet, options);
  const key = rawPublicKey(options.signingPrivate);
  const same = (other: Uint8Array | null): boolean => other !== null && Buffer.compare(key, other) === 0;
  if (type === 'organization' && !same(signingKeyOf(signet))) {
    throw refusal('bad-key', 'SIG-042', '5.2', 'an organizational signet is signed with the key in its field 1 only');
  }
  if (type !== 'organization' && options.organization && !signingKeysFor(options.organization, 'signet').some(same)) {
    throw refusal('bad-key', 'SIG-043', '5.2', 'the key is none of the organization that may sign signets');
  }
  return signFields(profile, type === 'organization' ? type : 'user', [...fields], options);
}

/** Signs fields that were put together already; `signSignet` without its checks of request and key. */
export function signFields(
  profile: Profile,
  type: 'organization' | 'user',
  present: readonly FieldValue[],
  { as, signingPrivate, fields = [], identifier }: SigningOptions,
): Signet {
  const hasDetails = fields.length > 0 || identifier !== undefined;
  if (!profileRules[profile].hasFullForm && (as !== 'cryptographic' || hasDetails)) {
    throw refusal('not-in-profile', undefined, '11.4', `profile ${profile} has cryptographic signets only`);
  }
  if ((as === 'cryptographic' && fields.length > 0) || (as !== 'identifiable' && identifier !== undefined)) {
    throw refusal(
      'forbidden-field',
      'SIG-047',
      '6',
      `the ${as} form has no place for ${identifier === undefined ? 'fields 16 to 252' : 'an identifier'}`,
    );
  }
  const first = lastFieldOf(type, 'cryptographic');
  const made = present.filter(({ id }) => id < first);
  checkRequired(profile, type, made, first);
  const existing = (id: number): FieldValue | undefined => present.find((field) => field.id === id);
  const sign = (id: number): FieldValue => signatureField(profile, type, made, id, signingPrivate);

  made.push((as === 'cryptographic' ? undefined : existing(first)) ?? sign(first));
  if (as === 'cryptographic') return signetOf(profile, type, made);

  made.push(...informational(profile, type, present, fields));
  const untouched = as === 'identifiable' && fields.length === 0;
  made.push((untouched ? existing(253) : undefined) ?? sign(253));
  if (as === 'full') return signetOf(profile, type, made);

  const name = identifier === undefined ? existing(254) : { id: 254, data: Buffer.from(identifier) };
  if (name === undefined) {
    throw refusal('missing-field', 'SIG-045', '5.2', 'an identifiable signet needs an identifier (field 254)');
  }
  if (identifier !== undefined && Buffer.from(identifier).toString() !== identifier) throw illFormed(254);
  made.push(name);
  made.push(sign(255));
  return signetOf(profile, type, made);
}

/** The signature with this id over fields that have lower ids. */
export function signatureField(
  profile: Profile,
  type: SignetType,
  covered: readonly FieldValue[],
  id: number,
  signingPrivate: Uint8Array,
): FieldValue {
  const object = writeObject(fieldTable(profile, type), covered, { unnamedFields: 'keep' });
  return { id, data: signWith(signingPrivate, object.subarray(headerOctets)) };
}

function checkRequest(request: Signet, { previous, trustCustody = false }: SigningOptions): void {
  const { state, reason, requirement } = validateSignet(request, previous === undefined ? {} : { previous });
  const trusted = trustCustody && previous === undefined && state === 'broken-chain';
  if (state !== 'signing-request' && !trusted) {
    const code = state === 'broken-chain' ? 'broken-chain' : state === 'incomplete' ? 'missing-field' : 'bad-signature';
    throw refusal(code, requirement ?? 'SIG-046', '7.3', `the request is ${state}: ${reason}`);
  }
  if (encryptionKeyOf(request) === null) {
    throw refusal('bad-key', 'SIG-036', '4.3', 'the encryption key of the request is no compressed secp256k1 point');
  }
  if (request.profile === 'dime-2015' && request.fields.has(3)) {
    const what = 'an alternate key has one length octet in a request and two in a signet, so it would be misread';
    throw refusal('not-in-profile', 'OQ-21', '5.3', what);
  }
}

function checkRequired(profile: Profile, type: SignetType, fields: readonly FieldValue[], below: number): void {
  const missing = fieldTable(profile, type).required.find(
    ({ id }) => id < below && !fields.some((field) => field.id === id),
  );
  if (missing !== undefined) {
    throw refusal('missing-field', 'SIG-045', '5.2', `field ${missing.id} is missing, so field ${below} is not made`);
  }
}

function informational(
  profile: Profile,
  type: SignetType,
  present: readonly FieldValue[],
  added: readonly FieldValue[],
): FieldValue[] {
  const { byId } = fieldTable(profile, type);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  for (const { id, name, data } of added) {
    const content = byId[id]?.content;
    if (id < 16 || id > 252 || content === undefined) {
      throw refusal(
        'forbidden-field',
        type === 'user' ? 'SIG-016' : 'SIG-015',
        '3',
        `field ${id} is no informational field`,
      );
    }
    try {
      if (content !== 'image') utf8.decode(data);
      utf8.decode(name);
    } catch {
      throw illFormed(id);
    }
  }
  const replaced = new Set(added.flatMap(({ id }) => (byId[id]?.unique === true ? [id] : [])));
  const kept = present.filter(({ id }) => id >= 16 && id <= 252 && !replaced.has(id));
  const values = [...kept, ...added].sort((a, b) => a.id - b.id);
  // Unnamed ids that were there stay (OQ-42), new ones are refused.
  const unnamed = added.find(({ id }) => byId[id]?.name === null);
  if (unnamed === undefined) return values;
  throw refusal('unnamed-field', 'SIG-018', '2.4', `field ${unnamed.id} has no meaning in a signet of type ${type}`);
}

function illFormed(id: number): SignetError {
  return refusal('bad-text', 'SIG-085', '3', `the text of field ${id} is not well-formed UTF-8`);
}

/** Nothing was written yet that an offset could point into. */
function refusal(code: SignetErrorCode, requirement: string | undefined, section: string, what: string): SignetError {
  return new SignetError({ code, offset: 0, what, section, ...(requirement === undefined ? {} : { requirement }) });
}
