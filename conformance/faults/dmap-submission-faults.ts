/** Seeded faults of a DMAP server: SUBMIT. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ReferenceHooks } from '../target/embedded.js';
import { answerCommand, bendDmap, bendStore, dmapTag, type MailStore, replaceResponse } from './dmap-bending.js';
import { afterCode, pending, submit, submitted } from './dmap-submission-bending.js';
import { faults as optionFaults } from './dmap-submission-option-faults.js';
import type { Fault } from './fault.js';

/** Long enough for others to come between. */
const slowMs = 60;

type Deliver = Parameters<NonNullable<NonNullable<ReferenceHooks['dmap']>['deliver']>>[0];

const delivering = (deliver: (right: Deliver) => Deliver): ReferenceHooks => ({ dmap: { deliver } });

/** Submissions take their time, and the store keeps their flags in another way. */
function slowly(change: (store: MailStore) => Partial<MailStore>): ReferenceHooks {
  return {
    dmap: {
      ...bendStore(change).dmap,
      deliver: (right) => async (message) => {
        await wait(slowMs);
        return await right(message);
      },
    },
  };
}

/** Flags at the end of a submission, beside what is right. */
function ending(more: (store: MailStore, mailbox: number, uid: number, success: boolean) => void): ReferenceHooks {
  return bendStore((store) => ({
    endSubmission: (mailbox, uid, success) => {
      const there = store.endSubmission(mailbox, uid, success);
      if (there) more(store, mailbox, uid, success);
      return there;
    },
  }));
}

/** What a check found wrong counts as right. */
const taking = (text: RegExp): ReferenceHooks =>
  bendDmap(() => ({
    submitted: (outcome) => (!outcome.accepted && text.test(outcome.text) ? { accepted: true } : outcome),
  }));

const flagProtocol: readonly Fault[] = [
  {
    id: 'dmap-submission/two-may-take-it',
    breaks: 'DMAP-073',
    title: 'looks at the flags first and sets them when the message is delivered',
    hooks: slowly((store) => ({
      startSubmission: () => 'taken',
      endSubmission: (mailbox, uid, success) => {
        store.endSubmission(mailbox, uid, success);
        store.storeFlags(mailbox, [uid], { how: 'add', flags: [submitted] });
        return true;
      },
    })),
  },
  {
    id: 'dmap-submission/clears-and-sets',
    breaks: 'DMAP-074',
    title: 'takes \\SubmitPending off before it adds \\Submitted',
    hooks: slowly((store) => ({
      startSubmission: (mailbox, uid) => {
        store.storeFlags(mailbox, [uid], { how: 'remove', flags: [pending] });
        return 'taken';
      },
      endSubmission: (mailbox, uid) => {
        store.storeFlags(mailbox, [uid], { how: 'add', flags: [submitted] });
        return true;
      },
    })),
  },
  {
    id: 'dmap-submission/delivers-twice',
    breaks: 'DMAP-356',
    title: 'delivers each message twice',
    hooks: delivering((right) => async (message) => {
      await right(message);
      return await right(message);
    }),
  },
  {
    id: 'dmap-submission/loser-clears',
    breaks: 'DMAP-356',
    title: 'clears the flags when somebody else has taken the message',
    hooks: afterCode('SUBMISSIONRACE', () => `zz STORE 1 -FLAGS.SILENT (${pending} ${submitted})\r\n`),
  },
  {
    id: 'dmap-submission/race-without-code',
    breaks: 'DMAP-358',
    title: 'leaves SUBMISSIONRACE out of its NO',
    hooks: replaceResponse(/\[SUBMISSIONRACE\]/, (response) => response.replace('[SUBMISSIONRACE] ', '')),
  },
  {
    id: 'dmap-submission/needs-no-pending',
    breaks: 'DMAP-358',
    title: 'submits messages that are not pending',
    hooks: answerCommand(submit, (line, ask) => {
      ask(`zz STORE 1 +FLAGS.SILENT (${pending})\r\n`);
      ask(`zz STORE 1 -FLAGS.SILENT (${submitted})\r\n`);
      return ask(line);
    }),
  },
  {
    id: 'dmap-submission/race-changes-flags',
    breaks: 'DMAP-358',
    title: 'changes flags with SUBMISSIONRACE',
    hooks: afterCode('SUBMISSIONRACE', () => `zz STORE 1 +FLAGS.SILENT (\\Answered)\r\n`),
  },
  {
    id: 'dmap-submission/writes-flags-back',
    breaks: 'DMAP-359',
    title: 'writes the flags back that the message had before',
    freshHooks: () => {
      let before: readonly string[] = [];
      return slowly((store) => ({
        startSubmission: (mailbox, uid) => {
          before = store.summary(mailbox, uid)?.flags.filter((flag) => flag !== pending) ?? [];
          return store.startSubmission(mailbox, uid);
        },
        endSubmission: (mailbox, uid, success) => {
          const there = store.endSubmission(mailbox, uid, success);
          if (there) store.storeFlags(mailbox, [uid], { how: 'set', flags: [...before, submitted] });
          return there;
        },
      }));
    },
  },
  {
    id: 'dmap-submission/never-submitted',
    breaks: 'DMAP-362',
    title: 'takes \\Submitted off when the message has gone out',
    hooks: ending((store, mailbox, uid) => store.storeFlags(mailbox, [uid], { how: 'remove', flags: [submitted] })),
  },
  {
    id: 'dmap-submission/stays-pending',
    breaks: 'DMAP-363',
    title: 'leaves \\SubmitPending on a message that has gone out',
    hooks: bendStore((store) => ({
      endSubmission: (mailbox, uid, success) => success || store.endSubmission(mailbox, uid, success),
    })),
  },
  {
    id: 'dmap-submission/tells-nothing',
    breaks: 'DMAP-364',
    title: 'sends no FETCH with a submission',
    hooks: replaceResponse(/^\* \d+ FETCH /, '', submit),
  },
  {
    id: 'dmap-submission/tells-no-uid',
    breaks: 'DMAP-364',
    title: 'leaves the UID out of the FETCH of a submission',
    hooks: replaceResponse(/^\* \d+ FETCH /, (response) => response.replace(/UID \d+ /, ''), submit),
  },
  {
    id: 'dmap-submission/refused-stays-pending',
    breaks: 'DMAP-365',
    title: 'leaves \\SubmitPending on a message that it refused',
    hooks: ending((store, mailbox, uid, success) => {
      if (!success) store.storeFlags(mailbox, [uid], { how: 'add', flags: [pending] });
    }),
  },
  {
    id: 'dmap-submission/refused-counts-as-submitted',
    breaks: 'DMAP-365',
    title: 'leaves \\Submitted on a message that it refused',
    hooks: ending((store, mailbox, uid, success) => {
      if (!success) store.storeFlags(mailbox, [uid], { how: 'add', flags: [submitted] });
    }),
  },
];

