/** Naked messages of PRIME: mail that the organization encrypts for one of its users. (Section 12.6) */
import { privateKeyOf, rawPublicKey } from '../signet/ed25519.js';
import type { Random } from '../signet/index.js';
import { writeChunk } from './chunk.js';
import { chunksOfMakers, keptOrMade, type MakeChunk, messageOfMakers, mostKeptOctets } from './chunk-list.js';
import { chunkTables, definitionNamed } from './chunk-table.js';
import { type Octets, splitInto } from './content.js';
import { signPieces } from './ed25519-stream.js';
import { encryptSignature, encryptStandard, type Keks, recipeFor } from './encrypt-chunk.js';
import { ephemeralKeysOf, freshKeyPair, kekFor, kekMaker, writeEphemeral } from './ephemeral.js';
import { flagBits } from './flags.js';
import type { Identity } from './identity.js';
import type { ImportedMail } from './import-mail.js';
import { mostPrimeData } from './limits.js';
import { chunksNamed, type Message } from './message.js';
import { signatureRows, signedPieces } from './message-signatures.js';
import { joined } from './octets.js';
import { checkPlaintextSignature, type Opener, openStandard } from './open-chunk.js';
import { checkComplete } from './open-message.js';
import { gatherParts, readSegments, type Segment } from './parts.js';
import { writePayload } from './standard-payload.js';
import { refuseInvalid, type SignatureReport, verifySignatures } from './verify.js';

const profile = 'prime';

export interface NakedInput {
  /** Of the organization, which is the destination. */
  readonly destination: Pick<Identity, 'encryptionKey'>;
  /** Ed25519 seed of the organization, 32 octets. */
  readonly destinationSeed: Uint8Array;
  readonly recipient: Pick<Identity, 'encryptionKey'>;
  /** Of `importMail`; the body may be longer than memory. */
  readonly mail: Omit<ImportedMail, 'body'> & { readonly body: Octets };
  readonly mostKept?: number;
  readonly random: Random;
}

/**
 * Encrypts a mail for its recipient. Author and origin get slots of zero octets, the ephemeral signing key stands for the
 * author's. Long bodies are split (MSG-089), and above `mostKept` encrypted anew on each pass.
 *
 * @throws MessageError for what cannot be written
 * @throws RangeError when the random source gives no usable key
 */
export function encryptNaked(input: NakedInput): Message {
  const { mail, random, destinationSeed } = input;
  const { scalar, point } = freshKeyPair(random);
  const seed = random(32);
  try {
    const kekOf = kekMaker(profile, scalar);
    const keks: Keks = {
      destination: kekOf('destination', input.destination.encryptionKey),
      recipient: kekOf('recipient', input.recipient.encryptionKey),
    };
    const table = chunkTables[profile];
    const keys = writeEphemeral(profile, { encryption: point, signing: rawPublicKey(seed) });
    const ephemeral = writeChunk(table, definitionNamed(table, 'ephemeral'), keys, []);
    const plaintextKey = privateKeyOf(seed);
    const standard = (name: 'common' | 'headers' | 'body', flags: number, read: () => Uint8Array): MakeChunk => {
      const recipe = recipeFor(profile, name, keks, random);
      return () =>
        encryptStandard(profile, recipe, writePayload(profile, { data: read(), flags, random: 0, key: plaintextKey }));
    };
    const kept = mail.body.length <= (input.mostKept ?? mostKeptOctets);
    const makers: MakeChunk[] = [
      () => ephemeral,
      keptOrMade(
        standard('common', 0, () => mail.common),
        true,
      ),
      keptOrMade(
        standard('headers', 0, () => mail.headers),
        true,
      ),
      ...splitInto(mail.body, mostPrimeData).map(({ from, to, last }) =>
        keptOrMade(
          standard('body', last ? 0 : flagBits.continued, () => mail.body.subarray(from, to)),
          kept,
        ),
      ),
    ];
    for (const row of signatureRows[profile]) {
      const recipe = recipeFor(profile, row.name, keks, random);
      const { type } = definitionNamed(table, row.name);
      const pieces = signedPieces(chunksOfMakers(makers), row, type);
      const chunk = encryptSignature(
        profile,
        recipe,
        signPieces(row.signer === 'author' ? seed : destinationSeed, pieces),
      );
      makers.push(() => chunk);
    }
    return messageOfMakers(profile, makers, { kept });
  } finally {
    scalar.fill(0);
    seed.fill(0);
  }
}

export interface NakedOpenInput {
  /** Others have no key slot in a naked message. */
  readonly actor: 'destination' | 'recipient';
  /** The actor's secp256k1 scalar, 32 octets. */
  readonly encryptionPrivate: Uint8Array;
  /** Of the organization, the destination: its signet has been validated. */
  readonly organization: Pick<Identity, 'signingKeys'>;
}

export interface OpenedNaked {
  readonly verified: SignatureReport;
  /** What follows is for the recipient only. */
  readonly common?: Uint8Array;
  readonly headers?: Uint8Array;
  /** The body, decrypted chunk by chunk as it is asked for. @throws MessageError */
  readonly body: () => Iterable<Segment>;
}

/**
 * Opens a naked message: tree, user and destination signature in this order (MSG-092), then the plaintext signature of
 * each chunk, that of the common chunk too (OQ-76). The destination can check its own signature and read nothing.
 *
 * @throws MessageError
 */
export function openNaked(message: Message, { actor, encryptionPrivate, organization }: NakedOpenInput): OpenedNaked {
  checkComplete(message);
  const { signing } = ephemeralKeysOf(message);
  const opener: Opener = { profile, actor, kek: kekFor(message, encryptionPrivate) };
  const authorKeys = signing === null ? [] : [signing];
  const verified = verifySignatures(message, opener, { author: authorKeys, destination: organization.signingKeys });
  refuseInvalid(message, actor, verified);
  if (actor === 'destination') return { verified, body: () => [] };
  const read = (name: 'common' | 'headers'): Uint8Array => {
    const pieces = chunksNamed(message, name).map((chunk) => {
      const payload = openStandard(opener, chunk);
      checkPlaintextSignature(profile, chunk, payload, authorKeys);
      return payload.data;
    });
    return joined(pieces);
  };
  return {
    verified,
    common: read('common'),
    headers: read('headers'),
    body: () => readSegments(message, opener, authorKeys),
  };
}

/** The mail that was imported: header block and body. @throws MessageError */
export function decryptNaked(message: Message, input: Omit<NakedOpenInput, 'actor'>): Uint8Array {
  const { headers, body } = openNaked(message, { ...input, actor: 'recipient' });
  const bodies = gatherParts(body()).body.map(({ data }) => data);
  return joined([headers ?? new Uint8Array(), ...bodies]);
}
