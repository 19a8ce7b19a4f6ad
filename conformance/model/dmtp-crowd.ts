/**
 * What several clients may see of one destination that they write to at once: every message that is right is stored, once
 * for each time that it is acknowledged; one that is refused leaves nothing. In the reading `numbered-codes` a message is
 * known by its fingerprint: one client is told 254, all others and all later ones 255 (sections 12.4 and 12.5 of the DMTP
 * digest).
 */
import { expectFate, type Fate } from './dmtp-mail.js';

/** What came after a message. */
export interface FinalAnswer {
  /** Tells messages apart: the same one is delivered several times. */
  readonly letter: string;
  readonly fate: Fate;
  readonly code: number | null;
  readonly text: string;
}

export interface Finding {
  readonly requirement: string;
  readonly expected: string;
  readonly actual: string;
}

/** Every requirement that a finding of this model can name. */
export const crowdRequirements = ['DMTP-020', 'DMTP-055', 'DMTP-101', 'DMTP-102', 'DMTP-103', 'DMTP-105'] as const;

const stored = /^OK +\[([A-Za-z0-9_-]+)\]$/i;
const named = /^(?:ACCEPTED|DUPLICATE)=(\S+)$/;

export class CrowdModel {
  /** Of the canonical answers. */
  readonly #ids = new Set<string>();
  /** Fingerprint by letter, in the reading. */
  readonly #known = new Map<string, string>();

  constructor(private readonly numberedCodes: boolean) {}

  /** Answers that came at the same time, in any order. What is wrong with them, or null. */
  learn(answers: readonly FinalAnswer[]): Finding | null {
    // Who was first stands in the answers alone.
    const inOrder = answers.toSorted((a, b) => (a.code ?? 0) - (b.code ?? 0));
    for (const answer of inOrder) {
      const finding = this.#one(answer);
      if (finding !== null) return finding;
    }
    return null;
  }

  #one(answer: FinalAnswer): Finding | null {
    const { letter, fate, code, text } = answer;
    const { requirement, codes } = expectFate(fate, { numberedCodes: this.numberedCodes });
    const actual = `${code} ${text}`;
    if (code === null || !codes.includes(code)) {
      return { requirement, expected: `${codes.join(' or ')} to ${letter}, which is: ${fate}`, actual };
    }
    if (fate !== 'stored') return null;
    return this.numberedCodes ? this.#numbered(answer, actual) : this.#canonical(answer, actual);
  }

  #canonical({ letter, text }: FinalAnswer, actual: string): Finding | null {
    const id = stored.exec(text)?.[1];
    if (id === undefined) return { requirement: 'DMTP-055', expected: `OK [transaction id] to ${letter}`, actual };
    if (this.#ids.has(id)) {
      return { requirement: 'DMTP-105', expected: `an id of its own for ${letter}, whoever sends it`, actual };
    }
    this.#ids.add(id);
    return null;
  }

  #numbered({ letter, code, text }: FinalAnswer, actual: string): Finding | null {
    const fingerprint = named.exec(text)?.[1];
    if (fingerprint === undefined) return { requirement: 'DMTP-055', expected: `a fingerprint for ${letter}`, actual };
    const before = this.#known.get(letter);
    if (code === 254 && before !== undefined) {
      return { requirement: 'DMTP-020', expected: `255 to ${letter}, which was acknowledged before`, actual };
    }
    if (code === 255 && before !== fingerprint) {
      const why = before === undefined ? 'was never acknowledged' : `is known as ${before}`;
      return { requirement: 'DMTP-020', expected: `no other duplicate: ${letter} ${why}`, actual };
    }
    if (code === 254 && [...this.#known.values()].includes(fingerprint)) {
      return { requirement: 'DMTP-105', expected: `a fingerprint of its own for ${letter}`, actual };
    }
    this.#known.set(letter, fingerprint);
    return null;
  }
}
