import { describe, expect, it } from 'vitest';
import {
  fitsRule,
  GrammarError,
  type GrammarName,
  grammarHash,
  grammarNames,
  grammarSource,
  parseRule,
} from './parse.js';

function refusal(grammar: GrammarName, rule: string, text: string): GrammarError {
  try {
    parseRule(grammar, rule, text);
  } catch (error) {
    if (error instanceof GrammarError) return error;
    throw error;
  }
  throw new Error(`${rule} takes ${JSON.stringify(text)}`);
}

describe('a syntax error', () => {
  it('tells the place, what was expected and what stood there', () => {
    const error = refusal('dmtp', 'PositionalLine', 'EHLO example.com\r\n');
    expect(error).toMatchObject({ grammar: 'dmtp', rule: 'PositionalLine', offset: 5, found: 'e' });
    expect(error.expected).toEqual(['"<"', 'one of " " "\\t"']);
    expect(error.message).toBe('dmtp PositionalLine: at offset 5 expected "<" or one of " " "\\t", found "e"');
  });

  it('tells the end of the text as found null', () => {
    const error = refusal('dmtp', 'NamedLine', 'QUIT');
    expect(error).toMatchObject({ offset: 4, found: null });
    expect(error.message).toContain('found the end');
  });

  it('points behind the last thing that fitted, not at the start of the alternative', () => {
    const text = 'RCPT TO=<example.com> FINGERPRINT=(x]\n';
    expect(refusal('dmtp', 'NamedLine', text)).toMatchObject({
      offset: text.indexOf('('),
      expected: ['"["'],
      found: '(',
    });
  });

  it('calls a named rule by its name', () => {
    expect(refusal('record', 'Record', 'pok=AAAA')).toMatchObject({
      offset: 4,
      expected: ['43 characters of unpadded standard base64'],
      found: 'A',
    });
    expect(refusal('dmtp', 'PositionalLine', 'STARTTLS <>\r\n')).toMatchObject({ offset: 10, expected: ['a domain'] });
  });

  it('counts one character an octet and shows control characters escaped', () => {
    const error = refusal('dmtp', 'ReplyText', '\xe4\xf6\r');
    expect(error).toMatchObject({ offset: 2, found: '\r' });
    expect(error.message).toContain('found "\\r"');
    expect(error.expected).toContain('anything but "\\r" "\\n"');
  });

  it('is no answer to a rule that does not exist', () => {
    expect(() => fitsRule('dmtp', 'NoSuchRule', 'x')).toThrow(/start/i);
  });
});

describe('a grammar', () => {
  it.each(grammarNames)('%s has a text and a hash of 64 hexadecimal digits', (grammar) => {
    expect(grammarSource(grammar)).toMatch(/Source: /);
    expect(grammarHash(grammar)).toMatch(/^[0-9a-f]{64}$/);
  });
});
