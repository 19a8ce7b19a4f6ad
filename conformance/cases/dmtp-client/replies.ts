/** Codes and lines of replies (section 3 of the DMTP digest). */
import fc from 'fast-check';
import type { Answer as Reply } from '../../target/hostile-dmtp.js';
import type { Case } from '../case.js';
import { clientCase, fate, findsAgain, isFound, mustRefuse, refuses } from './client-case.js';
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
  mostRuns: 3,
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
  mostRuns: 5,
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
  mostRuns: 2,
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

export const cases: readonly Case[] = [
  mixed,
  mixedGreeting,
  mixedDelivery,
  several,
  severalInDelivery,
  successCodes,
  successInDelivery,
];
