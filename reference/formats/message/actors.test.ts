import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cipherSuites } from './cipher-suite.js';
import {
  type Actor,
  bounceKinds,
  bounceOf,
  bounceSignatures,
  type DecryptedMessage,
  decryptMessage,
  encryptMessage,
  kekFor,
  type Message,
  MessageError,
  type Opener,
  openMessage,
  parseMessage,
  readPayload,
  serializeMessage,
  signAsOrigin,
  verifySignature,
} from './index.js';
import {
  encryptionPrivate,
  headers,
  identities,
  messageInput,
  parties,
  repeatable,
  seedOf,
  sentMessage,
  signed,
} from './parties.test-support.js';
import { fromHex, libdimeKeys } from './vectors.test-support.js';

function open(message: Message, actor: Actor): DecryptedMessage {
  return decryptMessage(message, { actor, encryptionPrivate: encryptionPrivate(actor), identities });
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

const sent = sentMessage({ attachments: [{ data: Buffer.from('attached') }] }, ['metadata']);
const entry = (who: Actor): { name: string; fingerprint: string } => ({
  name: parties[who].name,
  fingerprint: parties[who].fingerprint,
});

describe('what each actor sees (section 8)', () => {
  const whole = {
    author: entry('author'),
    destination: entry('destination'),
    recipient: entry('recipient'),
    origin: entry('origin'),
    headers,
    other: new Uint8Array([13, 10]),
    display: [{ flags: 0, data: new Uint8Array(Buffer.from('Hello\r\n')) }],
    attachments: [{ flags: 0, data: new Uint8Array(Buffer.from('attached')) }],
  };
  const authors = { 'author-tree': true, 'author-full': true };
  const origins = { 'metadata-bounce': true, 'origin-full': true };

  it('the author and the recipient see all of it', () => {
    expect(open(sent, 'author')).toEqual({ actor: 'author', verified: authors, ...whole });
    expect(open(sent, 'recipient')).toEqual({ actor: 'recipient', verified: { ...authors, ...origins }, ...whole });
  });

  it('the origin sees author and destination (MSG-061), the destination recipient and origin (MSG-062)', () => {
    expect(open(sent, 'origin')).toEqual({
      actor: 'origin',
      verified: authors,
      author: whole.author,
      destination: whole.destination,
    });
    expect(open(sent, 'destination')).toEqual({
      actor: 'destination',
      verified: origins,
      recipient: whole.recipient,
      origin: whole.origin,
    });
  });

  it('no slot of a closed chunk opens for the origin or the destination (MSG-075, MSG-076)', () => {
    const suite = cipherSuites['dime-2015'];
    const closed = { origin: [5, 33, 34, 67, 131], destination: [4, 33, 34, 67, 131] } as const;
    for (const actor of ['origin', 'destination'] as const) {
      const kek = kekFor(sent, encryptionPrivate(actor));
      for (const chunk of sent.chunks) {
        if (!closed[actor].some((type) => type === chunk.definition.type)) continue;
        for (const slot of chunk.slots) {
          const plaintext = suite.decrypt(suite.readSlot(kek, slot), chunk.payload) ?? new Uint8Array();
          refusal(() => readPayload('dime-2015', chunk, plaintext));
        }
      }
    }
  });
});

describe('a message goes from author to recipient', () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 600 });
  const part = fc.record({ data: octets, flags: fc.constantFrom(0, 1, 4, 5) });
  const line = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
  const input = fc.record({
    display: fc.array(part, { maxLength: 3 }),
    attachments: fc.array(part, { maxLength: 3 }),
    other: fc.option(octets, { nil: null }),
    headers: fc.record(
      { date: line, to: line, from: line, subject: line, cc: line, organization: line },
      { requiredKeys: ['date', 'to', 'from', 'subject'] },
    ),
    tree: fc.constantFrom('digest' as const, 'libdime' as const),
    bounces: fc.subarray(['metadata' as const, 'display' as const]),
    seed: fc.string(),
  });

  it('whatever it holds', () => {
    fc.assert(
      fc.property(input, ({ seed, bounces, ...given }) => {
        const message = signed(
          encryptMessage(messageInput({ ...given, random: repeatable(seed) })),
          bounces,
          given.tree === 'libdime',
        );
        const arrived = parseMessage('dime-2015', serializeMessage(message));
        expect(arrived.chunks).toEqual(message.chunks);
        const read = decryptMessage(arrived, {
          actor: 'recipient',
          encryptionPrivate: encryptionPrivate('recipient'),
          identities,
          acceptLibdimeTree: given.tree === 'libdime',
        });
        expect(read.headers).toEqual(given.headers);
        expect(read.other).toEqual(given.other ?? undefined);
        expect(read.display).toEqual(given.display);
        expect(read.attachments).toEqual(given.attachments);
        expect(read.verified['metadata-bounce']).toBe(bounces.includes('metadata') ? true : undefined);
        expect(read.verified['display-bounce']).toBe(bounces.includes('display') ? true : undefined);
      }),
      { numRuns: 20 },
    );
  });

  it('with everything random fresh for each chunk and slot (MSG-033, MSG-036, MSG-039)', () => {
    const one = sentMessage({ random: repeatable('one') });
    const two = sentMessage({ random: repeatable('two') });
    const slots = [one, two].flatMap(({ chunks }) =>
      [...chunks].flatMap((chunk) => chunk.slots.map((slot) => Buffer.from(slot).toString('hex'))),
    );
    expect(new Set(slots).size).toBe(slots.length);
    const keys = [one, two].map(({ chunks }) => [...chunks][0]?.payload);
    expect(keys[0]).not.toEqual(keys[1]);
  });

  it('payloads have 256 octets or more, a multiple of 16 (MSG-023, MSG-024)', () => {
    for (const { definition, payload } of sent.chunks) {
      if (definition.payload !== 'standard') continue;
      expect(payload.length).toBeGreaterThanOrEqual(256);
      expect(payload.length % 16).toBe(0);
    }
  });
});

