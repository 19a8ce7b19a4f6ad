/** How the STACIE cases ask an adapter and judge what it says. */
import type {
  Derivation,
  DerivationInput,
  Octets,
  RealmInput,
  Revision,
  Rules,
} from '../../model/stacie-derivation.js';
import type { EnvelopeKeys } from '../../model/stacie-envelope.js';
import { slipBehind } from '../../model/stacie-slips.js';
import type { CaseContext } from '../../runner/context.js';
import { type Answer, isRefusal } from '../record/record-calls.js';

export { type Answer, isRefusal, quote, show } from '../record/record-calls.js';

/** With more rounds, trying every known slip takes too long; a counterexample that is shrunk has fewer. */
const mostRoundsToExplain = 320;
/** No case asks for as many. */
const mostRoundsBelieved = 100_000;

export const base64url = (octets: Octets): string => Buffer.from(octets).toString('base64url');

/** The octets of a member of an answer; null when it is absent or no text. */
export function octetsIn(value: Readonly<Record<string, unknown>>, member: string): Octets | null {
  const text = value[member];
  return typeof text === 'string' ? Buffer.from(text, 'base64url') : null;
}

export function same(left: Octets | null, right: Octets | null): boolean {
  return left === null || right === null ? left === right : Buffer.from(left).equals(right);
}

/** `wished` where the adapter speaks it or does not say what it speaks; otherwise the first that it does. */
export function spokenRevision(context: CaseContext, wished: Revision): Revision {
  const spoken = (context.target.adapter?.hello.stacie ?? []).filter((revision) => /^0[03]$/.test(revision));
  return spoken.length === 0 || spoken.includes(wished) ? wished : (spoken[0] as Revision);
}

/** An input of `stacie.derive`; the password as octets where a case wants to write wrong ones. */
export interface Asked extends DerivationInput {
  readonly revision: Revision;
  readonly passwordOctets?: Octets;
}

export async function askDerivation(context: CaseContext, asked: Asked): Promise<Answer> {
  return await context.call('stacie.derive', {
    revision: spokenRevision(context, asked.revision),
    username: asked.username,
    ...(asked.passwordOctets === undefined
      ? { password: asked.password }
      : { passwordOctets: base64url(asked.passwordOctets) }),
    ...optional('salt', asked.salt),
    ...optional('nonce', asked.nonce),
    ...(asked.bonus === 0 ? {} : { bonus: asked.bonus }),
  });
}

/**
 * A derivation that the case takes for granted, to look at one stage of it.
 *
 * @throws Breach of `requirement` when it is refused
 */
export async function derived(context: CaseContext, requirement: string, asked: Asked): Promise<Derivation> {
  const answer = await askDerivation(context, asked);
  if (answer.kind !== 'result') {
    context.require(requirement, false, `${describeInput(asked)} to be derived`, shown(answer));
  }
  const value = answer.kind === 'result' ? answer.value : {};
  const rounds = Number(value.rounds);
  // The suite derives from this number: it must not be led to work for hours.
  context.require(
    requirement,
    rounds >= 8 && rounds <= mostRoundsBelieved,
    `${describeInput(asked)} to cost 8 rounds or more and ${mostRoundsBelieved} at most`,
    shown(answer),
  );
  const octets = (member: string): Octets => octetsIn(value, member) ?? new Uint8Array(0);
  return {
    rounds,
    seed: octets('seed'),
    masterKey: octets('masterKey'),
    passwordKey: octets('passwordKey'),
    verificationToken: octets('verificationToken'),
    ephemeralLoginToken: octetsIn(value, 'ephemeralLoginToken'),
  };
}

/** One value of a derivation, and how the rules of a derivation give it from the values before it. */
export interface Expected {
  readonly requirement: string;
  readonly name: keyof Derivation;
  readonly value: Octets | number | null;
  readonly by: (rules: Rules) => Octets | number | null;
  /** What was asked, for the reader. */
  readonly of: string;
  /** Of the derivation. */
  readonly rounds: number;
}

