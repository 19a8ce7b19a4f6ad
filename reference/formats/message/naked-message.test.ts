import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decryptNaked,
  encryptNaked,
  importMail,
  kekFor,
  type Message,
  MessageError,
  messageOf,
  openNaked,
  openSignature,
  parseMessage,
  serializeMessage,
} from './index.js';
import { repeatable } from './parties.test-support.js';
import { fromHex, primeCase, primeIdentity, primeKeys } from './vectors.test-support.js';

const organization = primeIdentity('destination', 'organisation');
const recipient = primeIdentity('recipient', 'user');
const userPrivate = fromHex(primeKeys('user').encryptionPrivate);
const destinationPrivate = fromHex(primeKeys('org').encryptionPrivate);

function naked(mail: Uint8Array, seed = 'naked'): Message {
  const destinationSeed = fromHex(primeKeys('org').signingPrivate);
  return encryptNaked({
    destination: organization,
    destinationSeed,
    recipient,
    mail: importMail(mail),
    random: repeatable(seed),
  });
}

const mail = Buffer.from('From: a@o\r\nSubject: s\r\n\r\nbody\r\n');
const decrypt = (octets: Uint8Array): Uint8Array =>
  decryptNaked(parseMessage('prime', octets), { encryptionPrivate: userPrivate, organization });

function refusal(act: () => unknown): MessageError {
  try {
    act();
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a naked message', () => {
  it('gives back the mail, whatever its body is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), fc.string(), (body, seed) => {
        const whole = Buffer.concat([Buffer.from('To: r@d\n\n'), body]);
        expect(Buffer.compare(decrypt(serializeMessage(naked(whole, seed))), whole)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('has the chunks and sizes of one that magma made', () => {
    const magmas = parseMessage('prime', primeCase(1));
    const ours = [...naked(mail).chunks].map(({ definition, octets }) => [definition.type, octets.length]);
    expect(ours).toEqual(magmas.chunks.map(({ definition, octets }) => [definition.type, octets.length]));
  });

  it('has slots of zero octets for author and origin (MSG-086)', () => {
    for (const message of [naked(mail), parseMessage('prime', primeCase(1))]) {
      for (const { definition, slots } of message.chunks) {
        const empty = definition.access.filter((_, at) => slots[at]?.every((octet) => octet === 0));
        expect(empty).toEqual(definition.access.filter((actor) => actor === 'author' || actor === 'origin'));
      }
    }
  });

  it('cannot be opened by author or origin (MSG-086)', () => {
    const message = naked(mail);
    const tree = [...message.chunks].find(({ definition }) => definition.name === 'author-tree');
    for (const actor of ['author', 'origin'] as const) {
      const opener = { profile: 'prime', actor, kek: kekFor(message, destinationPrivate) } as const;
      expect(tree === undefined ? null : refusal(() => openSignature(opener, tree))).toMatchObject({
        code: 'no-slot',
        requirement: 'MSG-086',
      });
    }
  });

  it('is verified by the destination, who can read nothing', () => {
    const opened = openNaked(naked(mail), {
      actor: 'destination',
      encryptionPrivate: destinationPrivate,
      organization,
    });
    expect(Object.keys(opened)).toEqual(['verified', 'body']);
    expect(opened.verified).toEqual({ 'destination-full': true });
  });

  it('is refused when any octet that a signature covers is changed', () => {
    const octets = serializeMessage(naked(mail));
    const last = octets.length - 129;
    fc.assert(
      fc.property(fc.integer({ min: 6, max: last - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        refusal(() => decrypt(octets.map((octet, place) => (place === at ? octet ^ bits : octet))));
      }),
      { numRuns: 80 },
    );
  });

  it('needs the ephemeral signing key (MSG-083)', () => {
    const chunks = [...naked(mail).chunks];
    const [first, ...rest] = chunks;
    const short = Buffer.concat([Buffer.from([1, 0, 0, 35]), (first?.payload ?? new Uint8Array()).subarray(34)]);
    const message = parseMessage(
      'prime',
      Buffer.concat([Buffer.from('0774', 'hex'), lengthOf(short, rest), short, ...rest.map(({ octets }) => octets)]),
    );
    expect(
      refusal(() => openNaked(message, { actor: 'recipient', encryptionPrivate: userPrivate, organization }))
        .requirement,
    ).toBe('MSG-083');
  });

  it('has no tracing block', () => {
    expect(refusal(() => messageOf('prime', [], Uint8Array.of(1))).code).toBe('not-in-profile');
  });
});

function lengthOf(first: Uint8Array, rest: readonly { readonly octets: Uint8Array }[]): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(rest.reduce((sum, { octets }) => sum + octets.length, first.length));
  return length;
}
