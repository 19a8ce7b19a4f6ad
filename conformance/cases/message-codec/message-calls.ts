/** How the message cases ask an adapter and judge what it says. */
import { type Actor, actors, type MessageProfile, splitMessage } from '../../model/message-tables.js';
import type { Identity, Octets } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { Unsupported } from '../../runner/outcome.js';
import { type Answer, isRefusal, show } from '../record/record-calls.js';
import { type Draft, headerNames, type Mail, parties } from './message-inputs.js';

export { type Answer, isRefusal, show } from '../record/record-calls.js';

export const base64url = (octets: Octets): string => Buffer.from(octets).toString('base64url');

/** Asks for nothing in a profile that the adapter does not name; one that names none is asked. */
async function call(context: CaseContext, operation: string, profile: MessageProfile, input: object): Promise<Answer> {
  const spoken = context.target.adapter?.hello.profiles ?? [];
  if (spoken.length > 0 && !spoken.includes(profile)) {
    throw new Unsupported(`${operation}: the adapter does not name the profile ${profile}`);
  }
  return await context.call(operation, { profile, ...input });
}

export async function askParse(context: CaseContext, profile: MessageProfile, octets: Octets): Promise<Answer> {
  return await call(context, 'message.parse', profile, { data: base64url(octets) });
}

/** Whose signets an actor has (section 8). */
const knownTo: Readonly<Record<Actor, readonly Actor[]>> = {
  author: actors,
  origin: ['author', 'origin', 'destination'],
  destination: ['origin', 'destination', 'recipient'],
  recipient: actors,
};

/** What an actor has; those of the known parties unless others are given. */
export interface Means {
  readonly signets?: { readonly [actor in Actor]?: Octets };
  readonly keys?: Identity;
}

export async function askDecrypt(
  context: CaseContext,
  octets: Octets,
  actor: Actor,
  { signets = {}, keys }: Means = {},
): Promise<Answer> {
  const known = parties('dime-2015');
  const given = knownTo[actor].map((who) => [who, base64url(signets[who] ?? known[who].signet)]);
  return await call(context, 'message.decrypt', 'dime-2015', {
    data: base64url(octets),
    actor,
    keys: writtenKeys(keys ?? known[actor].identity),
    signets: Object.fromEntries(given),
  });
}

/** Opens a naked message as its recipient; the organization stands as the origin. */
export async function askNaked(context: CaseContext, octets: Octets): Promise<Answer> {
  const known = parties('prime');
  return await call(context, 'message.decrypt', 'prime', {
    data: base64url(octets),
    actor: 'recipient',
    keys: writtenKeys(known.recipient.identity),
    signets: { origin: base64url(known.destination.signet), recipient: base64url(known.recipient.signet) },
  });
}

/** With `bounces`, the origin is asked to sign as well; `display` as the draft has it. */
export async function askEncrypt(
  context: CaseContext,
  { headers, other, display, attachments }: Draft,
  bounces: readonly ('metadata' | 'display')[] | null = null,
): Promise<Answer> {
  const known = parties('dime-2015');
  const part = ({ data, flags = 0 }: Draft['display'][number]): object => ({ flags, data: base64url(data) });
  const members = actors.map((actor) => [actor, { name: known[actor].name, signet: base64url(known[actor].signet) }]);
  return await call(context, 'message.encrypt', 'dime-2015', {
    ...Object.fromEntries(members),
    authorKeys: writtenKeys(known.author.identity),
    ...(bounces === null ? {} : { originKeys: writtenKeys(known.origin.identity), bounces }),
    headers: { ...headers, ...(other === null ? {} : { other }) },
    display: display.map(part),
    attachments: attachments.map(part),
  });
}

/** Asks for a naked message of a mail. */
export async function askEncryptNaked(context: CaseContext, { headers, body }: Mail): Promise<Answer> {
  const known = parties('prime');
  const organization = known.destination;
  const mail = Buffer.concat([Buffer.from(headers, 'latin1'), ...body]);
  return await call(context, 'message.encrypt', 'prime', {
    origin: { name: organization.name, signet: base64url(organization.signet) },
    originKeys: writtenKeys(organization.identity),
    recipient: { name: known.recipient.name, signet: base64url(known.recipient.signet) },
    headers: { other: headers.slice(0, -2) },
    display: [{ data: base64url(Buffer.concat(body)) }],
    plaintext: base64url(mail),
  });
}

function writtenKeys({ signing, encryption }: Identity): object {
  return {
    signingPrivate: base64url(signing.seed),
    signingPublic: base64url(signing.publicKey),
    encryptionPrivate: base64url(encryption.scalar),
    encryptionPublic: base64url(encryption.point),
  };
}

