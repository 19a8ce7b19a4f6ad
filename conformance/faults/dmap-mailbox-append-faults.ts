/** Seeded faults of a DMAP server: APPEND. */
import type { ReferenceHooks } from '../target/embedded.js';
import { bendDmap, bendSessionOptions, bendStore, dmapTag, type MailStore, replaceResponse } from './dmap-bending.js';
import { complete } from './dmap-mailbox-bending.js';
import type { Fault } from './fault.js';

const append = /^\S+ APPEND /i;

type NewMessage = Parameters<MailStore['append']>[1];
type Sink = ReturnType<MailStore['append']>;

const longAgo = { year: 2001, month: 1, day: 1, hour: 12, minute: 0, second: 0, zone: '+0000' };

/** Messages arrive in another way than they were given. */
const arriving = (change: (message: NewMessage) => NewMessage): ReferenceHooks =>
  bendStore((store) => ({ append: (mailbox, message) => store.append(mailbox, change(message)) }));

/** Their octets do. */
const writing = (change: (sink: Sink) => Partial<Sink>): ReferenceHooks =>
  bendStore((store) => ({
    append: (mailbox, message) => {
      const sink = store.append(mailbox, message);
      const right: Sink = {
        write: (octets) => sink.write(octets),
        commit: () => sink.commit(),
        abort: () => sink.abort(),
      };
      return { ...right, ...change(sink) };
    },
  }));

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/loses-messages',
    breaks: 'DMAP-261',
    title: 'answers APPEND with OK and keeps nothing',
    hooks: writing((sink) => ({
      commit: () => {
        sink.abort();
        return { uid: 1, uidValidity: 1 };
      },
    })),
  },
  {
    id: 'dmap-server/keeps-text-alone',
    breaks: 'DMAP-263',
    title: 'makes spaces of the NULs in a message',
    hooks: writing((sink) => ({ write: (octets) => sink.write(octets.map((octet) => (octet === 0 ? 0x20 : octet))) })),
  },
  {
    id: 'dmap-server/counts-line-ends',
    breaks: 'DMAP-086',
    title: 'adds two octets to the size of a message',
    hooks: replaceResponse(/^\* \d+ FETCH .*SIZE/, (response) =>
      response.replace(/SIZE (\d+)/, (_, size) => `SIZE ${Number(size) + 2}`),
    ),
  },
  {
    id: 'dmap-server/appends-without-flags',
    breaks: 'DMAP-264',
    title: 'drops the flags of APPEND',
    hooks: arriving(({ internalDate }) => ({ internalDate })),
  },
  {
    id: 'dmap-server/appends-as-seen',
    breaks: 'DMAP-265',
    title: 'sets \\Seen on messages that come without flags',
    hooks: arriving(({ flags = [], internalDate }) => ({
      internalDate,
      flags: flags.length === 0 ? ['\\Seen'] : flags,
    })),
  },
  {
    id: 'dmap-server/ignores-the-date',
    breaks: 'DMAP-266',
    title: 'ignores the date of APPEND',
    hooks: arriving((message) => ({ ...message, internalDate: longAgo })),
  },
  {
    id: 'dmap-server/keeps-the-last-date',
    breaks: 'DMAP-084',
    title: 'uses the last date that some APPEND gave, when there is none',
    hooks: bendDmap(() => {
      let last = '';
      return {
        line: (line, ask) => {
          if (!append.test(line)) return ask(line);
          const date = /"\s?\d[^"]*"/.exec(line)?.[0];
          if (date !== undefined) last = `${date} `;
          return ask(date === undefined ? line.replace(/(?=~\{)/, last) : line);
        },
      };
    }),
  },
  {
    id: 'dmap-server/lives-in-the-past',
    breaks: 'DMAP-267',
    title: 'takes a time long ago for the present one',
    hooks: bendSessionOptions((options) => ({ ...options, clock: () => longAgo })),
  },
  {
    id: 'dmap-server/believes-headers',
    breaks: 'DMAP-081',
    title: 'takes the internal date from a header in the message',
    hooks: bendStore((store) => ({
      append: (mailbox, message) => {
        const pieces: Uint8Array[] = [];
        return {
          write: (octets) => pieces.push(Uint8Array.from(octets)),
          commit: () => {
            const octets = Buffer.concat(pieces);
            const dated = octets.includes('Date: ') ? { ...message, internalDate: longAgo } : message;
            const sink = store.append(mailbox, dated);
            sink.write(octets);
            return sink.commit();
          },
          abort: () => undefined,
        };
      },
    })),
  },
  {
    id: 'dmap-server/keeps-half-of-a-failure',
    breaks: 'DMAP-268',
    title: 'keeps what came of an APPEND that failed',
    hooks: writing((sink) => ({ abort: () => sink.commit() })),
  },
  {
    id: 'dmap-server/appends-to-nothing',
    breaks: 'DMAP-269',
    title: 'answers APPEND to a missing mailbox with OK',
    hooks: complete(append, /^NO \[TRYCREATE\]/, 'OK'),
  },
  {
    id: 'dmap-server/append-creates',
    breaks: 'DMAP-270',
    title: 'makes the mailbox that APPEND names',
    hooks: bendDmap(() => {
      let name = '';
      return {
        literal: (octets) => {
          name = octets;
          return octets;
        },
        line: (line, ask) => {
          const answer = ask(line);
          if (answer.includes('[TRYCREATE]')) ask(`zz CREATE "${name}"\r\n`);
          return answer;
        },
      };
    }),
  },
  {
    id: 'dmap-server/tries-create-for-any-failure',
    breaks: 'DMAP-404',
    title: 'says TRYCREATE whenever APPEND fails',
    hooks: complete(append, /^(NO|BAD)(?: \[\w+\])?/, '$1 [TRYCREATE]'),
  },
  {
    id: 'dmap-server/never-tries-create',
    breaks: 'DMAP-271',
    title: 'leaves [TRYCREATE] out of the NO of APPEND',
    hooks: bendDmap(() => ({
      response: (response, command) =>
        append.test(command) && /^\S+ NO \[TRYCREATE\]/.test(response)
          ? `${dmapTag(response)} NO There is no such mailbox.\r\n`
          : response,
    })),
  },
];
