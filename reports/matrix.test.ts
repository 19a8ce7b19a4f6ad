/** Three reports beside each other: one that fails, one that mends that, and one of another suite with other rows. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Matrix } from './matrix.js';
import { buildMatrix } from './matrix-build.js';
import { renderMatrixHtml } from './matrix-html.js';
import { renderMatrixMarkdown } from './matrix-markdown.js';
import { renderMatrix } from './matrix-render.js';
import type { Report } from './report.js';
import { hostileText, hostileTexts, sampleReport } from './sample-report.test-support.js';

/** The sample with other verdicts; what a renderer of single reports checks is not looked at here. */
function changed(
  report: Report,
  verdicts: Readonly<Record<string, Report['requirements'][number]['decision']>>,
): Report {
  return {
    ...report,
    requirements: report.requirements.map((row) => ({ ...row, decision: verdicts[row.id] ?? row.decision })),
    cases: report.cases.map((result) =>
      result.requirements.some((id) => verdicts[id] === 'pass')
        ? { ...result, decision: 'pass', failure: null }
        : result,
    ),
  };
}

function threeReports(speak?: (calm: string) => string): [Report, Report, Report] {
  const first = sampleReport(speak);
  const second = changed(first, { 'DMTP-002': 'pass' });
  const older = {
    ...changed(first, { 'DMTP-001': 'skip', 'DMTP-004': 'skip' }),
    suite: { ...first.suite, version: '0.0.9' },
    run: { ...first.run, seed: 7 },
    readings: first.readings.map((row) => ({ ...row, claimed: false, observed: null })),
  };
  const [banner, ...rest] = older.requirements;
  if (banner === undefined) throw new Error('the sample has requirements');
  const rows = [{ ...banner, level: 'SHOULD' as const }, ...rest.slice(0, -1), { ...banner, id: 'DMTP-900' }];
  return [first, second, { ...older, requirements: rows }];
}

const matrix = buildMatrix(threeReports());
const hostile = buildMatrix(threeReports((told) => told + hostileText));
const row = (id: string) => matrix.rows.find((each) => each.id === id);

describe('a matrix', () => {
  it('has the differences first, then what all break, then what not all were judged by', () => {
    expect(matrix.rows.map(({ id, agreement }) => [id, agreement])).toEqual([
      ['DMTP-002', 'differs'],
      ['DMTP-003', 'broken'],
      ['DMTP-001', 'in-part'],
      ['DMTP-004', 'in-part'],
      ['DMTP-005', 'open'],
      ['DMTP-006', 'open'],
      ['DMTP-007', 'open'],
      ['DMTP-900', 'open'],
    ]);
  });

  it('has a cell for each column, and none where a report does not know the row', () => {
    expect(row('DMTP-002')?.cells.map((cell) => cell?.decision)).toEqual(['fail', 'pass', 'fail']);
    expect(row('DMTP-900')?.cells.map((cell) => cell?.decision ?? 'none')).toEqual(['none', 'none', 'skip']);
    expect(row('DMTP-007')?.cells.map((cell) => cell === null)).toEqual([false, false, true]);
  });

  it('names the evidence of each broken cell, which it has', () => {
    expect(row('DMTP-002')?.cells.map((cell) => cell?.evidence)).toEqual([
      ['1/dmtp/line/too-long'],
      [],
      ['3/dmtp/line/too-long'],
    ]);
    const known = new Set(matrix.evidence.map(({ id }) => id));
    const named = matrix.rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.evidence ?? []));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(matrix.evidence.find(({ id }) => id === '3/dmtp/line/too-long')).toMatchObject({
      column: 3,
      requirement: 'DMTP-002',
      expected: '500 or 501, and the connection kept',
      actual: 'the connection was closed',
    });
  });

  it('tells in what the runs are not alike: the suite and the seed, not what is the same', () => {
    expect(matrix.unlike).toEqual([
      {
        what: 'suite',
        values: [
          { value: 'dime-conformance 0.1.0', columns: [1, 2] },
          { value: 'dime-conformance 0.0.9', columns: [3] },
        ],
      },
      {
        what: 'seed',
        values: [
          { value: '-42', columns: [1, 2] },
          { value: '7', columns: [3] },
        ],
      },
    ]);
    expect(row('DMTP-001')?.changed).toBe(true);
    expect(row('DMTP-002')?.changed).toBe(false);
  });

  it('marks readings that differ', () => {
    expect(matrix.readings.map(({ reading, differs }) => [reading, differs])).toEqual([
      ['numbered-codes', true],
      ['positional', false],
    ]);
  });

  it('is what its schema says, with every member described', () => {
    const schema = JSON.parse(readFileSync(new URL('./matrix.schema.json', import.meta.url), 'utf8')) as object;
    const validate = new Ajv2020({ strict: true }).compile<Matrix>(schema);
    expect([validate(matrix), validate.errors]).toEqual([true, null]);
    expect(validate(JSON.parse(renderMatrix(hostile, 'json')))).toBe(true);
    expect(validate({ ...matrix, footer: undefined })).toBe(false);
    expect(validate({ ...matrix, extra: 1 })).toBe(false);
  });

  it('needs two reports', () => {
    expect(() => buildMatrix([sampleReport()])).toThrow('a matrix compares two reports at least');
  });

  it.each(['markdown', 'html', 'json'] as const)('gives the same bytes each time (%s)', (format) => {
    expect(renderMatrix(buildMatrix(threeReports()), format)).toBe(renderMatrix(matrix, format));
  });
});

