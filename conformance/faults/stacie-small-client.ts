/**
 * A small STACIE client whose every decision is a rule with a name, so that a fault replaces one of them and nothing else.
 * With the rules as they stand it is a right client; it shares no code with the reference client.
 */
import { Agent, request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { SecureVersion } from 'node:tls';
import { type Derivation, derive, type Octets, tokenOf } from '../model/stacie-derivation.js';
import { OperationRefusal } from '../target/adapter/serve.js';

export type Members = Readonly<Record<string, unknown>>;

export interface LoginInput {
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
  readonly revision: '00' | '03';
  readonly trust?: string;
}

/** What the client has of an offer. */
export interface Understood {
  readonly username: string;
  readonly salt: Octets | null;
  readonly nonce: Octets;
  /** As it was written. */
  readonly writtenNonce: string;
  readonly bonus: number;
}

export interface RingEntry {
  readonly realm: string;
  readonly index: number;
  readonly shard: string;
}

export interface ClientRules {
  /** The content of login. */
  readonly login: (typed: string) => Members;
  readonly json: (text: string) => unknown;
  /** From base64url to octets. */
  readonly octets: (text: unknown) => Octets;
  readonly leastSalt: number;
  readonly mostSalt: number;
  readonly leastNonce: number;
  readonly bonus: (value: unknown) => number;
  /** Each throws when what stands there is not supported. */
  readonly hash: (value: unknown) => void;
  readonly cipher: (value: unknown) => void;
  readonly disposition: (value: unknown) => void;
  /** Picks the password method. */
  readonly choose: (methods: readonly Members[], check: ClientRules['disposition']) => Members;
  /** The name that is hashed. */
  readonly hashed: (understood: Understood, typed: string) => string;
  /** How many nonces are remembered; 0 is none. */
  readonly remembered: number;
  readonly token: (derivation: Derivation, understood: Understood) => Octets;
  readonly authenticate: (content: Members, derivation: Derivation, typed: string) => Members;
  readonly kind: string;
  /** The nonce and token of a second attempt; null: there is none. */
  readonly again: (content: Members) => Members | null;
  readonly ring: (entries: readonly RingEntry[]) => readonly RingEntry[];
  /** Milliseconds; authenticate goes out at a multiple of it. */
  readonly paceMs: number;
  readonly believes: boolean;
  readonly minVersion: SecureVersion;
}

const refuse = (what: string): never => {
  throw new OperationRefusal(what);
};

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parameters of a primitive, by its string or its object of one member; refuses another name. */
export function parameters(value: unknown, name: string): Members {
  if (value === undefined || value === name) return {};
  if (!isObject(value) || Object.keys(value).join() !== name) return refuse(`${name} alone is supported`);
  const inside = value[name];
  return isObject(inside) ? inside : refuse(`${name} has no parameters`);
}

export function mustBe(given: Members, right: Members): void {
  for (const [name, value] of Object.entries(right)) {
    if (given[name] !== undefined && given[name] !== value) refuse(`${name} ${String(given[name])} is not supported`);
  }
}

export const rightRules: ClientRules = {
  login: (username) => ({ username }),
  json: (text) => JSON.parse(text),
  octets: (text) => {
    const octets = Buffer.from(String(text), 'base64url');
    return octets.toString('base64url') === text ? octets : refuse('no base64url');
  },
  leastSalt: 64,
  mostSalt: 4096,
  leastNonce: 64,
  bonus: (value = 0) => {
    const written = typeof value === 'number' && Number.isInteger(value) ? String(value) : value;
    const right = typeof written === 'string' && /^(0|[1-9][0-9]{0,7})$/.test(written) && Number(written) <= 16_777_216;
    return right ? Number(written) : refuse('no bonus');
  },
  hash: (value) => mustBe(parameters(value, 'sha2'), { block: 512, digest: 512 }),
  cipher: (value) => mustBe(parameters(value, 'aes'), { mode: 'gcm', key: 256 }),
  disposition: (value = 'required') => {
    if (value !== 'required' && value !== 'optional') refuse('no disposition');
  },
  choose: (methods, check) => {
    const chosen: Members[] = [];
    for (const method of methods) {
      const [[name, inside] = ['', null]] = Object.entries(method);
      if (!isObject(inside)) return refuse('no method');
      check(inside.disposition);
      if (name === 'password') chosen.push(inside);
      else if (inside.disposition !== 'optional') return refuse(`the method ${name} is required and not known`);
    }
    const [password] = chosen;
    return password !== undefined && chosen.length === 1 ? password : refuse('not one password method');
  },
  hashed: ({ username }) => username,
  remembered: 1000,
  token: ({ ephemeralLoginToken }) => ephemeralLoginToken ?? refuse('no nonce'),
  authenticate: (content) => content,
  kind: 'authenticate',
  again: () => null,
  ring: (entries) => entries,
  paceMs: 25,
  believes: false,
  minVersion: 'TLSv1.2',
};

/** A login with these rules; what the client remembers, it remembers from login to login. */
export function smallClient(changed: Partial<ClientRules>): (input: LoginInput) => Promise<Record<string, unknown>> {
  const rules = { ...rightRules, ...changed };
  const used: string[] = [];
  return async (input) => {
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 1,
      rejectUnauthorized: !rules.believes,
      minVersion: rules.minVersion,
      ...(rules.minVersion === 'TLSv1.2' ? {} : { ciphers: 'DEFAULT:@SECLEVEL=0' }),
      ...(input.trust === undefined ? {} : { ca: input.trust }),
    });
    try {
      return await login(input, rules, agent, used);
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    } finally {
      agent.destroy();
    }
  };
}

