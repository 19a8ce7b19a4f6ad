import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { renderHtml } from './html.js';
import { anchor, element } from './html-markup.js';
import { type Pair, palette } from './html-style.js';
import { hostileText, hostileTexts, sampleReport } from './sample-report.test-support.js';

const calm = renderHtml(sampleReport());
const hostile = renderHtml(sampleReport((told) => told + hostileText));

/** The page's elements and attributes in order, without what a text may change. */
function skeleton(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
}

/** The values of an attribute. */
function values(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '');
}

function section(html: string, id: string): string {
  return new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? '';
}

describe('the page', () => {
  it.each([
    ['calm', calm],
    ['hostile', hostile],
  ])('is well-formed to an XML parser (%s texts)', async (_name, contents) => {
    const { errors } = await validateXML({ xml: { fileName: 'page.xml', contents }, normalization: 'format' });
    expect(errors).toEqual([]);
  });

  it('needs nothing from anywhere: no script, no address, no link but to its own places', () => {
    expect(calm).toContain(
      'content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"',
    );
    expect(calm).not.toMatch(/<script|<link|<img|<iframe|<object|<form|\ssrc=|\son[a-z]+=|url\(|@import|https?:/i);
    expect(values(calm, 'href').filter((target) => !target.startsWith('#'))).toEqual([]);
  });

  it('has a place for every link, and each place once', () => {
    const places = values(calm, 'id');
    expect(new Set(places).size).toBe(places.length);
    expect(values(calm, 'href').filter((target) => !places.includes(target.slice(1)))).toEqual([]);
  });

  it('tells each verdict in a sign and a word, beside the colour', () => {
    const badges = [...calm.matchAll(/class="badge tone-([a-z]+)">([^<]*)</g)];
    expect(badges.length).toBeGreaterThan(15);
    for (const [, tone, words] of badges) {
      expect(words).toMatch(words === '· no verdict' ? /verdict/ : new RegExp(`^\\S ${tone}$`));
    }
  });

  it('can be used with a keyboard and a screen reader', () => {
    expect(calm).toContain('<html lang="en">');
    expect(calm).toMatch(/<body><a class="skip-link" href="#main">/);
    expect(calm).toContain('<meta name="viewport"');
    expect(calm).not.toMatch(/<th(?![^>]* scope=)[ >]/);
    expect(calm.match(/<h1>/g)).toHaveLength(1);
    expect(values(calm, 'tabindex').filter((index) => Number(index) > 0)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has letters that stand out of their ground, 4.5 to 1 at least (%s)',
    (scheme) => {
      const faint = Object.entries(palette[scheme]).filter(([, pair]) => contrast(pair) < 4.5);
      expect(faint).toEqual([]);
      const ground = palette[scheme].page[1];
      expect(contrast([palette[scheme].muted[0], ground])).toBeGreaterThan(4.5);
    },
  );

  it('adapts to dark schemes, small screens and paper', () => {
    expect(calm).toContain('@media (prefers-color-scheme:dark)');
    expect(calm).toContain('@media (max-width:40rem)');
    expect(calm).toContain('@media print');
  });
});

describe('what it tells', () => {
  it('opens with the verdict and the scores', () => {
    expect(calm).toContain('<h1>✗ FAIL: at least one MUST is broken</h1>');
    expect(section(calm, 'scores')).toMatch(
      /1 of 3<div class="bar" aria-hidden="true">.*?<\/div><span class="muted">1 fail, 1 inconclusive, 1 pass</,
    );
  });

  it('sets what rests on an interpretation apart', () => {
    const cells = section(calm, 'scores').match(/<td>[\s\S]*?<\/td>/g) ?? [];
    // Of two options one was skipped and one taken; the one that was taken is an interpretation.
    expect(cells.slice(3, 5).map((cell) => /\d+ of \d+/.exec(cell)?.[0])).toEqual(['0 of 0', '1 of 1']);
    expect(section(calm, 'defects')).toContain('<dt>Scored</dt><dd>strict; tolerant. The class of the code is strict.');
  });

  it('shows what did not hold, worst first, with all evidence', () => {
    const problems = section(calm, 'problems');
    const order = [...problems.matchAll(/<h3><span class="badge tone-([a-z]+)"/g)].map(([, tone]) => tone);
    expect(order).toEqual(['fail', 'inconclusive', 'warn']);
    expect(problems).toContain('<dt>Expected</dt><dd><code>500 or 501, and the connection kept</code></dd>');
    expect(problems).toContain('<dt>Actual</dt><dd><code>the connection was closed</code></dd>');
    expect(problems).toContain(
      '<pre>&quot;HELO &lt;aaaa&gt;&quot;</pre> after 12 steps of shrinking; failed 5 of 5 times',
    );
    expect(problems).toContain('<pre>dime-conformance run --target example.yaml --replay eyJjIjoiZG10cCJ9</pre>');
    expect(problems).toContain(
      '<td>2.4</td><td>#1</td><td>→ to peer</td><td>sent</td><td><pre>HELO &lt;aaaa&gt;\\r\\n</pre>',
    );
  });

  it('has a row for each requirement, with its source, its standing and its cases', () => {
    const rows = section(calm, 'requirements').match(/<tr id="requirement-[\s\S]*?<\/tr>/g) ?? [];
    expect(rows).toHaveLength(7);
    expect(rows[3]).toContain('class="of-info"');
    expect(rows[3]).toContain('dmtp-observed 12.3');
    expect(rows[3]).toContain('servers/dmtp/commands.c');
    expect(rows[3]).toContain('<dt>Read as</dt><dd>A server may leave STATS out.</dd>');
    expect(rows[3]).toContain('<dt>Reading</dt><dd><a href="#reading-numbered-codes">numbered-codes</a></dd>');
    expect(rows[3]).toContain('<dt>Open questions</dt><dd><a href="#defect-OQ-5">OQ-5</a></dd>');
    expect(rows[3]).toContain('<dt>Scored also in</dt><dd>dmtp-client</dd>');
    expect(rows[2]).not.toContain('Scored also in');
    expect(rows[3]).toContain('<a href="#case-dmtp.2f.session.2f.stats">dmtp/session/stats</a>');
    expect(rows[6]).toContain('cannot be seen from outside');
  });

  it('has every case, the passed ones with their transcript', () => {
    const cases = section(calm, 'cases').split('<details class="of-').slice(1);
    expect(cases).toHaveLength(6);
    expect(cases[0]).toContain('TLSv1.3 TLS_AES_256_GCM_SHA384');
    expect(cases[0]).toContain('it says its version');
  });

  it('tells readings, coverage, findings, open requirements and that it is whole', () => {
    expect(section(calm, 'readings')).toContain('<code>250 seen</code>');
    expect(section(calm, 'coverage')).toContain('<dt>Rules</dt><dd>7 of 9 (77 %)</dd>');
    expect(section(calm, 'findings')).toContain('<code>the adapter wrote no JSON</code>');
    expect(section(calm, 'undecided')).toContain('cannot be seen from outside');
    expect(calm).toContain('Complete: 6 cases and 7 requirements.');
  });

  it('has a row for each defect of the drafts, with its place, how it is read and which reading the target follows', () => {
    const rows = section(calm, 'defects').match(/<tr id="defect-[\s\S]*?<\/tr>/g) ?? [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain(
      '<code>OQ-5</code><br />Codes of STATS<br /><span class="muted">early server, STATS</span>',
    );
    expect(rows[0]).toContain('<td class="text">Two sources give two codes.</td>');
    expect(rows[0]).toContain('Both codes are right.');
    expect(rows[0]).toContain(
      '<a href="#reading-numbered-codes">numbered-codes</a>: claimed; seen: <code>250 seen</code>',
    );
    expect(rows[0]).toContain('<a href="#reading-positional">positional</a>: not claimed; nothing showed it');
    expect(rows[0]).toContain('<a href="#requirement-DMTP-004">DMTP-004</a>');
    expect(rows[1]).toContain('00 and 03 §4.1');
    expect(rows[1]).not.toContain('This target');
  });

  it('tells of no defect, and links to none, when a document of an older suite has none', () => {
    const { defects: _, ...older } = sampleReport();
    const page = renderHtml(older);
    expect(section(page, 'defects')).toContain('This report lists none.');
    expect(page).toContain('<dt>Open questions</dt><dd>OQ-5</dd>');
  });

  it('leaves transcripts out when they grow too large, those of passed cases first, and says so', () => {
    const whole = calm.match(/class="transcript"/g)?.length ?? 0;
    const short = renderHtml(sampleReport(), { mostTranscript: 4000 });
    const left = short.match(/class="transcript"/g)?.length ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(whole);
    expect(section(short, 'problems')).toContain('class="transcript"');
    expect(section(short, 'cases')).not.toContain('class="transcript"');
    expect(short).toContain(`${whole - left} transcripts were left out`);
  });
});

describe('a hostile peer', () => {
  it.each(Object.entries(hostileTexts))('adds no element and no attribute with %s', (_name, text) => {
    expect(skeleton(renderHtml(sampleReport((told) => told + text)))).toEqual(skeleton(calm));
  });

  it('does so with no other text, and gets no control character through', () => {
    const expected = skeleton(calm);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const page = renderHtml(sampleReport((told) => told + text));
        expect(skeleton(page)).toEqual(expected);
        expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 20 },
    );
  });

  it('cannot make the page large with long texts', () => {
    expect(hostile.length).toBeLessThan(600_000);
  });

  it('cannot break out through an id in a document from elsewhere', () => {
    const id = `"><script>alert(1)</script> 'é`;
    const report = sampleReport();
    const cases = report.cases.map((result, index) => (index === 0 ? { ...result, id } : result));
    const requirements = report.requirements.map((row, index) => (index === 0 ? { ...row, id, cases: [id] } : row));
    const page = renderHtml({ ...report, cases, requirements });
    expect(page).not.toContain('<script');
    expect(skeleton(page)).toEqual(skeleton(calm));
  });
});

describe('the markup', () => {
  it('escapes what it is given, in texts and in attributes', () => {
    expect(element('p', { title: `<"'&>` }, `<"'&>\u0000`).source).toBe(
      '<p title="&lt;&quot;&#39;&amp;&gt;">&lt;&quot;&#39;&amp;&gt;\\x00</p>',
    );
  });

  it('gives different names different anchors, safe in a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(anchor('case', one)).toMatch(/^case-[A-Za-z0-9_.-]*$/);
        expect(anchor('case', one) === anchor('case', other)).toBe(one === other);
      }),
    );
  });
});

/** Contrast ratio by WCAG 2.2, "contrast ratio" and "relative luminance". */
function contrast([one, other]: Pair): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
