/** Seeded faults of a DMAP client: what it makes of responses, and how it leaves. */
import { deafTo, type Row, reads, sendsMore, stopsAt, type WrongClient, wordOf } from './dmap-client-bending.js';

const data = ['SEARCH', 'LIST', 'STATUS', 'KEY', 'SIGNET'];
const codes = /\[(CAPABILITY|PERMANENTFLAGS|UIDNEXT|UIDVALIDITY|READ-|TRYCREATE|ALERT|APPENDUID|SUBMISSION|POLICY)/;

const wrongForm =
  /^\* (FLAGS(?! \()|\d+ FETCH (\(\)|[^(])|EXISTS|SEARCH [a-z]|STATUS \S+\r|LIST [^(]|KEY\r|CAPABILITY\r|OK \[UIDNEXT\])/;

/** Data that the command is not about makes it fail. */
function failsWithOthers(): WrongClient {
  let foreign = false;
  return {
    server: (text, { name, tag }) => {
      const word = wordOf(text);
      if (data.includes(word) && !name.startsWith(word) && !(word === 'KEY' && name.endsWith('KEYS'))) foreign = true;
      if (!text.startsWith(`${tag} `)) return text;
      const failed = foreign;
      foreign = false;
      return failed ? text.replace(/ OK/, ' NO') : text;
    },
  };
}

/** What was found unasked is part of the next answer. */
function keepsSearches(): WrongClient {
  let kept = '';
  return {
    server: (text, { name }) => {
      if (wordOf(text) !== 'SEARCH') return text;
      if (name === 'SEARCH') return text.replace('\r\n', `${kept}\r\n`);
      kept += text.slice('* SEARCH'.length).trimEnd();
      return null;
    },
  };
}

/** The completion stands wherever the tag does. */
function findsTags(): WrongClient {
  return {
    server: (text, { tag }) => {
      const found = new RegExp(` (${tag} (?:OK|NO|BAD).*)$`, 's').exec(text)?.[1];
      return tag === '' || found === undefined ? text : found;
    },
  };
}

/** An untagged NO completes the command. */
function warningsFail(): WrongClient {
  return {
    server: (text, { tag, name }) =>
      /^\* NO/i.test(text) && tag !== '' && name !== 'LOGOUT' ? `${tag} NO failed\r\n` : text,
  };
}

/** Responses of some kind are heard in answer to these commands alone. */
const hearsWith = (word: string, ...names: readonly string[]): WrongClient =>
  deafTo((said, _, { name }) => said === word && !names.includes(name));

/** The first of its kind counts for good. */
function hearsOnce(word: string): WrongClient {
  let heard = false;
  return deafTo((said) => {
    const again = said === word && heard;
    if (said === word) heard = true;
    return again;
  });
}

/** A size that nobody told is none. */
function expectsSizes(): WrongClient {
  let told = false;
  return {
    server: (text, { name, tag }) => {
      if (wordOf(text) === 'EXISTS') told = true;
      if (!text.startsWith(`${tag} `)) return text;
      const missing = !told && ['NOOP', 'SEARCH', 'FETCH', 'CAPABILITY'].includes(name);
      told = false;
      return missing ? `* 0 EXISTS\r\n${text}` : text;
    },
  };
}

/** Sizes as they were told; and what is done with an EXPUNGE response. */
function withSizes(bend: (text: string, number: number, exists: number) => string | null): WrongClient {
  let exists = 0;
  return {
    server: (text) => {
      const [, number, word] = /^\* (\d+) (EXISTS|EXPUNGE)\b/i.exec(text) ?? [];
      if (word === 'EXISTS') exists = Number(number);
      if (word !== 'EXPUNGE') return text;
      const bent = bend(text, Number(number), exists);
      exists -= 1;
      return bent;
    },
  };
}

/** Sizes that are smaller than the one before do not count. */
function onlyGrows(): WrongClient {
  let most = 0;
  return deafTo((word, text) => {
    const size = word === 'EXISTS' ? Number(text.split(' ')[1]) : most;
    const smaller = size < most;
    most = Math.max(most, size);
    return smaller;
  });
}

/** Ends towards the server, and for the client. */
const gone = (when: (text: string, name: string) => boolean): WrongClient =>
  stopsAt((_, text, { name }) => when(text, name));

export const rows: readonly Row[] = [
  ['finds-tags-anywhere', 'DMAP-034', 'takes a tag anywhere in a line for a completion', findsTags],
  [
    'stops-at-unknown-data',
    'DMAP-035',
    'stops at data that it does not know',
    () => stopsAt((word) => /^(X|RECENT|VANISHED)/.test(word)),
  ],
  [
    'small-responses',
    'DMAP-035',
    'stops at a response of more than 64 KiB',
    () => stopsAt((_, text) => text.length > 65_536),
  ],
  [
    'stops-at-wrong-forms',
    'DMAP-385',
    'stops at a response that it knows in another form',
    () => stopsAt((_, text) => wrongForm.test(text)),
  ],
  [
    'stops-at-what-it-did-not-ask-for',
    'DMAP-036',
    'stops at data that it did not ask for',
    () => stopsAt((word, _, { name }) => data.includes(word) && (name === 'NOOP' || name === 'CREATE')),
  ],
  [
    'fetch-in-answer-alone',
    'DMAP-028',
    'takes FETCH in answer to a command alone',
    () => hearsWith('FETCH', 'FETCH', 'STORE'),
  ],
  ['fetch-for-fetch-alone', 'DMAP-437', 'takes FETCH in answer to FETCH alone', () => hearsWith('FETCH', 'FETCH')],
  [
    'stops-within-a-login',
    'DMAP-135',
    'stops at data within AUTHENTICATE',
    () => stopsAt((word, _, { name }) => word !== '' && name === 'AUTHENTICATE'),
  ],
  [
    'deaf-between-commands',
    'DMAP-142',
    'drops what comes between commands',
    () => deafTo((word, _, { tag }) => tag === '' && !['OK', 'PREAUTH', 'BYE'].includes(word)),
  ],
  ['fails-with-other-data', 'DMAP-154', 'takes a command for failed that other data comes along with', failsWithOthers],
  [
    'stops-before-the-login',
    'DMAP-385',
    'stops at data that comes without a selected mailbox',
    () => {
      let selected = false;
      return stopsAt((word, _, { name }) => {
        selected ||= name === 'SELECT' || name === 'EXAMINE';
        return !selected && ['FETCH', 'EXISTS', 'RECENT', ...data].includes(word);
      });
    },
  ],
  ['keeps-searches', 'DMAP-390', 'takes an unasked SEARCH response for a part of the next answer', keepsSearches],
  [
    'codes-decide',
    'DMAP-407',
    'takes a completion with an unknown code for the contrary',
    () => ({
      server: (text) =>
        codes.test(text) || !/^[^*+]\S* (OK|NO|BAD) \[/.test(text)
          ? text
          : text.replace(/ (OK|NO|BAD) \[/, (_, status: string) => (status === 'OK' ? ' NO [' : ' OK [')),
    }),
  ],
  ['warnings-fail', 'DMAP-411', 'takes an untagged NO for the completion', warningsFail],
  [
    'upper-case-alone',
    'DMAP-452',
    'stops at keywords that are not in upper case',
    () => stopsAt((_, text) => /^\* (\d+ )?[A-Z]*[a-z]/.test(text)),
  ],
  ['flags-at-selection-alone', 'DMAP-038', 'takes FLAGS at the selection alone', () => hearsWith('FLAGS', 'SELECT')],
  [
    'exists-with-noop-alone',
    'DMAP-388',
    'takes EXISTS with SELECT and NOOP alone',
    () => hearsWith('EXISTS', 'SELECT', 'NOOP'),
  ],
  ['first-flags', 'DMAP-431', 'takes FLAGS once', () => hearsOnce('FLAGS')],
  ['exists-at-selection-alone', 'DMAP-434', 'takes EXISTS at the selection alone', () => hearsWith('EXISTS', 'SELECT')],
  ['sizes-only-grow', 'DMAP-140', 'takes no size that is smaller than one before', onlyGrows],
  ['expects-sizes', 'DMAP-141', 'takes a mailbox for empty when a command tells no size', expectsSizes],
  ['deaf-to-expunge', 'DMAP-066', 'drops EXPUNGE', () => deafTo((word) => word === 'EXPUNGE')],
  [
    'the-last-one-is-gone',
    'DMAP-067',
    'takes the last message for the one that was expunged',
    () => withSizes((_, __, exists) => `* ${exists} EXPUNGE\r\n`),
  ],
  ['shrinking-is-no-news', 'DMAP-067', 'keeps messages above a size that shrank', onlyGrows],
  [
    'goes-on-after-logout',
    'DMAP-092',
    'sends NOOP behind LOGOUT',
    () => sendsMore((_, { name }) => (name === 'LOGOUT' ? 'NOOP' : null)),
  ],
  [
    'forgets-the-greeting',
    'DMAP-092',
    'sends AUTHENTICATE when it is authenticated',
    () => reads(/^\* PREAUTH/i, '* OK'),
  ],
  [
    'never-needs-a-login',
    'DMAP-096',
    'sends everything without a login',
    () => reads(/^\* OK( \[CAPABILITY)/, '* PREAUTH$1'),
  ],
  [
    'believes-in-its-selection',
    'DMAP-099',
    'takes a mailbox for selected whatever the server says',
    () => ({
      server: (text, { name, tag }) =>
        (name === 'EXAMINE' || name === 'SELECT') && text.startsWith(`${tag} NO`) ? text.replace(' NO', ' OK') : text,
    }),
  ],
  [
    'closes-at-bye',
    'DMAP-104',
    'closes at the BYE of a LOGOUT',
    () => gone((text, name) => /^\* BYE/.test(text) && name === 'LOGOUT'),
  ],
  [
    'closes-at-bad',
    'DMAP-106',
    'closes when a command is refused',
    () => gone((text) => /^[^*+]\S* (BAD|NO)/.test(text)),
  ],
  ['no-logout', 'DMAP-107', 'closes without LOGOUT', leavesInSilence],
  ['leaves-at-bye', 'DMAP-418', 'closes at BYE', () => gone((text, name) => /^\* BYE/.test(text) && name !== 'LOGOUT')],
];

function leavesInSilence(): WrongClient {
  return {
    client: (text, { name, tag, toClient, leave }) => {
      if (name !== 'LOGOUT') return text;
      toClient(`* BYE .\r\n${tag} OK .\r\n`);
      leave();
      return null;
    },
  };
}
