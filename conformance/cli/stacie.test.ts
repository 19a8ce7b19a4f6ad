import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dimeConformance } from './cli.test-support.js';

interface Vectors {
  readonly derivation: readonly {
    readonly tcId: number;
    readonly inputs: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, string>> & {
      readonly draft_00: Readonly<Record<string, string>>;
      readonly draft_03: Readonly<Record<string, string>>;
    };
  }[];
  readonly encryption: readonly {
    readonly inputs: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, string>>;
  }[];
}
const fixture = new URL('../../fixtures/stacie.json', import.meta.url);
const { derivation, encryption } = JSON.parse(readFileSync(fixture, 'utf8')) as Vectors;
/** Appendix A of revision 03: 196,608 rounds and every kind of value. */
const [appendix] = derivation;
const [sealed] = encryption;
if (appendix === undefined || sealed === undefined) throw new Error('the fixture has no vectors');
const { username, password, salt, nonce, bonus, realm, shard } = appendix.inputs;
const wanted = appendix.outputs;

const account = ['--username', `${username}`, '--salt', `${salt}`];
const realmWords = ['--realm', `${realm}`, '--shard', `${shard}`];
const stacie = async (words: readonly string[], input = '') => await dimeConformance(['stacie', ...words], { input });

describe('dime-conformance stacie derive', () => {
  it('derives the appendix from the first line of standard input', async () => {
    const words = ['derive', ...account, '--nonce', `${nonce}`, '--bonus', `${bonus}`, ...realmWords, '--json'];
    const { status, stdout, stderr } = await stacie(words, `${password}\nsecond line\n`);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      rounds: wanted.rounds,
      seed: wanted.seed,
      masterKey: wanted.master_key,
      passwordKey: wanted.password_key,
      verificationToken: wanted.verification_token,
      ephemeralLoginToken: wanted.ephemeral_login_token,
      realmKey: wanted.draft_03.realm_key,
      vectorKey: wanted.draft_03.vector_key,
      tagKey: wanted.draft_03.tag_key,
      cipherKey: wanted.draft_03.cipher_key,
    });
    expect(status).toBe(0);
  });

  it('prints names and values in columns for a person', async () => {
    const { status, stdout } = await stacie(['derive', '--username', 'someone'], 'a long password of many letters\n');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^rounds {13}8\nseed {15}[\w-]{86}\nmasterKey {10}[\w-]{86}\n/);
  });

  it('takes all of standard input when asked: the line end counts', async () => {
    const words = ['derive', '--username', 'someone', '--json'];
    const lines = await Promise.all([
      stacie([...words, '--whole-input'], 'a long password of many letters\n'),
      stacie(words, 'a long password of many letters\n'),
    ]);
    expect(new Set(lines.map(({ stdout }) => stdout)).size).toBe(2);
  });

  it('warns of an unusual salt and derives all the same', async () => {
    const words = ['derive', '--username', 'u', '--salt', 'A'.repeat(88), '--json'];
    const { status, stdout, stderr } = await stacie(words, 'a long password of many letters');
    expect(stderr).toBe('dime-conformance: salt has 66 octets, which is no multiple of 32 (section 1.2, STACIE-065)\n');
    expect(JSON.parse(stdout)).toMatchObject({ rounds: 8 });
    expect(status).toBe(0);
  });

  it('tells what is wrong in one line', async () => {
    const results = await Promise.all([
      stacie(['derive', ...account], ''),
      stacie(['derive', ...account], '\n'),
      stacie(['derive', '--username', 'u', '--salt', 'AAAA'], 'password'),
      stacie(['derive', '--username', 'u', '--salt', 'AA=='], 'password'),
      stacie(['derive', ...account, '--bonus', '-1'], 'password'),
      stacie(['derive', ...account, '--ceiling', '1000'], 'password'),
      stacie(['derive', ...account, '--realm', 'mail'], 'password'),
      stacie(['derive'], 'password'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 2));
    expect(results.map(({ stdout }) => stdout).join('')).toBe('');
    expect(results.map(({ stderr }) => stderr)).toEqual([
      'dime-conformance: standard input has no password: give it as the first line\n',
      'dime-conformance: STACIE password is empty; right is at least 1 character (section 1.2, STACIE-I-04)\n',
      'dime-conformance: STACIE salt has 3 octets; right is at least 64 octets, or none given at all (section 1.2, STACIE-064)\n',
      expect.stringMatching(/^dime-conformance: STACIE --salt is padded with "=" at character 2; .+\n$/),
      expect.stringMatching(/^dime-conformance: .*--bonus.+Not a whole number.+\n$/),
      expect.stringMatching(/^dime-conformance: STACIE rounds would be 65,536; right is at most the 1,000 that .+\n$/),
      'dime-conformance: --realm and --shard go together\n',
      expect.stringMatching(/^dime-conformance: .*--username.+\n$/),
    ]);
  });
});