describe('changes on the way', () => {
  const octets = serializeMessage(sent);
  const last = [...sent.chunks].at(-1)?.offset ?? 0;

  it('of any octet that a signature covers are found by the recipient', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: last - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = octets.map((octet, place) => (place === at ? octet ^ bits : octet));
        refusal(() => open(parseMessage('dime-2015', changed), 'recipient'));
      }),
      { numRuns: 150 },
    );
  });

  it("of tracing are nobody's business (MSG-005)", () => {
    const traced = serializeMessage({ ...sent, tracing: Uint8Array.of(1, 2, 3) });
    expect(open(parseMessage('dime-2015', traced), 'recipient').headers).toEqual(headers);
  });

  it('swapped display chunks are found (MSG-014)', () => {
    const two = sentMessage({ display: [{ data: Buffer.from('first') }, { data: Buffer.from('second') }] });
    const chunks = [...two.chunks];
    const at = chunks.findIndex(({ definition }) => definition.name === 'display');
    const swapped = [...chunks.slice(0, at), ...chunks.slice(at, at + 2).reverse(), ...chunks.slice(at + 2)];
    expect(refusal(() => open({ ...two, chunks: swapped }, 'recipient')).requirement).toBe('MSG-060');
  });
});

describe('the origin (sections 6.5 and 6.6)', () => {
  const written = encryptMessage(messageInput());
  const types = ({ chunks }: Message): number[] => [...chunks].map(({ definition }) => definition.type);

  it('finds places for all its signatures (MSG-049) and takes out those that are not wanted (MSG-054, MSG-055)', () => {
    expect(types(written).slice(-3)).toEqual([248, 249, 255]);
    expect(types(signed(written)).slice(-2)).toEqual([226, 255]);
    expect(types(signed(written, ['display'])).slice(-3)).toEqual([226, 249, 255]);
    expect(types(signed(written, ['metadata', 'display'])).slice(-4)).toEqual([226, 248, 249, 255]);
  });

  it('leaves the slots as the author made them (MSG-051)', () => {
    const before = new Map([...written.chunks].map((chunk) => [chunk.definition.type, chunk.slots]));
    for (const chunk of signed(written, ['metadata', 'display']).chunks)
      expect(chunk.slots).toEqual(before.get(chunk.definition.type));
  });

  it('signs nothing that the author did not sign (MSG-050)', () => {
    const chunks = [...written.chunks].map((chunk) =>
      chunk.definition.name === 'display' ? { ...chunk, octets: chunk.octets.map((octet) => octet ^ 1) } : chunk,
    );
    expect(refusal(() => signed({ ...written, chunks })).requirement).toBe('MSG-050');
  });

  it('may sign with a secondary key that has the message bit (MSG-058)', () => {
    const signingSeed = fromHex(libdimeKeys('originSecondary').signingPrivate);
    const message = signAsOrigin(written, { encryptionPrivate: encryptionPrivate('origin'), signingSeed, identities });
    expect(open(message, 'recipient').verified['origin-full']).toBe(true);
  });

  it('a message that it did not sign is refused by destination (MSG-059) and recipient (MSG-060)', () => {
    expect(refusal(() => open(written, 'destination')).requirement).toBe('MSG-059');
    expect(refusal(() => open(written, 'recipient')).requirement).toBe('MSG-060');
  });

  it('needs a place for what it is to sign', () => {
    const chunks = [...written.chunks].filter(({ definition }) => definition.type !== 248);
    expect(refusal(() => signed({ ...written, chunks }, ['metadata'])).requirement).toBe('MSG-049');
  });
});

