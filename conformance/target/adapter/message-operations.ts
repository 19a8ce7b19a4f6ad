/** The operations on encrypted messages, on the reference codec of messages. */
import { randomBytes } from 'node:crypto';
import { decodeArmor } from '../../../reference/formats/armor.js';
import {
  type Actor,
  actors,
  type CommonHeaderName,
  commonHeaderNames,
  decryptMessage,
  decryptNaked,
  encryptMessage,
  encryptNaked,
  type Identities,
  type Identity,
  identityOf,
  importMail,
  type Message,
  MessageError,
  type MessageProfile,
  missingChunk,
  openNaked,
  type Part,
  type PartInput,
  type Party,
  parseMessage,
  serializeMessage,
  signAsOrigin,
} from '../../../reference/formats/message/index.js';
import { parseKeys, parseSignet } from '../../../reference/formats/signet/index.js';
import { refusingArmor } from './armor-operations.js';
import { fromBase64url, toBase64url } from './binary.js';
import { refusingSignet } from './keys-operations.js';
import { type ImmediateOperation, OperationRefusal, OperationUnsupported } from './serve.js';
import { octetText, textMember } from './texts.js';

type Name = 'parse' | 'encrypt' | 'decrypt';
type Input = Readonly<Record<string, unknown>>;

export const messageOperations: Readonly<Record<`message.${Name}`, ImmediateOperation>> = {
  'message.parse': (input) => {
    const { tracing, chunks, profile } = parsed(input);
    return {
      kind: profile === 'prime' ? 'naked' : 'encrypted',
      complete: missingChunk({ profile, tracing, length: 0, chunks }) === null,
      chunks: chunks.map(({ definition, payload, offset }) => ({
        type: definition.type,
        length: payload.length,
        offset,
        name: definition.name,
      })),
      ...(tracing === null ? {} : { tracing: toBase64url(tracing) }),
    };
  },
  'message.encrypt': (input) => {
    const message = refusingMessage(() => (messageProfile(input) === 'prime' ? naked(input) : written(input)), false);
    return { message: toBase64url(serializeMessage(message)) };
  },
  'message.decrypt': (input) => {
    const message = parsed(input);
    return refusingMessage(
      () => (message.profile === 'prime' ? openedNaked(message, input) : opened(message, input)),
      true,
    );
  },
};

interface KeysMember {
  readonly signingPrivate?: string;
  readonly encryptionPrivate?: string;
  readonly armored?: string;
}

interface PartMember {
  readonly flags?: number;
  readonly data: string;
}

type HeadersMember = { readonly [name in CommonHeaderName | 'other' | 'otherOctets']?: string };

interface EncryptMembers extends Readonly<Record<Actor, { readonly name: string; readonly signet: string }>> {
  readonly authorKeys: KeysMember;
  readonly originKeys?: KeysMember;
  readonly headers: HeadersMember;
  readonly display: readonly PartMember[];
  readonly attachments?: readonly PartMember[];
  readonly bounces?: readonly ('metadata' | 'display')[];
  readonly tracing?: string;
  readonly plaintext?: string;
}

interface DecryptMembers {
  readonly actor: Actor;
  readonly keys: KeysMember;
  readonly signets?: { readonly [actor in Actor]?: string };
}

function messageProfile({ profile }: Input): MessageProfile {
  if (profile === 'dime-2015' || profile === 'prime') return profile;
  throw new OperationUnsupported(`profile ${String(profile)} has no messages of its own`);
}

/** @throws OperationRefusal */
function parsed(input: Input): ReturnType<typeof parseMessage> {
  const profile = messageProfile(input);
  return refusingMessage(() => parseMessage(profile, fromBase64url(input.data as string)), true);
}

function written(input: Input): Message {
  const members = input as unknown as EncryptMembers;
  const { headers, originKeys, display, attachments = [], bounces = [], tracing } = members;
  const parties = Object.fromEntries(actors.map((actor) => [actor, partyIn(members, actor)])) as Record<Actor, Party>;
  const other = otherHeaders(headers);
  const message = encryptMessage({
    ...parties,
    authorSeed: keyIn('dime-2015', members.authorKeys, 'signingPrivate'),
    headers: Object.fromEntries(
      commonHeaderNames.flatMap((name) => (headers[name] === undefined ? [] : [[name, octetText(headers[name])]])),
    ),
    ...(other === null ? {} : { other }),
    display: display.map(partInput),
    attachments: attachments.map(partInput),
    ...(tracing === undefined ? {} : { tracing: fromBase64url(tracing) }),
    random: randomBytes,
  });
  if (originKeys === undefined) return message;
  return signAsOrigin(message, {
    signingSeed: keyIn('dime-2015', originKeys, 'signingPrivate'),
    encryptionPrivate: keyIn('dime-2015', originKeys, 'encryptionPrivate'),
    identities: parties,
    bounces,
  });
}

/**
 * The mail is `plaintext`, or put together from headers and displays. The organization, which the format calls the
 * destination, is the `origin` of the protocol, as it is in `message.decrypt`.
 */
