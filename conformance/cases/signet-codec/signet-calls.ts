/** How the signet cases ask an adapter and judge what it says. */
import type { Field, Form, Kind, Octets, Profile } from '../../model/signet-builder.js';
import type { KeysType } from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { Unsupported } from '../../runner/outcome.js';
import { type Answer, isRefusal, show } from '../record/record-calls.js';

export { type Answer, isRefusal, show } from '../record/record-calls.js';

export const base64url = (octets: Octets): string => Buffer.from(octets).toString('base64url');

export const same = (left: Octets | null, right: Octets | null): boolean =>
  left === null || right === null ? left === right : Buffer.compare(left, right) === 0;

/** The octets of a member of an answer; null when it is absent or no text. */
export function octetsIn(value: unknown, member: string): Octets | null {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
  return typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64url')) : null;
}

/** Both profiles of 2015, which follow one set of rules save for the length of an encryption key. */
export const profiles2015 = ['dime-2015', 'dime-2015-magma'] as const;
export const allProfiles = [...profiles2015, 'prime'] as const;

/**
 * Those of `wanted` that the adapter names in its hello.
 *
 * @throws Unsupported when it names none of them: the case does not apply
 */
export function spoken<Wanted extends Profile>(context: CaseContext, wanted: readonly Wanted[]): Wanted[] {
  const named = context.target.adapter?.hello.profiles ?? [];
  const here = wanted.filter((profile) => named.includes(profile));
  if (here.length > 0) return here;
  throw new Unsupported(`the adapter names none of the profiles ${wanted.join(', ')} in its hello`);
}

/** Kinds of objects for a reader of the report. */
export const told: Readonly<Record<Kind, string>> = {
  organization: 'the signet of an organization',
  user: 'the signet of a user',
  'signing-request': 'a signing request',
};

/** Octets for a reader of the report, not endless. */
export function quoted(octets: Octets): string {
  const text = base64url(octets);
  return `${text.length <= 400 ? text : `${text.slice(0, 400)}...`} (${octets.length} octets)`;
}

export const parseSignet = (context: CaseContext, profile: Profile, octets: Octets): Promise<Answer> =>
  context.call('signet.parse', { profile, data: base64url(octets) });

/** States that octets are read, as this kind and with these fields. */
export async function mustRead(
  context: CaseContext,
  requirement: string,
  { profile, kind, fields, octets }: Written,
): Promise<void> {
  const answer = await parseSignet(context, profile, octets);
  const holds =
    answer.kind === 'result' && answer.value.type === kind && readsAs(answer.value.fields, comparable(profile, fields));
  context.require(
    requirement,
    holds,
    `${told[kind]} of profile ${profile} ${quoted(octets)} to be read with the fields ${listed(comparable(profile, fields))}`,
    show(answer),
  );
}

/** An object and what it was made of. */
export interface Written {
  readonly profile: Profile;
  readonly kind: Kind;
  readonly fields: readonly Field[];
  readonly octets: Octets;
}

/** PRIME skips what is above its own fields (section 11.4), so that a reader of it need not give them. */
const comparable = (profile: Profile, fields: readonly Field[]): readonly Field[] =>
  profile === 'prime' ? fields.filter(({ id }) => id <= 6) : fields;

function readsAs(answered: unknown, fields: readonly Field[]): boolean {
  if (!Array.isArray(answered)) return false;
  const seen: readonly unknown[] = answered;
  const wanted = fields.length > 0 && fields.every(({ id }) => id <= 6) ? seen.slice(0, fields.length) : seen;
  return wanted.length === fields.length && fields.every((field, index) => isField(wanted[index], field));
}

/** Whether a member of `fields` is this field. */
export function isField(answered: unknown, { id, name, data }: Field): boolean {
  if (typeof answered !== 'object' || answered === null || Reflect.get(answered, 'id') !== id) return false;
  if (!same(octetsIn(answered, 'data'), data)) return false;
  if (name === undefined) return true;
  const text: unknown = Reflect.get(answered, 'name');
  return same(typeof text === 'string' ? Buffer.from(text, 'utf8') : octetsIn(answered, 'nameOctets'), name);
}

function listed(fields: readonly Field[]): string {
  const text = fields.map(({ id, data }) => `${id} (${data.length} octets)`).join(', ');
  return text.length <= 300 ? text : `${text.slice(0, 300)}... (${fields.length} fields)`;
}

/** States that octets are refused: as invalid, since an internal error is never a right answer. */
export async function mustRefuse(
  context: CaseContext,
  requirement: string,
  profile: Profile,
  octets: Octets,
  because: string,
): Promise<void> {
  const answer = await parseSignet(context, profile, octets);
  const what = `${because} (profile ${profile}): ${quoted(octets)} to be refused as invalid`;
  context.require(requirement, isRefusal(answer), what, show(answer));
}