const sending: readonly Fault[] = [
  {
    id: 'dmap-submission/reads-or-sends',
    breaks: 'DMAP-007',
    title: 'refuses SUBMIT on a connection on which mail was read',
    hooks: bendDmap(() => {
      let hasRead = false;
      return {
        line: (line, ask) => {
          if (/ FETCH .*BODY/.test(line)) hasRead = true;
          return hasRead && submit.test(line) ? `${dmapTag(line)} NO Submit elsewhere.\r\n` : ask(line);
        },
      };
    }),
  },
  {
    id: 'dmap-submission/appended-is-sent',
    breaks: 'DMAP-275',
    title: 'delivers what is appended with \\SubmitPending or \\Submitted',
    hooks: bendStore((store) => ({
      append: (mailbox, message) => {
        const inboxes = store.accounts().map(({ name }) => store.mailbox(name, 'INBOX')?.id ?? mailbox);
        const sends = message.flags?.some((flag) => flag === pending || flag === submitted) === true;
        const sinks = [mailbox, ...(sends ? inboxes : [])].map((target, at) =>
          store.append(target, at === 0 ? message : { internalDate: message.internalDate }),
        );
        return {
          write: (octets) => {
            for (const sink of sinks) sink.write(octets);
          },
          commit: () => {
            const [first, ...others] = sinks.map((sink) => sink.commit());
            return first ?? others[0] ?? { uid: 1, uidValidity: 1 };
          },
          abort: () => {
            for (const sink of sinks) sink.abort();
          },
        };
      },
    })),
  },
  {
    id: 'dmap-submission/sends-nothing',
    breaks: 'DMAP-353',
    title: 'answers OK and sends nothing',
    hooks: delivering(() => async () => ({ delivered: true })),
  },
  {
    id: 'dmap-submission/takes-any-signature',
    breaks: 'DMAP-354',
    title: 'answers OK to a message whose signature is wrong',
    hooks: taking(/not right/),
  },
  {
    id: 'dmap-submission/takes-any-author',
    breaks: 'DMAP-355',
    title: 'answers OK to a message of another author',
    hooks: taking(/another author/),
  },
  {
    id: 'dmap-submission/takes-nobody',
    breaks: 'DMAP-355',
    title: 'finds another author in every message',
    hooks: bendDmap(() => ({ submitted: () => ({ accepted: false, text: 'The origin chunk names another author.' }) })),
  },
];

export const faults: readonly Fault[] = [...flagProtocol, ...sending, ...optionFaults];
