/** What an implementer does without writing code: keys, signets and records, from nothing to a verdict. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeArmor } from '../../reference/formats/armor.js';
import { fingerprintOf, fingerprintText, parseKeys, parseSignet } from '../../reference/formats/signet/index.js';
import { libdimeVectors, named } from '../../reference/formats/signet/vectors.test-support.js';
import { act } from './command.test-support.js';
import { explainCommand } from './explain.js';
import { keysCommand } from './keys.js';
import { recordCommand } from './record.js';
import { signetCommand } from './signet.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dime-by-hand-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);
const armored = (name: string): Uint8Array => decodeArmor(readFileSync(at(name), 'utf8')).data;
const keys = async (...words: string[]) => await act(keysCommand, words);
const signet = async (...words: string[]) => await act(signetCommand, words);
const record = async (...words: string[]) => await act(recordCommand, words);
const explain = async (...words: string[]) => await act(explainCommand, words);
const json = async (run: Promise<{ stdout: string }>): Promise<Record<string, unknown>> =>
  JSON.parse((await run).stdout) as Record<string, unknown>;

/** The keys and signets that the tests share: an organization, and alice with her first and her second signet. */
beforeAll(async () => {
  await keys('generate', '--type', 'organization', '--output', at('org.keys'));
  await keys('generate', '--type', 'user', '--output', at('alice.keys'));
  await keys('generate', '--type', 'user', '--output', at('next.keys'));
  const identifiable = ['--as', 'identifiable', '--identifier'];
  await signet('organization', '--keys', at('org.keys'), ...identifiable, 'example.com', '--output', at('org.signet'));
  await signet('request', '--keys', at('alice.keys'), '--output', at('alice.request'));
  const signer = ['--keys', at('org.keys'), '--organization', at('org.signet')];
  await signet(
    'sign',
    at('alice.request'),
    ...signer,
    '--field',
    '16=Alice',
    ...identifiable,
    'alice@example.com',
    '--output',
    at('alice.signet'),
  );
  const before = ['--previous-keys', at('alice.keys'), '--previous', at('alice.signet')];
  await signet('request', '--keys', at('next.keys'), ...before, '--output', at('next.request'));
  await signet('sign', at('next.request'), ...signer, '--previous', at('alice.signet'), '--output', at('next.signet'));
  await record('make', '--keys', at('org.keys'), '--deliver', 'dx.example.com', '--output', at('record.txt'));
});

