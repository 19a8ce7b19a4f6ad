/** From the value of a STACIE message to its text, in the normal form of section 3.2 of the digest. */
import { formatStacieText } from '../../../../grammar/stacie.js';
import {
  hasKind,
  type Proof,
  type RealmEntry,
  type RealmName,
  type StacieKind,
  type StacieMessages,
  type StacieRevision,
} from './message.js';
import { StacieMessageError } from './message-error.js';
import { shapeError } from './schemas.js';

/**
 * Writes a message. Whole numbers are strings, octets base64url without padding; what has a default is written out.
 *
 * @throws StacieMessageError when the value is none that `parseStacieMessage` takes, for instance a nonce of 63 octets
 */
export function formatStacieMessage<Kind extends StacieKind>(
  kind: Kind,
  revision: StacieRevision,
  value: StacieMessages[Kind],
): string {
  const fail = (member: string, what: string, bound: string): never => {
    throw new StacieMessageError({ member, offset: 0, what, bound });
  };
  if (!hasKind(revision, kind)) fail(`/${kind}`, `a message ${kind}`, `a message of revision ${revision}`);
  const document = { [kind]: writers[kind](value) };
  const error = shapeError(kind, document);
  if (error !== null) fail(error.instancePath, String(error.message), 'a value that the schema of the message takes');
  const text = formatStacieText(document);
  // JSON.stringify escapes lone surrogates, which no receiver takes (STACIE-I-05).
  if (/(?<!\\)(\\\\)*\\ud[89a-f]/.test(text)) fail('', 'a lone surrogate', 'well-formed Unicode');
  return text;
}

const octets = (value: Uint8Array): string =>
  Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64url');

const salted = (salt: Uint8Array | undefined) => (salt === undefined ? {} : { salt: octets(salt) });

const proof = ({ username, nonce, token }: Proof) => ({ username, nonce: octets(nonce), token: octets(token) });

const realm = ({ index, label, shard }: RealmEntry) => ({ index: String(index), label, shard: octets(shard) });

const name = ({ index, label }: RealmName) => ({ index: String(index), label });

const writers: { [Kind in StacieKind]: (value: StacieMessages[Kind]) => unknown } = {
  login: ({ username }) => ({ username }),
  register: ({ username }) => ({ username }),
  error: (text) => text,
  methods: ({ password }) => [
    {
      password: {
        username: password.username,
        ...salted(password.salt),
        nonce: octets(password.nonce),
        bonus: String(password.bonus),
        hash: password.hash,
        cipher: password.cipher,
        disposition: password.disposition,
      },
    },
  ],
  authenticate: proof,
  keys: (entries) =>
    entries.map(({ label, shard, index }) => ({ realm: label, key: octets(shard), index: String(index) })),
  realms: (entries) => entries.map(realm),
  recruit: ({ username, salt, bonus, hash }) => ({ username, salt: octets(salt), bonus: String(bonus), hash }),
  enroll: ({ username, salt, verificationToken }) => ({
    username,
    salt: octets(salt),
    'verification-token': octets(verificationToken),
  }),
  change: (value) => ({
    ...proof(value),
    'password-key': octets(value.passwordKey),
    ...salted(value.salt),
    ...(value.bonus === undefined ? {} : { bonus: String(value.bonus) }),
    'verification-token': octets(value.verificationToken),
    realms: value.realms.map(realm),
    ...(value.removed.length === 0 ? {} : { removed: value.removed.map(name) }),
  }),
  fetch: (value) => ({
    ...proof(value),
    ...(value.label === undefined ? {} : { label: value.label }),
    ...(value.index === undefined ? {} : { index: String(value.index) }),
  }),
  add: (value) => ({ ...proof(value), label: value.label, shard: octets(value.shard) }),
};
