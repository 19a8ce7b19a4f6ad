/** Fingerprints in SGNT, VRFY and HIST: which find a signet, which do not, and which are malformed. */
import fc from 'fast-check';
import type { Form } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmtpConnection } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { asks, requireCode, succeeded, textOf } from '../dmtp/answers.js';
import { aFingerprint, domains, fingerprints, ownDomain } from '../dmtp/lines.js';
import {
  askIn,
  chainOf,
  dialects,
  fingerprintIn,
  hist,
  isSignet,
  type KnownSignet,
  knownChains,
  type Line,
  names,
  newest,
  requireNotFound,
  sgnt,
  signetIn,
  vrfy,
} from './asking.js';

const commands = { SGNT: sgnt, VRFY: vrfy, HIST: hist } as const;
type Command = keyof typeof commands;
const verbs = fc.constantFrom<Command>('SGNT', 'VRFY', 'HIST');

/** A text that is not the fingerprint, though a careless comparison takes it for that. */
const slips = {
  'letters in the other case': (text: string) =>
    text.replace(/[A-Za-z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase())),
  'its first letter in the other case': (text: string) =>
    text.replace(/[A-Za-z]/, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase())),
  'all but the last character': (text: string) => text.slice(0, -1),
  'the first half': (text: string) => text.slice(0, text.length / 2),
  'one character more': (text: string) => `${text}A`,
} as const;
type Slip = keyof typeof slips;
const slip = fc.constantFrom(...(Object.keys(slips) as Slip[]));

