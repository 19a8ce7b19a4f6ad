/** BODY: sections and partials (sections 2.12 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import { type NamedChunk, namedChunks } from '../../model/dmap-chunks.js';
import { messageWithAttachment } from '../../model/dmap-message.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, bare, bodyOf, hex, inFilled, type Letter, letters, same, shown } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';

const one = (longest = 60): fc.Arbitrary<Letter> => letters(1, 1, longest).map(([letter]) => letter as Letter);
const peek = fc.constantFrom('BODY', 'BODY.PEEK');

/** With the key slots or without: either is right, as long as the server keeps to it (DMAP-I-66). */
function chunkComes(value: Uint8Array | null | undefined, chunk: NamedChunk): boolean {
  return same(value, chunk.octets) || same(value, chunk.payload);
}

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/body/whole-portions-and-chunks',
    title: 'The whole message, a portion of it and every chunk can be fetched.',
    decides: ['DMAP-090'],
    given: () => fc.record({ letter: one(), start: fc.nat(400), count: fc.integer({ min: 1, max: 400 }) }),
    async check(context, { letter, start, count }) {
      const { octets } = letter.sealed;
      await inFilled(context, [letter], async ({ connection }) => {
        const whole = await connection.command(`FETCH 1 (BODY.PEEK[] BODY.PEEK[]<${start}.${count}>)`);
        answered(context, 'DMAP-090', whole, 'OK', 'FETCH of a message and a portion of it');
        const portion = octets.subarray(start, start + count);
        context.require('DMAP-090', same(bodyOf(whole, 1, ''), octets), hex(octets), () => shown(whole));
        context.require('DMAP-090', same(bodyOf(whole, 1, '', start), portion), hex(portion), () => shown(whole));
        const chunks = namedChunks(letter.sealed);
        const sections = chunks.map(({ section }) => `BODY.PEEK[${section}]`);
        const result = await connection.command(`FETCH 1 (${sections.join(' ')})`);
        for (const chunk of chunks) {
          const value = bodyOf(result, 1, chunk.section);
          const expected = `BODY[${chunk.section}] of ${hex(chunk.octets)}`;
          context.require('DMAP-090', chunkComes(value, chunk), expected, hex(value));
          if (chunk.octets.length > chunk.payload.length) {
            const slots = same(value, chunk.octets) ? 'with the key slots' : 'without the key slots';
            context.follows('dmap-chunk-octets', slots);
          }
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/sections-name-chunks',
    title:
      'A section is type, dot and number, the number counts among the chunks of the type, and nothing else is one.',
    decides: ['DMAP-322'],
    given: () =>
      fc.record({
        letter: one(),
        which: fc.nat(30),
        wrong: fc.constantFrom('67', '67.', '67.0', '.1', '67.1.1', '256.1', '067.1', '67.01', 'TEXT', '67 .1'),
      }),
    async check(context, { letter, which, wrong }) {
      const chunks = namedChunks(letter.sealed);
      const bodies = chunks.filter(({ type }) => type === 67);
      await inFilled(context, [letter], async ({ connection }) => {
        const asked = [...bodies, chunks[which % chunks.length]].filter((chunk) => chunk !== undefined);
        for (const chunk of asked) {
          const result = await connection.command(`FETCH 1 BODY.PEEK[${chunk.section}]`);
          answered(context, 'DMAP-322', result, 'OK', `FETCH of section ${chunk.section}`);
          const value = bodyOf(result, 1, chunk.section);
          const expected = `BODY[${chunk.section}] of ${hex(chunk.octets)}`;
          context.require('DMAP-322', chunkComes(value, chunk), expected, () => shown(result));
        }
        const result = await connection.command(`FETCH 1 BODY.PEEK[${wrong}]`);
        answered(context, 'DMAP-322', result, 'refusal', `FETCH of section ${wrong}`);
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/empty-section-is-the-message',
    title: 'BODY[] is the message, octet for octet.',
    decides: ['DMAP-323'],
    given: () => one(300),
    async check(context, letter) {
      await inFilled(context, [letter], async ({ connection }) => {
        const result = await connection.command('FETCH 1 BODY.PEEK[]');
        const { octets } = letter.sealed;
        context.require('DMAP-323', same(bodyOf(result, 1, ''), octets), hex(octets), () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/partial-is-start-and-count',
    title: 'A partial gives as many octets as asked for from the one where it begins; a count of none is refused.',
    decides: ['DMAP-324'],
    given: () =>
      fc.record({
        letter: one(),
        word: peek,
        chunk: fc.boolean(),
        start: fc.nat(60),
        count: fc.integer({ min: 1, max: 30 }),
      }),
    async check(context, { letter, word, chunk, start, count }) {
      await inFilled(context, [letter], async ({ connection }) => {
        const section = chunk ? '67.1' : '';
        const whole = bodyOf(await mustDo(connection, `FETCH 1 BODY.PEEK[${section}]`), 1, section);
        const portion = (whole ?? new Uint8Array()).subarray(start, start + count);
        const result = await connection.command(`FETCH 1 ${word}[${section}]<${start}.${count}>`);
        const value = bodyOf(result, 1, section, start);
        context.require('DMAP-324', same(value, portion), `${hex(portion)} from octet ${start}`, () => shown(result));
        for (const wrong of [`<${start}.0>`, `<${start}>`, '<.1>', '<-1.1>']) {
          const refused = await connection.command(`FETCH 1 BODY.PEEK[${section}]${wrong}`);
          answered(context, 'DMAP-324', refused, 'refusal', `a partial ${wrong}`);
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/partial-behind-the-end',
    title: 'A partial that begins behind the end gives an empty string.',
    decides: ['DMAP-325'],
    given: () => fc.record({ letter: one(), beyond: fc.constantFrom(0, 1, 1000, 4_000_000_000), word: peek }),
    async check(context, { letter, beyond, word }) {
      await inFilled(context, [letter], async ({ connection }) => {
        const start = letter.sealed.octets.length + beyond;
        const result = await connection.command(`FETCH 1 ${word}[]<${start}.5>`);
        answered(context, 'DMAP-325', result, 'OK', `a partial from octet ${start}`);
        const value = bodyOf(result, 1, '', start);
        context.require('DMAP-325', value?.length === 0, `an empty string as BODY[]<${start}>`, () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/partial-beyond-the-end',
    title: 'A partial that goes beyond the end is cut there.',
    decides: ['DMAP-326'],
    given: () =>
      fc.record({ letter: one(), last: fc.integer({ min: 1, max: 40 }), more: fc.constantFrom(1, 100, 4_000_000_000) }),
    async check(context, { letter, last, more }) {
      const { octets } = letter.sealed;
      await inFilled(context, [letter], async ({ connection }) => {
        const start = octets.length - last;
        const result = await connection.command(`FETCH 1 BODY.PEEK[]<${start}.${last + more}>`);
        answered(context, 'DMAP-326', result, 'OK', 'a partial that goes beyond the end');
        const rest = octets.subarray(start);
        context.require('DMAP-326', same(bodyOf(result, 1, '', start), rest), hex(rest), () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/partial-from-the-first-octet',
    title: 'A partial from octet 0 comes back with <0>, cut or not.',
    decides: ['DMAP-327'],
    given: () => fc.record({ letter: one(), count: fc.constantFrom(1, 20, 100_000), word: peek }),
    async check(context, { letter, count, word }) {
      const { octets } = letter.sealed;
      await inFilled(context, [letter], async ({ connection }) => {
        const result = await connection.command(`FETCH 1 ${word}[]<0.${count}>`);
        const portion = octets.subarray(0, count);
        const value = bodyOf(result, 1, '', 0);
        context.require('DMAP-327', same(value, portion), `BODY[]<0> of ${hex(portion)}`, () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/origin-is-where-it-begins',
    title: 'A value with an origin octet is the part of the text that begins there.',
    decides: ['DMAP-438'],
    given: () => fc.record({ letter: one(), start: fc.integer({ min: 1, max: 200 }) }),
    async check(context, { letter, start }) {
      const { octets } = letter.sealed;
      await inFilled(context, [letter], async ({ connection }) => {
        const result = await connection.command(`FETCH 1 BODY.PEEK[]<${start}.50>`);
        for (const { items } of untagged(result, 'fetch')) {
          for (const item of items) {
            if (item.item !== 'BODY' || item.start === null) continue;
            const there = octets.subarray(item.start, item.start + (item.value?.length ?? 0));
            context.require('DMAP-438', same(item.value, there), hex(there), () => shown(result));
          }
        }
        const value = bodyOf(result, 1, '', start);
        context.require('DMAP-438', value != null, `a value with the origin ${start}`, () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/whole-is-not-cut',
    title: 'BODY[] without a partial is never cut.',
    decides: ['DMAP-440'],
    mostRuns: 3,
    given: () => fc.constantFrom(1000, 20_000, 100_000),
    async check(context, size) {
      const message = messageWithAttachment(new Uint8Array(size).map((_, at) => at % 251));
      await inFilled(context, [bare(message)], async ({ connection }) => {
        const result = await connection.command('FETCH 1 BODY.PEEK[]');
        const value = bodyOf(result, 1, '');
        context.require('DMAP-440', same(value, message.octets), `all of ${message.octets.length} octets`, hex(value));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/no-origin-unasked',
    title: 'No origin octet comes unless a partial was asked for.',
    decides: ['DMAP-441'],
    mostRuns: 6,
    given: () => fc.record({ letter: one(), word: peek, section: fc.constantFrom('', '67.1', '131.9') }),
    async check(context, { letter, word, section }) {
      await inFilled(context, [letter], async ({ connection }) => {
        const result = await connection.command(`FETCH 1 ${word}[${section}]`);
        const value = bodyOf(result, 1, section);
        context.require('DMAP-441', value !== undefined, `BODY[${section}] without an origin`, () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/octets-as-they-are',
    title: 'Values of BODY hold every octet as it is.',
    decides: ['DMAP-442', 'DMAP-006'],
    given: () => fc.uint8Array({ minLength: 1, maxLength: 300, size: 'max' }),
    async check(context, noise) {
      const payload = Uint8Array.from([...noise, ...Array(256).keys(), 13, 10, 0, 41]);
      const message = messageWithAttachment(payload);
      await inFilled(context, [bare(message)], async ({ connection }) => {
        const result = await connection.command('FETCH 1 (BODY.PEEK[131.1] BODY.PEEK[])');
        const whole = bodyOf(result, 1, '');
        context.require('DMAP-442', same(whole, message.octets), hex(message.octets), () => shown(result));
        const part = bodyOf(result, 1, '131.1')?.subarray(0, payload.length);
        context.require('DMAP-006', same(part, payload), `${hex(payload)} without any encoding`, () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/body/missing-chunk-is-nil',
    title: 'A chunk that does not exist is NIL or empty, and the command succeeds.',
    decides: ['DMAP-335'],
    mostRuns: 6,
    given: () => fc.record({ letter: one(), section: fc.constantFrom('67.200', '3.1', '131.77', '1.1') }),
    async check(context, { letter, section }) {
      await inFilled(context, [bare(letter.sealed)], async ({ connection }) => {
        const result = await connection.command(`FETCH 1 BODY.PEEK[${section}]`);
        answered(context, 'DMAP-335', result, 'OK', `FETCH of the missing chunk ${section}`);
        const value = bodyOf(result, 1, section);
        const right = value === null || value?.length === 0;
        context.require('DMAP-335', right, `NIL as BODY[${section}]`, () => shown(result));
        context.follows('dmap-missing-chunk', value === null ? 'NIL' : 'an empty string');
      });
    },
  }),
];
