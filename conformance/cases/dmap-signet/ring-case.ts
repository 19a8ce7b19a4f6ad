/** Cases on the rings of an account: with names that nobody else has, and that are taken away afterwards. */
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { DmapAccount } from '../../target/profile.js';
import type { Case } from '../case.js';
import { requireStatus, type Status } from '../dmap/answers.js';
import { type DmapCase, dmapCase } from '../dmap/dmap-case.js';
import { accountOf, freshName, loggedIn, mustDo } from '../dmap/session.js';
import type { RingKey } from './keys-for-rings.js';

export interface Ring {
  readonly connection: DmapConnection;
  readonly account: DmapAccount;
  /** A beginning of names that is this run's alone: an atom in lower case. */
  readonly prefix: string;
}

interface RingCase<Input> extends Omit<DmapCase<Input>, 'check'> {
  readonly check: (ring: Ring, context: CaseContext, input: Input) => Promise<void>;
}

const usualMost = 5;

/** The connection is authenticated; nothing is selected. */
export function ringCase<Input = null>({ check, ...facts }: RingCase<Input>): Case {
  return dmapCase<Input>({
    ...(facts.given === undefined ? {} : { mostRuns: usualMost }),
    ...facts,
    check: async (context, input) => {
      const account = accountOf(context);
      const connection = await loggedIn(context, account);
      const ring = { connection, account, prefix: freshName() };
      try {
        await check(ring, context, input);
      } finally {
        await cleared(context, ring);
      }
    },
  });
}

/** Best effort, on a connection that the case left whole. */
async function cleared(context: CaseContext, { connection, prefix }: Ring): Promise<void> {
  try {
    const keys = untagged(await connection.command('LISTKEYS'), 'key').map(({ keyId }) => keyId);
    for (const keyId of new Set(keys)) if (keyId.includes(prefix)) await connection.command(`DELETEKEY ${keyId}`);
    const signets = untagged(await connection.command(`LISTSIGNETS *${prefix}*`), 'signet').map(
      ({ address }) => address,
    );
    for (const address of new Set(signets)) await connection.command(`DELETESIGNET "${address}"`);
  } catch (error) {
    context.note(`keys of ${prefix} may be left: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    connection.close();
  }
}

export type Part = 'PUBLIC' | 'PRIVATE';

/** ADDKEY in the form that suites use (DMAP-I-95); with the private part where it is given. */
export async function addKey(
  connection: DmapConnection,
  keyId: string,
  { publicPart, privatePart }: Partial<RingKey>,
  order: readonly Part[] = ['PUBLIC', 'PRIVATE'],
): Promise<DmapResult> {
  const values = { PUBLIC: publicPart, PRIVATE: privatePart };
  const pieces = order.flatMap((part) => {
    const literal = values[part];
    return literal === undefined ? [] : [{ part, literal }];
  });
  return await connection.command(
    `ADDKEY ${keyId} (`,
    ...pieces.flatMap(({ part, literal }, at) => [`${at === 0 ? '' : ' '}${part} `, { literal, binary: true }]),
    ')',
  );
}

/** Whether the account takes private parts: what a mode does to keys is not scored (DMAP-I-06). */
export const keepsPrivateParts = ({ account }: Ring): boolean => account.mode === 'trustful';

/** A key that is not what the case is about. */
export async function mustAddKey(ring: Ring, keyId: string, key: RingKey): Promise<void> {
  const { publicPart, privatePart } = key;
  const pieces = keepsPrivateParts(ring) ? [' PRIVATE ', { literal: privatePart, binary: true }] : [];
  await mustDo(ring.connection, `ADDKEY ${keyId} (PUBLIC `, { literal: publicPart, binary: true }, ...pieces, ')');
}

/** What KEY says of a part: octets, null for NIL, undefined when it does not stand there. */
export function partOf(result: DmapResult, keyId: string, part: Part): Uint8Array | null | undefined {
  const [key] = untagged(result, 'key').filter((each) => each.keyId === keyId);
  return key?.parts?.find((each) => each.part === part)?.value;
}

/** The key ids of the ring that begin as this run's do, as often as they were told. */
export function ownKeys({ prefix }: Ring, listed: DmapResult): string[] {
  return untagged(listed, 'key')
    .map(({ keyId }) => keyId)
    .filter((keyId) => keyId.startsWith(prefix))
    .sort();
}

/** The addresses that were told, of those with this run's name in them. */
export function ownSignets({ prefix }: Ring, listed: DmapResult): string[] {
  return untagged(listed, 'signet')
    .map(({ address }) => address)
    .filter((address) => address.toLowerCase().includes(prefix))
    .sort();
}

export async function answers(
  context: CaseContext,
  { connection }: Ring,
  requirement: string,
  command: string,
  allowed: readonly Status[],
): Promise<DmapResult> {
  const result = await connection.command(command);
  requireStatus(context, requirement, result, allowed, JSON.stringify(command.slice(0, 100)));
  return result;
}
