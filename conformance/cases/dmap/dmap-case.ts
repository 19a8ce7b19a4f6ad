/** How cases of the DMAP classes are written: with an endpoint, a connection or a mailbox of their own in their hands. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection } from '../../target/dmap-connection.js';
import type { TargetProfile } from '../../target/profile.js';
import { type Case, defineCase, type Need } from '../case.js';
import { greeted, inMailbox, type Room } from './session.js';

export type DmapClass = 'dmap-server' | 'dmap-sync' | 'dmap-submission' | 'dmap-signet';

/** A login or a mailbox for each run takes a while; more inputs than this seldom show more. */
const usualMost = 8;

interface Facts<Input> {
  /** `<class>/<capability>/<what is right>`; the class is its first part. */
  readonly id: `${DmapClass}/${string}`;
  readonly title: string;
  readonly decides: readonly [string, ...string[]];
  readonly touches?: readonly string[];
  /** Beside `dmap`. */
  readonly needs?: readonly Need[];
  readonly timesRuns?: number;
  /** 8 when not given; 1 for a case without input. */
  readonly mostRuns?: number;
  readonly alone?: true;
  /** Without it there is one input, null. */
  readonly given?: (profile: TargetProfile) => fc.Arbitrary<Input>;
}

/** A case that opens its connections itself. */
export interface DmapCase<Input> extends Facts<Input> {
  readonly check: (context: CaseContext, input: Input) => Promise<void>;
}

/** A case on one connection. */
export interface ConnectionCase<Input> extends Facts<Input> {
  readonly check: (connection: DmapConnection, context: CaseContext, input: Input) => Promise<void>;
}

/** A case on a fresh mailbox, which is removed afterwards with all below it. */
export interface MailboxCase<Input> extends Facts<Input> {
  readonly check: (room: Room, context: CaseContext, input: Input) => Promise<void>;
}

export function dmapCase<Input = null>({ needs = [], given, check, ...facts }: DmapCase<Input>): Case {
  return defineCase<Input>({
    mostRuns: given === undefined ? 1 : usualMost,
    ...facts,
    class: facts.id.slice(0, facts.id.indexOf('/')),
    needs: ['dmap', ...needs],
    given: given ?? (() => fc.constant(null) as fc.Arbitrary<never>),
    check: async (input, context) => await check(context, input),
  });
}

/** Before the login, the greeting read. */
export function greetedCase<Input = null>({ check, ...facts }: ConnectionCase<Input>): Case {
  return dmapCase<Input>({
    ...facts,
    check: async (context, input) => await check(await greeted(context), context, input),
  });
}

/** After the login; nothing is selected yet. */
export function mailboxCase<Input = null>({ check, ...facts }: MailboxCase<Input>): Case {
  return dmapCase<Input>({
    ...facts,
    check: async (context, input) => await inMailbox(context, async (room) => await check(room, context, input)),
  });
}
