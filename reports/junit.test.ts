import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { renderJunit } from './junit.js';
import type { Report } from './report.js';
import { hostileText, sampleReport } from './sample-report.test-support.js';

const schema = readFileSync(new URL('../fixtures/junit/jenkins-junit.xsd', import.meta.url), 'utf8');

/** What xmllint has against the document; nothing when it is valid. */
async function faults(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'junit.xml', contents: xml }, schema });
  return errors.map(({ message }) => message);
}

function testcase(xml: string, id: string): string {
  const found = new RegExp(`<testcase name="${id}"[\\s\\S]*?(?:/>|</testcase>)`).exec(xml)?.[0];
  if (found === undefined) throw new Error(`no test case ${id}`);
  return found;
}

describe('the JUnit report', () => {
  const xml = renderJunit(sampleReport());

  it('is valid against the schema of the format, which takes no other document', async () => {
    expect(await faults(xml)).toEqual([]);
    expect(await faults(xml.replaceAll('<failure', '<broken').replaceAll('</failure', '</broken'))).not.toEqual([]);
  });

  it('counts the cases as it shows them', () => {
    expect(xml).toContain('<testsuites name="dime-conformance" tests="6" failures="1" errors="1" time="3.211">');
    expect(xml).toMatch(
      /<testsuite name="dmtp-server" tests="6" failures="1" errors="1" skipped="1" [^>]*timestamp="2026-01-02T03:04:05"/,
    );
    expect(xml.match(/<failure /g)).toHaveLength(1);
    expect(xml.match(/<error /g)).toHaveLength(1);
    expect(xml.match(/<skipped>/g)).toHaveLength(1);
  });

  it('writes a failed case as failure, one that could not be judged as error, one that was not tried as skipped', () => {
    expect(testcase(xml, 'dmtp/line/too-long')).toContain(
      '<failure type="fail" message="DMTP-002: expected 500 or 501, and the connection kept, got the connection was closed">',
    );
    expect(testcase(xml, 'dmtp/session/mode')).toContain(
      '<error type="inconclusive" message="no connection within 2000 ms">',
    );
    expect(testcase(xml, 'dmtp/session/verb')).toContain('<skipped>the target has no VERB</skipped>');
  });

  it('lets a broken SHOULD and an option pass, and tells of them', () => {
    expect(testcase(xml, 'dmtp/session/help')).toMatch(/<system-out>warn: [\s\S]*expected: 500 or 501/);
    expect(testcase(xml, 'dmtp/session/stats')).toMatch(/<system-out>info: [\s\S]*note: DMTP-004: taken/);
    expect(testcase(xml, 'dmtp/session/banner')).toMatch(/\/>$/);
  });

  it('has a suite for a class that only a case names, and none for a class without cases', () => {
    const report = sampleReport();
    const cases = report.cases.map((result, index) => (index === 0 ? { ...result, class: 'robustness' } : result));
    const suites = [...renderJunit({ ...report, cases }).matchAll(/<testsuite name="([^"]*)"/g)].map(
      ([, name]) => name,
    );
    expect(suites).toEqual(['dmtp-server', 'robustness']);
  });

  it('loses no finding, whatever cases it names', () => {
    const report: Report = {
      ...sampleReport(),
      findings: [{ kind: 'target', text: 'it vanished', cases: ['no/such/case'] }],
    };
    expect(renderJunit(report)).toContain('<system-err>target: it vanished</system-err>');
  });
});

describe('a run that did not pass', () => {
  const bad = (xml: string): number => xml.match(/<(failure|error) /g)?.length ?? 0;
  const none = { pass: 0, fail: 0, warn: 0, info: 0, skip: 0, inconclusive: 0 };

  it('is not green when there was no case, or each was skipped', async () => {
    const report = sampleReport();
    const cases = report.cases.filter(({ decision }) => decision === 'skip');
    const summary = { verdict: 'undecided', exitStatus: 3, requirements: none, cases: none } as const;
    for (const each of [[], cases]) {
      const xml = renderJunit({ ...report, summary, cases: each });
      expect(bad(xml)).toBe(1);
      expect(xml).toContain('<error type="undecided" message="UNDECIDED: ');
      expect(xml).toContain(`tests="${each.length + 1}" failures="0" errors="1" time=`);
      expect(await faults(xml)).toEqual([]);
    }
  });

  it('has no such extra case when a case tells of it', () => {
    expect(bad(renderJunit(sampleReport()))).toBe(2);
    expect(renderJunit(sampleReport())).not.toContain('name="verdict" classname');
  });
});

describe('a hostile peer', () => {
  it('cannot make the document invalid', async () => {
    expect(await faults(renderJunit(sampleReport((calm) => calm + hostileText)))).toEqual([]);
  });

  it('adds no element with any text, and no character that XML 1.0 forbids', () => {
    const tags = (xml: string): string[] => xml.match(/<\/?[a-z-]+/g) ?? [];
    const calm = tags(renderJunit(sampleReport()));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const xml = renderJunit(sampleReport((told) => told + text));
        expect(tags(xml)).toEqual(calm);
        expect(xml).not.toMatch(/[^\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      }),
      { numRuns: 20 },
    );
  });
});
