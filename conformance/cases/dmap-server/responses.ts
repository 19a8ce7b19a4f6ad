/** The form of what a server sends, in a session in which much is said (sections 2.9, 2.10 and 6.5 of the DMAP digest). */

import type { DmapAnswer } from '../../target/dmap-connection.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { knownCodes } from './known-names.js';
import { type Exchange, evidence, type Watched, watchSession } from './watched-session.js';

interface Rule {
  readonly title: string;
  readonly row: string;
  /** The first thing that breaks the rule, for people; undefined when nothing does. */
  readonly broken: (watched: Watched) => string | undefined;
}

type Rules = readonly [Rule, ...Rule[]];

/** A rule that each response has to keep by itself. */
const each =
  (right: (answer: DmapAnswer) => boolean) =>
  ({ answers }: Watched): string | undefined => {
    const wrong = answers.find((answer) => !right(answer));
    return wrong && evidence(wrong);
  };

/** A rule that each command with its responses has to keep. */
const eachExchange =
  (right: (exchange: Exchange) => boolean) =>
  ({ exchanges }: Watched): string | undefined => {
    const wrong = exchanges.find((exchange) => !right(exchange));
    return wrong && `${JSON.stringify(wrong.sent)}: ${JSON.stringify(wrong.result.raw.slice(0, 300))}`;
  };

const dataWords = 'CAPABILITY|STATUS|FLAGS|LIST|SEARCH|KEY|SIGNET|\\d+ (?:EXISTS|FETCH|EXPUNGE)';
const stateWords = 'CAPABILITY|STATUS|FLAGS|LIST|\\d+ EXISTS';
const statusWords = 'OK|NO|BAD|PREAUTH|BYE';
const begins = (words: string, before: string): RegExp => new RegExp(`^${before}(?:${words})(?:[ \\r\\n]|$)`, 'i');
const bareData = begins(`${dataWords}|${statusWords}`, '');
const taggedData = begins(dataWords, '[^ *+]+ ');
const taggedState = begins(stateWords, '[^ *+]+ ');
const completion = begins('OK|NO|BAD', '[^ *+]+ ');
const baseData = begins(`${dataWords}|${statusWords}|RECENT|\\d+ RECENT|X[^ ]*`, '\\* ');
/** A status response, and what stands behind its word. */
const statusText = new RegExp(`^[^ ]+ (?:${statusWords}) (\\[[^\\r\\n]*)`, 'i');
const code = /^\[[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|}~]+(?: [^\]\r\n]+)?\](?: |\r|$)/;

/** What each of these commands brings before its completion when it succeeds. */
const due: readonly (readonly [command: RegExp, data: RegExp])[] = [
  [/^CAPABILITY/, /^\* CAPABILITY /im],
  [/^STATUS/, /^\* STATUS /im],
  [/^LIST /, /^\* LIST /im],
  [/^SELECT/, /^\* \d+ EXISTS/im],
  [/^FETCH/, /^\* \d+ FETCH /im],
  [/^SEARCH/, /^\* SEARCH/im],
  [/^LOGOUT/, /^\* BYE/im],
];

const lines: Rules = [
  {
    title: 'Every line of a server ends with CR LF, and neither octet stands in it alone.',
    row: 'DMAP-014',
    broken: each(({ text }) => text.endsWith('\r\n') && !/[\r\n]/.test(text.replaceAll('\r\n', ''))),
  },
  {
    title: 'What stands outside of literals is valid UTF-8.',
    row: 'DMAP-001',
    broken: each(({ text }) => isUtf8(text)),
  },
  {
    title: 'NUL is sent in literals for binary data only.',
    row: 'DMAP-454',
    broken: each(({ text, literals }) => {
      const headers = [...text.matchAll(/(~?)\{\d+\}\r\n/g)];
      const plain = literals.some((octets, at) => headers[at]?.[1] === '' && octets.includes(0));
      return !text.includes('\0') && !plain;
    }),
  },
  {
    title: 'The names in a listing of capabilities are separated by single spaces.',
    row: 'DMAP-420',
    broken: each(({ text }) => !/^\* CAPABILITY/i.test(text) || /^\* CAPABILITY(?: [^\s]+)+\r\n$/i.test(text)),
  },
  {
    title: 'A response code is an atom in square brackets, with arguments behind a space.',
    row: 'DMAP-397',
    broken: each(({ text }) => {
      const bracketed = statusText.exec(text)?.[1];
      return bracketed === undefined || code.test(bracketed);
    }),
  },
  {
    title: 'A response code that no document knows begins with X.',
    row: 'DMAP-406',
    broken: each(({ text }) => {
      const [, word = ''] = /^\[([^\] \r\n]+)/.exec(statusText.exec(text)?.[1] ?? '') ?? [];
      return word === '' || /^X/i.test(word) || knownCodes.has(word.toUpperCase());
    }),
  },
];

