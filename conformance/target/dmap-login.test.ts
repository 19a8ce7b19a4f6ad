import { describe, expect, it } from 'vitest';
import { readMethod } from './dmap-login.js';

const challenge = (password: object): string =>
  `+ ${Buffer.from(JSON.stringify({ methods: [{ password }] })).toString('base64')}\r\n`;
const right = { username: 'alice@example.org', salt: 'AAAA', nonce: 'AAAA', bonus: 1000 };

describe('the first answer to AUTHENTICATE STACIE', () => {
  it('tells what the password is derived with', () => {
    expect(readMethod(challenge(right))).toMatchObject({ username: 'alice@example.org', bonus: 1000 });
    expect(readMethod(challenge({ ...right, bonus: '7' })).bonus).toBe(7);
  });

  it.each([
    ['a bonus that would take hours', { ...right, bonus: 1e12 }, /has no bonus of 0 to 262144/],
    ['a bonus that is no number', { ...right, bonus: 'many' }, /has no bonus/],
    ['a salt without an end', { ...right, salt: 'A'.repeat(4000) }, /salt or nonce of more than 1024 octets/],
    ['no nonce', { username: 'a' }, /lacks username or nonce/],
  ])('is given up with %s', (_, password, why) => {
    expect(() => readMethod(challenge(password))).toThrow(why);
  });

  it('is given up when it is no JSON', () => {
    expect(() => readMethod('+ AAAA\r\n')).toThrow(/is no JSON/);
  });
});
