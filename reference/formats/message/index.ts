/** Encrypted messages in two profiles: read, made, signed, opened, verified, returned. See README.md. */
export { privateKeyOf } from '../signet/ed25519.js';
export { type Actor, actors, isOrganization } from './actors.js';
export { type BounceKind, bounceKinds, bounceOf, bounceSignatures } from './bounce.js';
export { type Chunk, slotOf } from './chunk.js';
export { ChunkReader, type MessageHead, type Skim } from './chunk-reader.js';
export {
  type ChunkDefinition,
  type ChunkName,
  type ChunkTable,
  chunkOctets,
  chunkTables,
  definitionNamed,
  definitionOf,
  type MessageProfile,
  messageProfiles,
  type Section,
  sectionBits,
} from './chunk-table.js';
export { type ChunkSecret, type CipherSuite, cipherSuites, sharedX } from './cipher-suite.js';
export {
  type CommonHeaderName,
  type CommonHeaders,
  commonHeaderNames,
  readCommonHeaders,
  writeCommonHeaders,
} from './common-headers.js';
export type { Octets, PartInput } from './content.js';
export { signPieces, verifyPieces } from './ed25519-stream.js';
export { type EncryptInput, encryptMessage, type Party } from './encrypt-message.js';
export { type EnvelopeEntry, type EnvelopeKind, envelopeLabels, readEnvelope, writeEnvelope } from './envelope-text.js';
export { type EphemeralKeys, kekFor, readEphemeral } from './ephemeral.js';
export { type Flag, flagBits, flagNames, flagsIn } from './flags.js';
export { arbitraryMessage, type MessageNearMiss, nearMissesOf } from './generate.js';
export { type Identities, type Identity, identityOf } from './identity.js';
export { commonHeadersOf, type ImportedMail, importedHeaderNames, importMail } from './import-mail.js';
export * from './limits.js';
export {
  chunksNamed,
  type Message,
  messageOf,
  messagePieces,
  missingChunk,
  type ParsedMessage,
  parseMessage,
  readChunks,
  readMessage,
  serializeMessage,
  type WriteOptions,
} from './message.js';
export { MessageError, type MessageErrorCode } from './message-error.js';
export {
  type SignatureName,
  type SignatureRow,
  signatureRows,
  type TreeForm,
  treeOctets,
} from './message-signatures.js';
export {
  decryptNaked,
  encryptNaked,
  type NakedInput,
  type NakedOpenInput,
  type OpenedNaked,
  openNaked,
} from './naked-message.js';
export { type Opener, openSignature, openStandard, secretOf } from './open-chunk.js';
export {
  type DecryptedMessage,
  decryptMessage,
  type OpenedMessage,
  type OpenInput,
  openMessage,
} from './open-message.js';
export { type Outline, outlineOf, rangeOf } from './outline.js';
export { isPadding, type Padding, type PaddingAlgorithm, paddingAlgorithm, paddingFor } from './padding.js';
export { gatherParts, type Part, type PartKind, type Segment } from './parts.js';
export { type PayloadNearMiss, payloadNearMisses } from './payload-near-misses.js';
export { type PlainChunk, type SealInput, sealMessage } from './seal-message.js';
export { type OriginInput, signAsOrigin } from './sign-as-origin.js';
export { type PayloadInput, readPayload, type StandardPayload, writePayload } from './standard-payload.js';
export {
  type SignatureReport,
  type SigningKeys,
  signaturesToCheck,
  verifySignature,
  verifySignatures,
} from './verify.js';
