/** Several clients at once that write to one destination, and what they leave behind, against the model of a right one. */
import fc from 'fast-check';
import { CrowdModel, crowdRequirements, type FinalAnswer } from '../../model/dmtp-crowd.js';
import type { Fate } from '../../model/dmtp-mail.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmtpConnection } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { afterMail, asks, requireCalm, step, succeeded, textOf } from './answers.js';
import { damaged, deliver, freshSeed, letter, mailOf, seeds, withEnd } from './letters.js';
import { mail, ownDomain, ownFingerprint, rcpt, sender } from './lines.js';

/** Clients at once. */
const crowd = 3;

const actions = ['open', 'data', 'half', 'finish', 'finish', 'reset', 'cut', 'ask', 'together'] as const;

interface Step {
  readonly client: number;
  readonly action: (typeof actions)[number];
  /** Which of the letters of the run, where one is begun. */
  readonly letter: number;
}

const steps: fc.Arbitrary<Step> = fc.record({
  client: fc.nat(crowd - 1),
  action: fc.constantFrom(...actions),
  letter: fc.nat(3),
});

interface Letter {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly fate: Fate;
}

/** Two that are right, and two that are not; the one that is damaged could be mended. */
function lettersOf({ profile }: CaseContext): readonly Letter[] {
  const [first, second, third, fourth] = [freshSeed(), freshSeed(), freshSeed(), freshSeed()];
  const [known] = mailOf(profile).recipients;
  const nobody = {
    name: `nobody-here@${ownDomain(profile)}`,
    signet: known?.signet ?? new Uint8Array(),
    fingerprint: '',
  };
  const mended = letter(profile, third);
  return [
    { name: 'letter 1', octets: letter(profile, first), fate: 'stored' },
    { name: 'letter 2', octets: letter(profile, second), fate: 'stored' },
    { name: 'letter 3, damaged', octets: damaged(mended, { chunk: 5, octet: 40, bit: 0 }), fate: 'damaged' },
    { name: 'letter 4, for nobody', octets: letter(profile, fourth, { recipient: nobody }), fate: 'unknown recipient' },
    { name: 'letter 3', octets: mended, fate: 'stored' },
  ];
}

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/mail/several-clients-at-once',
    title: 'Whatever several clients do at once, what is acknowledged is stored, once each time, and nothing else is.',
    class: 'dmtp-server',
    decides: ['DMTP-105', 'DMTP-055'],
    touches: [...crowdRequirements, 'DMTP-029', 'DMTP-031'],
    needs: ['dmtp', 'mail'],
    given: () => fc.array(steps, { minLength: 1, maxLength: 24, size: 'max' }),
    async check(all, context) {
      const play = new Play(context, lettersOf(context));
      for (const one of all) await play.step(one);
      await play.tour();
    },
  }),
  defineCase({
    id: 'dmtp/mail/after-what-was-given-up',
    title: 'Mail is stored on a connection where another transaction was given up before, by RSET or by a second EHLO.',
    class: 'dmtp-server',
    decides: ['DMTP-031'],
    needs: ['dmtp', 'mail'],
    given: () =>
      fc.record({
        seed: seeds,
        given: fc.array(fc.record({ from: fc.constantFrom('first.example', 'second.example'), rcpt: fc.boolean() }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    async check({ seed, given }, context) {
      const connection = await afterMail(context, 7);
      for (const { from, rcpt: withRecipient } of given) {
        await asks(context, connection, 'DMTP-031', 'RSET', [250]);
        await step(context, connection, mail({ from, size: 9 }));
        if (withRecipient) await step(context, connection, rcpt(ownDomain(context.profile)));
      }
      await asks(context, connection, 'DMTP-031', 'RSET', [250]);
      await asks(context, connection, 'DMTP-031', 'DATA [none]', [503]);
      const reply = await deliver(context, connection, letter(context.profile, seed));
      context.require('DMTP-031', succeeded(reply), 'a letter to be stored after RSET', reply);
    },
  }),
];

interface Client {
  connection: DmtpConnection | null;
  /** How far its transaction has come. */
  phase: 'idle' | 'open' | 'data' | 'half';
  letter: Letter | null;
}

/** Plays the steps that can be done, and lets the model judge every answer to a message. */
class Play {
  readonly #clients: Client[] = Array.from({ length: crowd }, () => ({
    connection: null,
    phase: 'idle',
    letter: null,
  }));
  readonly #model: CrowdModel;

  constructor(
    private readonly context: CaseContext,
    private readonly letters: readonly Letter[],
  ) {
    this.#model = new CrowdModel(context.profile.readings.includes('numbered-codes'));
  }

  async step({ client: number, action, letter: index }: Step): Promise<void> {
    const client = this.#clients[number];
    const chosen = this.letters[index];
    if (client === undefined || chosen === undefined) throw new RangeError(`there is no client ${number}`);
    if (action === 'together') await this.#finish(this.#clients.filter(({ phase }) => isUnderWay(phase)));
    else if (action === 'cut') this.#cut(client);
    else if (action === 'reset' || action === 'ask') await this.#aside(client, action);
    else await this.#advance(client, chosen, action);
  }

  /** After all: what was not acknowledged is not there, and what was is not lost; what was refused is refused again. */
  async tour(): Promise<void> {
    for (const client of this.#clients) if (client.phase !== 'idle') this.#cut(client);
    for (const [index, each] of this.letters.entries()) {
      const client = this.#clients[index % crowd];
      if (client !== undefined) await this.#advance(client, each, 'finish');
    }
    await Promise.all(
      this.#clients
        .flatMap(({ connection }) => connection ?? [])
        .map((each) => requireCalm(this.context, each, 'DMTP-029')),
    );
  }

  async #advance(client: Client, chosen: Letter, to: 'open' | 'data' | 'half' | 'finish'): Promise<void> {
    const { context } = this;
    const { profile } = context;
    const connection = await this.#connected(client);
    if (client.phase === 'idle') {
      client.letter = chosen;
      await step(context, connection, mail({ ...sender(profile), size: chosen.octets.length }));
      await step(context, connection, rcpt(ownDomain(profile), ownFingerprint(profile)));
      client.phase = 'open';
    }
    if (client.phase === 'open' && to !== 'open') {
      await step(context, connection, 'DATA [none]', 3);
      client.phase = 'data';
    }
    if (client.phase === 'data' && to === 'half') {
      await connection.send(half(client.letter ?? chosen, 'first'));
      client.phase = 'half';
    }
    if (to === 'finish') await this.#finish([client]);
  }

  /** All send what is left before any of them reads its answer. */
  async #finish(clients: readonly Client[]): Promise<void> {
    const { context } = this;
    for (const { connection, letter: own, phase } of clients) {
      if (connection !== null && own !== null) await connection.send(half(own, phase === 'half' ? 'last' : 'both'));
    }
    const answers: FinalAnswer[] = [];
    for (const client of clients) {
      const { connection, letter: own } = client;
      if (connection === null || own === null) continue;
      const reply = await connection.reply(3 * context.profile.limits.replyMs);
      answers.push({ letter: own.name, fate: own.fate, code: reply.code, text: textOf(reply) });
      client.phase = 'idle';
      client.letter = null;
    }
    const finding = this.#model.learn(answers);
    if (finding !== null) context.require(finding.requirement, false, finding.expected, finding.actual);
    for (const id of ['DMTP-105', 'DMTP-055']) context.require(id, true, 'what the model says', '');
    for (const { connection } of clients) {
      if (connection === null) continue;
      // The transaction is over for this one, whatever the others have.
      const reply = await context.ask(connection, 'DATA [none]');
      context.require('DMTP-103', reply.code === 503, '503 to DATA after the answer to the message', reply);
    }
  }

  async #aside(client: Client, action: 'reset' | 'ask'): Promise<void> {
    if (isUnderWay(client.phase)) return;
    const connection = await this.#connected(client);
    if (action === 'ask') {
      await requireCalm(this.context, connection, 'DMTP-029');
      return;
    }
    await asks(this.context, connection, 'DMTP-031', 'RSET', [250]);
    client.phase = 'idle';
    client.letter = null;
  }

  /** The connection breaks off, wherever it stands; another one is made when it is needed. */
  #cut(client: Client): void {
    client.connection?.destroy();
    client.connection = null;
    client.phase = 'idle';
    client.letter = null;
  }

  async #connected(client: Client): Promise<DmtpConnection> {
    client.connection ??= await this.context.greeted();
    return client.connection;
  }
}

const isUnderWay = (phase: Client['phase']): boolean => phase === 'data' || phase === 'half';

function half({ octets }: Letter, which: 'first' | 'last' | 'both'): Uint8Array {
  const middle = octets.length >> 1;
  if (which === 'first') return octets.subarray(0, middle);
  return withEnd(which === 'last' ? octets.subarray(middle) : octets);
}
