/** What becomes of mail once DMTP has taken it: its recipient reads it by DMAP. */
import { splitMessage } from '../../model/message-tables.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { DmapAccount, MailParty } from '../../target/profile.js';
import { type Case, defineCase, nothing } from '../case.js';
import { Letterbox } from '../dmap/letterbox.js';
import { endpointOf } from '../dmap/session.js';
import { refused, step, succeeded } from './answers.js';
import { damaged, deliver, freshSeed, letter, mailOf } from './letters.js';

/** The last one that gets mail and lets the suite read it. */
function readerOf({ profile }: CaseContext, accounts: readonly DmapAccount[]): [MailParty, DmapAccount] {
  const readers = mailOf(profile).recipients.flatMap((recipient): [MailParty, DmapAccount][] =>
    accounts.filter(({ username }) => username.toLowerCase() === recipient.name).map((account) => [recipient, account]),
  );
  const last = readers.at(-1);
  if (last === undefined) throw new Unreachable('no recipient of mail is an account for DMAP');
  return last;
}

/** The key that the message alone has. */
function markOf(message: Uint8Array): Uint8Array {
  const chunk = splitMessage('dime-2015', message).chunks.find(({ type }) => type === 2);
  if (chunk === undefined) throw new Error('a letter has an ephemeral key');
  return chunk.payload;
}

const chunksOf = (message: Uint8Array): string =>
  splitMessage('dime-2015', message)
    .chunks.map(({ octets }) => Buffer.from(octets).toString('hex'))
    .join(' ');

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/mail/accepted-is-in-the-inbox',
    title: 'A message that was accepted is in the INBOX of its recipient once, as it came, and a refused one never.',
    class: 'dmtp-server',
    decides: ['DMTP-055'],
    needs: ['dmtp', 'mail', 'dmap'],
    mostRuns: 1,
    given: nothing,
    async check(_, context) {
      const [recipient, account] = readerOf(context, endpointOf(context).accounts);
      const inbox = await Letterbox.open(context, account);
      try {
        const { connection } = await context.open();
        await step(context, connection, `EHLO <${mailOf(context.profile).origin.name}>`);
        const right = letter(context.profile, freshSeed(), { recipient });
        const other = letter(context.profile, freshSeed(), { recipient });
        const wrong = damaged(other, { chunk: 5, octet: 40, bit: 3 });
        const refusal = await deliver(context, connection, wrong);
        const reply = await deliver(context, connection, right);
        if (!succeeded(reply))
          throw new Unreachable(`the letter was not accepted: ${JSON.stringify(reply.raw.slice(0, 120))}`);
        const came = await inbox.arrived(markOf(right), 1);
        context.require('DMTP-055', came.length === 1, 'an accepted message in INBOX once', `${came.length} times`);
        const [one] = came;
        const whole = one !== undefined && chunksOf(one) === chunksOf(right);
        context.require('DMTP-055', whole, 'all its chunks as they came', `${one?.length} octets of others`);
        if (!refused(refusal)) return;
        const never = await inbox.arrived(markOf(other), 0);
        context.require('DMTP-055', never.length === 0, 'a refused message not in INBOX', `${never.length} times`);
      } finally {
        await inbox.close();
      }
    },
  }),
];
