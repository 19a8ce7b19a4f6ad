import { describe, expect, it } from 'vitest';
import { renderReport, reportFileNames, reportFormats } from './render.js';
import type { Report } from './report.js';
import { hostileText, sampleReport } from './sample-report.test-support.js';

const beginnings = {
  console: /^FAIL: /,
  markdown: /^# ✗ FAIL: /,
  junit: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /,
  html: /^<!DOCTYPE html>\n<html /,
  json: /^\{\n "format": "dime-conformance-report"/,
};

describe.each(reportFormats)('renderReport as %s', (format) => {
  it('gives that format, ended by a line feed', () => {
    const text = renderReport(sampleReport(), format);
    expect(text).toMatch(beginnings[format]);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('gives the same text for the same report', () => {
    expect(renderReport(sampleReport(), format)).toBe(renderReport(sampleReport(), format));
  });

  it('is valid UTF-8 whatever the peer said', () => {
    expect(
      renderReport(
        sampleReport((calm) => calm + hostileText),
        format,
      ),
    ).not.toMatch(/\p{Cs}/u);
  });

  it('tells of every case that did not go well', () => {
    const text = renderReport(sampleReport(), format);
    expect(text).toContain('dmtp/line/too-long');
    expect(text).toContain('dmtp/session/help');
    expect(text).toContain('dmtp/session/mode');
  });

  it('renders a run in which nothing was judged', () => {
    const none = { pass: 0, fail: 0, warn: 0, info: 0, skip: 0, inconclusive: 0 };
    const report: Report = {
      ...sampleReport(),
      summary: { verdict: 'undecided', exitStatus: 3, requirements: none, cases: none },
      classes: [],
      requirements: [],
      cases: [],
      readings: [],
      coverage: [],
      findings: [],
      footer: { complete: true, cases: 0, requirements: 0 },
    };
    expect(renderReport(report, format)).toMatch(/undecided/i);
  });
});

it('names a different file for each format', () => {
  expect(new Set(Object.values(reportFileNames)).size).toBe(reportFormats.length);
});
