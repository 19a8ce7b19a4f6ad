import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildMessage, treeOctets } from './message-builder.js';
import { kekOf, openSlot, readPayload, sealSlot, sharedX, slotPlain } from './message-ciphers.js';
import { buildNaked, nakedCommon } from './message-naked.js';
import {
  ephemeralSigningKey,
  isStandard,
  openerOf,
  payloadIn,
  plainOf,
  readUnchecked,
  signatureHolds,
  slotIn,
} from './message-opener.js';
import { octetsFrom, partiesFrom, partyOf, sourceFrom } from './message-parties.js';
import { actors, type MessageProfile, splitMessage } from './message-tables.js';
import { hex, type Octets, utf8, verifies, withGroupOrderAdded } from './signet-builder.js';

interface Keys {
  readonly signingPublic: string;
  readonly encryptionPublic: string;
  readonly encryptionPrivate: string;
}
interface SizedChunk {
  readonly type: number;
  readonly payloadSize: number;
  readonly size: number;
}
interface ActorAnswer {
  readonly result: string;
  readonly kek?: string;
  readonly decryptedPayloads?: readonly { readonly type: number; readonly payload: string }[];
}
interface LibdimeCase {
  readonly tcId: number;
  readonly comment: string;
  readonly input: { readonly data: string };
  readonly expected: {
    readonly deserialize: { readonly result: string; readonly chunks?: readonly SizedChunk[] };
    readonly actors: Readonly<Record<(typeof actors)[number], ActorAnswer>>;
  };
}
interface PrimeCase {
  readonly tcId: number;
  readonly comment: string;
  readonly input: { readonly data: string };
  readonly expected: { readonly decrypt: string; readonly chunks?: readonly SizedChunk[]; readonly plaintext?: string };
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));
const libdime = fixture('messages-libdime.json') as {
  keys: Record<string, Keys>;
  signets: Record<string, string>;
  fingerprints: Record<string, string>;
  cases: readonly LibdimeCase[];
};
const prime = fixture('messages-prime.json') as { keys: Record<string, Keys>; cases: readonly PrimeCase[] };

const octetsOf = ({ input }: { readonly input: { readonly data: string } }): Octets =>
  new Uint8Array(Buffer.from(input.data, 'base64'));
const hexOf = (octets: Octets): string => Buffer.from(octets).toString('hex');
const text = (octets: Octets): string => Buffer.from(octets).toString('latin1');
const keysOf = (file: { keys: Record<string, Keys> }, name: string): Keys => {
  const keys = file.keys[name];
  if (keys === undefined) throw new Error(`no keys of ${name}`);
  return keys;
};
const sizes = (profile: MessageProfile, octets: Octets): SizedChunk[] =>
  splitMessage(profile, octets).chunks.map(({ type, payload, octets: { length } }) => ({
    type,
    payloadSize: payload.length,
    size: length,
  }));

test('the worked example of section 5.4 comes out', () => {
  const scalar = hex('45'.padStart(64, '0'));
  const point = hex('03a7f953b0fa3f407bbf37cec394800cceeadd0670c3f344524c347312f2c1da96');
  const x = sharedX(scalar, point);
  expect(hexOf(x)).toBe('97495184dc4de0a3dc614d15f699df6a8cb65a752434368fb7f1d2702c53ab19');
  const kek = kekOf('dime-2015', x);
  expect(hexOf(kek)).toBe(
    '260794110f2213d3ff40373de5d9ab9b2cf854290b891acfa4c0a9a57d73b2cfffacbd3af995510d849bb11b748cda70',
  );
  const counting = Uint8Array.from({ length: 64 }, (_, at) => at);
  const key = { vector: counting.subarray(16, 32), key: counting.subarray(32) };
  const slot = sealSlot('dime-2015', kek, slotPlain(counting.subarray(0, 16), key));
  expect(hexOf(slot)).toBe(
    '4c5ae33a6b66ee11086da3bcea0ada6f8657c170c600a55643f59a61d8fff1f1b34c26c9a0af0f91f8bae2f34e03eba530f355a996af67e972f768726a6a70d8',
  );
  expect(openSlot('dime-2015', kek, slot)).toEqual({ ...key, random: counting.subarray(0, 16) });
  expect(hexOf(sealSlot('prime', x, key.key))).toBe('b76873a7f868c684f448673edab4f145bc876846100100b88fc8e84b106e9526');
});

