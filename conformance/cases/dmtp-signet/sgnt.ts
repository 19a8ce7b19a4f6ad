/** SGNT: the signet on one line, the current one or the one that has the fingerprint. */
import fc from 'fast-check';
import { readSignet } from '../../model/dmtp-signets.js';
import type { Form } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import type { PeerReply } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { refused, succeeded, textOf } from '../dmtp/answers.js';
import { recased } from '../dmtp/lines.js';
import { askIn, chainOf, dialects, isSignet, names, newest, octetsOf, sgnt, signetIn } from './asking.js';

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-signet/sgnt/a-signet-on-one-line',
    title: 'SGNT is answered with one line: a 2xx code, OK and a signet in base64 and square brackets.',
    class: 'dmtp-signet',
    decides: ['DMTP-056'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile), dialect: dialects, greeted: fc.boolean() }),
    async check({ name, dialect, greeted }, context) {
      chainOf(context, name);
      const connection = greeted ? await context.greeted() : (await context.open()).connection;
      const reply = await askIn(context, connection, dialect, sgnt(name));
      context.require('DMTP-056', succeeded(reply), `a 2xx code in answer to SGNT for ${name}`, reply);
      context.require('DMTP-056', reply.lines.length === 1, 'one line', reply);
      const octets = octetsOf(/^OK *\[([^\]]*)\]$/.exec(textOf(reply))?.[1] ?? '');
      context.require('DMTP-056', octets !== null, 'OK [base64]', reply);
      const form = octets === null ? null : formIn(octets);
      const expected = 'a signet in base64, in the full or the identifiable form';
      context.require('DMTP-056', form === 'full' || form === 'identifiable', expected, reply);
    },
  }),
  defineCase({
    id: 'dmtp-signet/sgnt/numbers-of-their-own',
    title: 'Under numbered-codes a signet of an organization is sent with 270, one of a user with 280.',
    class: 'dmtp-signet',
    decides: ['DMTP-057'],
    needs: ['dmtp', 'signets'],
    reading: 'numbered-codes',
    given: (profile) => fc.record({ name: names(profile), dialect: dialects }),
    async check({ name, dialect }, context) {
      const { connection } = await context.open();
      const reply = await askIn(context, connection, dialect, sgnt(chainOf(context, name).name));
      const number = name.includes('@') ? 280 : 270;
      const fits = reply.code === number || reply.code === 250;
      context.require('DMTP-057', fits, `${number}, or 250 as everybody else, in answer to SGNT for ${name}`, reply);
      context.took('DMTP-057', reply.code === number, `SGNT for ${name} is answered with ${reply.code}`);
    },
  }),
  defineCase({
    id: 'dmtp-signet/sgnt/current-without-fingerprint',
    title: 'SGNT without a fingerprint gives the current signet of the name, letter case of the domain aside.',
    class: 'dmtp-signet',
    decides: ['DMTP-058'],
    needs: ['dmtp', 'signets'],
    given: (profile) =>
      names(profile).chain((name) => {
        const at = name.indexOf('@') + 1;
        const written = recased(name.slice(at)).map((domain) => name.slice(0, at) + domain);
        return fc.record({ name: fc.constant(name), written, dialect: dialects });
      }),
    async check({ name, written, dialect }, context) {
      const { connection } = await context.open();
      const current = newest(chainOf(context, name));
      const reply = await askIn(context, connection, dialect, sgnt(written));
      const given = signetIn(reply);
      const right = given !== null && isSignet(context, given, current);
      context.require('DMTP-058', right, `the current signet of ${name}`, () => shown(context, name, reply));
    },
  }),
  defineCase({
    id: 'dmtp-signet/sgnt/by-its-fingerprint',
    title: 'SGNT with a fingerprint gives the signet that has it, and one kind finds every signet of a name.',
    class: 'dmtp-signet',
    decides: ['DMTP-058'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile), dialect: dialects }),
    async check({ name, dialect }, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const unfound = new Set<Form>();
      for (const [index, signet] of chain.signets.entries()) {
        for (const { form, text } of signet.fingerprints) {
          const reply = await askIn(context, connection, dialect, sgnt(name, text));
          const given = signetIn(reply);
          const right = refused(reply) || (given !== null && isSignet(context, given, signet));
          const expected = `signet ${index + 1} of ${name} for its ${form} fingerprint, or a refusal`;
          context.require('DMTP-058', right, expected, () => shown(context, name, reply));
          if (given === null) unfound.add(form);
        }
      }
      const found = newest(chain).fingerprints.flatMap(({ form }) => (unfound.has(form) ? [] : [form]));
      const expected = `one kind of fingerprint that finds all signets of ${name}`;
      context.require('DMTP-058', found.length > 0, expected, 'none does');
    },
  }),
  defineCase({
    id: 'dmtp-signet/sgnt/asked-at-once',
    title: 'Questions for signets that are sent at once are answered in their order, each with its own signet.',
    class: 'dmtp-signet',
    decides: ['DMTP-058'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.array(names(profile), { minLength: 2, maxLength: 12, size: 'max' }),
    async check(asked, context) {
      const { connection } = await context.open();
      const lines = asked.map((name) => sgnt(chainOf(context, name).name)('positional'));
      for (const line of lines) context.covered('command', `${line}\r\n`);
      await connection.send(lines.map((line) => `${line}\r\n`).join(''));
      for (const [index, name] of asked.entries()) {
        const reply = await connection.reply();
        const given = signetIn(reply);
        const right = given !== null && isSignet(context, given, newest(chainOf(context, name)));
        const expected = `the current signet of ${name} as answer ${index + 1}`;
        context.require('DMTP-058', right, expected, () => shown(context, name, reply));
      }
    },
  }),
];

/** Null: no signet. */
function formIn(octets: Uint8Array): Form | null {
  try {
    return readSignet(octets).form;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Which signet of the name came, where it is one. */
function shown(context: CaseContext, name: string, reply: PeerReply): string {
  const given = signetIn(reply);
  const { signets } = chainOf(context, name);
  const index = given === null ? -1 : signets.findIndex((signet) => isSignet(context, given, signet));
  const which = index === -1 ? 'no signet of this name' : `signet ${index + 1} of ${signets.length}`;
  return `${which}: ${JSON.stringify(reply.raw.slice(0, 120))}`;
}