describe('dime-conformance signet', () => {
  const verify = (...words: string[]) => json(signet('verify', '--json', ...words));

  it('makes what verifies: organization, user, and the chain of custody', async () => {
    expect(await verify(at('org.signet'), '--record', at('record.txt'))).toMatchObject({
      valid: true,
      state: 'identifiable',
    });
    const organization = ['--organization', at('org.signet')];
    expect(await verify(at('alice.signet'), ...organization)).toMatchObject({ valid: true, state: 'identifiable' });
    const chain = [at('next.signet'), ...organization, '--previous', at('alice.signet')];
    expect(await verify(...chain)).toMatchObject({ valid: true, state: 'cryptographic' });
    expect(await verify(at('alice.request'))).toMatchObject({ valid: true, state: 'signing-request' });
  });

  it('says by its exit status and by the requirement that a signet is not valid', async () => {
    const { status, stdout } = await signet('verify', at('next.signet'), '--organization', at('org.signet'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^valid +false\nstate +broken-chain\n(?:.*\n)*requirement +SIG-062$/m);
    expect(await verify(at('org.signet'))).toMatchObject({ valid: false, state: 'unknown', requirement: 'SIG-052' });
  });

  it('splits without signing anew, and prints fingerprints as they are on the wire', async () => {
    await signet('split', at('alice.signet'), '--as', 'full', '--binary', '--output', at('alice.full'));
    const octets = new Uint8Array(readFileSync(at('alice.full')));
    expect(octets.subarray(5)).toEqual(armored('alice.signet').subarray(5, octets.length));
    const wanted = fingerprintText(fingerprintOf(parseSignet('dime-2015', octets), 'full'));
    const printed = await signet('fingerprint', at('alice.signet'), '--kind', 'full');
    expect(printed.stdout).toBe(`${wanted}\n`);
    await expect(signet('fingerprint', at('alice.full'), '--kind', 'identifiable')).rejects.toThrow(
      'no identifiable form',
    );
  });

  it('prints the fingerprints that libdime computes', async () => {
    const vector = libdimeVectors.cases.find(({ tcId }) => tcId === 26);
    if (vector === undefined || vector.expected.parse === 'error') throw new RangeError('no vector');
    writeFileSync(at('vector.signet'), Buffer.from(vector.input.data, 'base64'));
    const { crypto, full, id } = vector.expected.fingerprints;
    const facts = await json(signet('fingerprint', at('vector.signet'), '--json'));
    expect(facts).toEqual({ cryptographic: crypto, full, identifiable: id });
  });

  it('refuses in one line what must not be signed', async () => {
    const sign = (...words: string[]) => signet('sign', ...words);
    await expect(sign(at('next.request'), '--keys', at('org.keys'))).rejects.toThrow(/SIG-059/);
    await expect(
      sign(at('alice.request'), '--keys', at('alice.keys'), '--organization', at('org.signet')),
    ).rejects.toThrow(/SIG-043/);
    await expect(sign(at('alice.request'), '--keys', at('org.keys'), '--field', 'x')).rejects.toThrow('--field x');
    await expect(signet('request', '--keys', at('org.keys'))).rejects.toThrow('type organization, not user');
    await expect(signet('split', at('alice.request'), '--as', 'full')).rejects.toThrow(/SIG-047/);
    await expect(signet('verify', at('nowhere'))).rejects.toMatchObject({ name: 'Misuse' });
  });

  it.each(['dime-2015-magma', 'prime'])('speaks %s as well', async (profile) => {
    const file = (name: string): string => at(`${profile}.${name}`);
    for (const type of ['organization', 'user']) {
      await keys('generate', '--type', type, '--profile', profile, '--output', file(`${type}.keys`));
    }
    await signet(
      'organization',
      '--keys',
      file('organization.keys'),
      '--profile',
      profile,
      '--output',
      file('organization'),
    );
    await signet('request', '--keys', file('user.keys'), '--profile', profile, '--output', file('request'));
    const signer = ['--keys', file('organization.keys'), '--organization', file('organization')];
    await signet('sign', file('request'), ...signer, '--output', file('user'));
    const facts = await verify(file('user'), '--organization', file('organization'));
    expect(facts).toMatchObject({ valid: true, state: 'cryptographic', profile });
    expect((await explain(file('user'), '--organization', file('organization'))).status).toBe(0);
  });

  it('takes secondary keys with what they may sign, files as fields, and fields with a name', async () => {
    const { signingPublicBase64: secondary } = await json(keys('parse', at('next.keys'), '--json'));
    writeFileSync(at('photo'), Buffer.of(1, 2, 3));
    const more = [
      '--secondary',
      `${String(secondary)}=signet,tls`,
      '--field',
      `252=@${at('photo')}`,
      '--field',
      '251=Colour=red',
    ];
    await signet('organization', '--keys', at('org.keys'), '--as', 'full', ...more, '--output', at('more.signet'));
    const { fields } = parseSignet('dime-2015', armored('more.signet'));
    expect(fields.first(2)?.data[0]).toBe(5);
    expect(fields.first(252)?.data).toEqual(Uint8Array.of(1, 2, 3));
    expect(Buffer.from(fields.first(251)?.name ?? []).toString()).toBe('Colour');
    const bySecondary = ['--keys', at('next.keys'), '--organization', at('more.signet')];
    expect((await signet('sign', at('alice.request'), ...bySecondary, '--output', at('secondary.signet'))).status).toBe(
      0,
    );
  });
});

describe('dime-conformance keys', () => {
  it('writes armored files that only their owner reads', () => {
    expect(readFileSync(at('org.keys'), 'utf8')).toMatch(/^-----BEGIN ORGANIZATIONAL KEY-----\n/);
    expect(statSync(at('org.keys')).mode & 0o777).toBe(0o600);
    expect(parseKeys('dime-2015', armored('alice.keys')).type).toBe('user');
  });

  it('never writes over a file without --force, and then leaves neither its mode nor its octets', async () => {
    const generate = (...words: string[]) => keys('generate', '--type', 'user', '--output', at('loose'), ...words);
    writeFileSync(at('loose'), 'before');
    chmodSync(at('loose'), 0o644);
    await expect(generate()).rejects.toThrow('--force writes over it');
    expect(readFileSync(at('loose'), 'utf8')).toBe('before');
    await generate('--force');
    expect(statSync(at('loose')).mode & 0o777).toBe(0o600);
    symlinkSync(at('victim'), at('link'));
    await expect(keys('generate', '--type', 'user', '--output', at('link'))).rejects.toThrow('there is such a file');
    expect(existsSync(at('victim'))).toBe(false);
  });

  it('prints public halves; private ones when asked', async () => {
    const known = named(libdimeVectors.keys, 'user');
    writeFileSync(at('vector.keys'), known.armoredKey);
    const { signingPublic, encryptionPublic, signingPrivate } = known;
    const facts = await json(keys('parse', at('vector.keys'), '--json'));
    expect(facts).toMatchObject({ type: 'user', profile: 'dime-2015', signingPublic, encryptionPublic });
    expect(facts.signingPrivate).toBeUndefined();
    expect(await json(keys('parse', at('vector.keys'), '--json', '--secrets'))).toMatchObject({ signingPrivate });
  });

  it('encrypts under a realm key, and decrypts to the same octets', async () => {
    writeFileSync(at('realm'), `${randomBytes(64).toString('base64url')}\n`);
    writeFileSync(at('other-realm'), randomBytes(64));
    await keys('generate', '--type', 'user', '--profile', 'prime', '--output', at('prime.keys'));
    await keys('encrypt', at('prime.keys'), '--realm-key', at('realm'), '--output', at('encrypted'));
    expect(readFileSync(at('encrypted'), 'utf8')).toContain('BEGIN ENCRYPTED USER KEY');
    await keys('decrypt', at('encrypted'), '--realm-key', at('realm'), '--output', at('decrypted.keys'));
    expect(armored('decrypted.keys')).toEqual(armored('prime.keys'));
    const wrong = keys('decrypt', at('encrypted'), '--realm-key', at('other-realm'), '--output', at('never'));
    await expect(wrong).rejects.toThrow(/SIG-094/);
    expect(existsSync(at('never'))).toBe(false);
  });

  it('takes the signing key of PEM, as serve keeps it', async () => {
    const pem =
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n';
    writeFileSync(at('primary.key'), pem);
    await keys('generate', '--type', 'organization', '--signing', at('primary.key'), '--output', at('from-pem.keys'));
    // RFC 8032 section 7.1, test 1.
    expect(await json(keys('parse', at('from-pem.keys'), '--json'))).toMatchObject({
      signingPublic: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    });
  });
});

describe('dime-conformance record', () => {
  const certificate = at('dx.crt');
  beforeAll(async () => {
    const keyPair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const made = await X509CertificateGenerator.createSelfSigned(
      { name: 'CN=dx.example.com', keys: keyPair },
      webcrypto,
    );
    writeFileSync(certificate, made.toString('pem'));
  });

  it('makes a record with the signing key of the organization as its primary key', async () => {
    const { signingPublicBase64 } = await json(keys('parse', at('org.keys'), '--json'));
    expect(readFileSync(at('record.txt'), 'utf8')).toBe(`ver=1 pok=${String(signingPublicBase64)} dx=dx.example.com\n`);
    const zone = await record('make', '--keys', at('org.keys'), '--policy', 'strict', '--zone', 'Example.com');
    expect(zone.stdout).toBe(`_dx.example.com. 300 IN TXT "ver=1 pok=${String(signingPublicBase64)} pol=strict"\n`);
  });

  it('signs certificates, and verify finds the signature', async () => {
    const signed = ['--keys', at('org.keys'), '--certificate', certificate];
    await record('make', ...signed, '--output', at('signed.txt'));
    const found = await record('verify', at('signed.txt'), '--certificate', certificate);
    expect(found.status).toBe(0);
    expect(found.stdout).toMatch(/^certificate +signed: tls value 1, by primary key 1$/m);
    const { stdout } = await record('sign-certificate', certificate, '--keys', at('org.keys'));
    expect(readFileSync(at('signed.txt'), 'utf8')).toContain(`tls=${stdout.trim()}`);
    expect((await record('verify', at('record.txt'), '--certificate', certificate)).status).toBe(1);
  });

  it('tells what is wrong with a record, or with what it should be made of', async () => {
    writeFileSync(at('bad.txt'), 'ver=2');
    const { status, stdout } = await record('verify', at('bad.txt'));
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^requirement +REC-022$/m)]);
    await expect(record('make')).rejects.toThrow('give --keys or --primary');
    await expect(record('make', '--primary', 'AAAA')).rejects.toThrow(/REC-026/);
    await expect(record('make', '--primary', 'é')).rejects.toThrow('not standard base64');
  });
});

describe('dime-conformance explain', () => {
  it('exits with 0, 1 or 2', async () => {
    expect((await explain(at('alice.signet'), '--organization', at('org.signet'))).status).toBe(0);
    writeFileSync(at('junk'), 'junk');
    expect((await explain(at('junk'))).status).toBe(1);
    writeFileSync(at('empty'), '');
    for (const words of [
      [at('empty')],
      [at('nowhere')],
      [folder],
      [at('junk'), '--keys', at('org.keys')],
      [at('junk'), '--party', 'x'],
    ]) {
      await expect(explain(...words)).rejects.toMatchObject({ name: 'Misuse' });
    }
  });

  it('prints a text with columns, or JSON', async () => {
    const { stdout } = await explain(at('alice.signet'), '--organization', at('org.signet'));
    expect(stdout.split('\n')[0]).toMatch(/^user signet, identifiable form, profile dime-2015, \d+ octets$/);
    expect(stdout).toMatch(
      /^ {3}\d{3} {6}\d\d {2}255 Organizational-Signature \(identifiable\) +holds [0-9a-f]{128}$/m,
    );
    expect(await json(explain(at('alice.signet'), '--json'))).toMatchObject({ kind: 'signet', valid: true });
  });
});
