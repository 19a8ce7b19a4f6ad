/** Untagged responses that nobody asked for. They change nothing that a step of the case is about. */
import fc from 'fast-check';
import { type AnswerRule, capabilityLine } from './stage.js';

/** Server data of every kind (section 2.9 of the DMAP digest). The mailbox, if one is selected, has three messages. */
export const data: fc.Arbitrary<string> = fc.constantFrom(
  '* SEARCH',
  '* SEARCH 2 3 99',
  '* LIST (\\NoInferiors) "/" Elsewhere',
  '* LIST () NIL {9}\r\nElse\xc3\xa9{5}',
  '* STATUS Elsewhere (MESSAGES 7 UIDNEXT 12)',
  '* STATUS {9}\r\nElsewhere ()',
  '* KEY other-key (PUBLIC ~{3}\r\n\x00\r\n PRIVATE NIL)',
  '* KEY other-key',
  '* SIGNET bob@example.tld ~{2}\r\n\r\n',
  '* SIGNET bob@example.tld',
  capabilityLine,
);

/** Conditions, codes and data that no client need know. */
export const others: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '* OK Still here.',
    '* OK [ALERT] The cellar is on fire.',
    '* OK [XWHATEVER (a "b") {c}] Whatever.',
    '* NO Nearly full.',
    '* BAD What was that?',
    '* OK Text that ends like a literal {12}',
    '* XNEWS (a (b "c)" ~{4}\r\n)\r\n() d)',
    '* 12 XCOUNT',
    '* 0 RECENT',
    '* VANISHED 3,5:7',
  ),
  fc
    .string({ unit: fc.constantFrom(...'abcxyz019 ()"'), maxLength: 20 })
    .map((text) => `* XTEXT "${text.replace(/"/g, '\\"')}"`),
);

/** Any untagged response. */
export const anything: fc.Arbitrary<string> = fc.oneof(data, others);

/** About messages of the selected mailbox; what they say is so. */
export const aboutMessages: fc.Arbitrary<string> = fc.constantFrom(
  '* 2 FETCH (UID 2 FLAGS ())',
  '* 3 FETCH (FLAGS ())',
  '* 1 FETCH (XITEM (a "b") UID 1)',
  '* 1 FETCH (META NIL)',
  '* 2 FETCH (BODY[67.1] ~{4}\r\n)\r\n\x00)',
  '* 3 EXISTS',
);

export const several = (lines: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string[]> =>
  fc.array(lines, { minLength: 1, maxLength: most });

/** Says these lines before what is due for commands with these names, or for any. */
export const along =
  (lines: readonly string[], ...names: readonly string[]): AnswerRule =>
  ({ name }, right) =>
    names.length === 0 || names.includes(name) ? [...lines, ...right] : right;

/** For the reader of a report. */
export const shownLines = (lines: readonly string[]): string => JSON.stringify(lines).slice(0, 300);
