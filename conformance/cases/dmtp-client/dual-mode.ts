/** From plain text to TLS on ports 25 and 587 (section 7 of the DMTP digest). */
import fc from 'fast-check';
import type { SeenConnection } from '../../target/hostile-dmtp.js';
import type { Case } from '../case.js';
import { isRefusal } from '../record/record-calls.js';
import { clientCase, each, fate, findsAgain, isFound, mustFind, refuses } from './client-case.js';
import { binary, organizationSignet, stranger } from './parties.js';
import { type HostRules, inBrackets } from './right-host.js';
import { dualHost, oneHost, type Rules, Stage } from './stage.js';

const isStartTls = (line: string): boolean => /^STARTTLS\b/i.test(line);
const plainLines = (stage: Stage): string[] =>
  stage.connections.flatMap(({ plain }) => plain.map((line) => line.trim()));

/** The host, from `<host>` or `HOST=<host>`, and the mode. */
const startTlsLine = /^STARTTLS +(?:HOST=)?<([^>]+)>(?: +MODE=(\S+))?$/i;

const startTls = clientCase({
  id: 'dmtp-client/dual-mode/greeting-then-starttls',
  title: 'In dual mode the first line that a client sends is STARTTLS with the host and the mode, after the greeting.',
  decides: ['DMTP-064'],
  mostRuns: 3,
  given: fc.record({ late: fc.constantFrom(0, 40), port: fc.constantFrom(25, 587) }),
  async check({ late, port }, context) {
    const stage = await Stage.set(context, {
      ...dualHost({}),
      hosts: [
        {
          label: 'mx1',
          addresses: ['127.0.0.1'],
          doors: [{ port, rules: { greeting: { pieces: ['220 <mx1> ', 'ESMTP DMTPv1 suite\r\n'], everyMs: late } } }],
        },
      ],
    });
    mustFind(context, 'DMTP-064', stage, await stage.lookup(), `a host in dual mode on port ${port}`);
    const lines = plainLines(stage);
    const [, host, mode] = startTlsLine.exec(lines[0] ?? '') ?? [];
    const right = lines.length === 1 && host?.toLowerCase() === stage.nameOf('mx1') && /^DMTP(v1)?$/i.test(mode ?? '');
    context.require(
      'DMTP-064',
      right,
      `STARTTLS <${stage.nameOf('mx1')}> MODE=DMTPv1 alone before TLS`,
      JSON.stringify(lines),
    );
  },
});

const refusedGreeting = clientCase({
  id: 'dmtp-client/dual-mode/no-starttls-after-a-bad-greeting',
  title: 'In dual mode a client that is greeted by plain SMTP does not say STARTTLS.',
  decides: ['DMTP-064'],
  mostRuns: 1,
  given: each(['220 mail.example ESMTP Postfix\r\n', '554 <mx1> ESMTP DMTPv1\r\n', '220 <mx1> ESMTP\r\n']),
  async check(greetings, context) {
    const stage = await Stage.set(context, dualHost({}));
    for (const greeting of greetings) {
      const before = stage.connections.length;
      await refuses(context, 'DMTP-064', stage, { greeting }, `the greeting ${JSON.stringify(greeting)}`);
      const asked = (stage.connections[before]?.plain ?? []).filter(isStartTls);
      context.require(
        'DMTP-064',
        asked.length === 0,
        `no STARTTLS after ${JSON.stringify(greeting)}`,
        JSON.stringify(asked),
      );
    }
    await findsAgain(context, 'DMTP-064', stage, 'wrong greetings');
  },
});

const stripped = clientCase({
  id: 'dmtp-client/dual-mode/nothing-in-the-clear',
  title: 'When STARTTLS is refused or taken out on the way, a client says nothing in plain text but its farewell.',
  decides: ['DMTP-064'],
  mostRuns: 2,
  given: each([
    '454 TLS NOT AVAILABLE\r\n',
    '500 INVALID COMMAND\r\n',
    '502 COMMAND DISABLED\r\n',
    '554 CERTIFICATE NOT FOUND FOR DOMAIN.\r\n',
    '503-NOT\r\n503 NOW\r\n',
    '354 GO ON\r\n',
  ]),
  async check(refusals, context) {
    const stage = await Stage.set(context, dualHost({}));
    for (const refusal of refusals) {
      const before = stage.connections.length;
      const what = `STARTTLS answered with ${JSON.stringify(refusal)}`;
      // Everything is answered as inside TLS: what a client says in the clear would work.
      const reply: HostRules['reply'] = ({ verb, name }, right) => {
        if (verb === 'STARTTLS') return refusal;
        return verb === 'SGNT' && name !== '' ? `250 OK ${inBrackets(stage.newest(name))}\r\n` : right;
      };
      await refuses(context, 'DMTP-064', stage, { reply }, what);
      const plain = (stage.connections[before]?.plain ?? []).map((line) => line.trim());
      const [first = '', ...others] = plain.filter((line) => !/^QUIT$/i.test(line));
      const right = isStartTls(first) && others.every(isStartTls);
      context.require('DMTP-064', right, `${what}: no other line in plain text`, JSON.stringify(plain));
    }
    await findsAgain(context, 'DMTP-064', stage, 'STARTTLS refused');
  },
});

const wrongModes: readonly string[] = [
  '250 OK SMTP\r\n',
  '250 OK ESMTP\r\n',
  '250 OK smtp\r\n',
  '250 OK eSmTp\r\n',
  '250 OK DMTPv2\r\n',
  '250 OK\r\n',
  '250 DMTPv1\r\n',
  '554 OK DMTPv1\r\n',
  '220 <mx1> ESMTP DMTPv1\r\n',
];

