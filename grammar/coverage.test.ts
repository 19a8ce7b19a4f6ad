import { describe, expect, it } from 'vitest';
import { type CoverageSummary, GrammarCoverage, mergeCoverage } from './coverage.js';

const missedOf = (coverage: GrammarCoverage, rule: string): (string | null)[] =>
  coverage.summary().missed.flatMap((entry) => (entry.rule === rule ? [entry.alternative] : []));

describe('coverage of a grammar', () => {
  it('counts what took part, not what was tried and left', () => {
    const coverage = new GrammarCoverage('dmtp', ['ModeReply']);
    // DMTPv1 is tried first and left after four letters.
    expect(coverage.record('ModeReply', '250 OK DMTP\r\n')).toBe(true);
    expect(missedOf(coverage, 'ModeWord')).toEqual(['"DMTPv1"i', '"ESMTP"i', '"SMTP"i']);
    expect(missedOf(coverage, 'ReplyEnd')).toEqual(['"\\n"']);
    // ModeReply, Success, Blank, ModeWord, ReplyEnd; two blanks, four words, two line ends.
    expect(coverage.summary()).toMatchObject({
      grammar: 'dmtp',
      rules: { hit: 5, of: 5 },
      alternatives: { hit: 2, of: 6 },
    });
  });

  it('counts nothing of a text that does not fit', () => {
    const coverage = new GrammarCoverage('dmtp', ['PositionalLine']);
    expect(coverage.record('PositionalLine', 'SGNT <example.com> [\r\n')).toBe(false);
    expect(coverage.summary()).toMatchObject({ rules: { hit: 0 }, alternatives: { hit: 0 } });
    expect(missedOf(coverage, 'Sgnt')).toEqual([null]);
  });

  it('adds up over texts, and the same text twice changes nothing', () => {
    const coverage = new GrammarCoverage('record', ['Record']);
    expect(coverage.record('Record', 'pol=mixed')).toBe(true);
    const once = coverage.summary();
    coverage.record('Record', 'pol=mixed');
    expect(coverage.summary()).toEqual(once);
    expect(missedOf(coverage, 'PolicyWord')).toEqual(['"experimental"i', '"strict"i']);
    coverage.record('Record', 'pol=strict;sub=relaxed');
    expect(missedOf(coverage, 'PolicyWord')).toEqual(['"experimental"i']);
    expect(missedOf(coverage, 'TokenEnd')).toEqual([]);
  });

  it('leaves out what stands in a negative lookahead', () => {
    const coverage = new GrammarCoverage('record', ['Record']);
    expect(missedOf(coverage, 'KnownKey')).toEqual([]);
    expect(missedOf(coverage, 'Field')).toContain('Unknown');
  });

  it('counts only what the start rules lead to', () => {
    const all = new GrammarCoverage('dmtp', ['CommandLine', 'Reply']).summary();
    const replies = new GrammarCoverage('dmtp', ['Reply']).summary();
    expect(replies.rules.of).toBe(6);
    expect(all.rules.of).toBeGreaterThan(50);
  });

  it('refuses rules that it does not know or was not started with', () => {
    expect(() => new GrammarCoverage('dmtp', ['Nothing'])).toThrow(RangeError);
    expect(() => new GrammarCoverage('dmtp', ['Reply']).record('CommandLine', 'QUIT\r\n')).toThrow(RangeError);
  });
});

describe('merged coverage', () => {
  const covering = (...texts: string[]): CoverageSummary => {
    const coverage = new GrammarCoverage('dmtp', ['CommandLine']);
    for (const text of texts) coverage.record('CommandLine', text);
    return coverage.summary();
  };

  it('is what one run over all the texts would have given', () => {
    const first = ['QUIT\r\n', 'SGNT <a@example.com>\r\n'];
    const second = ['quit\n', 'MAIL FROM: <example.com> [x] DATA=7BIT SIZE=1\r\n'];
    const third = ['STARTTLS HOST=<example.com>\n'];
    expect(mergeCoverage([covering(...first), covering(...second), covering(...third)])).toEqual(
      covering(...first, ...second, ...third),
    );
  });

  it('is refused for nothing and for different grammars', () => {
    expect(() => mergeCoverage([])).toThrow(RangeError);
    expect(() => mergeCoverage([covering(), new GrammarCoverage('record', ['Record']).summary()])).toThrow(/record/);
  });
});
