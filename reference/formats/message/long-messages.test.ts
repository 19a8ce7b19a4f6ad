import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decryptMessage,
  encryptMessage,
  encryptNaked,
  type Message,
  MessageError,
  messagePieces,
  openMessage,
  openNaked,
  privateKeyOf,
  readMessage,
  type SealInput,
  type Segment,
  sealMessage,
  writeCommonHeaders,
  writeEnvelope,
  writePayload,
} from './index.js';
import {
  encryptionPrivate,
  headers,
  identities,
  messageInput,
  parties,
  repeatable,
  seedOf,
  signed,
} from './parties.test-support.js';
import { fromHex, primeIdentity, primeKeys } from './vectors.test-support.js';

const mebibyte = 1024 * 1024;

/** Octets that are made when they are asked for. */
function pattern(length: number): { length: number; subarray: (start: number, end: number) => Uint8Array } {
  return { length, subarray: (start, end) => new Uint8Array(end - start).fill(start % 251) };
}

function digest(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function* dataOf(segments: Iterable<Segment>): Generator<Uint8Array> {
  for (const { data } of segments) yield data;
}

function refusal(act: () => unknown): MessageError {
  try {
    act();
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a part that is too long for one chunk', () => {
  it('is spread over several, encrypted, signed and opened with one chunk in memory at a time', () => {
    const long = pattern(6 * mebibyte);
    const message = signed(
      encryptMessage(messageInput({ attachments: [{ data: long }], mostKept: mebibyte, mostSegment: 2 * mebibyte })),
    );
    const arrived = readMessage('dime-2015', () => messagePieces(message));
    const sizes = [...arrived.chunks].flatMap(({ definition, payload }) =>
      definition.name === 'attachment' ? [payload.length] : [],
    );
    expect(sizes.length).toBe(3);

    const opened = openMessage(arrived, {
      actor: 'recipient',
      encryptionPrivate: encryptionPrivate('recipient'),
      identities,
    });
    expect(opened.verified).toEqual({ 'author-tree': true, 'author-full': true, 'origin-full': true });
    const attached = [...opened.segments()].filter(({ kind }) => kind === 'attachment');
    expect(attached.map(({ flags, last }) => [flags, last])).toEqual([
      [128, false],
      [128, false],
      [0, true],
    ]);
    expect(attached.reduce((sum, { data }) => sum + data.length, 0)).toBe(long.length);
  });

  it('is spread in a naked message too, at 16,777,098 octets (MSG-089)', () => {
    const organization = primeIdentity('destination', 'organisation');
    const body = pattern(16_777_099);
    const message = encryptNaked({
      destination: organization,
      destinationSeed: fromHex(primeKeys('org').signingPrivate),
      recipient: primeIdentity('recipient', 'user'),
      mail: { common: Buffer.from('To: a\n'), headers: Buffer.from('To: a\n\n'), body },
      random: repeatable('long'),
    });
    const opened = openNaked(message, {
      actor: 'recipient',
      encryptionPrivate: fromHex(primeKeys('user').encryptionPrivate),
      organization,
    });
    expect([...opened.body()].map(({ flags, data, last }) => [flags, data.length, last])).toEqual([
      [128, 16_777_098, false],
      [0, 1, true],
    ]);
    expect(digest(dataOf(opened.body()))).toBe(
      digest([body.subarray(0, 16_777_098), body.subarray(16_777_098, 16_777_099)]),
    );
  });
});

/** A message of the author's with display payloads of any kind, signed as usual. */
function displays(...parts: { readonly data: Uint8Array; readonly flags: number }[]): Message {
  const seed = seedOf('author');
  const key = privateKeyOf(seed);
  const payload = (data: Uint8Array, flags: number) => () => writePayload('dime-2015', { data, flags, random: 3, key });
  const plain: SealInput['plain'] = [
    { name: 'origin', plaintext: payload(writeEnvelope('origin', parties.author, parties.destination), 0), kept: true },
    {
      name: 'destination',
      plaintext: payload(writeEnvelope('destination', parties.recipient, parties.origin), 0),
      kept: true,
    },
    { name: 'common', plaintext: payload(writeCommonHeaders(headers), 0), kept: true },
    ...parts.map(({ data, flags }) => ({ name: 'display' as const, plaintext: payload(data, flags), kept: true })),
  ];
  return signed(sealMessage({ parties, authorSeed: seed, plain, random: repeatable('displays') }));
}

const read = (message: Message, mostInflated?: number): string[] | undefined =>
  decryptMessage(message, {
    actor: 'recipient',
    encryptionPrivate: encryptionPrivate('recipient'),
    identities,
    ...(mostInflated === undefined ? {} : { mostInflated }),
  }).display?.map(({ flags, data }) => `${flags} ${Buffer.from(data).toString()}`);

describe('flags', () => {
  const octets = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));
  const zipped = gzipSync('compressed text');

  it('128 joins the data of chunks that follow each other', () => {
    const message = displays(
      { data: octets('one '), flags: 128 },
      { data: octets('part'), flags: 0 },
      { data: octets('another'), flags: 0 },
    );
    expect(read(message)).toEqual(['0 one part', '0 another']);
  });

  it('4 is gzip over the whole part, however it is cut (OQ-74)', () => {
    const cut = [zipped.subarray(0, 9), zipped.subarray(9)] as const;
    expect(read(displays({ data: zipped, flags: 4 }))).toEqual(['4 compressed text']);
    expect(read(displays({ data: cut[0], flags: 132 }, { data: cut[1], flags: 4 }))).toEqual(['4 compressed text']);
  });

  it.each([
    ['a part that goes on nowhere', [{ data: octets('a'), flags: 128 }], 'OQ-74'],
    [
      'a compressed part that goes on uncompressed',
      [
        { data: zipped, flags: 132 },
        { data: octets('a'), flags: 0 },
      ],
      'OQ-74',
    ],
    ['data that is no gzip', [{ data: octets('a'), flags: 4 }], 'MSG-031'],
    ['octets after the gzip stream', [{ data: Buffer.concat([zipped, Buffer.from('x')]), flags: 4 }], 'MSG-031'],
    ['encryption with the alternate key', [{ data: octets('a'), flags: 2 }], 'MSG-031'],
  ])('%s is refused', (_, parts, requirement) => {
    expect(refusal(() => read(displays(...parts))).requirement).toBe(requirement);
  });

  it('bits without a name are let pass (section 4.4)', () => {
    expect(read(displays({ data: octets('a'), flags: 64 }))).toEqual(['64 a']);
  });

  it('compressed data that grows beyond the limit is refused (MSG-078)', () => {
    const bomb = displays({ data: gzipSync(new Uint8Array(mebibyte)), flags: 4 });
    expect(refusal(() => read(bomb, mebibyte - 1))).toMatchObject({ code: 'bad-compression', requirement: 'MSG-078' });
    expect(read(bomb, mebibyte)).toHaveLength(1);
  });

  it('2 and 128 are not for the caller', () => {
    const part = { data: octets('a'), flags: 2 };
    expect(refusal(() => encryptMessage(messageInput({ display: [part] }))).code).toBe('unsupported-flag');
    const message = signed(encryptMessage(messageInput({ display: [{ ...part, flags: 128 }] })));
    expect(read(message)).toEqual(['0 a']);
  });
});

describe('what cannot be written', () => {
  it('empty data (MSG-022)', () => {
    expect(refusal(() => encryptMessage(messageInput({ display: [{ data: new Uint8Array() }] }))).requirement).toBe(
      'MSG-022',
    );
    expect(refusal(() => encryptMessage(messageInput({ other: new Uint8Array() }))).requirement).toBe('MSG-022');
  });

  it('an empty tracing block (MSG-004)', () => {
    expect(refusal(() => encryptMessage(messageInput({ tracing: new Uint8Array() }))).requirement).toBe('MSG-004');
  });
});
