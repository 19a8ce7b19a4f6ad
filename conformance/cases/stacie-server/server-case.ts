/** How a case of the class `stacie-server` is written: on one of the target's servers, with that in its hands. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { Unsupported } from '../../runner/outcome.js';
import type { StacieEndpoint } from '../../target/profile.js';
import { type Case, defineCase, type Need } from '../case.js';
import { Server } from './server.js';

/** Each run makes an account or two, which stay. */
const usualRuns = 6;

export interface ServerCase<Input> {
  readonly id: string;
  readonly title: string;
  readonly decides: readonly [string, ...string[]];
  /** Where the requirement stands in one revision alone. */
  readonly revision?: '00' | '03';
  /** It needs accounts of its own. */
  readonly accounts?: true;
  readonly mostRuns?: number;
  readonly alone?: true;
  readonly given?: fc.Arbitrary<Input>;
  readonly check: (server: Server, input: Input, context: CaseContext) => Promise<void>;
}

export function serverCase<Input = null>(facts: ServerCase<Input>): Case {
  const { revision, accounts, given, check, mostRuns = usualRuns, ...rest } = facts;
  const needs: Need[] = [revision === undefined ? 'stacie' : `stacie-${revision}`];
  if (accounts === true) needs.push('stacie-accounts');
  return defineCase<{ readonly server: number; readonly input: Input }>({
    ...rest,
    class: 'stacie-server',
    needs,
    mostRuns,
    given: ({ stacie = [] }) => {
      const fitting = stacie.flatMap((endpoint, at) => (fits(endpoint, revision, accounts) ? [at] : []));
      return fc.record({
        server: fc.constantFrom(...(fitting.length === 0 ? [-1] : fitting)),
        input: given ?? (fc.constant(null) as fc.Arbitrary<never>),
      });
    },
    async check({ server, input }, context) {
      const endpoint = context.profile.stacie?.[server];
      if (endpoint === undefined) throw new Unsupported('accounts may not be made on the server of that revision');
      await check(new Server(context, endpoint), input, context);
    },
  });
}

function fits(endpoint: StacieEndpoint, revision?: '00' | '03', accounts?: true): boolean {
  return (revision === undefined || endpoint.revision === revision) && (accounts === undefined || endpoint.canRegister);
}
