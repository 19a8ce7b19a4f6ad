import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../grammar/dmtp.js';
import { GrammarError } from '../../../grammar/parse.js';
import { type ClientReply, DmtpClientError } from './client-error.js';
import { ReplyReader } from './reply-reader.js';

const bounds = { lineOctets: 64, octets: 256, lines: 8 };
const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

/** All replies of a text that comes in pieces, and what is left of it. */
function read(text: string, cuts: readonly number[] = []): { replies: ClientReply[]; begun: boolean } {
  const reader = new ReplyReader();
  const replies: ClientReply[] = [];
  const places = [0, ...[...cuts].sort((one, other) => one - other), text.length];
  for (const [index, end] of places.slice(1).entries()) {
    let rest: Uint8Array = octets(text.slice(places[index], end));
    while (rest.length > 0) {
      const got = reader.receive(rest, bounds, 'a reply');
      if (got === null) break;
      replies.push(got.reply);
      rest = got.rest;
    }
  }
  return { replies, begun: reader.begun };
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DmtpClientError) return error.code;
    throw error;
  }
  return 'none';
}

const text = fc.string({ unit: fc.constantFrom(...'aZ09 -[]\t\u00e9'), maxLength: 12 });
const lineOf = (code: fc.Arbitrary<number>) => fc.record({ code, text, end: fc.constantFrom('\r\n', '\n') });
const replyText = fc
  .tuple(
    fc.integer({ min: 100, max: 599 }),
    fc.array(fc.tuple(text, fc.constantFrom('\r\n', '\n')), { minLength: 1, maxLength: 5 }),
  )
  .map(([code, lines]) =>
    lines.map(([line, end], index) => `${code}${index === lines.length - 1 ? ' ' : '-'}${line}${end}`).join(''),
  );

describe('replies', () => {
  it('are what the grammar says, however the stream is cut', () => {
    fc.assert(
      fc.property(replyText, replyText, fc.array(fc.nat(120), { maxLength: 6 }), (one, two, cuts) => {
        const both = one + two;
        const { replies, begun } = read(
          both,
          cuts.filter((cut) => cut <= both.length),
        );
        expect(replies).toEqual(
          [one, two].map((reply) => {
            const { code, lines } = parseReply(reply);
            return { code, lines };
          }),
        );
        expect(begun).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('are refused where the grammar refuses them', () => {
    const anyLines = fc.array(lineOf(fc.integer({ min: 90, max: 610 })), { minLength: 1, maxLength: 3 });
    const separator = fc.constantFrom(' ', '-', '', '\t');
    fc.assert(
      fc.property(anyLines, separator, fc.boolean(), (lines, last, strayReturn) => {
        const whole = lines
          .map(
            ({ code, text, end }, index) =>
              `${code}${index === lines.length - 1 ? last : '-'}${text}${strayReturn ? '\r' : ''}${end}`,
          )
          .join('');
        const byGrammar = (): boolean => {
          try {
            parseReply(whole);
            return true;
          } catch (error) {
            if (error instanceof GrammarError) return false;
            throw error;
          }
        };
        let here = false;
        codeOf(() => {
          const { replies, begun } = read(whole);
          here = replies.length === 1 && !begun;
        });
        expect(here).toBe(byGrammar());
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['250-a\r\n251 b\r\n', 'mixed-codes'],
    ['250\r\n', 'malformed-reply'],
    ['600 x\r\n', 'malformed-reply'],
    ['\r\n', 'malformed-reply'],
    ['250 a\rb\r\n', 'malformed-reply'],
    [`250 ${'x'.repeat(64)}`, 'reply-too-long'],
    ['250-a\r\n'.repeat(9), 'reply-too-long'],
    [`250-${'x'.repeat(50)}\r\n`.repeat(5), 'reply-too-long'],
  ])('%j is %s', (wrong, code) => {
    expect(codeOf(() => read(wrong))).toBe(code);
  });
});
