/** Faults of UIDs, UIDNEXT, UIDVALIDITY and MODSEQ (class dmap-sync). */
import type { ReferenceHooks } from '../target/embedded.js';
import {
  answerCommand,
  bendDmap,
  bendStore,
  dmapTag,
  type MailStore,
  replaceCommand,
  replaceResponse,
} from './dmap-bending.js';
import type { Fault } from './fault.js';

/** UIDs in FETCH responses are others. */
const tellUids = (other: (uid: number, number: number) => number): ReferenceHooks =>
  replaceResponse(/^\* \d+ FETCH .*UID \d/, (response) => {
    const number = Number(response.split(' ')[1]);
    return response.replace(
      /([( ]UID )(\d+)/,
      (_, word: string, uid: string) => `${word}${other(Number(uid), number)}`,
    );
  });

/** The UID of a message is its sequence number. */
const uidIsNumber = tellUids((_, number) => number);
export const descending = tellUids((uid) => 100_000 - uid);

/** Each session tells UIDs of its own. */
function uidsOfTheSession(): ReferenceHooks {
  let sessions = 0;
  return bendDmap(() => {
    sessions += 1;
    const shift = 1000 * sessions;
    return {
      response: (response) =>
        /^\* \d+ FETCH /.test(response)
          ? response.replace(/([( ]UID )(\d+)/, (_, word: string, uid: string) => `${word}${Number(uid) + shift}`)
          : response,
      line: (line, ask) =>
        ask(
          line.replace(/( UID FETCH )(\d+)( |:\*)/, (_, word: string, uid: string, end: string) => {
            return `${word}${Number(uid) === 1 ? 1 : Math.max(1, Number(uid) - shift)}${end}`;
          }),
        ),
    };
  });
}

const constantValidity = replaceResponse(/^\* OK \[UIDVALIDITY/, (response) => response.replace(/\d+\]/, '7]'));
const code = (name: string, by: string): ReferenceHooks =>
  replaceResponse(new RegExp(`\\[${name} `), (response) => response.replace(/\[(\S+) (\d+)\]/, by));

type Summary = NonNullable<ReturnType<MailStore['summary']>>;
const bendSummary = (change: (summary: Summary) => Partial<Summary>): ReferenceHooks =>
  bendStore((store) => ({
    summary: (mailbox, uid) => {
      const summary = store.summary(mailbox, uid);
      return summary === null ? null : { ...summary, ...change(summary) };
    },
  }));

const reused = (id: string, breaks: string, title: string): Fault => ({
  id: `dmap-sync/${id}`,
  breaks,
  title,
  hooks: constantValidity,
});

const uidFaults: readonly Fault[] = [
  {
    id: 'dmap-sync/uid-fetch-takes-the-next',
    breaks: 'DMAP-040',
    title: 'UID FETCH brings the message after the one that it names',
    hooks: replaceCommand(/ UID FETCH \d+ /, (line) =>
      line.replace(/FETCH (\d+)/, (_, uid: string) => `FETCH ${Number(uid) + 1}`),
    ),
  },
  {
    id: 'dmap-sync/uids-of-more-bits',
    breaks: 'DMAP-041',
    title: 'UIDs have more than 32 bits',
    hooks: tellUids((uid) => uid + 2 ** 32),
  },
  reused('uid-again', 'DMAP-042', 'UIDs begin at 1 in a new mailbox, under the UIDVALIDITY of the old one'),
  {
    id: 'dmap-sync/uids-come-again',
    breaks: 'DMAP-043',
    title: 'a new message gets the lowest UID that is free',
    hooks: uidIsNumber,
  },
  {
    id: 'dmap-sync/uids-move-up',
    breaks: 'DMAP-045',
    title: 'when a message goes, those behind it get other UIDs',
    hooks: uidIsNumber,
  },
  {
    id: 'dmap-sync/uids-of-the-session',
    breaks: 'DMAP-046',
    title: 'each session has UIDs of its own',
    freshHooks: uidsOfTheSession,
  },
  {
    id: 'dmap-sync/uids-change-unseen',
    breaks: 'DMAP-047',
    title: 'UIDs of a later session are others under the same UIDVALIDITY',
    freshHooks: uidsOfTheSession,
  },
  {
    id: 'dmap-sync/uids-name-others-later',
    breaks: 'DMAP-047',
    title: 'under the same UIDVALIDITY a UID names another message after one was removed',
    hooks: uidIsNumber,
  },
  {
    id: 'dmap-sync/uids-forgotten',
    breaks: 'DMAP-048',
    title: 'a later session does not know the UIDs of the earlier one',
    freshHooks: uidsOfTheSession,
  },
  {
    id: 'dmap-sync/one-new-message-at-a-time',
    breaks: 'DMAP-048',
    title: 'a range from UIDNEXT on brings the first new message alone',
    hooks: replaceCommand(/ UID FETCH (?!1:)\d+:\* \(UID/, (line) => line.replace(/(\d+):\*/, '$1')),
  },
  {
    id: 'dmap-sync/validity-of-none',
    breaks: 'DMAP-049',
    title: 'UIDVALIDITY is 0',
    hooks: code('UIDVALIDITY', '[$1 0]'),
  },
  {
    id: 'dmap-sync/uidnext-runs',
    breaks: 'DMAP-050',
    title: 'UIDNEXT is higher each time that it is asked for',
    hooks: bendDmap(() => {
      let asked = 0;
      return {
        response: (response) => {
          if (!/^\* STATUS .*UIDNEXT/.test(response)) return response;
          asked += 1;
          return response.replace(/UIDNEXT (\d+)/, (_, next: string) => `UIDNEXT ${Number(next) + asked}`);
        },
      };
    }),
  },
  {
    id: 'dmap-sync/uidnext-falls-back',
    breaks: 'DMAP-051',
    title: 'UIDNEXT follows the messages that are there',
    hooks: bendStore((store) => ({
      status: (mailbox) => ({ ...store.status(mailbox), uidNext: (store.uids(mailbox).at(-1) ?? 0) + 1 }),
    })),
  },
  {
    id: 'dmap-sync/uidnext-too-high',
    breaks: 'DMAP-052',
    title: 'UIDNEXT is told higher than the UID that comes next',
    hooks: replaceResponse(/\[UIDNEXT /, (response) =>
      response.replace(/UIDNEXT (\d+)/, (_, next: string) => `UIDNEXT ${Number(next) + 5}`),
    ),
  },
  {
    id: 'dmap-sync/validity-untold',
    breaks: 'DMAP-054',
    title: 'UIDVALIDITY is not told at a selection',
    hooks: replaceResponse(/^\* OK \[UIDVALIDITY/, ''),
  },
  {
    id: 'dmap-sync/uids-not-kept',
    breaks: 'DMAP-055',
    title: 'a later session counts the UIDs anew',
    hooks: uidIsNumber,
  },
  { id: 'dmap-sync/uids-descend', breaks: 'DMAP-056', title: 'new messages get lower UIDs', hooks: descending },
  reused('validity-stays-for-another', 'DMAP-058', 'a mailbox that gets the name of another has its UIDVALIDITY'),
  reused('constant-validity', 'DMAP-060', 'UIDVALIDITY is the same for every mailbox, and UIDs begin at 1 in each'),
  reused('validity-stays-anew', 'DMAP-225', 'a mailbox that is made anew has UIDs and UIDVALIDITY of the earlier one'),
  reused('deleted-uids-forgotten', 'DMAP-232', 'DELETE forgets the highest UID, and UIDVALIDITY stays'),
  reused('renamed-uids-forgotten', 'DMAP-237', 'RENAME forgets the highest UID of the name, and UIDVALIDITY stays'),
  {
    id: 'dmap-sync/two-numbers-in-uidnext',
    breaks: 'DMAP-405',
    title: 'the code UIDNEXT has two numbers',
    hooks: code('UIDNEXT', '[$1 $2 $2]'),
  },
  {
    id: 'dmap-sync/hexadecimal-validity',
    breaks: 'DMAP-405',
    title: 'the code UIDVALIDITY has a hexadecimal number',
    hooks: code('UIDVALIDITY', '[$1 0x$2]'),
  },
];

const itemFaults: readonly Fault[] = [
  {
    id: 'dmap-sync/date-of-the-last-change',
    breaks: 'DMAP-061',
    title: 'the internal date of a message becomes another one when its flags change',
    hooks: bendSummary(({ flags, internalDate }) =>
      flags.length === 0 ? {} : { internalDate: { ...internalDate, year: 1984 } },
    ),
  },
  {
    id: 'dmap-sync/size-with-the-meta',
    breaks: 'DMAP-316',
    title: 'SIZE counts META too',
    hooks: bendSummary(({ hasMeta, size }) => ({ size: hasMeta ? size + 5 : size })),
  },
  {
    id: 'dmap-sync/flags-are-fixed',
    breaks: 'DMAP-317',
    title: 'flags cannot be changed',
    hooks: answerCommand(/ STORE 1 FLAGS /, (line) => `${dmapTag(line)} NO Flags stay.\r\n`),
  },
  {
    id: 'dmap-sync/modseq-of-none',
    breaks: 'DMAP-088',
    title: 'MODSEQ is 0',
    hooks: replaceResponse(/MODSEQ \(\d+\)/, (response) => response.replace(/MODSEQ \(\d+\)/, 'MODSEQ (0)')),
  },
  {
    id: 'dmap-sync/modseq-stays',
    breaks: 'DMAP-089',
    title: 'MODSEQ is the same whatever changes',
    hooks: bendSummary(() => ({ modseq: 5n })),
  },
  {
    id: 'dmap-sync/modseq-knows-no-change',
    breaks: 'DMAP-334',
    title: 'MODSEQ is the UID of the message',
    hooks: bendSummary(({ uid }) => ({ modseq: BigInt(uid) })),
  },
];

export const faults: readonly Fault[] = [...uidFaults, ...itemFaults];
