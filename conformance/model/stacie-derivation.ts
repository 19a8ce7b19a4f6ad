/**
 * What the formulas of STACIE give (section 1 of the STACIE digest): the suite's own short account of them, on
 * node:crypto, by which the derivation cases judge. Nothing is checked here; the cases hand in what is right. Each step
 * is a rule with a name, so that a slip in one of them can be told from a slip in another.
 */
import { createHmac, hash } from 'node:crypto';

export type Octets = Uint8Array;
export type Revision = '00' | '03';

export interface DerivationInput {
  readonly username: string;
  readonly password: string;
  readonly salt: Octets | null;
  readonly nonce: Octets | null;
  readonly bonus: number;
}

/** What may go into one hash of a key or token stage; what is absent is empty. */
export interface RoundInput {
  /** The digest before; empty in the first round. */
  readonly previous: Octets;
  readonly base: Octets;
  readonly username: Octets;
  readonly salt: Octets;
  readonly password: Octets;
  readonly nonce: Octets;
  readonly counter: Octets;
}

/** What the stages have given so far. */
export interface Stages {
  readonly seed: Octets;
  readonly masterKey: Octets;
  readonly passwordKey: Octets;
  readonly verificationToken: Octets;
}

export interface Rules {
  readonly digest: (...pieces: readonly Octets[]) => Octets;
  /** How many characters a password counts as (section 1.3). */
  readonly characters: (password: string) => number;
  readonly exponent: (characters: number) => number;
  readonly total: (variable: number, bonus: number) => number;
  readonly usernameOctets: (text: string) => Octets;
  readonly passwordOctets: (text: string) => Octets;
  /** What stands for a salt that is absent in the seed stage (section 1.4). */
  readonly noSalt: (username: Octets, digest: Rules['digest']) => Octets;
  /** The 128 octets that key the seed stage. */
  readonly macKey: (salt: Octets, digest: Rules['digest']) => Octets;
  readonly repetitions: (rounds: number) => number;
  readonly mac: (key: Octets, pieces: Iterable<Octets>) => Octets;
  /** What a key or token stage starts from. */
  readonly masterBase: (stages: Pick<Stages, 'seed'>, input: DerivationInput) => Octets;
  readonly passwordBase: (stages: Pick<Stages, 'seed' | 'masterKey'>) => Octets;
  readonly verificationBase: (stages: Omit<Stages, 'verificationToken'>) => Octets;
  readonly loginBase: (stages: Stages) => Octets;
  readonly keyRounds: (rounds: number) => number;
  readonly keyCounter: (count: number) => Octets;
  readonly keyInput: (round: RoundInput) => readonly Octets[];
  readonly tokenRounds: (rounds: number) => number;
  readonly tokenCounter: (count: number) => Octets;
  readonly tokenInput: (round: RoundInput) => readonly Octets[];
}

export interface Derivation {
  readonly rounds: number;
  readonly seed: Octets;
  readonly masterKey: Octets;
  readonly passwordKey: Octets;
  readonly verificationToken: Octets;
  /** Null without a nonce. */
  readonly ephemeralLoginToken: Octets | null;
}

export interface RealmInput {
  readonly masterKey: Octets;
  readonly realm: string;
  readonly shard: Octets;
  readonly salt: Octets | null;
}

export interface RealmKeys {
  readonly realmKey: Octets;
  readonly vectorKey: Octets;
  /** Null in revision 00, which has none. */
  readonly tagKey: Octets | null;
  readonly cipherKey: Octets;
}

const none = new Uint8Array(0);

export function sha512(...pieces: readonly Octets[]): Octets {
  return hash('sha512', Buffer.concat(pieces), 'buffer');
}

/** `count` as 3 octets, most significant first. */
function counterOctets(count: number): Octets {
  return Uint8Array.of((count >>> 16) & 0xff, (count >>> 8) & 0xff, count & 0xff);
}

function hmac(key: Octets, pieces: Iterable<Octets>): Octets {
  const mac = createHmac('sha512', key);
  for (const piece of pieces) mac.update(piece);
  return mac.digest();
}

/** The rules as the drafts have them. */
export const drafts: Rules = {
  digest: sha512,
  characters: (password) => [...password].length,
  exponent: (characters) => Math.max(1, 24 - characters),
  total: (variable, bonus) => Math.min(16_777_216, Math.max(8, variable + bonus)),
  usernameOctets: (text) => Buffer.from(text, 'utf8'),
  passwordOctets: (text) => Buffer.from(text, 'utf8'),
  noSalt: (username, digest) => digest(username),
  macKey: (salt, digest) =>
    salt.length === 128 ? salt : Buffer.concat([digest(salt, counterOctets(0)), digest(salt, counterOctets(1))]),
  repetitions: (rounds) => rounds,
  mac: hmac,
  masterBase: ({ seed }) => seed,
  passwordBase: ({ masterKey }) => masterKey,
  verificationBase: ({ passwordKey }) => passwordKey,
  loginBase: ({ verificationToken }) => verificationToken,
  keyRounds: (rounds) => rounds,
  keyCounter: counterOctets,
  keyInput: ({ previous, base, username, salt, password, counter }) => [
    previous,
    base,
    username,
    salt,
    password,
    counter,
  ],
  tokenRounds: () => 8,
  tokenCounter: counterOctets,
  tokenInput: ({ previous, base, username, salt, nonce, counter }) => [previous, base, username, salt, nonce, counter],
};

