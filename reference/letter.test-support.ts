/** Writes mail to the accounts of a reference server, in the name of its sample origin or of another server. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeArmor } from './formats/armor.js';
import {
  type Actor,
  encryptMessage,
  identityOf,
  type Party,
  serializeMessage,
  signAsOrigin,
} from './formats/message/index.js';
import { type PrivateKeys, parseKeys, parseSignet, type Signet } from './formats/signet/index.js';
import type { Reference } from './server.js';

export interface LetterWishes {
  /** The first account when not given. */
  readonly to?: string;
  readonly text?: string;
  /** Its first account is the author then. */
  readonly from?: Reference;
  /** As its author leaves it, for SUBMIT: the origin has not signed. */
  readonly unsigned?: true;
}

/** @returns the message that the origin sends, or gets, one character an octet */
export function letter(
  { origin, domain, accounts, store }: Reference,
  { to = accounts[0] ?? '', text = 'Hello\r\n', from, unsigned }: LetterWishes = {},
): string {
  const [author, originDomain] = from === undefined ? [origin.author, origin.domain] : [from.accounts[0], from.domain];
  const files = from?.signets ?? origin.files;
  const fileOf = (name: string) => files.filter((each) => each.name === name).at(-1);
  const object = (path = ''): Uint8Array => decodeArmor(readFileSync(path, 'utf8')).data;
  const writer = (name: string): Signet => parseSignet('dime-2015', object(fileOf(name)?.signet));
  const keysOf = (name: string): PrivateKeys => parseKeys('dime-2015', object(fileOf(name)?.keys));
  const own = (name: string): Signet =>
    parseSignet('dime-2015', store.signets(name)?.at(-1)?.octets ?? new Uint8Array());
  const party = (actor: Actor, name: string, signet: Signet): Party => ({ ...identityOf(actor, signet), name });
  const parties = {
    author: party('author', author ?? '', writer(author ?? '')),
    origin: party('origin', originDomain, writer(originDomain)),
    destination: party('destination', domain, own(domain)),
    // One that there is not gets a letter too: with the signet of another.
    recipient: party('recipient', to, own(store.hasAccount(to) ? to : (accounts[0] ?? ''))),
  };
  const message = encryptMessage({
    ...parties,
    authorSeed: keysOf(author ?? '').signingPrivate,
    headers: { date: 'today', to, from: author ?? '', subject: 'A letter' },
    display: [{ data: Buffer.from(text, 'latin1') }],
    random: randomBytes,
  });
  if (unsigned === true) return Buffer.from(serializeMessage(message)).toString('latin1');
  const { encryptionPrivate, signingPrivate } = keysOf(originDomain);
  const signed = signAsOrigin(message, { encryptionPrivate, signingSeed: signingPrivate, identities: parties });
  return Buffer.from(serializeMessage(signed)).toString('latin1');
}
