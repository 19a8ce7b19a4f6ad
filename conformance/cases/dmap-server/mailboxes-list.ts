/** LIST (sections 2.4 and 5.6 of the DMAP digest). */
import fc from 'fast-check';
import { matchesPattern } from '../../model/dmap-mailboxes.js';
import { plainMessage } from '../../model/dmap-message.js';
import { type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { append, mustDo } from '../dmap/session.js';
import { ending, everything, isMailbox, levels, list, listed, mailboxCase, named, shown } from './mailboxes-case.js';

/** A tree on which each wildcard has something to miss. */
const tree = ['a', 'a/b', 'a/b/c', 'ab', 'b a', 'b a/ü', 'x.y', 'x.y/a', 'ünder/a'];
const quickMs = 1000;

/** Patterns that match some of it: names with wildcards put in. */
const patterns = fc
  .tuple(
    fc.constantFrom(...tree),
    fc.array(
      fc.record({
        at: fc.nat({ max: 8 }),
        cut: fc.nat({ max: 3 }),
        wildcard: fc.constantFrom('*', '%', '%%', '*%', '', '%/%'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([name, changes]) =>
    changes.reduce((pattern, { at, cut, wildcard }) => {
      const letters = Array.from(pattern);
      letters.splice(Math.min(at, letters.length), cut, wildcard);
      return letters.join('');
    }, name),
  );

/** Names and levels of the tree below `mailbox`. */
function allNames(mailbox: string): { readonly mailboxes: string[]; readonly levels: string[] } {
  const mailboxes = tree.map((name) => `${mailbox}/${name}`);
  return { mailboxes, levels: [`${mailbox}/ünder`] };
}

/** Names as the grammar cannot read them are none. */
const readable = (result: DmapResult): boolean =>
  result.data.every(({ text, response }) => !/^\* LIST /i.test(text) || response?.kind === 'list');

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'list/form',
    title: 'LIST brings one untagged LIST for each match: attributes, the delimiter and the name.',
    decides: ['DMAP-245'],
    given: fc.uniqueArray(levels, { minLength: 1, maxLength: 4 }),
    async check({ connection, mailbox }, names, context) {
      for (const name of names) await mustDo(connection, 'CREATE ', named(`${mailbox}/${name}`));
      const result = await connection.command(`LIST ${mailbox}/%`);
      context.require('DMAP-245', result.status === 'OK', 'OK to LIST', ending(result));
      context.require('DMAP-245', readable(result), 'responses of the form that LIST has', everything(result));
      const found = untagged(result, 'list').map((response) => response.mailbox);
      const right =
        found.toSorted().join('\n') ===
        names
          .map((name) => `${mailbox}/${name}`)
          .sort()
          .join('\n');
      context.require('DMAP-245', right, `${shown(names)} below ${mailbox}, each once`, shown(found));
      const roles = untagged(result, 'list').some(({ attributes }) =>
        attributes.some((each) => /^\\(?:all|archive|drafts|flagged|junk|sent|trash)$/i.test(each)),
      );
      context.follows('dmap-roles', roles ? 'shown' : 'none shown');
    },
  }),

  mailboxCase({
    id: 'list/status',
    title: 'LIST with RETURN (STATUS ...) brings the status of each mailbox, within its LIST or behind it.',
    decides: ['DMAP-245'],
    over: [0, 2],
    async check({ connection, mailbox }, count, context) {
      for (let at = 0; at < count; at += 1) await append(connection, mailbox, plainMessage.octets);
      const result = await connection.command(`LIST ${mailbox} RETURN (STATUS (MESSAGES UNSEEN))`);
      context.require('DMAP-245', result.status === 'OK', 'OK to RETURN with STATUS', ending(result));
      const within = untagged(result, 'list')[0]?.status ?? null;
      const values = within ?? untagged(result, 'mailbox-status')[0]?.values ?? [];
      context.follows('dmap-list-status', within === null ? 'behind the LIST' : 'within the LIST');
      const told = values.map(({ name, value }) => `${name} ${value}`).sort();
      const right = told.join() === `MESSAGES ${count},UNSEEN ${count}`;
      context.require('DMAP-245', right, `MESSAGES ${count} and UNSEEN ${count}`, everything(result));
    },
  }),

  mailboxCase({
    id: 'list/patterns',
    title: 'LIST gives the names that match the pattern and no others, whatever wildcards are in it.',
    decides: ['DMAP-247', 'DMAP-248', 'DMAP-249', 'DMAP-250'],
    // One tree, many patterns.
    given: fc.array(patterns, { minLength: 12, maxLength: 24 }),
    mostRuns: 3,
    async check({ connection, mailbox }, several, context) {
      const { mailboxes, levels: above } = allNames(mailbox);
      for (const name of mailboxes) await connection.command('CREATE ', named(name));
      // A server that made the superior keeps it as a level, or not at all.
      for (const name of above) await connection.command('DELETE ', named(name));
      for (const end of ['*', '%', ...several]) {
        const pattern = `${mailbox}/${end}`;
        const found = listed(await mustDo(connection, 'LIST ', named(pattern)));
        const surplus = [...found.keys()].filter((name) => !matchesPattern(pattern, name));
        const what = `for ${JSON.stringify(end)}`;
        const crossed =
          pattern.includes('%') && surplus.some((name) => matchesPattern(pattern.replaceAll('%', '*'), name));
        context.require('DMAP-249', !crossed, `no name ${what} in which % stands for a slash`, shown(surplus));
        context.require('DMAP-247', surplus.length === 0, `only names that match ${what}`, shown(surplus));
        const missing = mailboxes.filter((name) => matchesPattern(pattern, name) && !isMailbox(found.get(name)));
        const wildcard = pattern.includes('*') ? 'DMAP-248' : pattern.includes('%') ? 'DMAP-249' : 'DMAP-247';
        context.require(wildcard, missing.length === 0, `all names that match ${what}`, `without ${shown(missing)}`);
        if (!pattern.endsWith('%')) continue;
        const lost = above.filter((name) => matchesPattern(pattern, name) && !found.has(name));
        context.require('DMAP-250', lost.length === 0, `the levels ${what}`, `without ${shown(lost)}`);
      }
    },
  }),

  mailboxCase({
    id: 'list/levels',
    title: 'A final % yields the levels that are no mailboxes, as \\Noselect.',
    decides: ['DMAP-250'],
    async check({ connection, mailbox }, _, context) {
      const level = `${mailbox}/level`;
      await mustDo(connection, `CREATE ${level}/below`);
      await connection.command(`DELETE ${level}`);
      const selectable = (await connection.command(`EXAMINE ${level}`)).status === 'OK';
      const attributes = listed(await list(connection, `${mailbox}/%`)).get(level);
      context.require('DMAP-250', attributes !== undefined, `${level} in LIST ${mailbox}/%`, 'it is not there');
      const right = isMailbox(attributes) === selectable;
      context.require('DMAP-250', right, selectable ? 'no \\Noselect' : '\\Noselect', shown(attributes ?? []));
    },
  }),

  mailboxCase({
    id: 'list/inbox',
    title: 'LIST has INBOX, in upper case, when the pattern matches that, and not otherwise.',
    decides: ['DMAP-252'],
    over: ['INBOX', 'I%', '*', '%', 'IN*X', '%BOX', 'inbox', 'Inbox', 'INB', 'X*', 'INBOX/%'],
    async check({ connection }, pattern, context) {
      const names = [...listed(await mustDo(connection, 'LIST ', named(pattern))).keys()];
      // A pattern without wildcards is a name, and INBOX is so in any letter case.
      const matched = matchesPattern(pattern, 'INBOX') || pattern.toUpperCase() === 'INBOX';
      const right = names.includes('INBOX') === matched || (pattern !== 'INBOX' && pattern.toUpperCase() === 'INBOX');
      const expected = `${matched ? '' : 'no '}INBOX for ${pattern}`;
      context.require('DMAP-252', right, expected, shown(names.slice(0, 20)));
      const others = names.filter((name) => name.toUpperCase() === 'INBOX' && name !== 'INBOX');
      context.require('DMAP-252', others.length === 0, 'INBOX in upper case', shown(others));
    },
  }),

  mailboxCase({
    id: 'list/refused-with-no',
    title: 'LIST of what is there and cannot be listed gives NO; of what is not there it gives NO or an empty list.',
    decides: ['DMAP-253'],
    given: fc.tuple(fc.boolean(), levels),
    async check({ connection, mailbox }, [there, level], context) {
      const name = `${mailbox}/${level}`;
      if (there) await mustDo(connection, 'CREATE ', named(name));
      const result = await list(connection, name);
      const found = listed(result);
      const empty = found.size === 0;
      const right = result.status === 'NO' || (result.status === 'OK' && empty !== there);
      context.require('DMAP-253', right, there ? 'the name, or NO' : 'NO, or OK without a name', everything(result));
      const nothing = await connection.command('LIST ""');
      const answers = untagged(nothing, 'list').length;
      context.follows('dmap-empty-pattern', nothing.status === 'OK' ? `${answers} LIST` : `${nothing.status}`);
      context.require('DMAP-253', nothing.status !== 'BAD', 'OK or NO to an empty pattern', everything(nothing));
    },
  }),

  mailboxCase({
    id: 'list/quick',
    title: `LIST of a small tree is answered within ${quickMs} milliseconds, at one of two times.`,
    decides: ['DMAP-246'],
    alone: true,
    async check({ connection, mailbox }, _, context) {
      for (const name of ['a', 'b/c', 'b/d/e']) await mustDo(connection, `CREATE ${mailbox}/${name}`);
      const times: number[] = [];
      while (times.length < 2 && !times.some((time) => time < quickMs)) {
        const from = performance.now();
        await mustDo(connection, `LIST ${mailbox}/*`);
        times.push(Math.round(performance.now() - from));
      }
      const quick = times.some((time) => time < quickMs);
      context.require('DMAP-246', quick, `an answer within ${quickMs} ms`, `${times.join(', ')} ms`);
    },
  }),
];