const malformed = ['[{}', '{}]', '{}', '[]', '<{}>'] as const;

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-signet/fingerprints/one-kind-in-all-commands',
    title: 'One kind of fingerprint at least finds every signet of a user in SGNT, VRFY and HIST.',
    class: 'dmtp-signet',
    decides: ['DMTP-112'],
    needs: ['dmtp', 'signets'],
    given: (profile) => names(profile, { of: 'user' }),
    async check(name, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const unfound = new Map<Form, Set<Command>>();
      for (const signet of chain.signets) {
        for (const { form, text } of signet.fingerprints) {
          const missed = unfound.get(form) ?? new Set();
          unfound.set(form, missed);
          for (const verb of Object.keys(commands) as Command[]) {
            const reply = await context.ask(connection, commands[verb](name, text)('positional'));
            if (!succeeded(reply)) missed.add(verb);
          }
        }
      }
      const kinds = [...unfound];
      const everywhere = kinds.filter(([, missed]) => missed.size === 0).map(([form]) => form);
      const said = kinds.map(([form, missed]) => `${form} not in ${[...missed].join(', ')}`).join('; ');
      context.require('DMTP-112', everywhere.length > 0, 'one kind that is found by all three commands', said);
      context.follows('fingerprint-kinds', everywhere.join(', '));
    },
  }),
  defineCase({
    id: 'dmtp-signet/fingerprints/octet-by-octet',
    title: 'A text that differs from a fingerprint or a nonce in letter case or length is not taken for it.',
    class: 'dmtp-signet',
    decides: ['DMTP-113'],
    needs: ['dmtp', 'signets'],
    timesRuns: 3,
    given: (profile) =>
      fc.record({
        name: names(profile),
        verb: verbs,
        how: slip,
        dialect: dialects,
        nonce: fc.nat(4).map((n) => n === 4),
      }),
    async check({ name, verb, how, dialect, nonce }, context) {
      const { connection } = await context.open();
      const line = commands[verb];
      for (const signet of chainOf(context, name).signets) {
        for (const { form, text } of signet.fingerprints) {
          const reply = await askIn(context, connection, dialect, line(name, slips[how](text)));
          const expected = `a refusal of ${verb} for ${name} with ${how} of a ${form} fingerprint`;
          context.require('DMTP-113', !succeeded(reply), expected, reply);
        }
      }
      if (nonce) await tryNonce(context, connection, how);
    },
  }),
  defineCase({
    id: 'dmtp-signet/fingerprints/malformed-brackets',
    title: 'A fingerprint without whole brackets is refused with 501 in SGNT and HIST, and not taken as absent.',
    class: 'dmtp-signet',
    decides: ['DMTP-116'],
    needs: ['dmtp', 'signets'],
    timesRuns: 2,
    given: (profile) =>
      fc.record({
        name: names(profile, { of: 'user' }),
        form: fc.constantFrom<Form>('full', 'cryptographic'),
        brackets: fc.constantFrom(...malformed),
        of: fc.constantFrom('SGNT', 'start of HIST', 'stop of HIST'),
      }),
    async check({ name, form, brackets, of }, context) {
      const { connection } = await context.open();
      const current = newest(chainOf(context, name));
      const fingerprint = fingerprintIn(current, form);
      const broken = brackets.replace('{}', fingerprint);
      if (of !== 'SGNT') {
        const start = of === 'start of HIST' ? '' : `[${fingerprint}] `;
        await asks(context, connection, 'DMTP-116', `HIST <${name}> ${start}${broken}`, [501]);
        return;
      }
      const reply = await context.ask(connection, `SGNT <${name}> ${broken}`);
      const given = signetIn(reply);
      const absent = given !== null && isSignet(context, given, current);
      const expected = `501, or the current signet, in answer to SGNT with ${brackets.replace('{}', 'fingerprint')}`;
      context.require('DMTP-116', reply.code === 501 || absent, expected, reply);
      context.follows('malformed-fingerprint', absent ? 'taken as absent in SGNT' : 'refused with 501');
    },
  }),
  defineCase({
    id: 'dmtp-signet/not-found/names-and-fingerprints',
    title: 'SGNT, VRFY and HIST for an unknown name, or a fingerprint that is none of the name, are refused.',
    class: 'dmtp-signet',
    decides: ['DMTP-106'],
    needs: ['dmtp', 'signets'],
    timesRuns: 2,
    given: (profile) => {
      const known = names(profile);
      const own = ownDomain(profile);
      const unknown = fc.oneof(
        fc.constantFrom(`nobody@${own}`, profile.foreignDomain, `nobody@${profile.foreignDomain}`, `a.${own}`),
        domains,
      );
      return fc.record({
        asked: fc.oneof(
          fc.record({ name: unknown, fingerprint: fc.option(fc.oneof(fingerprints, theirs(profile)), { nil: null }) }),
          fc.record({ name: known, fingerprint: fingerprints }),
          fc.record({ name: known, fingerprint: theirs(profile) }),
        ),
        verb: verbs,
        dialect: dialects,
      });
    },
    async check({ asked: { name, fingerprint }, verb, dialect }, context) {
      const own = knownChains(context.profile).find((chain) => chain.name === name);
      // One of the name itself is found by right.
      if (own !== undefined && (fingerprint === null || isOwn(own.signets, fingerprint))) return;
      const { connection } = await context.open();
      const needed = verb === 'SGNT' ? undefined : aFingerprint;
      const line: Line = commands[verb](name, fingerprint ?? needed);
      requireNotFound(context, 'DMTP-106', await askIn(context, connection, dialect, line), line(dialect));
    },
  }),
];

/** Fingerprints of the signets that are known. */
function theirs(profile: CaseContext['profile']): fc.Arbitrary<string> {
  const all = knownChains(profile).flatMap(({ signets }) => signets.flatMap((signet) => signet.fingerprints));
  return fc.constantFrom(...all.map(({ text }) => text));
}

const isOwn = (signets: readonly KnownSignet[], fingerprint: string): boolean =>
  signets.some((signet) => signet.fingerprints.some(({ text }) => text === fingerprint));

/** A server that gives no nonces has none to compare. */
async function tryNonce(context: CaseContext, connection: DmtpConnection, how: Slip): Promise<void> {
  const nonce = /^ONCE +\[([^\]]+)\]$/i.exec(textOf(await context.ask(connection, 'STATS')))?.[1];
  if (nonce === undefined) return;
  const wrong = slips[how](nonce);
  if (wrong === nonce) return;
  const reply = await context.ask(connection, `STATS [${wrong}]`);
  requireCode(context, 'DMTP-113', reply, [450], `STATS with ${how} of its nonce`);
}