/** States that an answer to something else than octets is a refusal. */
export function mustBeRefused(context: CaseContext, requirement: string, answer: Answer, what: string): void {
  context.require(requirement, isRefusal(answer), `${what} to be refused as invalid`, show(answer));
}

export type State = 'malformed' | 'unknown' | 'broken-chain' | 'invalid' | 'incomplete' | 'signing-request' | Form;

/** What a signet is validated against. */
export interface Against {
  readonly organization?: Octets;
  readonly previous?: Octets;
  readonly primaryKeys?: readonly Octets[];
}

/** A state, or that the octets were refused as a whole: both are right where they do not load (section 2.4). */
export type Judgement = State | 'refused';

export const validate = (
  context: CaseContext,
  profile: Profile,
  octets: Octets,
  { organization, previous, primaryKeys }: Against,
): Promise<Answer> =>
  context.call('signet.validate', {
    profile,
    data: base64url(octets),
    ...(organization === undefined ? {} : { organization: base64url(organization) }),
    ...(previous === undefined ? {} : { previous: base64url(previous) }),
    ...(primaryKeys === undefined ? {} : { primaryKeys: primaryKeys.map(base64url) }),
  });

/** States that a signet has one of these states. */
export async function mustBe(
  context: CaseContext,
  requirement: string,
  { profile, octets }: Pick<Written, 'profile' | 'octets'>,
  against: Against,
  right: readonly Judgement[],
  because: string,
): Promise<void> {
  const answer = await validate(context, profile, octets, against);
  const seen = answer.kind === 'result' ? answer.value.state : isRefusal(answer) ? 'refused' : null;
  const expected = `${because} (profile ${profile}) to have the state ${right.join(' or ')}: ${quoted(octets)}`;
  context.require(requirement, (right as readonly unknown[]).includes(seen), expected, show(answer));
}

/** A field as an input has it. */
export const fieldMember = ({ id, name, data }: Field): Record<string, unknown> => ({
  id,
  ...(name === undefined ? {} : { name: Buffer.from(name).toString('utf8') }),
  data: base64url(data),
});

export interface SignWish {
  readonly signingRequest?: Octets;
  readonly signet?: Octets;
  readonly seed: Octets;
  readonly as: Form;
  readonly fields?: readonly Field[];
  readonly identifier?: string;
}

export const askSigning = (context: CaseContext, profile: Profile, wish: SignWish): Promise<Answer> =>
  context.call('signet.sign', {
    profile,
    ...(wish.signingRequest === undefined ? {} : { signingRequest: base64url(wish.signingRequest) }),
    ...(wish.signet === undefined ? {} : { signet: base64url(wish.signet) }),
    organizationKeys: { signingPrivate: base64url(wish.seed) },
    as: wish.as,
    ...(wish.fields === undefined ? {} : { fields: wish.fields.map(fieldMember) }),
    ...(wish.identifier === undefined ? {} : { identifier: wish.identifier }),
  });

/**
 * The signet that the adapter signs.
 *
 * @throws Breach of `requirement` when it signs none
 */
export async function signed(
  context: CaseContext,
  requirement: string,
  profile: Profile,
  wish: SignWish,
): Promise<Octets> {
  const answer = await askSigning(context, profile, wish);
  const signet = answer.kind === 'result' ? octetsIn(answer.value, 'signet') : null;
  if (signet !== null) return signet;
  context.require(requirement, false, `a signet of profile ${profile} to be signed as ${wish.as}`, show(answer));
  return new Uint8Array(0);
}

/** What `signet.generate` gave. */
export interface Generated {
  readonly octets: Octets;
  readonly keys: unknown;
}

/**
 * A signet of an organization, or a user's signing request, that the adapter makes.
 *
 * @throws Breach of `requirement` when it makes none
 */
export async function generated(
  context: CaseContext,
  requirement: string,
  profile: Profile,
  type: KeysType,
  more: Record<string, unknown> = {},
): Promise<Generated> {
  const answer = await context.call('signet.generate', { profile, type, ...more });
  const value = answer.kind === 'result' ? answer.value : {};
  const octets = octetsIn(value, type === 'user' ? 'signingRequest' : 'signet');
  if (octets === null) {
    const what = type === 'user' ? 'a signing request' : 'the signet of an organization';
    context.require(requirement, false, `${what} of profile ${profile} to be made`, show(answer));
  }
  return { octets: octets ?? new Uint8Array(0), keys: value.keys };
}