test.each(actors)('of the signet of the %s the same key and fingerprint are taken as libdime takes', (actor) => {
  const signet = new Uint8Array(Buffer.from(libdime.signets[actor] ?? '', 'base64'));
  const { point, fingerprint } = partyOf('dime-2015', actor, signet);
  expect(fingerprint).toBe(libdime.fingerprints[actor]);
  expect(hexOf(point)).toBe(keysOf(libdime, actor).encryptionPublic);
});

describe('messages that libdime takes', () => {
  // libdime puts chunks in order and drops repeated ones before it counts them.
  const rearranged = [25, 26];
  const taken = libdime.cases.filter(
    ({ tcId, expected }) => expected.actors.recipient.result === 'ok' && !rearranged.includes(tcId),
  );

  test.each(taken)('$tcId: $comment', (vector) => {
    const octets = octetsOf(vector);
    const { expected } = vector;
    if (expected.deserialize.chunks !== undefined)
      expect(sizes('dime-2015', octets)).toEqual(expected.deserialize.chunks);
    const message = splitMessage('dime-2015', octets);
    for (const actor of actors) {
      const { kek, decryptedPayloads = [] } = expected.actors[actor];
      const scalar = hex(keysOf(libdime, actor).encryptionPrivate);
      const opener = openerOf('dime-2015', message, actor, scalar);
      if (kek !== undefined) expect(hexOf(opener.kek)).toBe(kek);
      const opened = message.chunks.flatMap((chunk) => {
        const slot = slotIn('dime-2015', chunk, opener);
        return slot === null ? [] : [{ type: chunk.type, payload: hexOf(plainOf('dime-2015', chunk, slot)) }];
      });
      for (const [at, each] of decryptedPayloads.entries()) expect(opened[at]).toEqual(each);
    }
  });

  test('have the signatures that the model computes, the tree in the form of libdime', () => {
    const [vector] = taken;
    if (vector === undefined) throw new Error('libdime takes a message');
    const message = splitMessage('dime-2015', octetsOf(vector));
    const opener = openerOf('dime-2015', message, 'recipient', hex(keysOf(libdime, 'recipient').encryptionPrivate));
    const by = (type: number): string => keysOf(libdime, type < 248 ? 'author' : 'origin').signingPublic;
    const held = [225, 226, 248, 249, 255].map((type) =>
      signatureHolds('dime-2015', message, type, opener, hex(by(type))),
    );
    expect(held).toEqual([false, true, true, true, true]);
    const tree = message.chunks.find(({ type }) => type === 225);
    const slot = tree && slotIn('dime-2015', tree, opener);
    if (tree === undefined || slot === null || slot === undefined) throw new Error('the recipient has a slot');
    const before = message.chunks.filter(({ type }) => type < 225).map(({ octets }) => octets);
    expect(verifies(hex(by(225)), treeOctets(before, 'libdime'), plainOf('dime-2015', tree, slot))).toBe(true);
    const author = hex(by(225));
    for (const chunk of message.chunks.filter(isStandard)) {
      const payload = payloadIn('dime-2015', chunk, opener);
      expect(payload !== null && verifies(author, payload.signed, payload.signature)).toBe(true);
    }
  });
});

