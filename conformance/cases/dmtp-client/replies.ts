/** Lines and replies as a client writes and reads them (sections 2 and 3 of the DMTP digest). */
import fc from 'fast-check';
import type { Answer as Reply } from '../../target/hostile-dmtp.js';
import type { Case } from '../case.js';
import { isRefusal } from '../record/record-calls.js';
import { clientCase, each, fate, findsAgain, isFound, mustFind, mustRefuse, refuses } from './client-case.js';
import { deliverLetter, isDelivered, letters } from './letters.js';
import { identityOf, organizationSignet, userSignet } from './parties.js';
import { type Asked, rightStored } from './right-host.js';
import { dualHost, oneHost, type Plan, Stage } from './stage.js';

const user = identityOf('user');

/** Two signets of one user: other fields over the same keys. */
const history: Partial<Plan> = {
  signets: () => ({
    '': [organizationSignet()],
    user: [userSignet({}, user), userSignet({ details: [{ id: 16, data: new Uint8Array(8) }] }, user)],
  }),
};

/** What a client can do, tried on a stage; true when it came to the right end. */
const works = {
  lookup: async (stage: Stage) => ({ answer: await stage.lookup(), right: isFound }),
  verify: async (stage: Stage) => ({
    answer: await stage.verify(stage.newest(stage.user).fingerprints.full ?? ''),
    right: (_: Stage, answer: Awaited<ReturnType<Stage['verify']>>) =>
      answer.kind === 'result' && answer.value.current === true,
  }),
  history: async (stage: Stage) => ({
    answer: await stage.history(stage.newest(stage.user).fingerprints.full ?? ''),
    right: (_: Stage, answer: Awaited<ReturnType<Stage['history']>>) =>
      answer.kind === 'result' && Array.isArray(answer.value.signets) && answer.value.signets.length === 1,
  }),
};
type Work = keyof typeof works;
const workOf: Readonly<Record<string, Work>> = { SGNT: 'lookup', VRFY: 'verify', HIST: 'history' };
const verbs = ['SGNT', 'VRFY', 'HIST'] as const;
const steps = ['EHLO', 'MAIL', 'RCPT', 'DATA', 'message'] as const;

/** Each reply of these verbs changed; all others right. */
const changing =
  (verb: string, change: (right: string) => Reply) =>
  (asked: Asked, right: string): Reply =>
    asked.verb === verb ? change(right) : right;

