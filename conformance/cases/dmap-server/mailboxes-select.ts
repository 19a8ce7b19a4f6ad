/** SELECT and EXAMINE (sections 2.4 and 5.5 of the DMAP digest): what they tell, and what is selected then. */
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { append, fetchedItems, loggedIn, mustDo, selectedBy } from '../dmap/session.js';
import { codeWord, ending, everything, flagsOfAll, mailboxCase, messagesIn, named, refused } from './mailboxes-case.js';

/** Appends `count` messages. */
async function fill(connection: DmapConnection, mailbox: string, count: number, flags: string[] = []): Promise<void> {
  for (let at = 0; at < count; at += 1) await append(connection, mailbox, plainMessage.octets, flags);
}

/** The words of what came before the completion, in their order. */
function order(result: DmapResult): string[] {
  return result.data.flatMap(({ response }) => {
    if (response?.kind === 'flags') return ['FLAGS'];
    if (response?.kind === 'exists') return ['EXISTS'];
    return response?.kind === 'status' && response.code !== null ? [response.code.name] : [];
  });
}

function tellsTheMailbox(command: 'SELECT' | 'EXAMINE', requirement: 'DMAP-205' | 'DMAP-215'): Case {
  return mailboxCase({
    id: `${command.toLowerCase()}/tells-the-mailbox`,
    title: `${command} brings FLAGS, EXISTS, PERMANENTFLAGS, UIDNEXT and UIDVALIDITY, and leads to the selected state.`,
    decides: [requirement, 'DMAP-203'],
    over: [0, 1, 3],
    async check({ connection, mailbox }, count, context) {
      await fill(connection, mailbox, count);
      const result = await connection.command(`${command} ${mailbox}`);
      context.require(
        'DMAP-203',
        result.status === 'OK',
        `OK to ${command} of a mailbox that is there`,
        ending(result),
      );
      const { exists, uidNext, uidValidity, flags, permanentFlags } = selectedBy(result);
      const asked = (what: string, holds: boolean): void =>
        context.require(requirement, holds, `${what} before the tagged OK of ${command}`, everything(result));
      asked('untagged FLAGS', flags !== null);
      asked(`untagged EXISTS with ${count}`, exists === count);
      asked('untagged OK with PERMANENTFLAGS', permanentFlags !== null);
      asked('untagged OK with UIDNEXT', uidNext !== null);
      asked('untagged OK with UIDVALIDITY', uidValidity !== null);
      const words = order(result);
      context.follows('dmap-selection-order', words.filter((word) => word !== 'HIGHESTMODSEQ').join(' '));
      context.follows('dmap-highest-modseq', words.includes('HIGHESTMODSEQ') ? 'told' : 'left out');

      const fetched = await connection.command(count === 0 ? 'SEARCH ALL' : 'FETCH 1:* UID');
      context.require('DMAP-203', fetched.status === 'OK', `commands on messages after ${command}`, ending(fetched));
      const uids = [...fetchedItems(fetched, 'UID').values()].map(({ uid }) => uid);
      asked(`a UIDNEXT above the UIDs ${uids.join(' ')}`, uidNext !== null && uids.every((uid) => uid < uidNext));
    },
  });
}

async function failsOf(
  connection: DmapConnection,
  mailbox: string,
  kind: 'missing' | 'level' | 'wildcard',
): Promise<string> {
  if (kind !== 'level') return `${mailbox}/${kind === 'missing' ? 'none' : '%'}`;
  await mustDo(connection, `CREATE ${mailbox}/level/below`);
  // A server that made the superior keeps it as a level, or not at all.
  await connection.command(`DELETE ${mailbox}/level`);
  return `${mailbox}/level`;
}

/** Whether the selected state has ended: commands on messages are refused. */
async function requireUnselected(connection: DmapConnection, context: CaseContext, after: string): Promise<void> {
  const fetched = await connection.command('FETCH 1 FLAGS');
  context.require('DMAP-210', refused(fetched), `no mailbox selected after ${after}`, everything(fetched));
}

