/** AUTHENTICATE STACIE on the server's side (DMAP-I-28, DMAP-I-30). */
import { randomBytes } from 'node:crypto';
import { derive } from '../../model/stacie-derivation.js';
import type { DmapPeer } from '../../target/hostile-dmap-peer.js';
import { base64url, isObject, type Members } from '../stacie-server/messages.js';
import type { Heard } from './heard.js';

/** Who may log in. The name is taken as it is typed. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface LoginRules {
  /** What stands behind `+ ` in place of a right challenge. Steps: the offer of methods, and the key ring. */
  readonly challenge: (right: string, step: 'methods' | 'realms') => string;
  /** Before each answer to a line of the client. */
  readonly pause: (peer: DmapPeer) => Promise<void>;
}

export const rightLogin: LoginRules = { challenge: (right) => right, pause: async () => undefined };

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64');

/**
 * The exchange up to its completion, which is given without its tag; null when the connection ends. Lines of the client
 * go to `heard`, without their ends.
 */
export async function serveLogin(
  peer: DmapPeer,
  { command }: Heard,
  known: Login,
  { challenge, pause }: LoginRules,
  heard: string[],
): Promise<string | null> {
  if (command?.name !== 'AUTHENTICATE') return 'BAD What is this?';
  if (command.mechanism !== 'STACIE') return 'NO There is no such mechanism.';
  const answerTo = async (text: string): Promise<string | null> => {
    await pause(peer);
    peer.say(`+ ${text}\r\n`);
    const line = await peer.line();
    if (line !== null) heard.push(line.replace(/\r?\n$/, ''));
    return line?.replace(/\r?\n$/, '') ?? null;
  };
  const first = command.initial === null ? await answerTo('') : Buffer.from(command.initial).toString('base64');
  if (first === null || first === '*') return first === null ? null : 'BAD As you like.';
  const { username } = contentOf(first, 'login');
  if (typeof username !== 'string') return 'BAD That is no login.';
  const [salt, nonce] = [new Uint8Array(randomBytes(128)), new Uint8Array(randomBytes(128))];
  const method = { username, salt: base64url(salt), nonce: base64url(nonce), bonus: 0 };
  const second = await answerTo(challenge(base64({ methods: [{ password: method }] }), 'methods'));
  if (second === null || second === '*') return second === null ? null : 'BAD As you like.';
  const proof = contentOf(second, 'authenticate');
  const { ephemeralLoginToken } = derive({ ...known, salt, nonce, bonus: 0 });
  const right = ephemeralLoginToken !== null && proof.token === base64url(ephemeralLoginToken);
  if (!right || username !== known.username || proof.nonce !== method.nonce) return 'NO That is not right.';
  const shard = base64url(new Uint8Array(64).fill(9));
  const third = await answerTo(challenge(base64({ realms: [{ index: '0', label: 'mail', shard }] }), 'realms'));
  if (third === null) return null;
  await pause(peer);
  return third === '' ? 'OK Come in.' : 'BAD As you like.';
}

function contentOf(line: string, kind: string): Members {
  try {
    const value: unknown = JSON.parse(Buffer.from(line, 'base64').toString('utf8'));
    const content = isObject(value) ? value[kind] : null;
    return isObject(content) ? content : {};
  } catch {
    return {};
  }
}
