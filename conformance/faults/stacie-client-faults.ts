/** Seeded faults of a STACIE client: the small client with one rule replaced. */
import type { Fault } from './fault.js';
import {
  type ClientRules,
  isObject,
  type LoginInput,
  type Members,
  mustBe,
  otherToken,
  parameters,
  rightRules,
  smallClient,
} from './stacie-small-client.js';

/** The operation of the adapter, by a client with other rules; one client for each adapter. */
function bentLogin(rules: Partial<ClientRules>): Pick<Fault, 'operations'> {
  return {
    operations: (inner) => {
      const login = smallClient(rules);
      return { ...inner, 'stacie.login': (input) => login(input as unknown as LoginInput) };
    },
  };
}

const text = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
const nothing = (): void => undefined;

/** The password method, whatever stands beside it. */
const passwordAlone: ClientRules['choose'] = (methods, check) => {
  const password = methods.map((method) => method.password).find(isObject);
  if (password === undefined) throw new Error('no password method');
  check(password.disposition);
  return password;
};

const refusing = (what: string): never => {
  throw new Error(`${what} is not taken`);
};

const once = (): Partial<ClientRules> => {
  const kept = new Map<string, Members>();
  return {
    remembered: 0,
    authenticate: (content) => {
      const before = kept.get(String(content.username)) ?? content;
      kept.set(String(content.username), before);
      return before;
    },
  };
};