const kinds: Rules = [
  {
    title: 'Data, and status that completes no command, begins with an asterisk.',
    row: 'DMAP-027',
    broken: each(({ text }) => !bareData.test(text)),
  },
  {
    title: 'Every line begins with an asterisk, a plus sign, or the tag of a command.',
    row: 'DMAP-384',
    broken: ({ greeting, exchanges }) =>
      /^\* /.test(greeting.text)
        ? eachExchange(({ result }) => result.data.every(({ text }) => /^[*+] /.test(text) || completion.test(text)))({
            greeting,
            exchanges,
            answers: [],
          })
        : evidence(greeting),
  },
  {
    title: 'Responses that begin with X are not sent to a client that gave no such command.',
    row: 'DMAP-383',
    broken: each(({ text }) => !/^\* X/i.test(text)),
  },
  {
    title: 'PREAUTH comes as greeting only.',
    row: 'DMAP-414',
    broken: ({ answers }) => {
      const wrong = answers.slice(1).find(({ text }) => /^[^ ]+ PREAUTH[ \r]/i.test(text));
      return wrong && evidence(wrong);
    },
  },
  {
    title: 'A session that goes on gets no BYE.',
    row: 'DMAP-416',
    broken: eachExchange(
      ({ sent, result }) => sent === 'LOGOUT' || !result.data.some(({ text }) => /^\* BYE[ \r]/i.test(text)),
    ),
  },
  {
    title: 'A client that asks for no extension gets the responses of the base document only.',
    row: 'DMAP-423',
    broken: each(({ text }) => !text.startsWith('* ') || baseData.test(text)),
  },
  {
    title: 'A command is completed by OK, NO or BAD and nothing else.',
    row: 'DMAP-031',
    broken: eachExchange(({ result }) => completion.test(result.completion.text)),
  },
];

const tags: Rules = [
  {
    title: 'Responses on the state of server and mailbox have no tag.',
    row: 'DMAP-419',
    broken: each(({ text }) => !taggedState.test(text)),
  },
  {
    title: 'Data has no tag.',
    row: 'DMAP-387',
    broken: each(({ text }) => !taggedData.test(text)),
  },
  {
    title: 'PREAUTH and BYE have no tag.',
    row: 'DMAP-395',
    broken: each(({ text }) => !/^[^ *+]+ (?:PREAUTH|BYE)[ \r]/i.test(text)),
  },
  {
    title: 'A tagged response is OK, NO or BAD behind the tag of the command.',
    row: 'DMAP-386',
    broken: eachExchange(
      ({ result }) => completion.test(result.completion.text) && result.completion.text.startsWith(`${result.tag} `),
    ),
  },
];

const data: Rules = [
  {
    title: 'Responses on a message have its number right behind the asterisk.',
    row: 'DMAP-435',
    broken: each(({ text }) => !/^[^ ]+ (?:(?!\d+ )[^ ]+ )?(?:FETCH|EXPUNGE)\b/i.test(text)),
  },
  {
    title: 'The data of a command comes before its completion.',
    row: 'DMAP-013',
    broken: eachExchange(({ sent, result }) => {
      const [, data] = due.find(([command]) => command.test(sent)) ?? [];
      return data === undefined || result.status !== 'OK' || result.data.some(({ text }) => data.test(text));
    }),
  },
  {
    title: 'Each command gets one completion, and no other command gets it.',
    row: 'DMAP-026',
    broken: eachExchange(({ result }) => !result.data.some(({ text }) => completion.test(text))),
  },
  {
    title: 'The data of FETCH is pairs of a name and a value in parentheses.',
    row: 'DMAP-436',
    broken: each(({ text, response }) => !/^\* \d+ FETCH\b/i.test(text) || response?.kind === 'fetch'),
  },
  {
    title: 'Data is made of atoms, numbers, strings, lists and NIL.',
    row: 'DMAP-109',
    broken: each(({ text, malformed }) => !/^\* (?:STATUS|LIST|FLAGS)\b/i.test(text) || malformed === null),
  },
  {
    title: 'A client that asks for no extension gets the values that it asked for, and flags and UID at most.',
    row: 'DMAP-163',
    broken: eachExchange(({ result }) =>
      untagged(result, 'fetch').every(({ items }) => items.every(({ item }) => item !== 'MODSEQ' && item !== 'OTHER')),
    ),
  },
  {
    title: 'Every response is one of the grammar.',
    row: 'DMAP-451',
    broken: each(({ malformed }) => malformed === null),
  },
];

function isUtf8(text: string): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
    return true;
  } catch {
    return false;
  }
}

/** The rules are looked at in their order: one that another implies stands behind it. */
function responsesCase(name: string, title: string, rules: Rules): Case {
  const [{ row: first }, ...others] = rules;
  return dmapCase({
    id: `dmap-server/responses/${name}`,
    title,
    decides: [first, ...others.map(({ row }) => row)],
    async check(context) {
      const watched = await watchSession(context);
      for (const { row, title: rule, broken } of rules) {
        const wrong = broken(watched);
        context.require(row, wrong === undefined, rule, wrong ?? '');
      }
    },
  });
}

export const cases: readonly Case[] = [
  responsesCase(
    'lines-and-codes',
    'The lines, texts and codes of a server have the form that the draft gives them.',
    lines,
  ),
  responsesCase('kinds', 'A server sends status, data and continuation requests, each in its place.', kinds),
  responsesCase('tags', 'Completions have a tag, and nothing else has one.', tags),
  responsesCase('data', 'The data of a command comes before its completion, in the forms of the grammar.', data),
  dmapCase({
    id: 'dmap-server/responses/may-hold-codes',
    title: 'Status responses may hold response codes.',
    decides: ['DMAP-396'],
    async check(context) {
      const { answers } = await watchSession(context);
      const one = answers.find(({ text }) => statusText.test(text));
      context.took('DMAP-396', one !== undefined, one === undefined ? 'no code in a whole session' : evidence(one));
    },
  }),
];
