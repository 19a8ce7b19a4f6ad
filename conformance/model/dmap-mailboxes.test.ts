import { describe, expect, it } from 'vitest';
import { MailboxTree, matchesPattern, type TreeChange } from './dmap-mailboxes.js';

/** Carries out changes that are answered with OK. */
function treeAfter(...changes: readonly TreeChange[]): MailboxTree {
  const tree = new MailboxTree('m');
  for (const change of changes) {
    expect(tree.answers(change)).toContain('OK');
    tree.apply(change);
  }
  return tree;
}

const create = (name: string): TreeChange => ({ command: 'CREATE', name });
const remove = (name: string): TreeChange => ({ command: 'DELETE', name });
const rename = (name: string, to: string): TreeChange => ({ command: 'RENAME', name, to });
const seen = (names: Readonly<Record<string, boolean>>): Map<string, boolean> => new Map(Object.entries(names));

describe('a pattern', () => {
  it.each([
    ['*', 'a/b', true],
    ['%', 'a/b', false],
    ['%', 'ü', true],
    ['a*', 'a', true],
    ['a%c', 'abc', true],
    ['a%c', 'a/c', false],
    ['%/%', 'a/b/c', false],
    ['%*', 'a/b/c', true],
    ['a.b', 'axb', false],
    ['(a|b)+[c]^$\\', '(a|b)+[c]^$\\', true],
    ['*', 'a\nb', true],
  ])('%s against %s', (pattern, name, matches) => {
    expect(matchesPattern(pattern, name)).toBe(matches);
  });
});

describe('a tree of mailboxes', () => {
  it('has each name once, and no name that is not there', () => {
    const tree = treeAfter(create('m/a'));
    expect(tree.answers(create('m/a'))).toEqual(['NO']);
    expect(tree.answers(remove('m/b'))).toEqual(['NO']);
    expect(tree.answers(rename('m/b', 'm/c'))).toEqual(['NO']);
    expect(tree.answers(rename('m/a', 'm/a/b'))).toEqual(['NO']);
    expect(tree.compare(seen({}))).toBe('"m/a" is a mailbox and not listed as one');
    expect(tree.compare(seen({ 'm/a': true, 'm/b': true }))).toBe('"m/b" is listed and should not be there');
  });

  it('takes superiors that were made, that are levels, and that are not there', () => {
    for (const superior of [{ 'm/a': true }, { 'm/a': false }, {}]) {
      const tree = treeAfter(create('m/a/b'));
      expect(tree.compare(seen({ ...superior, 'm/a/b': true }))).toBeNull();
      expect(tree.mailboxes.has('m/a')).toBe(superior['m/a'] === true);
    }
  });

  it('lets a deleted superior be a level and no mailbox, and not be deleted again', () => {
    const tree = treeAfter(create('m/a'), create('m/a/b'), remove('m/a'));
    expect(tree.compare(seen({ 'm/a': false, 'm/a/b': true }))).toBeNull();
    expect(tree.compare(seen({ 'm/a/b': true }))).toBeNull();
    expect(tree.compare(seen({ 'm/a': true, 'm/a/b': true }))).toBe('"m/a" was deleted and is listed as a mailbox');
    expect(tree.answers(remove('m/a'))).toEqual(['NO']);
  });

  it('moves inferiors, and leaves subscriptions where they are', () => {
    const tree = treeAfter(create('m/a'), create('m/a/b'), { command: 'SUBSCRIBE', name: 'm/a' }, rename('m/a', 'm/c'));
    expect([...tree.mailboxes].sort()).toEqual(['m/c', 'm/c/b']);
    expect([...tree.subscribed]).toEqual(['m/a']);
    expect(tree.isPlain(rename('m/c', 'm/d'))).toBe(true);
  });
});
