import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../embedded.js';
import { startHostileStacie } from '../hostile-stacie.js';
import type { StacieEndpoint } from '../profile.js';
import type { Target } from '../target.js';
import { shapeError } from './schemas.js';
import { stacieLoginOperations } from './stacie-login.js';

const login = stacieLoginOperations['stacie.login'];

describe('stacie.login, on the reference server', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  function inputFor({ host, port, path, revision, trust, account }: StacieEndpoint): Record<string, unknown> {
    const { username, password } = account;
    const trusted = typeof trust === 'object' ? { trust: trust.authorities } : {};
    return { endpoint: `https://${host}:${port}${path}`, username, password: password(), revision, ...trusted };
  }

  it('logs in by either revision and gives the key ring', async () => {
    for (const endpoint of target.profile.stacie ?? []) {
      const result = await login(inputFor(endpoint));
      expect(shapeError('stacie.login.result', result)).toBeNull();
      expect(result).toMatchObject({ authenticated: true, keys: [{ realm: 'mail', index: 0 }] });
    }
  });

  it('says when the password is wrong, and refuses a certificate of nobody known', async () => {
    const [endpoint] = target.profile.stacie ?? [];
    if (endpoint === undefined) throw new Error('the embedded target has no STACIE server');
    const input = inputFor(endpoint);
    expect(await login({ ...input, password: 'x'.repeat(24) })).toEqual({ authenticated: false, keys: [] });
    const { trust: _, ...untrusting } = input;
    await expect(async () => await login(untrusting)).rejects.toMatchObject({ requirement: 'STACIE-215' });
  });
});

it('stacie.login refuses the answer of a hostile server, and names the row', async () => {
  const answer = '{"methods":[{"password":{"username":"u@example.tld","salt":"AAAA","nonce":"AAAA"}}]}';
  const server = await startHostileStacie({ answer: () => ({ body: answer }) });
  const { endpoint, certificate: trust } = server;
  const input = { endpoint, trust, username: 'u@example.tld', password: 'x'.repeat(24), revision: '03' };
  await expect(async () => await login(input)).rejects.toMatchObject({
    name: 'OperationRefusal',
    requirement: expect.stringMatching(/^STACIE-0(22|27)$/),
  });
  expect(server.requests).toHaveLength(1);
  server.close();
});