function naked(input: Input): Message {
  const members = input as unknown as EncryptMembers;
  const { originKeys, plaintext, headers, display } = members;
  if (originKeys === undefined) {
    throw new OperationRefusal('a naked message needs originKeys, the keys of the organization that signs it');
  }
  const text = commonHeaderNames.flatMap((name) =>
    headers[name] === undefined ? [] : [`${name}: ${headers[name]}\r\n`],
  );
  const mail =
    plaintext === undefined
      ? Buffer.concat([
          Buffer.from(text.join(''), 'utf8'),
          otherHeaders(headers) ?? new Uint8Array(),
          Buffer.from('\r\n'),
          ...display.map(({ data }) => fromBase64url(data)),
        ])
      : fromBase64url(plaintext);
  return encryptNaked({
    destination: identityIn('prime', 'origin', members.origin.signet),
    destinationSeed: keyIn('prime', originKeys, 'signingPrivate'),
    recipient: identityIn('prime', 'recipient', members.recipient.signet),
    mail: importMail(mail),
    random: randomBytes,
  });
}

function opened(message: Message, input: Input): Record<string, unknown> {
  const { actor, keys, signets = {} } = input as unknown as DecryptMembers;
  const result = decryptMessage(message, {
    actor,
    encryptionPrivate: keyIn('dime-2015', keys, 'encryptionPrivate'),
    identities: identitiesIn(signets),
  });
  const { verified, headers, other, display, attachments, ...seen } = result;
  const entries = actors.flatMap((who) => (seen[who] === undefined ? [] : [[who, { ...seen[who] }]]));
  return {
    ...Object.fromEntries(entries),
    ...(headers === undefined ? {} : { headers: headerMembers(headers, other) }),
    ...(display === undefined ? {} : { display: display.map(partMember) }),
    ...(attachments === undefined ? {} : { attachments: attachments.map(partMember) }),
    verified: { ...verified },
  };
}

/** @throws OperationRefusal for an actor who has no slot in a naked message */
function openedNaked(message: Message, input: Input): Record<string, unknown> {
  const { actor, keys, signets = {} } = input as unknown as DecryptMembers;
  const signet = signets.origin ?? signets.destination;
  if (signet === undefined) {
    throw new OperationRefusal("the organization's signet is needed to check its signature", {
      requirement: 'MSG-092',
    });
  }
  const organization = identityIn('prime', 'origin', signet);
  const encryptionPrivate = keyIn('prime', keys, 'encryptionPrivate');
  if (actor === 'recipient') {
    const { verified } = openNaked(message, { actor, encryptionPrivate, organization });
    const plaintext = decryptNaked(message, { encryptionPrivate, organization });
    return { plaintext: toBase64url(plaintext), verified: { ...verified } };
  }
  if (actor === 'destination') {
    return { verified: { ...openNaked(message, { actor, encryptionPrivate, organization }).verified } };
  }
  throw new OperationRefusal(`the ${actor} has no slot in a naked message`, { requirement: 'MSG-086' });
}

function partyIn(members: EncryptMembers, actor: Actor): Party {
  const { name, signet } = members[actor];
  return { name: octetText(name), ...identityIn('dime-2015', actor, signet) };
}

function identitiesIn(signets: NonNullable<DecryptMembers['signets']>): Identities {
  return Object.fromEntries(
    actors.flatMap((actor) => {
      const signet = signets[actor];
      return signet === undefined ? [] : [[actor, identityIn('dime-2015', actor, signet)]];
    }),
  );
}

function identityIn(profile: MessageProfile, actor: Actor, signet: string): Identity {
  return identityOf(
    actor,
    refusingSignet(() => parseSignet(profile, fromBase64url(signet)), false),
  );
}

/** @throws OperationRefusal for a key that is not there or has not 32 octets */
function keyIn(profile: MessageProfile, keys: KeysMember, name: 'signingPrivate' | 'encryptionPrivate'): Uint8Array {
  const { armored } = keys;
  if (armored !== undefined) {
    const { data } = refusingArmor(() => decodeArmor(armored));
    return refusingSignet(() => parseKeys(profile, data), false)[name];
  }
  const key = fromBase64url(keys[name] ?? '');
  if (key.length === 32) return key;
  throw new OperationRefusal(`${name} has ${key.length} octets instead of 32`, { requirement: 'SIG-068' });
}

/** Null when nothing is given. */
function otherHeaders({ other, otherOctets }: HeadersMember): Uint8Array | null {
  if (otherOctets !== undefined) return fromBase64url(otherOctets);
  return other === undefined ? null : Buffer.from(other, 'utf8');
}

function headerMembers(
  headers: Readonly<Record<string, string>>,
  other: Uint8Array | undefined,
): Record<string, string> {
  const members = Object.entries(headers).map(([name, value]) => textMember(name, value));
  const rest = other === undefined ? {} : textMember('other', Buffer.from(other).toString('latin1'));
  return Object.assign({}, ...members, rest);
}

const partInput = ({ data, flags = 0 }: PartMember): PartInput => ({ data: fromBase64url(data), flags });
const partMember = ({ data, flags }: Part): Record<string, unknown> => ({ flags, data: toBase64url(data) });

/**
 * `located`: the error's offset is one in the input, not in a message that was to be written.
 *
 * @throws OperationRefusal for what the codec refuses
 */
function refusingMessage<Value>(work: () => Value, located: boolean): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    const { message, requirement, offset } = error;
    throw new OperationRefusal(message, {
      // Some refusals name an open question, which is no row of the catalogue.
      requirement: requirement?.startsWith('MSG-') === true ? requirement : undefined,
      offset: located ? offset : undefined,
    });
  }
}