export function roundsOf(password: string, bonus: number, rules: Rules = drafts): number {
  return rules.total(2 ** rules.exponent(rules.characters(password)), bonus);
}

export function seedOf(
  { username, password, salt }: Pick<DerivationInput, 'username' | 'password' | 'salt'>,
  rounds: number,
  rules: Rules = drafts,
): Octets {
  const key = rules.macKey(salt ?? rules.noSalt(rules.usernameOctets(username), rules.digest), rules.digest);
  return rules.mac(key, repeated(rules.passwordOctets(password), rules.repetitions(rounds)));
}

/** A key stage: master key from the seed, password key from the master key (section 1.5). */
export function keyOf(
  base: Octets,
  rounds: number,
  { username, password, salt }: Pick<DerivationInput, 'username' | 'password' | 'salt'>,
  rules: Rules = drafts,
): Octets {
  const fixed = {
    base,
    username: rules.usernameOctets(username),
    salt: salt ?? none,
    password: rules.passwordOctets(password),
    nonce: none,
  };
  return chain(rules.digest, rules.keyRounds(rounds), (previous, count) =>
    rules.keyInput({ ...fixed, previous, counter: rules.keyCounter(count) }),
  );
}

/**
 * A token stage: verification token from the password key, without nonce; login token from the verification token
 * (section 1.6). Password and rounds are there for slips that use them.
 */
export function tokenOf(
  base: Octets,
  {
    username,
    salt,
    nonce,
    password = '',
  }: Pick<DerivationInput, 'username' | 'salt' | 'nonce'> & { password?: string },
  rules: Rules = drafts,
  rounds = 8,
): Octets {
  const fixed = {
    base,
    username: rules.usernameOctets(username),
    salt: salt ?? none,
    password: rules.passwordOctets(password),
    nonce: nonce ?? none,
  };
  return chain(rules.digest, rules.tokenRounds(rounds), (previous, count) =>
    rules.tokenInput({ ...fixed, previous, counter: rules.tokenCounter(count) }),
  );
}

export function derive(input: DerivationInput, rules: Rules = drafts): Derivation {
  const rounds = roundsOf(input.password, input.bonus, rules);
  const seed = seedOf(input, rounds, rules);
  const masterKey = keyOf(rules.masterBase({ seed }, input), rounds, input, rules);
  const passwordKey = keyOf(rules.passwordBase({ seed, masterKey }), rounds, input, rules);
  const keys = { seed, masterKey, passwordKey };
  const verificationToken = tokenOf(rules.verificationBase(keys), { ...input, nonce: null }, rules, rounds);
  const base = rules.loginBase({ ...keys, verificationToken });
  const ephemeralLoginToken = input.nonce === null ? null : tokenOf(base, input, rules, rounds);
  return { rounds, ...keys, verificationToken, ephemeralLoginToken };
}

/** The value before the shard is mixed in (section 1.7): what a client may keep instead of the master key. */
export function realmHash(revision: Revision, { masterKey, realm, shard, salt }: RealmInput): Octets {
  return sha512(masterKey, Buffer.from(realm, 'utf8'), revision === '00' ? shard : (salt ?? none));
}

export function realmKeys(revision: Revision, input: RealmInput): RealmKeys {
  return splitRealmKey(revision, exclusiveOr(realmHash(revision, input), input.shard));
}

export function splitRealmKey(revision: Revision, realmKey: Octets): RealmKeys {
  const [first, second] = [realmKey.subarray(0, 16), realmKey.subarray(16, 32)];
  const cipherKey = realmKey.subarray(32);
  return revision === '00'
    ? { realmKey, vectorKey: exclusiveOr(first, second), tagKey: null, cipherKey }
    : { realmKey, vectorKey: first, tagKey: second, cipherKey };
}

/** The shard that gives the same realm key under a new master key and salt (section 1.9, shallow change). */
export function rotatedShard(old: RealmInput, next: Pick<RealmInput, 'masterKey' | 'salt'>): Octets {
  const { realmKey } = realmKeys('03', old);
  return exclusiveOr(realmHash('03', { ...old, ...next }), realmKey);
}

/** Of equal lengths. */
export function exclusiveOr(left: Octets, right: Octets): Octets {
  return left.map((octet, index) => octet ^ (right[index] ?? 0));
}

function chain(
  digest: Rules['digest'],
  rounds: number,
  input: (previous: Octets, count: number) => readonly Octets[],
): Octets {
  let previous: Octets = none;
  for (let count = 0; count < rounds; count++) previous = digest(...input(previous, count));
  return previous;
}

function* repeated(piece: Octets, times: number): Iterable<Octets> {
  for (let count = 0; count < times; count++) yield piece;
}
