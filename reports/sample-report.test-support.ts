/** A report that has every member of its type, each kind of result, and room for hostile text wherever a peer speaks. */
import type { CaseResult, Counts, Decision, Failure, Report, RequirementResult, TranscriptEvent } from './report.js';

/** The type with its optional members demanded, so that a sample without one does not compile. */
export type Whole<T> = T extends readonly (infer Item)[]
  ? readonly Whole<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]-?: Whole<T[Name]> }
    : T;

/** What a peer may send to break out of a renderer. */
export const hostileTexts: Readonly<Record<string, string>> = {
  script: '<script>alert(1)</script><img src=x onerror=alert(2)>',
  attribute: `" onmouseover="alert(3)" x='`,
  cdata: ']]><evil/><![CDATA[',
  comment: '--><!-- <!DOCTYPE x [<!ENTITY y "z">]> &y; &#27; &lt;',
  terminal: '\u001b[31mred\u001b]0;title\u0007\u009b2J\b\b\rPASS',
  markdown: '` `` ``` ```` ~~~ | a | **b** [c](https://evil.example) ![d](https://evil.example/e.png) @everyone #1 <b>',
  lines: 'one\n\n```\n# two\n~~~~\n- [ ] three\r\n\r\n</details></pre></td></table>',
  style: '</style><style>*{display:none}</style>',
  nul: 'a\u0000b\ufffe\uffff',
  surrogates: 'high \ud83d low \ude00 pair \u{1f600}',
  bidirectional: 'user\u202egnp.exe\u2066\u200b\ufeff\u2028\u2029',
  octets: '\u0080\u00ff\u00e9\\x41',
  long: 'A'.repeat(100_000),
};

export const hostileText = Object.values(hostileTexts).join(' ');

/**
 * A whole report with its numbers in order. `speak` makes each text that is not one of the document's fixed words from a
 * calm one: the identity by default.
 */
export function sampleReport(speak: (calm: string) => string = (calm) => calm): Whole<Report> {
  const cases = sampleCases(speak);
  const requirements = sampleRequirements(speak);
  return {
    format: 'dime-conformance-report',
    version: 1,
    suite: { name: 'dime-conformance', version: '0.1.0', grammars: [{ name: 'dmtp', sha256: 'ab'.repeat(32) }] },
    run: {
      seed: -42,
      startedAt: '2026-01-02T03:04:05.678Z',
      durationMs: 3210.5,
      runs: 100,
      jobs: 4,
      selection: { classes: ['dmtp-server'], only: [speak('dmtp/*')], levels: ['MUST', 'SHOULD'] },
      command: speak('dime-conformance run --target example.yaml --seed -42'),
    },
    target: {
      name: speak('example server'),
      kind: 'network',
      endpoints: [{ role: 'dmtp', address: speak('127.0.0.1:26') }],
      software: speak('dx.example.org DMTPv1 magma'),
      domain: speak('example.org'),
      claims: ['dmtp-server'],
      readings: ['numbered-codes'],
    },
    summary: {
      verdict: 'fail',
      exitStatus: 1,
      requirements: tally(requirements),
      interpretation: tally(requirements.filter(({ scored }) => scored === 'interpretation')),
      cases: tally(cases),
    },
    classes: [
      {
        id: 'dmtp-server',
        title: speak('DMTP server'),
        state: 'judged',
        must: { ...noCounts, pass: 1, fail: 1, inconclusive: 1 },
        should: { ...noCounts, warn: 1 },
        may: { ...noCounts, info: 1, skip: 1 },
        interpretation: { must: noCounts, should: noCounts, may: { ...noCounts, info: 1 } },
        open: 1,
      },
      {
        id: 'stacie-server',
        title: speak('STACIE server'),
        state: 'planned',
        must: noCounts,
        should: noCounts,
        may: noCounts,
        interpretation: { must: noCounts, should: noCounts, may: noCounts },
        open: 0,
      },
    ],
    requirements,
    cases,
    readings: [
      { reading: 'numbered-codes', title: speak('Numbered replies'), claimed: true, observed: speak('250 seen') },
      { reading: 'positional', title: speak('Positional arguments'), claimed: false, observed: null },
    ],
    defects: [
      {
        id: 'OQ-5',
        title: speak('Codes of STATS'),
        document: 'dmtp-observed',
        section: speak('early server, STATS'),
        text: speak('Two sources give two codes.'),
        interpretation: speak('Both codes are right.'),
        scoring: { as: ['strict', 'tolerant'], note: speak('The class of the code is strict.') },
        readings: ['numbered-codes', 'positional'],
        requirements: ['DMTP-004'],
      },
      {
        id: 'STACIE-I-08',
        title: speak('Exponent'),
        document: speak('draft-ladar-stacie'),
        section: speak('00 and 03 §4.1'),
        text: speak('The prose gives 0, the sample 1.'),
        interpretation: speak('The exponent is 1.'),
        scoring: { as: ['strict'], note: null },
        readings: [],
        requirements: [],
      },
    ],
    coverage: [
      {
        grammar: 'dmtp',
        rules: { hit: 7, of: 9 },
        alternatives: { hit: 20, of: 31 },
        missed: [
          { rule: 'Mode', alternative: speak('"MODE" Space') },
          { rule: 'Verb', alternative: null },
        ],
      },
    ],
    findings: [{ kind: 'adapter', text: speak('the adapter wrote no JSON'), cases: ['dmtp/session/mode'] }],
    footer: { complete: true, cases: cases.length, requirements: requirements.length },
  };
}