describe('signets', () => {
  it.each([
    ['origin', 'author', 'MSG-050'],
    ['destination', 'origin', 'MSG-059'],
    ['recipient', 'author', 'MSG-060'],
    ['recipient', 'origin', 'MSG-060'],
  ] as const)('the %s needs that of the %s', (actor, missing, requirement) => {
    const { [missing]: _left, ...known } = identities;
    const input = { actor, encryptionPrivate: encryptionPrivate(actor), identities: known };
    expect(refusal(() => openMessage(sent, input))).toMatchObject({ code: 'missing-signet', requirement });
    const { verified } = openMessage(sent, { ...input, unverified: true });
    expect(Object.keys(verified).some((name) => name.startsWith(missing))).toBe(false);
  });

  it.each([
    ['author', 'recipient'],
    ['origin', 'destination'],
    ['destination', 'recipient'],
    ['recipient', 'author'],
  ] as const)('another one than the envelope names is found by the %s (MSG-068)', (actor, who) => {
    const others = { ...identities, [who]: { ...identities[who], fingerprint: 'another' } };
    const act = (): unknown =>
      openMessage(sent, { actor, encryptionPrivate: encryptionPrivate(actor), identities: others });
    expect(refusal(act)).toMatchObject({ code: 'wrong-fingerprint', requirement: 'MSG-068' });
  });

  it('the author signs with the key of his own signet (MSG-043)', () => {
    expect(refusal(() => encryptMessage(messageInput({ authorSeed: seedOf('recipient') }))).requirement).toBe(
      'MSG-043',
    );
  });
});

describe('bounces (section 9.4)', () => {
  const both = signed(encryptMessage(messageInput({ attachments: [{ data: Buffer.from('x') }] })), [
    'metadata',
    'display',
  ]);
  const opener: Opener = { profile: 'dime-2015', actor: 'author', kek: kekFor(both, encryptionPrivate('author')) };

  it.each(bounceKinds)('a %s bounce is verified by its own signature', (kind) => {
    const bounce = parseMessage('dime-2015', serializeMessage(bounceOf(both, kind)));
    const holds = Object.entries(bounceSignatures).flatMap(([each, name]) =>
      verifySignature(bounce, name, opener, identities.origin.signingKeys) === true ? [each] : [],
    );
    expect(holds).toEqual(
      { metadata: ['metadata'], display: ['metadata', 'display'], full: ['metadata', 'display', 'full'] }[kind],
    );
    expect(bounce.chunks.some(({ definition }) => definition.name === 'display')).toBe(kind !== 'metadata');
    expect(bounce.chunks.some(({ definition }) => definition.name === 'attachment')).toBe(kind === 'full');
  });
});
