import { describe, expect, it } from 'vitest';
import { recordOperations } from './record-operations.js';
import { shapeError } from './schemas.js';
import { OperationRefusal } from './serve.js';

/** The example of section 3.11 of the management record digest, with its key in hexadecimal as that section has it. */
const example =
  'ver=1 pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms pol=mixed dx=dx1.example.com dx=dx2.example.com sub=relaxed';
const key = Buffer.from('3ce04f97967426dab7ffc40af059162809644729f2d89d1d5ea637c61d22de6b', 'hex').toString(
  'base64url',
);

const { 'record.parse': parse, 'record.format': format } = recordOperations;

describe('record.parse', () => {
  it('gives the members of a record, binary ones as base64url without padding', () => {
    const record = parse({ text: example });
    expect(record).toEqual({
      version: 1,
      primary: [key],
      tls: [],
      policy: 'mixed',
      syndicates: null,
      deliver: ['dx1.example.com', 'dx2.example.com'],
      expiry: 0,
      subdomain: 'relaxed',
    });
    expect(shapeError('record.parse.result', record)).toBeNull();
  });

  it('gives a text that is not ASCII back as it came', () => {
    expect(parse({ text: `${example} syn=grüße` })).toMatchObject({ syndicates: 'grüße' });
  });

  it.each([
    ['ver=1', 'REC-024', 5],
    ['ver=2 pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms', 'REC-022', 4],
    [`${example} pol=`, 'REC-017', example.length + 5],
    // In octets: the two letters before it that are not ASCII have two each.
    [`x=üü ${example} pol`, 'REC-016', 7 + example.length + 4],
  ])('refuses %j by %s at octet %i', (text, requirement, offset) => {
    expect(refusalOf(() => parse({ text }))).toMatchObject({ requirement, offset });
  });
});

describe('record.format', () => {
  it('writes the members, those left out by default', () => {
    expect(format({ primary: [key] })).toEqual({ text: 'ver=1 pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms' });
  });

  it('writes again what record.parse gave', () => {
    expect(format(parse({ text: example }))).toEqual({ text: example });
  });

  it.each([
    ['no key', { primary: [] }, 'REC-024'],
    ['a short key', { primary: ['AAAA'] }, 'REC-026'],
    ['another version', { primary: [key], version: 2 }, 'REC-022'],
    ['an unknown policy', { primary: [key], policy: 'lax' }, 'REC-035'],
  ])('refuses %s', (_what, input, requirement) => {
    const refusal = refusalOf(() => format(input));
    expect(refusal).toMatchObject({ requirement });
    expect(refusal.offset).toBeUndefined();
  });
});

function refusalOf(work: () => unknown): OperationRefusal {
  try {
    return expect.fail(`not refused: ${JSON.stringify(work())}`);
  } catch (error) {
    if (error instanceof OperationRefusal) return error;
    throw error;
  }
}
