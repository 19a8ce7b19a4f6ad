import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysOf, serializeKeys } from '../../reference/formats/signet/index.js';
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

  it('says who may submit to whom, from files with signets and keys', async () => {
    const known = server.profile.dmap?.submission;
    if (known === undefined) throw new Error('nobody submits at the reference');
    const { author, origin, recipient } = known;
    const keysFile = (seed: Uint8Array) => serializeKeys(keysOf('dime-2015', 'user', seed, new Uint8Array(32).fill(1)));
    const put = (name: string, octets: Uint8Array): string => {
      writeFileSync(path.join(folder, name), octets);
      return path.join(folder, name);
    };
    const files = {
      author: {
        name: author.name,
        signet: put('author', author.signet),
        keys: put('keys', keysFile(author.signingSeed())),
        earlierKeys: [put('earlier', keysFile(new Uint8Array(32).fill(2)))],
      },
      origin: { signet: put('origin', origin.signet) },
      recipient: { name: recipient.name, signet: put('recipient', recipient.signet) },
      options: { denied: ['DSN (DELAY)'] },
    };
    const accounts = [author.name, recipient.name].map((username) => ({ username, password: 'a long secret' }));
    const target = await openTarget({ dmap: { ...dmap, accounts, submission: files } }, []);
    await target.close();
    const { submission } = target.profile.dmap ?? {};
    expect(submission).toMatchObject({
      author: { name: author.name, fingerprint: author.fingerprint },
      origin,
      recipient,
      options: { honoured: [], denied: ['DSN (DELAY)'], misused: [] },
    });
    expect(submission?.author.signingSeed()).toEqual(author.signingSeed());
    expect(submission?.earlierSeeds.map((seed) => seed())).toEqual([new Uint8Array(32).fill(2)]);
    const failure = (submission: object) =>
      openTarget({ dmap: { ...dmap, accounts, submission: { ...files, ...submission } } }, []);
    await expect(failure({ recipient: files.author })).rejects.toThrow('it has to be another account');
    await expect(failure({ recipient: { ...files.recipient, name: 'eve@example.com' } })).rejects.toThrow(
      'dmap: submission: recipient: eve@example.com is none of the accounts',
    );
    await expect(failure({ author: { ...files.author, keys: files.author.earlierKeys[0] ?? '' } })).rejects.toThrow(
      'does not hold the signing key',
    );
  });
});
