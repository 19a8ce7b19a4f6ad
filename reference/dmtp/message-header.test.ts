import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageHeaderReader } from './message-header.js';

/** The header of a message that libdime made: 4,365 octets of chunks follow it. */
const libdimeHeader = '07370000110d';

describe('the outer layout of a message (messages digest, section 1)', () => {
  test.each([
    ['a message of libdime', libdimeHeader, 6, { kind: 'read', octets: 6 + 4365 }],
    ['no chunks', '073700000000', 6, { kind: 'read', octets: 6 }],
    ['the longest', '0737ffffffff', 6, { kind: 'read', octets: 6 + 0xffffffff }],
    ['with a tracing block', `072d0003aabbcc${libdimeHeader}`, 13, { kind: 'read', octets: 13 + 4365 }],
    ['a tracing block that looks like a header', `072d0002073707370000${'0001'}`, 12, { kind: 'read', octets: 13 }],
    ['octets behind the header are not its own', `${libdimeHeader}0200`, 6, { kind: 'read', octets: 6 + 4365 }],
    ['not all there yet', '0737000011', 5, { kind: 'reading' }],
    ['tracing not all there yet', '072d0100aa', 5, { kind: 'reading' }],
    ['another first octet', '0837', 0, { kind: 'invalid' }],
    ['a signet', '06f0', 0, { kind: 'invalid' }],
    ['another second octet', '0736', 1, { kind: 'invalid' }],
    ['a tracing block of no octets', '072d00000737', 3, { kind: 'invalid' }],
    ['two tracing blocks', '072d0001aa072d0001aa', 6, { kind: 'invalid' }],
    ['no header behind tracing', '072d0001aa0a', 5, { kind: 'invalid' }],
  ])('%s', (_, hexadecimal, taken, state) => {
    const reader = new MessageHeaderReader();
    expect(reader.read(Buffer.from(hexadecimal, 'hex'))).toBe(taken);
    expect(reader.state).toEqual(state);
  });

  test('cut anywhere, it reads the same', () => {
    const header = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.uint8Array({ minLength: 4, maxLength: 8 }))
        .map(([tracing, length]) =>
          Buffer.concat([
            Buffer.from([0x07, 0x2d, tracing.length >> 8, tracing.length & 255]),
            tracing,
            Buffer.from([0x07, 0x37]),
            length,
          ]),
        ),
    );
    fc.assert(
      fc.property(header, fc.nat(), (octets, place) => {
        const cut = octets.length === 0 ? 0 : place % octets.length;
        const whole = new MessageHeaderReader();
        const taken = whole.read(octets);
        const parts = new MessageHeaderReader();
        expect(parts.read(octets.subarray(0, cut)) + parts.read(octets.subarray(cut))).toBe(taken);
        expect(parts.state).toEqual(whole.state);
      }),
    );
  });
});
