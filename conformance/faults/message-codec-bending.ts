/** How the faults of messages bend the operations of the reference adapter. */
import { randomBytes } from 'node:crypto';
import { buildMessage, type MessageInput, type Part, type Ways } from '../model/message-builder.js';
import { buildNaked, type NakedWays } from '../model/message-naked.js';
import { ephemeralPoint, type Opener, openerOf, readUnchecked } from '../model/message-opener.js';
import { partyOf } from '../model/message-parties.js';
import { type Actor, actors, type MessageProfile, type SplitMessage, splitMessage } from '../model/message-tables.js';
import { type Octets, signingKey } from '../model/signet-builder.js';
import { OperationRefusal } from '../target/adapter/serve.js';
import { type Bend, bend, bendResult } from './record-and-codec-bending.js';

/** Keys that take turns: to agree on them costs most, and two messages in a row have different ones. */
const ephemerals = Array.from({ length: 8 }, () => new Uint8Array(randomBytes(32)));
let turn = 0;
const nextEphemeral = (): Octets => ephemerals[turn++ % ephemerals.length] ?? new Uint8Array(randomBytes(32));

type Input = Readonly<Record<string, unknown>>;
type Operation = 'message.parse' | 'message.encrypt' | 'message.decrypt';

const octetsOf = (value: unknown): Octets => new Uint8Array(Buffer.from(String(value), 'base64url'));
const write = (octets: Octets): string => Buffer.from(octets).toString('base64url');
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([each]) => each === name)?.[1] : undefined;

/** Only inputs of one profile are bent. */
function within(profile: MessageProfile, operation: Operation, change: Bend): Bend {
  return (inner) => {
    const bent = change(inner)[operation];
    const right = inner[operation];
    if (bent === undefined || right === undefined) throw new Error(`the reference has no operation ${operation}`);
    return { ...inner, [operation]: (input) => (input.profile === profile ? bent(input) : right(input)) };
  };
}

/** A message as its input says, made by the model in other ways; what cannot be written is left to the reference. */
export function writes(ways: Partial<Ways>, more: Partial<Pick<MessageInput, 'bounces' | 'ephemeral'>> = {}): Bend {
  return within(
    'dime-2015',
    'message.encrypt',
    bend('message.encrypt', (operation) => (input) => {
      if (!writable(input)) return operation(input);
      return { message: write(buildMessage({ ...messageInput(input), ...more }, ways)) };
    }),
  );
}

/** Whether the required headers are there, and data in every part. */
function writable({ headers, display, attachments }: Input): boolean {
  const parts = [display, attachments].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  return (
    ['date', 'to', 'from', 'subject'].every((name) => member(headers, name) !== undefined) &&
    parts.every((part) => member(part, 'data') !== '')
  );
}

/** The same where the reference refuses to write. */
export function writesAnyway(when: (input: Input) => boolean): Bend {
  return forgives(
    'message.encrypt',
    (input) => when(input),
    (input) => ({
      message: write(buildMessage(messageInput(input))),
    }),
  );
}

function messageInput(input: Input): MessageInput {
  const party = (actor: Actor): ReturnType<typeof partyOf> =>
    partyOf('dime-2015', String(member(input[actor], 'name')), octetsOf(member(input[actor], 'signet')));
  const parts = (list: unknown): Part[] =>
    Array.isArray(list) ? list.map(({ data, flags = 0 }) => ({ data: octetsOf(data), flags })) : [];
  const order = ['date', 'to', 'cc', 'from', 'organization', 'subject'];
  const labels = ['Date', 'To', 'CC', 'From', 'Organization', 'Subject'];
  const lines = order.flatMap((name, at) => {
    const value = member(input.headers, name);
    return typeof value === 'string' ? [`${labels[at]}: ${value}\r\n`] : [];
  });
  const { originKeys, bounces = [] } = input;
  return {
    parties: {
      author: party('author'),
      origin: party('origin'),
      destination: party('destination'),
      recipient: party('recipient'),
    },
    letter: {
      common: lines.join(''),
      other: new Uint8Array(Buffer.from(String(member(input.headers, 'other') ?? '\r\n'))),
      display: parts(input.display),
      attachments: parts(input.attachments),
    },
    authorKey: signingKey(octetsOf(member(input.authorKeys, 'signingPrivate'))),
    originKey: originKeys === undefined ? null : signingKey(octetsOf(member(originKeys, 'signingPrivate'))),
    bounces: (bounces as string[]).map((bounce) => (bounce === 'metadata' ? 248 : 249)),
    ephemeral: nextEphemeral(),
    random: (length) => new Uint8Array(randomBytes(length)),
  };
}