const rows: readonly (readonly [string, string, string, Partial<ClientRules>])[] = [
  [
    'refuses-optional-methods',
    'STACIE-004',
    'stops at every method that it does not know',
    {
      choose: (methods, check) =>
        methods.length > 1 ? refusing('a second method') : rightRules.choose(methods, check),
    },
  ],
  ['hashes-what-was-typed', 'STACIE-020', 'hashes the username as it was typed', { hashed: (_, typed) => typed }],
  [
    'hashes-latin-1',
    'STACIE-009',
    'hashes names one octet a character',
    {
      hashed: ({ username }) => Buffer.from(username, 'utf8').toString('latin1'),
    },
  ],
  [
    'finds-methods-anywhere',
    'STACIE-008',
    'takes methods from wherever they stand in an answer',
    { json: (answer) => JSON.parse(`{${/"methods":\[.*\]/s.exec(answer)?.[0] ?? ''}}`) as unknown },
  ],
  [
    'skips-foreign-characters',
    'STACIE-010',
    'leaves out characters that are not in the alphabet',
    {
      octets: (value) => Buffer.from(String(value).replace(/[^A-Za-z0-9_-]/g, ''), 'base64url'),
    },
  ],
  [
    'skips-white-space',
    'STACIE-012',
    'leaves out white space and control characters in values',
    {
      octets: (value) => rightRules.octets(String(value).replace(/[\s\p{Cc}]/gu, '')),
    },
  ],
  ['takes-short-salts', 'STACIE-064', 'takes a salt of any length', { leastSalt: 0 }],
  ['takes-short-nonces', 'STACIE-087', 'takes a nonce of any length', { leastNonce: 0 }],
  [
    'sends-the-master-key',
    'STACIE-067',
    'sends the master key along',
    {
      authenticate: (content, { masterKey }) => ({ ...content, 'master-key': text(masterKey) }),
    },
  ],
  [
    'sends-the-password-key',
    'STACIE-070',
    'sends the password key along',
    {
      authenticate: (content, { passwordKey }) => ({ ...content, 'password-key': text(passwordKey) }),
    },
  ],
  [
    'sends-the-verification-token',
    'STACIE-080',
    'sends the verification token along',
    {
      authenticate: (content, { verificationToken }) => ({ ...content, 'verification-token': text(verificationToken) }),
    },
  ],
  ['one-token-for-all-sessions', 'STACIE-089', 'sends the attempt of the first login in every other', once()],
  [
    'last-shard-of-a-realm',
    'STACIE-111',
    'keeps one shard of each realm',
    {
      ring: (entries) => [...new Map(entries.map((entry) => [entry.realm, entry])).values()],
    },
  ],
  [
    'login-with-more',
    'STACIE-147',
    'sends its version in login',
    {
      login: (username) => ({ username, client: 'small 1.0' }),
    },
  ],
  [
    'normalises-alone',
    'STACIE-148',
    'sends the username in lower case',
    {
      login: (username) => ({ username: username.toLowerCase().replace('-alias', '') }),
    },
  ],
  ['one-of-two-factors', 'STACIE-178', 'logs in by the password, whatever else is required', { choose: passwordAlone }],
  ['never-more-than-one', 'STACIE-153', 'takes no notice of other methods', { choose: passwordAlone }],
  ['refuses-long-salts', 'STACIE-158', 'refuses salts of more than 256 octets', { mostSalt: 256 }],
  [
    'token-without-the-nonce',
    'STACIE-160',
    'makes the token from the first 64 octets of the nonce',
    {
      token: ({ verificationToken }, understood) =>
        otherToken(verificationToken, understood, understood.nonce.subarray(0, 64)),
    },
  ],
  ['ignores-the-bonus', 'STACIE-163', 'performs no rounds for the bonus', { bonus: () => 0 }],
  [
    'bonus-as-string-alone',
    'STACIE-164',
    'refuses a bonus that is a JSON integer',
    {
      bonus: (value) => (typeof value === 'number' ? refusing('a number') : rightRules.bonus(value)),
    },
  ],
  [
    'cuts-the-bonus',
    'STACIE-165',
    'takes a bonus that is none for a small one',
    {
      bonus: (value = 0) => (typeof value === 'string' && /^[0-9]{1,7}$/.test(value) ? Number(value) : 0),
    },
  ],
  [
    'bonus-by-default',
    'STACIE-166',
    'takes a bonus that is missing for 128',
    {
      bonus: (value) => (value === undefined ? 128 : rightRules.bonus(value)),
    },
  ],
  [
    'hash-as-string-alone',
    'STACIE-168',
    'refuses the object form of the hash',
    {
      hash: (value) => (isObject(value) ? refusing('an object') : rightRules.hash(value)),
    },
  ],
  ['any-hash-is-sha2', 'STACIE-169', 'uses SHA2-512 whatever the hash is', { hash: nothing }],
  [
    'needs-a-hash',
    'STACIE-170',
    'refuses an offer without a hash',
    {
      hash: (value) => (value === undefined ? refusing('no hash') : rightRules.hash(value)),
    },
  ],
  ['any-digest', 'STACIE-171', 'takes any block and digest', { hash: (value) => void parameters(value, 'sha2') }],
  [
    'needs-a-digest',
    'STACIE-171',
    'refuses parameters of the hash that lack the digest',
    {
      hash: (value) => {
        const given = parameters(value, 'sha2');
        if (isObject(value) && given.digest === undefined) refusing('no digest');
        rightRules.hash(value);
      },
    },
  ],
  [
    'cipher-as-string-alone',
    'STACIE-173',
    'refuses the object form of the cipher',
    {
      cipher: (value) => (isObject(value) ? refusing('an object') : rightRules.cipher(value)),
    },
  ],
  [
    'any-cipher-is-aes',
    'STACIE-174',
    'takes an unknown cipher for none',
    {
      cipher: (value) => (isObject(value) && isObject(value.aes) ? rightRules.cipher(value) : undefined),
    },
  ],
  [
    'needs-a-cipher',
    'STACIE-174',
    'refuses an offer without a cipher',
    {
      cipher: (value) => (value === undefined ? refusing('no cipher') : rightRules.cipher(value)),
    },
  ],
  [
    'any-key-size',
    'STACIE-175',
    'takes any mode and any size of the key',
    { cipher: (value) => void parameters(value, 'aes') },
  ],
  [
    'needs-a-mode',
    'STACIE-175',
    'refuses parameters of the cipher that lack mode or key',
    {
      cipher: (value) => {
        const { mode, key } = parameters(value, 'aes');
        if (isObject(value) && (mode === undefined || key === undefined)) refusing('half a cipher');
        mustBe({ mode, key }, { mode: 'gcm', key: 256 });
      },
    },
  ],
  [
    'any-chacha',
    'STACIE-176',
    'takes chacha with whatever parameters',
    {
      cipher: (value) => (isObject(value) && 'chacha' in value ? undefined : rightRules.cipher(value)),
    },
  ],
  ['any-disposition', 'STACIE-177', 'takes any disposition', { disposition: nothing }],
  [
    'needs-a-disposition',
    'STACIE-177',
    'refuses a method without a disposition',
    {
      disposition: (value) => (value === undefined ? refusing('no disposition') : rightRules.disposition(value)),
    },
  ],
  [
    'needs-every-parameter',
    'STACIE-179',
    'refuses an offer without a bonus',
    {
      bonus: (value) => (value === undefined ? refusing('no bonus') : rightRules.bonus(value)),
    },
  ],
  ['sends-login-again', 'STACIE-180', 'ends with a request of another name', { kind: 'authentication' }],
  [
    'sends-the-typed-name',
    'STACIE-181',
    'sends the username as it was typed in authenticate',
    {
      authenticate: (content, _, username) => ({ ...content, username }),
    },
  ],
  [
    'pads-the-nonce',
    'STACIE-182',
    'puts equals signs behind the nonce',
    {
      authenticate: (content) => ({ ...content, nonce: `${String(content.nonce)}==` }),
    },
  ],
  ['uses-a-nonce-twice', 'STACIE-183', 'takes a nonce that it has used before', { remembered: 0 }],
  ['tries-again-with-the-nonce', 'STACIE-184', 'tries again with the same nonce', { again: (content) => content }],
  [
    'token-of-the-example',
    'STACIE-185',
    'sends the verification token as the token',
    {
      token: ({ verificationToken }) => verificationToken,
    },
  ],
  ['shows-the-length', 'STACIE-207', 'sends authenticate as soon as the token is made', { paceMs: 0 }],
  ['tls-1-1', 'STACIE-212', 'speaks TLS 1.0 and 1.1', { minVersion: 'TLSv1' }],
  ['believes-every-certificate', 'STACIE-215', 'believes every certificate', { believes: true }],
];

export const faults: readonly Fault[] = rows.map(([name, breaks, title, rules]) => ({
  id: `stacie-client/${name}`,
  breaks,
  title,
  ...bentLogin(rules),
}));
