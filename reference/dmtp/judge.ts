/**
 * What the destination finds out about a message before it stores it: that it is one, that its origin signed it, and that
 * it is for an account here ("After the message" in section 12.4 of the DMTP digest; sections 8 to 10 of the messages
 * digest). Nothing but the envelope is decrypted, and nothing of it is believed before the signatures hold.
 */
import type { DmtpStore, RefusalReason } from '../account/store.js';
import {
  type Chunk,
  type ChunkName,
  type EnvelopeEntry,
  kekFor,
  MessageError,
  type Opener,
  type Outline,
  openSignature,
  openStandard,
  outlineOf,
  rangeOf,
  readEnvelope,
  type SignatureName,
  verifyPieces,
} from '../formats/message/index.js';
import { fingerprintOf, fingerprintText, forms, type Signet, signingKeysFor } from '../formats/signet/index.js';
import type { ArrivedMail, Judge, Judgement } from './judgement.js';
import type { OriginAnswer, OriginSignets } from './origin-signets.js';
import { indexOf } from './signet-commands.js';

/** What opens the envelope of messages to a domain. */
export interface DestinationKey {
  /** Full fingerprint of the signet that it belongs to: 86 characters of base64. */
  readonly fingerprint: string;
  /** secp256k1 scalar, 32 octets. */
  readonly encryptionPrivate: Uint8Array;
}

export interface JudgeOptions {
  /** Served here, in lower case. */
  readonly domains: ReadonlySet<string>;
  readonly store: Pick<DmtpStore, 'signets' | 'hasAccount' | 'lockOf'>;
  /** The keys of a served domain, newest first: messages made before a rotation come after it too. */
  readonly keysOf: (domain: string) => readonly DestinationKey[];
  readonly originSignets: OriginSignets;
  /** The reading of section 12.5: fingerprints that are out of date are refused as well. */
  readonly numberedCodes: boolean;
}

const profile = 'dime-2015';
/** The origin's signatures and the last type that each covers (section 6.2 of the messages digest); 254: all before it. */
const originSignatures = [
  ['metadata-bounce', 34],
  ['display-bounce', 67],
  ['origin-full', 254],
] as const satisfies (readonly [SignatureName, number])[];
const wanted: ReadonlySet<ChunkName> = new Set(['ephemeral', 'destination', ...originSignatures.map(([name]) => name)]);
/** A destination chunk names two parties; what the longest names and the most padding need is far below. */
const mostEnvelopeOctets = 64 * 1024;
/** Each key that may have signed costs a pass over the message. */
const mostSigningKeys = 8;

/** Ends the judgement of a message. */
class Refusal extends Error {
  constructor(readonly reason: RefusalReason) {
    super(reason);
  }
}

/** Makes the function that judges messages. What it promises never rejects because of the message. */
export function createJudge(options: JudgeOptions): Judge {
  return async (mail) => {
    try {
      return await judge(mail, options);
    } catch (error) {
      if (error instanceof Refusal) return { accepted: false, reason: error.reason };
      if (error instanceof MessageError) return { accepted: false, reason: 'invalid message' };
      throw error;
    }
  };
}

async function judge(mail: ArrivedMail, options: JudgeOptions): Promise<Judgement> {
  const outline = outlineOf(profile, mail.pieces(), mail.octets, wanted, mostEnvelopeOctets);
  if (outline.missing !== null) throw new Refusal('invalid message');
  const signets = known(await find(mail, options));
  const keys = options.keysOf(mail.destination);
  const named = keys.filter(({ fingerprint }) => fingerprint === mail.destinationFingerprint);
  // RCPT should name the signet; where it does not, each key is tried.
  const opened = openWith(named.length > 0 ? named : keys, mail, outline, signets);
  const { origin, recipient } = opened;
  if (origin.name.toLowerCase() !== mail.origin) throw new Refusal('invalid message');
  judgeOrigin(opened, mail, signets, options);
  return { accepted: true, recipient: judgeRecipient(recipient, mail, options) };
}

async function find({ origin, originFingerprint }: ArrivedMail, options: JudgeOptions): Promise<OriginAnswer> {
  try {
    return await options.originSignets(origin, originFingerprint);
  } catch {
    return { kind: 'unavailable' };
  }
}

