import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReplay, parseReplay } from './replay.js';

describe('a replay token', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9-]+(?:\/[a-z0-9-]+){1,3}$/),
        fc.nat(),
        fc.array(fc.nat(999), { minLength: 1 }),
        (caseId, seed, path) => {
          const token = { caseId, seed, path: path.join(':') };
          expect(parseReplay(formatReplay(token))).toEqual(token);
        },
      ),
    );
  });

  it.each(['', 'a/b', 'a/b:1', 'a/b:x:0', 'a b:1:0', 'a/b:1:0:', '; rm -rf /:1:0'])('%j is none', (text) => {
    expect(() => parseReplay(text)).toThrow(/not of the form/);
  });
});
