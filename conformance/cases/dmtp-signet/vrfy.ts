/** VRFY: current, or out of date and which one is newer. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { DmtpConnection } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { asks, refused, requireCalm, succeeded, textOf } from '../dmtp/answers.js';
import { askIn, chainOf, dialects, isSignet, type KnownSignet, names, newest, sgnt, signetIn, vrfy } from './asking.js';

const update = /^UPDATE +([^ ]+)$/i;

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-signet/vrfy/current-or-update',
    title: 'VRFY says CURRENT to a fingerprint of the newest signet, and UPDATE with one of that to those before it.',
    class: 'dmtp-signet',
    decides: ['DMTP-060'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile), dialect: dialects }),
    async check({ name, dialect }, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const current = newest(chain);
      for (const [index, signet] of chain.signets.entries()) {
        let answered = false;
        for (const { form, text } of signet.fingerprints) {
          const reply = await askIn(context, connection, dialect, vrfy(name, text));
          if (refused(reply)) continue;
          answered = true;
          const said = textOf(reply);
          const about = `to the ${form} fingerprint of signet ${index + 1} of ${chain.signets.length} of ${name}`;
          if (signet === current) {
            context.require('DMTP-060', succeeded(reply) && /^CURRENT$/i.test(said), `CURRENT ${about}`, reply);
            continue;
          }
          const newer = (update.exec(said)?.[1] ?? '').replace(/^\[(.*)\]$/, '$1');
          const kind = await kindOf(context, connection, name, current, newer);
          const expected = `UPDATE and a fingerprint of the newest signet ${about}`;
          context.require('DMTP-060', succeeded(reply) && kind !== null, expected, reply);
          context.follows('update-fingerprint-kind', kind === form ? 'as asked' : `${kind} to ${form}`);
        }
        const expected = `an answer to VRFY by a kind of fingerprint of signet ${index + 1} of ${name}`;
        context.require('DMTP-060', answered, expected, 'every kind is refused');
      }
    },
  }),
  defineCase({
    id: 'dmtp-signet/vrfy/brackets-round-the-newer-one',
    title: 'The fingerprint after UPDATE stands in square brackets, or in none.',
    class: 'dmtp-signet',
    decides: ['DMTP-114'],
    needs: ['dmtp', 'history'],
    given: (profile) => names(profile, { of: 'user', atLeast: 2 }),
    async check(name, context) {
      const { connection } = await context.open();
      const [oldest] = chainOf(context, name).signets;
      for (const { text } of oldest?.fingerprints ?? []) {
        const reply = await context.ask(connection, vrfy(name, text)('positional'));
        if (!succeeded(reply)) continue;
        const word = /^UPDATE +(.*)$/i.exec(textOf(reply))?.[1] ?? '';
        const bare = /^[A-Za-z0-9+/]{86}$/.test(word);
        const right = bare || /^\[[A-Za-z0-9+/]{86}\]$/.test(word);
        context.require('DMTP-114', right, 'UPDATE [fingerprint] or UPDATE fingerprint', reply);
        context.follows('update-brackets', bare ? 'none' : 'square brackets');
        return;
      }
      throw new Unreachable(`the oldest signet of ${name} is found by no fingerprint, so this could not be tried`);
    },
  }),
  defineCase({
    id: 'dmtp-signet/vrfy/needs-a-fingerprint',
    title: 'VRFY without a fingerprint is answered with one 501 and nothing else.',
    class: 'dmtp-signet',
    decides: ['DMTP-107'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile), tail: fc.constantFrom('', ' ', ' []'), named: fc.boolean() }),
    async check({ name, tail, named }, context) {
      const { connection } = await context.open();
      // The named dialect calls a missing argument an error of the command too (section 12.6).
      if (named) await asks(context, connection, 'DMTP-107', vrfy(name)('named'), [501, 500]);
      else await asks(context, connection, 'DMTP-107', `${vrfy(name)('positional')}${tail}`, [501]);
      await requireCalm(context, connection, 'DMTP-107');
    },
  }),
];

/**
 * Of which kind a fingerprint of the current signet is; null when it is none of that.
 *
 * The identifiable kind need not be known: then the server itself has to find the current signet by it.
 */
async function kindOf(
  context: CaseContext,
  connection: DmtpConnection,
  name: string,
  current: KnownSignet,
  fingerprint: string,
): Promise<string | null> {
  const known = current.fingerprints.find(({ text }) => text === fingerprint);
  if (known !== undefined) return known.form;
  if (current.identifiable !== null || !/^[A-Za-z0-9+/]{86}$/.test(fingerprint)) return null;
  const given = signetIn(await context.ask(connection, sgnt(name, fingerprint)('positional')));
  return given !== null && isSignet(context, given, current) ? 'identifiable' : null;
}