function known(answer: OriginAnswer): readonly Signet[] {
  if (answer.kind === 'known') return answer.signets;
  throw new Refusal(answer.kind === 'none' ? 'origin unknown' : 'origin unavailable');
}

interface Opened {
  /** The key that all of the origin's signatures hold with. */
  readonly signedBy: Uint8Array;
  readonly recipient: EnvelopeEntry;
  readonly origin: EnvelopeEntry;
}

/** Signatures first: they tell which key is right, and that the envelope is the origin's. */
function openWith(
  keys: readonly DestinationKey[],
  mail: ArrivedMail,
  outline: Outline,
  signets: readonly Signet[],
): Opened {
  const signingKeys = distinct(signets.flatMap((signet) => signingKeysFor(signet, 'message'))).slice(
    0,
    mostSigningKeys,
  );
  const chunk = (name: ChunkName): Chunk | undefined =>
    outline.wanted.chunks.find(({ definition }) => definition.name === name);
  for (const { encryptionPrivate } of keys) {
    const opener: Opener = { profile, actor: 'destination', kek: kekFor(outline.wanted, encryptionPrivate) };
    const signatures = originSignatures.flatMap(([name, last]) => {
      const found = chunk(name);
      if (found === undefined) return [];
      return [{ octets: openSignature(opener, found), end: outline.endOf(last) }];
    });
    const signedBy = signingKeys.find((key) =>
      signatures.every(({ octets, end }) => verifyPieces(key, rangeIn(mail, outline.start, end), octets)),
    );
    const envelope = chunk('destination');
    if (signedBy === undefined || envelope === undefined) continue;
    const [recipient, origin] = readEnvelope('destination', openStandard(opener, envelope).data, envelope.offset);
    return { signedBy, recipient, origin };
  }
  throw new Refusal('wrong signature');
}

const rangeIn = ({ pieces }: ArrivedMail, start: number, end: number): Iterable<Uint8Array> => ({
  [Symbol.iterator]: () => rangeOf(pieces(), start, end),
});

function distinct(keys: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(keys.map((key) => [Buffer.from(key).toString('hex'), key])).values()];
}

/** The signet that the envelope names must be one of the origin's, and have the key that signed (MSG-059, MSG-068). */
function judgeOrigin(
  { signedBy, origin }: Opened,
  { originFingerprint }: ArrivedMail,
  signets: readonly Signet[],
  { numberedCodes }: JudgeOptions,
): void {
  const used = signets.find((signet) => fingerprintText(fingerprintOf(signet, 'cryptographic')) === origin.fingerprint);
  if (used === undefined) throw new Refusal('invalid origin signet');
  const mayHaveSigned = signingKeysFor(used, 'message').some((key) => Buffer.compare(key, signedBy) === 0);
  if (!mayHaveSigned) throw new Refusal('wrong signature');
  if (numberedCodes && !signets.some((signet) => isFingerprintOf(signet, originFingerprint))) {
    throw new Refusal('invalid origin signet');
  }
}

const isFingerprintOf = (signet: Signet, text: string): boolean =>
  forms.some((form) => fingerprintText(fingerprintOf(signet, form)) === text);

/** @returns the address, in lower case */
function judgeRecipient(
  { name, fingerprint }: EnvelopeEntry,
  { destination }: ArrivedMail,
  { domains, store, numberedCodes }: JudgeOptions,
): string {
  const address = name.toLowerCase();
  const domain = address.slice(address.lastIndexOf('@') + 1);
  if (!domains.has(domain)) throw new Refusal('domain not served');
  if (domain !== destination) throw new Refusal('invalid message');
  if (!store.hasAccount(address)) throw new Refusal('recipient unknown');
  const lock = store.lockOf(address);
  if (lock !== null) throw new Refusal(lockReasons[lock]);
  const chain = store.signets(address) ?? [];
  const used = indexOf(chain, fingerprint);
  // One that was replaced is right too, unless the reading has a code for that; one that never was is not (MSG-068).
  if (used === -1) throw new Refusal(numberedCodes ? 'outdated recipient signet' : 'invalid message');
  if (numberedCodes && used < chain.length - 1) throw new Refusal('outdated recipient signet');
  return address;
}

const lockReasons = {
  administrator: 'locked by administrator',
  inactivity: 'locked for inactivity',
  abuse: 'locked for abuse',
  owner: 'locked by owner',
} as const satisfies Record<string, RefusalReason>;