describe('naked messages that magma takes', () => {
  const quirk = 'bytes after the last chunk, header adapted';
  const taken = prime.cases.filter(({ expected, comment }) => expected.decrypt === 'ok' && comment !== quirk);

  test.each(taken)('$tcId: $comment', (vector) => {
    const octets = octetsOf(vector);
    if (vector.expected.chunks !== undefined) expect(sizes('prime', octets)).toEqual(vector.expected.chunks);
    const message = splitMessage('prime', octets);
    const opener = openerOf('prime', message, 'recipient', hex(keysOf(prime, 'user').encryptionPrivate));
    const found = readUnchecked('prime', message, opener);
    const mail = Buffer.concat([...(found.get(33) ?? []), ...(found.get(48) ?? [])]);
    expect(mail.toString('base64')).toBe(vector.expected.plaintext);
    expect(text(Buffer.concat(found.get(32) ?? []))).toBe(nakedCommon(text(Buffer.concat(found.get(33) ?? []))));
    const signer = ephemeralSigningKey(message) ?? new Uint8Array(0);
    expect(signatureHolds('prime', message, 224, opener, signer)).toBe(true);
    expect(signatureHolds('prime', message, 225, opener, signer)).toBe(true);
    expect(signatureHolds('prime', message, 255, opener, hex(keysOf(prime, 'org').signingPublic))).toBe(true);
  });
});

test('what the builder makes has the sizes of section 11, and is what the opener finds', () => {
  const parties = partiesFrom('dime-2015', 'a test');
  const letter = { common: 'Date: d\r\nTo: t\r\nFrom: f\r\nSubject: s\r\n', other: utf8('\r\n'), attachments: [] };
  const octets = buildMessage({
    parties,
    letter: { ...letter, display: [{ data: utf8('Hello') }] },
    authorKey: parties.author.identity.signing,
    originKey: parties.origin.identity.signing,
    bounces: [248, 249],
    ephemeral: octetsFrom('ephemeral', 32),
    random: sourceFrom('a test'),
  });
  const message = splitMessage('dime-2015', octets);
  const fixed = message.chunks.filter((chunk) => !isStandard(chunk)).map(({ octets: { length } }) => length);
  expect(fixed).toEqual([37, 260, 260, 324, 324, 324]);
  const opener = openerOf('dime-2015', message, 'recipient', parties.recipient.identity.encryption.scalar);
  expect(text(readUnchecked('dime-2015', message, opener).get(67)?.[0] ?? new Uint8Array(0))).toBe('Hello');
  for (const type of [225, 226]) {
    const key = parties.author.identity.signing.publicKey;
    expect(signatureHolds('dime-2015', message, type, opener, key)).toBe(true);
  }
});

test('a naked message that the builder makes is what the opener finds', () => {
  const parties = partiesFrom('prime', 'a test');
  const octets = buildNaked({
    points: { destination: parties.destination.point, recipient: parties.recipient.point },
    organizationKey: parties.destination.identity.signing,
    ephemeralKey: parties.author.identity.signing,
    ephemeral: octetsFrom('ephemeral', 32),
    headers: 'To: b\r\nSubject: one\r\n two\r\n\r\n',
    body: [utf8('Hel'), utf8('lo')],
    random: sourceFrom('a test'),
  });
  expect(sizes('prime', octets).map(({ size }) => size)).toEqual([73, 356, 356, 356, 356, 161, 161, 129]);
  const message = splitMessage('prime', octets);
  const opener = openerOf('prime', message, 'recipient', parties.recipient.identity.encryption.scalar);
  const found = readUnchecked('prime', message, opener);
  expect(text(Buffer.concat(found.get(32) ?? []))).toBe('Subject: one two\nTo: b\n');
  expect(text(Buffer.concat(found.get(48) ?? []))).toBe('Hello');
});

test('a length beyond the payload is read as it stands', () => {
  const octets = new Uint8Array(80);
  octets[66] = 200;
  expect(readPayload(octets)).toMatchObject({ length: 200, data: new Uint8Array(11) });
});

test('the group order added to a signature changes its second half alone', () => {
  const signature = octetsFrom('s', 64);
  signature[63] = 0;
  expect(withGroupOrderAdded(signature).subarray(0, 32)).toEqual(signature.subarray(0, 32));
  expect(withGroupOrderAdded(signature)).not.toEqual(signature);
});
