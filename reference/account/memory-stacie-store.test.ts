import { describe, expect, it } from 'vitest';
import { createMemoryStacieStore, type StacieAccount, StoreFull } from './store.js';

const account = (username: string, bonus = 0): StacieAccount => ({
  username,
  salt: new Uint8Array(128),
  bonus,
  verificationToken: new Uint8Array(64),
  realms: [],
  nextIndex: new Map(),
});

describe('STACIE accounts in memory', () => {
  it('are found by their name, and none by another', () => {
    const store = createMemoryStacieStore({ accounts: [account('a@b.c')] });
    expect(store.stacieAccount('a@b.c')?.username).toBe('a@b.c');
    expect(store.stacieAccount('__proto__')).toBeNull();
    expect(store.stacieUsernames).toEqual(['a@b.c']);
  });
  it('are made once each', () => {
    const store = createMemoryStacieStore();
    expect(store.createStacieAccount(account('a', 1))).toBe(true);
    expect(store.createStacieAccount(account('a', 2))).toBe(false);
    expect(store.stacieAccount('a')?.bonus).toBe(1);
  });
  it('are bounded in number', () => {
    const store = createMemoryStacieStore({ mostAccounts: 1 });
    store.createStacieAccount(account('a'));
    expect(() => store.createStacieAccount(account('b'))).toThrow(StoreFull);
    expect(store.createStacieAccount(account('a'))).toBe(false);
  });
  it('are replaced only by who knows how they stand', () => {
    const first = account('a', 1);
    const store = createMemoryStacieStore({ accounts: [first] });
    expect(store.replaceStacieAccount(first, account('a', 2))).toBe(true);
    expect(store.replaceStacieAccount(first, account('a', 3))).toBe(false);
    expect(store.replaceStacieAccount(store.stacieAccount('a') ?? first, account('b'))).toBe(false);
    expect(store.stacieAccount('a')?.bonus).toBe(2);
  });
});
