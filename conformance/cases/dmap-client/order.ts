/** One command after the other (section 6.5 of the draft, DMAP-I-22). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, mustEnd } from './client-case.js';
import { askingForLogin, login, play, type Step } from './stage.js';

/** For a command to come that does not wait. */
const listenMs = 40;

const bySequence = ['FETCH', 'STORE', 'SEARCH', 'COPY'];
/** While these are in progress, no EXPUNGE comes. */
const keepNumbers = ['FETCH', 'STORE', 'SEARCH'];

const steps: readonly Step[] = [
  { do: 'fetch', set: '1:3', items: ['FLAGS'] },
  { do: 'store', set: '2', flags: ['\\Seen'], mode: 'add' },
  { do: 'expunge' },
  { do: 'noop' },
  { do: 'search', keys: 'SEEN' },
  { do: 'copy', set: '1', mailbox: 'INBOX' },
];

/** Whether it matters which of the two is done first (section 5.5 of RFC 3501). */
function isAmbiguous(first: string, second: string): boolean {
  const [one, other] = [wordOf(first), wordOf(second)];
  const letsNumbersChange = (word: string): boolean => !keepNumbers.includes(word);
  return (
    (bySequence.includes(one) && letsNumbersChange(other)) ||
    (letsNumbersChange(one) && bySequence.includes(other)) ||
    (one === 'STORE' && other === 'FETCH') ||
    (one === 'FETCH' && other === 'STORE')
  );
}

const wordOf = (line: string): string => line.split(' ')[1]?.toUpperCase().trim() ?? '';

export const cases: readonly Case[] = [
  clientCase({
    id: 'order/nothing-within-an-exchange',
    title: 'A later command begins only when the continuations of the one before it are over.',
    decides: ['DMAP-150'],
    mostRuns: 2,
    given: fc.shuffledSubarray([{ do: 'noop' }, { do: 'capability' }, { do: 'select', mailbox: 'INBOX' }], {
      minLength: 3,
    }),
    async check(after, context) {
      const ahead: string[] = [];
      const outcome = await play(context, {
        ...askingForLogin(),
        steps: [{ do: 'authenticate', ...login }, ...after],
        loginRules: {
          pause: async (peer) => {
            ahead.push(await peer.quiet(listenMs));
          },
        },
      });
      const foreign = outcome.sasl.filter((line) => !/^(\*|[A-Za-z0-9+/]*={0,2})$/.test(line));
      const early = ahead.filter((text) => text !== '');
      context.require('DMAP-150', foreign.length + early.length === 0, 'nothing but answers to challenges', () =>
        JSON.stringify([...foreign, ...early]).slice(0, 300),
      );
      mustEnd(context, 'DMAP-150', outcome, 'ok ok ok ok', 'a login and what follows it');
    },
  }),
  clientCase({
    id: 'order/nothing-ambiguous-ahead',
    title: 'No command is sent while another is in progress, where it would matter which is done first.',
    decides: ['DMAP-151'],
    given: fc.shuffledSubarray([...steps], { minLength: 4 }),
    async check(chosen, context) {
      const ambiguous: string[] = [];
      const outcome = await play(context, {
        steps: [{ do: 'select', mailbox: 'INBOX' }, ...chosen],
        answer: async ({ text }, right, { peer }) => {
          const ahead = (await peer.quiet(listenMs)).split('\r\n').filter((line) => line !== '');
          for (const line of ahead) if (isAmbiguous(text, line)) ambiguous.push(`${line} behind ${text.trim()}`);
          return right;
        },
      });
      context.require('DMAP-151', ambiguous.length === 0, 'nothing ambiguous ahead', () => ambiguous.join('; '));
      context.require('DMAP-151', outcome.commands.length > 1, 'commands', () => fate(outcome));
    },
  }),
];
