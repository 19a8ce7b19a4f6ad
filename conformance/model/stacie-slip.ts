/** What a slip is, and the slips of counters, which several stages share. */
import { drafts, type Octets, type Rules } from './stacie-derivation.js';

export interface Slip {
  /** Of the fault that makes it. */
  readonly id: string;
  /** The requirement that it breaks. */
  readonly breaks: string;
  /** What an implementation does that has it. */
  readonly title: string;
  readonly rules: Partial<Rules>;
}

/** Ways to count that are not three octets from 0, the most significant first. */
export const wrongCounters = [
  {
    id: 'in-4-octets',
    how: 'in 4 octets',
    counter: (count: number): Octets => Uint8Array.of(0, ...drafts.keyCounter(count)),
  },
  {
    id: 'reversed',
    how: 'with the least octet first',
    counter: (count: number): Octets => drafts.keyCounter(count).toReversed(),
  },
  { id: 'from-1', how: 'from 1', counter: (count: number): Octets => drafts.keyCounter(count + 1) },
] as const;

/** Those of a key or token stage. */
export function counterSlips(stage: 'key' | 'token', breaks: string): readonly Slip[] {
  return wrongCounters.map(({ id, how, counter }) => ({
    id: `${stage}-counter-${id}`,
    breaks,
    title: `counts a ${stage} ${how}`,
    rules: { [`${stage}Counter`]: counter },
  }));
}