/** States that a value is the one that the drafts' rules give; when it is not, says which known slip gives it. */
export function mustBe(context: CaseContext, right: Octets | number | null, expected: Expected): void {
  const { requirement, name, value, by, of, rounds } = expected;
  context.require(requirement, equal(value, right), `${name} of ${of} to be ${written(right)}`, () => {
    const slip =
      rounds > mostRoundsToExplain && name !== 'rounds' ? null : slipBehind((rules) => equal(by(rules), value));
    return `${written(value)}${slip === null ? '' : `, as when one ${slip.title} (${slip.breaks})`}`;
  });
}

function equal(left: Octets | number | null, right: Octets | number | null): boolean {
  if (typeof left === 'number' || typeof right === 'number') return left === right;
  return same(left, right);
}

function written(value: Octets | number | null): string {
  if (value === null) return 'absent';
  return typeof value === 'number' ? String(value) : `${base64url(value)} (${value.length} octets)`;
}

/** An input for a reader of the report: no more than matters. */
export function describeInput({ username, password, passwordOctets, salt, nonce, bonus }: Asked): string {
  const name = JSON.stringify(username);
  const secret = passwordOctets === undefined ? JSON.stringify(password) : base64url(passwordOctets);
  const text = `username ${name}, password ${secret}, salt ${length(salt)}, nonce ${length(nonce)}, bonus ${bonus}`;
  return text.length <= 500 ? text : `${text.slice(0, 500)}...`;
}

const length = (octets: Octets | null): string => (octets === null ? 'none' : `of ${octets.length} octets`);

/** States that an answer is a refusal of a wrong input; an internal error never is. */
export function mustRefuse(context: CaseContext, requirement: string, answer: Answer, what: string): void {
  context.require(requirement, isRefusal(answer), `${what} to be refused as invalid`, shown(answer));
}

export async function askRealm(context: CaseContext, revision: Revision, input: RealmInput): Promise<Answer> {
  return await context.call('stacie.realm', {
    revision,
    masterKey: base64url(input.masterKey),
    realm: input.realm,
    shard: base64url(input.shard),
    ...optional('salt', input.salt),
  });
}

export async function askEncryption(
  context: CaseContext,
  keys: EnvelopeKeys,
  {
    serial,
    data,
    vectorShard,
  }: { readonly serial: number; readonly data: Octets; readonly vectorShard: Octets | null },
): Promise<Answer> {
  return await context.call('stacie.encrypt', {
    ...writtenKeys(keys),
    serial,
    data: base64url(data),
    ...optional('vectorShard', vectorShard),
  });
}

export async function askDecryption(context: CaseContext, keys: EnvelopeKeys, envelope: Octets): Promise<Answer> {
  return await context.call('stacie.decrypt', { ...writtenKeys(keys), envelope: base64url(envelope) });
}

export interface Rotation {
  readonly old: RealmInput;
  readonly next: Pick<RealmInput, 'masterKey' | 'salt'>;
}

export async function askRotation(context: CaseContext, { old, next }: Rotation): Promise<Answer> {
  return await context.call('stacie.shard-rotate', {
    realm: old.realm,
    oldMasterKey: base64url(old.masterKey),
    ...optional('oldSalt', old.salt),
    oldShard: base64url(old.shard),
    newMasterKey: base64url(next.masterKey),
    ...optional('newSalt', next.salt),
  });
}

function writtenKeys({ vectorKey, tagKey, cipherKey }: EnvelopeKeys): Record<string, string> {
  return { vectorKey: base64url(vectorKey), tagKey: base64url(tagKey), cipherKey: base64url(cipherKey) };
}

function optional(member: string, octets: Octets | null): Record<string, string> {
  return octets === null ? {} : { [member]: base64url(octets) };
}

function shown(answer: Answer): () => string {
  return () =>
    answer.kind === 'result'
      ? JSON.stringify(answer.value).slice(0, 600)
      : `error ${answer.code}: ${answer.message}`.slice(0, 600);
}