/** A naked message of the input's mail, made by the model in other ways. */
export function writesNaked(ways: Partial<NakedWays>): Bend {
  return within(
    'prime',
    'message.encrypt',
    bend('message.encrypt', () => (input) => {
      const mail = Buffer.from(octetsOf(input.plaintext));
      const end = mail.indexOf('\r\n\r\n') + 4;
      const point = (actor: Actor): Octets => partyOf('prime', '', octetsOf(member(input[actor], 'signet'))).point;
      const octets = buildNaked(
        {
          points: { destination: point('origin'), recipient: point('recipient') },
          organizationKey: signingKey(octetsOf(member(input.originKeys, 'signingPrivate'))),
          ephemeralKey: signingKey(randomBytes(32)),
          ephemeral: nextEphemeral(),
          headers: mail.subarray(0, end).toString('latin1'),
          body: [new Uint8Array(mail.subarray(end))],
          random: (length) => new Uint8Array(randomBytes(length)),
        },
        ways,
      );
      return { message: write(octets) };
    }),
  );
}

/** Changes the octets of a message that the reference made. */
export function changesMessage(profile: MessageProfile, change: (octets: Octets) => Octets): Bend {
  return within(
    profile,
    'message.encrypt',
    bendResult('message.encrypt', (result) => ({ ...result, message: write(change(octetsOf(result.message))) })),
  );
}

/** A message that is given to an operation, and who opens it; null where it cannot be read at all. */
export interface Given {
  readonly message: SplitMessage;
  /** Octets that the opener decrypts, by type; of `message.parse` nothing. */
  readonly data: ReadonlyMap<number, readonly Octets[]>;
  readonly point: Octets;
  readonly opener: Opener | null;
  readonly input: Input;
}

function given(input: Input): Given | null {
  const profile = input.profile === 'prime' ? 'prime' : 'dime-2015';
  try {
    const message = splitMessage(profile, octetsOf(input.data));
    const point = ephemeralPoint(profile, message);
    const actor = actors.find((each) => each === input.actor);
    if (actor === undefined) return { message, point, data: new Map(), opener: null, input };
    const opener = openerOf(profile, message, actor, octetsOf(member(input.keys, 'encryptionPrivate')));
    return { message, point, data: readUnchecked(profile, message, opener), opener, input };
  } catch {
    return null;
  }
}

/** Refuses messages that it should take. */
export function refuses(profile: MessageProfile, operation: Operation, when: (given: Given) => boolean): Bend {
  return within(
    profile,
    operation,
    bend(operation, (inner) => (input) => {
      const read = given(input);
      if (read !== null && when(read)) throw new OperationRefusal('refused by a seeded fault');
      return inner(input);
    }),
  );
}

/** Takes what the reference refuses with one of these requirements, and says what it can read without any check. */
export function takes(operation: 'message.parse' | 'message.decrypt', ...requirements: readonly string[]): Bend {
  return forgives(
    operation,
    (_input, { requirement = '' }) => requirements.includes(requirement),
    (input) => (operation === 'message.parse' ? { kind: 'encrypted', chunks: [] } : unchecked(input)),
  );
}

function forgives(
  operation: Operation,
  when: (input: Input, refusal: OperationRefusal) => boolean,
  instead: (input: Input) => Record<string, unknown>,
): Bend {
  return bend(operation, (inner) => async (input) => {
    try {
      return await inner(input);
    } catch (error) {
      if (!(error instanceof OperationRefusal) || !when(input, error)) throw error;
      return instead(input);
    }
  });
}

function unchecked(input: Input): Record<string, unknown> {
  const data = given(input)?.data ?? new Map<number, Octets[]>();
  const parts = (type: number): object[] =>
    (data.get(type) ?? []).map((octets: Octets) => ({ flags: 0, data: write(octets) }));
  return input.profile === 'prime'
    ? {
        verified: {},
        plaintext: write(new Uint8Array(Buffer.concat([...(data.get(33) ?? []), ...(data.get(48) ?? [])]))),
      }
    : { verified: {}, headers: {}, display: parts(67), attachments: parts(131) };
}

/** Shows data as it stands where the reference refuses it or makes something of it. */
export function showsRaw(): Bend {
  return takes('message.decrypt', 'MSG-031', 'OQ-74', '');
}

/** What an opened message says, said otherwise. */
export function says(
  profile: MessageProfile,
  operation: 'message.parse' | 'message.decrypt',
  change: (result: Record<string, unknown>, input: Input) => Record<string, unknown>,
): Bend {
  return within(profile, operation, bendResult(operation, change));
}
