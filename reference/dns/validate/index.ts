/** Validation by DNSSEC: what a resolver needs of this folder. */
export { AnchorError, parseAnchors, type TrustAnchors } from './anchors.js';
export { type Ask, Unanswered } from './chain.js';
export type { ValidationLimits } from './limits.js';
export {
  encodeQuery,
  type Question,
  type Reply,
  readReply,
  typeName,
  types,
  type WireRecord,
} from './message.js';
export { nameFromText, readName, shownName } from './name.js';
export { AliasError, type Resolution, resolve } from './validator.js';
