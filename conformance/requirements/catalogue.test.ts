import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from './load.js';
import type { Requirement } from './requirement.js';

const catalogue = loadCatalogue();
const rows = [...catalogue.requirements.values()];
const idsWhere = (holds: (row: Requirement) => boolean): string[] => rows.filter(holds).map(({ id }) => id);

interface PublishedId {
  readonly id: string;
  readonly level: string;
  readonly class: string;
}

const published: readonly PublishedId[] = JSON.parse(
  readFileSync(new URL('./published-ids.json', import.meta.url), 'utf8'),
);

describe('the ids', () => {
  // The digests' catalogues number their rows without gaps: section 10 of the management record digest, section 11 of
  // the DMTP digest. The rows on robustness are the suite's own.
  test.each([
    ['REC', 80],
    ['DMTP', 124],
    ['ROB', 10],
  ])('of %s run from 001 to %i', (prefix, last) => {
    const expected = Array.from({ length: last }, (_, index) => `${prefix}-${String(index + 1).padStart(3, '0')}`);
    expect(idsWhere(({ id }) => id.startsWith(`${prefix}-`))).toEqual(expected);
  });

  test('that were published are still there, with their level and class', () => {
    const now = published.map(({ id }) => {
      const row = catalogue.requirements.get(id);
      return row === undefined ? { id, gone: true } : { id, level: row.level, class: row.class };
    });
    expect(now).toEqual(published);
  });

  test('are all published', () => {
    const known = new Set(published.map(({ id }) => id));
    const missing = rows
      .filter(({ id }) => !known.has(id))
      .map((row) => ({ id: row.id, level: row.level, class: row.class }));
    expect(missing, 'add these lines to published-ids.json').toEqual([]);
  });
});

describe('a row', () => {
  test.each(rows)('$id says in a sentence of its own what is right', ({ text, level }) => {
    expect(text).toMatch(/^(`|[A-Z])[^\n]*[^.]\.$/);
    expect(text.split(' ').length).toBeGreaterThan(5);
    if (level === 'MAY') expect(text).toMatch(/\bmay\b/);
    if (level === 'MUST NOT') expect(text).toMatch(/\b(no|not|never|neither)\b/);
  });

  test('says nothing that another says', () => {
    expect(new Set(rows.map(({ text }) => text)).size).toBe(rows.length);
  });

  test('is an interpretation where its origin is no implementation', () => {
    const derived = /derived|section 12|demand of this suite/;
    expect(idsWhere(({ source, status }) => derived.test(source.origin) && status !== 'interpretation')).toEqual([]);
  });

  test('is never called normative: no published text was at hand for these documents', () => {
    expect(idsWhere(({ status }) => status === 'normative')).toEqual([]);
  });

  test('names the questions that its origin names', () => {
    const unnamed = rows.filter(({ source, questions }) =>
      (source.origin.match(/OQ-\d+/g) ?? []).some((question) => questions?.includes(question) !== true),
    );
    expect(unnamed.map(({ id }) => id)).toEqual([]);
  });

  test('that nothing decides says why, and there are few', () => {
    expect(idsWhere(({ decided }) => 'not' in decided)).toEqual([
      'REC-041',
      'REC-052',
      'REC-054',
      'REC-080',
      'DMTP-051',
    ]);
  });

  test.each([
    ['record', ['adapter', 'dns']],
    ['dmtp-codec', ['adapter']],
    ['resolver', ['hostile-peer']],
    ['dmtp-client', ['hostile-peer']],
    ['dmtp-server', ['network']],
    ['dmtp-signet', ['network']],
    ['dmtp-dual-mode', ['network']],
    ['transport-security', ['network']],
    ['robustness', ['network']],
  ])('of the class %s is decided by %j', (name, ways) => {
    const decided = rows.filter((row) => row.class === name && 'by' in row.decided).map(({ decided }) => decided);
    expect(decided.length).toBeGreaterThan(0);
    for (const way of decided) expect(ways).toContain('by' in way ? way.by : null);
  });
});

describe('the classes', () => {
  test('that this version judges', () => {
    const available = catalogue.classes.filter(({ state }) => state === 'available').map(({ id }) => id);
    expect(available).toEqual(['record', 'dmtp-codec', 'dmtp-server', 'transport-security', 'robustness']);
  });

  test('that it judges have requirements', () => {
    const used = new Set(rows.map((row) => row.class));
    expect(catalogue.classes.filter(({ id, state }) => state === 'available' && !used.has(id))).toEqual([]);
  });
});

describe('the readings', () => {
  const byId = new Map(catalogue.readings.map((reading) => [reading.id, reading]));

  test('that an interpretation names list the row', () => {
    const mentions = rows.flatMap(({ id, interpretation }) =>
      [...(interpretation ?? '').matchAll(/reading `([a-z-]+)`/g)].map(([, reading]) => ({
        id,
        reading: reading ?? '',
      })),
    );
    expect(mentions.length).toBeGreaterThan(0);
    expect(mentions.filter(({ id, reading }) => byId.get(reading)?.requirements.includes(id) !== true)).toEqual([]);
  });

  test('are each told by an interpretation, or a row depends on them', () => {
    const told = rows.map(({ interpretation, reading }) => `${interpretation ?? ''} \`${reading ?? ''}\``).join('\n');
    expect(catalogue.readings.filter(({ id }) => !told.includes(`\`${id}\``)).map(({ id }) => id)).toEqual([]);
  });

  test('have one that a row depends on: the numbered codes of SGNT', () => {
    expect(idsWhere(({ reading }) => reading !== undefined)).toEqual(['DMTP-057']);
    expect(catalogue.requirements.get('DMTP-057')?.reading).toBe('numbered-codes');
  });
});

test('no question stands in the catalogue without a row or a reading that rests on it', () => {
  const used = new Set([...rows, ...catalogue.readings].flatMap(({ questions }) => questions ?? []));
  expect(catalogue.questions.filter(({ id }) => !used.has(id))).toEqual([]);
});
