/** One FETCH response with bodies: short ones are put together, long ones are read as the peer takes them. */
import { type FetchAnswer, type FetchValue, fetchPieces, type Section } from '../../grammar/dmap.js';
import type { MessageReader } from '../account/mail-store.js';
import type { Steps } from './answer.js';

export interface OpenFetch {
  readonly section: Section | null;
  /** Of a partial, as it was asked for (DMAP-I-68). */
  readonly start: number | null;
  /** Null when there is no such chunk. */
  readonly place: { readonly offset: number; readonly size: number } | null;
}

/** Octets of bodies in a response that is made as a whole. */
const mostWhole = 65_536;

export function* streamedFetch(
  number: number,
  items: readonly FetchValue[],
  bodies: readonly OpenFetch[],
  reader: MessageReader,
): Steps<void> {
  const size = bodies.reduce((sum, { place }) => sum + (place?.size ?? 0), 0);
  if (size <= mostWhole) {
    const values = bodies.map(({ section, start, place }): FetchValue => {
      const value = place === null ? null : reader.read(place.offset, place.size);
      return { item: 'BODY', section, start, value };
    });
    yield { kind: 'fetch', number, items: [...items, ...values] };
    return;
  }
  const values = bodies.map(({ section, start, place }): FetchAnswer => {
    if (place === null || place.size === 0) {
      return { item: 'BODY', section, start, value: place === null ? null : new Uint8Array(0) };
    }
    const pieces = reader.pieces(place.offset, place.size);
    return { item: 'BODY', section, start, value: { size: place.size, pieces } };
  });
  let before: Uint8Array | null = null;
  for (const piece of fetchPieces(number, [...items, ...values])) {
    if (before !== null) yield { kind: 'octets', octets: before, last: false };
    before = piece;
  }
  if (before !== null) yield { kind: 'octets', octets: before, last: true };
}
