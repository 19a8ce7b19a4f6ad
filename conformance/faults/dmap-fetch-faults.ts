/** Faults of FETCH (rows of the capability fetch-and-store). */
import { answerCommand, bendStore, dmapTag, type MailStore, replaceCommand, replaceResponse } from './dmap-bending.js';
import type { Fault } from './fault.js';

type Reader = NonNullable<ReturnType<MailStore['open']>>;

/** Texts are read through another reader. */
const bendReader = (change: (reader: Reader) => Partial<Reader>): NonNullable<Fault['hooks']> =>
  bendStore((store) => ({
    open: (mailbox, uid) => {
      const reader = store.open(mailbox, uid);
      return reader === null ? null : { ...reader, ...change(reader) };
    },
  }));

type Chunks = NonNullable<ReturnType<MailStore['chunks']>>;

const bendChunks = (change: (chunks: Chunks) => Chunks): NonNullable<Fault['hooks']> =>
  bendStore((store) => ({
    chunks: (mailbox, uid) => {
      const chunks = store.chunks(mailbox, uid);
      return chunks === null ? null : change(chunks);
    },
  }));

/** One octet for another. */
const mapped = (octets: Uint8Array, change: (octet: number) => number): Uint8Array => octets.map(change);

/** Octets of the first literal of an answer; 0 without one. */
const sizeIn = (answer: string): number => Number(/\{(\d+)\}\r\n/.exec(answer)?.[1] ?? 0);

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/fetches-the-first-item-only',
    breaks: 'DMAP-039',
    title: 'of a list of items the first alone comes',
    hooks: replaceCommand(/ FETCH \S+ \(\S+ /i, (line) => line.replace(/\((\S+) .*\)/, '$1')),
  },
  {
    id: 'dmap-server/fast-lacks-size',
    breaks: 'DMAP-320',
    title: 'the macro FAST brings no SIZE',
    hooks: replaceCommand(/ FAST\r\n$/i, (line) => line.replace(/FAST\r/i, '(FLAGS INTERNALDATE)\r')),
  },
  {
    id: 'dmap-server/full-lacks-structure',
    breaks: 'DMAP-321',
    title: 'the macro FULL brings what FAST brings',
    hooks: replaceCommand(/ FULL\r\n$/i, (line) => line.replace(/FULL\r/i, 'FAST\r')),
  },
  {
    id: 'dmap-server/takes-macros-beside-items',
    breaks: 'DMAP-319',
    title: 'a macro in a list of items is carried out',
    hooks: replaceCommand(/ FETCH .*(?:\(|FAST ).*(?:FAST|FULL)/, (line) =>
      line.replace(/(FETCH \S+) .*\r/, '$1 FAST\r'),
    ),
  },
  {
    id: 'dmap-server/tells-another-date',
    breaks: 'DMAP-332',
    title: 'INTERNALDATE is told in another year',
    hooks: replaceResponse(/INTERNALDATE "/, (response) =>
      response.replace(/(INTERNALDATE "[ \d]\d-...-)\d{4}/, '$11984'),
    ),
  },
  {
    id: 'dmap-server/writes-sizes-as-strings',
    breaks: 'DMAP-445',
    title: 'SIZE is written as a string',
    hooks: replaceResponse(/SIZE \d+/, (response) => response.replace(/SIZE (\d+)/, 'SIZE "$1"')),
  },
  {
    id: 'dmap-server/writes-dates-as-atoms',
    breaks: 'DMAP-445',
    title: 'INTERNALDATE stands in no quotes',
    hooks: replaceResponse(/INTERNALDATE "/, (response) =>
      response.replace(/INTERNALDATE "([^"]*)"/, 'INTERNALDATE $1'),
    ),
  },
  {
    id: 'dmap-server/miscounts-the-size',
    breaks: 'DMAP-086',
    title: 'SIZE is one octet too many',
    hooks: replaceResponse(/SIZE \d+/, (response) =>
      response.replace(/SIZE (\d+)/, (_, size: string) => `SIZE ${Number(size) + 1}`),
    ),
  },
  {
    id: 'dmap-server/passes-over-unknown-items',
    breaks: 'DMAP-335',
    title: 'items of IMAP are answered with OK and nothing',
    hooks: answerCommand(
      / FETCH \S+ (?:ENVELOPE|RFC822|BODY\r|BODY\[[A-Z])/,
      (line) => `${dmapTag(line)} OK Done.\r\n`,
    ),
  },
  {
    id: 'dmap-server/refuses-missing-chunks',
    breaks: 'DMAP-335',
    title: 'a chunk that there is none of ends the command with NO',
    hooks: answerCommand(/ FETCH .*\[\d/, (line, ask) => {
      const answer = ask(line);
      return answer.includes('] NIL') ? `${dmapTag(line)} NO There is no such chunk.\r\n` : answer;
    }),
  },
  {
    id: 'dmap-server/portions-have-no-end',
    breaks: 'DMAP-090',
    title: 'a portion of a message goes on to its end',
    hooks: replaceCommand(/\[\]<\d+\.\d+>\)/, (line) => line.replace(/<(\d+)\.\d+>/, '<$1.4294967295>')),
  },
  {
    id: 'dmap-server/counts-chunks-from-the-end',
    breaks: 'DMAP-322',
    title: 'the chunks of one type are counted from the last',
    hooks: bendChunks((chunks) => [...chunks].reverse()),
  },
  {
    id: 'dmap-server/takes-bare-types-for-sections',
    breaks: 'DMAP-322',
    title: 'a section without a number names the first chunk of the type, and leading zeros are none',
    hooks: replaceCommand(/BODY\.PEEK\[(?:0\d+\.\d+|\d+\.0\d+|\d+\.?)\]/, (line) => line.replace(/\[.*\]/, '[67.1]')),
  },
  {
    id: 'dmap-server/loses-the-last-octet',
    breaks: 'DMAP-323',
    title: 'BODY[] lacks the last octet',
    hooks: bendReader(({ size }) => ({ size: size - 1 })),
  },
  {
    id: 'dmap-server/partials-are-too-long',
    breaks: 'DMAP-324',
    title: 'the count of a partial counts from 0',
    hooks: replaceCommand(/<\d+\.\d+>/, (line) =>
      line.replace(/\.(\d+)>/, (_, count: string) => `.${Math.min(Number(count) + 1, 4_294_967_295)}>`),
    ),
  },
  {
    id: 'dmap-server/nil-behind-the-end',
    breaks: 'DMAP-325',
    title: 'a partial that begins behind the end is NIL',
    hooks: replaceResponse(/\]<\d+> (?:""|~?\{0\})/, (response) => response.replace(/> (?:""|~?\{0\}\r\n)/, '> NIL')),
  },
  {
    id: 'dmap-server/refuses-partials-beyond-the-end',
    breaks: 'DMAP-326',
    title: 'a partial that goes beyond the end is refused',
    hooks: answerCommand(/ FETCH .*<\d+\.\d+>/, (line, ask) => {
      const answer = ask(line);
      const count = Number(/\.(\d+)>/.exec(line)?.[1] ?? 0);
      return sizeIn(answer) < count ? `${dmapTag(line)} NO There are not so many octets.\r\n` : answer;
    }),
  },
  {
    id: 'dmap-server/leaves-out-the-first-origin',
    breaks: 'DMAP-327',
    title: 'a partial from octet 0 comes back without an origin',
    hooks: replaceResponse(/\]<0> /, (response) => response.replace(/\]<0> /, '] ')),
  },
  {
    id: 'dmap-server/counts-origins-from-one',
    breaks: 'DMAP-438',
    title: 'the origin of a partial is told one too high',
    hooks: replaceResponse(/\]<\d+> /, (response) =>
      response.replace(/\]<(\d+)> /, (_, start: string) => `]<${Number(start) + 1}> `),
    ),
  },
  {
    id: 'dmap-server/cuts-long-messages',
    breaks: 'DMAP-440',
    title: 'BODY[] ends after 8 KiB',
    hooks: bendReader(({ size }) => ({ size: Math.min(size, 8192) })),
  },
  {
    id: 'dmap-server/tells-an-origin-unasked',
    breaks: 'DMAP-441',
    title: 'BODY without a partial comes back with <0>',
    hooks: replaceResponse(/ \(?(?:.* )?BODY\[[\d.]*\] /s, (response) =>
      response.replace(/(BODY\[[\d.]*\]) /, '$1<0> '),
    ),
  },
  {
    id: 'dmap-server/replaces-nul',
    breaks: 'DMAP-442',
    title: 'NUL in a message becomes a space',
    hooks: bendReader((reader) => ({
      read: (start, count) => mapped(reader.read(start, count), (octet) => (octet === 0 ? 32 : octet)),
    })),
  },
  {
    id: 'dmap-server/encodes-binary-parts',
    breaks: 'DMAP-006',
    title: 'a chunk comes in base64, while the whole message comes as it is',
    hooks: bendReader((reader) => ({
      read: (start, count) => {
        const octets = reader.read(start, count);
        if (count === reader.size) return octets;
        return Buffer.from(Buffer.from(octets).toString('base64')).subarray(0, count);
      },
    })),
  },
  {
    id: 'dmap-server/reading-leaves-unseen',
    breaks: 'DMAP-328',
    title: 'BODY sets no flag',
    hooks: replaceCommand(/ FETCH .*BODY\[/i, (line) => line.replace(/BODY\[/gi, 'BODY.PEEK[')),
  },
  {
    id: 'dmap-server/peeking-sets-seen',
    breaks: 'DMAP-330',
    title: 'BODY.PEEK sets \\Seen',
    hooks: replaceCommand(/BODY\.PEEK\[/i, (line) => line.replace(/BODY\.PEEK\[/gi, 'BODY[')),
  },
  {
    id: 'dmap-server/reading-tells-no-flags',
    breaks: 'DMAP-329',
    title: 'the flags that reading changed are not told',
    hooks: replaceResponse(/^\* \d+ FETCH \(FLAGS \([^)]*\) BODY/, (response) =>
      response.replace(/FLAGS \([^)]*\) /, ''),
    ),
  },
  {
    id: 'dmap-server/no-structure-alone',
    breaks: 'DMAP-005',
    title: 'BODYSTRUCTURE is refused unless the text is fetched as well',
    hooks: answerCommand(/ FETCH \S+ BODYSTRUCTURE\r/, (line) => `${dmapTag(line)} NO Fetch the message.\r\n`),
  },
  {
    id: 'dmap-server/structure-lacks-a-chunk',
    breaks: 'DMAP-087',
    title: 'the structure lacks the last chunk',
    hooks: bendChunks((chunks) => chunks.slice(0, -1)),
  },
  {
    id: 'dmap-server/structure-is-empty-in-full',
    breaks: 'DMAP-331',
    title: 'the structure that FULL brings is empty',
    hooks: replaceResponse(
      /BODYSTRUCTURE \(/,
      (response) => response.replace(/BODYSTRUCTURE \(.*\)\)\)/, 'BODYSTRUCTURE ())'),
      / FULL/,
    ),
  },
  {
    id: 'dmap-server/structure-counts-headers',
    breaks: 'DMAP-443',
    title: 'the sizes in the structure count the head of each chunk, which BODY does not bring',
    hooks: replaceResponse(/BODYSTRUCTURE \(/, (response) =>
      response.replace(/\((\d+) (\d+)\)/g, (_, type: string, size: string) => `(${type} ${Number(size) + 4})`),
    ),
  },
  {
    id: 'dmap-server/structure-has-large-sizes',
    breaks: 'DMAP-444',
    title: 'the sizes in the structure do not fit into three octets',
    hooks: replaceResponse(/BODYSTRUCTURE \(/, (response) =>
      response.replace(/\((\d+) (\d+)\)/g, (_, type: string, size: string) => `(${type} ${Number(size) + 2 ** 24})`),
    ),
  },
  {
    id: 'dmap-server/meta-is-empty-at-first',
    breaks: 'DMAP-333',
    title: 'META of a new message is the empty string',
    hooks: replaceResponse(/META NIL/, (response) => response.replace('META NIL', 'META ""')),
  },
];
