/**
 * A metamorphic relation over all cases: the same octets, cut otherwise into writes (and so into TLS records and TCP
 * segments), must be answered alike. The empty list of cuts is delivery in one piece, and what shrinking ends at.
 */
import fc from 'fast-check';

/** Places to cut, each taken modulo the length of what is sent. */
export type Delivery = readonly number[];

/** In one piece three times out of four. */
export const deliveries: fc.Arbitrary<Delivery> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.constant<Delivery>([]) },
  // Most lines have fewer octets than 600; a message has some thousands.
  { weight: 1, arbitrary: fc.array(fc.oneof(fc.nat(600), fc.nat(8000)), { minLength: 1, maxLength: 4 }) },
);

/** Cuts `octets`; the pieces joined are the octets again, and none is empty. */
export function cut(octets: Uint8Array, delivery: Delivery): Uint8Array[] {
  const places = [...new Set(delivery.map((place) => (octets.length === 0 ? 0 : place % octets.length)))]
    .filter((place) => place > 0)
    .sort((a, b) => a - b);
  const starts = [0, ...places];
  return starts.map((start, index) => octets.subarray(start, starts[index + 1] ?? octets.length));
}
