/** Seeded faults of a DMAP server: LIST and STATUS. */
import { bendDmap, bendStore, replaceResponse } from './dmap-bending.js';
import { complete, doMore, rewriteNames, unselect } from './dmap-mailbox-bending.js';
import type { Fault } from './fault.js';

const list = /^\S+ LIST /i;
const status = /^\S+ STATUS /i;

function waitSome(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/lists-without-delimiter',
    breaks: 'DMAP-245',
    title: 'leaves the delimiter out of LIST',
    hooks: replaceResponse(/^\* LIST /, (response) => response.replace(' "/" ', ' ')),
  },
  {
    id: 'dmap-server/lists-twice',
    breaks: 'DMAP-245',
    title: 'sends each LIST twice',
    hooks: replaceResponse(/^\* LIST /, (response) => response + response),
  },
  {
    id: 'dmap-server/lists-no-status',
    breaks: 'DMAP-245',
    title: 'leaves the status out that LIST was asked to return',
    hooks: replaceResponse(/^\* LIST /, (response) => response.replace(/ \("?STATUS"? \(.*\)\)\r\n$/, '\r\n')),
  },
  {
    id: 'dmap-server/lists-slowly',
    breaks: 'DMAP-246',
    title: 'takes more than a second for a LIST with `*`',
    hooks: replaceResponse(
      /^(?!\*)\S+ OK/,
      (response) => {
        waitSome(1100);
        return response;
      },
      /^\S+ LIST \S+\/\*\r\n$/i,
    ),
  },
  {
    id: 'dmap-server/lists-inbox-always',
    breaks: 'DMAP-247',
    title: 'adds INBOX to each LIST',
    hooks: replaceResponse(/^(?![*+])\S+ OK/, (response) => `* LIST () "/" INBOX\r\n${response}`, list),
  },
  {
    id: 'dmap-server/star-stops-at-slashes',
    breaks: 'DMAP-248',
    title: 'takes `*` for `%`',
    hooks: rewriteNames(list, (name) => name.replaceAll('*', '%')),
  },
  {
    id: 'dmap-server/percent-crosses-slashes',
    breaks: 'DMAP-249',
    title: 'takes `%` for `*`',
    hooks: rewriteNames(list, (name) => name.replaceAll('%', '*')),
  },
  {
    id: 'dmap-server/lists-no-levels',
    breaks: 'DMAP-250',
    title: 'leaves \\Noselect names out of LIST',
    hooks: replaceResponse(/^\* LIST \([^)]*\\Noselect/i, '', list),
  },
  {
    id: 'dmap-server/hides-inbox',
    breaks: 'DMAP-252',
    title: 'leaves INBOX out of LIST',
    hooks: replaceResponse(/^\* LIST .* INBOX\r\n$/, ''),
  },
  {
    id: 'dmap-server/writes-inbox-as-it-likes',
    breaks: 'DMAP-252',
    title: 'lists INBOX as Inbox',
    hooks: replaceResponse(/^\* LIST .* INBOX\r\n$/, (response) => response.replace('INBOX', 'Inbox')),
  },
  {
    id: 'dmap-server/empty-lists-are-bad',
    breaks: 'DMAP-253',
    title: 'answers LIST of what is not there with BAD',
    hooks: bendDmap(() => {
      let any = false;
      return {
        response: (response, command) => {
          if (!list.test(command)) return response;
          any ||= response.startsWith('* LIST');
          if (/^[*+]/.test(response)) return response;
          const answer = any ? response : response.replace(/^(\S+) OK/, '$1 BAD');
          any = false;
          return answer;
        },
      };
    }),
  },
  {
    id: 'dmap-server/tells-no-status',
    breaks: 'DMAP-254',
    title: 'sends no untagged STATUS',
    hooks: replaceResponse(/^\* STATUS /, ''),
  },
  {
    id: 'dmap-server/status-unselects',
    breaks: 'DMAP-255',
    title: 'ends the selection at STATUS',
    hooks: doMore(status, () => unselect),
  },
  {
    id: 'dmap-server/status-sees',
    breaks: 'DMAP-255',
    title: 'sets \\Seen on the messages of a mailbox at STATUS',
    hooks: bendStore((store) => ({
      status: (mailbox) => {
        const right = store.status(mailbox);
        store.storeFlags(mailbox, store.uids(mailbox), { how: 'add', flags: ['\\Seen'] });
        return right;
      },
    })),
  },
  {
    id: 'dmap-server/status-of-patterns',
    breaks: 'DMAP-256',
    title: 'takes % and * in STATUS for wildcards',
    hooks: bendStore((store) => ({
      mailbox: (account, name) => {
        const wildcard = /[%*]$/.test(name) ? name.slice(0, -1) : null;
        if (wildcard === null) return store.mailbox(account, name);
        return store.mailboxes(account).find((each) => each.selectable && each.name.startsWith(wildcard)) ?? null;
      },
    })),
  },
  {
    id: 'dmap-server/counts-all-as-unseen',
    breaks: 'DMAP-259',
    title: 'counts messages with \\Seen as unseen',
    hooks: bendStore((store) => ({
      status: (mailbox) => {
        const right = store.status(mailbox);
        return { ...right, unseen: right.messages };
      },
    })),
  },
  {
    id: 'dmap-server/status-of-nothing',
    breaks: 'DMAP-260',
    title: 'answers STATUS of a missing mailbox with OK',
    hooks: complete(status, /^NO/, 'OK'),
  },
  {
    id: 'dmap-server/status-repeats-itself',
    breaks: 'DMAP-429',
    title: 'sends the last item of STATUS twice',
    hooks: replaceResponse(/^\* STATUS /, (response) => response.replace(/(\w+ \d+)\)\r\n$/, '$1 $1)\r\n')),
  },
];
