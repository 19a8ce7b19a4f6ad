/** How the signet cases ask, in both dialects, and what they read out of the answers. */
import fc from 'fast-check';
import { fingerprintsOf, formOf } from '../../model/dmtp-signets.js';
import type { Form } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import type { SignetChain, TargetProfile } from '../../target/profile.js';
import { refused, succeeded, textOf } from '../dmtp/answers.js';

export type Dialect = 'positional' | 'named';

export const dialects: fc.Arbitrary<Dialect> = fc.constantFrom('positional', 'named');

const isAddress = (name: string): boolean => name.includes('@');
const named = (name: string): string => `${isAddress(name) ? 'USER' : 'DOMAIN'}=<${name}>`;
const bracketed = (text: string | undefined): string => (text === undefined ? '' : ` [${text}]`);
const valued = (key: string, text: string | undefined): string => (text === undefined ? '' : ` ${key}=[${text}]`);

/** A command with its arguments, in the dialect that is asked for. */
export type Line = (dialect: Dialect) => string;

export const sgnt =
  (name: string, fingerprint?: string): Line =>
  (dialect) =>
    dialect === 'named'
      ? `SGNT ${named(name)}${valued('FINGERPRINT', fingerprint)}`
      : `SGNT <${name}>${bracketed(fingerprint)}`;

export const vrfy =
  (name: string, fingerprint?: string): Line =>
  (dialect) =>
    dialect === 'named'
      ? `VRFY ${named(name)}${valued('FINGERPRINT', fingerprint)}`
      : `VRFY <${name}>${bracketed(fingerprint)}`;

/** The named dialect has histories of users only. */
export const hist =
  (name: string, start?: string, stop?: string): Line =>
  (dialect) =>
    dialect === 'named' && isAddress(name)
      ? `HIST USER=<${name}>${valued('START', start)}${valued('STOP', stop)}`
      : `HIST <${name}>${bracketed(start)}${bracketed(stop)}`;

/**
 * Asks in a dialect; where the named one is not understood, in the other. Whether it is understood is for the case on
 * DMTP-045 to say.
 */
export async function askIn(
  context: CaseContext,
  connection: DmtpConnection,
  dialect: Dialect,
  line: Line,
): Promise<PeerReply> {
  const reply = await context.ask(connection, line(dialect));
  const unknown = dialect === 'named' && (reply.code === 500 || reply.code === 501);
  return unknown ? await context.ask(connection, line('positional')) : reply;
}

/** One signet of a chain that is known. */
export interface KnownSignet {
  readonly full: Uint8Array;
  readonly identifiable: Uint8Array | null;
  /** The kinds that are known. */
  readonly fingerprints: readonly { readonly form: Form; readonly text: string }[];
}

export interface KnownChain {
  readonly name: string;
  /** Oldest first. */
  readonly signets: readonly KnownSignet[];
}

export interface ChainWishes {
  readonly of?: 'domain' | 'user';
  /** One when not given. */
  readonly atLeast?: number;
}

export function knownChains({ signets = [] }: TargetProfile, { of, atLeast = 1 }: ChainWishes = {}): KnownChain[] {
  return signets
    .filter((chain) => chain.signets.length >= atLeast)
    .filter(({ name }) => of === undefined || isAddress(name) === (of === 'user'))
    .map(knownChain);
}

/** Names of chains that are known: what a counterexample shows. Empty when there is none of that sort. */
export function names(profile: TargetProfile, wishes?: ChainWishes): fc.Arbitrary<string> {
  const known = knownChains(profile, wishes).map(({ name }) => name);
  return fc.constantFrom(...(known.length === 0 ? [''] : known));
}

/** @throws Unreachable for a name of which nothing is known */
export function chainOf({ profile }: CaseContext, name: string): KnownChain {
  const found = knownChains(profile).find((chain) => chain.name === name);
  if (found === undefined) throw new Unreachable('no signets are known that this could be tried with');
  return found;
}

const known = new WeakMap<SignetChain, KnownChain>();

/** Their fingerprints are computed once. */
function knownChain(chain: SignetChain): KnownChain {
  const before = known.get(chain);
  if (before !== undefined) return before;
  const { name, signets, identifiable = [] } = chain;
  const made = {
    name,
    signets: signets.map((full, index) => {
      const whole = identifiable[index] ?? null;
      return { full, identifiable: whole, fingerprints: fingerprintsOf(full, whole) };
    }),
  };
  known.set(chain, made);
  return made;
}

export function newest({ signets }: KnownChain): KnownSignet {
  const last = signets.at(-1);
  if (last === undefined) throw new RangeError('a chain has at least one signet');
  return last;
}

/** The fingerprint of a kind; empty when it is not known. */
export const fingerprintIn = (signet: KnownSignet | undefined, form: Form): string =>
  signet?.fingerprints.find((each) => each.form === form)?.text ?? '';

/**
 * The kind of fingerprint that a command knows the newest signet of a chain by.
 *
 * @throws Unreachable when there is none, since the cases on kinds are about that
 */
export async function kindFor(
  context: CaseContext,
  connection: DmtpConnection,
  chain: KnownChain,
  line: (fingerprint: string) => Line,
): Promise<Form> {
  for (const { form, text } of newest(chain).fingerprints) {
    const reply = await context.ask(connection, line(text)('positional'));
    if (succeeded(reply)) return form;
  }
  throw new Unreachable(
    `the newest signet of ${chain.name} is not found by any fingerprint, so this could not be tried`,
  );
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Octets of a text in standard base64 with its padding; null when it is none, or empty. */
export function octetsOf(text: string): Uint8Array | null {
  return text !== '' && base64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : null;
}

/** The signet in an answer to SGNT; null when it holds none. */
export function signetIn(reply: PeerReply): Uint8Array | null {
  const [line] = reply.lines;
  if (!succeeded(reply) || line === undefined || reply.lines.length !== 1) return null;
  return octetsOf(/^OK *\[([^\]]*)\]$/.exec(line.text)?.[1] ?? '');
}

/** The signets in an answer to HIST, in their order; null when a line is none, or the last one not `OK`. */
export function historyIn(reply: PeerReply): Uint8Array[] | null {
  if (!succeeded(reply) || textOf(reply) !== 'OK') return null;
  const signets = reply.lines.slice(0, -1).map(({ text }) => octetsOf(/^\[([^\]]*)\]$/.exec(text)?.[1] ?? ''));
  return signets.includes(null) ? null : signets.filter((octets) => octets !== null);
}

/** Whether octets are a signet of a chain; the form in which they came is told. */
export function isSignet(context: CaseContext, given: Uint8Array, { full, identifiable }: KnownSignet): boolean {
  const form = formOf(given, full, identifiable);
  if (form !== null) context.follows('signet-form', form);
  return form !== null;
}

/** Requires a refusal, whichever, and tells its code. */
export function requireNotFound(context: CaseContext, requirement: string, reply: PeerReply, line: string): void {
  context.require(requirement, refused(reply), `a 4xx or 5xx code in answer to ${JSON.stringify(line)}`, reply);
  context.follows('signet-not-found', String(reply.code));
}
