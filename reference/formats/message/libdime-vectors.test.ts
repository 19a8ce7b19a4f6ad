import { describe, expect, it } from 'vitest';
import { cipherSuites } from './cipher-suite.js';
import {
  type Actor,
  actors,
  type DecryptedMessage,
  decryptMessage,
  kekFor,
  MessageError,
  type Opener,
  openSignature,
  openStandard,
  parseMessage,
  serializeMessage,
  slotOf,
  verifySignature,
} from './index.js';
import { secretOf } from './open-chunk.js';
import {
  type ActorResult,
  fromBase64,
  fromHex,
  hex,
  type LibdimeVector,
  libdime,
  libdimeCase,
  libdimeIdentities,
  libdimeIdentity,
  libdimeKeys,
  text,
} from './vectors.test-support.js';

/**
 * Where the digest recommends another reading than libdime's. `read`: we read what libdime refuses; otherwise the
 * requirement with which we refuse what it reads. For all actors that are not named libdime is right.
 */
const otherReadings: Readonly<Record<number, { readonly [actor in Actor]?: string }>> = {
  // Flag 4 says gzip, and the data is none: not shown as it is (MSG-031, OQ-74).
  7: { author: 'MSG-031', recipient: 'MSG-031' },
  // Alternate padding as libdime writes it, and cannot read (MSG-029, OQ-51).
  8: { author: 'read', recipient: 'read' },
  // A secondary key with the message bit may sign (MSG-058, OQ-54).
  9: { destination: 'read', recipient: 'read' },
  // The tree signature covers the destination chunk too (MSG-045, OQ-45).
  12: { author: 'read', origin: 'read', recipient: 'read' },
  // Display chunks of different sizes (MSG-015, OQ-44).
  13: { author: 'read', origin: 'read', destination: 'read', recipient: 'read' },
  // Descending order (MSG-012, OQ-46), and a chunk that is there twice (MSG-013, OQ-48): refused for everybody.
  25: { author: 'MSG-012', origin: 'MSG-012', destination: 'MSG-012', recipient: 'MSG-012' },
  26: { author: 'MSG-013', origin: 'MSG-013', destination: 'MSG-013', recipient: 'MSG-013' },
  // The chunk of other headers is optional (MSG-018, OQ-50).
  30: { author: 'read', recipient: 'read' },
  // A data length past the payload, which made libdime read what lay behind (MSG-030, OQ-68).
  37: { author: 'MSG-030', recipient: 'MSG-030' },
  // A signature whose scalar is not below the group order (section 6): RFC 8032 refuses.
  38: { author: 'MSG-047', origin: 'MSG-050', recipient: 'MSG-060' },
};

/** Why we refuse what libdime refuses too, for the cases where the reason is the point. */
const reasons: Readonly<Record<number, string>> = {
  15: 'MSG-019',
  21: 'MSG-002',
  22: 'MSG-002',
  23: 'MSG-001',
  24: 'MSG-016',
  27: 'MSG-009',
  31: 'MSG-072',
  34: 'MSG-027',
  35: 'MSG-044',
  36: 'MSG-027',
};

type Outcome = { readonly message: DecryptedMessage } | { readonly refusal: MessageError };

function open({ input, context }: LibdimeVector, actor: Actor, acceptLibdimeTree: boolean): Outcome {
  const encryptionPrivate = fromHex(libdimeKeys(context?.keys?.[actor] ?? actor).encryptionPrivate);
  const identities = libdimeIdentities(context?.signets);
  try {
    const message = parseMessage('dime-2015', fromBase64(input.data));
    return { message: decryptMessage(message, { actor, encryptionPrivate, identities, acceptLibdimeTree }) };
  } catch (error) {
    if (error instanceof MessageError) return { refusal: error };
    throw error;
  }
}

/** What libdime says, in the words of the fixture. */
function asLibdimeSays(message: DecryptedMessage): Omit<ActorResult, 'result'> {
  const envelope = ['author', 'destination', 'recipient', 'origin'] as const;
  const entries = envelope.flatMap((who) => {
    const entry = message[who];
    return entry === undefined
      ? []
      : [
          [who, entry.name],
          [`${who}Fingerprint`, entry.fingerprint],
        ];
  });
  const parts = (found: typeof message.display): { flags: number; data: string }[] | undefined =>
    found?.map(({ flags, data }) => ({ flags, data: Buffer.from(data).toString('base64') }));
  return JSON.parse(
    JSON.stringify({
      envelope: Object.fromEntries(entries),
      commonHeaders: message.headers,
      otherHeaders: message.other === undefined ? undefined : text(message.other),
      display: parts(message.display),
      attach: parts(message.attachments),
    }),
  );
}

const calls = libdime.cases.flatMap((vector) => actors.map((actor) => ({ tcId: vector.tcId, actor, vector })));

describe('what libdime was seen to do, with its form of the tree signature accepted', () => {
  it.each(calls)('tcId $tcId as $actor', ({ tcId, actor, vector }) => {
    const outcome = open(vector, actor, true);
    const expected = vector.expected.actors[actor];
    const other = otherReadings[tcId]?.[actor];
    if (other !== undefined && other !== 'read') {
      expect(expected.result).not.toBe('error');
      expect(outcome).toMatchObject({ refusal: { requirement: other } });
    } else if (expected.result !== 'ok' && other === undefined) {
      const reason = reasons[tcId];
      expect(outcome).toMatchObject({
        refusal: reason === undefined ? { code: 'bad-signature' } : { requirement: reason },
      });
    } else {
      if (other === 'read') expect(expected.result).not.toBe('ok');
      expect(outcome).toHaveProperty('message');
      if ('message' in outcome && other === undefined) {
        const { result: _result, kek: _kek, decryptedPayloads: _payloads, ...said } = withoutSteps(expected);
        expect(asLibdimeSays(outcome.message)).toEqual(said);
      }
    }
  });

  it('has a vector for every listed difference', () => {
    const ids = libdime.cases.map(({ tcId }) => tcId);
    expect([...Object.keys(otherReadings), ...Object.keys(reasons)].filter((id) => !ids.includes(Number(id)))).toEqual(
      [],
    );
  });
});

