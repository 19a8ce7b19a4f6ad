/** Lines: their ends and lengths, as a client writes and reads them (section 2 of the DMTP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { isRefusal } from '../record/record-calls.js';
import { clientCase, each, fate, mustFind } from './client-case.js';
import { deliverLetter, isDelivered, letters } from './letters.js';
import { identityOf, organizationSignet, userSignet } from './parties.js';
import type { Asked } from './right-host.js';
import { dualHost, oneHost, Stage } from './stage.js';

const user = identityOf('user');

const lineEnds = clientCase({
  id: 'dmtp-client/lines/end-with-crlf',
  title: 'Every command line ends with CRLF, in plain text and inside TLS.',
  decides: ['DMTP-009'],
  mostRuns: 3,
  given: fc.record({ letter: letters, dual: fc.boolean() }),
  async check({ letter, dual }, context) {
    const stage = await Stage.set(
      context,
      dual ? dualHost({ messageOctets: letter.message.length }) : oneHost({ messageOctets: letter.message.length }),
    );
    const answers = [await stage.lookup(), await deliverLetter(stage, letter)];
    const lines = stage.connections.flatMap(({ plain, lines: inside }) => [...plain, ...inside]);
    const wrong = lines.filter((line) => !/^[^\r\n]+\r\n$/.test(line));
    context.require('DMTP-009', wrong.length === 0, 'lines that end with CRLF', JSON.stringify(wrong).slice(0, 300));
    const said = lines.length > 0 && answers.every(({ kind }) => kind === 'result');
    context.require(
      'DMTP-009',
      said,
      'a lookup and a delivery',
      fate(stage, answers.at(-1) ?? { kind: 'error', code: 'internal', message: '' }),
    );
  },
});

const bareLineFeeds = clientCase({
  id: 'dmtp-client/lines/replies-with-lf-alone',
  title: 'Replies whose lines end with LF alone are understood, those before TLS too.',
  decides: ['DMTP-012'],
  mostRuns: 3,
  given: fc.record({ letter: letters, dual: fc.boolean() }),
  async check({ letter, dual }, context) {
    const bare = (text: string): string => text.replaceAll('\r\n', '\n');
    const rules = {
      greeting: `220 <dx.example> ESMTP DMTPv1 suite\n`,
      secured: '250 OK DMTPv1\n',
      reply: (_: Asked, right: string) => bare(right),
      stored: '250 OK [suite-1]\n',
      messageOctets: letter.message.length,
    };
    const stage = await Stage.set(context, (dual ? dualHost : oneHost)(rules));
    mustFind(context, 'DMTP-012', stage, await stage.lookup(), 'replies with LF');
    const delivered = await deliverLetter(stage, letter);
    context.require('DMTP-012', isDelivered(delivered), 'a message to be delivered', fate(stage, delivered));
  },
});

const label = (octet: number, length: number): string => String.fromCharCode(97 + (octet % 26)).repeat(length);

const lengths = clientCase({
  id: 'dmtp-client/lines/512-octets-at-most',
  title: 'Command lines have 512 octets at most: long names that fit are asked for, and those that do not are refused.',
  decides: ['DMTP-014'],
  operation: 'dmtp.history',
  mostRuns: 4,
  given: fc.record({
    labels: fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 1, maxLength: 3 }),
    local: fc.integer({ min: 1, max: 60 }),
    tooLong: fc.integer({ min: 350, max: 1_500 }),
  }),
  async check({ labels, local, tooLong }, context) {
    const name = label(local, local);
    const stage = await Stage.set(context, {
      above: `${labels.map((length, at) => label(at, length)).join('.')}.example`,
      signets: () => ({ '': [organizationSignet()], [name]: [userSignet({}, user)] }),
    });
    const fingerprint = userSignet({}, user).fingerprints.full ?? '';
    const address = `${name}@${stage.domain}`;
    const answer = await stage.history(fingerprint, fingerprint, address);
    const listed = answer.kind === 'result' && Array.isArray(answer.value.signets) && answer.value.signets.length === 1;
    context.require('DMTP-014', listed, `the history of a name of ${address.length} characters`, fate(stage, answer));
    const beyond = await stage.history(fingerprint, fingerprint, `${label(0, tooLong)}@${stage.domain}`);
    context.require(
      'DMTP-014',
      isRefusal(beyond),
      `a name of ${tooLong} characters to be refused`,
      fate(stage, beyond),
    );
    const longest = Math.max(...stage.connections.flatMap(({ lines }) => lines.map((line) => line.length)));
    context.require('DMTP-014', longest <= 512, 'lines of 512 octets at most', `one of ${longest}`);
  },
});

const longLines = clientCase({
  id: 'dmtp-client/replies/long-lines',
  title: 'A signet of megabytes, which comes on one line, is taken.',
  decides: ['DMTP-072'],
  mostRuns: 1,
  given: each([2_900, 12_000, 200_000, 2_000_000]),
  async check(sizes, context) {
    const pictured = (octets: number) => [
      userSignet({ details: [{ id: 252, data: new Uint8Array(octets).fill(0x2e) }] }, user),
    ];
    const users = Object.fromEntries(sizes.map((octets) => [`user${octets}`, pictured(octets)]));
    const stage = await Stage.set(context, { signets: () => ({ '': [organizationSignet()], ...users }) });
    for (const octets of sizes) {
      const name = `user${octets}@${stage.domain}`;
      mustFind(context, 'DMTP-072', stage, await stage.lookup(name), `a signet with a field of ${octets} octets`, name);
    }
  },
});

export const cases: readonly Case[] = [lineEnds, bareLineFeeds, lengths, longLines];
