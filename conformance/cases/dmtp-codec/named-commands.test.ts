import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ArgumentRow, commandTable, lineOf, type NamedVerb, partsOf } from './named-commands.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly operation: string;
  readonly expected: {
    readonly result: string;
    readonly command?: string;
    readonly arguments?: readonly { readonly position: number; readonly name: string; readonly value: string }[];
    readonly formatted?: string;
  };
}

const file = new URL('../../../fixtures/dmtp-commands-libdime.json', import.meta.url);
const { cases: vectors } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Vector[] };
/** Lines that libdime read; NOOP is not in the table. */
const read = vectors.filter(({ operation, expected }) => operation === 'parse' && expected.command !== 'NOOP');

test.each(read.filter(({ expected }) => expected.result === 'ok'))(
  'the table has what libdime read in vector $tcId: $comment',
  ({ expected }) => {
    const verb = expected.command as NamedVerb;
    const rows: readonly ArgumentRow[] = commandTable[verb];
    const given = (expected.arguments ?? []).flatMap(({ position, value }) => {
      const row = rows[position];
      return row === undefined ? [] : [{ ...row, value }];
    });
    expect(given.map(({ name }) => name)).toEqual((expected.arguments ?? []).map(({ name }) => name));
    expect(lineOf(partsOf({ verb, given }), '\n')).toBe(expected.formatted);
  },
);