describe('the page', () => {
  const calm = renderMatrixHtml(matrix);
  const values = (html: string, name: string): string[] =>
    [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '');
  const section = (id: string): string => new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(calm)?.[0] ?? '';

  it.each([
    ['calm', matrix],
    ['hostile', hostile],
  ])('is well-formed to an XML parser (%s texts)', async (_name, each) => {
    const xml = { fileName: 'page.xml', contents: renderMatrixHtml(each) };
    expect((await validateXML({ xml, normalization: 'format' })).errors).toEqual([]);
  });

  it('has the same elements whatever the texts are', () => {
    const skeleton = (html: string): string[] =>
      (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
    expect(skeleton(renderMatrixHtml(hostile))).toEqual(skeleton(calm));
  });

  it('needs nothing from anywhere, and has a place for every link', () => {
    expect(calm).toContain('default-src &#39;none&#39;');
    expect(calm).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\son[a-z]+=|https?:/i);
    const places = values(calm, 'id');
    expect(new Set(places).size).toBe(places.length);
    expect(values(calm, 'href').filter((target) => !places.includes(target.slice(1)))).toEqual([]);
  });

  it('leads from a difference to its evidence', () => {
    expect(section('differs')).toContain('<a href="#evidence-1.2f.dmtp.2f.line.2f.too-long">1/dmtp/line/too-long</a>');
    expect(section('evidence')).toContain('<article id="evidence-1.2f.dmtp.2f.line.2f.too-long">');
    expect(section('evidence')).toContain('<dt>Column</dt><dd>1: example server</dd>');
  });

  it('tells readings, interpretations and what is not alike', () => {
    expect(section('in-part')).toContain('under the reading numbered-codes; rests on an interpretation');
    expect(section('unlike')).toContain('<li>column 3: dime-conformance 0.0.9</li>');
    expect(section('in-part')).toContain('the reports have different words for it');
  });
});

describe('the Markdown', () => {
  it('has a table of the differences, with the ids of their evidence', () => {
    expect(renderMatrixMarkdown(matrix)).toContain(
      '| `DMTP-002` MUST NOT, `dmtp-server` | `What DMTP-002 demands.` | ✗ fail: `1/dmtp/line/too-long` | ✓ pass | ✗ fail: `3/dmtp/line/too-long` |',
    );
  });

  it('has as many cells in each row of a table, whatever the texts are', () => {
    for (const each of Object.values(hostileTexts)) {
      const text = renderMatrixMarkdown(buildMatrix(threeReports((told) => told + each)));
      const widths = text
        .split('\n')
        .filter((line) => line.startsWith('| `DMTP-'))
        .map((line) => line.split('|').length);
      expect(new Set(widths)).toEqual(new Set([7]));
    }
  });

  it('is cut at its limit, and says so', () => {
    const text = renderMatrixMarkdown(matrix, { most: 2000 });
    expect(text.length).toBeLessThan(2000 + 120);
    expect(text).toMatch(/_\d+ further pieces were left out: the page has a limit\. The JSON matrix has all\._\n$/);
  });
});
