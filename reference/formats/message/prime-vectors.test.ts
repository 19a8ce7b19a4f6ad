import { describe, expect, it } from 'vitest';
import { commonHeadersOf, decryptNaked, MessageError, openNaked, parseMessage, serializeMessage } from './index.js';
import {
  fromBase64,
  fromHex,
  type PrimeVector,
  prime,
  primeCase,
  primeIdentity,
  primeKeys,
  text,
} from './vectors.test-support.js';

/** Where we refuse what magma reads, with the requirement. */
const otherReadings: Readonly<Record<number, string>> = {
  19: 'MSG-081', // four octets after the last chunk (section 12.6)
};

/** The requirement of each refusal: signatures are looked at in the order tree, user, destination. */
const refusals: Readonly<Record<number, { readonly requirement: string; readonly code: string }>> = {
  16: { requirement: 'MSG-080', code: 'wrong-length' },
  17: { requirement: 'MSG-080', code: 'wrong-length' },
  18: { requirement: 'MSG-080', code: 'wrong-magic' },
  20: { requirement: 'MSG-092', code: 'wrong-order' },
  21: { requirement: 'MSG-081', code: 'missing-chunk' },
  22: { requirement: 'MSG-081', code: 'missing-chunk' },
  23: { requirement: 'MSG-081', code: 'missing-chunk' },
  27: { requirement: 'MSG-087', code: 'bad-size' },
  28: { requirement: 'MSG-081', code: 'missing-chunk' },
  29: { requirement: 'MSG-080', code: 'too-short' },
  30: { requirement: 'MSG-082', code: 'bad-size' },
};

function decrypt({ input, context }: PrimeVector): Uint8Array | MessageError {
  try {
    return decryptNaked(parseMessage('prime', fromBase64(input.data)), {
      encryptionPrivate: fromHex(primeKeys(context.userKey).encryptionPrivate),
      organization: primeIdentity('destination', context.organisation),
    });
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
}

describe('what magma was seen to do', () => {
  it.each(prime.cases)('tcId $tcId: $comment', (vector) => {
    const { tcId, expected, input } = vector;
    const outcome = decrypt(vector);
    const other = otherReadings[tcId];
    if (other !== undefined) {
      expect(expected.decrypt).toBe('ok');
      expect(outcome).toMatchObject({ requirement: other });
    } else if (expected.decrypt === 'error') {
      expect(outcome).toMatchObject(refusals[tcId] ?? { requirement: 'MSG-092', code: 'bad-signature' });
    } else {
      expect(outcome).not.toBeInstanceOf(MessageError);
      expect(Buffer.from(outcome as Uint8Array).toString('base64')).toBe(expected.plaintext);
      const message = parseMessage('prime', fromBase64(input.data));
      expect(
        message.chunks.map(({ definition, payload, octets }) => [definition.type, payload.length, octets.length]),
      ).toEqual(expected.chunks.map(({ type, payloadSize, size }) => [type, payloadSize, size]));
      expect(Buffer.compare(serializeMessage(message), fromBase64(input.data))).toBe(0);
    }
  });

  it.each([1, 2, 3, 4, 5])('tcId %i: the common chunk is what the header block gives (MSG-093)', (tcId) => {
    const opened = openNaked(parseMessage('prime', primeCase(tcId)), {
      actor: 'recipient',
      encryptionPrivate: fromHex(primeKeys('user').encryptionPrivate),
      organization: primeIdentity('destination', 'organisation'),
    });
    expect(text(commonHeadersOf(opened.headers ?? new Uint8Array()))).toBe(text(opened.common ?? new Uint8Array()));
  });

  it('the destination can check its own signature and read nothing (section 12.6)', () => {
    const opened = openNaked(parseMessage('prime', primeCase(1)), {
      actor: 'destination',
      encryptionPrivate: fromHex(primeKeys('org').encryptionPrivate),
      organization: primeIdentity('destination', 'organisation'),
    });
    expect({ ...opened, body: [...opened.body()] }).toEqual({ verified: { 'destination-full': true }, body: [] });
  });
});
