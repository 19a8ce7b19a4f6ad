/**
 * AUTHENTICATE as the suite does it when a case is about something else: STACIE by the mapping of DMAP-I-30, computed by
 * the suite's own account of the formulas.
 */
import { type Derivation, derive, drafts, tokenOf } from '../model/stacie-derivation.js';
import { Unreachable } from '../runner/outcome.js';
import type { DmapConnection, DmapResult } from './dmap-connection.js';

export interface DmapCredentials {
  readonly username: string;
  /** Behind a function, so that nothing that prints an account prints it. */
  readonly password: () => string;
}

/** More rounds than an account for tests has any use for; what the server says decides how long the suite computes. */
const mostBonus = 2 ** 18;
/** Octets of a salt or a nonce (section 3.10 of the DMAP digest). */
const mostOctets = 1024;

/** What a server says about one password, in its first answer. */
export interface PasswordMethod {
  readonly username: string;
  readonly salt: Uint8Array | null;
  readonly nonce: Uint8Array;
  readonly bonus: number;
}

/**
 * Logs in and gives the result of AUTHENTICATE.
 *
 * @throws Unreachable when the server does not let the account in, since the case is not about it
 */
export async function logIn(connection: DmapConnection, credentials: DmapCredentials): Promise<DmapResult> {
  const result = await stacieLogin(connection, credentials);
  if (result.status !== 'OK') {
    throw new Unreachable(
      `${credentials.username} was not let in: ${JSON.stringify(result.completion.raw.slice(0, 200))}`,
    );
  }
  return result;
}

/** The whole exchange, whatever comes of it. */
export async function stacieLogin(connection: DmapConnection, credentials: DmapCredentials): Promise<DmapResult> {
  const { username } = credentials;
  const tag = connection.nextTag();
  await connection.send(`${tag} AUTHENTICATE STACIE ${base64({ login: { username } })}\r\n`);
  const challenge = await connection.response();
  if (!challenge.raw.startsWith('+')) return await connection.completedBy(tag, challenge);
  const method = readMethod(challenge.raw);
  const token = base64url(loginToken(credentials, method));
  const proof = { authenticate: { username: method.username, nonce: base64url(method.nonce), token } };
  await connection.sendSecret(Buffer.from(`${base64(proof)}\r\n`), '[the proof of the password]\r\n');
  const realms = await connection.response();
  if (!realms.raw.startsWith('+')) return await connection.completedBy(tag, realms);
  await connection.send('\r\n');
  return await connection.result(tag);
}

/** What the password gives does not change from login to login, save for the last step, which mixes the nonce in. */
const derived = new WeakMap<DmapCredentials, { readonly key: string; readonly keys: Derivation }>();

function loginToken(credentials: DmapCredentials, method: PasswordMethod): Uint8Array {
  const input = { ...method, password: credentials.password() };
  const known = derived.get(credentials);
  const key = `${method.username} ${method.bonus} ${base64url(method.salt ?? new Uint8Array(0))}`;
  const keys = known?.key === key ? known.keys : derive({ ...input, nonce: null });
  derived.set(credentials, { key, keys });
  return tokenOf(drafts.loginBase(keys), input, drafts, keys.rounds);
}

/** @throws Unreachable when the challenge is not what DMAP-I-30 says */
export function readMethod(challenge: string): PasswordMethod {
  const text = Buffer.from(challenge.replace(/^\+ ?/, '').trimEnd(), 'base64').toString('utf8');
  const cannot = (why: string): Unreachable =>
    new Unreachable(`the challenge of AUTHENTICATE STACIE ${why}: ${JSON.stringify(text.slice(0, 200))}`);
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw cannot('is no JSON');
  }
  const methods = (said as { methods?: readonly { password?: Record<string, unknown> }[] } | null)?.methods;
  const entry = Array.isArray(methods) ? methods.find((one) => one?.password !== undefined)?.password : undefined;
  if (entry === undefined) throw cannot('names no password');
  const { username, salt, nonce, bonus = 0 } = entry;
  if (typeof username !== 'string' || typeof nonce !== 'string') throw cannot('lacks username or nonce');
  const rounds = Number(bonus);
  if (!Number.isInteger(rounds) || rounds < 0 || rounds > mostBonus) throw cannot(`has no bonus of 0 to ${mostBonus}`);
  const method = {
    username,
    salt: typeof salt === 'string' ? Buffer.from(salt, 'base64url') : null,
    nonce: Buffer.from(nonce, 'base64url'),
    bonus: rounds,
  };
  if ([method.salt, method.nonce].some((octets) => (octets?.length ?? 0) > mostOctets)) {
    throw cannot(`has a salt or nonce of more than ${mostOctets} octets`);
  }
  return method;
}

function base64(message: unknown): string {
  return Buffer.from(JSON.stringify(message), 'utf8').toString('base64');
}

function base64url(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}
