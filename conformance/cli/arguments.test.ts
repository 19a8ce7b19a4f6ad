import { describe, expect, it } from 'vitest';
import { hostAndPort } from './arguments.js';

describe('a host and a port', () => {
  it.each([
    ['127.0.0.1:25', '127.0.0.1', 25],
    ['mail.example:65535', 'mail.example', 65_535],
    ['[::1]:2525', '::1', 2525],
  ])('%s', (text, host, port) => {
    expect(hostAndPort(text)).toEqual({ host, port });
  });

  it.each(['', 'host', ':25', 'host:', 'host:0', 'host:65536', '::1:25', '[::1]', 'a b:25'])('are not %j', (text) => {
    expect(() => hostAndPort(text)).toThrow('Not HOST:PORT');
  });
});
