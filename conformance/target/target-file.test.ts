// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a target file takes ${NAME} from the environment
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTargetFile, readTargetFile } from './target-file.js';

const parse = (text: string, environment: NodeJS.ProcessEnv = {}) => parseTargetFile(text, 'x.yaml', environment);

describe('a target file', () => {
  it('needs no more than a host, a port, a domain and a trust rule', () => {
    expect(parse('domain: example.com\ntrust: none\ndmtp: { host: dx.example.com, port: 26 }\n')).toEqual({
      domain: 'example.com',
      trust: 'none',
      dmtp: { host: 'dx.example.com', port: 26 },
    });
  });

  it('takes texts from the environment, at any depth', () => {
    const text = 'adapter:\n  command: [./adapter, "--key=${KEY}"]\n  env: { TOKEN: "${KEY}-x" }\n';
    expect(parse(text, { KEY: 'secret' }).adapter).toEqual({
      command: ['./adapter', '--key=secret'],
      env: { TOKEN: 'secret-x' },
    });
  });

  it('takes a STACIE server, or one for each revision', () => {
    const text =
      'stacie: { endpoint: "https://a/s", revision: "03", trust: none, account: { username: u, password: "${PW}" } }\n';
    const { stacie } = parse(text, { PW: 'secret' });
    expect(stacie).toMatchObject({ endpoint: 'https://a/s', account: { username: 'u', password: 'secret' } });
  });

  it('takes a DMAP server with its accounts', () => {
    const text =
      'dmap: { host: a, port: 993, trust: { pem: ca.pem }, accounts: [{ username: u@a, password: "${PW}" }], idleMs: 500 }\n';
    expect(parse(text, { PW: 'secret' }).dmap?.accounts).toEqual([{ username: 'u@a', password: 'secret' }]);
    expect(() => parse(text, {})).toThrow(/dmap\.accounts\[0\]\.password: the environment has no variable PW/);
    expect(() => parse(text.replace(/accounts: .*\]/, 'accounts: []'), {})).toThrow(
      /dmap\.accounts: must NOT have fewer/,
    );
    expect(() => parse(text.replace('u@a,', 'u@a, mode: open,'), { PW: 'x' })).toThrow(/mode: must be one of trustful/);
    expect(() => parse(text.replace('trust: { pem: ca.pem }', 'trust: record'), { PW: 'x' })).toThrow(
      /dmap\.trust: must be/,
    );
  });

  it('takes a plain port, and the files of those who write and get mail, from its own folder', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dime-target-'));
    const file = path.join(folder, 'target.yaml');
    const text = `
domain: example.com
trust: none
dmtp: { host: dx.example.com, port: 26 }
plain: { host: dx.example.com, port: 25, smtp: true }
mail:
  origin: { name: origin.example, signet: o.signet, keys: o.keys }
  author: { name: ann@origin.example, signet: a.signet, keys: /abs/a.keys }
  destination: { signet: d.signet }
  recipients: [{ name: bob@example.com, signet: b.signet }]
  locked: [{ name: carl@example.com, signet: c.signet, reason: owner }]
signets: [{ name: example.com, files: [1.signet, 2.signet] }]
`;
    writeFileSync(file, text);
    const { plain, mail, signets } = readTargetFile(file, {});
    const at = (name: string) => path.join(folder, name);
    expect(plain?.smtp).toBe(true);
    expect(mail).toEqual({
      origin: { name: 'origin.example', signet: at('o.signet'), keys: at('o.keys') },
      author: { name: 'ann@origin.example', signet: at('a.signet'), keys: '/abs/a.keys' },
      destination: { signet: at('d.signet') },
      recipients: [{ name: 'bob@example.com', signet: at('b.signet') }],
      locked: [{ name: 'carl@example.com', signet: at('c.signet'), reason: 'owner' }],
    });
    expect(signets).toEqual([{ name: 'example.com', files: [at('1.signet'), at('2.signet')] }]);
    expect(() => parse(text.replace('reason: owner', 'reason: holidays'))).toThrow(/mail\.locked\.0\.reason: must be/);
    expect(() => parse(text.replace(/dmtp:.*/, 'dns: { host: a, port: 53 }'))).toThrow(/"plain" needs "dmtp" too/);
  });

  it.each([
    ['an empty file', '', /x\.yaml: the file: must be object/],
    ['no endpoint', 'name: x\n', /x\.yaml: the file: needs at least one of dmtp, dns, stacie, dmap, adapter/],
    [
      'an unknown member',
      'domain: a.example\ntrust: none\ndmtp: { host: a, port: 26, prot: 1 }\n',
      /dmtp: unknown member "prot"/,
    ],
    ['a missing member', 'domain: a.example\ntrust: none\ndmtp: { host: a }\n', /dmtp: member "port" is missing/],
    ['a server without trust', 'domain: a.example\ndmtp: { host: a, port: 26 }\n', /"dmtp" needs "trust" too/],
    ['a wrong trust rule', 'domain: a.example\ntrust: maybe\ndmtp: { host: a, port: 26 }\n', /trust: must be/],
    [
      'a port out of range',
      'domain: a.example\ntrust: none\ndmtp: { host: a, port: 99999 }\n',
      /dmtp\.port: must be <= 65535/,
    ],
    [
      'a variable that is not set',
      'name: "${NOWHERE}"\ndns: { host: a, port: 53 }\ndomain: a.example\n',
      /name: the environment has no variable NOWHERE/,
    ],
    [
      'a STACIE address without TLS',
      'stacie: { endpoint: "http://a/", revision: "03", trust: none, account: { username: u, password: p } }\n',
      /stacie\.endpoint: must match pattern/,
    ],
    [
      'a STACIE server without an account, in a list',
      'stacie: [{ endpoint: "https://a/", revision: "03", trust: none }]\n',
      /stacie\.0: member "account" is missing/,
    ],
    ['broken YAML', 'dmtp: { host: [\n', /x\.yaml:\d+:\d+: /],
  ])('is refused in one line: %s', (_, text, message) => {
    const attempt = (): unknown => parse(text);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^target file x\.yaml[^\n]*$/);
  });

  it('names a file that is not there', () => {
    expect(() => readTargetFile('/nowhere/x.yaml', {})).toThrow('target file /nowhere/x.yaml: there is no such file');
  });

  it('has paths relative to itself', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'target-file-'));
    const file = path.join(folder, 'x.yaml');
    writeFileSync(
      file,
      'domain: a.example\ntrust: { pem: ca.pem }\ndmtp: { host: a, port: 26 }\nmessages: [m.bin]\nadapter: { command: [./a] }\n',
    );
    expect(readTargetFile(file, {})).toMatchObject({
      trust: { pem: path.join(folder, 'ca.pem') },
      messages: [path.join(folder, 'm.bin')],
      adapter: { cwd: folder },
    });
  });

  it('may not bind memory by aliases of aliases', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${String.fromCharCode(97 + index)}`)
            .join(',')}]`,
      )
      .join('\n')}\n`;
    expect(() => parse(bomb)).toThrow(/target file x\.yaml/);
  });
});
