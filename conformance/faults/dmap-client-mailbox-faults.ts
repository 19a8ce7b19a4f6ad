/** Seeded faults of a DMAP client: logins, selection, messages, submission, keys. */
import { type Row, reads, sendsMore, stopsAt, type WrongClient, wordOf, writes } from './dmap-client-bending.js';

const knownCapability = /^(DMAP(=(TRUSTFUL|CAUTIOUS|PARANOID))?|AUTH=STACIE|LITERAL\+|CONDSTORE|IDLE|UIDPLUS)$/i;

/** The names of a listing of capabilities, in a response or a code; null when there is none. */
function capabilitiesIn(text: string): string[] | null {
  return /CAPABILITY ([^\]\r]+)/.exec(text)?.[1]?.split(' ') ?? null;
}

/** Lines that a selection lacks. */
const supposes = (code: string, line: string): WrongClient => {
  let told = false;
  return {
    server: (text, { name, tag }) => {
      if (text.includes(`[${code} `)) told = true;
      const selects = (name === 'SELECT' || name === 'EXAMINE') && text.startsWith(`${tag} OK`);
      const missing = selects && !told;
      if (selects) told = false;
      return missing ? `${line}\r\n${text}` : text;
    },
  };
};

/** Commands that do not go out, and are taken for done. */
const leavesOut = (isMeant: (text: string) => boolean, data: (text: string) => string = () => ''): WrongClient => ({
  client: (text, { tag, toClient }) => {
    if (!isMeant(text)) return text;
    toClient(`${data(text)}${tag} OK .\r\n`);
    return null;
  },
});

/** The capabilities of the greeting hold for good. */
function knowsCapabilities(): WrongClient {
  let known = '';
  return {
    client: (text, { name, tag, toClient }) => {
      if (name !== 'CAPABILITY' || known === '') return text;
      toClient(`* CAPABILITY ${known}\r\n${tag} OK .\r\n`);
      return null;
    },
    server: (text) => {
      known = capabilitiesIn(text)?.join(' ') ?? known;
      return text;
    },
  };
}

