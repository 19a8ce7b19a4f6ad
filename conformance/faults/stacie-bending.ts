/** How the STACIE faults bend the operations of the reference adapter. */
import {
  type DerivationInput,
  derive,
  drafts,
  type Octets,
  type RealmInput,
  type Revision,
  type Rules,
  roundsOf,
} from '../model/stacie-derivation.js';
import type { EnvelopeKeys } from '../model/stacie-envelope.js';
import { OperationRefusal } from '../target/adapter/serve.js';
import { type Bend, bend, bendResult } from './record-and-codec-bending.js';

type Input = Readonly<Record<string, unknown>>;
type Result = Record<string, unknown>;

export const write = (octets: Octets): string => Buffer.from(octets).toString('base64url');
export const octetsOf = (value: unknown): Octets => Buffer.from(String(value), 'base64url');
export const octetsOrNull = (value: unknown): Octets | null => (value === undefined ? null : octetsOf(value));

/** An input of `stacie.derive` as the model takes it. */
export function derivationInput({ username, password, passwordOctets, salt, nonce, bonus }: Input): DerivationInput {
  return {
    username: String(username),
    password: password === undefined ? Buffer.from(octetsOf(passwordOctets)).toString('utf8') : String(password),
    salt: octetsOrNull(salt),
    nonce: octetsOrNull(nonce),
    bonus: Number(bonus ?? 0),
  };
}

/** A fault that counts wrongly tells its count, but does not work for so long. */
const mostRounds = 5000;

/** Derives and counts by other rules; what the reference refuses stays refused. */
export function byRules(changed: Partial<Rules>): Bend {
  const rules = { ...drafts, ...changed };
  const roundsIn = (input: Input): number => {
    const { password, bonus } = derivationInput(input);
    return roundsOf(password, bonus, rules);
  };
  const counts = bendResult('stacie.rounds', (_result, input) => ({ rounds: roundsIn(input) }));
  const derives = bendResult('stacie.derive', (result, input) => {
    const rounds = roundsIn(input);
    // Where the right count is as high, the case is about many rounds.
    return rounds > mostRounds && rounds !== result.rounds ? { ...result, rounds } : derivedBy(input, rules);
  });
  return (inner) => counts(derives(inner));
}

export function derivedBy(input: Input, rules: Rules = drafts): Result {
  const values = Object.entries(derive(derivationInput(input), rules));
  return Object.fromEntries(
    values.flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === 'number' ? value : write(value)] as const],
    ),
  );
}

/** Gives `instead` where the reference refuses an input of which `when` holds. */
export function forgiveRefusal(name: string, when: (input: Input) => boolean, instead: (input: Input) => Result): Bend {
  return bend(name, (operation) => async (input) => {
    try {
      return await operation(input);
    } catch (error) {
      if (!(error instanceof OperationRefusal) || !when(input)) throw error;
      return instead(input);
    }
  });
}

/** Refuses an input of which `when` holds. */
export function refuseInput(name: string, when: (input: Input) => boolean): Bend {
  return bend(name, (operation) => (input) => {
    if (when(input)) throw new OperationRefusal('refused by a seeded fault');
    return operation(input);
  });
}

/** Hands the operation another input. */
export function changeInput(name: string, change: (input: Input) => Input): Bend {
  return bend(name, (operation) => (input) => operation(change(input)));
}

/** Of a binary member that is there, how many octets it has; null when it is absent. */
export const lengthOf = (value: unknown): number | null => octetsOrNull(value)?.length ?? null;

export function realmInput({ masterKey, realm, shard, salt }: Input): RealmInput {
  return { masterKey: octetsOf(masterKey), realm: String(realm), shard: octetsOf(shard), salt: octetsOrNull(salt) };
}

export const revisionOf = ({ revision }: Input): Revision => (revision === '00' ? '00' : '03');

export function envelopeKeysOf({ vectorKey, tagKey, cipherKey }: Input): EnvelopeKeys {
  return { vectorKey: octetsOf(vectorKey), tagKey: octetsOf(tagKey), cipherKey: octetsOf(cipherKey) };
}

/** As many octets as are wanted: cut, or filled with zeros. */
export function fitted(octets: Octets, length: number): Octets {
  const result = new Uint8Array(length);
  result.set(octets.subarray(0, length));
  return result;
}

/** Cuts or fills a binary member before the reference sees it, so that no length of it is refused. */
export function fitInput(name: string, member: string, length: number): Bend {
  return changeInput(name, (input) =>
    input[member] === undefined ? input : { ...input, [member]: write(fitted(octetsOf(input[member]), length)) },
  );
}

/** Of a salt or nonce that is there: under 64 octets, no multiple of 32, over 1,024. */
export const isShort = (value: unknown): boolean => {
  const length = lengthOf(value);
  return length !== null && length < 64;
};
export const isOdd = (value: unknown): boolean => (lengthOf(value) ?? 0) % 32 !== 0;
export const isLong = (value: unknown): boolean => (lengthOf(value) ?? 0) > 1024;

/** The input without a member. */
export function without(input: Input, member: string): Input {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== member));
}