export function mustRefuse(context: CaseContext, requirement: string, answer: Answer, because: string): void {
  context.require(requirement, isRefusal(answer), `a message to be refused as invalid: ${because}`, show(answer));
}

/**
 * States that a message is parsed into the chunks that it has. Whether a length counts the payload or the whole chunk is
 * left to the adapter: the protocol does not say it.
 */
export async function mustParse(
  context: CaseContext,
  requirement: string,
  profile: MessageProfile,
  octets: Octets,
): Promise<void> {
  const answer = await askParse(context, profile, octets);
  const { chunks } = splitMessage(profile, octets);
  const wanted = chunks.map(({ type, offset }) => ({ type, offset }));
  const found = answer.kind === 'result' && Array.isArray(answer.value.chunks) ? answer.value.chunks : [];
  const lengths = found.map(({ length }) => length);
  const right =
    JSON.stringify(found.map(({ type, offset }) => ({ type, offset }))) === JSON.stringify(wanted) &&
    (chunks.every(({ payload }, at) => payload.length === lengths[at]) ||
      chunks.every(({ octets: whole }, at) => whole.length === lengths[at]));
  context.require(
    requirement,
    right,
    `a message to be parsed into the chunks ${JSON.stringify(chunks.map(({ type, offset, payload }) => ({ type, offset, length: payload.length })))}`,
    show(answer),
  );
}

/** What an answer of `message.decrypt` says, in the terms of a draft; no list of parts is an empty one. */
function seen(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = actors.map((actor) => [actor, nameIn(value[actor])]);
  const { headers, display, attachments } = value;
  const said = (headers ?? {}) as Readonly<Record<string, unknown>>;
  const parts = (list: unknown): unknown => (Array.isArray(list) ? list.map(({ data }) => data) : []);
  return {
    ...Object.fromEntries(names),
    headers: headers === undefined ? undefined : Object.fromEntries(headerNames.map((name) => [name, said[name]])),
    other: said.other,
    display: parts(display),
    attachments: parts(attachments),
  };
}

function nameIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : value;
}

/** What an actor reads of a draft (section 8). */
function visible({ headers, other, display, attachments }: Draft, actor: Actor): Record<string, unknown> {
  const known = parties('dime-2015');
  const names = (...who: readonly Actor[]): object => Object.fromEntries(who.map((each) => [each, known[each].name]));
  if (actor === 'origin') return { ...names('author', 'destination') };
  if (actor === 'destination') return { ...names('recipient', 'origin') };
  return {
    ...names(...actors),
    headers: Object.fromEntries(headerNames.map((name) => [name, headers[name]])),
    ...(other === null ? {} : { other }),
    display: display.map(({ data }) => base64url(data)),
    attachments: attachments.map(({ data }) => base64url(data)),
  };
}

/** States that an actor opens a message and reads what he may of the draft. */
export async function mustOpen(
  context: CaseContext,
  requirement: string,
  draft: Draft,
  octets: Octets,
  actor: Actor,
  means: Means = {},
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await askDecrypt(context, octets, actor, means);
  const wanted = visible(draft, actor);
  const found = answer.kind === 'result' ? seen(answer.value) : {};
  const right = Object.entries(wanted).every(([name, value]) => JSON.stringify(found[name]) === JSON.stringify(value));
  context.require(
    requirement,
    answer.kind === 'result' && right,
    `the ${actor} to read ${JSON.stringify(wanted).slice(0, 400)}`,
    show(answer),
  );
  return answer.kind === 'result' ? answer.value : {};
}

/** States that the recipient of a naked message reads the mail. */
export async function mustOpenNaked(
  context: CaseContext,
  requirement: string,
  { headers, body }: Mail,
  octets: Octets,
): Promise<void> {
  const answer = await askNaked(context, octets);
  const wanted = base64url(Buffer.concat([Buffer.from(headers, 'latin1'), ...body]));
  context.require(
    requirement,
    answer.kind === 'result' && answer.value.plaintext === wanted,
    `the recipient to read the mail ${wanted.slice(0, 400)}`,
    show(answer),
  );
}

/** The message in an answer. @throws Breach of `requirement` when it was refused or holds none */
export function messageIn(context: CaseContext, requirement: string, answer: Answer): Octets {
  const text = answer.kind === 'result' ? answer.value.message : undefined;
  context.require(requirement, typeof text === 'string', 'a message to be made', show(answer));
  return new Uint8Array(Buffer.from(String(text), 'base64url'));
}
