/** Seeded faults of a DMAP client: how it begins, and what it writes. */
import { type Row, reads, sendsMore, type WrongClient, writes } from './dmap-client-bending.js';

/** The last literal of a command, as a quoted string. */
const quoted: WrongClient = { whole: (text) => text.replace(/ \{\d+\}\r\n([^\0\r\n]+)/g, ' "$1"') };

const byNumber = ['FETCH', 'STORE', 'SEARCH', 'COPY'];

/** Tags that are all the same. */
function oneTag(): WrongClient {
  return {
    client: (text, { tag }) => (text.startsWith(`${tag} `) ? `a${text.slice(tag.length)}` : text),
    server: (text, { tag }) => (text.startsWith('a ') ? `${tag}${text.slice(1)}` : text),
  };
}

/** No tags on SELECT. */
function noTag(): WrongClient {
  return {
    client: (text, { name, tag, toClient }) => {
      if (name !== 'SELECT') return text;
      toClient(`${tag} NO .\r\n`);
      return text.slice(tag.length + 1);
    },
    server: (text) => (text.startsWith('SELECT ') ? null : text),
  };
}

export const rows: readonly Row[] = [
  ['speaks-in-clear-text', 'DMAP-003', 'takes a greeting in clear text, and goes on in it', () => ({ clear: true })],
  ['waits-for-clear-text', 'DMAP-010', 'waits for a greeting in clear text', () => ({ clear: true })],
  ['takes-ok-for-preauth', 'DMAP-094', 'takes OK in the greeting for PREAUTH', () => reads(/^\* OK/i, '* PREAUTH')],
  ['goes-on-after-bye', 'DMAP-094', 'takes BYE in the greeting for OK', () => reads(/^\* BYE/i, '* OK')],
  [
    'needs-a-login-after-preauth',
    'DMAP-094',
    'takes PREAUTH in the greeting for OK',
    () => reads(/^\* PREAUTH/i, '* OK'),
  ],
  ['line-feeds-alone', 'DMAP-014', 'ends LOGOUT with LF alone', () => writes(/( LOGOUT)\r\n/, '$1\n')],
  ['no-tag', 'DMAP-016', 'sends SELECT without a tag', noTag],
  ['one-tag', 'DMAP-017', 'has one tag for all commands', oneTag],
  [
    'list-behind-select',
    'DMAP-018',
    'writes SELECT with a list behind the name',
    () => writes(/( SELECT \S+)\r\n/, '$1 ()\r\n'),
  ],
  ['wide-spaces', 'DMAP-453', 'writes two spaces behind SELECT', () => writes(/ SELECT /, ' SELECT  ')],
  ['nul-in-a-name', 'DMAP-454', 'ends the name of a mailbox with NUL', () => writes(/( SELECT \S+)\r\n/, '$1\0\r\n')],
  ['utf-8-in-quotes', 'DMAP-117', 'sends strings beyond ASCII in quotes', () => quoted],
  [
    'names-in-utf-7',
    'DMAP-126',
    'sends names beyond ASCII in another encoding',
    () => ({ whole: (text) => text.replace(/( CREATE )\{\d+\}\r\n.*\r\n/s, '$1&AOk-\r\n') }),
  ],
  [
    'never-quotes',
    'DMAP-130',
    'sends every name of a mailbox without quotes',
    () => writes(/( CREATE )"(.*)"\r\n/, '$1$2\r\n'),
  ],
  ['no-x', 'DMAP-381', 'sends commands of its own without X', () => writes(/ X(\S+)/, ' $1')],
  [
    'no-space-behind-literals',
    'DMAP-449',
    'leaves out the space behind a literal',
    () => ({ whole: (text) => text.replace(/( STATUS \{\d+\}\r\n[^(]*) \(/, '$1(') }),
  ],
  ['does-not-wait', 'DMAP-116', 'sends the octets of every literal at once', () => ({ eager: () => true })],
  [
    'unannounced-plus',
    'DMAP-448',
    'marks its literals with a plus sign that nobody announced',
    () => ({ whole: (text) => text.replace(/\{(\d+)\}\r\n/g, '{$1+}\r\n') }),
  ],
  [
    'forgets-the-plus',
    'DMAP-116',
    'does not wait where LITERAL+ was announced, and does not say so',
    () => ({ whole: (text) => text.replace(/\{(\d+)\+\}\r\n/g, '{$1}\r\n') }),
  ],
  [
    'does-not-wait-for-nothing',
    'DMAP-119',
    'does not wait behind the count 0',
    () => ({ eager: (size) => size === 0 }),
  ],
  ['sends-what-was-refused', 'DMAP-023', 'sends the octets of a literal that was refused', sendsRefused],
  [
    'deaf-while-it-waits',
    'DMAP-024',
    'drops what comes while it waits for a continuation request',
    () => ({ server: (text, { pending }) => (pending !== null && text.startsWith('*') ? null : text) }),
  ],
  ['in-the-middle', 'DMAP-025', 'sends NOOP in the middle of a command with a literal', inTheMiddle],
  [
    'in-the-middle-of-a-login',
    'DMAP-150',
    'sends NOOP in the middle of AUTHENTICATE',
    () => sendsMore((_, { name }) => (name === 'AUTHENTICATE' ? 'NOOP' : null)),
  ],
  [
    'sends-ahead',
    'DMAP-151',
    'sends EXPUNGE behind every command with sequence numbers, without waiting',
    () => sendsMore((text, { name }) => (byNumber.includes(name) && !/ UID /.test(text) ? 'EXPUNGE' : null)),
  ],
];

function sendsRefused(): WrongClient {
  return {
    server: (text, { pending, tag, toServer }) => {
      if (pending !== null && text.startsWith(`${tag} `)) toServer(`${'a'.repeat(pending)}\r\n`);
      return text;
    },
  };
}

/** The connection is of no use after it. */
function inTheMiddle(): WrongClient {
  return {
    client: (text, { name, hangUp, leave, toServer }) => {
      const size = /\{(\d+)\}\r\n$/.exec(text)?.[1];
      if (name !== 'APPEND' || size === undefined) return text;
      toServer(`${text}zz NOOP\r\n${'a'.repeat(Number(size))}\r\n`);
      setTimeout(() => {
        leave();
        hangUp();
      }, 60);
      return null;
    },
  };
}
