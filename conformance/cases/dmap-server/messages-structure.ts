/** BODYSTRUCTURE and META (sections 2.12, 3.8 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import type { FetchValue } from '../../../grammar/dmap.js';
import { namedChunks } from '../../model/dmap-chunks.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection, DmapResult } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, bare, bodyOf, hex, inFilled, letters, same, shown, valuesOf } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';

type Structure = Extract<FetchValue, { item: 'BODYSTRUCTURE' }>;

function structureIn(context: CaseContext, result: DmapResult, number: number, requirement: string): Structure {
  answered(context, requirement, result, 'OK', 'FETCH of BODYSTRUCTURE');
  const [structure] = valuesOf(result, number, 'BODYSTRUCTURE');
  context.require(requirement, structure !== undefined, `BODYSTRUCTURE of message ${number}`, () => shown(result));
  const found = structure ?? { item: 'BODYSTRUCTURE', form: 'list', chunks: [] };
  context.follows('dmap-bodystructure-form', found.form === 'list' ? 'a list' : 'a string of records');
  return found;
}

const typesOf = ({ chunks }: Structure): string => chunks.map(({ type }) => type).join(' ');

/** The structure of the first of these messages. */
const structureCase = (
  id: string,
  requirement: string,
  title: string,
  check: (found: Structure, types: string, context: CaseContext, connection: DmapConnection) => Promise<void> | void,
): Case =>
  dmapCase({
    id: `dmap-server/structure/${id}`,
    title,
    decides: [requirement],
    given: () => letters(1, 2),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        for (const { number, sealed } of known) {
          const result = await connection.command(`FETCH ${number} BODYSTRUCTURE`);
          const structure = structureIn(context, result, number, requirement);
          const types = namedChunks(sealed)
            .map(({ type }) => type)
            .join(' ');
          context.require(requirement, typesOf(structure) === types, `chunks of the types ${types}`, () =>
            shown(result),
          );
          if (number === 1) await check(structure, types, context, connection);
        }
      });
    },
  });

export const cases: readonly Case[] = [
  structureCase(
    'alone',
    'DMAP-005',
    'The structure can be had without the message, and serves to choose a chunk.',
    async (structure, _, context, connection) => {
      const last = structure.chunks.at(-1);
      if (last === undefined) return;
      const index = structure.chunks.filter(({ type }) => type === last.type).length;
      const section = `${last.type}.${index}`;
      const result = await connection.command(`FETCH 1 BODY.PEEK[${section}]`);
      const came = bodyOf(result, 1, section);
      context.require('DMAP-005', came != null, `the chunk ${section} that the structure names`, () => shown(result));
    },
  ),
  structureCase('what-is-in-the-message', 'DMAP-087', 'The structure is that of the message.', () => undefined),
  structureCase(
    'computed-from-the-chunks',
    'DMAP-331',
    'Each message has the structure of its chunks, and FULL tells the same.',
    async (structure, types, context, connection) => {
      const result = await connection.command('FETCH 1 FULL');
      const again = structureIn(context, result, 1, 'DMAP-331');
      const right = typesOf(again) === types && again.chunks.length === structure.chunks.length;
      context.require('DMAP-331', right, `chunks of the types ${types}`, () => shown(result));
    },
  ),
  structureCase(
    'sizes-are-those-of-the-chunks',
    'DMAP-443',
    'Each chunk is there with its type and its size, which is that of what BODY brings.',
    async (structure, _, context, connection) => {
      const counts = new Map<number, number>();
      for (const { type, size } of structure.chunks) {
        const index = (counts.get(type) ?? 0) + 1;
        counts.set(type, index);
        const result = await mustDo(connection, `FETCH 1 BODY.PEEK[${type}.${index}]`);
        const length = bodyOf(result, 1, `${type}.${index}`)?.length;
        context.require('DMAP-443', length === size, `${String(length)} as size of ${type}.${index}`, String(size));
      }
    },
  ),
  dmapCase({
    id: 'dmap-server/structure/records-of-four-octets',
    title: 'A binary structure has four octets a chunk, type and size; a list has types and sizes that fit into them.',
    decides: ['DMAP-444'],
    given: () => letters(1, 1),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        const result = await connection.command('FETCH 1 BODYSTRUCTURE');
        const structure = structureIn(context, result, 1, 'DMAP-444');
        const named = known.flatMap(({ sealed }) => namedChunks(sealed));
        const right =
          structure.chunks.length === named.length &&
          structure.chunks.every(({ type, size }, at) => {
            const chunk = named[at];
            if (chunk === undefined || type !== chunk.type || size >= 2 ** 24) return false;
            return size === chunk.octets.length || size === chunk.payload.length;
          });
        const expected = named.map(({ type, octets }) => `${type}: ${octets.length}`).join(', ');
        context.require('DMAP-444', right, expected, () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/meta/nil-or-the-block',
    title: 'META is NIL for a new message, and where it can be written it is what was written.',
    decides: ['DMAP-333'],
    given: () =>
      fc.record({ messages: letters(1, 1), block: fc.uint8Array({ minLength: 1, maxLength: 200, size: 'max' }) }),
    async check(context, { messages, block }) {
      const [letter] = messages;
      if (letter === undefined) return;
      await inFilled(context, [bare(letter.sealed)], async ({ connection }) => {
        const first = await connection.command('FETCH 1 META');
        answered(context, 'DMAP-333', first, 'OK', 'FETCH of META');
        const value = valuesOf(first, 1, 'META')[0]?.value;
        context.require('DMAP-333', value === null, 'META NIL', () => shown(first));
        const stored = await connection.command('STORE 1 META.SILENT ', { literal: block, binary: true });
        context.follows('dmap-meta-writing', stored.status === 'OK' ? 'STORE writes META' : 'META is not written');
        const after = await connection.command('FETCH 1 META');
        const now = valuesOf(after, 1, 'META')[0]?.value;
        const right = stored.status === 'OK' ? same(now, block) : now === null;
        context.require('DMAP-333', right, stored.status === 'OK' ? hex(block) : 'META NIL', () => shown(after));
        if (stored.status !== 'OK') return;
        await connection.command('STORE 1 META NIL');
        const end = await connection.command('FETCH 1 META');
        const gone = valuesOf(end, 1, 'META')[0]?.value;
        context.require('DMAP-333', gone === null, 'META NIL after it was removed', () => shown(end));
      });
    },
  }),
];
