/**
 * How a case of the class `resolver` is written: a DNS server of the suite's own, domains that nobody asked for before, and
 * what has to come of a lookup.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type MockDns, type MockDnsOptions, queryText, startMockDns } from '../../target/mock-dns.js';
import { type Case, type CaseDefinition, defineCase } from '../case.js';
import { type Answer, isRefusal, show } from '../record/record-calls.js';
import { base64url, keyTexts } from '../record/record-inputs.js';

/** Longer than a patient resolver takes that asks a silent server thrice, with 5 seconds each time. */
const lookupMs = 25_000;

type ResolverCase<Input> = Omit<CaseDefinition<Input>, 'class' | 'needs' | 'operation' | 'given'> & {
  readonly given: fc.Arbitrary<Input>;
};

export function resolverCase<Input>({ given, ...facts }: ResolverCase<Input>): Case {
  return defineCase<Input>({
    ...facts,
    class: 'resolver',
    needs: ['adapter'],
    operation: 'dns.resolve-record',
    given: () => given,
  });
}

/** A DNS server for one run; what it is asked is evidence. */
export async function dnsOf(context: CaseContext, options: Omit<MockDnsOptions, 'onQuery'> = {}): Promise<MockDns> {
  const onQuery: MockDnsOptions['onQuery'] = (query) => context.transcript.add('query', 0, queryText(query));
  return context.keep(await startMockDns({ ...options, onQuery }));
}

/** A name that no resolver has in its cache: it is new in each run, whatever the seed. */
export function newDomain(above = 'example'): string {
  return `d${randomBytes(5).toString('hex')}.${above}`;
}

export const ownerOf = (domain: string): string => `_dx.${domain}`;

/** The text of a record with one key, and with nothing else that a resolver has to understand. */
export const recordWith = (key: string, more = ''): string => `ver=1 pok=${key}${more === '' ? '' : ` ${more}`}`;

/** The key of the right record, and one of a record that must not be used. No key is simpler than another. */
export const keyPairs: fc.Arbitrary<{ readonly key: string; readonly wrong: string }> = fc.noShrink(
  fc.uniqueArray(keyTexts, { minLength: 2, maxLength: 2 }).map(([key = '', wrong = '']) => ({ key, wrong })),
);

/** Inputs of a case that waits for seconds: no simpler ones are looked for when it fails. */
export function patiently<Input>(model: { [Member in keyof Input]: fc.Arbitrary<Input[Member]> }): fc.Arbitrary<Input> {
  return fc.noShrink(fc.record(model));
}

export async function lookUp(
  context: CaseContext,
  { endpoint }: Pick<MockDns, 'endpoint'>,
  domain: string,
  anchors: readonly string[] = endpoint.anchors,
): Promise<Answer> {
  return await context.call('dns.resolve-record', { domain, dns: { ...endpoint, anchors } }, lookupMs);
}

export type State = 'secure' | 'insecure' | 'bogus';

export const stateOf = (answer: Answer): unknown => (answer.kind === 'result' ? answer.value.dnssec : null);

/** Whether it is the record with these keys, in this order. */
export function isRecord(answer: Answer, ...keys: readonly string[]): boolean {
  return answer.kind === 'result' && JSON.stringify(answer.value.primary) === JSON.stringify(keys.map(base64url));
}

/** States that the record with these keys is found, with one of these states. */
export function mustFind(
  context: CaseContext,
  requirement: string,
  answer: Answer,
  expected: { readonly keys: readonly string[]; readonly states?: readonly State[] },
  what: string,
): void {
  const { keys, states } = expected;
  const holds =
    isRecord(answer, ...keys) && (states === undefined || (states as readonly unknown[]).includes(stateOf(answer)));
  const state = states === undefined ? '' : `, ${states.join(' or ')}`;
  context.require(requirement, holds, `${what}: the record with ${keys.join(' and ')}${state}`, show(answer));
}

/** States that the lookup is refused as invalid. */
export function mustFail(context: CaseContext, requirement: string, answer: Answer, what: string): void {
  context.require(requirement, isRefusal(answer), `${what}: to be refused as invalid`, show(answer));
}

/** Whether nobody can take the answer for proven or for unsigned: it says that the proof failed, or is a refusal. */
export const isTakenForFailed = (answer: Answer): boolean => stateOf(answer) === 'bogus' || isRefusal(answer);

export function mustTakeForFailed(context: CaseContext, requirement: string, answer: Answer, what: string): void {
  context.require(requirement, isTakenForFailed(answer), `${what}: bogus, or a refusal as invalid`, show(answer));
}
