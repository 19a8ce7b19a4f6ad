/** Seeded faults of a DMAP server: the form of its responses. */
import type { ReferenceHooks } from '../target/embedded.js';
import { answerCommand, bendDmap, dmapTag, replaceResponse } from './dmap-bending.js';
import type { Fault } from './fault.js';

/** Before the completion of commands that fit stands something more. */
const insert = (to: RegExp, more: string): ReferenceHooks =>
  replaceResponse(/^[^*+]/, (completion) => `${more}\r\n${completion}`, to);

/** Data goes out with the tag of its command. */
const tagged = (data: RegExp): ReferenceHooks =>
  replaceResponse(data, (response, command) => `${dmapTag(command)}${response.slice(1)}`);

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/lines-end-with-lf',
    breaks: 'DMAP-014',
    title: 'ends the listing of capabilities with LF alone',
    hooks: replaceResponse(/^\* CAPABILITY/, (response) => response.replace('\r\n', '\n')),
  },
  {
    id: 'dmap-server/text-in-latin-1',
    breaks: 'DMAP-001',
    title: 'writes texts in ISO 8859-1',
    hooks: replaceResponse(/ OK /, (response) => response.replace('\r\n', ' \xe9\r\n'), / STATUS/),
  },
  {
    id: 'dmap-server/data-behind-the-completion',
    breaks: 'DMAP-013',
    title: 'sends the status of a mailbox behind the completion of STATUS',
    hooks: bendDmap(() => {
      let held = '';
      return {
        response: (response) => {
          if (response.startsWith('* STATUS')) {
            held = response;
            return '';
          }
          const both = response + held;
          held = '';
          return both;
        },
      };
    }),
  },
  {
    id: 'dmap-server/completes-twice',
    breaks: 'DMAP-026',
    title: 'completes STATUS twice',
    hooks: replaceResponse(/^[^*+]/, (completion) => completion + completion, / STATUS/),
  },
  {
    id: 'dmap-server/data-without-asterisk',
    breaks: 'DMAP-027',
    title: 'sends LIST without the asterisk',
    hooks: replaceResponse(/^\* LIST/, (response) => response.slice(2)),
  },
  {
    id: 'dmap-server/completes-with-done',
    breaks: 'DMAP-031',
    title: 'completes SUBSCRIBE with DONE',
    hooks: replaceResponse(/^[^*+]\S* OK/, (completion) => completion.replace('OK', 'DONE'), / SUBSCRIBE/),
  },
  {
    id: 'dmap-server/lines-of-no-kind',
    breaks: 'DMAP-384',
    title: 'sends a line without asterisk, plus sign or tag',
    hooks: insert(/ LISTKEYS/, 'Hello. How are you?'),
  },
  {
    id: 'dmap-server/completes-with-yes',
    breaks: 'DMAP-386',
    title: 'completes SUBSCRIBE with YES',
    hooks: replaceResponse(/^[^*+]\S* OK/, (completion) => completion.replace('OK', 'YES'), / SUBSCRIBE/),
  },
  {
    id: 'dmap-server/tags-data',
    breaks: 'DMAP-387',
    title: 'sends the found numbers with the tag of SEARCH',
    hooks: tagged(/^\* SEARCH/),
  },
  {
    id: 'dmap-server/tags-flags',
    breaks: 'DMAP-419',
    spreads: 'nearly every case selects a mailbox',
    title: 'sends FLAGS with the tag of SELECT',
    hooks: tagged(/^\* FLAGS/),
  },
  {
    id: 'dmap-server/tags-bye',
    breaks: 'DMAP-395',
    title: 'sends the BYE of LOGOUT with its tag',
    hooks: replaceResponse(/^\* BYE/, (response, command) => `${dmapTag(command)}${response.slice(1)}`, / LOGOUT/),
  },
  {
    id: 'dmap-server/spaces-in-codes',
    breaks: 'DMAP-397',
    title: 'has a space between the bracket and the code',
    hooks: replaceResponse(/ \[UID/, (response) => response.replace('[', '[ ')),
  },
  {
    id: 'dmap-server/codes-of-its-own',
    breaks: 'DMAP-406',
    title: 'has codes of its own without X',
    hooks: replaceResponse(/\[NONEXISTENT\]/, (response) => response.replace('NONEXISTENT', 'MISSINGMAILBOX')),
  },
  {
    id: 'dmap-server/preauth-later',
    breaks: 'DMAP-414',
    title: 'sends PREAUTH after the login',
    hooks: insert(/ LISTKEYS/, '* PREAUTH You are known.'),
  },
  {
    id: 'dmap-server/bye-in-between',
    breaks: 'DMAP-416',
    title: 'says BYE and goes on',
    hooks: insert(/ LISTKEYS/, '* BYE See you.'),
  },
  {
    id: 'dmap-server/wide-capabilities',
    breaks: 'DMAP-420',
    title: 'has two spaces between capabilities',
    hooks: replaceResponse(/^\* CAPABILITY/, (response) => response.replace(' AUTH', '  AUTH')),
  },
  {
    id: 'dmap-server/number-behind-the-word',
    breaks: 'DMAP-435',
    title: 'writes the number of a message behind FETCH',
    hooks: replaceResponse(/^\* \d+ FETCH/, (response) => response.replace(/(\d+) FETCH/, 'FETCH $1')),
  },
  {
    id: 'dmap-server/fetch-without-parentheses',
    breaks: 'DMAP-436',
    title: 'writes the data of FETCH without parentheses',
    hooks: replaceResponse(/^\* \d+ FETCH/, (response) =>
      response.replace('FETCH (', 'FETCH ').replace(/\)\r\n$/, '\r\n'),
    ),
  },
  {
    id: 'dmap-server/word-for-a-list',
    breaks: 'DMAP-109',
    title: 'writes NONE for an empty list of attributes',
    hooks: replaceResponse(/^\* LIST \(\)/, (response) => response.replace('()', 'NONE')),
  },
  {
    id: 'dmap-server/commas-in-search',
    breaks: 'DMAP-451',
    title: 'separates the numbers of SEARCH by commas',
    hooks: replaceResponse(/^\* SEARCH \d/, (response) => response.replace(/SEARCH (\d+)/, 'SEARCH $1,$1')),
  },
  {
    id: 'dmap-server/nul-in-plain-literals',
    breaks: 'DMAP-454',
    title: 'sends messages with NUL in plain literals',
    hooks: replaceResponse(/^\* \d+ FETCH/, (response) => response.replace('~{', '{')),
  },
  {
    id: 'dmap-server/modseq-unasked',
    breaks: 'DMAP-163',
    title: 'tells MODSEQ to clients that did not ask for it',
    hooks: replaceResponse(/^\* \d+ FETCH \(/, (response) => response.replace('FETCH (', 'FETCH (MODSEQ (5) ')),
  },
  {
    id: 'dmap-server/esearch-unasked',
    breaks: 'DMAP-423',
    title: 'answers SEARCH with ESEARCH as well',
    hooks: insert(/ SEARCH/, '* ESEARCH ALL 1'),
  },
  {
    id: 'dmap-server/x-unasked',
    breaks: 'DMAP-383',
    title: 'sends a response with X in answer to NOOP',
    hooks: insert(/ NOOP/, '* XMOTD Have a nice day.'),
  },
  {
    id: 'dmap-server/no-codes',
    breaks: 'DMAP-396',
    title: 'has no response codes',
    hooks: replaceResponse(/^\S+ [A-Z]+ \[/, (response) => response.replace(/\[[^\]]*\] /, '')),
  },
  {
    id: 'dmap-server/unasked-exists-reversed',
    breaks: 'DMAP-029',
    title: 'writes EXISTS the other way round when nobody asked',
    hooks: replaceResponse(
      /^\* \d+ EXISTS/,
      (response) => response.replace(/(\d+) EXISTS/, 'EXISTS $1'),
      / (?:APPEND|NOOP)/,
    ),
  },
  {
    id: 'dmap-server/experimental-data-without-x',
    breaks: 'DMAP-382',
    title: 'sends data without X with the answer to an experimental command',
    hooks: answerCommand(/^\S+ X/, (line, ask) => `* MOTD Have a nice day.\r\n${ask(line)}`),
  },
];
