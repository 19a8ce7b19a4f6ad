/** STACIE without its messages: derivation, realm keys, envelopes, and what a password change does to shards. */
export { decodeBase64url, encodeBase64url } from './base64url.js';
export { checkNonce, checkSalt, type StacieWarning, shapeWarnings } from './checks.js';
export {
  type Derivation,
  type DeriveInputs,
  type DeriveLimits,
  type DeriveOptions,
  type DeriveProgress,
  derive,
  deriveNow,
} from './derive.js';
export {
  decrypt,
  decryptBySerial,
  type EncryptInputs,
  type EnvelopeKeys,
  encrypt,
  envelopeSerial,
} from './envelope.js';
export { type KeyInputs, masterKey, passwordKey } from './keys.js';
export * from './limits.js';
export { equalSecrets } from './octets.js';
export {
  type Credentials,
  deepChange,
  hybridChange,
  nextSerial,
  type PasswordChange,
  type Random,
  type RealmShard,
  rotateShard,
  shallowChange,
} from './password-change.js';
export {
  type EnvelopeRealmKeys,
  type RealmInputs,
  type RealmKeys,
  type RealmRevision,
  realmHash,
  realmKeys,
  splitRealmKey,
} from './realm.js';
export { checkBonus, rounds } from './rounds.js';
export { type SeedInputs, seed, seedKey } from './seed.js';
export { StacieError, type StacieErrorCode, type StacieFault } from './stacie-error.js';
export { countCharacters, labelOctets, passwordOctets, type Text, usernameOctets } from './text.js';
export {
  ephemeralLoginToken,
  isLoginToken,
  isPasswordKey,
  type TokenInputs,
  verificationToken,
} from './tokens.js';
