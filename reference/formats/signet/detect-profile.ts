/** Tells the dialects apart where the octets allow it. (Section 2.5) */
import { readMagic } from './binary-object.js';
import { encryptedKeyMagics, headerOctets, isSignetType, typeOfMagic } from './field-table.js';
import { type Profile, profiles } from './profile.js';

/**
 * The profiles that the object can be of, told by field 1 and by the length of the encryption key: one where they
 * decide, two for key files (those of dime-2015-magma and prime are alike) and for signets without an encryption key,
 * none for what is no signet or key object. The object need not be right otherwise.
 */
export function detectProfiles(octets: Uint8Array): readonly Profile[] {
  const magic = readMagic(octets);
  if (Object.values<number>(encryptedKeyMagics).includes(magic)) return ['prime'];
  const type = typeOfMagic(magic);
  if (octets.length < headerOctets || type === null) return [];
  const first = firstField(octets);
  const encryption = encryptionLengthAt(octets, type === 'organization' || type === 'organization-keys' ? 3 : 2);
  if (!isSignetType(type)) {
    if (encryption === null) return [...profiles];
    return octets[encryption] === 0 ? ['dime-2015'] : ['dime-2015-magma', 'prime'];
  }
  // The encryption key decides first: with a zero after its id it is dime-2015, whatever field 1 looks like.
  if (encryption !== null && octets[encryption] === 0) return ['dime-2015'];
  if (first === 'bare') return ['prime'];
  return encryption === null ? ['dime-2015', 'dime-2015-magma'] : ['dime-2015-magma'];
}

function firstField(octets: Uint8Array): 'bare' | 'other' {
  return octets[headerOctets] === 1 && octets[headerOctets + 1] === 0x20 ? 'bare' : 'other';
}

/** Where the length of the field with the encryption key begins. The fields before it have one length octet each. */
function encryptionLengthAt(octets: Uint8Array, id: 2 | 3): number | null {
  let offset = headerOctets;
  while (offset < octets.length) {
    const here = octets[offset] ?? 0;
    if (here === id) return offset + 1 < octets.length ? offset + 1 : null;
    if (here === 0 || here > id) return null;
    offset += 2 + (octets[offset + 1] ?? 0);
  }
  return null;
}
