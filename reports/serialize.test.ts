import { describe, expect, it } from 'vitest';
import type { Report } from './report.js';
import { hostileText, sampleReport } from './sample-report.test-support.js';
import { serializeReport } from './serialize.js';
import { parseReport, ReportError } from './validate.js';

/** The same value, its members in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('serializeReport', () => {
  it('gives the same bytes for the same report, however its objects were built', () => {
    const report = sampleReport();
    expect(serializeReport(reversed(report) as Report)).toBe(serializeReport(report));
  });

  it('writes what parseReport reads back, hostile texts included', () => {
    const report = sampleReport((calm) => calm + hostileText);
    expect(parseReport(serializeReport(report))).toEqual(report);
  });

  it('begins with the format and ends with the footer, so that a cut is seen', () => {
    const text = serializeReport(sampleReport());
    expect(text).toMatch(/^\{\s+"format": "dime-conformance-report",\s+"version": 1,/);
    expect(text).toMatch(/"footer": \{\s+"complete": true,\s+"cases": 6,\s+"requirements": 7\s+\}\s+\}\n$/);
  });

  it('holds ASCII controls and lone surrogates as escapes, so that the file is valid UTF-8', () => {
    const bytes = Buffer.from(serializeReport(sampleReport(() => '\u0000\u001b\ud800')), 'utf8');
    expect(bytes.toString('utf8')).not.toMatch(/[\u0000\u001b\ufffd]/);
  });

  it('refuses to write what could not be read', () => {
    const report = sampleReport();
    const broken = { ...report, run: { ...report.run, durationMs: Number.NaN } };
    expect(() => serializeReport(broken)).toThrow(ReportError);
  });
});