describe('dime-conformance stacie realm', () => {
  it('makes the keys of a realm in both revisions', async () => {
    const words = ['realm', '--master-key', `${wanted.master_key}`, ...realmWords, '--salt', `${salt}`, '--json'];
    const [third, first] = await Promise.all([stacie(words), stacie([...words, '--revision', '00'])]);
    expect(JSON.parse(third.stdout)).toMatchObject({ tagKey: wanted.draft_03.tag_key });
    expect(JSON.parse(first.stdout)).toEqual({
      realmKey: wanted.draft_00.realm_key,
      vectorKey: wanted.draft_00.realm_vector_key,
      cipherKey: wanted.draft_00.realm_cipher_key,
    });
  });
});

describe('dime-conformance stacie decrypt', () => {
  const envelope = `${sealed.outputs.encrypted_data}`;
  const realmKey = `${wanted.draft_03.realm_key}`;

  it('opens an envelope, from an option or a file', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'dime-stacie-')), 'sealed');
    writeFileSync(file, Buffer.from(envelope, 'base64url'));
    const cut = ['vector', 'tag', 'cipher'].flatMap((name) => [`--${name}-key`, `${sealed.inputs[`${name}_key`]}`]);
    const [whole, parts] = await Promise.all([
      stacie(['decrypt', '--realm-key', realmKey, '--envelope', envelope]),
      stacie(['decrypt', ...cut, '--file', file, '--json']),
    ]);
    expect(whole.stdout).toBe(`serial  0\ndata    ${sealed.inputs.buffer}\ntext    Attack at dawn!\n`);
    expect(JSON.parse(parts.stdout)).toEqual({ serial: 0, data: sealed.inputs.buffer, text: 'Attack at dawn!' });
  });

  it('tells what is wrong in one line', async () => {
    const results = await Promise.all([
      stacie(['decrypt', '--realm-key', `${salt}`, '--envelope', envelope]),
      stacie(['decrypt', '--realm-key', `${wanted.master_key}`, '--envelope', envelope]),
      stacie(['decrypt', '--realm-key', realmKey]),
      stacie(['decrypt', '--tag-key', 'AAAA', '--envelope', envelope]),
      stacie(['decrypt', '--realm-key', realmKey, '--file', '/nowhere/at/all']),
    ]);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 2));
    expect(results.map(({ stderr }) => stderr.replace(/^dime-conformance: /, '').trimEnd())).toEqual([
      'STACIE realmKey has 128 octets; right is exactly 64 octets (section 1.7, STACIE-138)',
      'STACIE envelope does not open with these keys; right is one that they sealed (section 1.8, STACIE-I-48)',
      'give one of --envelope and --file',
      'give --realm-key, or all of --vector-key, --tag-key and --cipher-key',
      expect.stringMatching(/^--file \/nowhere\/at\/all: ENOENT/),
    ]);
  });
});
