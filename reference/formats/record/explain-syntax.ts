/** Turns "does not fit the grammar" into the rule of the record that a token breaks. */
import type { GrammarError } from '../../../grammar/parse.js';
import { primaryCharacters, signatureCharacters } from './record.js';
import { quote, RecordError, type RecordErrorCode } from './record-error.js';

interface Judgement {
  readonly code: RecordErrorCode;
  readonly requirement: string;
  /** Completes "<key> is <value>, ...". */
  readonly why: string;
}

interface ValueRule {
  readonly keys: readonly string[];
  readonly section: string;
  /** Says what is wrong with a value that is not empty and that the grammar refused. */
  readonly judge: (value: string) => Judgement;
}

const valueRules: readonly ValueRule[] = [
  { keys: ['ver', 'version'], section: '3.2', judge: judgeVersion },
  { keys: ['pok', 'primary'], section: '3.3', judge: judgePrimary },
  { keys: ['tls'], section: '3.4', judge: judgeTls },
  {
    keys: ['pol', 'policy'],
    section: '3.5',
    judge: () => ({ code: 'bad-policy', requirement: 'REC-035', why: 'not experimental, mixed or strict' }),
  },
  {
    keys: ['sub', 'subdomain'],
    section: '3.7',
    judge: () => ({ code: 'bad-subdomain', requirement: 'REC-038', why: 'not strict, relaxed or explicit' }),
  },
  {
    keys: ['dx', 'deliver'],
    section: '3.8',
    judge: () => ({ code: 'bad-host', requirement: 'REC-015', why: 'not a host name of visible ASCII characters' }),
  },
  {
    keys: ['exp', 'expiry'],
    section: '3.9',
    judge: () => ({ code: 'bad-expiry', requirement: 'REC-040', why: 'not a number of days of one to nine digits' }),
  },
  {
    keys: ['syn', 'syndicates'],
    section: '3.6',
    judge: () => ({ code: 'bad-syndicates', requirement: 'REC-039', why: 'not a value' }),
  },
];

/** The error for the token at which the grammar stopped. Only a token under a known key can stop it (REC-014). */
export function explainSyntax(text: string, error: GrammarError): RecordError {
  const { start, end } = tokenAt(text, error.offset);
  const token = text.slice(start, end);
  const equals = token.indexOf('=');
  const key = equals === -1 ? token : token.slice(0, equals);
  const rule = valueRules.find(({ keys }) => keys.includes(key.toLowerCase()));
  if (rule === undefined) {
    // Reached only if grammar and table differ about the keys; still an honest answer.
    return new RecordError({
      code: 'no-equals',
      requirement: 'REC-015',
      offset: error.offset,
      what: `${quote(token)} is no field: expected ${error.expected.join(' or ')}`,
      section: '2.1',
    });
  }
  if (equals === -1) {
    return new RecordError({
      code: 'no-equals',
      requirement: 'REC-016',
      offset: end,
      what: `the known key ${quote(key)} has no "=" and no value`,
      section: '2.2',
    });
  }
  const value = token.slice(equals + 1);
  if (value === '') {
    return new RecordError({
      code: 'empty-value',
      requirement: 'REC-017',
      offset: end,
      what: `the known key ${quote(key)} has an empty value`,
      section: '2.2',
    });
  }
  const { code, requirement, why } = rule.judge(value);
  return new RecordError({
    code,
    requirement,
    offset: start + equals + 1,
    what: `${key} is ${quote(value)}, ${why}`,
    section: rule.section,
  });
}

/** The token that holds `offset` or ends there. */
function tokenAt(text: string, offset: number): { start: number; end: number } {
  let start = offset;
  while (start > 0 && !isSeparator(text[start - 1])) start--;
  let end = offset;
  while (end < text.length && !isSeparator(text[end])) end++;
  return { start, end };
}

function isSeparator(character: string | undefined): boolean {
  return character === ' ' || character === ';';
}

function judgeVersion(value: string): Judgement {
  // Text without a leading digit reads as version 0 in the reference parser: another version, not a longer "1".
  return /^[0-9]/.test(value)
    ? { code: 'bad-version', requirement: 'REC-023', why: 'not one to five digits' }
    : { code: 'bad-version', requirement: 'REC-022', why: 'not a version number; it must be 1' };
}

function judgePrimary(value: string): Judgement {
  return judgeBase64(value, primaryCharacters, {
    code: 'bad-key',
    length: 'REC-026',
    alphabet: 'REC-027',
  });
}

function judgeTls(value: string): Judgement {
  return judgeBase64(value, signatureCharacters, {
    code: 'bad-signature',
    length: 'REC-029',
    alphabet: 'REC-030',
  });
}

function judgeBase64(
  value: string,
  characters: number,
  as: { code: RecordErrorCode; length: string; alphabet: string },
): Judgement {
  const expected = `${characters} characters of unpadded standard base64`;
  const unpadded = value.replace(/={1,2}$/, '');
  if (unpadded !== value && /^[A-Za-z0-9+/]*$/.test(unpadded)) {
    return { code: 'padding', requirement: 'REC-032', why: `padded; expected ${expected}` };
  }
  return value.length === characters
    ? { code: as.code, requirement: as.alphabet, why: `with a character outside the alphabet; expected ${expected}` }
    : { code: as.code, requirement: as.length, why: `${value.length} characters long; expected ${expected}` };
}
