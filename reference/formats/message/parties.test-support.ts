/** Four parties with real keys and signets, a random source that repeats itself, and a message to try things on. */
import { createHash } from 'node:crypto';
import {
  type Actor,
  actors,
  type EncryptInput,
  encryptMessage,
  type Message,
  type Party,
  signAsOrigin,
} from './index.js';
import { fromHex, libdime, libdimeIdentities, libdimeIdentity, libdimeKeys } from './vectors.test-support.js';

/** The same octets for the same seed. */
export function repeatable(seed: string): (octets: number) => Uint8Array {
  let draws = 0;
  return (octets) => {
    const drawn = createHash('shake256', { outputLength: Math.max(octets, 1) });
    return new Uint8Array(drawn.update(`${seed} ${draws++}`).digest().subarray(0, octets));
  };
}

export const encryptionPrivate = (actor: Actor): Uint8Array => fromHex(libdimeKeys(actor).encryptionPrivate);
export const seedOf = (actor: Actor): Uint8Array => fromHex(libdimeKeys(actor).signingPrivate);
export const identities = libdimeIdentities();

const party = (actor: Actor): Party => ({ ...libdimeIdentity(actor), name: libdime.identities[actor] });

export const parties = Object.fromEntries(actors.map((actor) => [actor, party(actor)])) as Record<Actor, Party>;

export const headers = { date: 'today', to: 'r@d', from: 'a@o', subject: 'a subject' } as const;

export function messageInput(changes: Partial<EncryptInput> = {}): EncryptInput {
  const display = [{ data: Buffer.from('Hello\r\n') }];
  return { ...parties, authorSeed: seedOf('author'), headers, display, random: repeatable('message'), ...changes };
}

/** As it goes from origin to destination. */
export function sentMessage(
  changes: Partial<EncryptInput> = {},
  bounces: readonly ('metadata' | 'display')[] = [],
): Message {
  return signed(encryptMessage(messageInput(changes)), bounces);
}

export function signed(
  message: Message,
  bounces: readonly ('metadata' | 'display')[] = [],
  acceptLibdimeTree = false,
): Message {
  return signAsOrigin(message, {
    encryptionPrivate: encryptionPrivate('origin'),
    signingSeed: seedOf('origin'),
    identities,
    bounces,
    acceptLibdimeTree,
  });
}
