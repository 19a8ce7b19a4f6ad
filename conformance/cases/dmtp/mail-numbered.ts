/** Real mail in the reading `numbered-codes`, which tells messages and fingerprints apart (section 12.5 of the digest). */
import fc from 'fast-check';
import { fingerprintsOf } from '../../model/dmtp-signets.js';
import type { CaseContext } from '../../runner/context.js';
import type { TargetProfile } from '../../target/profile.js';
import { type Case, defineCase } from '../case.js';
import { requireCode } from './answers.js';
import { begin, deliver, freshSeed, letter, mailOf, seeds } from './letters.js';
import { mail, ownDomain, rcpt, sender } from './lines.js';

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/mail/fingerprints-out-of-date',
    title: 'Under numbered-codes fingerprints that are out of date are answered with 575, 576 and 586.',
    class: 'dmtp-server',
    decides: ['DMTP-020'],
    needs: ['dmtp', 'mail', 'history'],
    reading: 'numbered-codes',
    given: () => fc.record({ seed: seeds, stale: fc.constantFrom('MAIL', 'RCPT', 'recipient') }),
    async check({ seed, stale }, context) {
      if (stale === 'MAIL') await tryWrongOrigin(context, seed);
      else if (stale === 'RCPT') await tryOldDestination(context);
      else await tryOldRecipient(context, seed);
    },
  }),
  defineCase({
    id: 'dmtp/mail/known-again',
    title: 'Under numbered-codes a message is acknowledged once with 254, and known again with 255.',
    class: 'dmtp-server',
    decides: ['DMTP-020'],
    needs: ['dmtp', 'mail'],
    reading: 'numbered-codes',
    mostRuns: 6,
    given: () => fc.boolean(),
    async check(sameConnection, context) {
      const message = letter(context.profile, freshSeed());
      const connection = await context.greeted();
      const first = await deliver(context, connection, message);
      requireCode(context, 'DMTP-020', first, [254], 'a message that nobody sent before');
      const again = await deliver(context, sameConnection ? connection : await context.greeted(), message);
      requireCode(context, 'DMTP-020', again, [255], 'the same message');
      const named = (raw: string): string | undefined => /=(\S+)/.exec(raw)?.[1];
      const same = named(first.raw) !== undefined && named(first.raw) === named(again.raw);
      context.require('DMTP-020', same, `DUPLICATE=${named(first.raw)}`, again);
    },
  }),
  defineCase({
    id: 'dmtp/mail/broken-off-is-not-stored',
    title: 'Under numbered-codes a message that broke off before its line end is not known when it comes again.',
    class: 'dmtp-server',
    decides: ['DMTP-054'],
    needs: ['dmtp', 'mail'],
    reading: 'numbered-codes',
    mostRuns: 8,
    given: () =>
      fc.record({ missing: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })), reset: fc.boolean() }),
    async check({ missing, reset }, context) {
      const message = letter(context.profile, freshSeed());
      const first = await context.greeted();
      await begin(context, first, { size: message.length });
      await first.send(message.subarray(0, message.length - missing));
      if (reset) first.destroy();
      else first.close();
      await first.end();
      const reply = await deliver(context, await context.greeted(), message);
      const expected = `254 to a message of which ${missing} octets and the line end were missing before`;
      context.require('DMTP-054', reply.code === 254, expected, reply);
    },
  }),
];

async function tryWrongOrigin(context: CaseContext, seed: string): Promise<void> {
  const connection = await context.greeted();
  const message = letter(context.profile, seed);
  const line = mail({ ...sender(context.profile), fingerprint: 'A'.repeat(86), size: message.length });
  const early = await context.ask(connection, line);
  if (early.code === 575) {
    requireCode(context, 'DMTP-020', early, [575], line);
    return;
  }
  const late = await deliver(context, connection, message, { fingerprint: 'A'.repeat(86) });
  requireCode(context, 'DMTP-020', late, [575], 'a message whose MAIL named no signet of the origin');
}

/** The oldest of several signets of a name; null when no more than one is known. */
function oldestOf({ signets = [] }: TargetProfile, name: string): Uint8Array | null {
  const chain = signets.find((each) => each.name === name)?.signets ?? [];
  return chain.length > 1 ? (chain[0] ?? null) : null;
}

async function tryOldDestination(context: CaseContext): Promise<void> {
  const { profile } = context;
  const old = oldestOf(profile, ownDomain(profile));
  if (old === null) return;
  const connection = await context.greeted();
  await context.ask(connection, mail({ ...sender(profile) }));
  const [full] = fingerprintsOf(old, null);
  const reply = await context.ask(connection, rcpt(ownDomain(profile), full?.text));
  requireCode(context, 'DMTP-020', reply, [576], 'RCPT with the fingerprint of a signet that was replaced');
}

async function tryOldRecipient(context: CaseContext, seed: string): Promise<void> {
  const { profile } = context;
  for (const recipient of mailOf(profile).recipients) {
    const old = oldestOf(profile, recipient.name);
    if (old === null) continue;
    const connection = await context.greeted();
    const message = letter(profile, seed, { recipient: { ...recipient, signet: old } });
    const reply = await deliver(context, connection, message);
    requireCode(context, 'DMTP-020', reply, [586], `a message with a signet of ${recipient.name} that was replaced`);
    return;
  }
}