export const cases: readonly Case[] = [
  tellsTheMailbox('SELECT', 'DMAP-205'),
  tellsTheMailbox('EXAMINE', 'DMAP-215'),

  mailboxCase({
    id: 'select/refuses-what-is-missing',
    title: 'SELECT and EXAMINE of what cannot be selected give NO, and then nothing is selected.',
    decides: ['DMAP-214', 'DMAP-210'],
    over: [
      { command: 'SELECT', kind: 'missing' },
      { command: 'SELECT', kind: 'level' },
      { command: 'SELECT', kind: 'wildcard' },
      { command: 'EXAMINE', kind: 'missing' },
      { command: 'EXAMINE', kind: 'level' },
    ],
    async check({ connection, mailbox }, { command, kind }, context) {
      await fill(connection, mailbox, 1);
      const name = await failsOf(connection, mailbox, kind);
      await mustDo(connection, `SELECT ${mailbox}`);
      const result = await connection.command(`${command} `, named(name));
      context.require(
        'DMAP-214',
        result.status === 'NO',
        `NO to ${command} of ${JSON.stringify(name)}`,
        ending(result),
      );
      await requireUnselected(connection, context, `a ${command} that failed`);
    },
  }),

  mailboxCase({
    id: 'select/one-at-a-time',
    title: 'SELECT and EXAMINE of another mailbox let go of the first one, without removing anything from it.',
    decides: ['DMAP-208', 'DMAP-293', 'DMAP-294'],
    over: [
      { first: 'SELECT', second: 'SELECT' },
      { first: 'SELECT', second: 'EXAMINE' },
      { first: 'EXAMINE', second: 'SELECT' },
    ],
    async check({ connection, mailbox }, { first, second }, context) {
      const other = `${mailbox}/other`;
      await mustDo(connection, `CREATE ${other}`);
      await fill(connection, mailbox, 2, ['\\Deleted']);
      await fill(connection, other, 1);
      await mustDo(connection, `${first} ${mailbox}`);
      const result = await connection.command(`${second} ${other}`);
      context.require('DMAP-293', result.status === 'OK', `OK to ${second} without CLOSE before it`, ending(result));
      const closed = untagged(result, 'status').some(({ code }) => code?.name === 'OTHER' && code.word === 'CLOSED');
      context.follows('dmap-closed', closed ? 'OK with CLOSED' : 'left out');
      const seen = await flagsOfAll(connection);
      const right = seen.size === 1 && seen.get(1)?.has('\\deleted') === false;
      context.require(
        'DMAP-208',
        right,
        'the messages of the second mailbox alone',
        `${seen.size} messages, or others`,
      );
      const kept = await messagesIn(connection, mailbox);
      context.require('DMAP-294', kept === 2, `2 messages in the first mailbox after ${second}`, `${kept}`);
    },
  }),

  mailboxCase({
    id: 'select/anew',
    title: 'SELECT of the mailbox that is selected for reading selects it anew, for writing.',
    decides: ['DMAP-209'],
    async check({ connection, mailbox }, _, context) {
      await fill(connection, mailbox, 1);
      await mustDo(connection, `EXAMINE ${mailbox}`);
      await mustDo(connection, `SELECT ${mailbox}`);
      const stored = await connection.command('STORE 1 +FLAGS (\\Flagged)');
      const expected = 'OK to STORE, since EXAMINE was let go of';
      context.require('DMAP-209', stored.status === 'OK', expected, ending(stored));
    },
  }),

  mailboxCase({
    id: 'select/logout-removes-nothing',
    title: 'LOGOUT with a mailbox selected ends the session, and removes no message.',
    decides: ['DMAP-294'],
    async check({ connection, account, mailbox }, _, context) {
      const second = await loggedIn(context, account);
      await fill(connection, mailbox, 2, ['\\Deleted']);
      await mustDo(second, `SELECT ${mailbox}`);
      await mustDo(second, 'LOGOUT');
      const kept = await messagesIn(connection, mailbox);
      context.require('DMAP-294', kept === 2, '2 messages after LOGOUT', `${kept}`);
    },
  }),

  mailboxCase({
    id: 'select/access',
    title:
      'SELECT says READ-WRITE or READ-ONLY, EXAMINE READ-ONLY, and what is not said to be read-only can be changed.',
    decides: ['DMAP-211', 'DMAP-212', 'DMAP-218'],
    async check({ connection, mailbox }, _, context) {
      await fill(connection, mailbox, 1);
      const examined = await mustDo(connection, `EXAMINE ${mailbox}`);
      const readOnly = codeWord(examined) === 'READ-ONLY';
      context.require('DMAP-218', readOnly, '[READ-ONLY] in front of the text', ending(examined));
      const selected = await mustDo(connection, `SELECT ${mailbox}`);
      const word = codeWord(selected);
      const stored = await connection.command('STORE 1 +FLAGS (\\Flagged)');
      const said = `${ending(selected)}, then ${ending(stored)}`;
      context.require('DMAP-212', word === 'READ-ONLY' || stored.status === 'OK', '[READ-ONLY], or OK to STORE', said);
      context.require('DMAP-211', word === 'READ-WRITE' || stored.status !== 'OK', '[READ-WRITE] in front', said);
    },
  }),

  mailboxCase({
    id: 'examine/changes-nothing',
    title: 'EXAMINE selects as SELECT does, and nothing in the mailbox changes, whatever is tried.',
    decides: ['DMAP-216', 'DMAP-217'],
    over: ['FETCH 1 BODY[]', 'STORE 1 +FLAGS (\\Flagged)', 'STORE 1 FLAGS (\\Seen)', 'EXPUNGE', 'CLOSE'],
    async check({ connection, mailbox }, attempt, context) {
      await fill(connection, mailbox, 2, ['\\Deleted']);
      await mustDo(connection, `EXAMINE ${mailbox}`);
      const read = await connection.command('FETCH 1:2 (UID SIZE)');
      const same = read.status === 'OK' && fetchedItems(read, 'SIZE').size === 2;
      context.require('DMAP-216', same, 'two FETCH responses, as after SELECT', everything(read));
      const result = await connection.command(attempt);
      if (attempt.startsWith('STORE') || attempt === 'EXPUNGE') {
        context.require('DMAP-217', refused(result), `NO or BAD to ${attempt} after EXAMINE`, ending(result));
        context.follows('dmap-read-only-refusal', `${result.status}`);
      }
      await mustDo(connection, `SELECT ${mailbox}`);
      const flags = [...(await flagsOfAll(connection)).values()].map((each) => [...each].join(' '));
      const unchanged = flags.length === 2 && flags.every((each) => each === '\\deleted');
      context.require('DMAP-217', unchanged, `two messages with \\Deleted alone after ${attempt}`, flags.join(', '));
    },
  }),
];