const noCounts: Counts = { pass: 0, fail: 0, warn: 0, info: 0, skip: 0, inconclusive: 0 };

export function tally(rows: readonly { readonly decision: Decision | null }[]): Counts {
  const counts: Record<Decision, number> = { ...noCounts };
  for (const { decision } of rows) if (decision !== null) counts[decision] += 1;
  return counts;
}

function sampleRequirements(speak: (calm: string) => string): Whole<RequirementResult>[] {
  const row = (id: string, level: RequirementResult['level'], decision: Decision | null, cases: readonly string[]) => ({
    id,
    level,
    role: 'server',
    class: 'dmtp-server',
    also: [],
    text: speak(`What ${id} demands.`),
    source: { document: 'dmtp-observed', section: speak('12.3'), origin: speak('servers/dmtp/commands.c') },
    status: 'observed' as const,
    scored: 'core' as const,
    reading: null,
    interpretation: null,
    questions: [],
    decision,
    reason: null,
    cases,
  });
  return [
    row('DMTP-001', 'MUST', 'pass', ['dmtp/session/banner']),
    row('DMTP-002', 'MUST NOT', 'fail', ['dmtp/line/too-long']),
    row('DMTP-003', 'SHOULD', 'warn', ['dmtp/session/help']),
    {
      ...row('DMTP-004', 'MAY', 'info', ['dmtp/session/stats']),
      also: ['dmtp-client'],
      status: 'interpretation',
      scored: 'interpretation',
      reading: 'numbered-codes',
      interpretation: speak('A server may leave STATS out.'),
      questions: ['OQ-5'],
    },
    { ...row('DMTP-005', 'MAY', 'skip', ['dmtp/session/verb']), reason: speak('the target has no VERB') },
    {
      ...row('DMTP-006', 'MUST', 'inconclusive', ['dmtp/session/mode']),
      reason: speak('no connection within 2000 ms'),
    },
    { ...row('DMTP-007', 'SHOULD NOT', null, []), reason: speak('cannot be seen from outside') },
  ];
}

function sampleCases(speak: (calm: string) => string): Whole<CaseResult>[] {
  const row = (id: string, requirement: string, decision: Decision, more: Partial<Whole<CaseResult>> = {}) => ({
    id,
    title: speak('A right server does this.'),
    class: 'dmtp-server',
    requirements: [requirement],
    decision,
    ending: 'answered' as const,
    liveness: 'alive' as const,
    seed: 7,
    runs: 100,
    durationMs: 12.5,
    reason: null,
    notes: [],
    failure: null,
    transcript: sampleTranscript(speak),
    ...more,
  });
  return [
    row('dmtp/session/banner', 'DMTP-001', 'pass', { notes: [speak('it says its version')] }),
    row('dmtp/line/too-long', 'DMTP-002', 'fail', {
      ending: 'closed',
      liveness: 'dead',
      reason: speak('the connection was closed instead of an answer'),
      failure: sampleFailure('DMTP-002', speak),
    }),
    row('dmtp/session/help', 'DMTP-003', 'warn', { failure: sampleFailure('DMTP-003', speak) }),
    row('dmtp/session/stats', 'DMTP-004', 'info', { notes: [speak('DMTP-004: taken')] }),
    row('dmtp/session/verb', 'DMTP-005', 'skip', {
      ending: 'not-run',
      liveness: 'unknown',
      runs: 0,
      reason: speak('the target has no VERB'),
      transcript: [],
    }),
    row('dmtp/session/mode', 'DMTP-006', 'inconclusive', {
      ending: 'unreachable',
      liveness: 'dead',
      reason: speak('no connection within 2000 ms'),
    }),
  ];
}

function sampleFailure(requirement: string, speak: (calm: string) => string): Whole<Failure> {
  return {
    requirement,
    expected: speak('500 or 501, and the connection kept'),
    actual: speak('the connection was closed'),
    counterexample: speak('"HELO <aaaa>"'),
    shrinks: 12,
    repeats: { failed: 5, of: 5 },
    replay: 'eyJjIjoiZG10cCJ9',
    command: speak('dime-conformance run --target example.yaml --replay eyJjIjoiZG10cCJ9'),
    byHand: [speak('printf "HELO <aaaa>\\r\\n" | openssl s_client -quiet -connect 127.0.0.1:26')],
  };
}

function sampleTranscript(speak: (calm: string) => string): Whole<TranscriptEvent>[] {
  return [
    { atMs: 0, connection: 1, event: 'connected', text: '', octets: 0 },
    { atMs: 1.5, connection: 1, event: 'secured', text: speak('TLSv1.3 TLS_AES_256_GCM_SHA384'), octets: 30 },
    {
      atMs: 2.1,
      connection: 1,
      event: 'received',
      text: speak('220 <example.org> <dx.example.org> DMTPv1\r\n'),
      octets: 43,
    },
    { atMs: 2.4, connection: 1, event: 'sent', text: speak('HELO <aaaa>\r\n'), octets: 13 },
    { atMs: 12.4, connection: 1, event: 'closed', text: '', octets: 0 },
  ];
}