async function login(
  input: LoginInput,
  rules: ClientRules,
  agent: Agent,
  used: string[],
): Promise<Record<string, unknown>> {
  const offer = await exchange(input.endpoint, agent, JSON.stringify({ login: rules.login(input.username) }));
  const since = performance.now();
  const understood = understand(only(rules.json(offer), 'methods'), rules);
  if (used.includes(understood.writtenNonce)) return refuse('the nonce was used before');
  if (rules.remembered > 0) used.push(understood.writtenNonce);
  if (used.length > rules.remembered) used.shift();
  const { salt, nonce, bonus, username, writtenNonce } = understood;
  const hashed = { ...understood, username: rules.hashed(understood, input.username) };
  const derivation = derive({ username: hashed.username, password: input.password, salt, nonce, bonus });
  const passed = performance.now() - since;
  if (rules.paceMs > 0) await delay(Math.ceil(passed / rules.paceMs) * rules.paceMs - passed);
  const token = Buffer.from(rules.token(derivation, hashed)).toString('base64url');
  const content = rules.authenticate({ username, nonce: writtenNonce, token }, derivation, input.username);
  let answer = JSON.parse(await exchange(input.endpoint, agent, JSON.stringify({ [rules.kind]: content }))) as Members;
  const second = isObject(answer) && answer.methods !== undefined ? rules.again(content) : null;
  if (second !== null) {
    answer = JSON.parse(await exchange(input.endpoint, agent, JSON.stringify({ [rules.kind]: second }))) as Members;
  }
  const ring = answer[input.revision === '00' ? 'keys' : 'realms'];
  if (!Array.isArray(ring)) return { authenticated: false, keys: [] };
  const entries = ring.map((each: Members) => ({
    realm: String(each.realm ?? each.label),
    index: Number(each.index),
    shard: String(each.key ?? each.shard),
  }));
  return { authenticated: true, keys: rules.ring(entries) };
}

function only(message: unknown, kind: string): readonly Members[] {
  if (!isObject(message) || Object.keys(message).join() !== kind) return refuse(`the answer is not ${kind}`);
  const content = message[kind];
  return Array.isArray(content) && content.every(isObject) ? content : refuse('the methods are no list of objects');
}

function understand(methods: readonly Members[], rules: ClientRules): Understood {
  const password = rules.choose(methods, rules.disposition);
  rules.hash(password.hash);
  rules.cipher(password.cipher);
  const salt = password.salt === undefined ? null : rules.octets(password.salt);
  const nonce = rules.octets(password.nonce);
  if (salt !== null && salt.length < rules.leastSalt) return refuse('the salt is too short');
  if (salt !== null && salt.length > rules.mostSalt) return refuse('the salt is too long');
  if (nonce.length < rules.leastNonce) return refuse('the nonce is too short');
  return {
    username: String(password.username),
    salt,
    nonce,
    writtenNonce: String(password.nonce),
    bonus: rules.bonus(password.bonus),
  };
}

/** A login token from another base or nonce than the right one. */
export function otherToken(base: Octets, { username, salt }: Understood, nonce: Octets | null): Octets {
  return tokenOf(base, { username, salt, nonce });
}

const mostOctets = 65_536;
const answerMs = 1000;

/** One POST. Gives text that has to be UTF-8. */
function exchange(endpoint: string, agent: Agent, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    const request = httpsRequest(endpoint, { method: 'POST', agent, headers, timeout: answerMs }, (response) => {
      const pieces: Buffer[] = [];
      let octets = 0;
      response.on('data', (piece: Buffer) => {
        octets += piece.length;
        pieces.push(piece);
        if (octets > mostOctets) request.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          const read = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
          if (response.statusCode === 200) resolve(read);
          else reject(new Error(`status ${response.statusCode}`));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(text);
  });
}
