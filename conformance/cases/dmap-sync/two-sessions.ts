/** Two sessions on one mailbox: one that watches, one that changes. */
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import { bare, type Filled, flagText, inFilled, type Letter, put } from '../dmap/messages.js';
import { loggedIn, mustDo, select } from '../dmap/session.js';

export interface Pair extends Filled {
  /** Has the mailbox selected too. `connection` is the session that watches. */
  readonly other: DmapConnection;
}

/** A mailbox with these messages, selected by two sessions of one user. */
export async function inPair(
  context: CaseContext,
  messages: readonly Letter[],
  use: (pair: Pair) => Promise<void>,
): Promise<void> {
  await inFilled(context, messages, async (filled) => {
    const other = await loggedIn(context, filled.account);
    try {
      await select(other, filled.mailbox);
      await use({ ...filled, other });
    } finally {
      other.close();
    }
  });
}

/** A change by the other session, and what it makes of the mailbox. */
export const addOne = async ({ other, mailbox }: Pair): Promise<void> => {
  await put(other, mailbox, bare(plainMessage));
};
export const removeOne = async ({ other }: Pair, number: number): Promise<void> => {
  await mustDo(other, `STORE ${number} +FLAGS.SILENT (\\Deleted)`);
  await mustDo(other, 'EXPUNGE');
};

/** What came between commands: responses that were waiting when nothing had been asked. */
export async function unasked(connection: DmapConnection): Promise<Pick<DmapResult, 'data'>> {
  const data: DmapResult['data'][number][] = [];
  while (!(await connection.silent())) {
    if (connection.ended !== null && connection.unread === '') break;
    data.push(await connection.response());
  }
  return { data };
}

/** All that came, one after the other. */
export const together = (...results: readonly Pick<DmapResult, 'data'>[]): Pick<DmapResult, 'data'> => ({
  data: results.flatMap(({ data }) => data),
});

export const existsIn = (result: Pick<DmapResult, 'data'>): number[] =>
  untagged(result, 'exists').map(({ count }) => count);

export const expungesIn = (result: Pick<DmapResult, 'data'>): number[] =>
  untagged(result, 'expunge').map(({ number }) => number);

/** The flags that were told of a message last. */
export function toldFlags(result: Pick<DmapResult, 'data'>, number: number): string {
  const told = untagged(result, 'fetch')
    .filter((fetched) => fetched.number === number)
    .flatMap(({ items }) => items)
    .findLast((item) => item.item === 'FLAGS');
  return flagText(told?.item === 'FLAGS' ? told.flags : undefined);
}

export const rawOf = ({ data }: Pick<DmapResult, 'data'>): string =>
  JSON.stringify(
    data
      .map(({ raw }) => raw)
      .join('')
      .slice(0, 400),
  );
