/** The record as DNS carries it: character-strings of a TXT RR. (Section 2.4 of the management record digest) */
import { domainToASCII } from 'node:url';
import { parseRecord } from './parse-record.js';
import type { ManagementRecord } from './record.js';
import { quote, RecordError } from './record-error.js';

/** Octets of the longest character-string of a TXT RR (REC-007). */
export const longestString = 255;

/** What stands before the domain in the owner name (section 1). */
export const recordLabel = '_dx';

/**
 * The owner name of a domain's record: in lower case and A-labels, without a trailing dot (section 1, REC-079).
 *
 * @throws RecordError for a name that has no A-labels
 */
export function recordName(domain: string): string {
  const plain = domain.replace(/\.$/, '').toLowerCase();
  // Only names that need it are converted: the converter reads "1.2" as an address and "%41" as a letter.
  const ascii = /^[\0-\x7f]*$/.test(plain) ? plain : domainToASCII(plain);
  if (ascii === '') {
    throw new RecordError({
      code: 'bad-domain',
      requirement: 'REC-079',
      offset: 0,
      what: `the domain ${quote(domain)} is empty or has no form in A-labels`,
      section: '1',
    });
  }
  return `${recordLabel}.${ascii}`;
}

/**
 * Cuts a text into the character-strings of one TXT RR, at most 255 octets each; a key or a value may lie across two.
 *
 * @param text one character an octet
 * @throws RecordError for a character that is no octet
 */
export function splitStrings(text: string): string[] {
  const stranger = /[^\0-\xff]/.exec(text);
  if (stranger !== null) {
    throw new RecordError({
      code: 'bad-string',
      offset: stranger.index,
      what: `the character ${quote(stranger[0])} is no octet`,
      section: '2.4',
    });
  }
  // A TXT RR has one string at least, if an empty one (RFC 1035 section 3.3.14).
  if (text === '') return [''];
  const strings: string[] = [];
  for (let start = 0; start < text.length; start += longestString)
    strings.push(text.slice(start, start + longestString));
  return strings;
}

/** Joins the character-strings of one TXT RR in order with nothing between them (REC-005, REC-006). */
export function joinStrings(strings: readonly string[]): string {
  return strings.join('');
}

/**
 * Reads the record from all TXT RRs that a name has.
 *
 * @param answers the character-strings of each RR, one character an octet
 * @throws RecordError when there is none, more than one, or one that is no record
 */
export function publishedRecord(answers: readonly (readonly string[])[]): ManagementRecord {
  const [only, ...others] = answers;
  if (only === undefined) {
    throw new RecordError({
      code: 'no-record',
      requirement: 'REC-001',
      offset: 0,
      what: 'the name has no TXT RR, so the domain has no record',
      section: '1',
    });
  }
  if (others.length > 0) throw severalRecords(answers);
  const long = only.find((string) => string.length > longestString);
  if (long !== undefined) {
    throw new RecordError({
      code: 'bad-string',
      requirement: 'REC-007',
      offset: 0,
      what: `a character-string has ${long.length} octets, more than ${longestString}`,
      section: '2.4',
    });
  }
  return parseRecord(joinStrings(only));
}

/** Publishers give one RR (REC-003). That several are records is also a reader's reason to stop (REC-004, OQ-7). */
function severalRecords(answers: readonly (readonly string[])[]): RecordError {
  const records = answers.filter((strings) => isRecord(joinStrings(strings))).length;
  return new RecordError({
    code: 'several-records',
    requirement: records > 1 ? 'REC-004' : 'REC-003',
    offset: 0,
    what: `the name has ${answers.length} TXT RRs, of which ${records} parse as records; exactly one RR is right`,
    section: '2.4',
  });
}

function isRecord(text: string): boolean {
  try {
    parseRecord(text);
    return true;
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
}
