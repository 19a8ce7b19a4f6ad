/** Seeded faults of a DMAP server: TLS, the greeting, LOGOUT, and silence. */
import type { ReferenceHooks } from '../target/embedded.js';
import {
  answerCommand,
  bendDmap,
  bendSessionOptions,
  dmapTag,
  replaceCommand,
  replaceResponse,
} from './dmap-bending.js';
import type { Fault } from './fault.js';
import { relay } from './relay.js';

const isTls = (octets: Buffer): boolean => octets[0] === 0x16;

/** Greets with OK somebody who is let in already. */
const openDoor: ReferenceHooks = {
  dmap: {
    ...replaceResponse(/^\* PREAUTH/, (greeting) => greeting.replace('PREAUTH', 'OK')).dmap,
    ...bendSessionOptions((options) => ({
      ...options,
      greeting: { kind: 'preauth', username: options.store.accounts()[0]?.name ?? '' },
    })).dmap,
  },
};

/** Refusals of commands that have no place get an OK. */
const allowed = (which: RegExp): ReferenceHooks =>
  answerCommand(which, (line, ask) => ask(line).replace(/^(\S+) BAD That command has no place.*/, '$1 OK Why not.'));

const afterLogout = replaceResponse(/^\* BYE/, '', / LOGOUT/);

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/answers-clear-text',
    breaks: 'DMAP-003',
    title: 'answers lines in clear text',
    dmapFront: relay(() => (peer) => {
      peer.once('data', (octets) => {
        if (!isTls(octets)) peer.write('* BAD Not without TLS.\r\n');
      });
    }),
  },
  {
    id: 'dmap-server/handshake-behind-clear-text',
    breaks: 'DMAP-010',
    title: 'begins a handshake behind a line of clear text',
    dmapFront: relay(() => (peer) => {
      peer.once('data', (octets) => {
        if (!isTls(octets)) peer.write(Buffer.from('16030300040e000000', 'hex'));
      });
    }),
  },
  {
    id: 'dmap-server/greets-before-tls',
    breaks: 'DMAP-011',
    title: 'greets in clear text who does not begin with TLS at once',
    dmapFront: relay(() => (peer) => {
      const timer = setTimeout(() => peer.write('* OK Begin with TLS.\r\n'), 20);
      peer.once('data', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    }),
  },
  {
    id: 'dmap-server/data-before-the-greeting',
    breaks: 'DMAP-012',
    spreads: 'every case begins with a greeting and a login',
    title: 'tells its capabilities before the greeting',
    hooks: bendDmap(() => {
      let greeted = false;
      return {
        response: (response) => {
          const first = !greeted;
          greeted = true;
          return first ? `* CAPABILITY DMAP=TRUSTFUL AUTH=STACIE\r\n${response}` : response;
        },
      };
    }),
  },
  {
    id: 'dmap-server/greets-a-user-with-ok',
    breaks: 'DMAP-094',
    spreads: 'every case begins with a greeting and a login',
    title: 'greets with OK somebody who is logged in already',
    hooks: openDoor,
  },
  {
    id: 'dmap-server/state-changes-by-itself',
    breaks: 'DMAP-091',
    title: 'lets everybody read the status of mailboxes after an unknown command',
    hooks: bendDmap(() => {
      let open = false;
      return {
        line: (line, ask) => {
          open ||= / WRONG/.test(line);
          return open && / STATUS/.test(line) ? `${dmapTag(line)} OK That is the status.\r\n` : ask(line);
        },
      };
    }),
  },
  {
    id: 'dmap-server/begins-with-a-user',
    breaks: 'DMAP-098',
    title: 'carries out commands on mailboxes before the login',
    hooks: allowed(/ (?:LIST|STATUS|SELECT|LISTKEYS|CREATE)/),
  },
  {
    id: 'dmap-server/needs-no-login',
    breaks: 'DMAP-410',
    title: 'selects INBOX before the login',
    hooks: allowed(/ SELECT INBOX/),
  },
  {
    id: 'dmap-server/greeting-without-capabilities',
    breaks: 'DMAP-399',
    title: 'has no CAPABILITY code in the greeting',
    hooks: replaceResponse(/^\* OK \[CAPABILITY/, '* OK Ready.\r\n'),
  },
  {
    id: 'dmap-server/bye-behind-ok',
    breaks: 'DMAP-168',
    title: 'sends the BYE of LOGOUT behind the tagged OK',
    hooks: bendDmap(() => {
      let bye = '';
      return {
        response: (response, command) => {
          if (!/ LOGOUT/.test(command)) return response;
          if (!response.startsWith('* BYE')) return response + bye;
          bye = response;
          return '';
        },
      };
    }),
  },
  {
    id: 'dmap-server/no-bye-at-logout',
    breaks: 'DMAP-103',
    title: 'closes after the tagged OK of LOGOUT without BYE',
    hooks: afterLogout,
  },
  {
    id: 'dmap-server/stays-after-logout',
    breaks: 'DMAP-095',
    title: 'does not close after LOGOUT',
    hooks: bendDmap(() => ({ closes: () => false })),
    limits: { replyMs: 500 },
  },
  {
    id: 'dmap-server/logout-with-arguments',
    breaks: 'DMAP-169',
    title: 'takes LOGOUT with arguments',
    hooks: replaceCommand(/ LOGOUT /, (line) => `${dmapTag(line)} LOGOUT\r\n`),
  },
  {
    id: 'dmap-server/closes-in-silence',
    breaks: 'DMAP-105',
    title: 'closes silent connections without BYE',
    hooks: bendDmap(() => ({ expired: () => '' })),
    limits: { idleMs: 800 },
  },
  {
    id: 'dmap-server/stays-after-bye',
    breaks: 'DMAP-417',
    title: 'says BYE to a silent client and does not close',
    hooks: {
      dmap: {
        ...bendDmap(() => ({ refreshed: () => '* BYE You were silent for too long.\r\n' })).dmap,
        ...bendSessionOptions((options) => {
          setTimeout(options.changed, 500).unref();
          return options;
        }).dmap,
        limits: (limits) => ({ ...limits, loginIdleMs: 60_000 }),
      },
    },
    limits: { idleMs: 800, replyMs: 700 },
  },
  {
    id: 'dmap-server/impatient-with-users',
    breaks: 'DMAP-146',
    title: 'sends users away after a second of silence',
    hooks: { dmap: { limits: (limits) => ({ ...limits, idleMs: 1000 }) } },
    limits: { idleMs: 1000 },
  },
  {
    id: 'dmap-server/timer-never-starts-anew',
    breaks: 'DMAP-147',
    title: 'sends clients away after a time, whatever they do',
    hooks: bendDmap(() => {
      const began = performance.now();
      return {
        line: (line, ask) => (performance.now() - began > 1000 ? '* BYE You were silent for too long.\r\n' : ask(line)),
      };
    }),
    limits: { idleMs: 1000, replyMs: 900 },
  },
];
