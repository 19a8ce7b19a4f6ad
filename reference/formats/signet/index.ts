/** Signets, signing requests and private keys in three profiles: read, made, signed, split, validated. See README.md. */

export {
  createOrganizationSignet,
  createSigningRequest,
  type OrganizationOptions,
  type RequestOptions,
} from './create.js';
export { detectProfiles } from './detect-profile.js';
export { publicKeyOf, rawPublicKey, signWith, verifies } from './ed25519.js';
export { decryptKeys, encryptKeys, realmKeyOctets } from './encrypted-keys.js';
export { type Field, FieldList, type FieldValue } from './field-list.js';
export {
  type FieldContent,
  type KeyObjectType,
  type ObjectType,
  type SignetType,
  signatureOctets,
} from './field-rows.js';
export {
  encryptedKeyMagics,
  type FieldDefinition,
  type FieldTable,
  fieldTable,
  headerOctets,
  keyObjectTypes,
  legacyRequestMagic,
  magicNumbers,
  mostFieldOctets,
  signetTypes,
  typeOfMagic,
} from './field-table.js';
export {
  type FingerprintKind,
  fingerprintCharacters,
  fingerprintHex,
  fingerprintKinds,
  fingerprintOf,
  fingerprintText,
} from './fingerprint.js';
export { generateKeys, keysOf, type PrivateKeys, parseKeys, type Random, serializeKeys } from './private-keys.js';
export { type Profile, type ProfileRules, profileRules, profiles } from './profile.js';
export { compressedPoint, isCompressedPoint, isScalar } from './secp256k1.js';
export { type Details, type SigningOptions, signSignet } from './sign.js';
export { selfSignatureId, signedOctets, verifyField } from './signatures.js';
export { type ParseOptions, parseSignet, serializeSignet, signetOf } from './signet.js';
export { SignetError, type SignetErrorCode } from './signet-error.js';
export type { Signet } from './signet-object.js';
export {
  alternateKeysOf,
  encryptionKeyId,
  encryptionKeyOf,
  type Purpose,
  purposeBits,
  purposes,
  type SecondaryKey,
  secondaryKeysOf,
  signingKeyOf,
  signingKeysFor,
} from './signing-keys.js';
export {
  type Form,
  forms,
  highestForm,
  lastFieldOf,
  missingField,
  type Structure,
  splitSignet,
  structureOf,
} from './structure.js';
export {
  isAtLeast,
  type OctetsContext,
  type SignetState,
  signetStates,
  type Validation,
  type ValidationContext,
  validateOctets,
  validateSignet,
} from './validate.js';
