/** A session in which much is said, and everything that the server said in it, for cases about the form of responses. */
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import type { CommandPiece, DmapAnswer, DmapConnection, DmapResult } from '../../target/dmap-connection.js';
import { stacieLogin } from '../../target/dmap-login.js';
import { accountOf, inMailbox } from '../dmap/session.js';

export interface Exchange {
  /** The command without its tag and its literals. */
  readonly sent: string;
  readonly result: DmapResult;
}

export interface Watched {
  readonly greeting: DmapAnswer;
  readonly exchanges: readonly Exchange[];
  /** The greeting, and all responses with their completions. */
  readonly answers: readonly DmapAnswer[];
}

/** Base commands only: no extension is used, so that none may show. */
const sayings = (mailbox: string): readonly (readonly CommandPiece[])[] => [
  ['NOOP'],
  [`STATUS ${mailbox} (MESSAGES UIDNEXT UIDVALIDITY)`],
  [`LIST ${mailbox}`],
  [`SUBSCRIBE ${mailbox}`],
  ['LISTKEYS'],
  [`APPEND ${mailbox} `, { literal: plainMessage.octets, binary: true }],
  [`SELECT ${mailbox}`],
  ['FETCH 1 (UID FLAGS SIZE INTERNALDATE BODYSTRUCTURE)'],
  ['FETCH 1 BODY.PEEK[]'],
  ['STORE 1 +FLAGS (\\Flagged)'],
  ['SEARCH ALL'],
  ['FETCH 2 FLAGS'],
  ['SELECT'],
  ['WRONG'],
  ['CLOSE'],
  ['SELECT ', { literal: `${mailbox}-missing` }],
];

/** @throws Unreachable when there is no mailbox to work in */
export async function watchSession(context: CaseContext): Promise<Watched> {
  const exchanges: Exchange[] = [];
  const say = async (connection: DmapConnection, ...pieces: readonly CommandPiece[]): Promise<void> => {
    const sent = pieces.map((piece) => (typeof piece === 'string' ? piece : '{}')).join('');
    exchanges.push({ sent, result: await connection.command(...pieces) });
  };
  const { connection: door, greeting } = await context.openDmap();
  await say(door, 'CAPABILITY');
  await say(door, 'LIST *');
  exchanges.push({ sent: 'AUTHENTICATE', result: await stacieLogin(door, accountOf(context)) });
  await say(door, 'CAPABILITY');
  await inMailbox(context, async ({ connection, mailbox }) => {
    for (const pieces of sayings(mailbox)) await say(connection, ...pieces);
  });
  await say(door, 'LOGOUT');
  const said = exchanges.flatMap(({ result }) => [...result.data, result.completion]);
  return { greeting, exchanges, answers: [greeting, ...said] };
}

/** The text of a response without its literals, in one piece of evidence. */
export const evidence = ({ raw }: DmapAnswer): string => JSON.stringify(raw.slice(0, 300));