const lineEnds = clientCase({
  id: 'dmtp-client/lines/end-with-crlf',
  title: 'Every command line ends with CRLF, in plain text and inside TLS.',
  decides: ['DMTP-009'],
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
  mostRuns: 6,
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

const mixed = clientCase({
  id: 'dmtp-client/replies/of-several-codes',
  title: 'A reply whose lines differ in code is refused, and nothing that it says is used; with one code it is taken.',
  decides: ['DMTP-017'],
  mostRuns: 4,
  given: fc.record({
    verb: fc.constantFrom(...verbs),
    pair: fc.constantFrom([250, 251], [251, 250], [550, 250], [250, 221], [450, 250], [200, 299]),
  }),
  async check({ verb, pair: [first = 0, last = 0] }, context) {
    const work = works[workOf[verb] ?? 'lookup'];
    const stage = await Stage.set(context, history);
    for (const codes of [
      [first, last],
      [last, last],
    ] as const) {
      // A code that says no would be refused for that.
      if (codes[0] === codes[1] && last > 299) continue;
      const change = (right: string): string => {
        const lines = right
          .trimEnd()
          .split('\r\n')
          .map((line) => line.slice(4));
        if (lines.length === 1) lines.unshift('NOTE');
        return lines
          .map((text, at) => (at === lines.length - 1 ? `${codes[1]} ${text}\r\n` : `${codes[0]}-${text}\r\n`))
          .join('');
      };
      stage.change({ reply: changing(verb, change) });
      const { answer, right } = await work(stage);
      const what = `lines of ${codes.join(' and ')} for ${verb}`;
      if (codes[0] !== codes[1]) mustRefuse(context, 'DMTP-017', stage, answer, what);
      else context.require('DMTP-017', right(stage, answer), `${what} to be taken`, fate(stage, answer));
    }
  },
});

const mixedGreeting = clientCase({
  id: 'dmtp-client/replies/of-several-codes-before-commands',
  title: 'A greeting or an answer to STARTTLS whose lines differ in code ends the session.',
  decides: ['DMTP-017'],
  given: fc.constantFrom('greeting', 'STARTTLS', 'first line inside TLS'),
  async check(where, context) {
    const wrong = (code: number, text: string): string => `${code + 1}-NOTE\r\n${code} ${text}\r\n`;
    const rules =
      where === 'greeting'
        ? { greeting: wrong(220, '<dx.example> ESMTP DMTPv1 suite') }
        : where === 'STARTTLS'
          ? { reply: changing('STARTTLS', () => wrong(220, 'READY')) }
          : { secured: wrong(250, 'OK DMTPv1') };
    const stage = await Stage.set(context, dualHost({}));
    const what = `a ${where} of two codes`;
    await refuses(context, 'DMTP-017', stage, rules, what);
    await findsAgain(context, 'DMTP-017', stage, what);
  },
});

const mixedDelivery = clientCase({
  id: 'dmtp-client/replies/of-several-codes-in-a-delivery',
  title: 'In a delivery a reply whose lines differ in code ends the transaction: nothing follows, nothing is accepted.',
  decides: ['DMTP-017'],
  operation: 'dmtp.deliver',
  mostRuns: 6,
  given: fc.record({ letter: letters, step: fc.constantFrom(...steps) }),
  async check({ letter, step }, context) {
    const code = step === 'DATA' ? 354 : 250;
    const text = step === 'message' ? 'OK [suite-1]' : step === 'DATA' ? 'CONTINUE [x]' : 'OK';
    const wrong = `${code + 1}-NOTE\r\n${code} ${text}\r\n`;
    const stage = await Stage.set(
      context,
      oneHost({
        messageOctets: letter.message.length,
        ...(step === 'message' ? { stored: wrong } : { reply: changing(step, () => wrong) }),
      }),
    );
    const answer = await deliverLetter(stage, letter);
    const messages = stage.connections.flatMap((seen) => seen.messages).length;
    const next = { EHLO: 'MAIL', MAIL: 'RCPT', RCPT: 'DATA', DATA: null, message: null }[step];
    const went = next !== null && stage.lines.some((line) => line.startsWith(next));
    const holds = !isDelivered(answer) && !went && (step === 'message' || messages === 0);
    context.require('DMTP-017', holds, `lines of two codes for ${step} to end the delivery`, fate(stage, answer));
    stage.change({ reply: (_, right) => right, stored: rightStored });
    const delivered = await deliverLetter(stage, letter);
    context.require('DMTP-017', isDelivered(delivered), 'right replies: delivered', fate(stage, delivered));
  },
});

const several = clientCase({
  id: 'dmtp-client/replies/of-several-lines',
  title: 'A reply of several lines is understood for every command, also in pieces; the last line says what was asked.',
  decides: ['DMTP-018'],
  mostRuns: 6,
  given: fc.record({ verb: fc.constantFrom(...verbs), notes: fc.integer({ min: 1, max: 5 }), cut: fc.nat(200) }),
  async check({ verb, notes, cut }, context) {
    const change = (right: string): Reply => {
      const code = right.slice(0, 3);
      const before = verb === 'HIST' ? '' : Array.from({ length: notes }, (_, at) => `${code}-NOTE ${at}\r\n`).join('');
      const whole = before + right;
      const at = cut % whole.length;
      return { pieces: [whole.slice(0, at), whole.slice(at)] };
    };
    const stage = await Stage.set(context, { ...history, ...oneHost({ reply: changing(verb, change) }) });
    const { answer, right } = await works[workOf[verb] ?? 'lookup'](stage);
    context.require(
      'DMTP-018',
      right(stage, answer),
      `${notes + 1} lines for ${verb} to be understood`,
      fate(stage, answer),
    );
  },
});

const severalInDelivery = clientCase({
  id: 'dmtp-client/replies/of-several-lines-in-a-delivery',
  title: 'In a delivery every reply may have several lines.',
  decides: ['DMTP-018'],
  operation: 'dmtp.deliver',
  given: fc.record({ letter: letters, notes: fc.integer({ min: 1, max: 5 }) }),
  async check({ letter, notes }, context) {
    const longer = (right: string): string =>
      `${Array.from({ length: notes }, (_, at) => `${right.slice(0, 3)}-NOTE ${at}\r\n`).join('')}${right}`;
    const stage = await Stage.set(
      context,
      oneHost({
        messageOctets: letter.message.length,
        greeting: longer('220 <dx.example> DMTPv1 suite\r\n').replaceAll('NOTE', '<dx.example> NOTE'),
        reply: (_, right) => longer(right),
        stored: longer('250 OK [suite-7]\r\n'),
      }),
    );
    const answer = await deliverLetter(stage, letter);
    const holds = isDelivered(answer) && stage.connections.flatMap((seen) => seen.messages).length === 1;
    context.require('DMTP-018', holds, `${notes + 1} lines for every command to be understood`, fate(stage, answer));
  },
});

const successCodes = clientCase({
  id: 'dmtp-client/replies/200-to-299-are-success',
  title: 'Every code from 200 to 299 is success of every command, and no other code is.',
  decides: ['DMTP-019'],
  mostRuns: 4,
  given: fc.record({
    verb: fc.constantFrom(...verbs),
    good: fc.oneof(fc.constantFrom(200, 270, 280, 299), fc.integer({ min: 200, max: 299 })),
    other: fc.integer({ min: 300, max: 599 }),
  }),
  async check({ verb, good, other }, context) {
    const work = works[workOf[verb] ?? 'lookup'];
    const stage = await Stage.set(context, history);
    for (const code of [199, 300, other, good]) {
      const change = (right: string): string => right.replace(/^\d{3}/gm, String(code));
      stage.change({ reply: changing(verb, change) });
      const { answer, right } = await work(stage);
      if (code === good)
        context.require('DMTP-019', right(stage, answer), `${code} for ${verb} to be success`, fate(stage, answer));
      else mustRefuse(context, 'DMTP-019', stage, answer, `${code} for ${verb}, and all else as in success`);
    }
  },
});

const successInDelivery = clientCase({
  id: 'dmtp-client/replies/200-to-299-are-success-in-a-delivery',
  title:
    'In a delivery 200 to 299 let the client go on, and with any other code it neither goes on nor counts it as done.',
  decides: ['DMTP-019'],
  operation: 'dmtp.deliver',
  mostRuns: 6,
  given: fc.record({
    letter: letters,
    step: fc.constantFrom(...steps),
    good: fc.integer({ min: 200, max: 299 }),
    bad: fc.oneof(fc.constantFrom(300, 450, 503, 554), fc.integer({ min: 400, max: 599 })),
  }),
  async check({ letter, step, good, bad }, context) {
    const coded = (code: number) => (right: string) => right.replace(/^\d{3}/gm, String(code));
    const messageOctets = letter.message.length;
    // The first answer to DATA is the one that has to be another.
    const wrong = step === 'DATA' ? good : bad;
    const stage = await Stage.set(context, oneHost({ messageOctets }));
    stage.change(
      step === 'message' ? { stored: `${wrong} OK [suite-1]\r\n` } : { reply: changing(step, coded(wrong)) },
    );
    const answer = await deliverLetter(stage, letter);
    const next = { EHLO: 'MAIL', MAIL: 'RCPT', RCPT: 'DATA', DATA: null, message: null }[step];
    const wentOn = next !== null && stage.lines.some((line) => line.startsWith(next));
    const holds = !isDelivered(answer) && !wentOn;
    context.require(
      'DMTP-019',
      holds,
      `${wrong} for ${step} to end the delivery`,
      () => `${fate(stage, answer)()}; ${JSON.stringify(stage.lines)}`,
    );
    stage.change({
      reply: ({ verb }, text) => (verb === 'DATA' ? text : coded(good)(text)),
      stored: `${good} OK [suite-1]\r\n`,
    });
    const delivered = await deliverLetter(stage, letter);
    context.require('DMTP-019', isDelivered(delivered), `${good} for every command`, fate(stage, delivered));
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

export const cases: readonly Case[] = [
  lineEnds,
  bareLineFeeds,
  lengths,
  mixed,
  mixedGreeting,
  mixedDelivery,
  several,
  severalInDelivery,
  successCodes,
  successInDelivery,
  longLines,
];
