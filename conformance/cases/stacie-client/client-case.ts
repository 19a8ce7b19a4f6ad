/** How a case of the class `stacie-client` is written: a play, and what has to come of it. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { type Outcome, type Play, play, rightPlay } from './play.js';

/** A client takes its time (STACIE-207), so that few logins are tried. */
const usualRuns = 3;

/** Long enough for the fewest rounds, so that a login is quick. */
const passwords = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEF0123456789-+'),
  minLength: 24,
  maxLength: 30,
});
const locals = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 8, maxLength: 12 });

/** A right play of somebody: the name is typed as the server returns it. */
export const plays: fc.Arbitrary<Play> = fc
  .record({ local: locals, password: passwords, revision: fc.constantFrom('03' as const, '00' as const) })
  .map(({ local, password, revision }) => {
    const username = `${local}@example.tld`;
    return { ...rightPlay, revision, password, typed: username, returned: username };
  });

export interface ClientCase<Input> {
  readonly id: string;
  readonly title: string;
  readonly decides: readonly [string, ...string[]];
  readonly mostRuns?: number;
  readonly alone?: true;
  readonly given: fc.Arbitrary<Input>;
  readonly check: (input: Input, context: CaseContext) => Promise<void>;
}

export function clientCase<Input>(facts: ClientCase<Input>): Case {
  const { given, mostRuns = usualRuns, ...rest } = facts;
  return defineCase<Input>({
    ...rest,
    class: 'stacie-client',
    needs: ['adapter'],
    operation: 'stacie.login',
    mostRuns,
    given: () => given,
  });
}

/** The login succeeds, by the right token. */
export async function mustLogIn(context: CaseContext, row: string, script: Play, to: string): Promise<Outcome> {
  const outcome = await play(context, script);
  context.require(row, outcome.authenticated, `a login with ${to} to succeed by the right token`, () => fate(outcome));
  return outcome;
}

/** The client stops before it sends a token, and does not say that it is logged in. */
export async function mustStop(context: CaseContext, row: string, script: Play, at: string): Promise<Outcome> {
  const outcome = await play(context, script);
  const stopped = !outcome.authenticated && outcome.attempts.length === 0;
  context.require(row, stopped, `the client to stop at ${at} and to send no token`, () => fate(outcome));
  return outcome;
}

export function fate({ attempts, said }: Outcome): string {
  const sent =
    attempts.length === 0
      ? 'no token was sent'
      : `${attempts.length} authenticate ${JSON.stringify(attempts[0]).slice(0, 300)}`;
  return `${sent}; the client says ${said}`;
}

/** A case in which every play has to succeed. */
export function logsIn(
  id: string,
  row: string,
  title: string,
  given: fc.Arbitrary<{ script: Play; to: string }>,
  mostRuns?: number,
): Case {
  return clientCase({
    id: `stacie-client/${id}`,
    title,
    decides: [row],
    ...(mostRuns === undefined ? {} : { mostRuns }),
    given,
    async check({ script, to }, context) {
      await mustLogIn(context, row, script, to);
    },
  });
}

/** A case in which the client has to stop at every play. */
export function stopsAt(
  id: string,
  row: string,
  title: string,
  given: fc.Arbitrary<{ script: Play; to: string }>,
  mostRuns = 8,
): Case {
  return clientCase({
    id: `stacie-client/${id}`,
    title,
    decides: [row],
    mostRuns,
    given,
    async check({ script, to }, context) {
      await mustStop(context, row, script, to);
    },
  });
}

/** Right plays with one of these changes, each with its name. */
export function varied(
  changes: readonly (readonly [string, (script: Play) => Partial<Play>])[],
): fc.Arbitrary<{ script: Play; to: string }> {
  return fc
    .tuple(plays, fc.constantFrom(...changes))
    .map(([script, [to, change]]) => ({ script: { ...script, ...change(script) }, to }));
}
