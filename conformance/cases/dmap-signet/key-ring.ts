/** DELETEKEY and LISTKEYS (sections 2.5 and 5.10 of the DMAP digest). */
import fc from 'fast-check';
import { encryptionKey, signingKey } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { refused, requireStatus } from '../dmap/answers.js';
import { shown } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';
import { draft } from '../dmap-submission/letters.js';
import { mailroomCase } from '../dmap-submission/mailroom.js';
import { requestOf, ringKeys } from './keys-for-rings.js';
import { addKey, answers, keepsPrivateParts, mustAddKey, ownKeys, partOf, type Ring, ringCase } from './ring-case.js';

/** Ids of this run: atoms, with characters that mean something elsewhere in some. */
const endings = fc.uniqueArray(fc.constantFrom('a', 'B', '7', 'a.b', 'a-b', 'a@b', 'x+y', 'x=y', 'x$y', 'x/y'), {
  minLength: 1,
  maxLength: 4,
});

async function requireGone(context: CaseContext, ring: Ring, requirement: string, keyId: string): Promise<void> {
  await answers(context, ring, requirement, `GETKEY ${keyId} PUBLIC`, ['NO']);
  await answers(context, ring, requirement, `GETKEY ${keyId} BOTH`, ['NO']);
  const listed = ownKeys(ring, await mustDo(ring.connection, 'LISTKEYS'));
  context.require(requirement, !listed.includes(keyId), `${keyId} is not listed`, listed.join(' '));
}

/** OK with the key gone, or NO with the key still there (DMAP-I-97). */
async function requireWholeDeletion(context: CaseContext, ring: Ring, keyId: string): Promise<DmapResult> {
  const result = await answers(context, ring, 'DMAP-283', `DELETEKEY ${keyId}`, ['OK', 'NO']);
  const isListed = ownKeys(ring, await mustDo(ring.connection, 'LISTKEYS')).includes(keyId);
  const stays = result.status === 'NO';
  context.require(
    'DMAP-283',
    isListed === stays,
    stays ? 'a key that is still listed' : 'a key that is gone',
    () => `${shown(result)}, and it is ${isListed ? 'still' : 'not'} listed`,
  );
  await answers(context, ring, 'DMAP-283', `GETKEY ${keyId} PUBLIC`, [stays ? 'OK' : 'NO']);
  return result;
}

