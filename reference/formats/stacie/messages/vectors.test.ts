/** Every message of the published vectors, by its tcId. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  formatStacieMessage,
  kindNamed,
  parseStacieMessage,
  type StacieKind,
  StacieMessageError,
  type StacieRevision,
} from './index.js';

interface MessageVector {
  readonly tcId: number;
  readonly comment: string;
  readonly message: string;
  readonly drafts: readonly StacieRevision[];
  readonly text: string;
  readonly result: 'valid' | 'acceptable' | 'invalid';
  readonly requirement?: readonly string[];
  readonly interpretation?: readonly string[];
}

const file = JSON.parse(readFileSync(new URL('../../../../fixtures/stacie.json', import.meta.url), 'utf8'));
const vectors: readonly MessageVector[] = file.messages;
const runs = vectors.flatMap((vector) => vector.drafts.map((revision) => ({ ...vector, revision })));

function kindOf({ message, revision }: { message: string; revision: StacieRevision }): StacieKind {
  const kind = kindNamed(message, revision);
  if (kind === undefined) throw new Error(`no message ${message}`);
  return kind;
}

it('has 54 messages', () => expect(vectors).toHaveLength(54));

describe.each(runs.filter(({ result }) => result !== 'invalid'))('tcId $tcId, -$revision: $comment', (vector) => {
  const kind = kindOf(vector);
  it('is taken, and says the same when it is written again', () => {
    const value = parseStacieMessage(kind, vector.revision, vector.text);
    const text = formatStacieMessage(kind, vector.revision, value);
    expect(parseStacieMessage(kind, vector.revision, text)).toEqual(unskipped(value));
  });
});

/** What is skipped is not written. */
const unskipped = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'skipped' in value ? { ...value, skipped: [] } : value;

describe.each(runs.filter(({ result }) => result === 'invalid'))('tcId $tcId, -$revision: $comment', (vector) => {
  it('is refused, with the rows that the vector names', () => {
    const refusal = refused(vector);
    if (vector.requirement !== undefined) expect(vector.requirement).toContain(refusal.requirement);
    if (vector.interpretation !== undefined) expect(vector.interpretation).toContain(refusal.interpretation);
    expect(refusal.offset).toBeLessThanOrEqual(Buffer.byteLength(vector.text));
    expect(refusal.what).not.toBe('');
    expect(refusal.bound).not.toBe('');
  });
});

function refused(vector: MessageVector & { revision: StacieRevision }): StacieMessageError {
  try {
    parseStacieMessage(kindOf(vector), vector.revision, vector.text);
  } catch (error) {
    if (error instanceof StacieMessageError) return error;
    throw error;
  }
  throw new Error(`tcId ${vector.tcId} is taken`);
}