const wrongMode = clientCase({
  id: 'dmtp-client/dual-mode/dropped-for-another-mode',
  title: 'A client drops the connection when the mode after the handshake is not DMTPv1, and asks for nothing before.',
  decides: ['DMTP-066'],
  mostRuns: 2,
  given: each(wrongModes),
  async check(modes, context) {
    const stage = await Stage.set(context, dualHost({}));
    for (const secured of modes) {
      const what = `${JSON.stringify(secured)} after the handshake`;
      const before = stage.connections.length;
      await refuses(context, 'DMTP-066', stage, { secured }, what);
      const seen = stage.connections[before];
      const left = seen !== undefined && seen.tls !== null && seen.left !== null;
      context.require('DMTP-066', left, `${what}: the connection to be dropped`, () =>
        seen?.tls === null ? 'there was no handshake' : 'it is open',
      );
    }
    await findsAgain(context, 'DMTP-066', stage, 'other modes');
  },
});

const modeWords = clientCase({
  id: 'dmtp-client/dual-mode/words-in-any-case',
  title: 'The mode words are known in any case of letters: DMTPv1 is gone on with, SMTP and ESMTP are not.',
  decides: ['DMTP-028'],
  mostRuns: 2,
  given: fc.record({
    modes: each(['DMTPv1', 'dmtpv1', 'DMTPV1', 'dMtPv1']),
    others: each(['SMTP', 'smtp', 'Smtp', 'ESMTP', 'esmtp', 'eSMTP']),
  }),
  async check({ modes, others }, context) {
    const stage = await Stage.set(context, dualHost({}));
    for (const mode of modes) {
      stage.change({ secured: `250 OK ${mode}\r\n` });
      mustFind(context, 'DMTP-028', stage, await stage.lookup(), `the mode ${mode}`);
    }
    for (const other of others) {
      const secured = `250 OK ${other}\r\n`;
      await refuses(context, 'DMTP-028', stage, { secured }, `the mode ${other}`);
    }
    await findsAgain(context, 'DMTP-028', stage, 'other modes');
  },
});

/** Lines that were sent, those in TLS behind the plain ones. */
const startTlsIn = ({ plain, lines }: SeenConnection): number =>
  [...plain, ...lines].filter((line) => isStartTls(line)).length;

const once = clientCase({
  id: 'dmtp-client/dual-mode/starttls-once',
  title: 'STARTTLS is said once on a connection in dual mode, and never inside TLS.',
  decides: ['DMTP-067'],
  mostRuns: 2,
  given: fc.boolean(),
  async check(dual, context) {
    const stage = await Stage.set(context, dual ? dualHost({}) : oneHost({}));
    const refusing =
      (refusal: string): HostRules['reply'] =>
      ({ verb }, right) =>
        verb === 'STARTTLS' ? refusal : right;
    const wrongs: readonly Rules[] = dual
      ? [
          { secured: '250 OK ESMTP\r\n' },
          { reply: refusing('454 TRY AGAIN\r\n') },
          { reply: refusing('503 EHLO FIRST\r\n') },
        ]
      : [{ greeting: '554 STARTTLS FIRST\r\n' }];
    for (const rules of wrongs) {
      await refuses(context, 'DMTP-067', stage, rules, JSON.stringify(rules.secured ?? 'STARTTLS refused'));
    }
    await findsAgain(context, 'DMTP-067', stage, 'STARTTLS refused');
    const most = dual ? 1 : 0;
    const wrong = stage.connections.find((seen) => startTlsIn(seen) > most || seen.lines.some(isStartTls));
    context.require('DMTP-067', wrong === undefined, `STARTTLS ${most} times on each connection`, () =>
      JSON.stringify([...(wrong?.plain ?? []), ...(wrong?.lines ?? [])]),
    );
  },
});

const injected = clientCase({
  id: 'dmtp-client/dual-mode/injected-text-is-dropped',
  title: 'Plain text that somebody put in behind the answer to STARTTLS is not taken for what came inside TLS.',
  decides: ['DMTP-071'],
  mostRuns: 2,
  given: each(['mode', 'signet', 'refusal'] as const),
  async check(kinds, context) {
    const stage = await Stage.set(context, dualHost({}));
    const other = organizationSignet({}, stranger);
    const texts = {
      mode: '250 OK DMTPv1\r\n',
      signet: `250 OK DMTPv1\r\n250 OK ${inBrackets(other)}\r\n`,
      refusal: '554 GO AWAY\r\n',
    };
    for (const kind of kinds) {
      const put = texts[kind];
      const rules: Rules = {
        ...(kind === 'mode' ? { secured: '250 OK ESMTP\r\n' } : {}),
        reply: ({ verb }, right) => (verb === 'STARTTLS' ? right + put : right),
      };
      const what = `${JSON.stringify(put.slice(0, 40))} behind the answer to STARTTLS`;
      if (kind === 'mode') {
        await refuses(context, 'DMTP-071', stage, rules, `${what}, and the mode ESMTP inside TLS`);
        continue;
      }
      stage.change(rules);
      const answer = await stage.lookup();
      // To end the session for it is as safe as to throw it away.
      const safe = isFound(stage, answer) || isRefusal(answer);
      context.require('DMTP-071', safe, `${what}: the right signet, or a refusal`, fate(stage, answer));
      const used = JSON.stringify(answer).includes(binary(other.octets));
      context.require('DMTP-071', !used, `${what} not to be used`, fate(stage, answer));
    }
    await findsAgain(context, 'DMTP-071', stage, 'text put in');
  },
});

export const cases: readonly Case[] = [startTls, refusedGreeting, stripped, wrongMode, modeWords, once, injected];