/** UIDs that follow each other, from the first one on. */
function contiguous(): WrongClient {
  let first: number | null = null;
  return {
    server: (text) =>
      text.replace(/^(\* (\d+) FETCH \(UID )(\d+)/, (_, before: string, number: string, uid: string) => {
        first ??= Number(uid) - Number(number) + 1;
        return `${before}${first + Number(number) - 1}`;
      }),
  };
}

/** What UIDNEXT told is the UID of what is appended. */
function trustsUidNext(): WrongClient {
  let next = '1';
  return {
    server: (text, { name, tag }) => {
      next = /\[UIDNEXT (\d+)\]/.exec(text)?.[1] ?? next;
      if (name !== 'APPEND' || !text.startsWith(`${tag} OK`)) return text;
      return `${tag} OK [APPENDUID 7 ${next}] .\r\n`;
    },
  };
}

/** A name in another letter case is another name. */
function exactNames(): WrongClient {
  let asked = '';
  return {
    client: (text) => {
      asked = text;
      return text;
    },
    server: (text) => (wordOf(text) === 'STATUS' && !asked.includes(/"(.*)"/.exec(text)?.[1] ?? '') ? null : text),
  };
}

/** Closes towards the server when a submission fails. */
const givesUp = (): WrongClient =>
  stopsAt((_, text, { name, tag }) => name === 'SUBMIT' && new RegExp(`^${tag} (NO|BAD)`).test(text));

/** A message that is open for submission, whatever its flags are. */
const always = reads(/(\* \d+ FETCH \(.*FLAGS \()[^)]*\)/, '$1\\SubmitPending)');

/** What a client thinks of the only flag it has set. */
function thinksItIsPending(text: string): string {
  const [, uid, number] = / (UID )?STORE (\d+)/.exec(text) ?? [];
  const at = uid === undefined ? Number(number) : Number(number) - 10;
  return `* ${at} FETCH (UID ${at + 10} FLAGS (\\SubmitPending))\r\n`;
}

export const rows: readonly Row[] = [
  [
    'initial-in-quotes',
    'DMAP-178',
    'puts the initial response in quotes',
    () => writes(/( AUTHENTICATE \S+ )(\S+)/, '$1"$2"'),
  ],
  [
    'answers-in-json',
    'DMAP-181',
    'answers challenges without base64',
    () => ({
      client: (text, { name, tag }) =>
        name === 'AUTHENTICATE' && !text.startsWith(tag) && text.length > 4
          ? `${Buffer.from(text, 'base64').toString('latin1')}\r\n`
          : text,
    }),
  ],
  ['cancels-with-nothing', 'DMAP-182', 'cancels with an empty line', () => writes(/^\*\r\n/, '\r\n')],
  [
    'token-of-zeros',
    'DMAP-187',
    'proves the password with a token that proves nothing',
    () => ({
      client: (text, { name, tag }) => {
        if (name !== 'AUTHENTICATE' || text.startsWith(tag) || text.length < 9) return text;
        const proof = Buffer.from(text, 'base64')
          .toString('utf8')
          .replace(/"token":"[^"]*"/, `"token":"${'A'.repeat(86)}"`);
        return `${Buffer.from(proof).toString('base64')}\r\n`;
      },
    }),
  ],
  ['knows-capabilities', 'DMAP-197', 'keeps the capabilities of before the login', knowsCapabilities],
  [
    'nothing-is-permanent',
    'DMAP-206',
    'takes no flag for permanent when PERMANENTFLAGS is missing',
    () => supposes('PERMANENTFLAGS', '* OK [PERMANENTFLAGS ()] .'),
  ],
  [
    'makes-up-uidvalidity',
    'DMAP-207',
    'uses UIDs although UIDVALIDITY is missing',
    () => supposes('UIDVALIDITY', '* OK [UIDVALIDITY 1] .'),
  ],
  [
    'status-of-the-selected',
    'DMAP-257',
    'uses STATUS on the mailbox that is selected',
    () => ({
      steps: (step) => (step.do === 'status' ? { ...step, mailbox: `qq${String(step.mailbox)}` } : step),
      ...writes(/( STATUS )qq/, '$1'),
    }),
  ],
  [
    'polls-by-status',
    'DMAP-258',
    'asks STATUS for news of the selected mailbox',
    () =>
      sendsMore((_, { name }) => (name === 'NOOP' || name === 'FETCH' ? 'STATUS INBOX (MESSAGES)' : null), 'before'),
  ],
  [
    'needs-its-mechanism-told',
    'DMAP-426',
    'stops when AUTH=STACIE is not announced',
    () => stopsAt((_, text) => capabilitiesIn(text)?.includes('AUTH=STACIE') === false),
  ],
  [
    'stops-at-unknown-capabilities',
    'DMAP-427',
    'stops at capabilities that it does not know',
    () => stopsAt((_, text) => capabilitiesIn(text)?.every((name) => knownCapability.test(name)) === false),
  ],
  ['contiguous-uids', 'DMAP-044', 'takes UIDs for contiguous', contiguous],
  ['trusts-uidnext', 'DMAP-053', 'takes UIDNEXT for the UID of what it appends', trustsUidNext],
  ['exact-names', 'DMAP-129', 'drops STATUS of a name in another letter case', exactNames],
  [
    'appends-anything',
    'DMAP-262',
    'appends whatever it is given',
    () => ({ steps: (step) => (step.do === 'append' ? { ...step, anyFormat: true } : step) }),
  ],
  ...(['append', 'copy'] as const).map(
    (name): Row => [
      `${name}-never-creates`,
      name === 'append' ? 'DMAP-272' : 'DMAP-351',
      `never creates a mailbox for ${name.toUpperCase()}`,
      () => ({ steps: (step) => (step.do === name ? { ...step, create: false } : step) }),
    ],
  ),
  [
    'submits-at-once',
    'DMAP-072',
    'does not set \\SubmitPending',
    () => leavesOut((text) => / STORE .*\\SubmitPending/.test(text), thinksItIsPending),
  ],
  ['submits-whatever', 'DMAP-357', 'submits whatever the flags are', () => always],
  ['gives-up-at-submit', 'DMAP-366', 'closes when a submission fails', givesUp],
  [
    'adds-keys-again',
    'DMAP-280',
    'adds a key again without DELETEKEY',
    () => leavesOut((text) => / DELETEKEY /.test(text)),
  ],
];
