import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConsoleOptions, renderConsole } from './console.js';
import { hostileText, sampleReport } from './sample-report.test-support.js';

const plain: ConsoleOptions = { colour: false, width: 80, verbose: false };
const command = 'dime-conformance run --target example.yaml --replay eyJjIjoiZG10cCJ9';

describe('the console report', () => {
  it('begins and ends with the verdict', () => {
    const told = renderConsole(sampleReport(), plain).trimEnd().split('\n');
    expect(told[0]).toBe('FAIL: at least one MUST is broken');
    expect(told.at(-1)).toBe(told[0]);
  });

  it('gives the score of each class before any failure', () => {
    const text = renderConsole(sampleReport(), plain);
    expect(text).toMatch(/^class +state +MUST +SHOULD +MAY +apart +open$/m);
    expect(text).toMatch(/^dmtp-server +fail +1\/3 +0\/1 +1 skipped +1\/1 +1$/m);
    expect(text).toMatch(/^apart: .* rest on an interpretation$/m);
    expect(text).toMatch(/^no cases in this version: .*stacie-server/m);
    expect(text.indexOf('dmtp-server ')).toBeLessThan(text.indexOf('FAILED'));
  });

  it('gives whole scores of a document that does not part them', () => {
    const report = sampleReport();
    const classes = report.classes.map(({ interpretation: _, ...score }) => score);
    const text = renderConsole({ ...report, classes }, plain);
    expect(text).toMatch(/^dmtp-server +fail +1\/3 +0\/1 +1\/1 \(1 skipped\) +1$/m);
    expect(text).not.toContain('apart:');
  });

  it('shows of a failure what was expected, what came, the smallest input and how to see it again', () => {
    const text = renderConsole(sampleReport(), plain);
    const failure = text.slice(text.indexOf('FAILED'), text.indexOf('INCONCLUSIVE'));
    expect(failure).toContain('DMTP-002  MUST NOT');
    expect(failure).toMatch(/expected +500 or 501, and the connection kept/);
    expect(failure).toMatch(/actual +the connection was closed/);
    expect(failure).toMatch(/after 12 steps of shrinking; failed 5 of 5 times\n +\| "HELO <aaaa>"/);
    expect(failure).toContain(`again  ${command}\n`);
    expect(failure).toContain('| printf "HELO <aaaa>\\r\\n" | openssl s_client -quiet -connect 127.0.0.1:26\n');
    expect(failure).toMatch(/ended +the peer closed the connection; the peer did not answer/);
  });

  it('adds transcripts, open requirements and all cases when asked', () => {
    const brief = renderConsole(sampleReport(), plain);
    const full = renderConsole(sampleReport(), { ...plain, verbose: true });
    expect(brief).not.toContain('TLS_AES_256_GCM_SHA384');
    expect(full).toMatch(/ 2\.4 {2}#1 → sent +HELO <aaaa>\\r\\n/);
    expect(full).toContain('cannot be seen from outside');
    expect(full).toMatch(/pass +dmtp\/session\/banner/);
  });

  it('counts the defects of the drafts and says where they are told', () => {
    const text = renderConsole(sampleReport(), { ...plain, width: 120 });
    expect(text).toContain('\nDefects of the drafts: 2, each with how it is read (see the HTML or Markdown report)\n');
    expect(text).not.toContain('Both codes are right.');
    const { defects: _, ...older } = sampleReport();
    expect(renderConsole(older, plain)).not.toContain('Defects of the drafts');
  });

  it('folds at the width, commands apart', () => {
    const report = sampleReport((calm) => `${calm} and so on`.repeat(8));
    const wide = renderConsole(report, { ...plain, width: 60 })
      .split('\n')
      .filter((line) => line.length > 60 && !/^ *(again|\|)/.test(line));
    expect(wide).toEqual([]);
  });
});

describe('a hostile peer', () => {
  const hostile = sampleReport((calm) => calm + hostileText);

  it('gets no control character through without colours', () => {
    const text = renderConsole(hostile, { ...plain, verbose: true });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it('gets no escape sequence but the colours of the report through with them', () => {
    const count = (text: string): number => text.split('\u001b').length;
    const options = { ...plain, colour: true, verbose: true };
    const text = renderConsole(hostile, options);
    expect(count(text)).toBe(count(renderConsole(sampleReport(), options)));
    expect(text.replace(/\u001b\[[0-9;]*m|\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });

  it('cannot write a line that passes for one of the report', () => {
    const lying = renderConsole(
      sampleReport(() => 'x\nPASS: no MUST is broken\rPASS: no MUST is broken'),
      plain,
    );
    expect(lying).not.toMatch(/^PASS/m);
  });

  it('cannot do so with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = renderConsole(
          sampleReport(() => text),
          plain,
        );
        expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 20 },
    );
  });
});
