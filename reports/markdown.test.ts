import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.js';
import { codeBlock, codeCell, codeSpan, prose } from './markdown-text.js';
import { hostileText, hostileTexts, sampleReport } from './sample-report.test-support.js';

/** What is left for a Markdown reader to interpret: the text without fenced blocks, code spans and escapes. */
function interpreted(markdown: string): string {
  return (
    markdown
      .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, 'BLOCK')
      // From left to right as a reader goes: a backslash is an escape outside a span and itself inside.
      .replace(/\\[!-/:-@[-`{-~]|(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '·')
  );
}

/** How often each character stands that begins or ends markup, a heading, a mention or a reference. */
function markup(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [character] of text.matchAll(/[<>[\]*`|~&$\\]|^#|[@#](?=[\p{L}\p{N}])/gmu)) {
    counts[character] = (counts[character] ?? 0) + 1;
  }
  return counts;
}

describe('the Markdown report', () => {
  it('begins with the verdict, then the facts, then the scores', () => {
    const text = renderMarkdown(sampleReport());
    expect(text).toMatch(/^# ✗ FAIL: at least one MUST is broken\n\n- Target: `example server` \(network\)\n/);
    expect(text).toContain('| `dmtp-server` | judged | 1 of 3 | 0 of 1 | 0 of 0, 1 skipped | 1 of 1 | 1 |');
  });

  it('shows of a failure what was expected, what came, the smallest input and how to see it again', () => {
    const text = renderMarkdown(sampleReport());
    expect(text).toContain('### ✗ fail: `DMTP-002` (MUST NOT, `dmtp-server`)');
    expect(text).toContain('| expected | `500 or 501, and the connection kept` |');
    expect(text).toContain('```text\n"HELO <aaaa>"\n```');
    expect(text).toContain('```text\ndime-conformance run --target example.yaml --replay eyJjIjoiZG10cCJ9\n```');
    expect(text).toMatch(/ 2\.4 #1 → sent +HELO <aaaa>\\r\\n/);
  });

  it('lists the defects of the drafts, folded, with how they are read and what the target follows', () => {
    const text = renderMarkdown(sampleReport());
    expect(text).toContain(
      '## Defects of the drafts and how they are read\n\n### `dmtp-observed`\n\n<details><summary>1 in all</summary>\n\n- `OQ-5` **Codes of STATS** (`early server, STATS`): Two sources give two codes. _Read as:_ Both codes are right. _Scored:_ strict; tolerant. The class of the code is strict. This target, `numbered-codes`: claimed; seen: `250 seen`. This target, `positional`: not claimed; nothing showed it.\n\n</details>',
    );
    expect(text).toContain('### `draft-ladar-stacie`\n\n<details><summary>1 in all</summary>');
    const { defects: _, ...older } = sampleReport();
    expect(renderMarkdown(older)).not.toContain('Defects of the drafts');
  });

  it('stays within its limit and says what it left out', () => {
    const text = renderMarkdown(sampleReport(), { most: 2000 });
    expect(text.length).toBeLessThan(2200);
    expect(text).toContain('### ✗ fail');
    expect(text).toMatch(/_\d+ further blocks were left out: the page has a limit\. The JSON report has all\._\n$/);
  });
});

describe('a hostile peer', () => {
  const calm = markup(interpreted(renderMarkdown(sampleReport())));

  it.each(Object.entries(hostileTexts))('adds no markup with %s', (_name, text) => {
    expect(markup(interpreted(renderMarkdown(sampleReport((told) => told + text))))).toEqual(calm);
  });

  it('adds no markup and no line with all of them, or with any other text', () => {
    const check = (text: string): void => {
      expect(markup(interpreted(renderMarkdown(sampleReport((told) => told + text))))).toEqual(calm);
    };
    check(hostileText);
    const nasty = fc.string({
      unit: fc.constantFrom('`', '``', '\\', '|', '\n', '~~~', '<', '*', '_', '[', ' ', '@', '#', 'a', '\r'),
    });
    fc.assert(fc.property(nasty, check), { numRuns: 50 });
  });
});

describe('the pieces', () => {
  it.each([
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    [' a ', '`  a  `'],
    ['', '(empty)'],
    ['  ', '(blank)'],
    ['a\nb', '`a\\nb`'],
  ])('makes of %j the code span %j', (text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  it('lets no pipe end a cell, with or without a backslash before it', () => {
    expect(codeCell('a|b\\|c')).toBe('`a\\x7cb\\\\x7cc`');
  });

  it('fences a block with more backticks than it holds', () => {
    expect(codeBlock('```\nx')).toBe('````text\n```\nx\n````');
  });

  it('mentions nobody, refers to nothing and links nowhere in prose', () => {
    expect(prose('@all #12 <b> [x](y) https://a www.b user@example.org')).toBe(
      '`@`all `#`12 \\<b\\> \\[x\\](y) https\\://a www\\.b user`@`example.org',
    );
  });
});
