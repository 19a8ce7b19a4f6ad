/** Who writes to whom in the benchmarks of messages. */
import { randomBytes } from 'node:crypto';
import { actors, type EncryptInput, isOrganization, type Party } from '../../reference/formats/message/index.js';
import { generateKeys, type PrivateKeys } from '../../reference/formats/signet/index.js';

type Keys = Readonly<Record<(typeof actors)[number], PrivateKeys>>;

/** Four actors with keys, and a letter between them without its display. */
export function correspondence(): { readonly input: Omit<EncryptInput, 'display'>; readonly keys: Keys } {
  const keys = Object.fromEntries(
    actors.map((actor) => [
      actor,
      generateKeys('dime-2015', isOrganization(actor) ? 'organization' : 'user', randomBytes),
    ]),
  ) as Keys;
  const party = (actor: keyof Keys): Party => ({
    name: `${actor}.example`,
    fingerprint: 'A'.repeat(86),
    encryptionKey: keys[actor].encryptionPublic,
    signingKeys: [keys[actor].signingPublic],
  });
  return {
    keys,
    input: {
      author: party('author'),
      origin: party('origin'),
      destination: party('destination'),
      recipient: party('recipient'),
      authorSeed: keys.author.signingPrivate,
      headers: { date: 'today', to: 'recipient', from: 'author', subject: 'a benchmark' },
      random: randomBytes,
    },
  };
}
