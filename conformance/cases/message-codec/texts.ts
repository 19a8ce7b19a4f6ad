/** The texts inside the chunks 4, 5 and 33: section 7 of the messages digest. */
import fc from 'fast-check';
import { envelopeText } from '../../model/message-builder.js';
import type { Actor } from '../../model/message-tables.js';
import { type Case, defineCase } from '../case.js';
import { decrypts, made, refusingToOpen, type Wrong } from './case-kinds.js';
import { mustOpen } from './message-calls.js';
import { drafts, headerNames, headerText, labels, messageOf, parties } from './message-inputs.js';

const readers: readonly Actor[] = ['author', 'recipient'];

/** An envelope text changed, one character an octet. */
function envelope(because: string, type: 4 | 5, change: (text: string) => string): Wrong {
  const data = new Uint8Array(Buffer.from(change(envelopeText(type, parties('dime-2015'))), 'latin1'));
  return made(`${because} in chunk ${type}`, {
    ways: {
      contents: (contents) => contents.map((content) => (content.type === type ? { ...content, data } : content)),
    },
  });
}

const inEither = (
  changes: readonly (readonly [because: string, change: (text: string) => string])[],
): fc.Arbitrary<Wrong> =>
  fc
    .record({ type: fc.constantFrom(4, 5) as fc.Arbitrary<4 | 5>, change: fc.constantFrom(...changes) })
    .map(({ type, change: [because, change] }) => envelope(because, type, change));

const lines = (text: string): string[] => text.split(/(?<=\r\n)/);

const wrongForm = inEither([
  ['a label in lower case', (text) => text.replace(/^[A-Z]/, (letter) => letter.toLowerCase())],
  ['another label', (text) => text.replace(/^\w+/, 'Sender')],
  ['a label without its second part', (text) => text.replace('-Signet', '')],
  ['no space behind the colon', (text) => text.replace(': ', ':')],
  ['two spaces behind the colon', (text) => text.replace(': ', ':  ')],
  [
    'the first lines exchanged',
    (text) =>
      lines(text)
        .map((_line, at, all) => all[[1, 0, 2, 3][at] ?? 0])
        .join(''),
  ],
  [
    'organization before user',
    (text) =>
      lines(text)
        .map((_line, at, all) => all[[2, 3, 0, 1][at] ?? 0])
        .join(''),
  ],
  ['the last line missing', (text) => lines(text).slice(0, 3).join('')],
  ['no angle brackets', (text) => text.replace(/[<>]/g, '')],
  ['lines that end in LF', (text) => text.replaceAll('\r\n', '\n')],
]);

const notPrintable = fc
  .record({
    type: fc.constantFrom(4, 5) as fc.Arbitrary<4 | 5>,
    line: fc.constantFrom(0, 2),
    character: fc.constantFrom('\0', '\t', '\x1f', '\x7f', '\x80', '\xe9', '\xff', '\n', '\r'),
  })
  .map(({ type, line, character }) =>
    envelope(`octet ${character.charCodeAt(0)} in a name`, type, (text) =>
      lines(text)
        .map((each, at) => (at === line ? each.replace('<', `<${character}`) : each))
        .join(''),
    ),
  );

const common = (because: string, change: (text: string) => string): Wrong => ({
  because,
  message: (draft) => messageOf(draft, { common: change(headerText(draft.headers)) }),
});

const oddHeaders = fc.constantFrom(
  common('the subject twice', (text) => `${text}Subject: again\r\n`),
  common('the date twice', (text) => `Date: before\r\n${text}`),
  common('an unknown header', (text) => `${text}Reply-To: nobody\r\n`),
  common('an unknown header first', (text) => `X-Mailer: none\r\n${text}`),
  common('a line without a label', (text) => `${text}and so on\r\n`),
);

const badEnds = fc.constantFrom(
  common('lines that end in LF', (text) => text.replaceAll('\r\n', '\n')),
  common('lines that end in CR', (text) => text.replaceAll('\r\n', '\r')),
  common('no end of the last line', (text) => text.replace(/\r\n$/, '')),
  common('half an end of the last line', (text) => text.replace(/\n$/, '')),
);

const otherCase = fc
  .constantFrom(...(['date', 'to', 'from', 'subject'] as const))
  .chain((name) =>
    fc
      .constantFrom(labels[name].toLowerCase(), labels[name].toUpperCase())
      .map((label) =>
        common(`the label ${label}`, (text) => text.replace(new RegExp(`^${labels[name]}: `, 'm'), `${label}: `)),
      ),
  );

export const cases: readonly Case[] = [
  refusingToOpen(
    {
      id: 'texts/envelope-labels',
      title: 'An envelope text with other labels, another case, order or spacing is refused.',
      decides: 'MSG-064',
    },
    ['recipient'],
    wrongForm,
  ),
  refusingToOpen(
    {
      id: 'texts/envelope-values',
      title: 'A name in the envelope with an octet that does not print is refused.',
      decides: 'MSG-065',
    },
    ['recipient'],
    notPrintable,
  ),
  refusingToOpen(
    {
      id: 'texts/envelope-end',
      title: 'Octets after the fourth line of the envelope are refused.',
      decides: 'MSG-066',
    },
    ['recipient'],
    inEither([
      ['an empty line at the end', (text) => `${text}\r\n`],
      ['a space at the end', (text) => `${text} `],
      ['a fifth line', (text) => `${text}Via: <nobody>\r\n`],
      ['a zero octet at the end', (text) => `${text}\0`],
    ]),
  ),
  defineCase({
    ...decrypts,
    id: 'message/texts/headers-in-any-order',
    title: 'Common headers are read in any order.',
    decides: ['MSG-071'],
    given: () => fc.record({ draft: drafts(), order: fc.shuffledSubarray([...headerNames], { minLength: 6 }) }),
    check: async ({ draft, order }, context) => {
      const octets = messageOf(draft, { common: headerText(draft.headers, order) });
      await mustOpen(context, 'MSG-071', draft, octets, 'recipient');
    },
  }),
  refusingToOpen(
    {
      id: 'texts/headers-once-and-known',
      title: 'A common header that is there twice, or that nobody knows, is refused.',
      decides: 'MSG-072',
    },
    readers,
    oddHeaders,
  ),
  refusingToOpen(
    {
      id: 'texts/headers-end-in-crlf',
      title: 'A common header that does not end in CRLF is refused.',
      decides: 'MSG-073',
    },
    readers,
    badEnds,
  ),
  refusingToOpen(
    {
      id: 'texts/header-labels-in-exact-case',
      title: 'A common header whose label is in another case is refused.',
      decides: 'MSG-074',
    },
    readers,
    otherCase,
  ),
];
