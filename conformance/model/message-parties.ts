/** The four who handle a message: their keys, signets and fingerprints (sections 0 and 7 of the messages digest). */
import { type Actor, actors, type MessageProfile } from './message-tables.js';
import {
  encryptionKey,
  type Field,
  fingerprint,
  type Identity,
  lengthOctets,
  magics,
  type Octets,
  organizationFields,
  type SigningKey,
  secondaryKeyField,
  sha512,
  signetOctets,
  signingKey,
  userFields,
} from './signet-builder.js';

export interface Party {
  /** Mail address or domain. */
  readonly name: string;
  /** Of the signet, cryptographic, in unpadded base64. */
  readonly fingerprint: string;
  /** Compressed secp256k1 point. */
  readonly point: Octets;
}

/** One whose secrets the suite knows. */
export interface OwnParty extends Party {
  readonly identity: Identity;
  readonly signet: Octets;
}

/** `secondary`: further signing keys of the origin, by what they may sign. */
export interface Parties extends Readonly<Record<Actor, OwnParty>> {
  readonly secondary: { readonly message: SigningKey; readonly other: SigningKey };
}

const names: Readonly<Record<Actor, string>> = {
  author: 'ann@origin.example',
  origin: 'origin.example',
  destination: 'destination.example',
  recipient: 'bob@destination.example',
};

/** Permissions of secondary keys (section 4.2 of the signets digest): the bit for messages, and all but it. */
const messageBit = 2;
const otherBits = 1 | 4 | 8;

/** Parties whose keys follow from a text; `scalars` are private encryption keys in the place of those. */
export function partiesFrom(
  profile: MessageProfile,
  text: string,
  scalars: { readonly [who in string]?: Octets } = {},
): Parties {
  const identity = (who: string): Identity => ({
    signing: signingKey(octetsFrom(`${text} ${who} signing`, 32)),
    encryption: encryptionKey(scalars[who] ?? octetsFrom(`${text} ${who} encryption`, 32)),
  });
  const identities = Object.fromEntries(actors.map((actor) => [actor, identity(actor)])) as Record<Actor, Identity>;
  const secondary = { message: identity('secondary').signing, other: identity('further').signing };
  const party = (actor: Actor): OwnParty => {
    const organization = actor === 'origin' || actor === 'destination';
    const keys =
      actor === 'origin' && profile === 'dime-2015'
        ? [secondaryKeyField(messageBit, secondary.message), secondaryKeyField(otherBits, secondary.other)]
        : [];
    const signer = identities[actor === 'author' ? 'origin' : 'destination'].signing;
    const kind = organization ? 'organization' : 'user';
    const fields = organization
      ? organizationFields(profile, identities[actor], { secondary: keys })
      : userFields(profile, identities[actor], { signer });
    return {
      name: names[actor],
      fingerprint: fingerprintText(fingerprint(profile, kind, fields, organization ? 4 : 6)),
      point: identities[actor].encryption.point,
      identity: identities[actor],
      signet: signetOctets(profile, kind, fields),
    };
  };
  return {
    author: party('author'),
    origin: party('origin'),
    destination: party('destination'),
    recipient: party('recipient'),
    secondary,
  };
}

/** What a message needs of a right signet. @throws RangeError for a field that may not be there */
export function partyOf(profile: MessageProfile, name: string, signet: Octets): Party {
  const kind = signet[1] === (magics.organization & 0xff) ? 'organization' : 'user';
  const fields: Field[] = [];
  for (let at = 5; at < signet.length; ) {
    const id = signet[at] ?? 0;
    const size = lengthOctets(profile, kind, id);
    const head = at + 1 + size;
    const length = size === 0 ? 64 : signet.subarray(at + 1, head).reduce((sum, octet) => sum * 256 + octet, 0);
    fields.push({ id, data: signet.subarray(head, head + length) });
    at = head + length;
  }
  const point = fields.find(({ id }) => id === (kind === 'user' ? 2 : 3))?.data ?? new Uint8Array(0);
  return { name, point, fingerprint: fingerprintText(fingerprint(profile, kind, fields, kind === 'user' ? 6 : 4)) };
}

const fingerprintText = (octets: Octets): string => Buffer.from(octets).toString('base64').replace(/=+$/, '');

/** As many octets as are wanted, the same for the same text. */
export function octetsFrom(text: string, length: number): Octets {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, at) => sha512(Buffer.from(`${text} ${at}`)));
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

/** A source of octets that gives others each time, and all the same again for the same text. */
export function sourceFrom(text: string): (length: number) => Octets {
  let calls = 0;
  return (length) => octetsFrom(`${text} ${calls++}`, length);
}
