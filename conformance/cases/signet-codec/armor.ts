/** Armor (section 10 of the signets digest). */
import fc from 'fast-check';
import type { Octets } from '../../model/signet-builder.js';
import {
  type ArmorParts,
  armored,
  armorLines,
  armorParts,
  checksum,
  keyLabels,
  keysOctets,
  signetLabels,
} from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { allProfiles, base64url, isRefusal, octetsIn, quoted, same, show, spoken, told } from './signet-calls.js';
import { kinds, specimen, worldOf, worlds } from './signet-inputs.js';

const decodes = { class: 'signet-codec', needs: ['adapter'], operation: 'armor.decode' } as const;
const encodes = { class: 'signet-codec', needs: ['adapter'], operation: 'armor.encode' } as const;

const labels = [...signetLabels, ...keyLabels] as const;
const anyLabel = fc.constantFrom(...labels);

/** Whole objects, of many sizes: keys, and signets of which some end at the end of a line. */
const objects: fc.Arbitrary<Octets> = fc.oneof(
  worlds.map((world) => keysOctets('dime-2015', 'user', worldOf(world).user)),
  worlds.map((world) => specimen('dime-2015', 'organization', worldOf(world), { form: 'identifiable' }).octets),
  fc.uint8Array({ minLength: 6, maxLength: 200 }),
  fc.constantFrom(48, 96, 47, 49, 46).chain((size) => fc.uint8Array({ minLength: size, maxLength: size })),
);
const armors = fc.record({ label: anyLabel, octets: objects });

async function mustDecode(
  context: CaseContext,
  requirement: string,
  text: string,
  label: string,
  octets: Octets,
  what: string,
): Promise<void> {
  const answer = await context.call('armor.decode', { text });
  const holds =
    answer.kind === 'result' && answer.value.label === label && same(octetsIn(answer.value, 'data'), octets);
  context.require(requirement, holds, `${what} to give ${label} and ${quoted(octets)}`, show(answer));
}

async function mustRefuse(context: CaseContext, requirement: string, text: string, what: string): Promise<void> {
  const answer = await context.call('armor.decode', { text });
  context.require(
    requirement,
    isRefusal(answer),
    `${what} to be refused: ${JSON.stringify(text.slice(0, 300))}`,
    show(answer),
  );
}

async function encode(context: CaseContext, requirement: string, label: string, octets: Octets): Promise<string[]> {
  const answer = await context.call('armor.encode', { label, data: base64url(octets) });
  const text = answer.kind === 'result' && typeof answer.value.text === 'string' ? answer.value.text : null;
  context.require(requirement, text !== null, `${quoted(octets)} to be armored as ${label}`, show(answer));
  return (text ?? '').split('\n');
}

const joined = (parts: ArmorParts, end = '\n'): string => armorLines(parts).join(end) + end;

const framed = defineCase({
  ...decodes,
  id: 'armor/text/begin-and-end-lines',
  title: 'Armor stands between a BEGIN and an END line with the label, five dashes at both ends.',
  decides: ['SIG-073'],
  given: () => armors,
  check: async ({ label, octets }, context) => {
    await mustDecode(context, 'SIG-073', armored(label, octets), label, octets, 'armor');
    const lines = await encode(context, 'SIG-073', label, octets);
    const { begin, end } = armorParts(label, octets);
    const told = JSON.stringify([lines[0], lines.at(-2)]);
    context.require('SIG-073', lines[0] === begin && lines.at(-2) === end, `the lines ${begin} and ${end}`, told);
    const right = armorParts(label, octets);
    for (const wrong of [
      { ...right, begin: right.begin.replace(/-$/, '') },
      { ...right, begin: right.begin.replace('BEGIN', 'Begin') },
      { ...right, end: '' },
      { ...right, end: right.end.replace('END', 'STOP') },
    ]) {
      await mustRefuse(context, 'SIG-073', joined(wrong), `armor between ${wrong.begin} and ${wrong.end}`);
    }
  },
});

const wrapped = defineCase({
  ...encodes,
  id: 'armor/text/lines-of-64',
  title: 'The base64 is written in lines of 64 characters, the last shorter, each with a line feed.',
  decides: ['SIG-074'],
  given: () => armors,
  check: async ({ label, octets }, context) => {
    const lines = await encode(context, 'SIG-074', label, octets);
    const body = lines
      .slice(
        1,
        lines.findIndex((line) => line.startsWith('=')),
      )
      .filter((line) => line !== '');
    const right = armorParts(label, octets).lines;
    const holds = JSON.stringify(body) === JSON.stringify(right) && lines.at(-1) === '';
    context.require('SIG-074', holds, `the lines ${JSON.stringify(right)}`, JSON.stringify(lines).slice(0, 600));
  },
});

const summed = defineCase({
  ...encodes,
  id: 'armor/text/checksum-written',
  title: 'Behind the base64 stands an equals sign and the CRC-24 of the whole object, header included, in base64.',
  decides: ['SIG-075'],
  given: () => armors,
  check: async ({ label, octets }, context) => {
    const lines = await encode(context, 'SIG-075', label, octets);
    const right = `=${checksum(octets)}`;
    context.require(
      'SIG-075',
      lines.at(-3) === right,
      `the line ${right} before the END line`,
      JSON.stringify(lines.slice(-4)),
    );
  },
});

