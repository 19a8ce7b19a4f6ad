/** What a DMAP server has to say about the chunks of a message (sections 3.8 and 5.8 of the DMAP digest). */
import type { SealedMessage } from './dmap-message.js';
import { concat, type Octets } from './signet-builder.js';

/** One chunk as BODY names it. */
export interface NamedChunk {
  readonly type: number;
  /** From 1, among the chunks of its type. */
  readonly index: number;
  /** `type.index`. */
  readonly section: string;
  /** Payload and key slots; of the tracing block, its data (DMAP-I-66). */
  readonly octets: Octets;
  /** Without the slots: right as well. */
  readonly payload: Octets;
}

/** In message order, the tracing block first. */
export function namedChunks({ tracing, chunks }: SealedMessage): NamedChunk[] {
  const all = [
    ...(tracing === null ? [] : [{ type: 0, octets: tracing, payload: tracing }]),
    ...chunks.map(({ type, payload, slots }) => ({ type, payload, octets: concat(payload, ...slots) })),
  ];
  const counts = new Map<number, number>();
  return all.map((chunk) => {
    const index = (counts.get(chunk.type) ?? 0) + 1;
    counts.set(chunk.type, index);
    return { ...chunk, index, section: `${chunk.type}.${index}` };
  });
}
