import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { partiesFrom } from '../../model/message-parties.js';
import { messageOperations } from './message-operations.js';
import { shapeError } from './schemas.js';
import { OperationRefusal, OperationUnsupported } from './serve.js';

type Name = keyof typeof messageOperations;

/** As the protocol asks and answers: both have the shape of their schema. */
function ask(name: Name, input: Record<string, unknown>): Record<string, unknown> {
  expect(shapeError(`${name}.input`, input)).toBeNull();
  const result = messageOperations[name](input);
  expect(shapeError(`${name}.result`, result)).toBeNull();
  return result;
}

function refusal(name: Name, input: Record<string, unknown>): OperationRefusal {
  try {
    messageOperations[name](input);
  } catch (error) {
    if (error instanceof OperationRefusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

interface Vector {
  readonly tcId: number;
  readonly input: { readonly data: string };
}
interface Chunk {
  readonly type: number;
  readonly payloadSize: number;
}
interface Fixture<Expected> {
  readonly keys: Readonly<Record<string, { readonly encryptionPrivate: string; readonly armoredKey?: string }>>;
  readonly signets: Readonly<Record<string, string>>;
  readonly cases: readonly (Vector & { readonly expected: Expected })[];
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8'));
const libdime = fixture('messages-libdime.json') as Fixture<{
  readonly deserialize: { readonly chunks: readonly Chunk[] };
}>;
const prime = fixture('messages-prime.json') as Fixture<{
  readonly chunks: readonly Chunk[];
  readonly plaintext: string;
}>;

function numbered<Case extends Vector>(cases: readonly Case[], id: number): Case {
  const found = cases.find(({ tcId }) => tcId === id);
  if (found === undefined) throw new Error(`there is no vector ${id}`);
  return found;
}

/** The fixtures write keys in hexadecimal and octets in base64; the protocol writes all in base64url. */
const fromHex = (text: string): string => Buffer.from(text, 'hex').toString('base64url');
const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('base64url');
const decryptionKey = ({ keys }: Pick<Fixture<never>, 'keys'>, who: string) => ({
  encryptionPrivate: fromHex(keys[who]?.encryptionPrivate ?? ''),
});
const signetOf = ({ signets }: Pick<Fixture<never>, 'signets'>, who: string): string => fromBase64(signets[who] ?? '');

const text = (value: string): string => Buffer.from(value).toString('base64url');

describe('message.parse', () => {
  const ofLibdime = numbered(libdime.cases, 1);
  const ofMagma = numbered(prime.cases, 1);

  it.each([
    ['dime-2015', ofLibdime, ofLibdime.expected.deserialize.chunks],
    ['prime', ofMagma, ofMagma.expected.chunks],
  ])('finds the chunks that another implementation of %s finds', (profile, { input }, known) => {
    const { chunks } = ask('message.parse', { profile, data: fromBase64(input.data) });
    expect(chunks).toMatchObject(known.map(({ type, payloadSize }) => ({ type, length: payloadSize })));
  });

  it('says which requirement is broken, and where', () => {
    const data = Buffer.concat([Buffer.from('073700000001', 'hex'), Buffer.from([99])]).toString('base64url');
    expect(refusal('message.parse', { profile: 'dime-2015', data })).toMatchObject({
      requirement: 'MSG-009',
      offset: 6,
    });
  });

  it('has no messages of the profile dime-2015-magma', () => {
    const input = { profile: 'dime-2015-magma', data: '' };
    expect(() => messageOperations['message.parse'](input)).toThrow(OperationUnsupported);
  });
});

describe('message.decrypt', () => {
  // The one with a tree signature in the form of the digest, which libdime does not take.
  const vector = numbered(libdime.cases, 12);
  const mail = numbered(prime.cases, 1);
  const signets = Object.fromEntries(
    ['author', 'origin', 'destination', 'recipient'].map((actor) => [actor, signetOf(libdime, actor)]),
  );

  it.each([
    ['author', ['author', 'origin', 'destination', 'recipient', 'headers', 'display', 'attachments', 'verified']],
    ['origin', ['author', 'destination', 'verified']],
    ['destination', ['origin', 'recipient', 'verified']],
    ['recipient', ['author', 'origin', 'destination', 'recipient', 'headers', 'display', 'attachments', 'verified']],
  ])('shows to the %s what he may see', (actor, members) => {
    const keys = decryptionKey(libdime, actor);
    const input = { profile: 'dime-2015', data: fromBase64(vector.input.data), actor, keys, signets };
    expect(Object.keys(ask('message.decrypt', input)).sort()).toEqual([...members].sort());
  });

  it('reads the mail in a naked message, with the signet of the organization as that of the origin', () => {
    const { plaintext, verified } = ask('message.decrypt', {
      profile: 'prime',
      data: fromBase64(mail.input.data),
      actor: 'recipient',
      keys: decryptionKey(prime, 'user'),
      signets: { origin: signetOf(prime, 'organisation') },
    });
    expect(plaintext).toBe(fromBase64(mail.expected.plaintext));
    expect(verified).toEqual({ 'author-tree': true, 'author-full': true, 'destination-full': true });
  });

  it('takes the keys as an armored key object too, and no other form of them', () => {
    const input = {
      profile: 'prime',
      data: fromBase64(mail.input.data),
      actor: 'recipient',
      keys: { armored: prime.keys.user?.armoredKey ?? '' },
      signets: { origin: signetOf(prime, 'organisation') },
    };
    expect(ask('message.decrypt', input).plaintext).toBe(fromBase64(mail.expected.plaintext));
    expect(refusal('message.decrypt', { ...input, keys: { encryptionPrivate: 'AAAA' } }).message).toMatch(/3 octets/);
  });
});

describe('message.encrypt', () => {
  const parties = partiesFrom('dime-2015', 'adapter');
  const party = (actor: 'author' | 'origin' | 'destination' | 'recipient') => ({
    name: parties[actor].name,
    signet: Buffer.from(parties[actor].signet).toString('base64url'),
  });
  const keysOf = (actor: 'author' | 'origin' | 'recipient') => ({
    signingPrivate: Buffer.from(parties[actor].identity.signing.seed).toString('base64url'),
    encryptionPrivate: Buffer.from(parties[actor].identity.encryption.scalar).toString('base64url'),
  });
  const headers = { date: 'heute', to: 'Bob', from: 'Änne', subject: 'Grüße', other: 'X-Test: ü\r\n' };
  const letter = {
    profile: 'dime-2015',
    ...{ author: party('author'), origin: party('origin') },
    ...{ destination: party('destination'), recipient: party('recipient') },
    authorKeys: keysOf('author'),
    originKeys: keysOf('origin'),
    headers,
    display: [{ data: text('Hello') }],
  };

  it('makes what the recipient reads, in any language', () => {
    const { message } = ask('message.encrypt', { ...letter, bounces: ['metadata'], tracing: text('seen') });
    const signets = Object.fromEntries(
      (['author', 'origin', 'destination', 'recipient'] as const).map((actor) => [actor, party(actor).signet]),
    );
    const input = { profile: 'dime-2015', data: message, actor: 'recipient', keys: keysOf('recipient'), signets };
    expect(ask('message.decrypt', input)).toMatchObject({
      headers,
      display: [{ flags: 0, data: text('Hello') }],
      attachments: [],
      author: { name: parties.author.name, fingerprint: parties.author.fingerprint },
      verified: { 'author-tree': true, 'author-full': true, 'metadata-bounce': true, 'origin-full': true },
    });
    expect(ask('message.parse', { profile: 'dime-2015', data: message })).toMatchObject({ tracing: text('seen') });
  });

  it('refuses keys that are not those of the signet', () => {
    expect(refusal('message.encrypt', { ...letter, authorKeys: keysOf('recipient') }).requirement).toBe('MSG-043');
  });

  it('puts a mail together from headers and displays where a naked message has no plaintext', () => {
    const naked = partiesFrom('prime', 'adapter');
    const of = (actor: 'destination' | 'recipient') => Buffer.from(naked[actor].signet).toString('base64url');
    const secret = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
    const { message } = ask('message.encrypt', {
      profile: 'prime',
      origin: { name: 'destination.example', signet: of('destination') },
      originKeys: { signingPrivate: secret(naked.destination.identity.signing.seed) },
      recipient: { name: 'bob@destination.example', signet: of('recipient') },
      headers: { subject: 'Hello', other: 'X-Test: 1\r\n' },
      display: [{ data: text('one ') }, { data: text('two') }],
    });
    const { plaintext } = ask('message.decrypt', {
      profile: 'prime',
      data: message,
      actor: 'recipient',
      keys: { encryptionPrivate: secret(naked.recipient.identity.encryption.scalar) },
      signets: { origin: of('destination') },
    });
    expect(Buffer.from(String(plaintext), 'base64url').toString()).toBe('subject: Hello\r\nX-Test: 1\r\n\r\none two');
  });
});
