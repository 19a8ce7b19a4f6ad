/** How faults about mailboxes bend a DMAP server, over what all faults of DMAP have. */
import type { ReferenceHooks } from '../target/embedded.js';
import { bendDmap, bendStore, type DmapAsk, dmapTag, type MailStore, replaceResponse } from './dmap-bending.js';

/** The completions of some commands get another beginning: `NO`, say, or `OK [READ-ONLY]`. */
export function complete(to: RegExp, which: RegExp, by: string): ReferenceHooks {
  return replaceResponse(
    /^(?![*+] )/,
    (response) => {
      const rest = response.slice(dmapTag(response).length + 1);
      return which.test(rest) ? `${dmapTag(response)} ${rest.replace(which, by)}` : response;
    },
    to,
  );
}

/** Commands without literals do more: `more` is what the session reads behind them, and nobody hears the answers. */
export function doMore(which: RegExp, more: (line: string, answer: string) => string): ReferenceHooks {
  return bendDmap(() => ({
    line: (line, ask) => {
      const answer = ask(line);
      if (which.test(line) && !line.endsWith('}\r\n')) ask(more(line, answer));
      return answer;
    },
  }));
}

/** As doMore, but before the command; what it gives for a command goes to the session, nothing for ''. */
export function doBefore(which: RegExp, before: (selected: string, ask: DmapAsk) => void): ReferenceHooks {
  return bendDmap(() => {
    let selected = '';
    return {
      line: (line, ask) => {
        if (which.test(line) && selected !== '') before(selected, ask);
        if (selecting.test(line)) selected = line.slice(dmapTag(line).length + 1);
        return ask(line);
      },
    };
  });
}

export const selecting = /^\S+ (?:SELECT|EXAMINE) /i;

/** Ends the selection, and expunges nothing. */
export const unselect = 'zz EXAMINE "no/such/mailbox"\r\n';

/** Literals of some commands are read as others of the same length, and their bare arguments too. */
export function rewriteNames(which: RegExp, change: (name: string) => string): ReferenceHooks {
  return bendDmap(() => {
    let meant = false;
    return {
      line: (line, ask) => {
        // The rest of a command, behind its literal, has no tag.
        if (/^\S/.test(line)) meant = which.test(line);
        return ask(meant ? change(line) : line);
      },
      literal: (octets) => (meant ? change(octets) : octets),
    };
  });
}

/** Commands whose name has something in it are answered by `answer`, which gets the response of the right server. */
export function byName(which: RegExp, name: RegExp, answer: (response: string) => string): ReferenceHooks {
  return bendDmap(() => {
    let meant = false;
    return {
      line: (line, ask) => {
        if (/^\S/.test(line)) meant = name.test(line);
        return ask(line);
      },
      literal: (octets) => {
        if (name.test(octets)) meant = true;
        return octets;
      },
      response: (response, command) => (meant && which.test(command) ? answer(response) : response),
    };
  });
}

export const asBad = (response: string): string => response.replace(/^((?![*+])\S+) (?:OK|NO)/, '$1 BAD');

/** Names that a call made beside the one it was asked for are not shown. */
export function hideSuperiors(call: 'createMailbox' | 'renameMailbox'): ReferenceHooks {
  return bendStore((store) => {
    const hidden = new Set<number>();
    const idsOf = (account: string): number[] => store.mailboxes(account).map(({ id }) => id);
    const hide = <Result>(account: string, asked: string, act: () => Result): Result => {
      const before = new Set(idsOf(account));
      const result = act();
      const target = store.mailbox(account, asked)?.id;
      for (const id of idsOf(account)) if (!before.has(id) && id !== target) hidden.add(id);
      return result;
    };
    const calls: Partial<MailStore> =
      call === 'createMailbox'
        ? {
            createMailbox: (account, name) =>
              hide(account, name.replace(/\/$/, ''), () => store.createMailbox(account, name)),
          }
        : {
            renameMailbox: (account, from, to) => hide(account, to, () => store.renameMailbox(account, from, to)),
          };
    return { ...calls, mailboxes: (account) => store.mailboxes(account).filter(({ id }) => !hidden.has(id)) };
  });
}