const checked = defineCase({
  ...decodes,
  id: 'armor/text/checksum-checked',
  title: 'Armor whose checksum is missing or wrong is refused.',
  decides: ['SIG-076'],
  given: () =>
    fc.record({ armor: armors, other: fc.uint8Array({ minLength: 3, maxLength: 3 }), place: fc.nat(10_000) }),
  check: async ({ armor: { label, octets }, other, place }, context) => {
    await mustDecode(context, 'SIG-076', armored(label, octets), label, octets, 'armor');
    const right = armorParts(label, octets);
    const without = [right.begin, ...right.lines, right.end].join('\n');
    await mustRefuse(context, 'SIG-076', `${without}\n`, 'armor without a checksum');
    const wrong = Buffer.from(other).toString('base64');
    if (wrong !== checksum(octets)) {
      await mustRefuse(context, 'SIG-076', joined({ ...right, checksum: `=${wrong}` }), 'armor with another checksum');
    }
    const bent = Uint8Array.from(octets);
    bent[place % bent.length] = (bent[place % bent.length] ?? 0) ^ 4;
    const changed = joined({ ...armorParts(label, bent), checksum: right.checksum });
    await mustRefuse(context, 'SIG-076', changed, 'armor with one bit of the object changed');
  },
});

const tolerant = defineCase({
  ...decodes,
  id: 'armor/text/surroundings-ignored',
  title: 'Text outside of the block, indentation and CR before a line feed are ignored.',
  decides: ['SIG-077'],
  given: () =>
    fc.record({
      armor: armors,
      end: fc.constantFrom('\n', '\r\n', ' \n', '\t\r\n'),
      indent: fc.constantFrom('', ' ', '\t', '    '),
      before: fc.constantFrom(
        '',
        'a note\n',
        'two\nlines\n\n',
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      ),
      after: fc.constantFrom('', 'a note', '\n\n', 'two\nlines\n'),
    }),
  check: async ({ armor: { label, octets }, end, indent, before, after }, context) => {
    const lines = armorLines(armorParts(label, octets)).map((line) => indent + line);
    const text = before + lines.join(end) + end + after;
    await mustDecode(context, 'SIG-077', text, label, octets, JSON.stringify(text.slice(0, 300)));
  },
});

const anySignetLabel = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'signet.parse',
  id: 'armor/labels/request-under-any-signet-label',
  title: 'A signing request is read under its own label and under those of signets; its own is one to write.',
  decides: ['SIG-078'],
  given: () => worlds,
  check: async (world, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { octets } = specimen(profile, 'signing-request', worldOf(world));
      for (const label of signetLabels) {
        const answer = await context.call('signet.parse', { profile, armored: armored(label, octets) });
        const holds = answer.kind === 'result' && answer.value.type === 'signing-request';
        context.require('SIG-078', holds, `a signing request labelled ${label} to be read`, show(answer));
      }
      const lines = await encode(context, 'SIG-078', 'SIGNET SIGNING REQUEST', octets);
      const [begin] = lines;
      context.require(
        'SIG-078',
        begin === '-----BEGIN SIGNET SIGNING REQUEST-----',
        'the label of requests',
        begin ?? '',
      );
    }
  },
});

const byMagic = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'signet.parse',
  id: 'armor/labels/type-by-magic-number',
  title: 'The magic number says what an armored object is, not the label.',
  decides: ['SIG-079'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds), label: fc.constantFrom(...signetLabels) }),
  check: async ({ world, kind, label }, context) => {
    for (const profile of spoken(context, allProfiles)) {
      const { octets } = specimen(profile, kind, worldOf(world));
      const answer = await context.call('signet.parse', { profile, armored: armored(label, octets) });
      const holds = answer.kind === 'result' && answer.value.type === kind;
      context.require('SIG-079', holds, `${told[kind]} labelled ${label} to be read as ${told[kind]}`, show(answer));
    }
  },
});

const noEmptyLine = defineCase({
  ...encodes,
  id: 'armor/text/no-empty-line',
  title: 'No empty line is written before the checksum, also not behind a line of 64 characters.',
  decides: ['SIG-080'],
  given: () =>
    fc.record({
      label: anyLabel,
      octets: fc
        .integer({ min: 1, max: 5 })
        .chain((lines) => fc.uint8Array({ minLength: 48 * lines, maxLength: 48 * lines })),
    }),
  check: async ({ label, octets }, context) => {
    const lines = await encode(context, 'SIG-080', label, octets);
    const body = armorParts(label, octets).lines;
    const written = body.every((line) => lines.includes(line));
    context.require('SIG-080', written, `the lines ${JSON.stringify(body)}`, JSON.stringify(lines).slice(0, 600));
    const empty = lines.slice(0, -1).filter((line) => line.trim() === '');
    context.require('SIG-080', empty.length === 0, 'no empty line', JSON.stringify(lines).slice(0, 600));
  },
});

export const cases: readonly Case[] = [
  framed,
  wrapped,
  summed,
  checked,
  tolerant,
  anySignetLabel,
  byMagic,
  noEmptyLine,
];