export const cases: readonly Case[] = [
  ringCase({
    id: 'dmap-signet/delete-key/both-parts',
    title: 'DELETEKEY removes a key with both its parts, and no other.',
    decides: ['DMAP-281'],
    given: () => fc.tuple(ringKeys, ringKeys),
    async check(ring, context, [one, other]) {
      const { connection, prefix } = ring;
      const [keyId, stays] = [`${prefix}.key`, `${prefix}.stays`];
      await mustAddKey(ring, keyId, one);
      await mustAddKey(ring, stays, other);
      await answers(context, ring, 'DMAP-281', `DELETEKEY ${keyId}`, ['OK']);
      await requireGone(context, ring, 'DMAP-281', keyId);
      await answers(context, ring, 'DMAP-281', `GETKEY ${stays} PUBLIC`, ['OK']);
      // A private part that was left behind would show here.
      const again = await addKey(connection, keyId, { publicPart: other.publicPart });
      requireStatus(context, 'DMAP-281', again, ['OK'], 'ADDKEY of an id that was deleted');
      if (!keepsPrivateParts(ring)) return;
      const secret = await answers(context, ring, 'DMAP-281', `GETKEY ${keyId} PRIVATE`, ['OK']);
      const nothing = partOf(secret, keyId, 'PRIVATE') === null;
      context.require('DMAP-281', nothing, 'NIL for the private part of the new key', () => shown(secret));
    },
  }),
  ringCase({
    id: 'dmap-signet/delete-key/unknown',
    title: 'DELETEKEY of a key that is not there gives NO, and removes none.',
    decides: ['DMAP-282'],
    given: () => ringKeys,
    async check(ring, context, key) {
      const keyId = `${ring.prefix}.key`;
      await mustAddKey(ring, keyId, key);
      const others = [`${ring.prefix}.other`, keyId.toUpperCase(), `"${ring.prefix}*"`, keyId.slice(0, -1)];
      for (const other of others) await answers(context, ring, 'DMAP-282', `DELETEKEY ${other}`, ['NO']);
      for (const wrong of ['DELETEKEY', `DELETEKEY ${keyId} ${keyId}`, `DELETEKEY (${keyId})`]) {
        await answers(context, ring, 'DMAP-282', wrong, refused);
      }
      await answers(context, ring, 'DMAP-282', `GETKEY ${keyId} PUBLIC`, ['OK']);
      await mustDo(ring.connection, `DELETEKEY ${keyId}`);
      await answers(context, ring, 'DMAP-282', `DELETEKEY ${keyId}`, ['NO']);
    },
  }),
  ringCase({
    id: 'dmap-signet/delete-key/whole-or-not',
    title: 'DELETEKEY that is answered with OK has removed the key, and with NO it has not.',
    decides: ['DMAP-283'],
    given: () => ringKeys,
    async check(ring, context, key) {
      const keyId = `${ring.prefix}.key`;
      await mustAddKey(ring, keyId, key);
      await requireWholeDeletion(context, ring, keyId);
    },
  }),
  mailroomCase({
    id: 'dmap-signet/delete-key/in-use',
    title: 'A key under which a message was submitted goes or stays, as the answer to DELETEKEY says.',
    decides: ['DMAP-283'],
    async check(room, context) {
      const { connection, submission, mailbox, account } = room;
      const ring = { connection, account, prefix: mailbox };
      const keyId = `${mailbox}.key`;
      const own = {
        signing: signingKey(submission.author.signingSeed()),
        encryption: encryptionKey(new Uint8Array(32).fill(3)),
      };
      await mustDo(connection, `ADDKEY ${keyId} (PUBLIC `, { literal: requestOf(own), binary: true }, ')');
      const one = draft(submission);
      await room.place(one);
      await mustDo(connection, 'SUBMIT 1');
      await room.arrived(one, 1);
      const { status } = await requireWholeDeletion(context, ring, keyId);
      context.follows('dmap-key-deletion', status === 'NO' ? 'the key stays' : 'the key goes');
      // Nothing holds it when the message is gone.
      await mustDo(connection, 'STORE 1 +FLAGS.SILENT (\\Deleted)');
      await mustDo(connection, 'EXPUNGE');
      await connection.command(`DELETEKEY ${keyId}`);
    },
  }),
  ringCase({
    id: 'dmap-signet/list-keys/each-once',
    title: 'LISTKEYS brings one KEY for each key of the ring, with its id alone.',
    decides: ['DMAP-284', 'DMAP-285'],
    given: () => fc.record({ key: ringKeys, ids: endings }),
    async check(ring, context, { key, ids }) {
      const expected = ids.map((ending) => `${ring.prefix}.${ending}`).sort();
      const none = ownKeys(ring, await answers(context, ring, 'DMAP-284', 'LISTKEYS', ['OK']));
      context.require('DMAP-284', none.length === 0, 'no KEY for keys that nobody added', none.join(' '));
      for (const keyId of expected) await mustAddKey(ring, keyId, key);
      const result = await answers(context, ring, 'DMAP-284', 'LISTKEYS', ['OK']);
      const listed = ownKeys(ring, result);
      context.require(
        'DMAP-284',
        listed.join(' ') === expected.join(' '),
        `KEY for ${expected.join(' ')}`,
        listed.join(' '),
      );
      const withParts = untagged(result, 'key').filter(({ parts }) => parts !== null);
      context.require('DMAP-285', withParts.length === 0, 'key ids and no parts', () => shown(result));
    },
  }),
];
