/** Making a message as its author. (Section 9.1 of the messages digest, steps 1 to 6) */
import { privateKeyOf, rawPublicKey } from '../signet/ed25519.js';
import type { Random } from '../signet/index.js';
import type { Actor } from './actors.js';
import { mostKeptOctets } from './chunk-list.js';
import type { ChunkName } from './chunk-table.js';
import { type CommonHeaders, writeCommonHeaders } from './common-headers.js';
import { type PartInput, segmentsOf } from './content.js';
import { writeEnvelope } from './envelope-text.js';
import type { Identity } from './identity.js';
import { leadOctets, type Message } from './message.js';
import { MessageError } from './message-error.js';
import type { TreeForm } from './message-signatures.js';
import { type PlainChunk, sealMessage } from './seal-message.js';
import { writePayload } from './standard-payload.js';

const profile = 'dime-2015';

/** One of the four: a mail address or domain, and what his signet says. */
export interface Party extends Identity {
  readonly name: string;
}

export interface EncryptInput extends Readonly<Record<Actor, Party>> {
  /** Ed25519 seed of the author, 32 octets. */
  readonly authorSeed: Uint8Array;
  readonly headers: CommonHeaders;
  /**
   * Other headers. An empty line unless given, since libdime cannot read a message without this chunk (MSG-017); null
   * leaves it out.
   */
  readonly other?: Uint8Array | null;
  /** At least one when libdime must read the message (MSG-017). */
  readonly display: readonly PartInput[];
  readonly attachments?: readonly PartInput[];
  readonly tracing?: Uint8Array;
  /** `libdime` for a message that libdime must verify (OQ-45). */
  readonly tree?: TreeForm;
  /** Content up to this size, 32 MiB unless given, is encrypted once and kept. Longer content is encrypted on each pass. */
  readonly mostKept?: number;
  /** Parts longer than this are spread over several chunks: as much as fits in one unless given. At least 1. */
  readonly mostSegment?: number;
  readonly random: Random;
}

/**
 * Encrypts, signs, and leaves places for the signatures of the origin: what an author sends. `signAsOrigin` comes next.
 *
 * Of a message with content above `mostKept` one chunk is held at a time, and going through `chunks` encrypts again; the
 * signatures are made here already.
 *
 * @throws MessageError for what cannot be written
 * @throws RangeError when the random source gives no usable key
 */
export function encryptMessage(input: EncryptInput): Message {
  const { random, authorSeed, tracing = null, other = Buffer.from('\r\n') } = input;
  leadOctets(profile, tracing);
  checkAuthorSeed(authorSeed, input.author);
  const contents = [
    ...input.display.flatMap((part) => segmentsOf('display', part, input.mostSegment)),
    ...(input.attachments ?? []).flatMap((part) => segmentsOf('attachment', part, input.mostSegment)),
  ];
  const texts: [ChunkName, Uint8Array][] = [
    ['origin', writeEnvelope('origin', input.author, input.destination)],
    ['destination', writeEnvelope('destination', input.recipient, input.origin)],
    ['common', writeCommonHeaders(input.headers)],
  ];
  if (other !== null) texts.push(['headers', other]);

  const kept = contents.reduce((sum, { length }) => sum + length, 0) <= (input.mostKept ?? mostKeptOctets);
  const key = privateKeyOf(authorSeed);
  const plainChunk = (name: ChunkName, flags: number, read: () => Uint8Array, keep: boolean): PlainChunk => {
    const octet = random(1)[0] ?? 0;
    const plaintext = (): Uint8Array => writePayload(profile, { data: read(), flags, random: octet, key });
    return { name, plaintext, kept: keep };
  };
  const plain = [
    ...texts.map(([name, data]) => plainChunk(name, 0, () => data, true)),
    ...contents.map(({ name, flags, read }) => plainChunk(name, flags, read, kept)),
  ];
  return sealMessage({ parties: input, authorSeed, plain, tracing, random, tree: input.tree ?? 'digest' });
}

/** Refuses a seed that does not belong to the author's signet: nobody could verify the message. */
function checkAuthorSeed(seed: Uint8Array, author: Identity): void {
  const own = rawPublicKey(seed);
  if (author.signingKeys.some((key) => Buffer.compare(key, own) === 0)) return;
  throw new MessageError({
    code: 'bad-key',
    requirement: 'MSG-043',
    offset: 0,
    what: "the signing key is not that of the author's signet",
    section: '6.1',
  });
}
