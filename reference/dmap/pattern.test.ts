import { describe, expect, it } from 'vitest';
import { createMatcher, PatternTooCostly } from './pattern.js';

const matches = (pattern: string, name: string): boolean => createMatcher(pattern, '/')(name);

describe('a pattern', () => {
  it.each([
    ['INBOX', 'INBOX', true],
    ['INBOX', 'INBOX/a', false],
    ['*', '', true],
    ['*', 'a/b/c', true],
    ['%', 'a', true],
    ['%', 'a/b', false],
    ['%/%', 'a/b', true],
    ['%/%', 'a/b/c', false],
    ['a%', 'a', true],
    ['a%', 'abc', true],
    ['*c', 'a/b/c', true],
    ['%c', 'a/b/c', false],
    ['a/%*', 'a/b/c', true],
    ['*%', 'a/b', true],
    ['%%', 'a/b', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
    ['x%y*z', 'xaya/bz', true],
    ['Größe/%', 'Größe/ß', true],
    ['%', '😀', true],
    ['😀%', '😀x', true],
    ['?', 'a', false],
  ])('%s over %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it('agrees with a regular expression that says the same', () => {
    const letters = ['a', 'b', '/', '*', '%'];
    const words = (length: number, from: readonly string[]): string[] =>
      length === 0 ? [''] : words(length - 1, from).flatMap((word) => from.map((letter) => word + letter));
    const names = [1, 2, 3, 4].flatMap((length) => words(length, letters.slice(0, 3)));
    for (const pattern of words(4, letters)) {
      const expression = new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/%/g, '[^/]*')}$`);
      const matcher = createMatcher(pattern, '/');
      const wrong = names.filter((name) => matcher(name) !== expression.test(name));
      expect(wrong, pattern).toEqual([]);
    }
  });

  it('takes no longer for many wildcards than for few', () => {
    const started = performance.now();
    expect(matches(`${'a*'.repeat(500)}b`, 'a'.repeat(1000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('is given up when a whole list of names costs too much', () => {
    const matcher = createMatcher(`${'a*'.repeat(500)}b`, '/');
    expect(() => {
      for (let name = 0; name < 1000; name++) matcher('a'.repeat(1000));
    }).toThrow(PatternTooCostly);
  });

  it('can disregard the case of ASCII letters', () => {
    expect(createMatcher('*@Dime.Example', '@', true)('ALICE@dime.example')).toBe(true);
    expect(createMatcher('*@x', '@')('a@X')).toBe(false);
  });
});
