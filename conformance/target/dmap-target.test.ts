import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from './embedded.js';
import { openTarget } from './open.js';
import type { Target } from './target.js';
import type { DmapTarget } from './target-file.js';

describe('a target file with a DMAP server', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dmap-target-'));
  const pem = path.join(folder, 'authorities.pem');
  let server: Target;
  let dmap: DmapTarget;

  beforeAll(async () => {
    server = await openEmbedded({ version: '0.0.0' });
    const [endpoint, stacie] = [server.profile.dmap, server.profile.stacie?.[0]];
    if (endpoint === undefined || typeof stacie?.trust !== 'object')
      throw new Error('the reference lacks its endpoints');
    writeFileSync(pem, stacie.trust.authorities);
    const { host, port } = endpoint;
    dmap = { host, port, trust: { pem }, accounts: [{ username: 'ann@example.com', password: 'a long secret' }] };
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('opens a target with the classes of a DMAP server', async () => {
    const target = await openTarget({ dmap: { ...dmap, idleMs: 900 } }, []);
    await target.close();
    expect(target.profile.claims).toEqual(['dmap-server', 'dmap-sync', 'dmap-submission', 'dmap-signet']);
    expect(target.profile.dmap).toMatchObject({ name: dmap.host, idleMs: 900, port: dmap.port });
    expect(target.profile.dmap?.accounts[0]).toMatchObject({ username: 'ann@example.com', mode: 'trustful' });
    expect(target.endpoints).toEqual([{ role: 'dmap', address: `${dmap.host}:${dmap.port}` }]);
    expect(JSON.stringify(target.profile)).not.toContain('a long secret');
  });

  it('is not followed when the server is another one', async () => {
    await expect(openTarget({ dmap: { ...dmap, trust: 'system' } }, [])).rejects.toThrow(/is not trusted \(/);
    await expect(openTarget({ dmap: { ...dmap, name: 'other.example' } }, [])).rejects.toThrow(/not to other\.example/);
  });

  it('says what is wrong with it', async () => {
    const missing = { ...dmap, trust: { pem: path.join(folder, 'none.pem') } };
    await expect(openTarget({ dmap: missing }, [])).rejects.toThrow(/^dmap: trust: pem: .*none\.pem/);
    const twice = { ...dmap, accounts: [...dmap.accounts, ...dmap.accounts] };
    await expect(openTarget({ dmap: twice }, [])).rejects.toThrow('dmap: accounts: ann@example.com stands there twice');
  });
});
