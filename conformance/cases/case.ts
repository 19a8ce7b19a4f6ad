/**
 * The case language. A case says which requirements it decides and gives a property over generated input; the runner
 * feeds it, shrinks what fails and keeps the evidence. Cases state what a right peer does from the specification's
 * digest, never by asking the reference server.
 */
import fc from 'fast-check';
import type { CaseContext } from '../runner/context.js';
import type { TargetProfile } from '../target/profile.js';

/** What a case needs of a target; a target without it skips the case, and the report says which need was missing. */
export type Need =
  /** A DMTP endpoint. */
  | 'dmtp'
  /** A DNS server that publishes the target's record. */
  | 'dns'
  /** A STACIE server; one of the revision; one where the suite may make accounts. */
  | 'stacie'
  | 'stacie-00'
  | 'stacie-03'
  | 'stacie-accounts'
  /** A DMAP endpoint with an account; with two accounts; with a known, short limit on silence before the login. */
  | 'dmap'
  | 'dmap-accounts'
  | 'dmap-idle-limit'
  /** An account with the key that it signs with, and another to send to; an earlier key of the first. */
  | 'dmap-submission'
  | 'dmap-earlier-key'
  /** Delivery options of SUBMIT that it honours, denies, and knows a wrong use of. */
  | 'dmap-options'
  /** An adapter; which operation, stands in `operation`. */
  | 'adapter'
  /** A message that the target would store. */
  | 'message'
  /** Who may write to whom there. */
  | 'mail'
  /** The signets that it publishes; several of one account. */
  | 'signets'
  | 'history'
  /** A plain port; one with an SMTP service behind it; one without. */
  | 'plain'
  | 'plain-smtp'
  | 'plain-only'
  /** A known, short idle limit. */
  | 'idle-limit'
  /** A known limit on the size of a message. */
  | 'message-limit'
  /** A command that the target has switched off. */
  | 'disabled-command';

export interface CaseDefinition<Input> {
  /** `<area>/<capability>/<what is right>`; chosen once, never moved. */
  readonly id: string;
  /** One sentence that is true of a right peer. */
  readonly title: string;
  readonly class: string;
  /** Requirement ids; the first is the one that a silent or vanished peer breaks. */
  readonly decides: readonly [string, ...string[]];
  /** Requirements that a failure of this case may name too; that they hold is for other cases to show. */
  readonly touches?: readonly string[];
  readonly needs: readonly Need[];
  /** The adapter operation that an adapter case calls. */
  readonly operation?: string;
  /** A reading without which the case does not apply. */
  readonly reading?: string;
  /** How many times the usual runs it takes: for inputs of many sides, each of which a fault may hide behind. */
  readonly timesRuns?: number;
  /** Runs that make sense when the input has few values; the run's own number is cut to it. */
  readonly mostRuns?: number;
  /** It floods or measures time: nothing else runs beside it. */
  readonly alone?: true;
  readonly given: (profile: TargetProfile) => fc.Arbitrary<Input>;
  /** Throws Breach (through the context) when the peer is wrong. */
  readonly check: (input: Input, context: CaseContext) => Promise<void>;
}

/** One generated input, bound to the check that judges it. */
export interface Execution {
  readonly input: unknown;
  readonly run: (context: CaseContext) => Promise<void>;
}

export interface Case extends Omit<CaseDefinition<never>, 'given' | 'check'> {
  readonly executions: (profile: TargetProfile) => fc.Arbitrary<Execution>;
}

/** Makes a case; the input's type stays between `given` and `check`. */
export function defineCase<Input>({ given, check, ...facts }: CaseDefinition<Input>): Case {
  return {
    ...facts,
    executions: (profile) => given(profile).map((input) => ({ input, run: (context) => check(input, context) })),
  };
}

/** For a property with one input. */
export const nothing = (): fc.Arbitrary<null> => fc.constant(null);
