import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberedList } from './numbered-list.js';

it('does what an array with gaps does', () => {
  const number = fc.integer({ min: 1, max: 3_000 });
  const step = fc.oneof(fc.record({ set: number, item: fc.nat() }), fc.record({ remove: number }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const list = new NumberedList<number>();
      const model: (number | undefined)[] = new Array(5_000).fill(undefined);
      for (const each of steps) {
        if ('set' in each) {
          list.set(each.set, each.item);
          model[each.set - 1] = each.item;
        } else {
          list.remove(each.remove);
          model.splice(each.remove - 1, 1);
        }
      }
      const expected = model.flatMap((item, index) => (item === undefined ? [] : [[index + 1, item]]));
      expect([...list.entries()]).toEqual(expected);
      for (const [at, item] of expected) expect(list.get(at ?? 0)).toBe(item);
    }),
    { numRuns: 30 },
  );
});
