/**
 * The client and the server with each other, where the tests of the adapter do not take them: the reading
 * `numbered-codes`, the named dialect, dual mode, IPv6 and rotated keys.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf, fingerprintText, parseSignet } from '../formats/signet/index.js';
import { type Reference, startReference } from '../server.js';
import { createDmtpClient, type DmtpClient, type DmtpClientOptions } from './client.js';
import { createDimeResolver, type DimeResolver } from './resolver.js';

const domain = 'reference.example';
let reference: Reference;
let user: string;
beforeAll(async () => {
  reference = await startReference({ domain, host: '::1', plainPort: true, numberedCodes: true });
  user = reference.accounts[0] ?? '';
});
afterAll(async () => {
  await reference.close(0);
});

const zones = (): DimeResolver => createDimeResolver({ server: reference.dns, anchors: [reference.trustAnchor] });

const client = (options: Partial<DmtpClientOptions> = {}): DmtpClient =>
  createDmtpClient({ resolver: zones(), ports: { 26: reference.dmtp.port }, ...options });

const fullFingerprint = (signet: Uint8Array): string =>
  fingerprintText(fingerprintOf(parseSignet('dime-2015', signet), 'full'));

describe.each(['positional', 'named'] as const)('in the %s dialect', (dialect) => {
  it('each understands the other', async () => {
    const { signet, ...route } = await client({ dialect }).lookup({ name: user });
    expect(route).toEqual({ state: 'full', dx: reference.dxName, port: 26, dnssec: 'secure' });
    const fingerprint = fullFingerprint(signet);
    expect(await client({ dialect }).verify({ name: user, fingerprint })).toMatchObject({ current: true });
    expect((await client({ dialect }).history({ name: user, start: fingerprint })).signets).toEqual([signet]);
  });
});

it('a key that is rotated while the client lives is followed', async () => {
  const living = client();
  const before = await living.lookup({ name: user });
  for (const _ of [1, 2]) reference.rotate(user);
  const after = await living.lookup({ name: user });
  expect(after.signet).not.toEqual(before.signet);
  expect(await living.verify({ name: user, fingerprint: fullFingerprint(before.signet) })).toMatchObject({
    current: false,
    latest: fullFingerprint(after.signet),
  });
});

it('in dual mode they speak TLS before anything else', async () => {
  const withoutHosts: DimeResolver = {
    ...zones(),
    record: async (asked) => {
      const resolved = await zones().record(asked);
      return { ...resolved, record: { ...resolved.record, deliver: [] } };
    },
    mailExchangers: async () => ({
      exchangers: [{ preference: 10, host: reference.dxName }],
      dnssec: 'secure',
      reason: null,
    }),
    addresses: async () => ({ addresses: [{ address: '::1', family: 6 }], dnssec: 'secure', reason: null }),
  };
  const ports = { 26: 1, 25: reference.plain?.port ?? 1 };
  const found = await client({ resolver: withoutHosts, ports }).lookup({ name: domain });
  expect(found).toMatchObject({ dx: reference.dxName, port: 25, state: 'full' });
});
