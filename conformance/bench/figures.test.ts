import { describe, expect, it } from 'vitest';
import { type Figure, formatJson, formatTable, isMet } from './figures.js';

const figure = (changes: Partial<Figure>): Figure => ({
  name: 'work',
  unit: '/s',
  ours: 1500,
  other: 1000,
  ratio: 1.5,
  goal: { of: 'ratio', bound: 'at least', value: 1.5 },
  ...changes,
});

describe('a goal', () => {
  it.each([
    ['a ratio that reaches it', {}, true],
    ['a ratio below it', { ratio: 1.49 }, false],
    ['a ratio that was not measured', { ratio: null }, false],
    ['a ratio of nothing', { ratio: Number.NaN }, false],
    ['a figure over its bound', { ours: 65, goal: { of: 'ours', bound: 'at most', value: 64 } }, false],
    ['a figure at its bound', { ours: 64, goal: { of: 'ours', bound: 'at most', value: 64 } }, true],
    ['no demand', { goal: null }, null],
  ] as const)('%s', (_, changes, met) => {
    expect(isMet(figure(changes))).toBe(met);
  });
});

it('prints a line a figure, then the remarks', () => {
  const table = formatTable([
    figure({}),
    figure({ name: 'memory', unit: 'MiB', ours: 70.25, other: null, ratio: null, remark: 'of 256 MiB', goal: null }),
    figure({ name: 'slow', ours: 1_234_567, ratio: 0.5 }),
  ]);
  expect(table).toBe(
    [
      'name    ours          other     ratio  goal',
      'work    1,500 /s      1,000 /s  1.5    at least 1.5  met',
      'memory  70.3 MiB      -         -      -',
      'slow    1,234,567 /s  1,000 /s  0.5    at least 1.5  NOT MET',
      '',
      'memory: of 256 MiB',
    ].join('\n'),
  );
});

it('prints the same as JSON, with the verdict', () => {
  const { node, figures } = JSON.parse(formatJson([figure({ ratio: 1 })], { node: 'v20' }));
  expect(node).toBe('v20');
  expect(figures).toEqual([{ ...figure({ ratio: 1 }), met: false }]);
});
