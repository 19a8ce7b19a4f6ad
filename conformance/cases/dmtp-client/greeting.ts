/** The greeting of a delivery host, and the end of a session (sections 3 and 4 of the DMTP digest). */
import fc from 'fast-check';
import type { Say } from '../../target/hostile-dmtp.js';
import type { Case } from '../case.js';
import { clientCase, each, fate, findsAgain, mustFind, refuses } from './client-case.js';
import { dualHost, oneHost, Stage } from './stage.js';

const wrongGreetings: readonly Say[] = [
  '554 <dx.example> DMTPv1 suite\r\n',
  '421 <dx.example> DMTPv1 CLOSING CONNECTION\r\n',
  '250 <dx.example> DMTPv1 suite\r\n',
  '221 <dx.example> DMTPv1 suite\r\n',
  '354 <dx.example> DMTPv1 suite\r\n',
  '220 <dx.example> ESMTP suite\r\n',
  '220 <dx.example> DSMTP Magma\r\n',
  '220 <dx.example> DMTPv10 suite\r\n',
  '220 <dx.example>\r\n',
  '* OK IMAP4rev1 DMTPv1\r\n',
  { pieces: ['220 <dx.example>', ' ESMTP', '\r\n'] },
];
const endlessGreetings: readonly Say[] = [{ endless: 'x' }, { endless: '220-<dx.example> DMTPv1\r\n' }];

const refused = clientCase({
  id: 'dmtp-client/greeting/refused-without-220-and-the-word',
  title:
    'A greeting of another code than 220, without the word DMTPv1, or without an end is refused, inside TLS and before it.',
  decides: ['DMTP-008'],
  mostRuns: 2,
  given: fc.record({ greetings: each([...wrongGreetings, ...endlessGreetings]), dual: fc.boolean() }),
  async check({ greetings, dual }, context) {
    const host = dual ? dualHost : oneHost;
    const stage = await Stage.set(context, host({}));
    for (const greeting of greetings) {
      const before = stage.connections.length;
      const what = `the greeting ${JSON.stringify(greeting)}`;
      await refuses(context, 'DMTP-008', stage, { greeting }, what);
      const plain = (stage.connections[before]?.plain ?? []).filter((line) => !/^QUIT\r?\n$/i.test(line));
      context.require('DMTP-008', plain.length === 0, `${what}: no STARTTLS after it`, JSON.stringify(plain));
    }
    await findsAgain(context, 'DMTP-008', stage, 'wrong greetings');
  },
});

const words = clientCase({
  id: 'dmtp-client/greeting/word-anywhere-behind-the-host',
  title: 'The word DMTPv1 may stand anywhere behind the name of the host, which may be in angle brackets or not.',
  decides: ['DMTP-008'],
  mostRuns: 2,
  given: each<Say>([
    '220 <dx.example> DMTPv1\r\n',
    '220 dx.example DMTPv1 suite\r\n',
    '220 <dx.example> ESMTP DMTPv1 suite 1.0\r\n',
    '220 <dx.example> suite DMTPv1\r\n',
    { pieces: [...'220 <dx.example> DMTPv1 suite\r\n'] },
    { pieces: ['220 <dx.example> DM', 'TPv1 suite\r', '\n'], everyMs: 30 },
  ]),
  async check(greetings, context) {
    const stage = await Stage.set(context);
    for (const greeting of greetings) {
      stage.change({ greeting });
      mustFind(context, 'DMTP-008', stage, await stage.lookup(), `the greeting ${JSON.stringify(greeting)}`);
    }
  },
});

/** To close after an answer, and to wait for one that does not come. */
const goodbyeMs = { answered: 2_000, silence: 8_000 };

const quits = clientCase({
  id: 'dmtp-client/quit/closes-whatever-the-answer',
  title: 'A client closes the connection after QUIT, whatever the answer is, and says nothing more.',
  decides: ['DMTP-033'],
  mostRuns: 2,
  given: each<Say>([
    '221 BYE\r\n',
    '250 OK\r\n',
    '500 INVALID COMMAND\r\n',
    '221-STAY\r\n250 A WHILE\r\n',
    'What is this?\r\n',
    'silence',
  ]),
  async check(goodbyes, context) {
    const stage = await Stage.set(context);
    for (const goodbye of goodbyes) {
      stage.change({ reply: ({ verb }, right) => (verb === 'QUIT' ? goodbye : right) });
      const what = `a session that ends with ${JSON.stringify(goodbye)}`;
      mustFind(context, 'DMTP-033', stage, await stage.lookup(), what);
      const seen = stage.connections.at(-1);
      if (seen === undefined) continue;
      const limitMs = goodbye === 'silence' ? goodbyeMs.silence : goodbyeMs.answered;
      await within(limitMs, seen.over);
      const asked = seen.lines.map((line) => line.trim().toUpperCase());
      // A client that leaves without a word has nothing to answer for.
      if (!asked.includes('QUIT')) continue;
      const holds = seen.left !== null && asked.at(-1) === 'QUIT';
      context.require('DMTP-033', holds, `${what} to be closed after QUIT`, () =>
        seen.left === null ? `it was open ${limitMs} ms later` : `then came ${JSON.stringify(asked)}`,
      );
    }
  },
});

/** Waits for something, and no longer than that. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}

const others = clientCase({
  id: 'dmtp-client/greeting/next-host-after-a-bad-one',
  title: 'A host that greets badly is left for the next one of the record.',
  decides: ['REC-055'],
  mostRuns: 3,
  given: fc.constantFrom(...wrongGreetings),
  async check(greeting, context) {
    const stage = await Stage.set(context, {
      hosts: [
        { label: 'dx1', addresses: ['127.0.0.1'], doors: [{ port: 26, rules: { greeting } }] },
        { label: 'dx2', addresses: ['127.0.0.2'], doors: [{ port: 26 }] },
      ],
      dx: ['dx1', 'dx2'],
    });
    const answer = await stage.lookup();
    mustFind(context, 'REC-055', stage, answer, `a second host behind one that greets ${JSON.stringify(greeting)}`);
    const order = stage.visited.join();
    context.require('REC-055', order === 'dx1 26,dx2 26', 'connections to dx1, then to dx2', fate(stage, answer));
  },
});

export const cases: readonly Case[] = [refused, words, quits, others];
