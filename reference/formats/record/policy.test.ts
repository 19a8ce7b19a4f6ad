import { describe, expect, it } from 'vitest';
import {
  copyState,
  expirationOf,
  messagePolicies,
  type RecordCopy,
  refreshedCopy,
  subdomainPolicies,
} from './index.js';

const day = 86_400;

describe('copyState, row by row of section 5.3', () => {
  const noExpiry: RecordCopy = { retrievedAt: 1000, ttl: 300, expiry: 0 };
  const twoDays: RecordCopy = { ...noExpiry, expiry: 2 };
  it.each<[string, RecordCopy, number, string]>([
    ['TTL not passed', noExpiry, 1299, 'fresh'],
    ['TTL passed, no expiration', noExpiry, 1300, 'drop'],
    ['TTL not passed, expiration far', twoDays, 1299, 'fresh'],
    ['TTL passed, expiration not reached (REC-053)', twoDays, 1300, 'refresh'],
    ['one second before expiration', twoDays, 1000 + 2 * day - 1, 'refresh'],
    ['expiration reached (REC-054)', twoDays, 1000 + 2 * day, 'drop'],
    ['expiration passed though the TTL is not', { ...twoDays, ttl: 9 * day }, 1000 + 2 * day, 'drop'],
    ['a TTL of 0 is over at once', { ...noExpiry, ttl: 0 }, 1000, 'drop'],
  ])('%s', (_row, copy, now, state) => expect(copyState({ ...copy, now })).toBe(state));

  it('keeps the first expiration over refreshes (REC-052)', () => {
    const renewed = refreshedCopy(twoDays, { retrievedAt: 1000 + day, ttl: 600, expiry: 90 });
    expect(renewed.ttl).toBe(600);
    expect(expirationOf(renewed)).toBe(1000 + 2 * day);
    const again = refreshedCopy(renewed, { retrievedAt: 1000 + 1.5 * day, ttl: 600, expiry: 90 });
    expect(expirationOf(again)).toBe(1000 + 2 * day);
  });

  it('takes the expiration of the new copy when the old had none', () => {
    expect(expirationOf(refreshedCopy(noExpiry, { retrievedAt: 2000, ttl: 1, expiry: 1 }))).toBe(2000 + day);
    expect(expirationOf(noExpiry)).toBeNull();
  });
});

it('numbers the policies as sections 3.5 and 3.7 do', () => {
  const numbers = (policies: object) => Object.entries(policies).map(([name, { number }]) => [number, name]);
  expect(numbers(messagePolicies)).toEqual([
    [0, 'experimental'],
    [1, 'mixed'],
    [2, 'strict'],
  ]);
  expect(numbers(subdomainPolicies)).toEqual([
    [0, 'strict'],
    [1, 'relaxed'],
    [2, 'explicit'],
  ]);
});
