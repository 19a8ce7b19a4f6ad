import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, deliveries } from './delivery.js';

describe('delivery in pieces', () => {
  it('loses and adds nothing, and gives no empty piece', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 900 }), deliveries, (octets, delivery) => {
        const pieces = cut(octets, delivery);
        expect(Buffer.concat(pieces)).toEqual(Buffer.from(octets));
        expect(pieces.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });

  it('without cuts is one piece', () => {
    expect(cut(Buffer.from('NOOP\r\n'), [])).toHaveLength(1);
  });
});
