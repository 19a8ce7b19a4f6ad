/** Keys, vectors, ciphers and slots of a message that the peer made: section 5 of the messages digest. */
import { type Actor, access } from '../../model/message-tables.js';
import { type Case, defineCase } from '../case.js';
import { encrypts, type Facts } from './case-kinds.js';
import { drafts } from './message-inputs.js';
import { hex, type Look, paddingOf, signedInside, writing } from './writing.js';
import { type WrittenMessage, write } from './written-message.js';

/** Keys, vectors and random octets that a peer made for one message. */
const secretsOf = ({ chunks }: WrittenMessage) => ({
  keys: chunks.flatMap(({ opened }) => [...opened.values()].slice(0, 1).map(({ key }) => hex(key))),
  vectors: chunks.flatMap(({ opened }) => [...opened.values()].slice(0, 1).map(({ vector }) => hex(vector))),
  randoms: chunks.flatMap(({ opened }) => [...opened.values()].map(({ random }) => hex(random))),
});

/** Two messages of one draft have nothing in common that has to be fresh. */
function fresh({ id, title, decides }: Facts, what: string, of: (message: WrittenMessage) => readonly string[]): Case {
  return defineCase({
    ...encrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => drafts(),
    check: async (draft, context) => {
      const found = [...of(await write(context, decides, draft)), ...of(await write(context, decides, draft))];
      const twice = found.find((value, at) => found.indexOf(value) !== at);
      context.require(decides, twice === undefined, `${what} that never comes again`, String(twice));
    },
  });
}

export const cases: readonly Case[] = [
  fresh(
    { id: 'writing/fresh-ephemeral-key', title: 'Every message has an ephemeral key of its own.', decides: 'MSG-033' },
    'an ephemeral key',
    ({ chunks }) => chunks.slice(0, 1).map(({ payload }) => hex(payload)),
  ),
  writing(
    {
      id: 'writing/key-encryption-key',
      title: 'The key-encryption keys are the folded hashes of the shared coordinates.',
      decides: 'MSG-034',
    },
    (must, message, draft) => {
      sameKeys(must, message);
      signedInside(must, message, draft);
    },
  ),
  fresh(
    { id: 'writing/fresh-chunk-keys', title: 'Every chunk has a key and a vector of its own.', decides: 'MSG-036' },
    'a key or vector',
    (message) => {
      const { keys, vectors } = secretsOf(message);
      return [...keys, ...vectors];
    },
  ),
  writing(
    {
      id: 'writing/chunk-cipher',
      title: 'Payloads are encrypted with AES-256-CBC, without padding by the cipher.',
      decides: 'MSG-037',
    },
    (must, message, draft) => {
      signedInside(must, message, draft);
      paddingOf(must, message, draft);
    },
  ),
  writing(
    {
      id: 'writing/slots',
      title: 'A slot holds random octets, the masked vector and the key, under the key-encryption key.',
      decides: 'MSG-038',
    },
    signedInside,
  ),
  fresh(
    { id: 'writing/fresh-slots', title: 'Every slot has random octets of its own.', decides: 'MSG-039' },
    'random octets of a slot',
    (message) => secretsOf(message).randoms,
  ),
  writing(
    {
      id: 'writing/slot-order',
      title: 'Slots stand in the order author, origin, destination, recipient, those without access left out.',
      decides: 'MSG-040',
    },
    sameKeys,
  ),
  writing(
    {
      id: 'writing/encryption-keys-of-the-signets',
      title: 'Messages are encrypted to field 3 of the organizations and field 2 of the users.',
      decides: 'MSG-041',
    },
    sameKeys,
  ),
];

/** Each actor's slot opens with his private key, and all hold the same. */
function sameKeys(must: Parameters<Look>[0], { chunks }: WrittenMessage): void {
  for (const { type, opened } of chunks) {
    const keys = [...opened].map(([actor, { key, vector }]) => [actor, hex(key) + hex(vector)] as const);
    const who: readonly Actor[] = access['dime-2015'][type] ?? [];
    must(
      new Set(keys.map(([, key]) => key)).size <= 1,
      `one key in the slots of ${who.join(', ')} of chunk ${type}`,
      keys.join('; '),
    );
  }
}