/** The fixture's members that are no content. */
function withoutSteps(expected: ActorResult): ActorResult {
  const { step: _step, oracleMessages: _messages, ...rest } = expected as ActorResult & Record<string, unknown>;
  return rest;
}

describe('structure', () => {
  const readable = libdime.cases.filter(({ tcId }) => otherReadings[tcId]?.origin?.startsWith('MSG-01') !== true);
  it.each(readable)(
    'tcId $tcId: the same chunks, and the same octets when written',
    ({ input, expected: { deserialize } }) => {
      const octets = fromBase64(input.data);
      if (deserialize.result === 'error') {
        expect(() => parseMessage('dime-2015', octets)).toThrow(MessageError);
        return;
      }
      const message = parseMessage('dime-2015', octets);
      const chunks = message.chunks.map(({ definition, payload, octets: all }) => ({
        type: definition.type,
        payloadSize: payload.length,
        size: all.length,
      }));
      if (deserialize.chunks !== undefined) expect(chunks).toEqual(deserialize.chunks);
      if (deserialize.tracing !== undefined) {
        expect(message.tracing === null ? null : hex(message.tracing)).toBe(deserialize.tracing);
      }
      expect(Buffer.compare(serializeMessage(message), octets)).toBe(0);
    },
  );
});

describe('keys and payloads, octet by octet', () => {
  const withKeys = calls.filter(
    ({ vector, actor }) =>
      vector.expected.actors[actor].kek !== undefined &&
      otherReadings[vector.tcId]?.origin?.startsWith('MSG-01') !== true,
  );
  it.each(withKeys)('tcId $tcId as $actor', ({ vector, actor }) => {
    const { kek, decryptedPayloads = [] } = vector.expected.actors[actor];
    const message = parseMessage('dime-2015', fromBase64(vector.input.data));
    const key = vector.context?.keys?.[actor] ?? actor;
    const opener: Opener = {
      profile: 'dime-2015',
      actor,
      kek: kekFor(message, fromHex(libdimeKeys(key).encryptionPrivate)),
    };
    expect(hex(opener.kek)).toBe(kek);
    if (decryptedPayloads.length === 0) return;
    const opened = message.chunks
      .filter((chunk) => slotOf(chunk, actor) !== undefined)
      .map((chunk) => {
        const plain = cipherSuites['dime-2015'].decrypt(secretOf(opener, chunk), chunk.payload) ?? new Uint8Array();
        return { type: chunk.definition.type, payload: hex(plain) };
      });
    expect(opened).toEqual(decryptedPayloads);
  });
});

describe('what the vectors say on single points', () => {
  it('tcId 13 has three display parts of different sizes', () => {
    const vector = libdime.cases.find(({ tcId }) => tcId === 13);
    const outcome = vector === undefined ? null : open(vector, 'recipient', true);
    const display = outcome !== null && 'message' in outcome ? outcome.message.display : [];
    expect(display?.map(({ data }) => Buffer.from(data).toString('base64'))).toEqual(vector?.content?.display);
  });

  it("libdime's tree signatures are refused unless asked for (MSG-045, MSG-046)", () => {
    const vector = libdime.cases.find(({ tcId }) => tcId === 1);
    expect(vector === undefined ? null : open(vector, 'origin', false)).toMatchObject({
      refusal: { requirement: 'MSG-050' },
    });
    const digestForm = libdime.cases.find(({ tcId }) => tcId === 12);
    expect(digestForm === undefined ? null : open(digestForm, 'origin', false)).toHaveProperty('message');
  });

  it('every bounce signature of tcId 1 verifies as the author, who gets it back', () => {
    const message = parseMessage('dime-2015', libdimeCase(1));
    const kek = kekFor(message, fromHex(libdimeKeys('author').encryptionPrivate));
    const opener: Opener = { profile: 'dime-2015', actor: 'author', kek };
    const { signingKeys } = libdimeIdentity('origin');
    for (const name of ['metadata-bounce', 'display-bounce', 'origin-full'] as const) {
      expect(verifySignature(message, name, opener, signingKeys)).toBe(true);
    }
  });

  it('a standard chunk cannot be opened without a slot (MSG-075, MSG-076)', () => {
    const message = parseMessage('dime-2015', libdimeCase(1));
    const refused = (actor: Actor): (string | number | undefined)[] => {
      const opener: Opener = {
        profile: 'dime-2015',
        actor,
        kek: kekFor(message, fromHex(libdimeKeys(actor).encryptionPrivate)),
      };
      return message.chunks.flatMap((chunk) => {
        if (chunk.definition.payload === 'keys') return [];
        try {
          if (chunk.definition.payload === 'signature') openSignature(opener, chunk);
          else openStandard(opener, chunk);
          return [];
        } catch (error) {
          expect(error).toMatchObject({ code: 'no-slot', requirement: actor === 'origin' ? 'MSG-075' : 'MSG-076' });
          return [chunk.definition.type];
        }
      });
    };
    expect({ author: refused('author'), recipient: refused('recipient') }).toEqual({ author: [], recipient: [] });
    expect(refused('origin')).toEqual([5, 33, 34, 67]);
    expect(refused('destination')).toEqual([4, 33, 34, 67, 225, 226]);
  });
});
