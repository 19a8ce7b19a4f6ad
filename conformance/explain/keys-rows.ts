/** Private keys and encrypted private keys, field by field; the private octets only when they are asked for. */
import {
  detectProfiles,
  fieldTable,
  headerOctets,
  type PrivateKeys,
  type Profile,
  parseKeys,
  profiles,
  SignetError,
  typeOfMagic,
} from '../../reference/formats/signet/index.js';
import { type Explanation, Sheet, type Wishes } from './explanation.js';
import { headerOf, seenFields } from './object-fields.js';
import { base64, hex, secret } from './shown.js';

/** Magic numbers of section 11.9 of the signets digest. */
export const encryptedKeyNames: Readonly<Record<number, string>> = {
  1947: 'encrypted keys of an organization',
  1976: 'encrypted keys of a user',
};

/** @param octets of the binary object */
export function explainKeys(octets: Uint8Array, wishes: Wishes): Explanation {
  const { magic, length } = headerOf(octets);
  if (Object.hasOwn(encryptedKeyNames, magic)) return explainEncryptedKeys(octets);
  const sheet = new Sheet();
  const type = typeOfMagic(magic);
  const keyType = type === 'organization-keys' || type === 'user-keys' ? type : null;
  const title =
    keyType === null
      ? 'private keys'
      : keyType === 'user-keys'
        ? 'private keys of a user'
        : 'private keys of an organization';
  sheet.row('magic number', keyType === null ? `${magic}, that of no keys` : `${magic}, ${title}`, {
    offset: 0,
    octets: Math.min(2, octets.length),
  });
  if (length !== null) sheet.row('length of the fields', String(length), { offset: 2, octets: 3 });
  const { profile, keys } = load(octets, wishes.profile, sheet);
  if (keyType !== null) {
    const fields = seenFields(fieldTable(profile, keyType), octets);
    let step = fields.next();
    for (; step.done !== true; step = fields.next()) {
      const { definition, offset, end, data } = step.value;
      sheet.row(`${definition.id} ${definition.name ?? ''}`, secret(data, wishes.secrets), {
        offset,
        octets: end - offset,
      });
    }
    // What was not read may be a key as well.
    const rest = octets.subarray(step.value);
    if (rest.length > 0 && octets.length >= headerOctets) {
      sheet.row('(not read)', secret(rest, wishes.secrets), { offset: step.value, octets: rest.length });
    }
  }
  if (keys !== null) publicRows(keys, sheet);
  return sheet.done({ kind: 'keys', title, profile, octets: octets.length });
}

/** The public halves, as signets and records hold them. */
export function publicRows({ type, signingPublic, encryptionPublic }: PrivateKeys, sheet: Pick<Sheet, 'row'>): void {
  sheet.row('public signing key', hex(signingPublic));
  sheet.row(type === 'organization' ? 'pok of the record' : '  in base64', base64(signingPublic));
  sheet.row('public encryption key', hex(encryptionPublic));
}

function load(
  octets: Uint8Array,
  asked: Profile | undefined,
  sheet: Sheet,
): { readonly profile: Profile; readonly keys: PrivateKeys | null } {
  const detected = detectProfiles(octets);
  const profile = asked ?? detected[0] ?? profiles[0];
  if (asked === undefined && detected.length > 1) {
    sheet.note(`the profiles ${detected.join(' and ')} write such keys alike; --profile says which one is meant`);
  }
  try {
    const keys = parseKeys(profile, octets);
    return { profile: keys.profile, keys };
  } catch (error) {
    if (!(error instanceof SignetError)) throw error;
    sheet.refused(error);
    return { profile, keys: null };
  }
}

/** Header of 6 octets, vector, tag, ciphertext: section 11.9 of the signets digest. Only the layout is judged. */
function explainEncryptedKeys(octets: Uint8Array): Explanation {
  const sheet = new Sheet();
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const title = encryptedKeyNames[headerOf(octets).magic] ?? 'encrypted keys';
  sheet.row('magic number', `${headerOf(octets).magic}, ${title}`, { offset: 0, octets: 2 });
  const part = (name: string, from: number, to: number): void => {
    if (octets.length > from)
      sheet.row(name, hex(octets.subarray(from, to)), { offset: from, octets: Math.min(to, octets.length) - from });
  };
  if (octets.length >= 6) {
    const length = view.getUint32(2);
    sheet.row('length', String(length), { offset: 2, octets: 4 });
    if (length !== octets.length - 6) {
      sheet.wrong(`the header announces ${length} octets, but ${octets.length - 6} follow it`, 'SIG-005', 2);
    }
  }
  part('vector, masked', 6, 22);
  part('tag, masked', 22, 38);
  part('ciphertext', 38, octets.length);
  const cipherOctets = octets.length - 38;
  if (cipherOctets <= 0 || cipherOctets % 16 !== 0) {
    sheet.wrong(
      'the ciphertext is not made of one or more whole blocks of 16 octets',
      'SIG-094',
      Math.min(38, octets.length),
    );
  } else {
    sheet.note('whether it can be decrypted says "dime-conformance keys decrypt", with the realm key', 'SIG-094');
  }
  return sheet.done({ kind: 'keys', title, profile: 'prime', octets: octets.length });
}
