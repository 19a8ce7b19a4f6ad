import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleKeys, sampleSignets } from './account/store.js';
import { decodeArmor, encodeArmor } from './formats/armor.js';
import { generateKeys, parseKeys, parseSignet, serializeKeys, validateSignet } from './formats/signet/index.js';
import { type KeyFolder, openKeyFolder } from './key-folder.js';
import { keepSignetKeys, seedOf, writeSignets } from './signet-folder.js';

const domain = 'example.com';
let folder: KeyFolder;
beforeAll(async () => {
  folder = await openKeyFolder(mkdtempSync(join(tmpdir(), 'dime-signets-')), `dx.${domain}`, new Date());
});
afterAll(() => rmSync(folder.path, { recursive: true, force: true }));

const start = async () => {
  const kept = await keepSignetKeys(folder, sampleKeys(domain, randomBytes, seedOf(folder.primaryKey)));
  return writeSignets(folder, sampleSignets(domain, randomBytes, kept));
};
const armored = (path: string): Uint8Array => decodeArmor(readFileSync(path, 'utf8')).data;

describe('the signets in a key folder', () => {
  it('are made at the first start, and the same at the next', async () => {
    const first = await start();
    const texts = first.map(({ signet }) => readFileSync(signet, 'utf8'));
    expect(first.map(({ name, serial }) => `${name} ${serial}`)).toEqual([
      ...['example.com', 'alice@example.com', 'bob@example.com'].flatMap((name) =>
        [1, 2, 3].map((n) => `${name} ${n}`),
      ),
      // Locked accounts have one each.
      ...['locked', 'idle', 'abuser', 'paused'].map((local) => `${local}@example.com 1`),
    ]);
    expect(await start()).toEqual(first);
    expect(first.map(({ signet }) => readFileSync(signet, 'utf8'))).toEqual(texts);
    expect(readdirSync(join(folder.path, 'signets'))).toHaveLength(26);
  });

  it('are valid under the primary key of the record, and have their private keys beside them', async () => {
    const files = await start();
    const pok = new Uint8Array(Buffer.from(folder.primaryPublic, 'base64'));
    const own = files.filter(({ name }) => name === domain).at(-1);
    const organization = parseSignet('dime-2015', armored(own?.signet ?? ''));
    expect(validateSignet(organization, { primaryKeys: [pok] })).toEqual({ state: 'identifiable' });
    const alice = files.find(({ name }) => name === 'alice@example.com');
    const signet = parseSignet('dime-2015', armored(alice?.signet ?? ''));
    expect(validateSignet(signet, { organization })).toEqual({ state: 'identifiable' });
    const keys = parseKeys('dime-2015', armored(alice?.keys ?? ''));
    expect(signet.fields.first(2)?.data).toEqual(keys.encryptionPublic);
    for (const { keys: path } of files) expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('are refused when a file of keys is not what it should be', async () => {
    const [first] = await start();
    const path = first?.keys ?? '';
    const right = readFileSync(path, 'utf8');
    const other = serializeKeys(generateKeys('dime-2015', 'organization', randomBytes));
    const user = serializeKeys(generateKeys('dime-2015', 'user', randomBytes));
    for (const [content, why] of [
      ['nothing', 'holds no private keys: armor'],
      [encodeArmor('ORGANIZATIONAL KEY', other), 'has another signing key than primary.key'],
      [encodeArmor('USER KEY', user), 'holds keys of type user, not organization'],
    ] as const) {
      writeFileSync(path, content);
      await expect(start()).rejects.toThrow(why);
      await expect(start()).rejects.toThrow(path);
    }
    writeFileSync(path, right);
    await start();
  });
});
